"""Taking a reply back, how far each has come, and what has not left."""

from typing import Any

import pytest
from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases.acts import send_reply
from headwater.cases.models import Case, Message
from headwater.kit.outbox import acts as outbox
from headwater.kit.outbox.models import OutgoingMail
from headwater.kit.outbox.queries import outgoing_about
from tests.factories import make_case


@pytest.fixture
def held(desk: Client, scene: dict[str, Case], settings: Any) -> Message:
    """A reply that was just sent from the desk."""
    settings.HEADWATER_UNDO_SECONDS = 900
    case = scene["main"]
    desk.post(
        f"/cases/{case.pk}/write/", {"action": "send", "kind": "reply", "reply_body": "Hello"}
    )
    return case.messages.get(kind="reply")


def row_of(message: Message) -> OutgoingMail:
    row = outgoing_about(message.pk)
    assert row is not None
    return row


def page_of(desk: Client, message: Message) -> str:
    return desk.get(f"/cases/{message.case_id}/").content.decode()


def test_undo_brings_the_words_back(desk: Client, held: Message) -> None:
    html = page_of(desk, held)
    assert "Undo" in html
    assert 'data-countdown="' in html
    desk.post(f"/cases/{held.case_id}/messages/{held.pk}/undo/")
    html = page_of(desk, held)
    assert ">Hello</textarea>" in html
    assert "Taken back, not sent" in html
    assert "took the reply back before it left" in html
    case = Case.objects.get(pk=held.case_id)
    assert (case.state, row_of(held).state) == ("ours", "cancelled")


def test_undo_too_late_says_so(desk: Client, held: Message) -> None:
    outbox.begin_attempt(row_of(held).id, turn=1, message_id="<a@b>")
    response = desk.post(f"/cases/{held.case_id}/messages/{held.pk}/undo/")
    assert response.status_code == 409
    assert "too late" in response.content.decode()


def test_solving_waits_for_the_reply_to_leave(
    desk: Client, scene: dict[str, Case], settings: Any
) -> None:
    settings.HEADWATER_UNDO_SECONDS = 900
    case = scene["main"]
    data = {"reply_body": "Done", "cause": "unknown", "area": "webhooks"}
    desk.post(f"/cases/{case.pk}/solve/?send=1", data)
    case.refresh_from_db()
    assert case.state == "ours"
    assert row_of(case.messages.get(kind="reply")).payload["solving"]["wanted"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "sending"}, "Being sent"),
        ({"state": "retrying", "attempts": 3, "last_error": "451 later"}, "tried 3 times"),
    ],
)
def test_how_far_it_has_come(
    desk: Client, held: Message, change: dict[str, Any], said: str
) -> None:
    OutgoingMail.objects.filter(about=held.pk).update(**change)
    html = desk.get(f"/cases/{held.case_id}/messages/{held.pk}/delivery/").content.decode()
    assert said in html
    assert str(change.get("last_error", "")) in html
    assert "hx-trigger" in html


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "Sent"),
        ({"report": "delivered"}, "Delivered"),
        ({"report": "delayed", "last_error": "4.4.1"}, "delayed at the reader"),
        ({"doubtful": 1}, "may have arrived twice"),
    ],
)
def test_what_became_of_a_sent_one(
    desk: Client, held: Message, change: dict[str, Any], said: str
) -> None:
    Message.objects.filter(pk=held.pk).update(delivery="sent")
    OutgoingMail.objects.filter(about=held.pk).update(state="sent", **change)
    html = desk.get(f"/cases/{held.case_id}/messages/{held.pk}/delivery/").content.decode()
    assert said in html
    assert "hx-trigger" not in html


def test_the_page_shows_what_has_not_left_and_why(desk: Client, agent: Agent) -> None:
    message = send_reply(make_case(), "Hello", agent=agent, actor=agent.actor())
    outbox.post(kind="system", recipient="owner@shop.example", subject="Confirm")
    row = row_of(message)
    outbox.begin_attempt(row.id, turn=1, message_id="<a@b>")
    outbox.settle_stuck(row.id, "The mail server was not reached")
    html = desk.get("/outbox/").content.decode()
    assert "1 mail is stuck or late." in html
    assert "The mail server was not reached" in html
    assert f"/cases/{message.case_id}/#{message.pk}" in html
    assert "owner@shop.example" in html

    desk.post(f"/outbox/{row.id}/", {"action": "retry"})
    row.refresh_from_db()
    assert (row.state, row.turn) == ("queued", 2)
    desk.post(f"/outbox/{row.id}/", {"action": "cancel"})
    assert Message.objects.get(pk=message.pk).delivery == "undone"
    html = desk.post(f"/outbox/{row.id}/", {"action": "cancel"}, follow=True).content.decode()
    assert "too late" in html


def test_the_pages_cost_does_not_grow(desk: Client, agent: Agent, at_most: Any) -> None:
    for _ in range(8):
        send_reply(make_case(), "Hello", agent=agent, actor=agent.actor())
    with at_most(8):
        desk.get("/outbox/")


def test_the_reply_box_says_who_will_read_it(desk: Client) -> None:
    case = make_case()
    # A colleague wrote last: they get the answer, whose case it is a copy.
    html = desk.get(f"/cases/{case.pk}/").content.decode()
    assert f"To ada@shop.example, copy to {case.person.email}" in html
