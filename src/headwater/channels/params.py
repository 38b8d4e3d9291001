"""Header values with parameters, such as Content-Type, in one pass. Pure; never raises."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from headwater.channels.words import decode_bytes

_MAX_VALUE = 20_000
_MAX_PARAMS = 100
_NAME = re.compile(r";[\s;]*([^=;\s\"]{1,80})\s*=\s*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)("|\\?$)', re.DOTALL)
_BARE = re.compile(r"[^;]*")
_ESCAPED = re.compile(r'\\(["\\])')
_CONTINUED = re.compile(r"(.+?)\*(\d{1,3})?(\*)?$")


@dataclass(frozen=True, slots=True)
class Value:
    """What stands before the first semicolon, and the parameters by lower-case name."""

    main: str
    params: dict[str, str]


def parse_value(text: str) -> Value:
    """A header value taken apart; the first of repeated parameters counts (RFC 2045, 2231)."""
    text = text[:_MAX_VALUE]
    main, semicolon, _ = text.partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    at = len(main)
    for _ in range(_MAX_PARAMS):
        found = _NAME.match(text, at) if semicolon else None
        if found is None:
            following = text.find(";", at + 1)
            if following < 0:
                break
            at = following
            continue
        name = found[1].lower()
        value, at = _value(text, found.end())
        continued = _CONTINUED.match(name)
        if continued is None:
            plain.setdefault(name, value)
        else:
            number = int(continued[2] or 0)
            encoded = bool(continued[3]) or continued[2] is None
            pieces.setdefault(continued[1], {}).setdefault(number, (encoded, value))
    # The extended form is the better one where both are given.
    return Value(main, plain | {name: _joined(found) for name, found in pieces.items()})


def _value(text: str, at: int) -> tuple[str, int]:
    quoted = _QUOTED.match(text, at)
    if quoted is not None:
        following = text.find(";", quoted.end())
        return _ESCAPED.sub(r"\1", quoted[1]), following if following >= 0 else len(text)
    bare = _BARE.match(text, at)
    return (bare[0].strip(), bare.end()) if bare else ("", at)


def _joined(pieces: dict[int, tuple[bool, str]]) -> str:
    """The text of numbered pieces, percent-decoded in the charset that the first one names."""
    ordered = [pieces[number] for number in sorted(pieces)]
    charset = ""
    if ordered[0][0] and ordered[0][1].count("'") >= 2:
        charset, _, rest = ordered[0][1].split("'", 2)
        ordered[0] = (True, rest)
    data = b"".join(
        unquote_to_bytes(value) if encoded else value.encode("utf-8", "replace")
        for encoded, value in ordered
    )
    return decode_bytes(data, charset or None)
