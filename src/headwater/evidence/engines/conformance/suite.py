"""The suite as data, and its verdict on an engine, case by case."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from headwater.evidence.contract import ENGINE_TYPES, Contract, load_contract
from headwater.evidence.engines.binding import bind
from headwater.evidence.engines.constructs import constructs
from headwater.evidence.engines.interface import QueryEngine
from headwater.evidence.engines.normal import typed
from headwater.evidence.errors import QueryRefused
from headwater.evidence.guard import compile_query
from headwater.evidence.template import ParamValue
from headwater.kit.errors import HeadwaterError

PASS, REFUSED, DIFFERS, FAILED = "pass", "refused", "differs", "failed"
PARAMS: Mapping[str, ParamValue] = {
    "since": datetime(2026, 10, 26),  # noqa: DTZ001 (evidence times are naive UTC)
    "until": datetime(2026, 10, 28),  # noqa: DTZ001
}
_ROWS = 2_000
_SECONDS = 120.0
# Sums of doubles depend on the order of adding; nothing else may differ.
_CLOSE = 1e-9
_CASE = re.compile(r"^-- case: (\S+)\n(.*?)(?=^-- case:|\Z)", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Case:
    """One query of the suite. Its name is `group/what`."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an engine made of a case; `detail` says why it is not a pass."""

    case: str
    verdict: str
    detail: str = ""


@cache
def cases() -> tuple[Case, ...]:
    """Every case, in the order of its file."""
    found = []
    folder = files("headwater.evidence.engines.conformance").joinpath("cases")
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        group = path.name.removesuffix(".sql")
        for match in _CASE.finditer(path.read_text("utf-8")):
            found.append(Case(f"{group}/{match[1]}", match[2].strip()))
    return tuple(found)


def write_world(folder: Path) -> None:
    """The suite's tables as Parquet by the contract, with every table of the contract there."""
    contract = load_contract()
    script = files("headwater.evidence.engines.conformance").joinpath("tables.sql")
    with duckdb.connect() as engine:
        engine.execute(script.read_text("utf-8"))
        made = {str(row[0]) for row in engine.execute("SHOW TABLES").fetchall()}
        for name in sorted(made):
            _write_table(engine, contract, name, folder)


def _write_table(engine: Any, contract: Contract, name: str, folder: Path) -> None:
    stored = {str(row[0]) for row in engine.execute(f'DESCRIBE "{name}"').fetchall()}
    columns = ", ".join(
        f"CAST({chr(34) + column + chr(34) if column in stored else 'NULL'} "
        f'AS {ENGINE_TYPES[kind]}) AS "{column}"'
        for column, kind in contract.tables[name].columns.items()
    )
    target = str(folder / f"{name}.parquet").replace("'", "''")
    engine.execute(f"COPY (SELECT {columns} FROM \"{name}\") TO '{target}' (FORMAT parquet)")


def verify(
    engine: QueryEngine, reference: QueryEngine, asked: Sequence[Case] | None = None
) -> Iterator[Outcome]:
    """The verdict on each case: what `engine` answers beside what `reference` answers."""
    for case in cases() if asked is None else asked:
        want = reference.query(case.sql, PARAMS, None, _ROWS, _SECONDS)
        yield compare(case, want, engine, PARAMS)


def compare(
    case: Case,
    want: Mapping[str, Any],
    engine: QueryEngine,
    params: Mapping[str, ParamValue],
) -> Outcome:
    """The verdict on one case, given the reference's answer."""
    try:
        got = engine.query(case.sql, params, None, _ROWS, _SECONDS)
    except QueryRefused as error:
        return Outcome(case.name, REFUSED, str(error))
    except HeadwaterError as error:
        return Outcome(case.name, FAILED, str(error))
    if want["columns"] != got["columns"] or want["types"] != got["types"]:
        return Outcome(case.name, DIFFERS, f"columns {got['columns']} of {got['types']}")
    if len(want["rows"]) != len(got["rows"]):
        return Outcome(case.name, DIFFERS, f"{len(got['rows'])} rows, not {len(want['rows'])}")
    for place, (ours, theirs) in enumerate(zip(want["rows"], got["rows"], strict=True), start=1):
        if not _same(ours, theirs):
            return Outcome(case.name, DIFFERS, f"row {place}: {theirs}, not {ours}")
    return Outcome(case.name, PASS)


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, list | tuple):
        return len(ours) == len(theirs) and all(map(_same, ours, theirs))
    if isinstance(ours, float) and isinstance(theirs, int | float):
        if math.isnan(ours) or math.isnan(theirs):
            return math.isnan(ours) and math.isnan(theirs)
        return ours == theirs or math.isclose(ours, theirs, rel_tol=_CLOSE)
    return type(ours) is type(theirs) and ours == theirs


def constructs_of(sql: str, params: Mapping[str, ParamValue] = PARAMS) -> frozenset[str]:
    """What a query is made of, as the allow-lists name it. Raises QueryRefused."""
    contract = load_contract()
    template = compile_query(sql, contract, scoped=False)
    tree = bind(template, contract, params, None, _ROWS)
    return frozenset(constructs(typed(tree, contract, template.tables)))
