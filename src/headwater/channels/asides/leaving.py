"""A mail of a side conversation as it leaves. Reads only."""

from django.conf import settings

from headwater.channels import compose
from headwater.channels.asides import queries
from headwater.channels.asides.models import AsideMessage
from headwater.channels.asides.naming import aside_address
from headwater.channels.compose import File, Outgoing
from headwater.channels.queries import mailbox_of
from headwater.channels.quoting import quote_of
from headwater.kit.outbox.models import OutgoingMail


def aside_mail(row: OutgoingMail, message_id: str) -> Outgoing:
    """The mail with its thread, and the address that answers come back to."""
    message = queries.aside_message(str(row.payload["aside_message"]))
    if message is None:
        raise ValueError("its side conversation is gone")
    aside, earlier = message.aside, queries.before(message)
    mailbox = mailbox_of(aside.case)
    ids = [one for one in (compose.usable_id(each.rfc_message_id) for each in earlier) if one]
    named = settings.HEADWATER_REPLY_ADDRESS_TOKEN
    return Outgoing(
        message_id=message_id,
        sender_name=f"{message.author_name} ({settings.HEADWATER_PRODUCT_NAME})",
        sender_address=mailbox,
        recipient=aside.recipients[0],
        cc=tuple(aside.recipients[1:]),
        reply_to=aside_address(mailbox, aside.pk, key=settings.SECRET_KEY) if named else "",
        subject=compose.reply_subject(aside.subject) if earlier else aside.subject,
        text=message.body,
        in_reply_to=ids[-1] if ids else "",
        references=compose.reference_chain(ids[:-1], ids[-1]) if ids else (),
        sent_at=message.at,
        quote=_quote(earlier),
        attachments=tuple(
            File(one.name, one.type, bytes(one.content.data))
            for one in message.files.select_related("content")
        ),
    )


def rfc_id_of(message_id: str) -> str:
    """The Message-ID of a mail of a side conversation, the same in every attempt."""
    message = queries.aside_message(message_id)
    return message.rfc_message_id or "" if message else ""


def _quote(earlier: list[AsideMessage]) -> compose.Quote | None:
    answered = next((one for one in reversed(earlier) if one.agent_id is None), None)
    if answered is None:
        return None
    return quote_of(
        answered.body,
        name=answered.author_name or answered.author_email,
        at=answered.at,
        lines=settings.HEADWATER_QUOTE_LINES,
    )
