"""Reads a calendar from a TOML or YAML file and refuses what it does not understand."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from headwater.kit.calendars.errors import CalendarRefused
from headwater.kit.calendars.rules import Calendar, HolidaySet, Shift

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = r"(\d{2}):(\d{2})(?::(\d{2}))?"
_SHIFT = re.compile(rf"{_TIME}\s*-\s*{_TIME}", re.ASCII)
_DAY: Final = 24 * 3600


def read_calendar(path: Path) -> Calendar:
    """The calendar in a `.toml`, `.yaml` or `.yml` file. Raises CalendarRefused."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
    except OSError as error:
        raise CalendarRefused(
            f"The calendar {path} cannot be read: {error.strerror}.", param="calendar"
        ) from error
    except (ValueError, yaml.YAMLError) as error:
        raise CalendarRefused(
            f"The calendar {path} is not well-formed: {' '.join(str(error).split())}.",
            param="calendar",
            hint="A calendar is TOML (.toml) or YAML (.yaml).",
        ) from error
    try:
        return calendar_from(content, path.stem)
    except CalendarRefused as error:
        raise CalendarRefused(
            f"{path}: {error.message}", param=error.param, hint=error.hint
        ) from error


def calendar_from(content: Any, name: str) -> Calendar:
    """The calendar that a file's keys describe. Raises CalendarRefused."""
    keys = _table(content, "calendar", {"name", "time_zone", "hours", "holidays", "exceptions"})
    hours = _table(keys.get("hours", {}), "hours", set(_DAYS))
    calendar = Calendar(
        name=str(keys.get("name", name)),
        zone=_zone(keys.get("time_zone")),
        hours={_DAYS.index(day): _shifts(each, f"hours.{day}") for day, each in hours.items()},
        holidays=tuple(_holidays(each) for each in _list(keys.get("holidays", []), "holidays")),
        exceptions=_exceptions(_list(keys.get("exceptions", []), "exceptions")),
    )
    calendar.known_years  # noqa: B018 - asks the library now, so that a wrong place is found now
    return calendar


def _table(value: Any, where: str, allowed: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise CalendarRefused(f"{where} must hold keys and values.", param=where)
    unknown = sorted(str(key) for key in value if key not in allowed)
    if unknown:
        raise CalendarRefused(
            f"{where} does not know {unknown[0]!r}.",
            param=where,
            hint=f"Known are: {', '.join(sorted(allowed))}.",
        )
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise CalendarRefused(f"{where} must be a list.", param=where)
    return value


def _zone(name: Any) -> ZoneInfo:
    try:
        if not isinstance(name, str) or not name:
            raise ValueError
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise CalendarRefused(
            f"{name!r} is no time zone." if name else "The calendar has no time_zone.",
            param="time_zone",
            hint="Write a name of the IANA database, such as Europe/Dublin.",
        ) from error


def _shifts(value: Any, where: str) -> tuple[Shift, ...]:
    return tuple(_shift(each, where) for each in _list(value, where))


def _shift(value: Any, where: str) -> Shift:
    match = _SHIFT.fullmatch(value.strip()) if isinstance(value, str) else None
    if match:
        parts = [int(part or 0) for part in match.groups()]
        start = parts[0] * 3600 + parts[1] * 60 + parts[2]
        end = parts[3] * 3600 + parts[4] * 60 + parts[5]
        sane = all(part < 60 for part in (*parts[1:3], *parts[4:6]))
        if sane and start < _DAY and end <= _DAY and start != end:
            return Shift(start, end if end > start else end + _DAY)
    raise CalendarRefused(
        f"{where} holds {value!r}, which is no stretch of a day.",
        param=where,
        hint='Write "09:00-17:30"; "22:00-06:00" runs past midnight, "00:00-24:00" is all day.',
    )


def _holidays(value: Any) -> HolidaySet:
    keys = _table(value, "holidays", {"country", "region"})
    country, region = keys.get("country"), keys.get("region")
    if not isinstance(country, str) or not isinstance(region, str | None):
        raise CalendarRefused(
            "holidays needs a country (and may have a region), as text.",
            param="holidays",
            hint="In YAML put codes such as 'NO' between quotes.",
        )
    return HolidaySet(country, region)


def _exceptions(values: list[Any]) -> dict[date, tuple[Shift, ...]]:
    found: dict[date, tuple[Shift, ...]] = {}
    for value in values:
        keys = _table(value, "exceptions", {"date", "hours", "closed", "reason"})
        day = _date(keys.get("date"))
        closed = keys.get("closed", False)
        if day in found or not isinstance(closed, bool) or closed == ("hours" in keys):
            raise CalendarRefused(
                f"The exception of {day} is given twice."
                if day in found
                else f"The exception of {day} must be closed or have hours.",
                param="exceptions",
                hint='Write closed = true, or hours = ["09:00-12:00"], once for each date.',
            )
        found[day] = () if closed else _shifts(keys["hours"], f"exceptions of {day}")
    return found


def _date(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise CalendarRefused(
            f"exceptions holds {value!r}, which is no date.",
            param="exceptions",
            hint="Write date = 2026-12-24.",
        ) from error
