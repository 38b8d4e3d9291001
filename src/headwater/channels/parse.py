"""Raw bytes to a mail that people can read. Pure.

Whatever the bytes are, `parse_mail` returns a `ParsedMail` or raises `MailRefused`.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

from headwater.channels import machine, markup
from headwater.channels.addresses import Address, parse_addresses
from headwater.channels.errors import MailRefused
from headwater.channels.languages import language_of
from headwater.channels.machine import Bounce, Kind
from headwater.channels.quotes import split_quotes
from headwater.channels.words import clean, decode_bytes, decode_words, header_text, raw_header

MAX_BYTES = 50 * 1024 * 1024
MAX_PARTS = 1_000
MAX_DEPTH = 30
MAX_TEXT = 1_000_000
MAX_REFERENCES = 100

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w.:-]{1,40})""", re.IGNORECASE)
_FORMAT_CHARACTERS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is known of an attachment; `size` is in bytes.

    `data` is None unless it was asked for: the bytes stay in the raw mail.
    """

    name: str
    type: str
    size: int
    sha256: str
    inline: bool
    content_id: str
    data: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail, decoded. `text` is what its author wrote now, `quoted` what was folded away."""

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date: datetime | None
    from_: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    text: str
    quoted: str
    html: str
    attachments: tuple[Attachment, ...]
    language: str | None
    kind: Kind
    bounce: Bounce | None
    may_be_answered: bool
    auth_results: tuple[str, ...]
    truncated: bool = False

    @property
    def sender(self) -> Address | None:
        """The one author, or None where From is missing, has no address, or names several."""
        return self.from_[0] if len(self.from_) == 1 and self.from_[0].address else None


@dataclass(slots=True)
class _Content:
    """What the parts of a mail add up to."""

    text: list[str]
    html: list[str]
    attachments: list[Attachment]
    with_bytes: bool = False
    parts: int = 0


def parse_mail(raw: bytes, *, with_bytes: bool = False) -> ParsedMail:
    """The mail in `raw`; `with_bytes` keeps the content of its attachments.

    Raises MailRefused where it exceeds a bound or cannot be read at all.
    """
    if len(raw) > MAX_BYTES:
        raise MailRefused(f"The mail has {len(raw):,} bytes; {MAX_BYTES:,} are read.")
    if not raw.strip():
        raise MailRefused("The mail is empty.")
    try:
        message = BytesParser(policy=compat32).parsebytes(raw)
        return _read(message, with_bytes)
    except MailRefused:
        raise
    except RecursionError:
        raise MailRefused("The parts of the mail are nested too deeply to be read.") from None
    except Exception as error:
        # Whatever the standard library stumbles over, the mail is kept and somebody is told.
        raise MailRefused(f"The mail cannot be read ({type(error).__name__}: {error}).") from error


def _read(message: Message, with_bytes: bool) -> ParsedMail:
    headers = _headers(message)
    content = _Content([], [], [], with_bytes)
    _collect(message, content, 0)
    full = "\n\n".join(piece for piece in content.text if piece.strip())
    subject = _FORMAT_CHARACTERS.sub("", _one(headers, "subject"))[:1_000]
    in_reply_to = _ids(headers, "in-reply-to")
    references = _ids(headers, "references")
    text, quoted = split_quotes(
        full[:MAX_TEXT], subject=subject, is_reply=bool(in_reply_to or references)
    )
    from_ = _addresses(headers, "from")
    sender = from_[0].address if from_ else ""
    bounce = machine.read_bounce(message, headers, sender, subject, full)
    kind: Kind = "bounce" if bounce else machine.kind_of(headers, message, subject)
    return ParsedMail(
        message_id=_message_id(headers),
        in_reply_to=in_reply_to,
        references=references,
        date=_date(headers),
        from_=from_,
        to=_addresses(headers, "to"),
        cc=_addresses(headers, "cc"),
        reply_to=_addresses(headers, "reply-to"),
        subject=subject,
        text=text,
        quoted=quoted,
        html=markup.sanitise("\n".join(content.html)) if content.html else "",
        attachments=tuple(content.attachments),
        language=language_of(text) or language_of(subject),
        kind=kind,
        bounce=bounce,
        may_be_answered=kind == "normal" and machine.may_be_answered_automatically(headers, sender),
        auth_results=tuple(headers.get("authentication-results", ())),
        truncated=len(full) > MAX_TEXT or sum(map(len, content.html)) > markup.MAX_HTML,
    )


def _headers(message: Message) -> dict[str, list[str]]:
    """Header values by lower-case name, as they stand in the mail, topmost first."""
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), []).append(str(value))
    return found


def _one(headers: Mapping[str, Sequence[str]], name: str) -> str:
    values = headers.get(name, ())
    return header_text(values[0]) if values else ""


def _addresses(headers: Mapping[str, Sequence[str]], name: str) -> tuple[Address, ...]:
    return parse_addresses(raw_header(value) for value in headers.get(name, ()))


