"""Values of `$parameters` from what a person typed."""

import re
from datetime import UTC, datetime, timedelta

from headwater.evidence.errors import QueryRefused

_SPAN = re.compile(r"([0-9]{1,6})\s*([mhdw])\Z")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")


def read_value(text: str) -> datetime | str | int:
    """`5` is a number, an ISO 8601 date or time a timestamp, anything else text.

    Text in single quotes stays text whatever it looks like.
    """
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1]
    if _WHOLE.match(text):
        return int(text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def read_moment(text: str, now: datetime, *, param: str) -> datetime:
    """An aware UTC time: `7d` is seven days before `now`, else ISO 8601, UTC without a zone.

    Raises QueryRefused.
    """
    text = text.strip()
    span = _SPAN.match(text)
    try:
        if span:
            return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
        moment = datetime.fromisoformat(text.removesuffix(" UTC"))
    except (ValueError, OverflowError) as error:
        raise QueryRefused(
            f"{text!r} is no time.",
            param=param,
            hint="Write 2026-11-20, 2026-11-20T09:00, or 7d for seven days ago.",
        ) from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_window(start: str, end: str, now: datetime) -> dict[str, datetime]:
    """`window_start` and `window_end` where given; the end is `now` where only the start is.

    Raises QueryRefused where the window is empty.
    """
    window: dict[str, datetime] = {}
    if start or end:
        window["window_end"] = read_moment(end, now, param="window_end") if end else now
    if start:
        window["window_start"] = read_moment(start, now, param="window_start")
        if window["window_start"] >= window["window_end"]:
            raise QueryRefused(
                "The window ends before it starts.",
                param="window_start",
                hint="Give a start that is earlier than the end.",
            )
    return window
