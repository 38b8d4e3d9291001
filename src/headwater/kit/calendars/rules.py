"""Which spans of time a calendar calls working time; pure, in the order that the page gives.

See docs/algorithms/working-time.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

import holidays as public_holidays

from headwater.kit.calendars.errors import CalendarRefused, InstantRefused

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199
_MICROSECOND: Final = timedelta(microseconds=1)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of one day in seconds since its midnight; `end` may lie on the next day."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HolidaySet:
    """The public holidays of a country, and of one of its regions."""

    country: str
    region: str | None = None

    def years(self) -> tuple[int, int]:
        """The first and the last year whose holidays are known."""
        known = self._ask(2026)
        return known.start_year, known.end_year

    def dates(self, year: int) -> set[date]:
        """The holidays of `year`, among them days off in lieu. Raises CalendarRefused."""
        return set(self._ask(year))

    def _ask(self, year: int) -> public_holidays.HolidayBase:
        try:
            return public_holidays.country_holidays(
                self.country, subdiv=self.region, years=year, expand=False
            )
        except (NotImplementedError, AttributeError) as error:
            place = f"{self.country}-{self.region}" if self.region else self.country
            raise CalendarRefused(
                f"No public holidays are known for {place!r}.",
                param="holidays",
                hint="Write the ISO 3166 codes, such as country = 'DE' and region = 'BY', or list "
                "the days as exceptions.",
            ) from error


@dataclass(frozen=True, slots=True)
class FixedDays:
    """Days off by date, as a list that no later edition of a library changes."""

    days: frozenset[date]

    def years(self) -> tuple[int, int]:
        """All: beyond the list there are none."""
        return FIRST_YEAR, LAST_YEAR

    def dates(self, year: int) -> set[date]:
        """Those of `year`."""
        return {day for day in self.days if day.year == year}


@dataclass(frozen=True)
class Calendar:
    """When somebody works: shifts by weekday (0 is Monday), holidays, single other days."""

    name: str
    zone: ZoneInfo
    hours: Mapping[int, tuple[Shift, ...]]
    holidays: tuple[HolidaySet | FixedDays, ...] = ()
    exceptions: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """The shifts that start on that local date."""
        if day in self.exceptions:
            return self.exceptions[day]
        if day in self._closed(day.year):
            return ()
        return self.hours.get(day.weekday(), ())

    def spans(self, year: int) -> Iterator[tuple[int, int]]:
        """Working time within a year of UTC: disjoint, sorted, in microseconds since 1970.

        Raises InstantRefused for a year that the calendar cannot tell.
        """
        self._demand(year)
        lowest, highest = (microseconds(datetime(at, 1, 1, tzinfo=UTC)) for at in (year, year + 1))
        # Zones lie up to 14 hours from UTC, and a shift may run into the second day.
        day, last = date(year - 1, 12, 29), date(year + 1, 1, 2)
        found = []
        while day <= last:
            for shift in self.shifts(day):
                start = max(self._instant(day, shift.start), lowest)
                end = min(self._instant(day, shift.end), highest)
                if start < end:
                    found.append((start, end))
            day += timedelta(days=1)
        return _merged(sorted(found))

    def _demand(self, year: int) -> None:
        first, last = self.known_years
        if not first <= year <= last:
            raise InstantRefused(
                f"The calendar {self.name!r} knows the years {first} to {last}, not {year}.",
                param="year",
                hint="Holidays beyond are not known; ask for an earlier or later time."
                if self.holidays
                else None,
            )

    @cached_property
    def known_years(self) -> tuple[int, int]:
        """The first and last year that can be asked about."""
        ranges = [each.years() for each in self.holidays]
        return (
            max([FIRST_YEAR, *(first for first, _ in ranges)]),
            min([LAST_YEAR, *(last for _, last in ranges)]),
        )

    @cached_property
    def _closed_by_year(self) -> dict[int, set[date]]:
        return {}

    def _closed(self, year: int) -> set[date]:
        if year not in self._closed_by_year:
            dates = [each.dates(year) for each in self.holidays]
            self._closed_by_year[year] = set().union(*dates)
        return self._closed_by_year[year]

    def _instant(self, day: date, seconds: int) -> int:
        wall = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001
        return microseconds(reached(wall, self.zone))


def microseconds(instant: datetime) -> int:
    """Whole microseconds since 1970."""
    return (instant - EPOCH) // _MICROSECOND


def reached(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which a clock on the wall shows `wall` or has jumped it."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # Jumped over: between these two lies the jump, and only there the offset changes.
    late = microseconds(instant) // 1_000_000
    early = microseconds(wall.replace(tzinfo=zone, fold=1).astimezone(UTC)) // 1_000_000
    while late - early > 1:
        middle = (early + late) // 2
        shown = (EPOCH + timedelta(seconds=middle)).astimezone(zone).replace(tzinfo=None)
        early, late = (early, middle) if shown >= wall else (middle, late)
    return EPOCH + timedelta(seconds=late)


def _merged(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Sorted spans without overlaps: what two shifts cover counts once."""
    current: tuple[int, int] | None = None
    for start, end in spans:
        if current is None:
            current = (start, end)
        elif start <= current[1]:
            current = (current[0], max(current[1], end))
        else:
            yield current
            current = (start, end)
    if current is not None:
        yield current
