"""`headwater calendar`: working time between instants, outside any case."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

import click

from headwater.kit.calendars.errors import InstantRefused
from headwater.kit.calendars.files import read_calendar
from headwater.kit.calendars.working_time import WorkingTime
from headwater.kit.errors import HeadwaterError

Answer = Callable[[dict[str, Any]], dict[str, Any]]

_CALENDAR = click.option("--calendar", "calendar", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The calendar's file, TOML or YAML.")  # noqa: E501  # fmt: skip
_INPUT = click.option("--input", "source", type=click.File("rb"), metavar="FILE", help="Many questions as JSON Lines; - reads standard input.")  # noqa: E501  # fmt: skip
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object for each answer.")


@click.group()
def calendar() -> None:
    """Working time by a calendar: windows, holidays, exceptions, time zone."""


@calendar.command()
@_CALENDAR
@_INPUT
@_JSON
@click.argument("start", required=False)
@click.argument("end", required=False)
def between(
    calendar: Path, source: IO[bytes] | None, as_json: bool, start: str | None, end: str | None
) -> None:
    """Working seconds from START until END (ISO 8601 with an offset).

    Input lines: {"start": …, "end": …}. Negative where END comes before START.
    """
    times = WorkingTime(read_calendar(calendar))

    def answer(row: dict[str, Any]) -> dict[str, Any]:
        passed = times.between(_instant(row, "start"), _instant(row, "end"))
        return {**row, "seconds": _seconds(passed)}

    given = {"start": start, "end": end}
    _print(answer, "seconds", _rows(source, given), as_json)


@calendar.command(context_settings={"ignore_unknown_options": True})
@_CALENDAR
@_INPUT
@_JSON
@click.argument("start", required=False)
@click.argument("seconds", required=False, type=float)
def add(
    calendar: Path,
    source: IO[bytes] | None,
    as_json: bool,
    start: str | None,
    seconds: float | None,
) -> None:
    """The instant after SECONDS of working time since START, in the calendar's time zone.

    Input lines: {"start": …, "seconds": …}.
    """
    times = WorkingTime(read_calendar(calendar))

    def answer(row: dict[str, Any]) -> dict[str, Any]:
        end = times.add(_instant(row, "start"), _amount(row))
        return {**row, "end": end.astimezone(times.calendar.zone).isoformat()}

    given = {"start": start, "seconds": seconds}
    _print(answer, "end", _rows(source, given), as_json)


def _rows(
    source: IO[bytes] | None, given: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:  # where each stands, for errors, and the question
    if source is None:
        if None in given.values():
            names = " and ".join(name.upper() for name in given)
            raise click.UsageError(f"Give {names}, or many of them with --input FILE.")
        yield "", given
        return
    if any(value is not None for value in given.values()):
        raise click.UsageError("Give either arguments or --input, not both.")
    name = getattr(source, "name", "standard input")
    # Bytes, since reading text decodes ahead of the line that it hands out.
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        where = f"{name}, line {number}: "
        try:
            row = json.loads(line.decode("utf-8-sig"))
        except ValueError as error:
            raise InstantRefused(f"{where}this is not JSON: {error}.") from error
        if not isinstance(row, dict):
            raise InstantRefused(f"{where}this is no JSON object.")
        yield where, row


def _print(
    answer: Answer, name: str, rows: Iterator[tuple[str, dict[str, Any]]], as_json: bool
) -> None:
    for where, row in rows:
        try:
            answered = answer(row)
        except HeadwaterError as error:
            raise InstantRefused(where + error.message, hint=error.hint) from error
        click.echo(json.dumps(answered, ensure_ascii=False) if as_json else answered[name])


def _instant(row: dict[str, Any], name: str) -> datetime:
    try:
        return datetime.fromisoformat(row[name])
    except (KeyError, TypeError, ValueError) as error:
        raise InstantRefused(
            f"{name} is {row[name]!r}, which is no instant."
            if name in row
            else f"{name} is missing.",
            param=name,
            hint="Write ISO 8601 with an offset, such as 2026-03-29T10:00:00+02:00.",
        ) from error


def _amount(row: dict[str, Any]) -> timedelta:
    seconds = row.get("seconds")
    try:
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise ValueError
        return timedelta(seconds=seconds)
    except (ValueError, OverflowError) as error:
        raise InstantRefused(
            f"seconds is {seconds!r}, which is no number of seconds.",
            param="seconds",
            hint="Write a number, such as 28800.",
        ) from error


def _seconds(amount: timedelta) -> int | float:
    return amount.total_seconds() if amount.microseconds else amount.days * 86_400 + amount.seconds
