"""A calendar as plain values that mean the same for ever, whatever a library learns later."""

from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from headwater.kit.calendars.rules import Calendar, FixedDays, Shift

_YEARS_BEFORE: Final = 2
_YEARS_AFTER: Final = 10


def frozen(calendar: Calendar, *, year: int) -> dict[str, Any]:
    """The calendar for JSON, its public holidays as dates from 2 years before `year` to 10 after.

    Shifts are pairs of seconds since midnight. A holiday set that ends earlier is written as far
    as it goes.
    """
    days: set[date] = set()
    for each in calendar.holidays:
        first, last = each.years()
        for known in range(max(first, year - _YEARS_BEFORE), min(last, year + _YEARS_AFTER) + 1):
            days |= each.dates(known)
    return {
        "name": calendar.name,
        "time_zone": calendar.zone.key,
        "hours": {str(day): _pairs(shifts) for day, shifts in sorted(calendar.hours.items())},
        "closed": sorted(day.isoformat() for day in days),
        "exceptions": {
            day.isoformat(): _pairs(shifts) for day, shifts in sorted(calendar.exceptions.items())
        },
    }


def thawed(values: dict[str, Any]) -> Calendar:
    """The calendar that `frozen` wrote down."""
    return Calendar(
        name=values["name"],
        zone=ZoneInfo(values["time_zone"]),
        hours={int(day): _shifts(pairs) for day, pairs in values["hours"].items()},
        holidays=(FixedDays(frozenset(map(date.fromisoformat, values["closed"]))),),
        exceptions={
            date.fromisoformat(day): _shifts(pairs) for day, pairs in values["exceptions"].items()
        },
    )


def _pairs(shifts: tuple[Shift, ...]) -> list[list[int]]:
    return [[each.start, each.end] for each in shifts]


def _shifts(pairs: list[list[int]]) -> tuple[Shift, ...]:
    return tuple(Shift(start, end) for start, end in pairs)
