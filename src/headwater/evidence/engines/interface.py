"""What a worker needs of an engine, and which engine an address means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit, urlunsplit

from headwater.evidence.errors import StoreNotFound
from headwater.evidence.lake import find_root
from headwater.evidence.objects.address import SCHEMES, check_address
from headwater.evidence.template import ParamValue
from headwater.evidence.types import Reader, TableState

_ENGINES = {
    "postgresql": "postgres",
    "postgres": "postgres",
    "spark": "spark",
    "chdb": "clickhouse",
    **{each: each for each in ("snowflake", "bigquery", "trino", "databricks")},
}
# Opened by their drivers, and unproven until somebody has verified them at an address.
UNPROVEN = frozenset(["snowflake", "bigquery", "trino", "databricks"])


class QueryEngine(Protocol):
    """Runs guarded queries inside the worker process; see `Engine` for the embedded one."""

    def needs(self, sql: str) -> frozenset[tuple[str, str]]:
        """(table, column) pairs that `sql` reads. Raises QueryRefused."""
        ...

    def plan(self, sql: str, *, scoped: bool) -> list[str]:
        """What a query does, in plain sentences. Raises QueryRefused."""
        ...

    def estimate(
        self, sql: str, params: Mapping[str, ParamValue], accounts: tuple[str, ...] | None
    ) -> dict[str, tuple[int, int]]:
        """(rows, bytes) to be read of each table; empty where the engine cannot tell."""
        ...

    def view_problems(self) -> list[str]:
        """What is wrong with the project's views."""
        ...

    def tables(self) -> tuple[list[TableState], dict[str, datetime | None], tuple[str, ...]]:
        """Every table's state, its freshness, and names that belong to none."""
        ...

    def prepare(
        self,
        queries: Iterable[str],
        params: Mapping[str, ParamValue],
        accounts: tuple[str, ...] | None,
        seconds: float,
    ) -> None:
        """Reads ahead where the engine gains by it."""
        ...

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
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Which engine, where, and the same address without its password."""

    engine: str
    address: str
    shown: str


def find_place(location: str | Path) -> Place:
    """The engine that an address means. Raises StoreNotFound with one clear sentence."""
    text = str(location)
    scheme = text.partition("://")[0].lower() if "://" in text else "file"
    if scheme == "file":
        root = str(find_root(location))
        return Place("duckdb", root, root)
    if scheme in _ENGINES:
        return Place(_ENGINES[scheme], text, _without_password(text))
    if scheme in SCHEMES:
        address = check_address(text)
        return Place("duckdb", address, address)
    raise StoreNotFound(
        f"There is no engine for {scheme}://.",
        param="evidence",
        hint="Give a folder, s3://bucket/folder, postgresql://…, spark://host:port?lake=DIR, "
        "chdb:///DIR, or a warehouse: snowflake://, bigquery://, trino://, databricks://.",
    )


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":***@")))


def lake_of(address: str) -> Path:
    """The folder of Parquet files behind a Spark or ClickHouse address. Raises StoreNotFound."""
    parts = urlsplit(address)
    given = parse_qs(parts.query).get("lake", [parts.path])[0]
    if given in ("", "/"):
        raise StoreNotFound(
            f"{address} does not say where the Parquet files are.",
            param="evidence",
            hint="Write spark://host:port?lake=/path that every worker can read, or chdb:///path.",
        )
    return find_root(given)


def open_engine(address: str, engine: str, options: Mapping[str, Any]) -> QueryEngine:
    """The engine itself, inside the worker. Raises StoreNotFound where a driver is missing."""
    match engine:
        case "postgres":
            from headwater.evidence.engines.postgres import open_postgres

            return open_postgres(address, options)
        case "spark":
            from headwater.evidence.engines.spark import open_spark

            return open_spark(address, options)
        case "clickhouse":
            from headwater.evidence.engines.clickhouse import open_clickhouse

            return open_clickhouse(address, options)
    if engine in UNPROVEN:
        from headwater.evidence.engines.warehouses.opening import open_warehouse

        return open_warehouse(engine, address, options)
    from headwater.evidence.engine import Engine

    return Engine(
        address,
        threads=options["threads"],
        memory_bytes=options["memory_bytes"],
        views=Path(options["views"]) if options.get("views") else None,
    )


def missing_driver(package: str, extra: str) -> StoreNotFound:
    """What to say where an optional driver is not installed."""
    return StoreNotFound(
        f"This engine needs the package {package}, which is not installed.",
        param="evidence",
        hint=f"Install Headwater with its extra `{extra}`: pip install 'headwater[{extra}]'.",
    )
