"""PostgreSQL as an evidence engine: read-only transactions with a deadline, one statement each."""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from sqlglot import exp

from headwater.evidence import errors
from headwater.evidence.contract import Contract, Table, load_contract
from headwater.evidence.engines.dialects.postgres import POSTGRES
from headwater.evidence.engines.interface import missing_driver
from headwater.evidence.engines.seam import proven
from headwater.evidence.engines.translating import TranslatingEngine, sql_type, typed_null
from headwater.evidence.types import TableState

_FITS = {
    "text": frozenset(["text", "character varying"]),
    "timestamp": frozenset(["timestamp without time zone"]),
    "date": frozenset(["date"]),
    "boolean": frozenset(["boolean"]),
    "integer": frozenset(["smallint", "integer", "bigint"]),
    "bigint": frozenset(["smallint", "integer", "bigint"]),
    "double": frozenset(["double precision"]),
}
_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
  l.collname IS NOT NULL AND l.collname NOT IN ('default', 'C')
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid
LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation
WHERE n.nspname = %s AND c.relkind IN ('r', 'v', 'm', 'p', 'f') AND a.attnum > 0
  AND NOT a.attisdropped AND has_table_privilege(c.oid, 'SELECT')
"""
_WRITABLE = """
SELECT c.relname
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind IN ('r', 'v', 'p', 'f')
  AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') LIMIT 1
