"""Did it begin for many accounts at once? Then no single account is to blame. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# How close together the beginnings of one incident lie.
SPAN = timedelta(hours=2)
# Of the accounts that are new, how many must begin within the span.
SHARE = 0.5
LEAST_ACCOUNTS = 5
# How many times as many as chance would put into the densest span.
_FACTOR = 3.0


@dataclass(frozen=True, slots=True)
class Onset:
    """`accounts` of `of` began within `SPAN` of `at`, naive UTC."""

    at: datetime
    accounts: int
    of: int


def shared_onset(begins: Sequence[datetime], *, start: datetime, end: datetime) -> Onset | None:
    """The moment at which most of these accounts began, or None where they began one by one.

    Half of them have to begin within two hours, and three times as many as even beginnings over
    `[start, end)` would put there.
    """
    times = sorted(each for each in begins if start <= each < end)
    if len(times) < LEAST_ACCOUNTS:
        return None
    best, best_at, low = 0, 0, 0
    for high, moment in enumerate(times):
        while moment - times[low] > SPAN:
            low += 1
        if high - low + 1 > best:
            best, best_at = high - low + 1, low
    even = len(times) * min(1.0, SPAN / max(end - start, SPAN))
    if best < LEAST_ACCOUNTS or best < SHARE * len(times) or best < _FACTOR * even:
        return None
    return Onset(times[best_at], best, len(times))
