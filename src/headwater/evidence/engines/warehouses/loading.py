"""The suite's small tables in a warehouse, in a schema of their own that goes again."""

import contextlib
import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import duckdb
from sqlglot import exp

from headwater.evidence.contract import load_contract
from headwater.evidence.engines.translating import TranslatingEngine
from headwater.evidence.engines.warehouses.base import WarehouseBackend
from headwater.evidence.engines.warehouses.opening import open_backend, open_warehouse

# Statements of this many rows stay far below every warehouse's limit for the text of one.
_ROWS = 100


@contextlib.contextmanager
def in_warehouse(
    engine: str, address: str, world: Path, allowed: frozenset[str] | None
) -> Iterator[TranslatingEngine]:
    """The engine over the tables of `world`, loaded there and dropped at the end.

    The role needs the right to make a schema. `allowed` replaces what is proven. Raises
    StoreNotFound, QueryFailed.
    """
    located = in_schema(address, f"headwater_verify_{secrets.token_hex(4)}")
    owner = open_backend(engine, located, load_contract())
    tables = sorted(world.glob("*.parquet"))
    try:
        owner.write(f"CREATE SCHEMA {_schema(owner)}")
        try:
            for path in tables:
                _load(owner, path)
            reader = open_warehouse(engine, located, {}, allowed=allowed)
            try:
                yield reader
            finally:
                reader.close()
        finally:
            for path in tables:
                name = owner.source(owner.named(path.stem)).sql(owner.sqlglot, identify=True)
                owner.write(f"DROP TABLE IF EXISTS {name}")
            owner.write(f"DROP SCHEMA {_schema(owner)}")
    finally:
        owner.close()


def in_schema(address: str, schema: str) -> str:
    """The same address with another schema, the last name of its path."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rpartition('/')[0]}/{schema}"))


def _schema(owner: WarehouseBackend) -> str:
    table = owner.source("x")
    named = exp.table_(table.db, db=table.catalog, quoted=True)
    return named.sql(owner.sqlglot, identify=True)


def _load(owner: WarehouseBackend, path: Path) -> None:
    columns = load_contract().tables[path.stem].columns
    with duckdb.connect() as reader:
        found = reader.read_parquet(str(path))
        names = [str(column) for column in found.columns]
        rows = found.fetchall()
    table = owner.source(owner.named(path.stem)).sql(owner.sqlglot, identify=True)
    kinds = [owner.types[columns[name]] for name in names]
    listed = [
        exp.to_identifier(owner.named(name), quoted=True).sql(owner.sqlglot) for name in names
    ]
    made = ", ".join(f"{name} {kind}" for name, kind in zip(listed, kinds, strict=True))
    owner.write(f"CREATE TABLE {table} ({made})")
    for start in range(0, len(rows), _ROWS):
        values = ", ".join(_row(owner, row, kinds) for row in rows[start : start + _ROWS])
        owner.write(f"INSERT INTO {table} ({', '.join(listed)}) VALUES {values}")


def _row(owner: WarehouseBackend, row: Sequence[Any], kinds: Sequence[str]) -> str:
    written = [_value(owner, value, kind) for value, kind in zip(row, kinds, strict=True)]
    return f"({', '.join(written)})"


def _value(owner: WarehouseBackend, value: object, kind: str) -> str:
    """A value as the engine writes it; every one has its type, so that a NULL has one too."""
    if value is None:
        return f"CAST(NULL AS {kind})"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        text = value.isoformat(sep=" ")
    elif isinstance(value, date):
        text = value.isoformat()
    else:
        text = str(value)
    quoted = exp.Literal.string(text).sql(owner.sqlglot)
    return quoted if isinstance(value, str) else f"CAST({quoted} AS {kind})"
