"""Mails out of files: .eml, mbox and Maildir, one at a time and in bounded memory."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from headwater.channels.parse import MAX_BYTES, moment_of

_READ_LINE = 1 << 16
# The line that an mbox puts before each mail: who sent it, and when it was delivered.
_ENVELOPE = re.compile(rb"From (\S*)(.*\b\d{1,2}:\d\d\b.*\b\d{4}\b.*)")
_MAILDIR_NAME = re.compile(r"(\d{9,11})\.")
_ESCAPED = re.compile(rb">+From ")
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")


@dataclass(frozen=True, slots=True)
class Found:
    """One mail and the place it stands in; `raw` is None where it cannot be taken, see `reason`.

    `size` is how many bytes of the source it takes.
    """

    place: str
    size: int
    raw: bytes | None
    envelope_from: str = ""
    reason: str = ""
    # When it was delivered, as the mbox or the Maildir says.
    delivered_at: datetime | None = None


def mails_in(paths: Sequence[Path]) -> Iterator[Found]:
    """Every mail in `paths`: files, folders of files, mbox files, Maildirs; in order of names.

    A file given by name is read as a mail, or as an mbox where it begins like one. In folders
    only `.eml` files and mbox files are mails; the others are left alone.
    """
    for path in paths:
        if path.is_dir():
            yield from _in_folder(path)
        else:
            yield from _in_file(path, is_named=True)


def bytes_in(paths: Sequence[Path]) -> int:
    """How many bytes `mails_in` would read."""
    return sum(_size(path) for path in _files(paths))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, names, files in os.walk(path):
            _in_order(names)
            if _is_maildir(Path(folder)):
                names[:] = [name for name in names if name not in {"cur", "new", "tmp"}]
                yield from _maildir_files(Path(folder))
            yield from (Path(folder) / name for name in sorted(files) if name[0] != ".")


def _in_folder(path: Path) -> Iterator[Found]:
    for folder, names, files in os.walk(path):
        here = Path(folder)
        _in_order(names)
        if _is_maildir(here):
            names[:] = [name for name in names if name not in {"cur", "new", "tmp"}]
            for file in _maildir_files(here):
                found = _one_mail(_where_it_is_now(here, file))
                yield replace(found, delivered_at=_delivered(file.name))
        for name in sorted(files):
            if not name.startswith("."):
                yield from _in_file(here / name, is_named=False)


def _in_order(names: list[str]) -> None:
    # Folders of a Maildir begin with a dot, so dots are no reason to leave one out.
    names.sort()


def _is_maildir(folder: Path) -> bool:
    return (folder / "cur").is_dir() and (folder / "new").is_dir()


def _maildir_files(folder: Path) -> list[Path]:
    files = [
        entry
        for part in ("new", "cur")
        for entry in (folder / part).iterdir()
        if entry.is_file() and not entry.name.startswith(".")
    ]
    # Names begin with the time of delivery: answers come after what they answer.
    return sorted(files, key=lambda file: file.name)


def _where_it_is_now(folder: Path, file: Path) -> Path:
    """A mail client that reads the Maildir moves mails to `cur` and renames them meanwhile."""
    if file.exists():
        return file
    unique = file.name.partition(":")[0]
    return next((one for one in (folder / "cur").iterdir() if one.name.startswith(unique)), file)


def _in_file(path: Path, *, is_named: bool) -> Iterator[Found]:
    try:
        with path.open("rb") as file:
            is_mbox = path.suffix.lower() != ".eml" and _ENVELOPE.match(file.readline(_READ_LINE))
            if is_mbox:
                file.seek(0)
                yield from _in_mbox(str(path), file)
                return
    except OSError as error:
        yield _unreadable(path, error)
        return
    if is_named or path.suffix.lower() == ".eml":
        yield _one_mail(path)


def _delivered(name: str) -> datetime | None:
    """The time that a Maildir's file name begins with."""
    found = _MAILDIR_NAME.match(name)
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None


def _one_mail(path: Path) -> Found:
    size = _size(path)
    try:
        if size > MAX_BYTES:
            return Found(str(path), size, None, reason=_too_large(size))
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        return _unreadable(path, error)
    return Found(str(path), size, raw)


def _in_mbox(name: str, file: BinaryIO) -> Iterator[Found]:
    """The mails between the separating lines of an mbox, in the form named mboxrd."""
    mail: _Collected | None = None
    offset, after_blank, line_start = 0, True, True
    while line := file.readline(_READ_LINE):
        envelope = _ENVELOPE.match(line) if after_blank and line_start else None
        if envelope and _begins_a_mail(file):
            if mail is not None:
                yield mail.found(name)
            told = moment_of(envelope[2].decode("ascii", "replace").strip())
            mail = _Collected(offset, envelope[1], len(line), told)
        elif mail is not None:
            # Writers put a > before such lines of a mail; readers take it off again.
            mail.add(line, escaped=line_start and bool(_ESCAPED.match(line)))
        offset += len(line)
        after_blank = line_start and line in {b"\n", b"\r\n"}
        line_start = line.endswith(b"\n")
    if mail is not None:
        yield mail.found(name)


def _begins_a_mail(file: BinaryIO) -> bool:
    """Whether a header follows: "From here on, at 10:00 in 2024…" may be a sentence of a mail."""
    here = file.tell()
    following = file.readline(_READ_LINE)
    file.seek(here)
    return not following.strip() or bool(_HEADER.match(following))


class _Collected:
    """One mail of an mbox while it is read; what exceeds the bound is counted, not kept."""

    def __init__(
        self, offset: int, sender: bytes, envelope_size: int, delivered_at: datetime | None
    ) -> None:
        self._delivered_at = delivered_at
        self._offset = offset
        self._envelope_size = envelope_size
        self._sender = sender.decode("utf-8", "replace")
        self._size = 0
        self._lines: list[bytes] = []

    def add(self, line: bytes, *, escaped: bool) -> None:
        self._size += len(line)
        if self._size <= MAX_BYTES + 2:
            self._lines.append(line[1:] if escaped else line)
        else:
            self._lines.clear()

    def found(self, name: str) -> Found:
        place, size = f"{name}@{self._offset}", self._size + self._envelope_size
        if self._size > MAX_BYTES + 2:
            return Found(place, size, None, reason=_too_large(self._size))
        # The blank line before the next mail belongs to the mbox.
        if self._lines and self._lines[-1] in {b"\n", b"\r\n"}:
            self._lines.pop()
        sender = self._sender if "@" in self._sender else ""
        return Found(
            place, size, b"".join(self._lines),
            envelope_from=sender, delivered_at=self._delivered_at,
        )  # fmt: skip


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _too_large(size: int) -> str:
    return f"The mail has {size:,} bytes; {MAX_BYTES:,} are accepted."


def _unreadable(path: Path, error: OSError) -> Found:
    reason = (error.strerror or "unreadable").lower()
    return Found(str(path), 0, None, reason=f"The file cannot be read ({reason}).")
