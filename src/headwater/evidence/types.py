"""The values that cross the evidence room's door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from headwater.kit.errors import HeadwaterError

Value = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Purpose:
    """Who reads, through which entrance, and why. `case_id` or `reason` must say why."""

    who: str
    entrance: str
    reason: str
    case_id: str | None = None


class Role(StrEnum):
    """Who looks at the rows. `system` are playbooks and acts; `portal` a user of the platform."""

    SYSTEM = "system"
    SPECIALIST = "specialist"
    LEAD = "lead"
    ANALYST = "analyst"
    ENGINEER = "engineer"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Reader:
    """A role, and whether it was given the right to see personal data."""

    role: Role = Role.SYSTEM
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows may be read, and by whom.

    `account_ids=None` means every account (reach, base rates). `reader` decides what is masked.
    """

    account_ids: tuple[str, ...] | None = None
    reader: Reader = Reader()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one query: rows, wall-clock seconds, bytes of engine memory."""

    rows: int = 1_000
    seconds: float = 30.0
    memory_bytes: int = 1_500_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """Rows of one query. Times are naive UTC; `types` are contract or engine type names.

    `bytes` is the size of the answer as the engine's process sent it, None where unknown.
    """

    run_id: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    truncated: bool
    seconds: float
    engine_sql: str
    bytes: int | None = None

    def dicts(self) -> list[dict[str, Value]]:
        """Rows as dictionaries, in order."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a query has to read of one table: rows, and bytes as they are stored."""

    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class TableState:
    """What is known of one contract table in a store. `as_of` is naive UTC.

    `cast_columns` are stored with another type than the contract's, `derived_columns` are found
    through another table; `problem` says why files that are there cannot be read; `view` is the
    file of the view that maps the company's own names, if one does.
    """

    name: str
    present: bool
    missing_columns: tuple[str, ...] = ()
    as_of: datetime | None = None
    files: int = 0
    cast_columns: tuple[str, ...] = ()
    derived_columns: tuple[str, ...] = ()
    problem: str | None = None
    view: str | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The audit line of one query, also of one refused. `role` is what the reader was allowed."""

    run_id: str
    at: datetime
    purpose: Purpose
    scope: Scope
    sql: str
    params: Mapping[str, str]
    engine: str
    outcome: str
    rows: int = 0
    seconds: float = 0.0
    error: str | None = None
    as_of: Mapping[str, str] = field(default_factory=dict)
    role: str = "system"
    bytes: int = 0


class Recorder(Protocol):
    """Where audit lines go: a file on the command line, the operational store on the desk."""

    def record(self, run: RunRecord) -> None: ...


class EvidenceStore(Protocol):
    """A readable evidence store. One instance keeps its engine warm; close it when done."""

    location: str

    def query(
        self,
        sql: str,
        *,
        purpose: Purpose,
        scope: Scope,
        params: Mapping[str, datetime | str | int] | None = None,
        limits: Limits = Limits(),  # noqa: B008 (frozen)
        optional: frozenset[str] = frozenset(),
    ) -> Result:
        """Rows of one guarded SELECT in DuckDB's dialect. `$name` takes its value from `params`.

        Tables named in `optional` stand empty where the store lacks them; any other is refused.

        Raises QueryRefused (guard), QueryFailed (engine), QueryTimeout (killed).
        """
        ...

    def query_many(
        self,
        queries: Mapping[str, str],
        *,
        purpose: Purpose,
        scope: Scope,
        params: Mapping[str, datetime | str | int] | None = None,
        limits: Limits = Limits(),  # noqa: B008 (frozen)
        optional: Mapping[str, frozenset[str]] | None = None,
    ) -> dict[str, Result | HeadwaterError]:
        """The answer of each named query, or why it has none. Reads shared rows once.

        `optional` names by query the tables that may be absent.
        """
        ...

    def needs(self, sql: str) -> frozenset[tuple[str, str]]:
        """The (table, column) pairs of the contract that a query reads. Raises QueryRefused."""
        ...

    def tables(self) -> dict[str, TableState]:
        """Every table of the contract, whether present or not."""
        ...

    def fingerprint(self) -> str:
        """Changes whenever the stored data changes; keys caches such as base rates."""
        ...

    def close(self) -> None: ...
