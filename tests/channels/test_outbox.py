"""The outbox: held, taken back, tried again, asked anew; nobody sends what is not theirs."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest

from headwater.cases.acts import add_user_message, send_reply
from headwater.cases.delivery import cancel_reply, resend_reply
from headwater.cases.errors import CaseError
from headwater.cases.ledger import stored_clocks
from headwater.cases.models import Case, Draft, Message
from headwater.cases.queries import recomputed_clocks
from headwater.channels import tasks
from headwater.kit.clock import utc_now
from headwater.kit.jobs.models import Job
from headwater.kit.outbox import acts as outbox
from headwater.kit.outbox import queries, rules
from headwater.kit.outbox.errors import OutboxError
from headwater.kit.outbox.models import OutgoingMail
from tests.channels.conftest import Sink, work
from tests.factories import MAIL, SYSTEM, incoming, make_agent, make_case

pytestmark = pytest.mark.django_db


def reply(case: Case | None = None, *, hold: float = 0, **kwargs: Any) -> Message:
    agent = make_agent()
    return send_reply(
        case or make_case(),
        "Hello",
        agent=agent,
        actor=agent.actor(),
        hold_seconds=hold,
        **kwargs,
    )


def row_of(message: Message) -> OutgoingMail:
    row = queries.outgoing_about(message.id)
    assert row is not None
    return row


def let_time_pass() -> None:
    """Every waiting job and mail is due."""
    Job.objects.update(run_at=utc_now())


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("id").values_list("kind", flat=True))


def test_a_held_reply_is_nothing_yet(sink: Sink) -> None:
    message = reply(hold=10)
    work()
    assert (sink.mails, row_of(message).state) == ([], "held")
    case = Case.objects.get()
    assert case.state == "ours"
    assert "reply.sent" not in kinds(case)


def test_held_then_sent_it_is_what_it_would_have_been(sink: Sink) -> None:
    message = reply(hold=10, solve=True, cause="webhook-endpoint-failing", area="webhooks")
    let_time_pass()
    work()
    case = Case.objects.get()
    assert len(sink.mails) == 1
    assert (case.state, case.cause, case.area) == (
        "solved", "webhook-endpoint-failing", "webhooks",
    )  # fmt: skip
    sent = case.events.get(kind="reply.sent")
    assert (sent.actor_kind, sent.entrance) == ("agent", "desk")
    # It counts from when it was written.
    assert sent.at == message.created_at
    assert recomputed_clocks(case, case.last_event_at) == stored_clocks(case)
    assert row_of(message).state == "sent"


def test_taken_back_it_never_happened(sink: Sink) -> None:
    case = make_case()
    before = case.last_message_preview
    message = cancel_reply(reply(case, hold=10, solve=True, cause="x"), actor=SYSTEM)
    let_time_pass()
    work()
    case.refresh_from_db()
    assert (sink.mails, row_of(message).state, message.delivery) == ([], "cancelled", "undone")
    assert (case.state, case.cause) == ("ours", "")
    assert case.last_message_preview == before
    assert Draft.objects.get(case=case).body == "Hello"
    assert kinds(case)[-2:] == ["reply.held", "reply.undone"]
    with pytest.raises(CaseError, match="too late"):
        cancel_reply(message, actor=SYSTEM)


def test_taking_back_loses_nobodys_words() -> None:
    case = make_case()
    message = reply(case, hold=10)
    Draft.objects.create(case=case, body="The next one", author="agent", updated_at=utc_now())
    cancel_reply(message, actor=SYSTEM)
    assert Draft.objects.get(case=case).body == "Hello\n\nThe next one"


def test_what_was_sent_cannot_be_taken_back(sink: Sink) -> None:
    message = reply()
    work()
    with pytest.raises(CaseError, match="too late"):
        cancel_reply(message, actor=SYSTEM)
    assert Message.objects.get(pk=message.pk).delivery == "sent"


def test_a_word_of_the_user_meanwhile_keeps_the_case_ours(sink: Sink) -> None:
    case = make_case()
    reply(case, hold=10, solve=True, cause="x")
    add_user_message(case, incoming("One more thing"), actor=MAIL)
    let_time_pass()
    work()
    case.refresh_from_db()
    assert (case.state, len(sink.mails)) == ("ours", 1)
    assert "reply.sent" in kinds(case)


def test_put_off_it_waits_longer_each_time(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headwater.kit.outbox.acts.random.random", lambda: 0.5)
    sink.rcpt_answer = "451 4.7.1 come back later"
    message = reply()
    waits = []
    for _ in range(3):
        let_time_pass()
        work()
        row = row_of(message)
        assert (row.state, "4.7.1" in row.last_error) == ("retrying", True)
        waits.append((row.due_at - utc_now()).total_seconds())
    assert waits[0] < waits[1] < waits[2]
    # Taken back while it waits, it is our turn again.
    cancel_reply(message, actor=SYSTEM)
    assert Case.objects.get().state == "ours"
    let_time_pass()
    work()
    assert sink.mails == []


def test_asked_anew_the_older_job_has_no_power(sink: Sink) -> None:
    sink.rcpt_answer = "451 later"
    message = reply()
    work()
    outbox.retry(row_of(message).id)
    assert Job.objects.count() == 2
    sink.rcpt_answer = "250 ok"
    let_time_pass()
    work()
    assert (len(sink.mails), row_of(message).state) == (1, "sent")
    with pytest.raises(OutboxError):
        outbox.retry(row_of(message).id)


def test_refused_for_good_it_can_be_sent_once_more(sink: Sink) -> None:
    sink.rcpt_answer = "550 5.1.1 no such user"
    message = reply()
    work()
    assert row_of(message).state == "failed"
    sink.rcpt_answer = "250 ok"
    resend_reply(message, actor=SYSTEM)
    work()
    assert (len(sink.mails), Message.objects.get(pk=message.pk).delivery) == (1, "sent")
    assert OutgoingMail.objects.count() == 1


def test_who_lost_the_attempt_hands_nothing_over(sink: Sink) -> None:
    message = reply()
    row = row_of(message)
    first = outbox.begin_attempt(row.id, turn=1, message_id="<a@b>")
    second = outbox.begin_attempt(row.id, turn=1, message_id="<c@d>")
    assert first is not None
    assert second is not None
    assert (first.message_id, second.message_id) == ("<a@b>", "<a@b>")
    assert not outbox.mark_handing_over(first)
    assert outbox.mark_handing_over(second)
    # It died while handing over: the next one knows of the doubt.
    third = outbox.begin_attempt(row.id, turn=1, message_id="<e@f>")
    assert third is not None and third.in_doubt
    with pytest.raises(OutboxError):
        outbox.cancel(row.id)


def test_a_reply_queued_before_there_was_an_outbox(sink: Sink) -> None:
    message = reply()
    OutgoingMail.objects.all().delete()
    work()
    assert (len(sink.mails), row_of(message).state) == (1, "sent")


def test_a_connection_lost_over_the_content_is_a_doubt(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = smtplib.SMTP.data

    def taken_but_silent(self: smtplib.SMTP, content: bytes) -> Any:
        real(self, content)
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    monkeypatch.setattr(smtplib.SMTP, "data", taken_but_silent)
    message = reply()
    work()
    row = row_of(message)
    assert (row.state, row.doubtful) == ("retrying", 1)
    monkeypatch.undo()


def test_a_mail_that_cannot_be_written_is_told(sink: Sink) -> None:
    message = reply()
    person = message.case.person
    person.email = "no address"
    person.save()
    work()
    assert row_of(message).state == "failed"
    assert "cannot be" in Message.objects.get(pk=message.pk).delivery_error


@pytest.mark.parametrize(("attempt", "least", "most"), [(1, 11, 19), (2, 33, 57), (40, 2700, 4500)])
def test_waits(attempt: int, least: float, most: float) -> None:
    assert least <= rules.wait_seconds(attempt, 0.0) < rules.wait_seconds(attempt, 1.0) <= most


def test_given_up_after_the_time_set() -> None:
    now = utc_now()
    day = timedelta(days=1)
    assert not rules.is_given_up(now, now + timedelta(hours=1), day)
    assert rules.is_given_up(now - day, now + timedelta(seconds=1), day)


def test_system_mail_has_a_row_too(sink: Sink) -> None:
    tasks.send_system_mail({"to": "ada@shop.example", "subject": "Confirm", "body": "x"})
    work()
    row = OutgoingMail.objects.get()
    assert (row.kind, row.state, row.message_id) == (
        "system",
        "sent",
        sink.mails[0][1]["Message-ID"],
    )
