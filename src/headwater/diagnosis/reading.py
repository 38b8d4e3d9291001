"""Reads a case from a raw mail or from JSON. Nothing here touches evidence."""

import email
import email.policy
import hashlib
import json
from datetime import UTC, datetime
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import Any

from inscriptis import get_text

from headwater.diagnosis.errors import CaseUnreadable
from headwater.diagnosis.values import CaseInput
from headwater.kit.clock import parse_utc

FIELDS = ("case_id", "from_email", "subject", "body", "account_id", "received_at")


def read_case(path: Path, *, now: datetime) -> CaseInput:
    """The case in `path`: JSON when it starts with `{`, otherwise a raw mail.

    `now` is the arrival time of a mail that carries no date. Raises CaseUnreadable.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CaseUnreadable(
            f"Cannot read the case {path}: {error.strerror}.", param="case"
        ) from error
    if raw.lstrip()[:1] == b"{":
        return case_from_json(raw.decode("utf-8", "replace"))
    return case_from_mail(raw, now=now)


def case_from_json(text: str) -> CaseInput:
    """The case of one JSON object. Raises CaseUnreadable naming the field at fault."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise CaseUnreadable(
            f"The case is not valid JSON: {error.msg} at column {error.colno}.", param="case"
        ) from error
    if not isinstance(data, dict):
        raise CaseUnreadable("A case must be a JSON object.", param="case")
    for name in ("case_id", "received_at"):
        if data.get(name) in (None, ""):
            raise CaseUnreadable(f"The case has no `{name}`.", param=name)
    if not data.get("from_email") and not data.get("account_id"):
        raise CaseUnreadable(
            "The case has neither `from_email` nor `account_id`.", param="from_email"
        )
    texts = {name: _text(data, name) for name in FIELDS}
    return CaseInput(
        case_id=texts["case_id"],
        from_email=address_in(texts["from_email"]),
        subject=texts["subject"],
        body=texts["body"],
        account_id=texts["account_id"].strip() or None,
        received_at=_moment(texts["received_at"]),
    )


def case_from_mail(raw: bytes, *, now: datetime) -> CaseInput:
    """The case of one raw mail (RFC 5322); its id is the Message-ID or a digest of the bytes.

    Raises CaseUnreadable when there is no sender.
    """
    message = email.message_from_bytes(raw, policy=email.policy.default)
    sender = address_in(_header(message, "From"))
    if not sender:
        raise CaseUnreadable(
            "The mail has no sender.", param="case", hint="Give a raw mail with a From header."
        )
    message_id = _header(message, "Message-ID").strip("<> ")
    digest = hashlib.sha256(raw).hexdigest()[:16]
    return CaseInput(
        case_id=message_id or f"mail-{digest}",
        from_email=sender,
        subject=_header(message, "Subject"),
        body=_body(message),
        account_id=None,
        received_at=_mail_moment(message, now),
    )


def address_in(text: str) -> str:
    """The bare lower-case address of `Ada <ADA@example.com>`; empty when there is none."""
    address = parseaddr(text)[1].strip().lower()
    return address if "@" in address else ""


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise CaseUnreadable(f"`{name}` must be text, not {type(value).__name__}.", param=name)
    return value


def _moment(text: str) -> datetime:
    try:
        return parse_utc(text)
    except ValueError as error:
        raise CaseUnreadable(
            f"`received_at` is not an ISO 8601 time: {text!r}.",
            param="received_at",
            hint="Write it like 2026-03-01T09:30:00Z.",
        ) from error


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, "")).replace("\n", " ").strip()
    except (ValueError, IndexError, AttributeError, TypeError):
        # The standard parser still raises on some malformed headers; the raw text is good enough.
        raw = dict(message.raw_items()).get(name, "")
        return str(raw).replace("\n", " ").strip()


def _mail_moment(message: EmailMessage, now: datetime) -> datetime:
    # The topmost Received line is ours; the Date header is only what the sender claims.
    received = message.get_all("Received") or []
    candidates = [str(received[0]).rsplit(";", 1)[-1]] if received else []
    for text in [*candidates, _header(message, "Date")]:
        try:
            moment = parsedate_to_datetime(text.strip())
        except (ValueError, TypeError, IndexError):
            continue
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return now


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = _decoded(part)
    if part.get_content_type() == "text/html":
        text = get_text(text)
    return text.strip()


def _decoded(part: MIMEPart) -> str:
    try:
        content = part.get_content()
    except (LookupError, UnicodeError, ValueError, KeyError):
        # An unknown or wrong charset: keep every byte that is readable.
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return content if isinstance(content, str) else ""
