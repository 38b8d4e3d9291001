"""A locked DuckDB over one lake. Lives in the worker process; never in the one that serves."""

import contextlib
import json
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

import duckdb

from headwater.evidence import errors
from headwater.evidence.catalogue import Catalogue
from headwater.evidence.contract import load_contract
from headwater.evidence.estimate import estimate
from headwater.evidence.folders import Folder, open_folder
from headwater.evidence.locked import engine_message, locked_connection
from headwater.evidence.masks import masks
from headwater.evidence.slices import Slices
from headwater.evidence.spans import window_of
from headwater.evidence.template import NONCE, ParamValue, Source, Template
from headwater.evidence.types import Reader, Role, TableState
from headwater.evidence.verdicts import checked_template, second_parser
from headwater.evidence.views import left_over, read_views, scan_with
from headwater.evidence.wording import plan_words

_MAX_REPLY_BYTES = 64_000_000


class Engine:
    """Runs guarded queries. Holds the views, the compiled templates and nothing else."""

    def __init__(
        self, root: Path | str, *, threads: int | None, memory_bytes: int, views: Path | None = None
    ) -> None:
        self._folder = self._open(root)
        self._contract = load_contract()
        self._connection = locked_connection(self._folder, threads, memory_bytes)
        second_parser()  # starts here, not within the first question's time
        self._views_folder = views
        self._lake = scan_with(self._folder, self._contract, views)
        self._catalogue = self._new_catalogue()
        self._slices = self._new_slices()
        self._scanned = time.monotonic()

    def _open(self, root: Path | str) -> Folder:
        return open_folder(root)

    def needs(self, sql: str) -> frozenset[tuple[str, str]]:
        """(table, column) pairs that `sql` reads. Raises QueryRefused."""
        return self._template(sql, scoped=True).needs

    def plan(self, sql: str, *, scoped: bool) -> list[str]:
        """What a query does, in plain sentences. Raises QueryRefused."""
        self._template(sql, scoped=scoped)
        return plan_words(sql, self._contract, scoped=scoped)

    def estimate(
        self, sql: str, params: Mapping[str, ParamValue], accounts: tuple[str, ...] | None
    ) -> dict[str, tuple[int, int]]:
        """(rows, bytes) to be read of each table. Raises QueryRefused."""
        self._rescan()
        template = self._template(sql, scoped=accounts is not None)
        template.require(params)
        return estimate(
            self._connection, self._catalogue, self._contract, template, params, accounts
        )

    def tables(self) -> tuple[list[TableState], dict[str, datetime | None], tuple[str, ...]]:
        """Every table's state, its freshness, and files that belong to none."""
        self._rescan()
        states = [self._catalogue.state(name) for name in self._contract.tables]
        fresh = {state.name: self._catalogue.as_of(state.name) for state in states if state.present}
        return states, fresh, left_over(self._lake, self._contract, self._views)

    def view_problems(self) -> list[str]:
        """What is wrong with the project's views, each with file and line."""
        states = [self._catalogue.state(name) for name in sorted(self._views.by_table)]
        found = [str(each) for each in self._views.problems]
        return [*found, *(state.problem for state in states if state.problem)]

    def prepare(
        self,
        queries: Iterable[str],
        params: Mapping[str, ParamValue],
        accounts: tuple[str, ...] | None,
        seconds: float,
    ) -> None:
        """Reads once what all `queries` will read of these accounts. Refused ones are left out."""
        self._rescan()
        templates = []
        for sql in queries:
            with contextlib.suppress(errors.QueryRefused, errors.QueryFailed):
                templates.append(self._template(sql, scoped=accounts is not None))
        with self._deadline(seconds):
            self._slices.prepare(templates, accounts, params)

    def query(
        self,
        sql: str,
        params: Mapping[str, ParamValue],
        accounts: tuple[str, ...] | None,
        rows: int,
        seconds: float,
        optional: frozenset[str] = frozenset(),
        reader: Reader = Reader(),  # noqa: B008 (frozen)
    ) -> dict[str, Any]:
        """Columns, types, rows and freshness, JSON-ready. Raises the room's errors."""
        self._rescan()
        template = self._template(sql, scoped=accounts is not None)
        self._require(template, optional, scoped=accounts is not None)
        as_of = {name: self._catalogue.as_of(name) for name in template.tables}
        started = time.perf_counter()
        hidden = masks(reader)
        with self._deadline(seconds, plain=reader.role is Role.SYSTEM):
            slices = self._slices.sources(template, accounts, params)

            @cache
            def source_of(name: str) -> Source:
                # A slice holds nothing but the scope's rows; a playbook's conditions are ours.
                if name in slices:
                    return slices[name]
                bounds = [template.bounds.get(name)]
                window = partial(window_of, self._connection, bounds, params)
                part = self._catalogue.within(name, window)
                if reader.role is Role.SYSTEM:
                    return self._catalogue.acted_on(name, accounts, part)
                return self._catalogue.bounded(name, accounts, part)

            template.require(params)
            if template.names and self._slices.fruitless(template, accounts, params):
                columns, types = list(template.names), ["text"] * len(template.names)
                found: list[list[Any]] = []
            else:
                engine_sql = template.fill(params, accounts, rows + 1, source_of, hidden)
                columns, types, found = self._run(engine_sql)
        shown = template.fill(params, accounts, rows + 1, self._catalogue.source, hidden)
        return {
            "columns": columns,
            "types": types,
            "rows": found[:rows],
            "truncated": len(found) > rows,
            "seconds": time.perf_counter() - started,
            "engine_sql": shown.replace(f"hw_{NONCE}_", "lake_"),
            "as_of": {name: moment.isoformat() for name, moment in as_of.items() if moment},
        }

    def _rescan(self) -> None:
        if time.monotonic() - self._scanned < self._folder.rescan_seconds:
            return
        lake = scan_with(self._folder, self._contract, self._views_folder)
        if lake.fingerprint != self._lake.fingerprint:
            self._lake = lake
            self._slices.clear()
            self._catalogue = self._new_catalogue()
            self._slices = self._new_slices()
        self._scanned = time.monotonic()

    def _new_catalogue(self) -> Catalogue:
        self._views = read_views(self._views_folder, self._contract, self._lake.files)
        return Catalogue(self._connection, self._contract, self._lake, self._views)

    def _new_slices(self) -> Slices:
        return Slices(self._connection, self._contract, self._catalogue)

    def _template(self, sql: str, *, scoped: bool) -> Template:
        return checked_template(sql, scoped=scoped)

    def _require(self, template: Template, optional: frozenset[str], *, scoped: bool) -> None:
        for name in sorted(template.tables):
            state = self._catalogue.state(name)
            if not state.present and name in optional:
                continue  # its view is empty
            if not state.present:
                raise errors.QueryRefused(
                    f"The evidence store has no table {name}"
                    + (f": {state.problem}." if state.problem else "."),
                    param=name,
                    hint="See `headwater evidence check`.",
                )
            if scoped and not self._catalogue.scopable(name):
                raise errors.QueryRefused(
                    f"The table {name} does not say which account a row belongs to.",
                    param=name,
                    hint=f"Add the column {self._contract.tables[name].account}.",
                )

    @contextlib.contextmanager
    def _deadline(self, seconds: float, *, plain: bool = True) -> Iterator[None]:
        """Interrupts the engine after `seconds`; engine errors leave as the room's errors.

        Unless `plain`, they name only what kind of thing went wrong: the engine may have met a
        value of another account before it dropped that row, and its message would print it.
        """
        stop = threading.Timer(seconds, self._connection.interrupt)
        stop.daemon = True
        stop.start()
        try:
            yield
        except duckdb.InterruptException as error:
            raise errors.QueryTimeout(
                f"The query was stopped after {seconds:g} seconds.",
                hint="Narrow the time window, or select fewer accounts.",
            ) from error
        except duckdb.OutOfMemoryException as error:
            self._slices.clear()
            raise errors.QueryLimit(
                "The query needs more memory than it may use.", hint="Narrow the time window."
            ) from error
        except duckdb.Error as error:
            if trouble := self._folder.trouble():
                self._scanned = -math.inf
                raise errors.QueryFailed(trouble, hint="Ask again.") from error
            raise errors.QueryFailed(engine_message(error) if plain else _kind_of(error)) from error
        finally:
            stop.cancel()

    def _run(self, sql: str) -> tuple[list[str], list[str], list[list[Any]]]:
        result = self._connection.execute(sql)
        described = [(str(column[0]), str(column[1])) for column in result.description]
        if any("TIME ZONE" in kind for _, kind in described):
            result = self._connection.execute(_in_utc(sql, described))
        return _collect(result, described)


