"""What adapters to warehouses share: the catalogue, the contract's types, deadline and cancel."""

import contextlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from sqlglot import exp

from headwater.evidence import errors
from headwater.evidence.contract import Contract, Table
from headwater.evidence.engines.dialects.writing import written
from headwater.evidence.types import TableState
from headwater.kit.errors import HeadwaterError

_AS_OF_SECONDS = 10.0
_CATALOGUE_SECONDS = 60.0
# Beyond what any limit of a reader allows; a reply of this size would not be sent on anyway.
_MOST_ROWS = 1_000_000
_T = TypeVar("_T")


class _Late(Exception):
    """A driver ended quietly when it was cancelled, with whatever rows it had by then."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A column as the warehouse has it: its own names, and its type in small letters."""

    table: str
    column: str
    kind: str
    collated: bool = False


class WarehouseBackend(ABC):
    """One schema of a warehouse. A subclass connects, runs one statement and says what failed."""

    title: ClassVar[str]
    sqlglot: ClassVar[str]
    # The type that a contract type is made as and cast to.
    types: ClassVar[Mapping[str, str]]
    # Type names that need no cast, by contract type.
    fits: ClassVar[Mapping[str, frozenset[str]]]
    # How a value of another type becomes text or a time in UTC: `__x` stands for it.
    texts: ClassVar[Mapping[str, str]] = {}
    moments: ClassVar[Mapping[str, str]] = {}
    # How a text is compared by its bytes whatever its column says.
    by_bytes: ClassVar[str] = "__x"

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._stored: dict[str, dict[str, Stored]] = {}
        self._twice: dict[str, list[str]] = {}
        self._as_of: dict[str, datetime | None] = {}

    @abstractmethod
    def columns(self) -> Iterable[Stored]:
        """Every column of the schema that may be read."""

    @abstractmethod
    def source(self, table: str) -> exp.Table:
        """A table by the warehouse's own name, qualified."""

    @abstractmethod
    def fetch(self, sql: str, values: Sequence[str], seconds: float) -> Iterable[Sequence[Any]]:
        """The rows of one SELECT, read-only as far as the warehouse can."""

    @abstractmethod
    def write(self, sql: str) -> None:
        """Runs a statement that writes; for the suite's own tables only."""

    @abstractmethod
    def cancel(self) -> None:
        """Stops what `fetch` runs, there and not only here."""

    @abstractmethod
    def explained(self, error: Exception) -> HeadwaterError:
        """The driver's error in the room's words."""

    def named(self, name: str) -> str:
        """How the warehouse would call a contract table or column that is made there."""
        return name

    def close(self) -> None:  # noqa: B027 (a warehouse spoken to by single requests holds nothing)
        """Gives back the connection."""

    def refresh(self) -> None:
        """Reads the catalogue again. Raises StoreNotFound where the warehouse does not answer."""
        try:
            found = self._limited(lambda: list(self.columns()), _CATALOGUE_SECONDS)
        except (errors.QueryFailed, errors.QueryTimeout) as error:
            raise errors.StoreNotFound(
                f"{self.title} does not answer: {error.message.removeprefix(f'{self.title}: ')}",
                param="evidence",
                hint="Check the address, the network and the secrets in the environment.",
            ) from error
        tables: dict[str, dict[str, dict[str, Stored]]] = {}
        for each in found:
            names = tables.setdefault(each.table.lower(), {}).setdefault(each.table, {})
            if each.column.lower() not in names or each.column.islower():
                names[each.column.lower()] = each
        self._stored = {}
        self._twice = {}
        for name, spellings in tables.items():
            if len(spellings) > 1 and name not in spellings:
                self._twice[name] = sorted(spellings)
            else:
                self._stored[name] = spellings.get(name) or next(iter(spellings.values()))
        self._as_of.clear()

    def state(self, name: str) -> TableState:
        """What the schema holds of a contract table."""
        if name in self._twice:
            return TableState(
                name, present=False, problem=f"{' and '.join(self._twice[name])} are both there"
            )
        stored = self._stored.get(name)
        if stored is None:
            return TableState(name, present=False)
        columns = self._contract.tables[name].columns
        return TableState(
            name,
            present=True,
            missing_columns=tuple(column for column in columns if column not in stored),
            cast_columns=tuple(
                column
                for column, kind in columns.items()
                if column in stored and stored[column].kind not in self.fits[kind]
            ),
        )

    def relation(self, name: str) -> exp.Expr:
        """A sub-select with the contract's columns, names and types."""
        stored = self._stored[name]
        columns = [
            exp.alias_(self._fitted(kind, stored.get(column)), column, quoted=True)
            for column, kind in self._contract.tables[name].columns.items()
        ]
        table = next(iter(stored.values())).table
        return exp.Subquery(this=exp.select(*columns).from_(self.source(table)))

    def _fitted(self, kind: str, stored: Stored | None) -> exp.Expr:
        target = self.types[kind]
        if stored is None:
            return written(self.sqlglot, f"CAST(NULL AS {target})")
        value: exp.Expr = exp.column(stored.column, quoted=True)
        if stored.kind in self.fits[kind]:
            return written(self.sqlglot, self.by_bytes, x=value) if stored.collated else value
        if kind == "text" and stored.kind in self.texts:
            return written(self.sqlglot, self.texts[stored.kind], x=value)
        if kind in ("timestamp", "date") and stored.kind in self.moments:
            made = written(self.sqlglot, self.moments[stored.kind], x=value)
            return made if kind == "timestamp" else exp.cast(made, "DATE")
        return written(self.sqlglot, f"CAST(__x AS {target})", x=value)

    def as_of(self, name: str) -> datetime | None:
        """The latest time in a table, None where it takes long to find."""
        if name not in self._as_of:
            self._as_of[name] = self._latest(self._contract.tables[name])
        return self._as_of[name]

    def _latest(self, table: Table) -> datetime | None:
        stored = self._stored[table.name].get(table.time or "")
        if stored is None:
            return None
        value = self._fitted("timestamp", stored)
        latest = exp.select(exp.Max(this=value)).from_(self.source(stored.table))
        try:
            rows = self.run(latest.sql(self.sqlglot, identify=True), _AS_OF_SECONDS)
        except (errors.QueryTimeout, errors.QueryFailed):
            return None
        found = rows[0][0] if rows else None
        return found.replace(tzinfo=None) if isinstance(found, datetime) else None

    def unknown(self) -> tuple[str, ...]:
        """Nothing: a warehouse may hold what it likes."""
        return ()

    def run(self, sql: str, seconds: float) -> Sequence[Sequence[Any]]:
        """The rows of one SELECT. Raises QueryTimeout, QueryFailed, QueryLimit."""
        return self.run_bound(sql, (), seconds)

    def run_bound(self, sql: str, values: Sequence[str], seconds: float) -> Sequence[Sequence[Any]]:
        """The rows of one SELECT with `values` for its placeholders, cancelled at the deadline.

        Raises QueryTimeout, QueryFailed, QueryLimit, QueryRefused.
        """

        def rows() -> list[Sequence[Any]]:
            found: list[Sequence[Any]] = []
            for row in self.fetch(sql, values, seconds):
                found.append(row)
                if len(found) > _MOST_ROWS:
                    self.cancel()
                    raise errors.QueryLimit("The result is too large.", hint="Set a LIMIT.")
            return found

        return self._limited(rows, seconds)

    def _limited(self, work: Callable[[], _T], seconds: float) -> _T:
        late = threading.Event()

        def stop() -> None:
            late.set()
            with contextlib.suppress(Exception):  # the statement may have ended by itself
                self.cancel()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        failure: Exception | None = None
        try:
            found = work()
            if late.is_set():
                raise _Late
            return found
        except HeadwaterError:
            raise
        except Exception as error:  # drivers have no common class of error
            failure = error
            explained = self.explained(error)
        finally:
            timer.cancel()
        if late.is_set() or isinstance(explained, errors.QueryTimeout):
            raise errors.QueryTimeout(
                f"The query was stopped after {seconds:g} seconds.",
                hint="Narrow the time window, or select fewer accounts.",
            ) from failure
        raise explained from failure
