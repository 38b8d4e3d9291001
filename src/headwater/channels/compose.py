"""An answer to a mail: what stands in the headers, and two forms of the text."""

import hashlib
import quopri
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, formataddr
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.html import escape, linebreaks, urlize
from django.utils.safestring import SafeString

from headwater.channels.machine import LOOP_HEADER

MAX_REFERENCES = 20
_PREFIX = re.compile(r"^\s*((re|aw|antw|sv|vs|odp|res|rif|回复|返信)(\[\d+\])?\s*[:：]\s*)+", re.I)
_ID = re.compile(r"<[!-;=?-~]{1,900}>")


@dataclass(frozen=True, slots=True)
class File:
    """An attachment."""

    name: str
    type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Quote:
    """The mail answered: how it is introduced, and its text."""

    introduction: str
    text: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail about to leave. `references` are message ids, oldest first."""

    message_id: str
    sender_name: str
    sender_address: str
    recipient: str
    subject: str
    text: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    reply_to: str = ""
    # Empty for an automatic answer: nobody is to be told that it could not be delivered.
    envelope_sender: str | None = None
    sent_at: datetime | None = None
    # What stands below the text, set apart: signature and footer, then the mail answered.
    signature: str = ""
    quote: Quote | None = None
    attachments: tuple[File, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


def reply_subject(subject: str) -> str:
    """`Re: ` once, whatever prefixes the user's client had put before the subject."""
    bare = _PREFIX.sub("", " ".join(subject.split())).strip()
    return f"Re: {bare or '(no subject)'}"


def reference_chain(earlier: Sequence[str], parent: str) -> tuple[str, ...]:
    """The References of an answer to `parent`: the thread's first id and the latest ones."""
    ids = list(dict.fromkeys(one for one in [*earlier, parent] if _ID.fullmatch(one)))
    if parent in ids:
        ids.remove(parent)
        ids.append(parent)
    if len(ids) > MAX_REFERENCES:
        ids = ids[:1] + ids[1 - MAX_REFERENCES :]
    return tuple(ids)


def usable_id(rfc_id: str | None) -> str:
    """A message id that may stand in a header of ours, or nothing."""
    return rfc_id if rfc_id and _ID.fullmatch(rfc_id) else ""


def system_headers(domain: str) -> dict[str, str]:
    """What keeps other machines from answering ours."""
    return {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Precedence": "bulk",
        LOOP_HEADER: domain,
    }


def system_message_id(domain: str, *content: str) -> str:
    """The same content has the same id, so a mail sent twice after a crash shows up once."""
    digest = hashlib.sha256("\x00".join(content).encode()).hexdigest()[:40]
    return f"<system.{digest}@{domain}>"


def as_email(mail: Outgoing) -> EmailMultiAlternatives:
    """The mail with a plain and an HTML form, and its attachments. Raises ValueError where a
    header or an address is none that a mail can carry."""
    headers = {"Message-ID": mail.message_id, **mail.headers}
    if mail.in_reply_to:
        headers["In-Reply-To"] = mail.in_reply_to
    if mail.references:
        headers["References"] = " ".join(mail.references)
    if mail.sent_at is not None:
        # The same in every attempt, as the whole mail is.
        headers["Date"] = format_datetime(mail.sent_at)
    email = EmailMultiAlternatives(
        subject=" ".join(mail.subject.split()),
        body=plain_form(mail),
        from_email=formataddr((mail.sender_name, mail.sender_address)),
        to=[mail.recipient],
        cc=list(mail.cc),
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    email.attach_alternative(_as_html(mail), "text/html")
    for file in mail.attachments:
        email.attach(file.name, file.content, file.type)
    return email


def as_bytes(mail: Outgoing) -> bytes:
    """The mail as it goes over the wire. Raises ValueError as `as_email` does."""
    message: Any = as_email(mail).message()
    for part in message.walk():
        # A server without 8BITMIME would rewrite it, and break the signature.
        if str(part.get("Content-Transfer-Encoding", "")).lower() == "8bit":
            text = quopri.encodestring(part.get_payload(decode=True)).decode("ascii")
            part.replace_header("Content-Transfer-Encoding", "quoted-printable")
            part.set_payload(text)
    return bytes(message.as_bytes(linesep="\r\n"))


def plain_form(mail: Outgoing) -> str:
    """Text, signature and quote, one below the other."""
    parts = [mail.text]
    if mail.signature:
        parts.append(f"-- \n{mail.signature}")
    if mail.quote:
        lines = mail.quote.text.split("\n")
        quoted = "\n".join(f"> {line}" if line else ">" for line in lines)
        parts.append(f"{mail.quote.introduction}\n{quoted}")
    return "\n\n".join(parts)


def _as_html(mail: Outgoing) -> str:
    body = linebreaks(_linked(mail.text))
    if mail.signature:
        lines = "<br>".join(_linked(line) for line in ["-- ", *mail.signature.split("\n")])
        body += f'<p class="signature">{lines}</p>'
    if mail.quote:
        quoted = linebreaks(SafeString(escape(mail.quote.text)))
        introduction = escape(mail.quote.introduction)
        body += f'<p>{introduction}</p><blockquote type="cite">{quoted}</blockquote>'
    return f"<!doctype html><html><body>{body}</body></html>"


def _linked(text: str) -> SafeString:
    return SafeString(urlize(text, nofollow=False, autoescape=True))
