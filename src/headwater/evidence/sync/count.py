"""Counts rows in the lake's own files, so that a report tells what is there, not what was meant."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from headwater.evidence.layout import read_manifest


class Count:
    """Counts in the lake at `root`; use it as a context manager."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._engine: Any = duckdb.connect(":memory:")

    def __enter__(self) -> "Count":
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.close()

    def rows(self, table: str, match: Mapping[str, list[Any]], *, since: int | None = None) -> int:
        """How many rows of `table` match every column's list, created at `since` or later."""
        manifest = read_manifest(self._root)
        files = manifest.tables.get(table, ()) if manifest else ()
        if not files:
            return 0
        conditions = " AND ".join(f'list_contains(${name}, "{name}")' for name in match)
        values: dict[str, Any] = dict(match)
        if since is not None:
            conditions += ' AND "created" >= $since'
            values["since"] = datetime.fromtimestamp(since, UTC).replace(tzinfo=None)
        values["files"] = [str(self._root / each.path) for each in files]
        # Column names come from the contract; every value is a parameter.
        sql = (
            "SELECT count(*) FROM read_parquet($files, hive_partitioning = false) "  # noqa: S608
            f"WHERE {conditions}"
        )
        return int(self._engine.execute(sql, values).fetchall()[0][0])
