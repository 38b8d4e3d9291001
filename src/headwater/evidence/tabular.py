"""Rows of a result as files for other programs: CSV that is safe to open, JSON lines, Parquet."""

import csv
import json
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path

import duckdb

from headwater.evidence.contract import ENGINE_TYPES
from headwater.evidence.types import Value

# A spreadsheet takes a cell that begins so for a formula; the data is written by strangers.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 2**63
_PLAIN_NUMBERS = frozenset(["tinyint", "smallint", "float", "utinyint", "usmallint", "uinteger"])

Rows = Sequence[Sequence[Value]]


def as_text(value: Value) -> str | int | float | bool | None:
    """`value` as JSON knows it; times as ISO 8601."""
    return value.isoformat() if isinstance(value, datetime) else value


def csv_lines(columns: Sequence[str], rows: Rows) -> Iterator[str]:
    """CSV, a line at a time, the header first. No text cell begins as a formula would."""
    for row in (columns, *rows):
        buffer = StringIO()
        csv.writer(buffer, lineterminator="\r\n").writerow([_harmless(value) for value in row])
        yield buffer.getvalue()


def json_line(columns: Sequence[str], row: Sequence[Value]) -> str:
    """One row as a JSON object; of two columns with one name the later gets a number."""
    values = zip(distinct(columns), map(as_text, row), strict=True)
    return json.dumps(dict(values), ensure_ascii=False, default=str)


def distinct(columns: Sequence[str]) -> list[str]:
    """The names, a repeated one numbered: `id`, `id_2`."""
    names: list[str] = []
    for column in columns:
        name, number = column, 2
        while name.lower() in {known.lower() for known in names}:
            name, number = f"{column}_{number}", number + 1
        names.append(name)
    return names


def write_parquet(path: Path, columns: Sequence[str], types: Sequence[str], rows: Rows) -> None:
    """Writes the rows to `path`, by the result's types. Raises OSError where it cannot."""
    kinds = [_engine_type(kind, [row[i] for row in rows]) for i, kind in enumerate(types)]
    names = distinct(columns)
    layout = ", ".join(f"'c{i}': '{kind}'" for i, kind in enumerate(kinds))
    chosen = ", ".join(f"c{i} AS {_quoted(name)}" for i, name in enumerate(names))
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
        lines, ready = Path(folder) / "rows.jsonl", Path(folder) / "rows.parquet"
        with lines.open("w", encoding="utf-8", errors="replace") as file:
            for row in rows:
                values = {f"c{i}": as_text(value) for i, value in enumerate(row)}
                file.write(json.dumps(values, ensure_ascii=False) + "\n")
        with duckdb.connect() as connection:
            source = f"read_json({_literal(lines)}, format = 'nd', columns = {{{layout}}})"
            connection.execute(
                f"COPY (SELECT {chosen} FROM {source}) TO {_literal(ready)} (FORMAT parquet)"
            )
        ready.replace(path)


def _harmless(value: Value) -> object:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return as_text(value)


def _engine_type(kind: str, values: list[Value]) -> str:
    """The narrowest type that keeps every value as it is."""
    numbers = all(
        isinstance(value, int | float) and not isinstance(value, bool)
        for value in values
        if value is not None
    )
    if kind in ("timestamp", "date"):
        # `infinity` and years beyond the calendar stay text.
        times = all(isinstance(value, datetime) for value in values if value is not None)
        return ENGINE_TYPES[kind] if times else "VARCHAR"
    if kind in ENGINE_TYPES:
        return ENGINE_TYPES[kind]
    if kind in _PLAIN_NUMBERS:
        return kind.upper()
    if not numbers or kind in ("interval", "time"):
        return "VARCHAR"
    if any(isinstance(value, float) for value in values):
        return "DOUBLE"
    fits = all(-_WIDEST <= value < _WIDEST for value in values if isinstance(value, int))
    return "BIGINT" if fits else "VARCHAR"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""').replace("\0", "") + '"'


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
