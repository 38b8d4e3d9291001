"""Address headers to names and addresses, one pass over the text. Pure; never raises.

Written here because two parsers that disagree about a From line are a way to forge senders:
what this module returns is the only reading that identity and threading ever see.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from headwater.channels.words import decode_words

_BEHIND = re.compile(r"[^\s<>@,;:\"()]+")
_MAX_ADDRESS = 320
_MAX_SIGNS = 50
_MAX_HEADER = 1_000_000


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox as written. `address` is empty where a name came without one."""

    name: str
    address: str


def parse_addresses(values: Iterable[str]) -> tuple[Address, ...]:
    """Every mailbox of one or more header values, groups opened up, in order."""
    return tuple(
        address
        for value in values
        for part in _split(value[:_MAX_HEADER])
        if (address := _mailbox(part)) is not None
    )


def _split(text: str) -> Iterator[str]:
    """The mailboxes of a list; commas in quotes, comments and angle brackets do not count."""
    start, quoted, comment, angle, skip = 0, False, 0, False, False
    for at, char in enumerate(text):
        if skip:
            skip = False
        elif char == "\\":
            skip = True
        elif char == '"' and not comment:
            quoted = not quoted
        elif quoted:
            continue
        elif char in "()":
            comment = max(0, comment + (1 if char == "(" else -1))
        elif comment:
            continue
        elif char in "<>":
            angle = char == "<"
        elif char == ":" and not angle:
            start = at + 1  # the name of a group
        elif char in ",;" and not (angle and ">" in text[at : at + _MAX_ADDRESS]):
            yield text[start:at]
            start, angle = at + 1, False
    yield text[start:]


def _mailbox(text: str) -> Address | None:
    text = " ".join(text.split())
    if not text:
        return None
    # The last bracket outside quotes is the address: `"<a@x>" <b@y>` is from b@y.
    bare = _without_quotes(text)
    open_at = bare.rfind("<")
    if open_at >= 0:
        name, inside = text[:open_at], text[open_at + 1 :].partition(">")[0]
    else:
        name, inside = "", text
    found = _address(inside) or (_address(bare) if open_at < 0 else "")
    if open_at < 0:
        name = _comment(text) if found else text
    name = decode_words(_unquoted(name.strip()).strip())
    name = " ".join(name.split())[:200]
    return Address(name, found) if found or name else None


def _unquoted(name: str) -> str:
    """A name without the quotes around it; a quote that is part of it was escaped."""
    if len(name) > 1 and name[0] == name[-1] == '"':
        return name[1:-1].replace('\\"', '"')
    return name.replace('\\"', '"').strip('"')


def _without_quotes(text: str) -> str:
    """The text with everything inside quotes blanked, positions kept."""
    out, quoted, skip = [], False, False
    for char in text:
        if skip:
            skip = False
            out.append(" ")
        elif char == "\\":
            skip = True
            out.append(" ")
        elif char == '"':
            quoted = not quoted
            out.append(" ")
        else:
            out.append(" " if quoted else char)
    # An unpaired quote swallows nothing.
    return text if quoted else "".join(out)


def _address(text: str) -> str:
    """The first address in a text; found from its sign outwards, which bounds the search."""
    at = text.find("@")
    for _ in range(_MAX_SIGNS):
        if at < 0:
            break
        before = _local(text[max(0, at - _MAX_ADDRESS) : at])
        behind = _BEHIND.match(text, at + 1, at + 1 + _MAX_ADDRESS)
        if before and behind and len(before) + len(behind[0]) < _MAX_ADDRESS:
            return f"{before}@{behind[0]}"
        at = text.find("@", at + 1)
    return ""


def _local(text: str) -> str:
    for at in range(len(text) - 1, -1, -1):
        if not _BEHIND.match(text[at]):
            return text[at + 1 :]
    return text


def _comment(text: str) -> str:
    """The old form `a@x (Name)`."""
    inside = text.partition("(")[2].rpartition(")")[0]
    return inside.strip()
