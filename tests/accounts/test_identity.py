"""Identity before evidence: who counts as proven to act for an account."""

from datetime import UTC, datetime, timedelta

import pytest

from headwater.accounts import acts, queries, rules
from headwater.accounts.errors import NoRegisteredAddress, VerificationFailed
from headwater.accounts.models import AccountLink, PlatformAccount
from headwater.kit.jobs.models import Job
from tests.factories import MAIL, SYSTEM, make_account

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sender", "registered", "authenticated", "proven"),
    [
        ("Owner@Shop.example ", "owner@shop.example", True, True),
        ("owner@shop.example", "owner@shop.example", False, False),
        ("thief@shop.example", "owner@shop.example", True, False),
        ("", "", True, False),
    ],
)
def test_what_a_mail_proves(
    sender: str, registered: str, authenticated: bool, proven: bool
) -> None:
    assert (
        rules.mail_proves_ownership(
            sender=sender, registered=registered, authenticated=authenticated
        )
        is proven
    )


@pytest.mark.parametrize(
    ("last_asked", "asked_for_account", "may"),
    [
        (None, 0, True),
        (NOW - timedelta(hours=23), 0, False),
        (NOW - timedelta(hours=24), 0, True),
        (None, 3, False),
    ],
)
def test_how_often_an_owner_is_asked(
    last_asked: datetime | None, asked_for_account: int, may: bool
) -> None:
    assert rules.may_ask(last_asked=last_asked, asked_for_account=asked_for_account, now=NOW) is may


@pytest.mark.django_db
def test_forged_sender_stays_unverified_until_authenticated_mail_comes() -> None:
    account = make_account("owner@shop.example")
    person = acts.record_person(email="Owner@shop.example", name="Ada", actor=MAIL)
    forged = acts.match_account(person, authenticated=False, claimed=account, actor=MAIL)
    assert forged.identity == "unverified"
    assert not queries.link_is_verified(person, account)
    real = acts.match_account(person, authenticated=True, claimed=account, actor=MAIL)
    assert real.identity == "verified"


@pytest.mark.django_db
def test_colleague_with_authenticated_mail_is_still_only_claiming() -> None:
    account = make_account("owner@shop.example")
    colleague = acts.record_person(email="dev@shop.example", name="", actor=MAIL)
    match = acts.match_account(colleague, authenticated=True, claimed=account, actor=MAIL)
    assert (match.account, match.identity) == (account, "unverified")


@pytest.mark.django_db
def test_verified_link_is_remembered_without_a_claim() -> None:
    account = make_account()
    person = acts.record_person(email="dev@shop.example", name="", actor=MAIL)
    link = AccountLink.objects.create(person=person, platform_account=account)
    acts.verify_link(link, how="agent", actor=SYSTEM)
    match = acts.match_account(person, authenticated=False, actor=MAIL)
    assert (match.account, match.identity) == (account, "verified")


@pytest.mark.django_db
def test_stranger_matches_nothing() -> None:
    person = acts.record_person(email="who@nowhere.example", name="", actor=MAIL)
    assert acts.match_account(person, authenticated=True, actor=MAIL) == acts.Match(None, "unknown")


@pytest.mark.django_db
def test_confirm_link_goes_to_the_registered_address_once_a_day() -> None:
    account = make_account("owner@shop.example")
    stranger = acts.record_person(email="stranger@else.example", name="", actor=MAIL)
    asked = [acts.start_verification(stranger, account, actor=SYSTEM) for _ in range(2)]
    assert asked == ["sent", "waiting"]
    mail = Job.objects.get(name="channels.send_system_mail").payload
    assert mail["to"] == "owner@shop.example"
    assert "stranger@else.example" in mail["body"]
    token = mail["body"].split("/verify/")[1].split("/")[0]
    link = acts.read_verification(token)
    assert (link.person, link.platform_account) == (stranger, account)


@pytest.mark.django_db
def test_many_strangers_cannot_flood_an_owner() -> None:
    account = make_account()
    strangers = [
        acts.record_person(email=f"s{number}@else.example", name="", actor=MAIL)
        for number in range(6)
    ]
    asked = [acts.start_verification(each, account, actor=SYSTEM) for each in strangers]
    assert asked == ["sent"] * rules.ASKS_A_DAY + ["withheld"] * 3


@pytest.mark.django_db
def test_account_without_address_says_what_to_do() -> None:
    account = PlatformAccount.objects.create(id="acct_x")
    person = acts.record_person(email="a@b.example", name="", actor=MAIL)
    with pytest.raises(NoRegisteredAddress, match="link them by hand"):
        acts.start_verification(person, account, actor=SYSTEM)


@pytest.mark.django_db
def test_changed_old_or_orphaned_tokens_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    person = acts.record_person(email="a@b.example", name="", actor=MAIL)
    link = AccountLink.objects.create(person=person, platform_account=make_account())
    token = acts.verification_token(link)
    with pytest.raises(VerificationFailed, match="changed"):
        acts.read_verification(token[:-1] + ("A" if token[-1] != "A" else "B"))
    monkeypatch.setattr(acts, "VERIFY_WITHIN_SECONDS", -1)
    with pytest.raises(VerificationFailed, match="too old"):
        acts.read_verification(token)
    monkeypatch.undo()
    link.delete()
    with pytest.raises(VerificationFailed, match="no longer exists"):
        acts.read_verification(token)