def _kind_of(error: duckdb.Error) -> str:
    """What went wrong, without any value that a row held."""
    match error:
        case duckdb.BinderException() | duckdb.CatalogException() | duckdb.ParserException():
            return engine_message(error)
        case duckdb.ConversionException():
            return "A value cannot be converted to the type asked for; TRY_CAST gives NULL then."
        case duckdb.OutOfRangeException():
            return "A number is too large for its type; cast to DOUBLE or BIGINT first."
        case duckdb.InvalidInputException():
            return "A function was given a value that it cannot work with."
    return f"The engine could not finish the query ({type(error).__name__})."


def _in_utc(sql: str, described: list[tuple[str, str]]) -> str:
    """The query with zoned times as naive UTC; the order of rows is kept."""
    names = [f"c{index}" for index in range(len(described))]
    values = [
        f"CAST({name} AS TIMESTAMP) AS {name}" if kind == "TIMESTAMP WITH TIME ZONE" else name
        for name, (_, kind) in zip(names, described, strict=True)
    ]
    return f"SELECT {', '.join(values)} FROM ({sql}) AS q({', '.join(names)})"


def _collect(
    result: Any, described: list[tuple[str, str]]
) -> tuple[list[str], list[str], list[list[Any]]]:
    converters = [_converter(kind) for _, kind in described]
    rows: list[list[Any]] = []
    size = 0
    while batch := result.fetchmany(1_000):
        for row in batch:
            values = [
                value if convert is None or value is None else convert(value)
                for convert, value in zip(converters, row, strict=True)
            ]
            size += sum(len(value) for value in values if isinstance(value, str))
            rows.append(values)
        if size > _MAX_REPLY_BYTES:
            raise errors.QueryLimit("The result is too large.", hint="Select fewer columns.")
    return [name for name, _ in described], [_type_name(kind) for _, kind in described], rows


_PLAIN = frozenset(
    """
    VARCHAR BOOLEAN TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT
    UHUGEINT FLOAT DOUBLE
    """.split()
)
_CONTRACT_NAMES = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DOUBLE": "double",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
    "TIMESTAMP_S": "timestamp",
    "TIMESTAMP_MS": "timestamp",
    "TIMESTAMP_NS": "timestamp",
}


def _type_name(kind: str) -> str:
    return _CONTRACT_NAMES.get(kind, kind.lower())


def _converter(kind: str) -> Callable[[Any], Any] | None:
    if kind in _PLAIN:
        return None
    if _type_name(kind) in ("timestamp", "date"):
        return _moment
    return _text_or_number


def _moment(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _text_or_number(value: Any) -> Any:
    """Values without a plain counterpart: decimals as numbers, structures as JSON text."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case timedelta():
            return value.total_seconds()
        case list() | dict() | tuple():
            return json.dumps(value, default=str, ensure_ascii=False)
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).replace(tzinfo=None).isoformat()
    return value if isinstance(value, str | int | float | bool) else str(value)
