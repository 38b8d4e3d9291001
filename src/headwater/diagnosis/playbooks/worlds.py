"""A page's own small world: rows written by hand in YAML, and the cases that they decide."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import yaml

from headwater.diagnosis.playbooks.errors import PlaybookInvalid
from headwater.diagnosis.playbooks.parts import SAFE_LOADER
from headwater.evidence.contract import ENGINE_TYPES, load_contract

_STEP = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_LINE = "__line__"
_CHUNK = 100
_CASE_KEYS = {"name", "account", "rows", "mode", "facts", "evidence", "says", "silent_on",
              "instead", "healthy", "window", "connected"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span of naive UTC time."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """What one account must give: `rows` evidence rows, and what they and their words hold.

    `instead` names the failure mode that a look-alike really shows; `connected` the accounts whose
    rows a platform sees beside its own.
    """

    name: str
    account: str
    rows: int
    window: Window
    line: int
    mode: str | None = None
    facts: Mapping[str, Any] | None = None
    evidence: tuple[str, ...] = ()
    says: Mapping[str, list[str]] | None = None
    silent_on: tuple[str, ...] = ()
    instead: str | None = None
    healthy: bool = False
    connected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """Rows by table, and the cases that they decide."""

    path: Path
    tables: Mapping[str, list[dict[str, Any]]]
    cases: tuple[Case, ...]


class _LinedLoader(SAFE_LOADER):  # type: ignore[misc]
    """Gives every map the line that it stands on, so that a wrong row can be found."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        return {**super().construct_mapping(node, deep=True), _LINE: node.start_mark.line + 1}


_LinedLoader.add_constructor("tag:yaml.org,2002:map", _LinedLoader.construct_mapping)


def read_world(path: Path) -> World:
    """The test data of a page. Raises PlaybookInvalid with the line of a wrong key or value."""
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=_LinedLoader)  # noqa: S506 (safe subclass)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PlaybookInvalid(f"Not YAML: {error.problem}.", file=path, line=line) from error
    _only(path, raw, {"window", "defaults", "tables", "cases"})
    window = _window(path, raw, raw.get("window"))
    defaults = raw.get("defaults") or {}
    tables = {
        name: list(_rows(path, name, entries, defaults.get(name) or {}))
        for name, entries in (raw.get("tables") or {}).items()
        if name != _LINE
    }
    return World(
        path, tables, tuple(_case(path, entry, window) for entry in raw.get("cases") or ())
    )


def write_world(world: World, folder: Path) -> None:
    """One Parquet file in `folder` per table of the world, typed by the contract."""
    with duckdb.connect(config={"threads": 1}) as engine:
        for name, rows in sorted(world.tables.items()):
            _copy(engine, name, _made(engine, name, rows), folder)


def _made(engine: Any, name: str, rows: list[dict[str, Any]]) -> list[str]:
    """Makes a table of `rows`; the columns that it has: those that any row names, or all."""
    used = {column for row in rows for column in row}
    types = load_contract().tables[name].columns
    columns = [column for column in types if column in used or not rows]
    made = ", ".join(f'"{c}" {ENGINE_TYPES[types[c]]}' for c in columns)
    engine.execute(f'CREATE TABLE "{name}" ({made})')
    _insert(engine, name, columns, rows)
    return columns


def _copy(engine: Any, name: str, columns: list[str], folder: Path) -> None:
    target = str(folder / f"{name}.parquet").replace("'", "''")
    listed = ", ".join(f'"{column}"' for column in columns)
    engine.execute(
        f'COPY (SELECT {listed} FROM "{name}") '  # noqa: S608 (names of the contract)
        f"TO '{target}' (FORMAT parquet)"
    )


def _insert(engine: Any, name: str, columns: list[str], rows: list[dict[str, Any]]) -> None:
    marks = f"({', '.join('?' for _ in columns)})"
    # Many rows per statement: the engine is slow at one by one.
    for first in range(0, len(rows), _CHUNK):
        part = rows[first : first + _CHUNK]
        engine.execute(
            f'INSERT INTO "{name}" VALUES {", ".join([marks] * len(part))}',  # noqa: S608
            [row.get(column) for row in part for column in columns],
        )


def _rows(
    path: Path, table: str, entries: list[dict[str, Any]], defaults: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    known = load_contract().tables.get(table)
    if known is None:
        line = entries[0][_LINE] if entries else 1
        raise PlaybookInvalid(f"The contract has no table {table!r}.", file=path, line=line)
    for entry in entries:
        row = {k: v for k, v in {**defaults, **entry}.items() if k != _LINE}
        times, step = int(row.pop("repeat", 1)), _step(path, entry, row.pop("every", "1m"))
        unknown = row.keys() - known.columns.keys()
        if unknown:
            raise PlaybookInvalid(f"{table} has no column {min(unknown)!r}.", file=path,
                                  line=entry[_LINE])  # fmt: skip
        for n in range(times):
            yield {k: _value(known.columns[k], v, n, step) for k, v in row.items()}


def _value(kind: str, value: Any, n: int, step: timedelta) -> Any:
    if kind == "timestamp" and value is not None:
        return _moment(value) + n * step
    return value.replace("{n}", str(n)) if isinstance(value, str) else value


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime.combine(value, datetime.min.time())
    return datetime.fromisoformat(str(value))


def _step(path: Path, entry: dict[str, Any], text: Any) -> timedelta:
    found = re.fullmatch(r"(\d+)([smhd])", str(text))
    if not found:
        raise PlaybookInvalid(f"every: {text!r} is not like 30s, 10m, 2h or 1d.", file=path,
                              line=entry[_LINE])  # fmt: skip
    return timedelta(seconds=int(found[1]) * _STEP[found[2]])


def _window(path: Path, owner: dict[str, Any], raw: Any) -> Window:
    try:
        return Window(_moment(raw["start"]), _moment(raw["end"]))
    except (TypeError, KeyError, ValueError) as error:
        raise PlaybookInvalid("window needs a start and an end.", file=path,
                              line=owner[_LINE]) from error  # fmt: skip


def _case(path: Path, entry: dict[str, Any], window: Window) -> Case:
    _only(path, entry, _CASE_KEYS)
    for key in ("name", "account", "rows"):
        if key not in entry:
            raise PlaybookInvalid(f"A case needs {key!r}.", file=path, line=entry[_LINE])
    own = entry.get("window")
    return Case(
        name=entry["name"], account=entry["account"], rows=int(entry["rows"]), line=entry[_LINE],
        window=_window(path, entry, own) if own else window, mode=entry.get("mode"),
        facts={k: v for k, v in (entry.get("facts") or {}).items() if k != _LINE},
        evidence=tuple(entry.get("evidence") or ()),
        says={k: v for k, v in (entry.get("says") or {}).items() if k != _LINE},
        silent_on=tuple(entry.get("silent_on") or ()), instead=entry.get("instead"),
        healthy=bool(entry.get("healthy")), connected=tuple(entry.get("connected") or ()),
    )  # fmt: skip


def _only(path: Path, raw: Any, known: set[str]) -> None:
    if not isinstance(raw, dict):
        raise PlaybookInvalid("A map was expected.", file=path, line=1)
    for key in raw:
        if key != _LINE and key not in known:
            raise PlaybookInvalid(f"The key {key!r} is unknown.", file=path, line=raw[_LINE],
                                  hint=f"Known keys: {', '.join(sorted(known))}.")  # fmt: skip
