"""A quick chart of a result, drawn here as SVG: no script, follows the theme through classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, log10
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

MOST_BARS = 40
MOST_POINTS = 1_000
MOST_LINES = 5
_WIDTH, _HEIGHT = 760, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 26, 34
_MOST_DOTS = 120
_MOST_NAMES = 12
_WIDEST_BAR = 90.0
_TIMES = frozenset(["timestamp", "date"])

Point = tuple[Any, float]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which columns to draw and how: `kind` is `line` or `bars`.

    `by` is the column whose values make a line of their own each, None for a single line.
    """

    x: int
    y: int
    kind: str
    by: int | None = None


def numeric_columns(rows: Sequence[Sequence[Any]], count: int) -> list[int]:
    """Columns that hold numbers and nothing else beside empty cells."""
    return [index for index in range(count) if _numbers([row[index] for row in rows])]


def usual_choice(types: Sequence[str], rows: Sequence[Sequence[Any]]) -> Choice | None:
    """A sensible first chart: the last numbers over time, else by the first other column.

    What was counted or summed up usually stands last; numbers before it are often codes.
    """
    numbers = numeric_columns(rows, len(types))
    if not numbers or len(types) < 2 or len(rows) < 2:
        return None
    times = [index for index, kind in enumerate(types) if kind in _TIMES]
    others = [index for index in range(len(types)) if index not in numbers]
    x = times[0] if times else others[0] if others else numbers[0]
    rest = [index for index in numbers if index != x]
    if not rest:
        return None
    return Choice(x, rest[-1], "line" if times or x in numbers else "bars")


def splitting_column(choice: Choice, rows: Sequence[Sequence[Any]], count: int) -> int | None:
    """The column of few values that tells rows with one and the same x apart, if there is one."""
    if choice.kind != "line" or len({row[choice.x] for row in rows}) == len(rows):
        return None
    for index in range(count):
        if index in (choice.x, choice.y):
            continue
        if 1 < len({row[index] for row in rows}) <= MOST_LINES:
            return index
    return None


def draw(
    choice: Choice, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[SafeString, str]:
    """The SVG and a sentence about what is left out. Raises ValueError without numbers."""
    kept = [row for row in rows if _is_number(row[choice.y])]
    if choice.kind == "line":
        placed = (row for row in kept if row[choice.x] is not None)
        kept = sorted(placed, key=lambda row: _sortable(row[choice.x]))
    most = MOST_BARS if choice.kind == "bars" else MOST_POINTS
    note = ""
    if len(kept) > most:
        about = {"shown": most, "all": len(kept)}
        note = _("The first %(shown)d of %(all)d rows are drawn.") % about
        kept = kept[:most]
    if not kept:
        raise ValueError("no numbers to draw")
    series: dict[str, list[Point]] = {}
    for row in kept:
        name = "" if choice.by is None else _name(row[choice.by], 24)
        series.setdefault(name, []).append((row[choice.x], float(row[choice.y])))
    return _frame(choice, columns, series), note


def _frame(choice: Choice, columns: Sequence[str], series: dict[str, list[Point]]) -> SafeString:
    points = [point for line in series.values() for point in line]
    scale = _scale([value for _at, value in points])
    if choice.kind == "bars":
        body = _bars(points, scale)
    else:
        places = [_sortable(at) for at, _value in points]
        body = format_html_join(
            "", "{}", ((_line(line, places, n, scale),) for n, line in enumerate(series.values()))
        )
    marks = (
        (_LEFT, _WIDTH - _RIGHT, y, y, _LEFT - 8, round(y + 4, 1), _number(tick))
        for tick in scale.ticks
        for y in [scale.y(tick)]
    )
    grid = format_html_join(
        "",
        '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"></line>'
        '<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>',
        marks,
    )
    names = [at for at, _value in points]
    if choice.kind == "line":
        names.sort(key=_sortable)
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}</svg>',
        _WIDTH, _HEIGHT, _label(choice, columns, points, series), grid, body,
        _names(names, choice.kind),
        _legend(series),
    )  # fmt: skip


def _names(names: list[Any], kind: str) -> SafeString:
    """What stands below: a name for each of a few bars, else the first and the last."""
    if kind == "bars" and len(names) <= _MOST_NAMES:
        step = (_WIDTH - _LEFT - _RIGHT) / len(names)
        return format_html_join(
            "",
            '<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>',
            (
                (round(_LEFT + (n + 0.5) * step), _HEIGHT - 10, _name(name, int(step / 7)))
                for n, name in enumerate(names)
            ),
        )
    return format_html(
        '<text class="tick" x="{}" y="{}">{}</text>'
        '<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>',
        _LEFT, _HEIGHT - 10, _name(names[0], 28),
        _WIDTH - _RIGHT, _HEIGHT - 10, _name(names[-1], 28) if len(names) > 1 else "",
    )  # fmt: skip


