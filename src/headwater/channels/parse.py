"""Raw bytes to a mail that people can read. Pure.

Whatever the bytes are, `parse_mail` returns a `ParsedMail` or raises `MailRefused`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from headwater.channels import machine
from headwater.channels.addresses import Address, parse_addresses
from headwater.channels.content import MAX_TEXT, Attachment, read_content
from headwater.channels.errors import MailRefused
from headwater.channels.languages import language_of
from headwater.channels.machine import Bounce, Kind
from headwater.channels.mime import Part, read_parts
from headwater.channels.quotes import split_quotes
from headwater.channels.words import decode_words, header_text

__all__ = ["Attachment", "ParsedMail", "parse_mail"]

MAX_BYTES = 50 * 1024 * 1024
MAX_REFERENCES = 100

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_BARE_ID = re.compile(r"[^<>\s,;\"]+")
_FORMAT_CHARACTERS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_DOTTED_TIME = re.compile(r"\b(\d\d)\.(\d\d)\.(\d\d)\b(?=\s*[+-]\d{4}|\s*$|\s+[A-Z])")


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail, decoded. `text` is what its author wrote now, `quoted` what was folded away."""

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date: datetime | None
    # When the last server took it, by its own word.
    received: datetime | None
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
    # The mail that a bounce or receipt tells of.
    reports_on: str | None
    # What a person should know of how it could be read.
    notes: tuple[str, ...]
    may_be_answered: bool
    auth_results: tuple[str, ...]
    truncated: bool = False

    @property
    def sender(self) -> Address | None:
        """The one author, or None where From is missing, has no address, or names several."""
        return self.from_[0] if len(self.from_) == 1 and self.from_[0].address else None


def parse_mail(raw: bytes, *, with_bytes: bool = False) -> ParsedMail:
    """The mail in `raw`; `with_bytes` keeps the content of its attachments.

    Raises MailRefused where it exceeds a bound or cannot be read at all.
    """
    if len(raw) > MAX_BYTES:
        raise MailRefused(f"The mail has {len(raw):,} bytes; {MAX_BYTES:,} are read.")
    if not raw.strip():
        raise MailRefused("The mail is empty.")
    try:
        return _read(read_parts(raw), with_bytes)
    except MailRefused:
        raise
    except RecursionError:
        raise MailRefused("The parts of the mail are nested too deeply to be read.") from None
    except Exception as error:
        # Whatever a library stumbles over, the mail is kept and somebody is told.
        raise MailRefused(f"The mail cannot be read ({type(error).__name__}: {error}).") from error


def _read(root: Part, with_bytes: bool) -> ParsedMail:
    headers = root.headers
    content = read_content(root, with_bytes=with_bytes)
    full = content.full_text()
    subject = _FORMAT_CHARACTERS.sub("", _one(headers, "subject"))[:1_000]
    in_reply_to = _ids(headers, "in-reply-to")
    references = _ids(headers, "references")
    text, quoted = split_quotes(
        full[:MAX_TEXT], subject=subject, is_reply=bool(in_reply_to or references)
    )
    from_ = _addresses(headers, "from")
    sender = from_[0].address if from_ else ""
    report = machine.read_report(root, sender, subject, full)
    kind = report.kind if report else machine.kind_of(headers, subject)
    return ParsedMail(
        message_id=_message_id(headers),
        in_reply_to=in_reply_to,
        references=references,
        date=moment_of(_one(headers, "date")),
        received=moment_of(_one(headers, "received").rpartition(";")[2].strip()),
        from_=from_,
        to=_addresses(headers, "to"),
        cc=_addresses(headers, "cc"),
        reply_to=_addresses(headers, "reply-to"),
        subject=subject,
        text=text,
        quoted=quoted,
        html="\n".join(content.html),
        attachments=tuple(content.attachments),
        language=language_of(text) or language_of(subject),
        kind=kind,
        bounce=report.bounce if report else None,
        reports_on=report.original_message_id if report else None,
        notes=tuple(content.notes),
        may_be_answered=kind == "normal" and machine.may_be_answered_automatically(headers, sender),
        auth_results=tuple(headers.get("authentication-results", ())),
        truncated=len(full) > MAX_TEXT or content.truncated,
    )


def _one(headers: Mapping[str, Sequence[str]], name: str) -> str:
    values = headers.get(name, ())
    return header_text(values[0]) if values else ""


def _addresses(headers: Mapping[str, Sequence[str]], name: str) -> tuple[Address, ...]:
    return parse_addresses(headers.get(name, ()))


def _ids(headers: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...]:
    """Message ids in order; of a long chain the first and the latest, which are what counts."""
    values = [_joined(value) for value in headers.get(name, ())]
    found = [one for value in values for one in _MESSAGE_ID.findall(value)]
    if not found:
        bare = [one for value in values for one in _BARE_ID.findall(value)]
        found = [f"<{one}>" for one in bare if 0 < one.find("@") < len(one) - 1 and len(one) < 900]
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
    return re.sub(r"\s+", " ", decode_words(value))


def moment_of(text: str) -> datetime | None:
    """The time that a header or the line before a mail tells, in UTC; None where it tells none."""
    text = _DOTTED_TIME.sub(r"\1:\2:\3", text[:200])
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
