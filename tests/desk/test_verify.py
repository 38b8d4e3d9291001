"""Confirming an account by mail: a button, never a mere visit."""

from django.test import Client

from headwater.accounts.acts import verification_token
from headwater.accounts.models import AccountLink
from headwater.cases.models import Case
from tests.markup import inline, unlabelled


def confirm_address(case: Case) -> str:
    assert case.account is not None
    link, _ = AccountLink.objects.get_or_create(person=case.person, platform_account=case.account)
    return f"/verify/{verification_token(link)}/"


def test_opening_the_link_changes_nothing(scene: dict[str, Case]) -> None:
    case = scene["unverified"]
    address = confirm_address(case)
    for method in ("get", "head"):
        response = getattr(Client(), method)(address)
        assert response.status_code == 200
    case.refresh_from_db()
    assert case.identity == "unverified"
    html = Client().get(address).content.decode()
    assert "Yes, confirm" in html
    assert unlabelled(html) == []
    assert inline(html) == []


def test_the_button_verifies_and_raises_the_open_case(scene: dict[str, Case]) -> None:
    case = scene["unverified"]
    address = confirm_address(case)
    stranger = Client(enforce_csrf_checks=True)
    token = stranger.get(address).context["csrf_token"]
    response = stranger.post(address, {"csrfmiddlewaretoken": str(token)})
    assert b"Confirmed" in response.content
    case.refresh_from_db()
    assert case.identity == "verified"
    assert Client().post(address).status_code == 200  # a second press is harmless


def test_a_changed_link_says_what_to_do(scene: dict[str, Case]) -> None:
    response = Client().post(confirm_address(scene["unverified"])[:-3] + "xx/")
    assert response.status_code == 410
    assert b"Copy the whole link" in response.content
    scene["unverified"].refresh_from_db()
    assert scene["unverified"].identity == "unverified"


def test_the_desk_offers_to_mail_the_owner(desk: Client, scene: dict[str, Case]) -> None:
    from headwater.kit.jobs.models import Job

    case = scene["unverified"]
    assert "Mail a confirm link" in desk.get(f"/cases/{case.pk}/").content.decode()
    desk.post(f"/cases/{case.pk}/verification/")
    job = Job.objects.get(name="channels.send_system_mail")
    assert case.account is not None
    assert job.payload["to"] == case.account.email
    assert job.payload["to"] != case.person.email
