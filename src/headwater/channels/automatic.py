"""Mail that no human wrote: bounded, so that no exchange between machines goes on for ever."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from headwater.accounts.rules import normal_email
from headwater.cases.models import Case, Message
from headwater.channels import compose
from headwater.channels.acknowledging import acknowledgement
from headwater.channels.marks import mark_of
from headwater.kit.clock import utc_now
from headwater.kit.outbox.acts import post, suppress
from headwater.kit.outbox.models import OutgoingMail
from headwater.kit.outbox.queries import count_sent_to

KINDS = ("system", "auto")
_HOUR = timedelta(hours=1)


def post_automatic(
    *, kind: str, recipient: str, subject: str, payload: dict[str, Any]
) -> OutgoingMail:
    """Puts an automatic mail into the outbox, or writes down why it is not sent.

    An address gets at most HEADWATER_AUTO_MAILS_PER_HOUR of them, and none while mail to it comes
    back for good.
    """
    recipient = normal_email(recipient)
    reason = _why_not(recipient)
    if reason:
        return suppress(kind=kind, recipient=recipient, subject=subject, about="", reason=reason)
    return post(kind=kind, recipient=recipient, subject=subject, payload=payload)


def acknowledge(case: Case, contact: Message, language: str | None) -> OutgoingMail | None:
    """Tells the sender of a new case that it has arrived, where the house wishes that."""
    if not settings.HEADWATER_ACKNOWLEDGE:
        return None
    parent = compose.usable_id(contact.rfc_message_id)
    return post_automatic(
        kind="auto",
        recipient=contact.author_email or case.person.email,
        subject=compose.reply_subject(case.subject),
        payload={
            "body": acknowledgement(language, settings.HEADWATER_PRODUCT_NAME),
            "case_id": case.id,
            "in_reply_to": parent,
            "references": compose.reference_chain(contact.references.split(), parent)
            if parent
            else (),
        },
    )


def _why_not(recipient: str) -> str:
    most = settings.HEADWATER_AUTO_MAILS_PER_HOUR
    if count_sent_to(recipient, kinds=KINDS, since=utc_now() - _HOUR) >= most:
        return f"{recipient} has had {most} automatic mails within the hour; no more are sent."
    mark = mark_of(recipient)
    if mark is not None and mark.permanent:
        return f"Mail to {recipient} comes back for good ({mark.status})."
    return ""
