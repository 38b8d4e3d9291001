"""Mail that was set aside, on the desk: seen safely, read again, left out, all of it recorded."""

import pytest
from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases.models import Case
from headwater.channels.acts import file_mail, read_mail, receive_mail
from headwater.channels.identity import Directory
from headwater.channels.models import RawMail
from headwater.kit.jobs.models import Job

NOBODY = Directory(by_email=lambda email: [], by_id=lambda account_id: None)
KEY = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"


def set_aside(subject: str = "<b>Help</b>", body: str = "It fails.") -> RawMail:
    raw = f"Subject: {subject}\r\n\r\n{body}\r\n".encode()
    mail = receive_mail(raw, envelope_from="", envelope_to=[], entrance="smtp")
    return file_mail(read_mail(mail.id, directory=NOBODY))


def test_the_list_says_why_and_shows_nothing_raw(desk: Client) -> None:
    assert "Every mail could be read" in desk.get("/set-aside/").content.decode()
    mail = set_aside()
    page = desk.get("/set-aside/").content.decode()
    assert "names no sender" in page and f"/set-aside/{mail.id}/" in page
    assert "&lt;b&gt;Help&lt;/b&gt;" in page and "<b>Help" not in page


def test_the_source_is_text_with_secrets_masked(desk: Client, agent: Agent) -> None:
    mail = set_aside(body=f"<script>alert(1)</script>\x1b[2J {KEY}")
    page = desk.get(f"/set-aside/{mail.id}/").content.decode()
    assert "&lt;script&gt;" in page and "<script>alert" not in page
    assert KEY not in page and "\x1b" not in page
    assert desk.get(f"/set-aside/{mail.id}/source/").status_code == 405
    refused = desk.post(f"/set-aside/{mail.id}/source/", follow=True).content.decode()
    assert "You may not see what was masked" in refused and KEY not in refused
    assert not mail.events.exists()
    agent.role = "lead"
    agent.save()
    response = desk.post(f"/set-aside/{mail.id}/source/")
    assert response.content == bytes(mail.raw)
    assert response["Content-Type"].startswith("text/plain")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    event = mail.events.get()
    assert (event.kind, event.actor_id, event.entrance) == ("source_taken", agent.pk, "desk")
    assert "Source taken" in desk.get(f"/set-aside/{mail.id}/").content.decode()


def test_several_are_read_again(desk: Client) -> None:
    mails = [set_aside(f"Number {n}") for n in range(3)]
    chosen = [mail.id for mail in mails[:2]]
    page = desk.post("/set-aside/decide/", {"mail": chosen, "action": "replay"}, follow=True)
    assert "2 mails are read again" in page.content.decode()
    waiting = RawMail.objects.filter(status="stored")
    assert {mail.id for mail in waiting} == set(chosen)
    jobs = Job.objects.filter(name="channels.ingest_mail", payload__mail_id__in=chosen)
    assert jobs.count() == 4
    # What is in a case, or on its way into one, is not seen here.
    assert desk.get(f"/set-aside/{chosen[0]}/").status_code == 404
    again = desk.post("/set-aside/decide/", {"mail": chosen, "action": "replay"}, follow=True)
    assert "was not set aside" in again.content.decode()


def test_discarding_is_recorded_and_can_be_undone(desk: Client, agent: Agent) -> None:
    mail = set_aside()
    form = {"mail": mail.id, "action": "discard", "why": "An advertisement"}
    assert "1 mail was discarded" in desk.post("/set-aside/decide/", form, follow=True).content.decode()  # noqa: E501  # fmt: skip
    mail.refresh_from_db()
    assert mail.status == "discarded" and bytes(mail.raw)
    assert mail.id not in desk.get("/set-aside/").content.decode()
    assert mail.id in desk.get("/set-aside/?state=discarded").content.decode()
    page = desk.get(f"/set-aside/{mail.id}/").content.decode()
    assert f"{agent.name}: An advertisement" in page
    assert "was discarded already" in desk.post("/set-aside/decide/", form, follow=True).content.decode()  # noqa: E501  # fmt: skip
    desk.post("/set-aside/decide/", {"mail": mail.id, "action": "replay"})
    mail.refresh_from_db()
    assert mail.status == "stored"
    assert [event.kind for event in mail.events.all()] == ["discarded", "replayed"]


def test_one_unknown_mail_leaves_all_as_they_are(desk: Client) -> None:
    mail = set_aside()
    form = {"mail": [mail.id, "mail_none"], "action": "discard"}
    assert "There is no mail mail_none" in desk.post("/set-aside/decide/", form, follow=True).content.decode()  # noqa: E501  # fmt: skip
    mail.refresh_from_db()
    assert mail.status == "quarantined" and not mail.events.exists()
    nothing = desk.post("/set-aside/decide/", {"action": "replay"}, follow=True)
    assert "Nothing was chosen" in nothing.content.decode()


def test_many_come_in_pages_and_few_queries(desk: Client, at_most) -> None:  # type: ignore[no-untyped-def]
    for n in range(51):
        set_aside(f"Number {n}")
    with at_most(12):
        first = desk.get("/set-aside/").content.decode()
    assert first.count('type="checkbox"') == 50 and "Older" in first
    assert desk.get("/set-aside/?page=2").content.decode().count('type="checkbox"') == 1
    for number in ("0", "x", "99"):
        assert desk.get(f"/set-aside/?page={number}").status_code == 200


@pytest.mark.parametrize("address", ["/set-aside/", "/set-aside/mail_x/"])
def test_strangers_are_asked_to_sign_in(address: str, db: None) -> None:
    assert Client().get(address).status_code == 302


def test_a_mail_in_a_case_is_not_seen_here(desk: Client, scene: dict[str, Case]) -> None:
    raw = b"From: a@b.example\r\nSubject: x\r\n\r\nhelp"
    mail = receive_mail(raw, envelope_from="", envelope_to=[], entrance="smtp")
    assert file_mail(read_mail(mail.id, directory=NOBODY)).status == "ingested"
    assert desk.get(f"/set-aside/{mail.id}/").status_code == 404
    assert desk.post(f"/set-aside/{mail.id}/source/").status_code == 404
