"""Reports of other servers: matched to what we sent, and the address marked."""

from collections.abc import Callable

import pytest

from headwater.cases.acts import send_reply
from headwater.cases.delivery import resend_reply
from headwater.cases.models import Case, Message
from headwater.channels.marks import clear_mark, mark_bouncing, mark_of
from headwater.channels.models import RawMail
from headwater.kit.jobs.acts import enqueue
from headwater.kit.outbox.models import OutgoingMail
from headwater.kit.outbox.queries import outgoing_about
from tests.channels.conftest import OWNER, Sink, work, write
from tests.channels.test_machine_mail import bounce
from tests.factories import SYSTEM, make_agent

Arrive = Callable[[bytes], RawMail]


@pytest.fixture
def answered(arrive: Arrive, sink: Sink) -> Message:
    mail = arrive(write())
    assert mail.message is not None
    agent = make_agent()
    sent = send_reply(mail.message.case, "Hello", agent=agent, actor=agent.actor())
    work()
    sent.refresh_from_db()
    return sent


def row_of(message: Message) -> OutgoingMail:
    row = outgoing_about(message.id)
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("status", "action", "report", "delivery", "permanent"),
    [
        ("5.1.1", "failed", "bounced", "failed", True),
        ("4.4.7", "failed", "bounced", "failed", False),
        ("4.4.1", "delayed", "delayed", "sent", False),
    ],
)
def test_a_bounce_is_known_by_mail_case_and_address(
    arrive: Arrive,
    answered: Message,
    status: str,
    action: str,
    report: str,
    delivery: str,
    permanent: bool,
) -> None:
    arrive(bounce(str(answered.rfc_message_id), status, action))
    answered.refresh_from_db()
    assert (row_of(answered).report, answered.delivery) == (report, delivery)
    mark = mark_of(OWNER)
    assert mark is not None
    assert (mark.permanent, mark.status) == (permanent, status)
    # Mail from the address shows that it is alive.
    arrive(write("I am here", In_Reply_To=answered.rfc_message_id))
    assert mark_of(OWNER) is None


def test_it_can_be_sent_again_under_the_same_id(
    arrive: Arrive, answered: Message, sink: Sink
) -> None:
    arrive(bounce(str(answered.rfc_message_id)))
    resend_reply(answered, actor=SYSTEM)
    work()
    assert [mail["Message-ID"] for _, mail in sink.mails] == [answered.rfc_message_id] * 2
    assert (row_of(answered).state, row_of(answered).report) == ("sent", "")


def test_a_delivered_report_shows_and_clears(arrive: Arrive, answered: Message) -> None:
    mark_bouncing(OWNER, permanent=False, status="4.4.1", reason="slow")
    arrive(bounce(str(answered.rfc_message_id), "2.0.0", "delivered"))
    assert (row_of(answered).report, mark_of(OWNER)) == ("delivered", None)


def test_a_report_never_marks_an_address_that_we_did_not_write_to(
    arrive: Arrive, answered: Message
) -> None:
    raw = bounce(str(answered.rfc_message_id)).replace(OWNER.encode(), b"victim@x.example")
    arrive(raw)
    assert mark_of("victim@x.example") is None
    # Ours was passed on to one that fails.
    assert mark_of(OWNER) is not None


def test_the_servers_own_refusal_marks_too(arrive: Arrive, sink: Sink) -> None:
    mail = arrive(write())
    assert mail.message is not None
    sink.rcpt_answer = "550 5.1.1 no such user"
    agent = make_agent()
    send_reply(mail.message.case, "Hello", agent=agent, actor=agent.actor())
    work()
    mark = mark_of(OWNER)
    assert mark is not None and (mark.permanent, mark.status) == (True, "5.1.1")
    assert clear_mark(OWNER, actor=SYSTEM)
    assert not clear_mark(OWNER, actor=SYSTEM)


def test_a_bounce_of_an_automatic_mail_is_noted_there(arrive: Arrive, sink: Sink) -> None:
    enqueue("channels.send_system_mail", {"to": OWNER, "subject": "Confirm", "body": "x"})
    work()
    sent = sink.mails[0][1]["Message-ID"]
    mail = arrive(bounce(sent))
    row = OutgoingMail.objects.get()
    assert (row.report, mail.status) == ("bounced", "quarantined")
    assert row.id in mail.reason
    assert mark_of(OWNER) is not None
    # What comes back for good gets no more automatic mail.
    enqueue("channels.send_system_mail", {"to": OWNER, "subject": "Again", "body": "x"})
    work()
    assert OutgoingMail.objects.get(subject="Again").state == "suppressed"
    assert len(sink.mails) == 1


def test_our_own_automatic_mail_come_back_opens_no_case(arrive: Arrive, sink: Sink) -> None:
    enqueue("channels.send_system_mail", {"to": OWNER, "subject": "Confirm", "body": "x"})
    work()
    mail = arrive(sink.mails[0][1].as_bytes())
    assert (mail.status, Case.objects.count()) == ("quarantined", 0)
    assert "our own mail" in mail.reason


@pytest.mark.django_db
def test_a_passing_trouble_does_not_lower_a_mark() -> None:
    mark_bouncing(OWNER, permanent=True, status="5.1.1", reason="gone")
    mark_bouncing(OWNER.upper(), permanent=False, status="4.4.1", reason="slow")
    mark = mark_of(OWNER)
    assert mark is not None and (mark.permanent, mark.count) == (True, 2)
    clear_mark(OWNER, actor=SYSTEM)
    mark_bouncing(OWNER, permanent=False, status="4.4.1", reason="slow")
    mark = mark_of(OWNER)
    assert mark is not None and (mark.permanent, mark.count) == (False, 1)
