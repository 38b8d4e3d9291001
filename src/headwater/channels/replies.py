"""What a reply of ours is as a mail: to whom, from where, below what. Reads only."""

from django.conf import settings

from headwater.accounts.notices import unsubscribe_url
from headwater.accounts.rules import normal_email
from headwater.cases.models import Case, Message
from headwater.cases.queries import find_case, messages_of
from headwater.channels import compose, queries, tokens
from headwater.channels.compose import Outgoing
from headwater.channels.quoting import quote_of
from headwater.channels.signoffs import sign_off
from headwater.kit.outbox.models import OutgoingMail


def domain_of(mailbox: str) -> str:
    """The domain of an address of ours."""
    return mailbox.rpartition("@")[2] or "localhost"


def reply_mail(message: Message, message_id: str) -> Outgoing:
    """The mail that carries a reply, or the message by which we wrote first."""
    case = message.case
    parent = _answered(message)
    mailbox = queries.mailbox_of(case)
    recipient, cc = readers(case, parent)
    parent_id = compose.usable_id(parent.rfc_message_id if parent else None)
    earlier = parent.references.split() if parent else []
    # Where we wrote first there is nothing to reply to.
    is_first = case.proactive and parent is None
    return Outgoing(
        message_id=message_id,
        sender_name=f"{message.author_name} ({settings.HEADWATER_PRODUCT_NAME})",
        sender_address=mailbox,
        recipient=recipient,
        cc=cc,
        reply_to=reply_to(mailbox, case),
        subject=_subject(case, is_first=is_first),
        text=message.body,
        in_reply_to=parent_id,
        references=compose.reference_chain(earlier, parent_id) if parent_id else (),
        sent_at=message.created_at,
        signature=sign_off(
            mailbox, agent=message.author_name, product=settings.HEADWATER_PRODUCT_NAME
        ),
        quote=_quote(parent) if parent else None,
        headers=_unsubscribe_headers(case) if is_first else {},
    )


def _unsubscribe_headers(case: Case) -> dict[str, str]:
    """How the reader ends mail that they did not ask for, with one click (RFC 8058)."""
    return _one_click(unsubscribe_url(case.person))


def _one_click(url: str) -> dict[str, str]:
    return {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def automatic_mail(row: OutgoingMail, message_id: str) -> Outgoing:
    """A mail that no human wrote, marked so that machines do not answer it."""
    mailbox, payload = str(settings.HEADWATER_MAIL_FROM), row.payload
    case_id = payload.get("case_id") if row.kind in ("auto", "survey") else None
    case = find_case(str(case_id)) if case_id else None
    headers = compose.system_headers(domain_of(mailbox))
    if case is not None:
        mailbox = queries.mailbox_of(case)
    if row.kind == "auto" and case is not None:
        headers["Auto-Submitted"] = "auto-replied"
    if payload.get("unsubscribe"):
        headers |= _one_click(str(payload["unsubscribe"]))
    return Outgoing(
        message_id=message_id,
        sender_name=settings.HEADWATER_PRODUCT_NAME,
        sender_address=mailbox,
        # Nobody is to be told that an automatic answer could not be delivered (RFC 3834, 3.3).
        envelope_sender="" if row.kind == "auto" else None,
        recipient=row.recipient,
        reply_to=reply_to(mailbox, case) if case else "",
        subject=row.subject,
        text=str(payload.get("body", "")),
        in_reply_to=str(payload.get("in_reply_to", "")),
        references=tuple(payload.get("references", ())),
        headers=headers,
        sent_at=row.created_at,
    )


def reply_to(mailbox: str, case: Case) -> str:
    """Where answers about a case go: the mailbox, with the case's token where that is wanted."""
    if not settings.HEADWATER_REPLY_ADDRESS_TOKEN:
        return ""
    return tokens.reply_address(mailbox, case.id, key=settings.SECRET_KEY)


def _answered(message: Message) -> Message | None:
    return (
        messages_of(message.case)
        .filter(
            direction=Message.Direction.IN,
            kind=Message.Kind.USER,
            created_at__lte=message.created_at,
        )
        .order_by("-created_at", "-id")
        .first()
    )


def readers(case: Case, parent: Message | None) -> tuple[str, tuple[str, ...]]:
    """To whom an answer to `parent` goes, who wrote last; a copy goes to whose case it is.

    Whoever has a message in a case was let in (`place`), so nobody else is written to.
    """
    owner = normal_email(case.person.email)
    author = normal_email(parent.author_email) if parent else ""
    if not author or "@" not in author or author == owner:
        return owner, ()
    return author, (owner,)


def _subject(case: Case, *, is_first: bool) -> str:
    subject = case.subject if is_first else compose.reply_subject(case.subject)
    if settings.HEADWATER_SUBJECT_TOKEN:
        subject += f" [{tokens.make_case_token(case.id, key=settings.SECRET_KEY)}]"
    return subject


def _quote(parent: Message) -> compose.Quote | None:
    return quote_of(
        parent.body,
        name=parent.author_name or parent.author_email,
        at=parent.created_at,
        lines=settings.HEADWATER_QUOTE_LINES,
    )
