"""A quick chart of a result, drawn here as SVG: no script, follows the theme through classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

MOST_BARS = 40
MOST_POINTS = 1_000
_WIDTH, _HEIGHT = 760, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 12, 34
_TIMES = frozenset(["timestamp", "date"])


@dataclass(frozen=True, slots=True)
class Choice:
    """Which columns to draw and how: `kind` is `line` or `bars`."""

    x: int
    y: int
    kind: str


def numeric_columns(rows: Sequence[Sequence[Any]], count: int) -> list[int]:
    """Columns that hold numbers and nothing else beside empty cells."""
    return [index for index in range(count) if _numbers([row[index] for row in rows])]


def usual_choice(types: Sequence[str], rows: Sequence[Sequence[Any]]) -> Choice | None:
    """A sensible first chart: numbers over time, else by the first other column."""
    numbers = numeric_columns(rows, len(types))
    if not numbers or len(types) < 2 or len(rows) < 2:
        return None
    times = [index for index, kind in enumerate(types) if kind in _TIMES]
    others = [index for index in range(len(types)) if index not in numbers]
    x = times[0] if times else others[0] if others else numbers[0]
    rest = [index for index in numbers if index != x]
    if not rest:
        return None
    return Choice(x, rest[0], "line" if times or x in numbers else "bars")


def draw(
    choice: Choice, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[SafeString, str]:
    """The SVG and a sentence about what is left out. Raises ValueError without numbers."""
    points = [(row[choice.x], float(row[choice.y])) for row in rows if _is_number(row[choice.y])]
    if not points:
        raise ValueError("no numbers")
    if choice.kind == "line":
        points = sorted((p for p in points if p[0] is not None), key=lambda p: _sortable(p[0]))
    most = MOST_BARS if choice.kind == "bars" else MOST_POINTS
    note = ""
    if len(points) > most:
        note = _("The first %(shown)d of %(all)d rows are drawn.") % {
            "shown": most,
            "all": len(points),
        }
    points = points[:most]
    if not points:
        raise ValueError("nothing to place")
    body = _bars(points) if choice.kind == "bars" else _line(points)
    return _frame(choice, columns, points, body), note


def _frame(
    choice: Choice,
    columns: Sequence[str],
    points: list[tuple[Any, float]],
    body: SafeString,
) -> SafeString:
    low, high = _range(points)
    top, least = max(points, key=lambda p: p[1]), min(points, key=lambda p: p[1])
    label = _(
        "%(y)s by %(x)s, %(n)d values, from %(low)s (%(low_at)s) to %(high)s (%(high_at)s)"
    ) % {
        "y": columns[choice.y],
        "x": columns[choice.x],
        "n": len(points),
        "low": _number(least[1]),
        "low_at": _name(least[0]),
        "high": _number(top[1]),
        "high_at": _name(top[0]),
    }
    ticks = [low + (high - low) * step / 4 for step in range(5)]
    grid = format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"></line>'
        '<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (_LEFT, _WIDTH - _RIGHT, y, y, _LEFT - 8, round(y + 4, 1), _number(tick))
            for tick in ticks
            for y in [_y(tick, low, high)]
        ),
    )
    ends = format_html(
        '<text class="tick" x="{}" y="{}">{}</text>'
        '<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>',
        _LEFT, _HEIGHT - 10, _name(points[0][0], 28),
        _WIDTH - _RIGHT, _HEIGHT - 10, _name(points[-1][0], 28) if len(points) > 1 else "",
    )  # fmt: skip
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        _WIDTH, _HEIGHT, label, grid, body, ends,
    )  # fmt: skip


def _bars(points: list[tuple[Any, float]]) -> SafeString:
    low, high = _range(points)
    step = (_WIDTH - _LEFT - _RIGHT) / len(points)
    zero = _y(0.0, low, high)
    shapes = []
    for index, (name, value) in enumerate(points):
        y = _y(value, low, high)
        shapes.append((
            round(_LEFT + index * step + step * 0.12, 1), round(min(y, zero), 1),
            round(step * 0.76, 1), round(max(abs(zero - y), 1.0), 1),
            f"{_name(name)}: {_number(value)}",
        ))  # fmt: skip
    return format_html_join(
        "",
        '<rect class="bar" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        shapes,
    )


def _line(points: list[tuple[Any, float]]) -> SafeString:
    low, high = _range(points)
    places = [_sortable(point[0]) for point in points]
    numeric = all(isinstance(place, float) for place in places)
    xs = [float(place) if numeric else float(i) for i, place in enumerate(places)]
    span = (xs[-1] - xs[0]) or 1.0
    width = _WIDTH - _LEFT - _RIGHT
    placed = [
        (round(_LEFT + (x - xs[0]) / span * width, 1), round(_y(value, low, high), 1))
        for x, (_at, value) in zip(xs, points, strict=True)
    ]
    path = "M" + " L".join(f"{x} {y}" for x, y in placed)
    dots = format_html_join(
        "",
        '<circle class="dot" cx="{}" cy="{}" r="3"><title>{}</title></circle>',
        (
            (x, y, f"{_name(at)}: {_number(value)}")
            for (x, y), (at, value) in zip(placed, points, strict=True)
        ),
    )
    few = len(points) <= 120
    return format_html('<path class="line" d="{}"></path>{}', path, dots if few else "")


def _range(points: list[tuple[Any, float]]) -> tuple[float, float]:
    values = [value for _at, value in points]
    low, high = min(0.0, *values), max(0.0, *values)
    return (low, high) if high > low else (low, low + 1.0)


def _y(value: float, low: float, high: float) -> float:
    height = _HEIGHT - _TOP - _BOTTOM
    return round(_TOP + (high - value) / (high - low) * height, 1)


def _sortable(value: Any) -> float | str:
    if isinstance(value, datetime):
        return value.timestamp()
    return float(value) if _is_number(value) else str(value)


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) < 1e300  # also leaves out infinities and what is no number
    )


def _numbers(values: list[Any]) -> bool:
    filled = [value for value in values if value is not None]
    return bool(filled) and all(map(_is_number, filled))


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.3g}" if abs(value) < 1_000 else f"{value:,.0f}"


def _name(value: Any, most: int = 60) -> str:
    if isinstance(value, datetime):
        midnight = value.hour == value.minute == value.second == 0
        return value.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M")
    text = "–" if value is None else str(value)
    return text if len(text) <= most else text[: most - 1] + "…"
