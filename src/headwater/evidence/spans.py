"""Which of a table's files can hold rows of a stretch of time.

A reader looks into every file's footer, row group by row group, before it leaves the file out.
With a hundred million rows in thirty daily files that takes longer than a week's answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import duckdb

from headwater.evidence.bounds import Bounds
from headwater.evidence.template import ParamValue, fill_slots

# From so many files on it pays to know what each holds.
MANY = 4
# A view of nearly all files gains nothing.
_WORTH = 0.8

Window = tuple[datetime | None, datetime | None]


def window_of(
    connection: Any, bounds: Iterable[Bounds | None], params: Mapping[str, ParamValue]
) -> Window:
    """The earliest and the latest time that any of the `bounds` lets in; None is unbounded."""
    listed = list(bounds)
    lows = [each.lows if each else () for each in listed]
    highs = [each.highs if each else () for each in listed]
    sides = [
        _choice("least", lows, params) if all(lows) else "NULL",
        _choice("greatest", highs, params) if all(highs) else "NULL",
    ]
    if sides == ["NULL", "NULL"]:
        return None, None
    try:
        low, high = connection.execute(f"SELECT {', '.join(sides)}").fetchall()[0]
    except duckdb.InterruptException:
        raise
    except duckdb.Error:  # the query itself will say what is wrong
        return None, None
    return low, high


def _choice(choice: str, sides: Sequence[tuple[str, ...]], params: Mapping[str, ParamValue]) -> str:
    values = sorted({fill_slots(text, params) for side in sides for text in side})
    return f"{choice}({', '.join(f'CAST({value} AS TIMESTAMP)' for value in values)})"


class Spans:
    """The first and the last time in each file, read when first asked for."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._known: dict[str, Window] = {}

    def holding(self, files: tuple[str, ...], time: str, window: Window) -> tuple[str, ...]:
        """The files with rows in `window`, or all where leaving some out is not worth it."""
        if window == (None, None):
            return files
        kept = tuple(each for each in files if _meets(self._of(each, time), window))
        return (kept or files[:1]) if len(kept) <= _WORTH * len(files) else files

    def _of(self, file: str, time: str) -> Window:
        if file not in self._known:
            # Answered from the footer where it has statistics, else by reading one column.
            quoted = file.replace("'", "''")
            query = f'SELECT min("{time}"), max("{time}") FROM read_parquet(\'{quoted}\')'  # noqa: S608 (quoted)
            self._known[file] = self._connection.execute(query).fetchall()[0]
        return self._known[file]


def _meets(span: Window, window: Window) -> bool:
    """Whether a row of the file may lie in the window. A file of NULLs has no such row."""
    (first, last), (low, high) = span, window
    if first is None or last is None:
        return False
    return (low is None or last >= low) and (high is None or first <= high)
