"""Acts on the way of a reply to its reader: held, taken back, let go, sent, failed, tried again."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from headwater.cases import files, ledger, rules
from headwater.cases.errors import CaseError
from headwater.cases.models import Case, Draft, Message
from headwater.cases.queries import in_conversation
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue
from headwater.kit.outbox import acts as outbox
from headwater.kit.outbox.errors import OutboxError
from headwater.kit.outbox.queries import outgoing_about


@dataclass(frozen=True, slots=True)
class Solving:
    """Whether the reply solves the case, and by what cause."""

    wanted: bool = False
    cause: str = ""
    cause_mode: str = ""
    area: str = ""


def post_reply(
    case: Case, message: Message, plan: dict[str, Any], *, hold_seconds: float = 0
) -> None:
    """Puts a reply into the outbox. `plan` is what happens to the case once it is let go."""
    outbox.post(
        kind="notice" if case.proactive and case.message_count == 1 else "reply",
        recipient=case.person.email,
        subject=case.subject,
        about=message.id,
        payload=plan,
        hold_seconds=hold_seconds,
    )


def held_plan(solving: Solving, based_on: str, actor: Actor) -> dict[str, Any]:
    """What `release_reply` needs to know of a reply that is held back for now."""
    return {"solving": asdict(solving), "based_on": based_on, "actor": asdict(actor)}


def let_go(
    case: Case, message: Message, solving: Solving, based_on: str, *, actor: Actor, at: datetime
) -> None:
    """Writes down that the answer was given: the promise is met, the turn goes to the user."""
    facts: list[ledger.Fact] = [("reply.sent", {"message_id": message.id})]
    overtaken = case.messages.filter(
        kind=Message.Kind.USER, created_at__gt=message.created_at
    ).exists()
    # What the user wrote while the reply was held was not answered by it.
    if not overtaken:
        if solving.wanted and case.state != rules.SOLVED:
            solve(case, facts, at, solving)
        else:
            ledger.move(case, "reply", facts, at)
    ledger.record(case, facts, actor=actor, at=at)
    enqueue("diagnosis.keep_cited", {"message_id": message.id, "based_on": based_on})


def solve(case: Case, facts: list[ledger.Fact], at: datetime, solving: Solving) -> None:
    """Adds the solving of a case and its cause to the facts to be recorded."""
    ledger.move(case, "solve", facts, at)
    case.cause = solving.cause.strip()
    case.cause_mode = solving.cause_mode.strip()
    case.area = solving.area.strip()
    data = {"cause": case.cause, "cause_mode": case.cause_mode, "area": case.area}
    facts.append(("case.solved", data))


def release_reply(message: Message, plan: dict[str, Any]) -> None:
    """The time to take a held reply back is over. It counts from when it was written."""
    with transaction.atomic():
        case = ledger.lock(message.case_id)
        let_go(
            case,
            message,
            Solving(**plan.get("solving", {})),
            str(plan.get("based_on", "")),
            actor=Actor(**plan["actor"]) if "actor" in plan else Actor.system(),
            at=ledger.moment_for(case, message.created_at),
        )


def cancel_reply(message: Message, *, actor: Actor) -> Message:
    """Takes a reply back that nobody has begun to send; its text becomes the draft again.

    Raises CaseError when it is too late.
    """
    with transaction.atomic():
        case = ledger.lock(message.case_id)
        message = Message.objects.get(pk=message.pk)
        row = outgoing_about(message.id)
        if row is None or message.kind != Message.Kind.REPLY:
            raise CaseError("This message is not on its way.", param="message")
        was_held = row.state == "held"
        try:
            outbox.cancel(row.id)
        except OutboxError as error:
            raise CaseError(
                "It is too late to take this reply back.",
                param="message",
                hint="Write another one that corrects it.",
            ) from error
        message.delivery, message.delivery_error = Message.Delivery.UNDONE, ""
        message.save()
        files.give_back_files(message)
        _into_draft(case, message, str(row.payload.get("based_on", "")))
        at = ledger.moment_for(case, utc_now())
        facts: list[ledger.Fact] = [("reply.undone", {"message_id": message.id})]
        if not was_held:
            # The turn had gone to the user already, for an answer that never left.
            ledger.move(case, "reply_undone", facts, at)
        _show_last_but(case, message)
        ledger.record(case, facts, actor=actor, at=at)
    return message


def _into_draft(case: Case, message: Message, based_on: str) -> None:
    draft = Draft.objects.filter(case=case).first()
    body = message.body
    if draft is not None and draft.author == Draft.Author.AGENT and draft.body.strip():
        # Somebody has begun the next one already; nobody's words are lost.
        body = f"{body}\n\n{draft.body}"
    Draft.objects.update_or_create(
        case=case,
        defaults={
            "body": body,
            "based_on": based_on,
            "author": Draft.Author.AGENT,
            "updated_at": utc_now(),
        },
    )


def _show_last_but(case: Case, undone: Message) -> None:
    """The queue shows the latest word that was really said."""
    said = Message.objects.filter(in_conversation(case))
    shown = said.exclude(kind=Message.Kind.NOTE).exclude(delivery=Message.Delivery.UNDONE)
    last = shown.exclude(pk=undone.pk).order_by("created_at", "id").last()
    case.last_message_at = last.created_at if last else None
    case.last_message_preview = rules.preview(last.body) if last else ""
    case.last_message_direction = last.direction if last else ""


def mark_sent(
    message: Message,
    *,
    actor: Actor,
    rfc_message_id: str,
    in_reply_to: str = "",
    references: str = "",
) -> Message:
    """The mail server took the reply. Repeating it changes nothing."""
    with transaction.atomic():
        case = ledger.lock(message.case_id)
        message = Message.objects.get(pk=message.pk)
        if message.delivery == Message.Delivery.SENT:
            return message
        at = ledger.moment_for(case, utc_now())
        message.delivery = Message.Delivery.SENT
        message.delivery_error = ""
        message.sent_at = at
        message.rfc_message_id = rfc_message_id
        message.in_reply_to = in_reply_to
        message.references = references
        message.save()
        ledger.record(case, [("delivery.sent", {"message_id": message.id})], actor=actor, at=at)
    return message


def mark_failed(message: Message, error: str, *, actor: Actor) -> Message:
    """The reply will not arrive. The case comes back to us and shows why."""
    with transaction.atomic():
        case = ledger.lock(message.case_id)
        message = Message.objects.get(pk=message.pk)
        if message.delivery == Message.Delivery.FAILED:
            return message
        at = ledger.moment_for(case, utc_now())
        message.delivery = Message.Delivery.FAILED
        message.delivery_error = rules.storable(error)
        message.save()
        facts: list[ledger.Fact] = [
            ("delivery.failed", {"message_id": message.id, "error": rules.one_line(error, 500)})
        ]
        ledger.move(case, "delivery_failed", facts, at)
        ledger.record(case, facts, actor=actor, at=at)
    return message


def resend_reply(message: Message, *, actor: Actor) -> Message:
    """Tries a failed reply once more. Raises CaseError when it did not fail."""
    with transaction.atomic():
        ledger.lock(message.case_id)
        message = Message.objects.get(pk=message.pk)
        if message.delivery != Message.Delivery.FAILED:
            raise CaseError("This reply did not fail.", hint="Write a new reply instead.")
        message.delivery = Message.Delivery.QUEUED
        message.delivery_error = ""
        message.save()
        row = outgoing_about(message.id)
        if row is not None:
            outbox.retry(row.id)
        else:
            # It is older than the outbox.
            post_reply(message.case, message, {})
    return message
