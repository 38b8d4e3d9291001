"""What a person does with a mail of the outbox, whatever it carries."""

from headwater.cases.delivery import cancel_reply, resend_reply
from headwater.cases.models import Message
from headwater.cases.queries import message_for_system
from headwater.kit.actors import Actor
from headwater.kit.outbox import acts as outbox
from headwater.kit.outbox.models import OutgoingMail
from headwater.kit.outbox.queries import outgoing


def retry_mail(outgoing_id: str, *, actor: Actor) -> OutgoingMail:
    """Another attempt now. Raises OutgoingNotFound, OutboxError."""
    message = _carried(outgoing_id)
    if message is not None and message.delivery == Message.Delivery.FAILED:
        resend_reply(message, actor=actor)
        return outgoing(outgoing_id)
    return outbox.retry(outgoing_id)


def cancel_mail(outgoing_id: str, *, actor: Actor) -> OutgoingMail:
    """Takes a mail back; the text of a reply becomes its case's draft again.

    Raises OutgoingNotFound, OutboxError, CaseError.
    """
    message = _carried(outgoing_id)
    if message is not None:
        cancel_reply(message, actor=actor)
        return outgoing(outgoing_id)
    return outbox.cancel(outgoing_id)


def _carried(outgoing_id: str) -> Message | None:
    about = outgoing(outgoing_id).about
    return message_for_system(about) if about else None
