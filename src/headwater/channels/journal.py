"""The server's yes, written down before anything else can go wrong.

Between the server's yes and our commit lies a wait for the store's lock, in which a process may be
killed. A file that exists is there even then: it closes most of the gap in which a mail could be
sent twice. It helps on the machine where it was written.
"""

import os
from pathlib import Path

from django.conf import settings


def _path(outgoing_id: str, turn: int) -> Path:
    # A mail that a person sends once more is another turn: the note of the last one is void.
    return Path(settings.HEADWATER_SPOOL) / "accepted" / f"{outgoing_id}.{turn}"


def note_accepted(outgoing_id: str, turn: int, answer: str) -> None:
    """Keeps that the server has taken the mail, whatever happens next."""
    path = _path(outgoing_id, turn)
    # Named whole or not at all: the content comes with the exclusive creation in one write.
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, answer[:500].encode("utf-8", "replace"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def accepted(outgoing_id: str, turn: int) -> str | None:
    """What the server said when it took the mail; None where nobody noted that it did."""
    try:
        return _path(outgoing_id, turn).read_text("utf-8", "replace") or "250"
    except FileNotFoundError:
        return None


def forget(outgoing_id: str, turn: int) -> None:
    """Drops the note, once the store knows."""
    _path(outgoing_id, turn).unlink(missing_ok=True)


def noted() -> list[tuple[str, int]]:
    """The mails and turns that have a note."""
    folder = Path(settings.HEADWATER_SPOOL) / "accepted"
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    parts = [name.rpartition(".") for name in names]
    return [(outgoing_id, int(turn)) for outgoing_id, _, turn in parts if turn.isdigit()]
