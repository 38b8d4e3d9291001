"""A query engine that speaks another dialect: the guard's tree through the seam to a backend."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from sqlglot import exp

from headwater.evidence import errors
from headwater.evidence.contract import Contract, Table
from headwater.evidence.engine import _type_name as contract_name
from headwater.evidence.engines.binding import SOURCE, bind
from headwater.evidence.engines.canonical import canonical_rows
from headwater.evidence.engines.dialects import Dialect
from headwater.evidence.engines.reference import Reference, Shape
from headwater.evidence.engines.seam import Translated, translate
from headwater.evidence.guard import compile_query
from headwater.evidence.template import ParamValue, Template
from headwater.evidence.types import Reader, Role, TableState
from headwater.evidence.wording import plan_words

_TEMPLATES = 512
_FRESH_SECONDS = 30.0
_MAX_REPLY_BYTES = 64_000_000


class Backend(Protocol):
    """The engine behind the seam: what is there, and running one SELECT."""

    def state(self, name: str) -> TableState:
        """What the engine holds of a contract table."""
        ...

    def relation(self, name: str) -> exp.Expr:
        """What stands for a present table in FROM, with the contract's columns and types."""
        ...

    def as_of(self, name: str) -> datetime | None:
        """The time that a present table's rows reach to, where it can be told quickly."""
        ...

    def unknown(self) -> tuple[str, ...]:
        """Names that belong to no table of the contract."""
        ...

    def refresh(self) -> None:
        """Looks again at what is there."""
        ...

    def run(self, sql: str, seconds: float) -> Sequence[Sequence[Any]]:
        """The rows of one SELECT. Raises QueryTimeout, QueryFailed, QueryLimit."""
        ...

    def close(self) -> None:
        """Gives back what the engine holds elsewhere."""
        ...


@runtime_checkable
class BindingBackend(Protocol):
    """A backend that takes texts from outside apart from the query."""

    def run_bound(self, sql: str, values: Sequence[str], seconds: float) -> Sequence[Sequence[Any]]:
        """The rows of one SELECT with `values` for its placeholders. Raises as `run` does."""
        ...


