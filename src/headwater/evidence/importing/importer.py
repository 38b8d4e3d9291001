"""Brings one file into the lake in chunks: each stored, or rejected with its reason, once.

A chunk and the mark of how far the file has been read are one commit, so an import that is killed
goes on where it ended, and the same file stores nothing twice.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb

from headwater.evidence.contract import ENGINE_TYPES
from headwater.evidence.errors import ImportRefused
from headwater.evidence.importing.mapping import Column, Mapping
from headwater.evidence.importing.sources import format_of, load
from headwater.evidence.layout import Append, LakeWriter, Upsert
from headwater.evidence.layout.manifest import FOLDER

CHUNK_ROWS = 250_000
# What the reading may take before it goes to disk; the writer has its own limit.
MEMORY = "500MB"
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file: rows read = stored + rejected. `again` when it was known already."""

    source: Path
    table: str
    read: int
    stored: int
    rejected: int
    rejects: Path | None
    again: bool = False


def import_file(
    writer: LakeWriter,
    root: Path,
    source: Path,
    mapping: Mapping,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    chunk_rows: int = CHUNK_ROWS,
) -> Report:
    """Stores the rows of `source` in the lake at `root`. Raises ImportRefused, WriteRefused."""
    if not source.is_file():
        raise ImportRefused(f"There is no file {source}.", param="source")
    digest = _digest(source, mapping)
    name = f"import:{digest[:32]}"
    mark = writer.progress(name) or {"read": 0, "stored": 0, "rejected": 0, "done": False}
    if mark["done"]:
        return _report(root, source, mapping, digest, mark, again=True)
    kind = mapping.format or format_of(source)
    fields = [column.source for column in mapping.columns if column.source is not None]
    spill = root / FOLDER / "spill"
    with closing(duckdb.connect(":memory:")) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        engine.execute(f"SET memory_limit = '{MEMORY}'")
        engine.execute("SET enable_progress_bar = false")  # it would print among our output
        engine.execute(f"SET temp_directory = '{_escaped(spill)}'")
        there = load(engine, source, kind, fields)
        _check_fields(source, fields, there)
        total = engine.execute("SELECT count(*) FROM source").fetchall()[0][0]
        while mark["read"] < total or not mark["done"]:
            mark = _store_chunk(
                writer, root, engine, mapping, name, digest, mark, total, chunk_rows
            )
            progress(mark["read"], total)
    return _report(root, source, mapping, digest, mark, again=False)


def _store_chunk(
    writer: LakeWriter,
    root: Path,
    engine: Any,
    mapping: Mapping,
    name: str,
    digest: str,
    mark: dict[str, Any],
    total: int,
    chunk_rows: int,
) -> dict[str, Any]:
    first, last = mark["read"], min(mark["read"] + chunk_rows, total)
    staged = root / FOLDER / "staged"
    staged.mkdir(parents=True, exist_ok=True)
    path = staged / f"import-{digest[:16]}.parquet"
    columns = ", ".join(f'"{column.name}"' for column in mapping.columns)
    _convert(engine, mapping, digest, f"hw_place > {first} AND hw_place <= {last}")
    stored = engine.execute(
        f"COPY (SELECT {columns} FROM converted WHERE reason IS NULL ORDER BY hw_place) "
        f"TO '{_escaped(path)}' (FORMAT parquet)"
    ).fetchall()[0][0]
    rejected = engine.execute(
        "SELECT hw_row, reason, hw_raw FROM converted WHERE reason IS NOT NULL ORDER BY hw_place"
    ).fetchall()
    # Named by its place, so that a chunk that is done twice writes the same file twice.
    _write_rejects(_rejects(root, digest) / f"{first:012}.jsonl", rejected)
    after = {
        "read": last,
        "stored": mark["stored"] + stored,
        "rejected": mark["rejected"] + len(rejected),
        "done": last >= total,
    }
    change = Upsert(path) if mapping.mode == "upsert" else Append(path)
    writer.commit({mapping.table.name: change} if stored else {}, {name: after})
    path.unlink(missing_ok=True)
    return after