def _ids(headers: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    """Message ids in order; of a long chain the first and the latest, which are what counts."""
    found = [one for value in headers.get(name, ()) for one in _MESSAGE_ID.findall(_joined(value))]
    if len(found) > MAX_REFERENCES:
        found = found[:1] + found[1 - MAX_REFERENCES :]
    return tuple(found)


def _message_id(headers: Mapping[str, Sequence[str]]) -> str | None:
    value = _joined(next(iter(headers.get("message-id", ())), ""))
    found = _MESSAGE_ID.search(value)
    if found:
        return found[0]
    bare = value.strip().strip("<>").split()
    return f"<{bare[0][:900]}>" if bare else None


def _joined(value: str) -> str:
    # Some clients write long ids as encoded words, against the rules.
    return re.sub(r"\s+", " ", decode_words(raw_header(value)))


def _date(headers: Mapping[str, Sequence[str]]) -> datetime | None:
    try:
        moment = parsedate_to_datetime(_one(headers, "date"))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _collect(part: Message, content: _Content, depth: int) -> None:
    """Adds what a part and its children hold. Raises MailRefused beyond the bounds."""
    content.parts += 1
    if depth > MAX_DEPTH:
        raise MailRefused(f"The parts of the mail are nested more than {MAX_DEPTH} deep.")
    if content.parts > MAX_PARTS:
        raise MailRefused(f"The mail has more than {MAX_PARTS:,} parts.")
    kind = part.get_content_type()
    payload = part.get_payload()
    if kind.startswith("multipart/") and isinstance(payload, list):
        children = [child for child in payload if isinstance(child, Message)]
        if kind == "multipart/alternative":
            _collect_alternative(children, content, depth)
        else:
            for child in children:
                _collect(child, content, depth + 1)
        return
    # A "multipart" without parts is broken MIME; its text is all there is to read.
    is_plain = kind == "text/plain" or kind.startswith("multipart/")
    if _is_attachment(part) or not (is_plain or kind == "text/html"):
        content.attachments.append(_attachment(part, kind, content.with_bytes))
    elif is_plain:
        content.text.append(_unflowed(part, _text(part)))
    else:
        source = _text(part, is_html=True)
        content.html.append(source)
        content.text.append(markup.text_of(source))


def _collect_alternative(children: Sequence[Message], content: _Content, depth: int) -> None:
    """Of several forms of one text, the plain one is read; the HTML one is kept for showing."""
    plain = _Content([], [], [], content.with_bytes)
    other = _Content([], [], [], content.with_bytes)
    for child in children:
        target = plain if child.get_content_type() == "text/plain" else other
        before = content.parts + plain.parts + other.parts
        if before > MAX_PARTS:
            raise MailRefused(f"The mail has more than {MAX_PARTS:,} parts.")
        _collect(child, target, depth + 1)
    has_plain = any(piece.strip() for piece in plain.text)
    content.parts += plain.parts + other.parts
    content.text.extend(plain.text if has_plain else other.text)
    content.html.extend(other.html)
    content.attachments.extend([*plain.attachments, *other.attachments])


def _is_attachment(part: Message) -> bool:
    disposition = header_text(str(part.get("Content-Disposition", ""))).lower()
    return disposition.startswith("attachment") or bool(_filename(part))


def _filename(part: Message) -> str:
    try:
        name = header_text(part.get_filename() or "")
    except (ValueError, TypeError, LookupError, AttributeError, IndexError):
        return "unreadable-name"
    name = _FORMAT_CHARACTERS.sub("", name).replace("\\", "/").rpartition("/")[2]
    return name.strip(". ")[:255]


def _attachment(part: Message, kind: str, with_bytes: bool) -> Attachment:
    data = _data(part)
    disposition = header_text(str(part.get("Content-Disposition", ""))).lower()
    content_id = header_text(str(part.get("Content-ID", ""))).strip("<> ")
    return Attachment(
        name=_filename(part),
        type=clean(kind)[:200],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        inline=disposition.startswith("inline") or bool(content_id),
        content_id=content_id[:500],
        data=data if with_bytes else None,
    )


def _data(part: Message) -> bytes:
    """The decoded bytes of a part; an enclosed mail as it would be saved to a file."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"\n".join(_flat(child) for child in payload)
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        data = str(payload).encode("utf-8", "replace")
    return data if isinstance(data, bytes) else b""


def _flat(message: Message | str) -> bytes:
    try:
        return message.as_bytes() if isinstance(message, Message) else message.encode()
    except (ValueError, LookupError, TypeError, AttributeError, KeyError):
        return str(message).encode("utf-8", "replace")


def _text(part: Message, *, is_html: bool = False) -> str:
    data = _data(part)[: 4 * MAX_TEXT]
    try:
        charset = part.get_content_charset()
    except (ValueError, LookupError, TypeError, AttributeError):
        charset = None
    if is_html and charset in {None, "us-ascii"}:
        found = _META_CHARSET.search(data[:4_096])
        charset = found[1].decode("ascii", "replace") if found else charset
    return decode_bytes(data, charset)


def _unflowed(part: Message, text: str) -> str:
    """Joins the lines that `format=flowed` (RFC 3676) has broken."""
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    drop_space = str(part.get_param("delsp", "")).lower() == "yes"
    out: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body[1:] if body.startswith(" ") else body
        flows = body.endswith(" ") and body != "-- "
        kept = body[:-1] if flows and drop_space else body
        if open_depth == depth and out:
            out[-1] += kept
        else:
            out.append(f"{'>' * depth} {kept}" if depth else kept)
        open_depth = depth if flows else None
    return "\n".join(line.rstrip() if line != "-- " else line for line in out)