class TranslatingEngine:
    """Guard, seam, backend. `allowed` is the list of constructs that may go out."""

    def __init__(
        self,
        backend: Backend,
        dialect: Dialect,
        contract: Contract,
        allowed: frozenset[str],
        *,
        remedy: Callable[[str], str] | None = None,
    ) -> None:
        self._backend = backend
        self._remedy = remedy
        self._dialect = dialect
        self._contract = contract
        self._allowed = allowed
        self._reference = Reference(contract)
        self._templates: OrderedDict[tuple[str, bool], Template] = OrderedDict()
        self._looked = time.monotonic()

    def close(self) -> None:
        """Ends the connection or session; the worker process ends with it anyway."""
        self._backend.close()

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
        """Nothing: a warehouse keeps its own books. Raises QueryRefused."""
        self._template(sql, scoped=accounts is not None).require(params)
        return {}

    def view_problems(self) -> list[str]:
        """None: views map files, and a warehouse has its own."""
        return []

    def tables(self) -> tuple[list[TableState], dict[str, datetime | None], tuple[str, ...]]:
        """Every table's state, its freshness, and names that belong to none."""
        self._look()
        states = [self._backend.state(name) for name in self._contract.tables]
        fresh = {each.name: self._backend.as_of(each.name) for each in states if each.present}
        return states, fresh, self._backend.unknown()

    def prepare(
        self,
        queries: Iterable[str],
        params: Mapping[str, ParamValue],
        accounts: tuple[str, ...] | None,
        seconds: float,
    ) -> None:
        """Nothing: these engines keep their own caches."""

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
        self._look()
        template = self._template(sql, scoped=accounts is not None)
        self._require(template, optional, scoped=accounts is not None)
        started = time.perf_counter()
        shape, made = self.translated(template, params, accounts, rows + 1, reader)
        left = max(seconds - (time.perf_counter() - started), 0.1)
        found = self._rows(made, shape, left, plain=reader.role is Role.SYSTEM)
        if sum(len(v) for row in found for v in row if isinstance(v, str)) > _MAX_REPLY_BYTES:
            raise errors.QueryLimit("The result is too large.", hint="Select fewer columns.")
        as_of = {name: self._fresh(name) for name in template.tables}
        return {
            "columns": list(shape.names),
            "types": [contract_name(kind) for kind in shape.types],
            "rows": found[:rows],
            "truncated": len(found) > rows,
            "seconds": time.perf_counter() - started,
            "engine_sql": made.sql.replace(SOURCE, "lake_"),
            "as_of": {name: moment.isoformat() for name, moment in as_of.items() if moment},
        }

    def translated(
        self,
        template: Template,
        params: Mapping[str, ParamValue],
        accounts: tuple[str, ...] | None,
        rows: int,
        reader: Reader = Reader(),  # noqa: B008 (frozen)
    ) -> tuple[Shape, Translated]:
        """What DuckDB's answer would look like, and the engine's SQL. Raises QueryRefused."""
        bound = bind(template, self._contract, params, accounts, rows, reader)
        shape = self._reference.shape(bound, template.tables)
        made = translate(
            bound,
            self._contract,
            template.tables,
            self._dialect,
            self._allowed,
            self._relation,
            self._remedy,
        )
        return shape, made

    def _rows(
        self, made: Translated, shape: Shape, seconds: float, *, plain: bool
    ) -> list[list[Any]]:
        """The engine's rows. What it says of a failure may hold a row's value: not for people."""
        try:
            return canonical_rows(self._run(made, seconds), shape.types)
        except errors.QueryFailed as error:
            if plain or isinstance(error, errors.QueryLimit):
                raise
            raise errors.QueryFailed(
                f"{self._dialect.title} could not run the query on these rows.",
                hint="A conversion or calculation failed; try_cast and nullif avoid that.",
            ) from error

    def _run(self, made: Translated, seconds: float) -> Sequence[Sequence[Any]]:
        backend = self._backend
        if isinstance(backend, BindingBackend):
            return backend.run_bound(made.sql, made.values, seconds)
        return backend.run(made.sql, seconds)

    def _relation(self, name: str) -> exp.Expr:
        state = self._backend.state(name)
        return self._backend.relation(name) if state.present else empty(self._contract, name)

    def _fresh(self, name: str) -> datetime | None:
        return self._backend.as_of(name) if self._backend.state(name).present else None

    def _look(self) -> None:
        if time.monotonic() - self._looked > _FRESH_SECONDS:
            self._backend.refresh()
            self._looked = time.monotonic()

    def _template(self, sql: str, *, scoped: bool) -> Template:
        key = (sql, scoped)
        if key not in self._templates:
            self._templates[key] = compile_query(sql, self._contract, scoped=scoped)
            if len(self._templates) > _TEMPLATES:
                self._templates.popitem(last=False)
        self._templates.move_to_end(key)
        return self._templates[key]

    def _require(self, template: Template, optional: frozenset[str], *, scoped: bool) -> None:
        for name in sorted(template.tables):
            state = self._backend.state(name)
            if not state.present and name not in optional:
                why = f": {state.problem}." if state.problem else "."
                raise errors.QueryRefused(
                    f"The evidence store has no table {name}{why}",
                    param=name,
                    hint="See `headwater evidence check`.",
                )
            account = self._contract.tables[name].account
            if scoped and state.present and account in state.missing_columns:
                raise errors.QueryRefused(
                    f"The table {name} does not say which account a row belongs to.",
                    param=name,
                    hint=f"Add the column {account}.",
                )


_SQL_TYPES = {"text": "TEXT", "timestamp": "TIMESTAMP", "date": "DATE", "boolean": "BOOLEAN",
              "integer": "INT", "bigint": "BIGINT", "double": "DOUBLE"}  # fmt: skip


def typed_null(kind: str) -> exp.Expr:
    """NULL of a contract type."""
    return exp.cast(exp.null(), _SQL_TYPES[kind])


def sql_type(kind: str) -> str:
    """The name of a contract type that every dialect can be written from."""
    return _SQL_TYPES[kind]


def empty(contract: Contract, name: str) -> exp.Expr:
    """A relation with a table's columns and no row, for a table that may be absent."""
    table: Table = contract.tables[name]
    columns = [
        exp.alias_(typed_null(kind), column, quoted=True) for column, kind in table.columns.items()
    ]
    never = exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(0))
    return exp.Subquery(this=exp.select(*columns).where(never))
