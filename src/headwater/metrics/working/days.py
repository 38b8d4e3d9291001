"""Calendars as the table that `between.sql` looks instants up in."""

from collections.abc import Iterator, Sequence
from datetime import date
from importlib import resources
from typing import Final

import duckdb

from headwater.kit.calendars.rules import Calendar
from headwater.kit.errors import HeadwaterError

DAY: Final = 86_400_000_000
CALENDARS_APART: Final = 1_000_000
# Openings of one UTC day; a calendar's local day may have as many shifts as it likes else.
MOST_OPENINGS: Final = 4

BETWEEN: Final = resources.files(__package__).joinpath("between.sql").read_text("utf-8")
# The table of `working_days`, in the order of its columns.
TABLE: Final = (
    "CREATE TABLE working_days (key BIGINT, worked BIGINT, open_1 BIGINT, close_1 BIGINT, "
    "open_2 BIGINT, close_2 BIGINT, open_3 BIGINT, close_3 BIGINT, open_4 BIGINT, close_4 BIGINT)"
)
_FILL: Final = (
    "INSERT INTO working_days SELECT unnest(?), unnest(?), unnest(?), unnest(?), unnest(?), "
    "unnest(?), unnest(?), unnest(?), unnest(?), unnest(?)"
)
Row = tuple[int, ...]


class TooManyOpenings(HeadwaterError):
    """A calendar opens more often within one UTC day than the table has room for."""

    code = "too_many_openings"


def make_table(
    store: duckdb.DuckDBPyConnection,
    calendars: Sequence[Calendar],
    first_year: int,
    last_year: int,
) -> None:
    """Makes `working_days` in a DuckDB session. Raises TooManyOpenings."""
    store.execute(TABLE)
    rows = list(working_days(calendars, first_year, last_year))
    if rows:
        store.execute(_FILL, [list(column) for column in zip(*rows, strict=True)])


def working_days(calendars: Sequence[Calendar], first_year: int, last_year: int) -> Iterator[Row]:
    """One row per calendar and UTC day of these years, in the order of `key`.

    Raises TooManyOpenings.
    """
    for number, calendar in enumerate(calendars):
        yield from _of_calendar(number, calendar, first_year, last_year)


def _of_calendar(number: int, calendar: Calendar, first_year: int, last_year: int) -> Iterator[Row]:
    openings = list(_by_day(calendar, first_year, last_year))
    worked, place = 0, 0
    for day in range(_first_day(first_year), _first_day(last_year + 1)):
        today: list[int] = []
        start = place
        while place < len(openings) and openings[place][0] == day:
            today += openings[place][1:]
            place += 1
        if place - start > MOST_OPENINGS:
            raise TooManyOpenings(
                f"The calendar {calendar.name} opens {place - start} times on one UTC day.",
                param="calendar",
                hint=f"Join its shifts: there is room for {MOST_OPENINGS}.",
            )
        absent = [0] * (2 * MOST_OPENINGS - len(today))
        yield (number * CALENDARS_APART + day, worked, *today, *absent)
        worked += sum(today[1::2]) - sum(today[::2])


def _by_day(calendar: Calendar, first_year: int, last_year: int) -> Iterator[tuple[int, int, int]]:
    """The UTC day, opening and closing of each span, cut at midnight UTC."""
    for year in range(first_year, last_year + 1):
        for opens, closes in calendar.spans(year):
            at = opens
            while at < closes:
                day = at // DAY
                until = min(closes, (day + 1) * DAY)
                yield day, at, until
                at = until


def _first_day(year: int) -> int:
    """Days from 1970 to the first of January."""
    return date(year, 1, 1).toordinal() - date(1970, 1, 1).toordinal()
