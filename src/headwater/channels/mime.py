"""The structure of a mail: bytes to a tree of parts, without copying their content. Pure.

The standard library's parser asks every line of a mail about every open boundary, so that a mail of
some thousand nested parts takes hours, and it holds a mail of 50 MB nine times over. Here a part is
a span of the raw bytes, boundaries are found by substring search, and depth, parts and header
lines are bounded. An enclosed mail keeps its bytes exactly.
"""

import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from headwater.channels.errors import MailRefused
from headwater.channels.params import Value, parse_value
from headwater.channels.words import decode_bytes

MAX_PARTS = 1_000
MAX_DEPTH = 30
MAX_HEADER_LINES = 50_000

# A line ends in LF, CRLF, the CRCRLF of damaged mail, or a CR alone.
_NEWLINE = re.compile(rb"\r{0,2}\n|\r(?!\r?\n)")
_BLANK_LINE = re.compile(rb"(?:\r{0,2}\n|\r(?!\r?\n))[ \t]{0,100}(?:\r{0,2}\n|\r(?!\r?\n))")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*(.*)", re.DOTALL)
# What a line must begin with to count as a header below one that is none.
_KNOWN = re.compile(
    rb"(from|to|cc|subject|date|message-id|in-reply-to|references|reply-to|sender|return-path|"
    rb"received|mime-version|content-[a-z-]+|x-[a-z-]+|list-[a-z]+|dkim-signature|"
    rb"authentication-results|auto-submitted|precedence)[ \t]*:",
    re.IGNORECASE,
)
_MBOX = re.compile(rb">?From (?![ \t]*:)[^\r\n]{0,1000}(?:\r{0,2}\n|\r(?!\r?\n))")
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*(?=[\r\n]|\Z)")
_FIRST_BOUNDARY = re.compile(
    rb"\s{0,100}--([^\s]{1,70})[ \t]*(?:\r{0,2}\n|\r(?!\r?\n))content-", re.IGNORECASE
)
_TYPE = re.compile(r"\s*([\w!#$&^.+-]{1,100})/([\w!#$&^.+-]{1,100})", re.ASCII)
_TOKEN = re.compile(r"[\w.:+-]+", re.ASCII)


@dataclass(slots=True)
class Part:
    """A node of a mail. Names of headers are lower-case; their values decoded and unfolded, but
    with encoded words still in them. `start` and `end` bound the body in `raw`.
    """

    raw: bytes
    headers: dict[str, list[str]]
    start: int
    end: int
    type: str = "text/plain"
    children: list["Part"] = field(default_factory=list)
    _values: dict[str, Value] = field(default_factory=dict)

    def first(self, name: str) -> str:
        """The first value of a header, or an empty text."""
        values = self.headers.get(name)
        return values[0] if values else ""

    def value(self, name: str) -> Value:
        """A header with parameters, such as content-type, taken apart."""
        if name not in self._values:
            self._values[name] = parse_value(self.first(name))
        return self._values[name]

    def param(self, name: str) -> str:
        """A parameter of the content type, or an empty text."""
        return self.value("content-type").params.get(name, "")

    @property
    def charset(self) -> str:
        """The declared charset; empty where there is none."""
        found = _TOKEN.search(self.param("charset"))
        return found[0].lower() if found else ""

    @property
    def disposition(self) -> str:
        """`attachment`, `inline`, something odd, or empty."""
        found = _TOKEN.match(self.value("content-disposition").main.strip())
        return found[0].lower() if found else ""

    def body(self) -> bytes:
        """The body's bytes as they were sent."""
        return self.raw[self.start : self.end]

    def data(self, limit: int | None = None) -> bytes:
        """The body's bytes with the transfer encoding undone, of at most `limit` sent bytes."""
        end = self.end if limit is None else min(self.end, self.start + limit)
        found = _TOKEN.search(self.first("content-transfer-encoding"))
        encoding = found[0].lower() if found else ""
        if encoding == "base64":
            # Most of a large mail is this; it is not copied once more to be decoded.
            return _from_base64(memoryview(self.raw)[self.start : end])
        return decode_transfer(self.raw[self.start : end], encoding)

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in the order of the mail."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_parts(raw: bytes) -> Part:
    """The tree of a mail. Raises MailRefused beyond the bounds, and nothing else."""
    return _Reader(raw).part(_skipped(raw), len(raw), 0, "text/plain")


