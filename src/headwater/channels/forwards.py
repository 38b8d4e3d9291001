"""Whose mail somebody passed on, where that is beyond doubt. Pure.

An agent forwards what a user sent to them: the case is the user's, not the agent's. Where the mail
does not say with one voice who wrote first, nobody is guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headwater.channels import phrases
from headwater.channels.addresses import Address, parse_addresses
from headwater.channels.errors import MailRefused
from headwater.channels.parse import ParsedMail, parse_mail

_BLOCK_LINES = 12
_LONGEST_LINE = 1_000
_BRACKETED_LINK = re.compile(r"<mailto:[^<>]{1,400}>|\[mailto:[^\[\]]{1,400}\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The first mail: who wrote it and what, and what was said above it when it was passed on."""

    author: Address
    subject: str
    text: str
    comment: str


def forwarded_mail(mail: ParsedMail) -> Forwarded | None:
    """The mail that was passed on; None where there is none, or where its author is in doubt.

    `mail` must have been read with the bytes of its attachments.
    """
    enclosed = [one for one in mail.attachments if one.type == "message/rfc822"]
    if enclosed:
        return _from_enclosed(mail, enclosed[0].data) if len(enclosed) == 1 else None
    return _from_text(mail)


def _from_enclosed(mail: ParsedMail, raw: bytes | None) -> Forwarded | None:
    try:
        inner = parse_mail(raw or b"")
    except MailRefused:
        return None
    if inner.sender is None or inner.kind != "normal":
        return None
    text = inner.text if not inner.quoted else f"{inner.text}\n\n{inner.quoted}"
    return Forwarded(inner.sender, inner.subject, text, mail.text)


def _from_text(mail: ParsedMail) -> Forwarded | None:
    lines = mail.text.split("\n")
    says_so = bool(phrases.FORWARD_SUBJECT.match(mail.subject.strip()))
    marks = [at for at, line in enumerate(lines) if phrases.FORWARD.match(line[:_LONGEST_LINE])]
    if not (marks or says_so):
        return None
    start = marks[0] + 1 if marks else _first_header_line(lines)
    if start is None:
        return None
    block = _header_block(lines, start)
    authors = [line for line in block if phrases.FROM.match(line)]
    if len(authors) != 1 or len(block) < 2:
        return None
    found = parse_addresses([_value(_BRACKETED_LINK.sub(" ", authors[0]))])
    addresses = [one for one in found if one.address]
    if len(addresses) != 1:
        return None
    begin, end = (marks[0] if marks else start), _end_of_block(lines, start)
    subject = phrases.FORWARD_SUBJECT.sub("", mail.subject.strip()).strip()
    comment = "\n".join(lines[:begin]).strip()
    return Forwarded(addresses[0], subject, "\n".join(lines[end:]).strip(), comment)


def _first_header_line(lines: Sequence[str]) -> int | None:
    """Where three fields of a header stand together, one of them the author's."""
    for at, line in enumerate(lines):
        if not _is_field(line):
            continue
        block = _header_block(lines, at)
        return at if len(block) >= 3 and any(phrases.FROM.match(one) for one in block) else None
    return None


def _header_block(lines: Sequence[str], start: int) -> list[str]:
    end = _end_of_block(lines, start)
    return [line[:_LONGEST_LINE].strip() for line in lines[start:end] if _is_field(line)]


def _end_of_block(lines: Sequence[str], start: int) -> int:
    """The first line below the header: blank lines before its first field belong to it."""
    at, seen = start, False
    while at < len(lines) and at < start + _BLOCK_LINES:
        if _is_field(lines[at]):
            seen = True
        elif lines[at].strip() or seen:
            break
        at += 1
    return at


def _is_field(line: str) -> bool:
    line = line[:_LONGEST_LINE]
    return bool(phrases.FROM.match(line) or phrases.FIELD.match(line))


def _value(line: str) -> str:
    return re.split(r"[:：]", line, maxsplit=1)[1].strip(" *")
