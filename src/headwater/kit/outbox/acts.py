"""Every write to the outbox.

An attempt is three steps, each committed: `begin_attempt` (nobody else may send it now),
`mark_handing_over` (from here on the server may have the mail), and one of the `settle_` acts. A
process that dies between the last two leaves a doubt, which the next attempt counts.
"""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from headwater.kit.clock import utc_now
from headwater.kit.ids import new_id
from headwater.kit.jobs.acts import enqueue
from headwater.kit.outbox import rules
from headwater.kit.outbox.errors import OutboxError, OutgoingNotFound
from headwater.kit.outbox.models import OutgoingMail

JOB = "channels.deliver_message"
State = OutgoingMail.State
_ERROR_LENGTH = 2_000
# So many workers may die over one mail before it is stuck: a mail is rarely what killed them.
_DEATHS = 30
# `sending`: the worker that had begun is gone, for its job came to us.
_MAY_BEGIN = frozenset({State.HELD, State.QUEUED, State.RETRYING, State.SENDING})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at sending. `token` fences off whoever lost it. `was_held`: it has just left hold.

    `in_doubt`: an earlier attempt may have handed the mail over.
    """

    id: str
    kind: str
    about: str
    number: int
    token: str
    message_id: str
    was_held: bool
    in_doubt: bool
    turn: int
    payload: dict[str, Any]


def post(
    *,
    kind: str,
    recipient: str,
    subject: str = "",
    about: str = "",
    payload: dict[str, Any] | None = None,
    hold_seconds: float = 0,
) -> OutgoingMail:
    """A mail to send, in the caller's transaction: what rolls back was never asked for.

    For `hold_seconds` it can be taken back before anything is sent.
    """
    now = utc_now()
    row = OutgoingMail(
        kind=kind,
        about=about,
        recipient=recipient[:320],
        subject=subject[:500],
        payload=payload or {},
        state=State.HELD if hold_seconds > 0 else State.QUEUED,
        due_at=now + timedelta(seconds=hold_seconds),
        created_at=now,
    )
    row.save(force_insert=True)
    _ask(row)
    return row


def suppress(*, kind: str, recipient: str, subject: str, about: str, reason: str) -> OutgoingMail:
    """Writes down that a mail was not sent, and why."""
    now = utc_now()
    row = OutgoingMail(
        kind=kind,
        about=about,
        recipient=recipient[:320],
        subject=subject[:500],
        state=State.SUPPRESSED,
        due_at=now,
        last_error=reason[:_ERROR_LENGTH],
        created_at=now,
    )
    row.save(force_insert=True)
    return row


def begin_attempt(outgoing_id: str, *, turn: int, message_id: str) -> Attempt | None:
    """Takes the mail for sending; None where it is not this job's (sent, taken back, asked anew).

    `message_id` is kept if the mail has none yet. Must be committed before the server is asked.
    """
    with transaction.atomic():
        row = _locked(outgoing_id)
        if row.turn != turn or row.state not in _MAY_BEGIN:
            return None
        was_held = row.state == State.HELD
        if row.state == State.SENDING and row.handing_over:
            row.doubtful += 1
        row.state, row.token, row.handing_over = State.SENDING, new_id("try"), False
        row.attempts += 1
        row.message_id = row.message_id or message_id
        row.first_tried_at = row.first_tried_at or utc_now()
        row.save()
    return Attempt(
        row.id,
        row.kind,
        row.about,
        row.attempts,
        row.token,
        row.message_id,
        was_held,
        row.doubtful > 0,
        row.turn,
        row.payload,
    )


def mark_handing_over(attempt: Attempt) -> bool:
    """The content is about to be handed over; False when somebody else has the mail by now."""
    return bool(
        OutgoingMail.objects.filter(pk=attempt.id, token=attempt.token, state=State.SENDING).update(
            handing_over=True
        )
    )


def settle_sent(outgoing_id: str, *, answer: str) -> bool:
    """The server took it. False where that was known."""
    with transaction.atomic():
        row = _locked(outgoing_id)
        if row.state == State.SENT:
            return False
        row.state, row.answer, row.last_error = State.SENT, answer[:500], ""
        _over(row)
        row.sent_at = utc_now()
        row.save()
    return True


def settle_failed(outgoing_id: str, error: str) -> None:
    """The server refused it for good."""
    _end(outgoing_id, State.FAILED, error)


def settle_stuck(outgoing_id: str, error: str) -> None:
    """It could not be sent, and is not tried again until a person asks."""
    _end(outgoing_id, State.STUCK, error)


def settle_retry(
    outgoing_id: str, error: str, *, keep_trying: timedelta, in_doubt: bool = False
) -> OutgoingMail:
    """Plans another attempt; `stuck` when that would come later than `keep_trying` allows.

    `in_doubt`: the server may have taken the mail in the attempt that ended.
    """
    with transaction.atomic():
        row = _locked(outgoing_id)
        if row.state != State.SENDING:
            return row
        now = utc_now()
        wait = rules.wait_seconds(row.attempts, random.random())  # noqa: S311 (no secret)
        next_at = now + timedelta(seconds=wait)
        row.last_error = error[:_ERROR_LENGTH]
        row.doubtful += in_doubt
        _over(row)
        if rules.is_given_up(row.first_tried_at or now, next_at, keep_trying):
            row.state = State.STUCK
            row.save()
            return row
        row.due_at = next_at
        _again(row, State.RETRYING)
    return row


def retry(outgoing_id: str) -> OutgoingMail:
    """Another attempt now, whatever became of it. Raises OutgoingNotFound, OutboxError."""
    with transaction.atomic():
        row = _locked(outgoing_id)
        came_back = row.state == State.SENT and row.report == OutgoingMail.Report.BOUNCED
        if row.state not in rules.REPEATABLE and not came_back:
            raise OutboxError(
                f"The mail {row.id} is not waiting for another attempt; it is "
                f"{row.get_state_display().lower()}.",
                param="id",
            )
        row.due_at, row.first_tried_at, row.report = utc_now(), None, ""
        _again(row, State.QUEUED)
    return row


def cancel(outgoing_id: str) -> OutgoingMail:
    """Takes a mail back that nobody began to send. Raises OutgoingNotFound, OutboxError."""
    with transaction.atomic():
        row = _locked(outgoing_id)
        if row.state not in rules.CANCELLABLE:
            raise OutboxError(
                f"The mail {row.id} can no longer be taken back; it is "
                f"{row.get_state_display().lower()}.",
                param="id",
                hint="Write another one that corrects it.",
            )
        row.state, row.turn = State.CANCELLED, row.turn + 1
        _over(row)
        row.save()
    return row


def record_report(outgoing_id: str, report: str, error: str = "") -> None:
    """What a server further on said of a mail that was sent; the last word counts."""
    OutgoingMail.objects.filter(pk=outgoing_id).update(
        report=report, last_error=error[:_ERROR_LENGTH]
    )


def _end(outgoing_id: str, state: str, error: str) -> None:
    with transaction.atomic():
        row = _locked(outgoing_id)
        if row.state in {State.SENT, State.CANCELLED}:
            return
        row.state, row.last_error = state, error[:_ERROR_LENGTH]
        _over(row)
        row.save()


def _locked(outgoing_id: str) -> OutgoingMail:
    row = OutgoingMail.objects.select_for_update().filter(pk=outgoing_id).first()
    if row is None:
        raise OutgoingNotFound(outgoing_id)
    return row


def _over(row: OutgoingMail) -> None:
    row.token, row.handing_over = "", False


def _again(row: OutgoingMail, state: str) -> None:
    row.state, row.turn = state, row.turn + 1
    _over(row)
    row.save()
    _ask(row)


def _ask(row: OutgoingMail) -> None:
    key = {"message_id": row.about} if row.about else {"outgoing_id": row.id}
    turn = {"turn": row.turn} if row.turn > 1 else {}
    enqueue(JOB, {**key, **turn}, run_at=row.due_at, max_attempts=_DEATHS)