def headers_of(raw: bytes) -> dict[str, list[str]]:
    """The headers of a mail or part; of its body nothing is read."""
    return _headers(raw, _skipped(raw), len(raw))[0]


def _skipped(raw: bytes) -> int:
    """Where the headers begin: below blank lines, and the separator line of a mailbox file."""
    start = 0
    # Only what fills whole lines; a mail that starts with a blank line has headers nonetheless.
    blank = re.compile(rb"\s*").match(raw)
    if blank and raw[: blank.end()].rstrip(b" \t"):
        after = raw[blank.end() : blank.end() + 1_000]
        start = blank.end() if _KNOWN.match(after) or _MBOX.match(after) else 0
    mbox = _MBOX.match(raw, start)
    return mbox.end() if mbox else start


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.parts = 0

    def part(self, start: int, end: int, depth: int, default_type: str) -> Part:
        self.parts += 1
        if depth > MAX_DEPTH:
            raise MailRefused(f"The parts of the mail are nested more than {MAX_DEPTH} deep.")
        if self.parts > MAX_PARTS:
            raise MailRefused(f"The mail has more than {MAX_PARTS:,} parts.")
        headers, body = _headers(self.raw, start, end)
        part = Part(self.raw, headers, min(body, end), end)
        found = _TYPE.match(part.value("content-type").main)
        part.type = f"{found[1]}/{found[2]}".lower() if found else default_type
        if part.type.startswith("multipart/"):
            # Top down: a part that was cut short ends where its parent says.
            inner = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
            spans = self._spans(part)
            part.children = [self.part(*span, depth + 1, inner) for span in spans or ()]
            if spans is not None:
                part.end = part.start
        return part

    def _spans(self, part: Part) -> list[tuple[int, int]] | None:
        """The spans of a multipart's children; None where its boundary is nowhere."""
        boundary = part.param("boundary").rstrip().encode("utf-8", "replace")
        if not boundary:
            guess = _FIRST_BOUNDARY.match(self.raw, part.start, part.end)
            if guess is None:
                return None
            boundary = guess[1]
        spans: list[tuple[int, int]] = []
        begin, seen = None, False
        for line_start, line_end, closes in self._delimiters(b"--" + boundary, part):
            seen = True
            if begin is not None:
                spans.append((begin, max(begin, line_start)))
            begin = None if closes else line_end
            if closes or len(spans) > MAX_PARTS:
                break
        if begin is not None:
            spans.append((begin, part.end))
        return spans if seen else None

    def _delimiters(self, delimiter: bytes, part: Part) -> Iterator[tuple[int, int, bool]]:
        """Start and end of each delimiter line, newlines included, and whether it closes."""
        raw, at = self.raw, part.start
        while (at := raw.find(delimiter, at, part.end)) >= 0:
            after = _AFTER_BOUNDARY.match(raw, at + len(delimiter), part.end)
            if after and (at == part.start or raw[at - 1] in b"\r\n"):
                newline = _NEWLINE.match(raw, after.end(), part.end)
                end = newline.end() if newline else after.end()
                yield _before_newline(raw, at, part.start), end, bool(after[1])
                at = end
            else:
                at += len(delimiter)


def _before_newline(raw: bytes, at: int, lowest: int) -> int:
    """The newline above a delimiter belongs to the delimiter."""
    if at > lowest and raw[at - 1] == 0x0A:
        at -= 1
        if at > lowest and raw[at - 1] == 0x0D:
            at -= 1
    elif at > lowest and raw[at - 1] == 0x0D:
        at -= 1
    return at


