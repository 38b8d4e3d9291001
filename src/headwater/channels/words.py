"""Bytes and header values to text, whatever their makers got wrong. Pure; never raises."""

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

# What senders declare, and what browsers and mail clients then really find.
_ALIASES = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
}
# Text codecs that a mail has no business naming; some take quadratic time.
_FORBIDDEN = frozenset(["idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"])
# Charsets whose text looks like ASCII until it is decoded.
_SEVEN_BIT = frozenset(
    "utf-7 hz iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext "
    "iso2022_kr utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be".split()
)
_SAMPLE = 20_000
_HIGH_BYTES = bytes(range(128, 256))
_LEAST_HIGH_BYTES = 8
_LEAST_CONFIDENCE = 0.2
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NEWLINE = re.compile(r"\r\n?|\n")


def decode_bytes(data: bytes, charset: str | None) -> str:
    """`data` as text: in the declared charset where that fits, else in the likeliest one."""
    declared = _codec(charset)
    if data.isascii() and declared not in _SEVEN_BIT:
        if b"\x1b$" not in data:
            return clean(data.decode("ascii"))
        declared = "iso2022_jp_ext"
    # Text that is valid UTF-8 is UTF-8, whatever charset of single bytes was declared.
    names = ["utf-8", declared] if declared is None or _is_single(declared) else [declared, "utf-8"]
    for name in names:
        try:
            return clean(data.decode(name or "utf-8"))
        except (UnicodeError, ValueError, LookupError):
            continue
    mended = data.decode("utf-8", "replace")
    if _is_nearly_utf8(mended):
        return clean(mended)
    if declared in {None, "utf-8"}:
        declared = _detected(data)
    try:
        return clean(data.decode(declared or "cp1252", "replace"))
    except (UnicodeError, ValueError, LookupError):
        return clean(data.decode("cp1252", "replace"))


def _is_single(name: str) -> bool:
    return name.startswith(("cp125", "iso8859", "koi8", "mac"))


def _is_nearly_utf8(mended: str) -> bool:
    """True for UTF-8 that was damaged here and there, rather than another charset."""
    if mended.isascii():
        return False
    broken = mended.count("\ufffd")
    letters = len(mended) - len(mended.encode("ascii", "ignore"))
    return letters - broken >= 3 * broken


def _detected(data: bytes) -> str | None:
    """The charset that bytes look like; None where they are too few to tell."""
    sample = data[:_SAMPLE]
    if len(sample) - len(sample.translate(None, _HIGH_BYTES)) < _LEAST_HIGH_BYTES:
        return None
    # Its statistics take a tenth of a second to load, and most mails need none of them.
    import chardet

    found = chardet.detect(
        sample, encoding_era=chardet.EncodingEra.MODERN_WEB, prefer_superset=True
    )
    name, confidence = found["encoding"], found["confidence"]
    return _codec(name) if name and confidence >= _LEAST_CONFIDENCE else None


@lru_cache(maxsize=256)
def _codec(charset: str | None) -> str | None:
    name = (charset or "")[:60].strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if not name or not name.isascii():
        return None
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Python also registers codecs such as zlib and rot13 under these names.
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text and found.name not in _FORBIDDEN else None


def clean(text: str) -> str:
    """Text that every store takes: one kind of newline, no control characters, no surrogates."""
    if "\r" in text:
        text = _NEWLINE.sub("\n", text)
    text = _CONTROL.sub("", text)
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def header_text(value: str) -> str:
    """A header value in one line, encoded words (RFC 2047) and raw 8-bit bytes decoded."""
    return " ".join(decode_words(raw_header(value)).split())


def raw_header(value: str) -> str:
    """A header value as the parser left it, its 8-bit bytes read, still with encoded words."""
    try:
        data = value.encode("ascii", "surrogateescape")
    except UnicodeError:
        return clean(value)
    return decode_bytes(data, None)


def decode_words(text: str) -> str:
    """Text with every encoded word decoded; broken ones stay as they are."""
    if "=?" not in text:
        return text
    pieces: list[tuple[str | None, bytes | str]] = list(_pieces(text))
    out: list[str] = []
    # A character may be split over two words, so bytes of one charset are joined first.
    for charset, group in groupby(pieces, key=lambda piece: piece[0]):
        values = [value for _, value in group]
        if charset is None:
            out.append("".join(v for v in values if isinstance(v, str)))
        else:
            out.append(decode_bytes(b"".join(v for v in values if isinstance(v, bytes)), charset))
    return "".join(out)


def _pieces(text: str) -> Iterator[tuple[str | None, bytes | str]]:
    end, after_word = 0, False
    for found in _ENCODED_WORD.finditer(text):
        data = _word_bytes(found[2], found[3])
        if data is None:
            continue
        between = text[end : found.start()]
        # White space between two encoded words belongs to the encoding.
        if between and not (after_word and between.isspace()):
            yield None, between
        yield found[1].partition("*")[0].lower(), data
        end, after_word = found.end(), True
    if text[end:]:
        yield None, text[end:]


def _word_bytes(how: str, content: str) -> bytes | None:
    data = content.encode("utf-8", "replace")
    if how in "qQ":
        return quopri.decodestring(data, header=True)
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return None
