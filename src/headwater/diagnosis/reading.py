"""Reads a case from a raw mail or from JSON. Nothing here touches evidence."""

import hashlib
import json
from datetime import UTC, datetime
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import Any

from headwater.channels.errors import MailRefused
from headwater.channels.mime import headers_of
from headwater.channels.parse import parse_mail
from headwater.diagnosis.errors import CaseUnreadable
from headwater.diagnosis.values import CaseInput
from headwater.kit.clock import parse_utc
from headwater.kit.redaction import masked

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
        subject=masked(texts["subject"]),
        body=masked(texts["body"]),
        account_id=texts["account_id"].strip() or None,
        received_at=_moment(texts["received_at"]),
    )


def case_from_mail(raw: bytes, *, now: datetime) -> CaseInput:
    """The case of one raw mail (RFC 5322); its id is the Message-ID or a digest of the bytes.

    Raises CaseUnreadable when it cannot be read or does not name one sender.
    """
    try:
        mail = parse_mail(raw)
    except MailRefused as error:
        raise CaseUnreadable(str(error), param="case", hint="Give one raw mail.") from error
    if mail.sender is None:
        raise CaseUnreadable(
            "The mail has no sender, or more than one.",
            param="case",
            hint="Give a raw mail with one address in its From header.",
        )
    # What is folded away in a reply is our own answer; in a mail passed on it is the problem.
    passed_on = bool(mail.quoted) and not mail.in_reply_to
    body = f"{mail.text}\n\n{mail.quoted}" if passed_on else mail.text
    return CaseInput(
        case_id=(mail.message_id or "").strip("<>")
        or f"mail-{hashlib.sha256(raw).hexdigest()[:16]}",
        from_email=mail.sender.address.lower(),
        subject=masked(mail.subject),
        body=masked(body.strip()),
        account_id=None,
        received_at=_received(raw) or mail.date or now,
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


def _received(raw: bytes) -> datetime | None:
    """When our own server took the mail in; the Date header is only what the sender claims."""
    received = headers_of(raw).get("received", [])
    try:
        moment = parsedate_to_datetime(received[0].rsplit(";", 1)[-1].strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