"""
_AS_OF_SECONDS = 3.0
# DISCARD ALL but for the prepared statements, of which the driver keeps its own list.
_FORGET = """
SET SESSION AUTHORIZATION DEFAULT; RESET ALL; CLOSE ALL; UNLISTEN *;
SELECT pg_advisory_unlock_all(); DISCARD PLANS; DISCARD TEMP; DISCARD SEQUENCES
"""
_SESSION = (
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL search_path = pg_catalog",
)


def open_postgres(
    address: str,
    options: Mapping[str, Any],
    *,
    allowed: frozenset[str] | None = None,
    may_write: bool = False,
) -> TranslatingEngine:
    """The engine at a PostgreSQL address; `?schema=NAME` says where its tables are.

    Raises StoreNotFound where the driver is missing, the server does not answer, or the role may
    write (unless `may_write`, for the suite, which has just written its own tables).
    """
    contract = load_contract()
    backend = PostgresBackend(address, contract, may_write=may_write)
    return TranslatingEngine(
        backend, POSTGRES, contract, proven("postgres") if allowed is None else allowed
    )


def split_schema(address: str) -> tuple[str, str]:
    """The address for the driver, and the schema that the tables are in."""
    parts = urlsplit(address)
    query = parse_qs(parts.query)
    schema = query.pop("schema", ["public"])[0]
    return urlunsplit(parts._replace(query=urlencode(query, doseq=True))), schema


class PostgresBackend:
    """One connection. Every query has its own transaction, and the session is wiped after it."""

    def __init__(self, address: str, contract: Contract, *, may_write: bool) -> None:
        try:
            import psycopg
        except ImportError as error:
            raise missing_driver("psycopg", "postgres") from error
        self._psycopg = psycopg
        self._contract = contract
        self._url, self._schema = split_schema(address)
        self._connection = self._connect()
        self._stored: dict[str, dict[str, str]] = {}
        self._collated: frozenset[tuple[str, str]] = frozenset()
        self._as_of: dict[str, datetime | None] = {}
        if not may_write:
            self._refuse_writers()
        self.refresh()

    def _connect(self) -> Any:
        try:
            return self._psycopg.connect(self._url, autocommit=True, connect_timeout=10)
        except self._psycopg.Error as error:
            raise errors.StoreNotFound(
                f"PostgreSQL does not answer: {_first_line(error)}.", param="evidence"
            ) from error

    def refresh(self) -> None:
        """Reads the catalogue again."""
        if self._connection.closed:
            self._connection = self._connect()
        stored: dict[str, dict[str, str]] = {}
        own: set[tuple[str, str]] = set()
        rows = self._connection.execute(_COLUMNS, [self._schema], prepare=False)
        for table, column, kind, collated in rows:
            stored.setdefault(table, {})[column] = kind
            if collated:
                own.add((table, column))
        self._collated = frozenset(own)
        self._stored = stored
        self._as_of.clear()

    def state(self, name: str) -> TableState:
        """What the schema holds of a contract table."""
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
                if column in stored and stored[column] not in _FITS[kind]
            ),
        )

    def relation(self, name: str) -> exp.Expr:
        """The table itself, or a sub-select that gives it the contract's columns and types."""
        table, stored = self._contract.tables[name], self._stored[name]
        source = exp.table_(name, db=self._schema, quoted=True)
        own = {column for owner, column in self._collated if owner == name}
        if not own and all(stored.get(c) in _FITS[kind] for c, kind in table.columns.items()):
            return source
        columns = [
            exp.alias_(
                _by_bytes(_fitted(column, kind, stored.get(column)), column in own),
                column,
                quoted=True,
            )
            for column, kind in table.columns.items()
        ]
        return exp.Subquery(this=exp.select(*columns).from_(source))

    def as_of(self, name: str) -> datetime | None:
        """The latest time in the table, None where it takes long to find."""
        if name not in self._as_of:
            self._as_of[name] = self._latest(self._contract.tables[name])
        return self._as_of[name]

    def unknown(self) -> tuple[str, ...]:
        """Nothing: a warehouse may hold what it likes."""
        return ()

    def run(self, sql: str, seconds: float) -> Sequence[Sequence[Any]]:
        """The rows of one SELECT in its own read-only transaction with a deadline."""
        if self._connection.closed:  # the server was restarted, or ended our session
            self._connection = self._connect()
        connection, psycopg = self._connection, self._psycopg
        try:
            for statement in (
                "BEGIN TRANSACTION READ ONLY",
                f"SET LOCAL statement_timeout = {int(seconds * 1000)}",
                *_SESSION,
            ):
                connection.execute(statement, prepare=False)
            # `prepare` means the extended protocol, which takes one statement and no more.
            return list(connection.execute(sql, prepare=True).fetchall())
        except psycopg.errors.QueryCanceled as error:
            raise errors.QueryTimeout(
                f"The query was stopped after {seconds:g} seconds.",
                hint="Narrow the time window, or select fewer accounts.",
            ) from error
        except (psycopg.errors.OutOfMemory, psycopg.errors.DiskFull) as error:
            raise errors.QueryLimit(
                "The query needs more memory than it may use.", hint="Narrow the time window."
            ) from error
        except psycopg.Error as error:
            raise errors.QueryFailed(f"PostgreSQL: {_first_line(error)}.") from error
        finally:
            with contextlib.suppress(psycopg.Error):
                connection.execute("ROLLBACK", prepare=False)
                connection.execute(_FORGET, prepare=False)

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def _refuse_writers(self) -> None:
        role = self._connection.execute(
            "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
        ).fetchone()
        written = self._connection.execute(_WRITABLE, [self._schema]).fetchone()
        if (role and role[0]) or written:
            raise errors.StoreNotFound(
                "The PostgreSQL role may write, so evidence is not read with it.",
                param="evidence",
                hint=f"Make a role with SELECT on the tables of the schema {self._schema} only.",
            )

    def _latest(self, table: Table) -> datetime | None:
        stored = self._stored[table.name]
        if table.time is None or stored.get(table.time) is None:
            return None
        value = _fitted(table.time, table.columns[table.time], stored[table.time])
        source = exp.table_(table.name, db=self._schema, quoted=True)
        latest = exp.select(exp.cast(exp.Max(this=value), "TIMESTAMP")).from_(source)
        try:
            rows = self.run(latest.sql("postgres", identify=True), _AS_OF_SECONDS)
        except errors.QueryTimeout:
            return None
        found = rows[0][0]
        return found if isinstance(found, datetime) else None


def _by_bytes(value: exp.Expr, collated: bool) -> exp.Expr:
    """A collation of the column's own may call different texts equal; DuckDB does not."""
    if not collated:
        return value
    return exp.Collate(this=value, expression=exp.to_identifier("C", quoted=True))


def _fitted(column: str, kind: str, stored: str | None) -> exp.Expr:
    value = exp.column(column, quoted=True)
    if stored is None:
        return typed_null(kind)
    if stored in _FITS[kind]:
        return value
    if stored == "timestamp with time zone" and kind in ("timestamp", "date"):
        zoned = exp.AtTimeZone(this=value, zone=exp.Literal.string("UTC"))
        return zoned if kind == "timestamp" else exp.cast(zoned, "DATE")
    return exp.cast(value, sql_type(kind))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