def _convert(engine: Any, mapping: Mapping, digest: str, span: str) -> None:
    """The table `converted`: typed columns of one span, and why a row is rejected."""
    kinds = mapping.table.columns
    values = [
        f'{_value(column, kinds[column.name], digest)} AS "{column.name}"'
        for column in mapping.columns
    ]
    tests = [
        f'WHEN {_field(column)} IS NOT NULL AND "{column.name}" IS NULL THEN '
        f"'{column.name}: ' || left(quote, {_SHOWN}) || ' is no {kinds[column.name]}'".replace(
            "quote", _field(column)
        )
        for column in mapping.columns
        if column.source is not None and kinds[column.name] != "text"
    ]
    tests += [
        f"WHEN \"{key}\" IS NULL THEN 'no {key}, which is part of the key'"
        for key in mapping.table.key
    ]
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE converted AS SELECT *, CASE WHEN hw_problem IS NOT NULL THEN "
        f"hw_problem {' '.join(tests)} END AS reason FROM (SELECT source.* RENAME "
        f"({_renamed(engine)}), {', '.join(values)} FROM source WHERE {span})"
    )


def _renamed(engine: Any) -> str:
    """Source fields get a prefix, so that they never clash with the contract's columns."""
    rows = engine.execute("DESCRIBE source").fetchall()
    names = [str(row[0]) for row in rows if not str(row[0]).startswith("hw_")]
    return (
        ", ".join(f"{_name(each)} AS {_name('src_' + each)}" for each in names)
        or "hw_raw AS hw_raw"
    )


def _field(column: Column) -> str:
    return f"nullif({_name('src_' + (column.source or ''))}, '')"


def _value(column: Column, kind: str, digest: str) -> str:
    if column.numbered:
        return f"'{_escaped(column.prefix)}' || md5('{digest}' || CAST(hw_row AS VARCHAR))"
    if column.constant is not None:
        return f"CAST('{_escaped(column.constant)}' AS {ENGINE_TYPES[kind]})"
    text = f"nullif(source.{_name(column.source or '')}, '')"
    if column.values:
        arms = " ".join(
            f"WHEN '{_escaped(old)}' THEN '{_escaped(new)}'" for old, new in column.values
        )
        text = f"CASE {text} {arms} ELSE {text} END"
    if kind == "text":
        return f"'{_escaped(column.prefix)}' || {text}" if column.prefix else text
    if kind == "timestamp":
        return _moment(text, column.unit)
    if column.multiply != 1:
        scaled = f"round(TRY_CAST({text} AS DECIMAL(30, 8)) * {column.multiply})"
        return f"TRY_CAST({scaled} AS {ENGINE_TYPES[kind]})"
    return f"TRY_CAST({text} AS {ENGINE_TYPES[kind]})"


def _moment(text: str, unit: str) -> str:
    match unit:
        case "iso":
            return f"CAST(TRY_CAST({text} AS TIMESTAMPTZ) AS TIMESTAMP)"
        case "access-log":
            return f"CAST(try_strptime({text}, '%d/%b/%Y:%H:%M:%S %z') AS TIMESTAMP)"
    factor = {"s": 1_000_000, "ms": 1_000, "us": 1}[unit]
    scaled = f"TRY_CAST(round(TRY_CAST({text} AS DECIMAL(30, 6)) * {factor}) AS BIGINT)"
    return f"make_timestamp({scaled})"


def _check_fields(source: Path, fields: list[str], there: list[str]) -> None:
    for field in fields:
        if field not in there:
            near = get_close_matches(field, there, n=1)
            raise ImportRefused(
                f"{source.name} has no field {field!r}.",
                param=field,
                hint=f"Did you mean {near[0]}?" if near else f"It has {', '.join(there[:12])}.",
            )


def _digest(source: Path, mapping: Mapping) -> str:
    """What was imported how: the file's content and everything that shapes its rows."""
    digest = hashlib.sha256(repr((mapping.table.name, mapping.columns)).encode())
    with source.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _rejects(root: Path, digest: str) -> Path:
    return root / FOLDER / "rejects" / digest[:16]


def _write_rejects(path: Path, rows: list[tuple[int, str, str | None]]) -> None:
    if not rows:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for row, reason, raw in rows:
            # A line that could not be split into fields is known by its line, others by their row.
            place = {"line": -row} if row < 0 else {"row": row}
            line = {**place, "reason": reason, **({"text": raw} if raw else {})}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _report(
    root: Path, source: Path, mapping: Mapping, digest: str, mark: dict[str, Any], *, again: bool
) -> Report:
    return Report(
        source=source,
        table=mapping.table.name,
        read=mark["read"],
        stored=mark["stored"],
        rejected=mark["rejected"],
        rejects=_rejects(root, digest) if mark["rejected"] else None,
        again=again,
    )


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _escaped(value: object) -> str:
    return str(value).replace("'", "''")
