"""What a mail of an agent asks for, line by line; pure. docs/mail-acts.md lists the commands."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

NAMES: Final = (
    "assign", "priority", "queue", "tag", "untag", "snooze", "back", "follow", "unfollow", "solve",
    "reopen", "note", "reply",
)  # fmt: skip
# With these the rest of the mail is more than a note.
_TEXT: Final = ("note", "reply")
_LINE = re.compile(r"^#\s*([a-z]+)(?:\s+(.*))?$", re.IGNORECASE)
_SPAN = re.compile(r"^(\d{1,3})\s*([mhdw])$", re.IGNORECASE)
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Command:
    """One line: `name` is one of NAMES, or what stood there instead."""

    name: str
    argument: str = ""

    def __str__(self) -> str:
        return f"#{self.name} {self.argument}".strip()

    @property
    def known(self) -> bool:
        """Whether there is such a command."""
        return self.name in NAMES


@dataclass(frozen=True, slots=True)
class Asked:
    """The commands at the top, and the text below them; `to_user`: it is a reply, not a note."""

    commands: tuple[Command, ...]
    text: str
    to_user: bool = False


def read_commands(text: str) -> Asked:
    """The lines with `#` at the very top are commands; the first other line begins the text.

    A `#` further down is text: users and agents write such lines too.
    """
    lines = text.strip().splitlines()
    commands: list[Command] = []
    while lines:
        found = _LINE.match(lines[0].strip())
        if found is None and lines[0].strip():
            break
        line = lines.pop(0)
        if found is not None and line.strip():
            commands.append(Command(found[1].lower(), (found[2] or "").strip()))
    rest = "\n".join(lines).strip()
    doing = tuple(one for one in commands if one.name not in _TEXT)
    # What stands behind `#note` on its own line belongs to the text.
    said = "\n".join(one.argument for one in commands if one.name in _TEXT and one.argument)
    to_user = any(one.name == "reply" for one in commands)
    return Asked(doing, f"{said}\n{rest}".strip(), to_user)


def until(argument: str, now: datetime) -> datetime | None:
    """The time that `2d`, `4h`, `30m`, `1w` or an ISO time means; None where it is none."""
    span = _SPAN.match(argument)
    if span is not None:
        return now + timedelta(**{_UNITS[span[2].lower()]: int(span[1])})
    try:
        at = datetime.fromisoformat(argument)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
