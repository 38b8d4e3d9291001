"""An answer to a mail: what stands in the headers, and two forms of the text."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import formataddr

from django.core.mail import EmailMultiAlternatives
from django.utils.html import linebreaks, urlize
from django.utils.safestring import SafeString

from headwater.channels.machine import LOOP_HEADER

MAX_REFERENCES = 20
_PREFIX = re.compile(r"^\s*((re|aw|antw|sv|vs|odp|res|rif|回复|返信)(\[\d+\])?\s*[:：]\s*)+", re.I)
_ID = re.compile(r"<[!-;=?-~]{1,900}>")


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
    """The mail with a plain and an HTML form."""
    headers = {"Message-ID": mail.message_id, **mail.headers}
    if mail.in_reply_to:
        headers["In-Reply-To"] = mail.in_reply_to
    if mail.references:
        headers["References"] = " ".join(mail.references)
    email = EmailMultiAlternatives(
        subject=" ".join(mail.subject.split()),
        body=mail.text,
        from_email=formataddr((mail.sender_name, mail.sender_address)),
        to=[mail.recipient],
        headers=headers,
    )
    email.attach_alternative(_as_html(mail.text), "text/html")
    return email


def _as_html(text: str) -> str:
    linked = urlize(text, nofollow=False, autoescape=True)
    return f"<!doctype html><html><body>{linebreaks(SafeString(linked))}</body></html>"
