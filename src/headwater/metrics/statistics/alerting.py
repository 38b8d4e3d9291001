"""When a day is unusual enough to tell somebody, with the rate of false alarms that this has."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

# A baseline is the median of so many earlier days of the same weekday.
WEEKS: Final = 8
# Fewer accounts are told as they are; two of a kind are no trend.
LEAST_ACCOUNTS: Final = 5


@dataclass(frozen=True, slots=True)
class Day:
    """A day: accounts that wrote in about something, and accounts that could have."""

    writing: int
    active: int


@dataclass(frozen=True, slots=True)
class Alert:
    """What a day says: `expected` accounts, how far above that it is, and from where it is told.

    `rate` is the share of ordinary days on which it would be told too; None where the history is
    too short to know, and then nothing is told.
    """

    expected: float
    score: float
    threshold: float
    rate: float | None
    is_told: bool


def look_at(history: Sequence[Day], today: Day, *, rate: float) -> Alert | None:
    """Whether `today` is told, at most on a share of `rate` of ordinary days; None without a
    baseline. `history` is the days before, oldest first, without a gap.

    Accounts are counted, not contacts, as shares of those that could write, so that neither one
    busy account nor growth raises an alarm. The threshold is a score of the history itself: if days
    are alike, the next is above the k-th highest of n with the chance k / (n + 1), whatever the
    distribution (Vovk et al. 2005). Raises ValueError for a rate outside (0, 1).
    """
    if not 0 < rate < 1:
        raise ValueError(f"{rate} is no rate of false alarms")
    scores = [_score(history[:at], history[at]) for at in range(7 * WEEKS, len(history))]
    known = sorted((one[1] for one in scores if one is not None), reverse=True)
    now = _score(history, today)
    if now is None:
        return None
    expected, score = now
    place = math.floor(rate * (len(known) + 1))
    if place < 1:
        return Alert(expected, score, math.inf, None, False)
    threshold = known[place - 1]
    told = score > threshold and today.writing >= LEAST_ACCOUNTS
    return Alert(expected, score, threshold, place / (len(known) + 1), told)


def days_needed(rate: float) -> int:
    """How many days of history an alert at that rate needs."""
    return 7 * WEEKS + math.ceil(1 / rate) - 1


def _score(history: Sequence[Day], day: Day) -> tuple[float, float] | None:
    """The accounts expected, and how far above them the day is in units of their spread."""
    same = [history[-7 * week] for week in range(1, WEEKS + 1) if 7 * week <= len(history)]
    shares = [one.writing / one.active for one in same if one.active]
    if len(shares) < WEEKS // 2 or not day.active:
        return None
    expected = median(shares) * day.active
    return expected, (day.writing - expected) / math.sqrt(max(expected, 1.0))
