"""Writes the lake: exactly the contract's columns, one folder per day, sorted by account."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from headwater.evidence.layout.files import COMPRESSION, COMPRESSION_LEVEL, ROW_GROUP
from headwater.sandbox.columns import Frame, rows
from headwater.sandbox.spec import DAY_US, as_datetime

_TYPES: dict[str, Any] = {
    "text": pa.string(),
    "timestamp": pa.timestamp("us"),
    "boolean": pa.bool_(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "date": pa.date32(),
}


@cache
def contract_columns() -> dict[str, dict[str, str]]:
    """Table name to its columns and types, as the evidence contract states them."""
    text = files("headwater.evidence").joinpath("contract.toml").read_text("utf-8")
    return {name: table["columns"] for name, table in tomllib.loads(text)["tables"].items()}


def conform(table: str, columns: Mapping[str, Any]) -> Any:
    """An Arrow table in contract order and types; columns not given are null."""
    declared = contract_columns()[table]
    unknown = set(columns) - set(declared)
    if unknown:
        raise ValueError(f"{table} has no columns {sorted(unknown)} in the contract.")
    length = len(next(iter(columns.values())))
    arrays = []
    for name, kind in declared.items():
        wanted = _TYPES[kind]
        column = columns.get(name)
        if column is None:
            column = pa.nulls(length, wanted)
        elif not isinstance(column, (pa.Array, pa.ChunkedArray)):
            column = pa.array(column, wanted)
        elif column.type != wanted and not pa.types.is_dictionary(column.type):
            column = column.cast(wanted)
        arrays.append(column)
    return pa.table(arrays, names=list(declared))


# A row group keeps the whole dictionary that its column came with, though it uses a few entries.
_LARGE_DICTIONARY = 1_000
# Texts that repeat within a row group although they are not made from a dictionary.
_REPEATED = {"api_key_id", "webhook_endpoint_id", "destination_id", "error_message", "error_param"}


def _write(table: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # A dictionary of unique ids costs time and saves nothing.
    repeated = [
        field.name
        for field in table.schema
        if pa.types.is_dictionary(field.type)
        or pa.types.is_integer(field.type)
        or field.name in _REPEATED
    ]
    pq.write_table(
        _own_dictionaries(table),
        path,
        compression=COMPRESSION,
        compression_level=COMPRESSION_LEVEL,
        row_group_size=ROW_GROUP,
        use_dictionary=repeated,
    )


def _own_dictionaries(table: Any) -> Any:
    """The table with large dictionaries dissolved, so that each row group makes its own."""
    for index, field in enumerate(table.schema):
        if not pa.types.is_dictionary(field.type):
            continue
        column = table.column(index)
        if max((len(chunk.dictionary) for chunk in column.chunks), default=0) > _LARGE_DICTIONARY:
            table = table.set_column(index, field.name, column.cast(pa.string()))
    return table


def write_dimension(folder: Path, table: str, columns: Mapping[str, Any]) -> int:
    """Writes a small table as one file; returns its rows."""
    made = conform(table, columns)
    _write(made, folder / f"{table}.parquet")
    return int(made.num_rows)


def write_day(folder: Path, table: str, day_us: int, columns: Mapping[str, Any]) -> int:
    """Writes one day of a fact table, whose rows are already sorted; returns its rows."""
    made = conform(table, columns)
    day = as_datetime(day_us).date().isoformat()
    _write(made, folder / table / f"dt={day}" / "part-0.parquet")
    return int(made.num_rows)


def write_days(
    folder: Path,
    table: str,
    frame: Frame,
    materialise: Callable[[Frame], Mapping[str, Any]],
    end_us: int,
) -> int:
    """Splits a frame (with columns `acc` and `t`) into days and writes each; returns its rows.

    Rows at or after `end_us` are dropped: they lie in the future of this world. A table without
    rows still gets one empty day, so that readers find it.
    """
    frame = rows(frame, np.flatnonzero(frame["t"] < end_us))
    if not len(frame["t"]):
        return write_day(folder, table, end_us - DAY_US, materialise(frame))
    day = frame["t"] // DAY_US
    order = np.lexsort((frame["t"], frame["acc"], day))
    day = day[order]
    starts = np.flatnonzero(np.diff(day, prepend=-1))
    for start, stop in zip(starts, [*starts[1:], len(day)], strict=True):
        part = rows(frame, order[start:stop])
        write_day(folder, table, int(day[start]) * DAY_US, materialise(part))
    return len(order)