def _label(
    choice: Choice,
    columns: Sequence[str],
    points: list[Point],
    series: dict[str, list[Point]],
) -> str:
    """What the drawing shows, computed from what is drawn."""
    top, least = max(points, key=lambda p: p[1]), min(points, key=lambda p: p[1])
    text = _("%(y)s by %(x)s, %(n)d values, from %(low)s (%(low_at)s) to %(high)s (%(high_at)s)")
    label = text % {
        "y": columns[choice.y],
        "x": columns[choice.x],
        "n": len(points),
        "low": _number(least[1]),
        "low_at": _name(least[0]),
        "high": _number(top[1]),
        "high_at": _name(top[0]),
    }
    return label if choice.by is None else f"{label}; {', '.join(series)}"


def _legend(series: dict[str, list[Point]]) -> SafeString:
    if len(series) < 2:
        return SafeString("")
    step = (_WIDTH - _LEFT - _RIGHT) / len(series)
    return format_html_join(
        "",
        '<line class="line s{}" x1="{}" x2="{}" y1="10" y2="10"></line>'
        '<text class="tick" x="{}" y="14">{}</text>',
        (
            (n, round(x), round(x + 22), round(x + 28), name)
            for n, name in enumerate(series)
            for x in [_LEFT + n * min(step, 150)]
        ),
    )


def _bars(points: list[Point], scale: "_Scale") -> SafeString:
    step = (_WIDTH - _LEFT - _RIGHT) / len(points)
    zero = scale.y(0.0)
    shapes = []
    for index, (name, value) in enumerate(points):
        y = scale.y(value)
        wide = min(step * 0.76, _WIDEST_BAR)
        shapes.append((
            round(_LEFT + (index + 0.5) * step - wide / 2, 1), round(min(y, zero), 1),
            round(wide, 1), round(max(abs(zero - y), 1.0), 1),
            f"{_name(name)}: {_number(value)}",
        ))  # fmt: skip
    return format_html_join(
        "",
        '<rect class="bar" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        shapes,
    )


def _line(line: list[Point], places: list[float | str], number: int, scale: "_Scale") -> SafeString:
    """One series over the x of all of them; words as x stand at equal distances."""
    numeric = [place for place in places if isinstance(place, float)]
    if len(numeric) == len(places):
        low, span = min(numeric), (max(numeric) - min(numeric)) or 1.0
        xs = [(float(_sortable(at)) - low) / span for at, _value in line]
    else:
        order = {place: n for n, place in enumerate(dict.fromkeys(sorted(map(str, places))))}
        xs = [order[str(_sortable(at))] / max(1, len(order) - 1) for at, _value in line]
    width = _WIDTH - _LEFT - _RIGHT
    placed = [
        (round(_LEFT + x * width, 1), scale.y(value))
        for x, (_at, value) in zip(xs, line, strict=True)
    ]
    path = "M" + " L".join(f"{x} {y}" for x, y in placed)
    dots = format_html_join(
        "",
        '<circle class="dot s{}" cx="{}" cy="{}" r="3"><title>{}</title></circle>',
        (
            (number, x, y, f"{_name(at)}: {_number(value)}")
            for (x, y), (at, value) in zip(placed, line, strict=True)
        ),
    )
    few = len(line) <= _MOST_DOTS
    return format_html('<path class="line s{}" d="{}"></path>{}', number, path, dots if few else "")


@dataclass(frozen=True, slots=True)
class _Scale:
    """The y axis: from the lowest to the highest of `ticks`, which are round numbers."""

    ticks: tuple[float, ...]

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        height = _HEIGHT - _TOP - _BOTTOM
        return round(_TOP + (high - value) / (high - low) * height, 1)


def _scale(values: list[float]) -> _Scale:
    low, high = min(0.0, *values), max(0.0, *values)
    rough = ((high - low) or 1.0) / 4
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    if step < 1 and all(value == int(value) for value in values):
        step = 1.0
    first, last = floor(low / step), ceil(high / step)
    return _Scale(tuple(n * step for n in range(first, max(last, first + 1) + 1)))


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
