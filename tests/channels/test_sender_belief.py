"""What is found of a sender decides what the mail may do: real mail, real keys, our own DNS."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client

from headwater.accounts.acts import match_account, record_person, record_platform_account
from headwater.channels import senders
from headwater.channels.acts import Arrival, file_mail, ingest_mail, read_mail, receive_mail
from headwater.channels.bulk import file_mails, read_mails, receive_mails
from headwater.channels.identity import AccountFacts, Directory
from headwater.channels.models import RawMail
from headwater.kit.actors import Actor
from tests.channels.test_authcheck import PEER, RAW, Names, names, signed

pytestmark = pytest.mark.django_db
ADA = "ada@shop.example.com"
FACTS = AccountFacts("acct_1ShopShopShop", "Shop", ADA, "DE")
SHOP = Directory(by_email=lambda email: [FACTS] if email == ADA else [], by_id=lambda _: None)
ELSEWHERE = "8.8.8.8"


@pytest.fixture
def dns(monkeypatch: pytest.MonkeyPatch) -> Names:
    """The domain system of the test; nobody else is asked."""
    lookup = names()
    monkeypatch.setattr(senders, "lookup", lambda: lookup)
    return lookup


def arrive(raw: bytes, *, peer: str = ELSEWHERE, sender: str = ADA) -> RawMail:
    stored = receive_mail(
        raw, envelope_from=sender, envelope_to=["support@headwater.localhost"],
        entrance="smtp", peer=peer,
    )  # fmt: skip
    return ingest_mail(stored.pk, directory=SHOP)


def again(number: int, *, refers: str = "", text: bytes = b"More words.\r\n") -> bytes:
    head = RAW.partition(b"\r\n\r\n")[0].replace(b"<1@", b"<%d@" % number)
    return head + (f"\r\nIn-Reply-To: {refers}" if refers else "").encode() + b"\r\n\r\n" + text


def test_a_proven_sender_is_verified_for_the_account(dns: Names) -> None:
    mail = arrive(signed())
    assert (mail.auth, mail.auth_detail["dmarc"]) == ("pass", "pass")
    assert mail.message is not None
    assert mail.message.case.identity == "verified"
    assert mail.message.case.account_id == FACTS.id


def test_a_forged_sender_gets_neither_the_account_nor_the_case(dns: Names) -> None:
    case = arrive(signed()).message.case  # type: ignore[union-attr]
    forged = arrive(again(2, refers="<1@shop.example.com>"))
    assert forged.auth == "fail"
    assert forged.message is not None
    assert forged.message.case_id != case.pk
    assert forged.related_case_id == case.pk
    assert "forged" in forged.reason
    assert forged.message.case.identity == "unverified"


def test_what_cannot_be_checked_gets_neither_and_is_not_lost(dns: Names) -> None:
    case = arrive(signed()).message.case  # type: ignore[union-attr]
    dns.broken = ["_dmarc.example.com", "_dmarc.shop.example.com"]
    mail = arrive(signed(again(3, refers="<1@shop.example.com>")))
    assert (mail.auth, mail.status) == ("open", "ingested")
    assert mail.message is not None
    assert mail.message.case_id != case.pk
    assert mail.message.case.identity == "unverified"
    assert "could not be checked" in mail.reason


def test_a_forgery_does_not_use_a_link_that_was_confirmed(dns: Names) -> None:
    account = record_platform_account(
        account_id=FACTS.id, name="Shop", email=ADA, country="DE", actor=Actor.system("t")
    )
    person = record_person(email=ADA, name="Ada", actor=Actor.system("t"))
    match_account(person, authenticated=True, actor=Actor.system("t"), claimed=account)
    assert arrive(RAW).message.case.identity == "unverified"  # type: ignore[union-attr]
    honest = arrive(signed(again(4)))
    assert honest.message.case.identity == "verified"  # type: ignore[union-attr]


def test_a_replay_adds_nothing(dns: Names) -> None:
    """The signed bytes, brought again by somebody else: the same message, once."""
    raw = signed()
    first = arrive(raw)
    second = arrive(b"Received: from eve\r\n" + raw, sender="eve@evil.example.org")
    assert second.auth == "pass"
    assert (second.status, second.message_id) == ("duplicate", first.message_id)


def test_a_mail_that_names_two_senders_is_proven_for_none(dns: Names) -> None:
    raw = signed().replace(b"From: Ada", b"From: eve@evil.example.org\r\nFrom: Ada", 1)
    mail = arrive(raw)
    assert mail.auth == "none"
    assert mail.message is not None
    assert mail.message.case.identity != "verified"


def test_mail_that_our_own_hosts_pass_on_is_not_checked(dns: Names, settings: Any) -> None:
    for number, peer in enumerate(["", "127.0.0.1", "10.1.2.3", "::1", "nonsense"]):
        mail = arrive(signed(again(20 + number)), peer=peer)
        assert (mail.auth, mail.auth_detail) == ("none", {})
    settings.HEADWATER_CHECK_SENDERS = "all"
    assert arrive(signed(again(30)), peer="").auth == "pass"
    assert arrive(again(31), peer="10.1.2.3").auth == "open"
    settings.HEADWATER_CHECK_SENDERS = "never"
    assert arrive(signed(again(32))).auth == "none"


def test_the_trusted_host_is_asked_first(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unasked() -> Names:
        raise AssertionError("Nobody had to be asked.")

    settings.HEADWATER_TRUSTED_AUTHSERV_ID = "mx.pay.example"
    monkeypatch.setattr(senders, "lookup", unasked)
    head = b"Authentication-Results: mx.pay.example; dmarc=pass header.from=shop.example.com\r\n"
    mail = arrive(head + RAW)
    assert (mail.auth, mail.auth_detail["how"]) == ("pass", "header")


def test_many_at_once_are_believed_as_one_by_one(dns: Names, settings: Any) -> None:
    settings.HEADWATER_CHECK_SENDERS = "all"
    raws: Sequence[bytes] = [signed(again(40)), again(41), signed(again(42), b"evil.example.org")]
    stored = receive_mails([Arrival(raw) for raw in raws], entrance="imap").stored
    file_mails(read_mails(stored, directory=SHOP))
    rows = RawMail.objects.filter(pk__in=stored)
    assert [rows.get(pk=one).auth for one in stored] == ["pass", "open", "open"]
    assert rows.get(pk=stored[0]).auth_detail["dkim"] == [
        {"domain": "example.com", "result": "pass"}
    ]
    identities = [rows.get(pk=one).message.case.identity for one in stored]  # type: ignore[union-attr]
    assert identities == ["verified", "unverified", "unverified"]


def test_reading_asks_outside_the_transaction(dns: Names) -> None:
    stored = receive_mail(signed(), envelope_from=ADA, envelope_to=[], entrance="smtp", peer=PEER)
    read = read_mail(stored.pk, directory=SHOP)
    dns.broken = list({name for name, _ in dns.records})
    assert file_mail(read).auth == "pass"


def test_the_page_says_how_sure_the_sender_is(dns: Names) -> None:
    from tests.factories import make_agent

    desk = Client()
    desk.force_login(make_agent())

    def page(mail: RawMail) -> str:
        assert mail.message is not None
        return desk.get(f"/cases/{mail.message.case_id}/").content.decode()

    proven = page(arrive(signed()))
    assert "Verified" in proven
    assert "DKIM: pass for example.com." in proven
    assert "SPF: fail for shop.example.com." in proven
    failed = page(arrive(again(50)))
    assert "Failed" in failed
    assert "The domain asks for: reject." in failed
    unknown = page(arrive(again(51), peer="127.0.0.1"))
    assert "Not verified" in unknown
    assert "Nobody has checked it." in unknown


def test_lookups_end_in_time_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import dns.resolver

    class Silent:
        def resolve(self, name: str, kind: str, lifetime: float) -> None:
            assert lifetime <= 3.0
            raise dns.resolver.LifetimeTimeout(timeout=lifetime, errors=[])

    monkeypatch.setattr(senders, "_resolver", Silent)
    mail = arrive(signed(), peer=PEER)
    assert (mail.auth, mail.status) == ("open", "ingested")
    assert mail.auth_detail["dmarc"] == "temperror"
