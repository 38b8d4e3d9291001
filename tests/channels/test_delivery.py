"""A reply is sent once, or somebody is told."""

from datetime import timedelta
from typing import Any

import pytest

from headwater.cases.acts import send_reply
from headwater.cases.models import Case, Message
from headwater.channels import journal, tasks
from headwater.channels.compose import reference_chain, reply_subject
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue
from headwater.kit.jobs.models import Job
from headwater.kit.outbox.models import OutgoingMail
from headwater.kit.outbox.queries import outgoing_about
from tests.channels.conftest import OWNER, Sink, work
from tests.factories import make_agent, make_case


@pytest.fixture
def queued(db: None) -> Message:
    agent = make_agent()
    actor = Actor("agent", agent.id, agent.name, "desk")
    return send_reply(make_case(), "Hello", agent=agent, actor=actor)


def delivery_of(message: Message) -> str:
    return Message.objects.get(pk=message.pk).delivery


def test_sent_once_however_often_it_is_asked(queued: Message, sink: Sink) -> None:
    work()
    enqueue("channels.deliver_message", {"message_id": queued.id})
    enqueue("channels.deliver_message", {"message_id": queued.id})
    work()
    assert len(sink.mails) == 1
    assert queued.case.events.filter(kind="delivery.sent").count() == 1


def test_a_crash_after_the_servers_yes_sends_nothing_again(queued: Message, sink: Sink) -> None:
    # The handler ran, but its worker died before the effects were stored.
    tasks.deliver_message({"message_id": queued.id})
    assert delivery_of(queued) == "queued"
    work()
    assert (len(sink.mails), delivery_of(queued)) == (1, "sent")
    row = outgoing_about(queued.id)
    assert row is not None and (row.doubtful, row.attempts) == (0, 1)


def test_a_crash_before_the_yes_was_noted_repeats_the_same_message_id(
    queued: Message, sink: Sink
) -> None:
    tasks.deliver_message({"message_id": queued.id})
    [(outgoing_id, turn)] = journal.noted()
    journal.forget(outgoing_id, turn)
    work()
    first, second = (mail["Message-ID"] for _, mail in sink.mails)
    assert first == second
    assert delivery_of(queued) == "sent"
    row = outgoing_about(queued.id)
    assert row is not None
    assert (row.doubtful, row.attempts, row.message_id) == (1, 2, first)


@pytest.mark.parametrize(
    "refusal", [{"rcpt_answer": "550 5.1.1 no such user"}, {"answer": "554 5.7.1 spam"}]
)
def test_permanent_refusal_brings_the_case_back(
    queued: Message, sink: Sink, refusal: dict[str, str]
) -> None:
    for name, value in refusal.items():
        setattr(sink, name, value)
    work()
    message = Message.objects.get(pk=queued.pk)
    assert message.delivery == "failed"
    assert next(iter(refusal.values())).split(" ", 1)[1] in message.delivery_error
    assert Case.objects.get().state == "ours"
    assert not Job.objects.exists()


def test_a_passing_refusal_is_tried_again(queued: Message, sink: Sink) -> None:
    sink.rcpt_answer = "451 4.7.1 come back later"
    work()
    job = Job.objects.get()
    assert (job.state, delivery_of(queued)) == ("ready", "queued")
    sink.rcpt_answer = "250 ok"
    Job.objects.update(run_at=job.created_at)
    work()
    assert (delivery_of(queued), len(sink.mails)) == ("sent", 1)


def test_no_server_for_too_long_is_told(queued: Message, settings: Any) -> None:
    settings.HEADWATER_OUTBOX_HOURS = 1
    for _ in range(12):
        OutgoingMail.objects.filter(state="retrying").update(
            first_tried_at=utc_now() - timedelta(minutes=59)
        )
        Job.objects.update(run_at=utc_now())
        work()
    message = Message.objects.get(pk=queued.pk)
    row = OutgoingMail.objects.get()
    assert (row.state, message.delivery) == ("stuck", "failed")
    assert "was not reached" in row.last_error
    assert "could not be delivered" in message.delivery_error
    assert Case.objects.get().state == "ours"
    assert not Job.objects.exists()


def test_a_fault_of_our_own_is_stuck_and_told(
    queued: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr("headwater.channels.replies.reply_mail", broken)
    Job.objects.update(max_attempts=1)
    work()
    assert OutgoingMail.objects.get().state == "stuck"
    assert "no such thing" in Message.objects.get(pk=queued.pk).delivery_error


def test_system_mail_says_that_it_is_one(db: None, sink: Sink) -> None:
    payload: dict[str, Any] = {"to": OWNER, "subject": "Confirm", "body": "https://x.example/v"}
    enqueue("channels.send_system_mail", payload)
    work()
    [(envelope, mail)] = sink.mails
    assert envelope.rcpt_tos == [OWNER]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Message-ID"].endswith("@headwater.test>")


def test_subject_and_references() -> None:
    assert reply_subject("AW: Re[2]: RE: Payout missing") == "Re: Payout missing"
    assert reply_subject("") == "Re: (no subject)"
    many = [f"<{n}@x>" for n in range(50)]
    chain = reference_chain(many, "<p@x>")
    assert (len(chain), chain[0], chain[-1]) == (20, "<0@x>", "<p@x>")
    assert reference_chain(["<a b@x>", "<ü@x>", "<ok@x>"], "<ok@x>") == ("<ok@x>",)
