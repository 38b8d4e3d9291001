"""An engine with the suite's small tables loaded, for as long as a block runs."""

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import duckdb

from headwater.evidence.contract import load_contract
from headwater.evidence.engine import Engine
from headwater.evidence.engines.interface import (
    UNPROVEN,
    QueryEngine,
    find_place,
    lake_of,
    missing_driver,
)
from headwater.evidence.engines.translating import sql_type

_MEMORY = 1_000_000_000
_POSTGRES_TYPES = {"DOUBLE": "DOUBLE PRECISION"}


@contextlib.contextmanager
def reference(world: Path) -> Iterator[Engine]:
    """DuckDB over the world's files."""
    yield Engine(world, threads=1, memory_bytes=_MEMORY)


@contextlib.contextmanager
def loaded(address: str, world: Path, allowed: frozenset[str] | None) -> Iterator[QueryEngine]:
    """The engine at `address` with the tables of `world`; what was made there is removed.

    `allowed` replaces the engine's own allow-list. Raises StoreNotFound.
    """
    place = find_place(address)
    if place.engine == "postgres":
        with _in_postgres(place.address, world, allowed) as engine:
            yield engine
    elif place.engine == "spark":
        with _in_spark(place.address, world, allowed) as engine:
            yield engine
    elif place.engine == "clickhouse":
        from headwater.evidence.engines.clickhouse import open_clickhouse

        yield open_clickhouse(f"chdb://{world}", _options(), allowed=allowed)
    elif place.engine in UNPROVEN:
        from headwater.evidence.engines.warehouses.loading import in_warehouse

        with in_warehouse(place.engine, place.address, world, allowed) as engine:
            yield engine
    else:
        yield Engine(world, threads=1, memory_bytes=_MEMORY)


def _options() -> dict[str, Any]:
    return {"threads": 2, "memory_bytes": _MEMORY}


@contextlib.contextmanager
def _in_postgres(
    address: str, world: Path, allowed: frozenset[str] | None
) -> Iterator[QueryEngine]:
    from headwater.evidence.engines.postgres import open_postgres, split_schema

    try:
        import psycopg
    except ImportError as error:
        raise missing_driver("psycopg", "postgres") from error
    schema = f"headwater_verify_{secrets.token_hex(4)}"
    url, _ = split_schema(address)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f'CREATE SCHEMA "{schema}"'.encode())
        try:
            for path in sorted(world.glob("*.parquet")):
                _copy_table(owner, schema, path)
            parts = urlsplit(url)
            query = {**parse_qs(parts.query), "schema": [schema]}
            located = urlunsplit(parts._replace(query=urlencode(query, doseq=True)))
            yield open_postgres(located, _options(), allowed=allowed, may_write=True)
        finally:
            owner.execute(f'DROP SCHEMA "{schema}" CASCADE'.encode())


def _copy_table(owner: Any, schema: str, path: Path) -> None:
    name = path.stem
    columns = load_contract().tables[name].columns
    with duckdb.connect() as reader:
        table = reader.read_parquet(str(path))
        names = [str(column) for column in table.columns]
        rows = table.fetchall()
    made = ", ".join(
        f'"{column}" {_POSTGRES_TYPES.get(sql_type(columns[column]), sql_type(columns[column]))}'
        for column in names
    )
    owner.execute(f'CREATE TABLE "{schema}"."{name}" ({made})'.encode())
    if rows:
        with owner.cursor().copy(f'COPY "{schema}"."{name}" FROM STDIN'.encode()) as copy:
            for row in rows:
                copy.write_row(row)


@contextlib.contextmanager
def _in_spark(address: str, world: Path, allowed: frozenset[str] | None) -> Iterator[QueryEngine]:
    """The files go below the lake's own folder, because the cluster's workers read them there."""
    from headwater.evidence.engines.spark import open_spark

    lake = lake_of(address)
    with tempfile.TemporaryDirectory(prefix="_headwater-verify-", dir=lake) as folder:
        Path(folder).chmod(0o755)
        for path in world.glob("*.parquet"):
            shutil.copy(path, folder)
        parts = urlsplit(address)
        located = urlunsplit(parts._replace(query=urlencode({"lake": folder})))
        engine = open_spark(located, _options(), allowed=allowed)
        try:
            yield engine
        finally:
            engine.close()
