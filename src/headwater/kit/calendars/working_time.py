"""Working time between two instants, and the instant after so much of it.

Years are compiled on demand into sorted spans with running sums; a question bisects them.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from headwater.kit.calendars.errors import InstantRefused
from headwater.kit.calendars.rules import EPOCH, Calendar, microseconds

# A calendar that is shut for so long will not open again.
_YEARS_WITHOUT_WORK: Final = 10


@dataclass(frozen=True, slots=True)
class _Year:
    starts: list[int]
    ends: list[int]
    before: list[int]  # working microseconds of the year before each span
    total: int

    def passed(self, at: int) -> int:
        """Working microseconds of this year before `at`."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        return self.before[index] + min(at, self.ends[index]) - self.starts[index]

    def first(self, amount: int) -> int:
        """The first instant with `amount` (more than 0, at most the total) behind it."""
        index = bisect_left(self.before, amount) - 1
        return self.starts[index] + amount - self.before[index]

    def last(self, amount: int) -> int:
        """The last instant with `amount` (less than the total) behind it."""
        index = bisect_right(self.before, amount) - 1
        return self.starts[index] + amount - self.before[index]


class WorkingTime:
    """Answers for one calendar. Keeps compiled years, so use one object for many questions."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._years: dict[int, _Year] = {}

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` until `end`; negative when they are reversed.

        Both are aware. Raises InstantRefused.
        """
        _demand_offset(start, end)
        lower, upper = sorted((microseconds(start), microseconds(end)))
        first, last = _year_of(lower), _year_of(upper)
        amount = self._year(last).passed(upper)
        amount += sum(self._year(year).total for year in range(first, last))
        amount -= self._year(first).passed(lower)
        return timedelta(microseconds=amount if lower == microseconds(start) else -amount)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The instant at which `amount` of working time has passed since `start`.

        In UTC (zoned times that come twice compare unequal); the first such instant, and for a
        negative amount the last one before `start`; `start` itself for none. Raises InstantRefused.
        """
        _demand_offset(start)
        wanted = amount // timedelta(microseconds=1)
        at = microseconds(start)
        year = _year_of(at)
        passed = self._year(year).passed(at)
        if wanted > 0:
            at = self._forward(year, passed + wanted)
        elif wanted < 0:
            at = self._backward(year, passed + wanted)
        return EPOCH + timedelta(microseconds=at)

    def until(self, start: datetime, amount: timedelta) -> datetime:
        """The last instant, in UTC, by which no more than `amount` (0 or more) has passed.

        Where `add` is the end of a shift this is the start of the next. Raises InstantRefused.
        """
        _demand_offset(start)
        at = microseconds(start)
        year = _year_of(at)
        wanted = self._year(year).passed(at) + amount // timedelta(microseconds=1)
        idle = 0
        while wanted >= self._year(year).total:
            wanted -= self._year(year).total
            idle = 0 if self._year(year).total else idle + 1
            self._stop_idling(idle)
            year += 1
        return EPOCH + timedelta(microseconds=self._year(year).last(wanted))

    def _forward(self, year: int, amount: int) -> int:
        idle = 0
        while amount > self._year(year).total:
            amount -= self._year(year).total
            idle = 0 if self._year(year).total else idle + 1
            self._stop_idling(idle)
            year += 1
        return self._year(year).first(amount)

    def _backward(self, year: int, amount: int) -> int:
        idle = 0
        while amount < 0:
            year -= 1
            amount += self._year(year).total
            idle = 0 if self._year(year).total else idle + 1
            self._stop_idling(idle)
        return self._year(year).last(amount)

    def _stop_idling(self, years: int) -> None:
        if years >= _YEARS_WITHOUT_WORK:
            raise InstantRefused(
                f"The calendar {self.calendar.name!r} has no working time in {years} years.",
                param="calendar",
                hint="Give it hours.",
            )

    def _year(self, year: int) -> _Year:
        if year not in self._years:
            starts, ends, before, total = [], [], [], 0
            for start, end in self.calendar.spans(year):
                starts.append(start)
                ends.append(end)
                before.append(total)
                total += end - start
            self._years[year] = _Year(starts, ends, before, total)
        return self._years[year]


def _year_of(at: int) -> int:
    try:
        return (EPOCH + timedelta(microseconds=at)).year
    except OverflowError:  # the last hours of the year 9999, west of Greenwich
        return 10_000 if at > 0 else 0


def _demand_offset(*instants: datetime) -> None:
    for instant in instants:
        if instant.utcoffset() is None:
            raise InstantRefused(
                f"{instant.isoformat()!r} has no offset from UTC.",
                param="instant",
                hint="Write one, such as 2026-03-29T10:00:00+02:00 or 2026-03-29T08:00:00Z.",
            )
