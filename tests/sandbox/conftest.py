"""One small world for the whole room, opened with DuckDB as any reader would."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from headwater.sandbox.build import build_world
from headwater.sandbox.lake import contract_columns
from headwater.sandbox.spec import WorldSpec

SMALL = WorldSpec(accounts=150, days=12, seed=7, cases_per_cause=1)
Query = Callable[[str], list[tuple[Any, ...]]]


def open_lake(folder: Path) -> duckdb.DuckDBPyConnection:
    """A connection with one view per table of a world."""
    lake = duckdb.connect(config={"threads": 1})
    for table in contract_columns():
        single = folder / "evidence" / f"{table}.parquet"
        many = folder / "evidence" / table
        source = single if single.exists() else many / "**" / "*.parquet"
        if single.exists() or many.is_dir():
            lake.execute(
                f"CREATE VIEW {table} AS "
                f"SELECT * FROM read_parquet('{source}', hive_partitioning = false)"
            )
    return lake


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small world, built once."""
    folder = tmp_path_factory.mktemp("world")
    build_world(folder, SMALL)
    return folder


@pytest.fixture(scope="session")
def lake(world: Path) -> duckdb.DuckDBPyConnection:
    """The small world's evidence."""
    return open_lake(world)


@pytest.fixture
def ask(lake: duckdb.DuckDBPyConnection) -> Query:
    """Rows of one query over the small world."""
    return lambda sql: lake.execute(sql).fetchall()