def _headers(raw: bytes, start: int, end: int) -> tuple[dict[str, list[str]], int]:
    """The headers that begin at `start`, and where the body begins."""
    first = _NEWLINE.match(raw, start, end)
    if first:
        return {}, first.end()
    blank = _BLANK_LINE.search(raw, start, end)
    stop, body = (blank.start(), blank.end()) if blank else (end, end)
    lines: list[tuple[int, bytes]] = []
    at = start
    for newline in _NEWLINE.finditer(raw, start, stop):
        lines.append((at, raw[at : newline.start()]))
        at = newline.end()
        if len(lines) > MAX_HEADER_LINES:
            raise MailRefused(
                f"A part of the mail has more than {MAX_HEADER_LINES:,} lines of headers."
            )
    lines.append((at, raw[at:stop]))
    return _fields(lines, body)


def _fields(lines: Sequence[tuple[int, bytes]], body: int) -> tuple[dict[str, list[str]], int]:
    found: dict[str, list[str]] = {}
    last_known: int | None = None
    pieces: list[bytes] = []
    name = ""
    for number, (at, line) in enumerate(lines):
        if line[:1] in b" \t" and name:
            pieces.append(line.strip())
            continue
        match = _FIELD.match(line)
        if match is None:
            if last_known is None:
                last_known = _last_known(lines)
            if number > last_known:
                # The text began without a blank line above it.
                body = at
                break
            continue
        if name:
            found.setdefault(name, []).append(_text(pieces))
        name = match[1].decode("ascii").lower()
        pieces = [match[2].strip()]
    if name:
        found.setdefault(name, []).append(_text(pieces))
    return found, body


def _last_known(lines: Sequence[tuple[int, bytes]]) -> int:
    known = (at for at in range(len(lines) - 1, -1, -1) if _KNOWN.match(lines[at][1]))
    return next(known, -1)


def _text(pieces: Sequence[bytes]) -> str:
    return decode_bytes(b" ".join(pieces), None)


def decode_transfer(data: bytes, encoding: str) -> bytes:
    """Bytes without a transfer encoding other than base64, as far as it goes; an unknown encoding
    changes nothing.
    """
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding in {"x-uuencode", "uuencode", "uue", "x-uue"}:
        found = next(uuencoded(data), None)
        return found[3] if found else data
    return data


def _from_base64(view: memoryview) -> bytes:
    first = bytes(view[:1_000]).lstrip()[:80].split(b"\n")[0].strip()
    # Words with blanks between them were never base64, whatever the header says.
    if first.count(b" ") > 1:
        return bytes(view)
    try:
        return binascii.a2b_base64(view)
    except binascii.Error:
        data = bytes(view)
    try:
        return binascii.a2b_base64(data + b"==")
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data.partition(b"=")[0])
    return binascii.a2b_base64(letters[: len(letters) // 4 * 4])


_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", re.MULTILINE)


def uuencoded(data: bytes) -> Iterator[tuple[int, int, str, bytes]]:
    """Start, end, name and content of each uuencoded file in a text."""
    at = 0
    while (begin := _UU_BEGIN.search(data, at)) is not None:
        at = begin.end()
        out: list[bytes] = []
        while at < len(data):
            newline = data.find(b"\n", at) + 1 or len(data)
            line = data[at:newline].rstrip(b"\r\n")
            at = newline
            if line == b"end":
                yield begin.start(), at, decode_bytes(begin[1], None), b"".join(out)
                break
            decoded = _uu_line(line)
            if decoded is None:
                break
            out.append(decoded)


def _uu_line(line: bytes) -> bytes | None:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders count wrongly; the length in the first character is what holds.
        length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
        try:
            return binascii.a2b_uu(line[:length]) if line else None
        except binascii.Error:
            return None
