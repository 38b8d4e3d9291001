"""Who is asked, and what a score means; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LOWEST: Final = 1
HIGHEST: Final = 5
# Satisfied are 4 and 5: a 3 is no praise. Low is what a lead looks into.
SATISFIED: Final = 4
LOW: Final = 2


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides whether somebody is asked about a solved case."""

    opted_out: bool
    # A person of ours has answered, and the user has written.
    answered_by_us: bool
    written_by_user: bool
    bouncing: bool
    machine: bool
    last_asked_at: datetime | None


def why_not(about: Circumstances, now: datetime, quiet: timedelta) -> str:
    """Why the person is not asked; "" if they are. `quiet`: how long after the last time."""
    if about.opted_out:
        return "They want no surveys."
    if not about.written_by_user:
        return "The user wrote nothing."
    if not about.answered_by_us:
        return "Nobody answered them."
    if about.machine:
        return "The address is a machine's."
    if about.bouncing:
        return "Mail to the address comes back."
    if about.last_asked_at is not None and now - about.last_asked_at < quiet:
        return "They were asked a short while ago."
    return ""


def is_low(score: int) -> bool:
    """Whether a lead looks into the case again."""
    return score <= LOW
