"""Acts on the way of a reply to its reader: it left, it failed, it is tried again."""

from django.db import transaction

from headwater.cases import ledger, rules
from headwater.cases.errors import CaseError
from headwater.cases.models import Message
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue


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
        enqueue("channels.deliver_message", {"message_id": message.id})
    return message
