"""Machines are not users: no turn changes, no loops, and a bounce says so on its message."""

from collections.abc import Callable

import pytest

from headwater.cases.acts import send_reply
from headwater.cases.models import Case, Message
from headwater.channels.models import RawMail
from headwater.channels.parse import parse_mail
from headwater.kit.actors import Actor
from tests.channels.conftest import OWNER, SUPPORT, Sink, work, write
from tests.factories import make_agent

Arrive = Callable[[bytes], RawMail]


@pytest.fixture
def answered(arrive: Arrive, sink: Sink) -> Message:
    mail = arrive(write())
    assert mail.message is not None
    agent = make_agent()
    sent = send_reply(
        mail.message.case, "Hello", agent=agent, actor=Actor("agent", agent.id, agent.name, "desk")
    )
    work()
    sent.refresh_from_db()
    return sent


def state_of(message: Message) -> str:
    return Case.objects.get(pk=message.case_id).state


def test_out_of_office_is_kept_and_changes_nothing(arrive: Arrive, answered: Message) -> None:
    mail = arrive(
        write(
            "I am away.",
            Subject="Automatic reply: Re: Webhooks fail",
            In_Reply_To=answered.rfc_message_id,
            Auto_Submitted="auto-replied",
        )
    )
    assert mail.message is not None
    assert (mail.message.case, mail.message.kind) == (answered.case, "auto")
    assert state_of(answered) == "waiting_user"


def test_automatic_reply_to_nothing_opens_no_case(arrive: Arrive) -> None:
    mail = arrive(write("Away", Auto_Submitted="auto-replied"))
    assert (mail.status, Case.objects.count()) == ("quarantined", 0)


def test_own_mail_come_back_opens_no_case(arrive: Arrive, answered: Message, sink: Sink) -> None:
    mail = arrive(sink.mails[0][1].as_bytes())
    assert mail.status == "quarantined"
    assert Case.objects.count() == 1


def bounce(original: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.shop.example\r\nTo: {SUPPORT}\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <dsn@mx.shop.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.shop.example\r\n\r\n"
        f"Final-Recipient: rfc822; {OWNER}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: {original}\r\nSubject: Re: Webhooks fail\r\n\r\nHello\r\n--b--\r\n"
    ).encode()


def test_bounce_marks_the_reply_failed(arrive: Arrive, answered: Message) -> None:
    mail = arrive(bounce(str(answered.rfc_message_id)))
    answered.refresh_from_db()
    assert answered.delivery == "failed"
    assert OWNER in answered.delivery_error and "5.1.1" in answered.delivery_error
    assert mail.message is not None and mail.message.kind == "auto"
    assert state_of(answered) == "ours"
    assert answered.case.events.filter(kind="delivery.failed").count() == 1


def test_delay_is_no_failure(arrive: Arrive, answered: Message) -> None:
    arrive(bounce(str(answered.rfc_message_id), "4.4.1", "delayed"))
    answered.refresh_from_db()
    assert (answered.delivery, state_of(answered)) == ("sent", "waiting_user")


@pytest.mark.parametrize("original", ["<other@shop.example>", "<hw1.x.00@headwater.test>"])
def test_bounce_of_what_we_never_sent(arrive: Arrive, answered: Message, original: str) -> None:
    mail = arrive(bounce(original))
    assert (mail.status, Case.objects.count()) == ("quarantined", 1)
    answered.refresh_from_db()
    assert answered.delivery == "sent"


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "normal"),
        ({"Auto_Submitted": "no"}, "normal"),
        ({"Auto_Submitted": "auto-generated; x=y"}, "auto_reply"),
        ({"Precedence": "auto_reply"}, "auto_reply"),
        ({"X_Autoreply": "yes"}, "auto_reply"),
        ({"X_Headwater_Loop": "headwater.test"}, "auto_reply"),
        ({"Subject": "Abwesenheitsnotiz: Urlaub"}, "auto_reply"),
        ({"Subject": "Re: Automatic reply: x"}, "normal"),
        ({"Subject": "Undeliverable: why do webhooks fail"}, "normal"),
        ({"Subject": "Undeliverable: x", "Return_Path": "<>"}, "bounce"),
        ({"X_Failed_Recipients": "a@b.example"}, "bounce"),
        ({"List_Id": "<users.shop.example>"}, "list"),
        ({"Precedence": "list"}, "list"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"List_Unsubscribe": "<https://x.example/u>"}, "bulk"),
    ],
)
def test_kinds(headers: dict[str, str], kind: str) -> None:
    assert parse_mail(write(**headers)).kind == kind


def test_who_may_be_answered_by_a_machine() -> None:
    assert parse_mail(write()).may_be_answered
    for headers in (
        {"Precedence": "bulk"},
        {"List_Id": "<x>"},
        {"X_Auto_Response_Suppress": "OOF, DR"},
        {"sender": "no-reply@shop.example"},
    ):
        assert not parse_mail(write(**headers)).may_be_answered
