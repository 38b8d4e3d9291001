"""ClickHouse, embedded by chdb, over the Parquet lake: what it answers as DuckDB does."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from headwater.evidence import errors
from headwater.evidence.contract import Contract, load_contract
from headwater.evidence.engines.dialects.clickhouse import CLICKHOUSE
from headwater.evidence.engines.interface import lake_of, missing_driver
from headwater.evidence.engines.lakes import LakeBackend
from headwater.evidence.engines.seam import proven
from headwater.evidence.engines.second_opinion import refuse_beyond_views
from headwater.evidence.engines.translating import TranslatingEngine

_TYPES = {
    "text": "Nullable(String)",
    "timestamp": "Nullable(DateTime64(6, 'UTC'))",
    "date": "Nullable(Date32)",
    "boolean": "Nullable(Bool)",
    "integer": "Nullable(Int64)",
    "bigint": "Nullable(Int64)",
    "double": "Nullable(Float64)",
}


def open_clickhouse(
    address: str, options: Mapping[str, Any], *, allowed: frozenset[str] | None = None
) -> TranslatingEngine:
    """The engine at `chdb:///DIR`. Raises StoreNotFound where chdb is missing."""
    contract = load_contract()
    backend = ClickHouseBackend(address, contract, options)
    return TranslatingEngine(
        backend, CLICKHOUSE, contract, proven("clickhouse") if allowed is None else allowed
    )


class ClickHouseBackend(LakeBackend):
    """One connection in memory. Its views are made first, then it is made read-only."""

    def __init__(self, address: str, contract: Contract, options: Mapping[str, Any]) -> None:
        try:
            import chdb
        except ImportError as error:
            raise missing_driver("chdb", "clickhouse") from error
        super().__init__(lake_of(address), contract)
        self._options = options
        self._connection: Any = chdb.connect(":memory:")

    def run(self, sql: str, seconds: float) -> Sequence[Sequence[Any]]:
        """The rows of one SELECT with every limit that ClickHouse knows."""
        settings = (
            f"max_execution_time={seconds:.3f}, timeout_overflow_mode='throw', "
            f"max_memory_usage={int(self._options['memory_bytes'])}, "
            "join_use_nulls=1, aggregate_functions_null_for_empty=1, "
            "prefer_column_name_to_alias=1, "
            "session_timezone='UTC', readonly=2"
        )
        cursor = self._connection.cursor()
        try:
            cursor.execute(f"EXPLAIN AST {sql}")
            refuse_beyond_views([str(row[0]) for row in cursor.fetchall()])
            cursor.execute(f"{sql} SETTINGS {settings}")
            return [tuple(map(_plain, row)) for row in cursor.fetchall()]
        except errors.QueryRefused:
            raise
        except Exception as error:  # chdb raises plain RuntimeErrors
            text = " ".join(str(error).split())
            if "TIMEOUT_EXCEEDED" in text:
                raise errors.QueryTimeout(
                    f"The query was stopped after {seconds:g} seconds.",
                    hint="Narrow the time window, or select fewer accounts.",
                ) from error
            if "MEMORY_LIMIT" in text:
                raise errors.QueryLimit(
                    "The query needs more memory than it may use.", hint="Narrow the time window."
                ) from error
            raise errors.QueryFailed(f"ClickHouse: {text[:300]}.") from error
        finally:
            cursor.close()

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _make_view(self, name: str) -> None:
        table, missing = self._contract.tables[name], self._lake.state(name).missing_columns
        columns = ", ".join(
            f"CAST({'NULL' if column in missing else chr(34) + column + chr(34)} "
            f'AS {_TYPES[kind]}) AS "{column}"'
            for column, kind in table.columns.items()
        )
        parts = [
            f"SELECT {columns} FROM file({_quoted(path)}, 'Parquet')"
            for path in self._lake.files(name)
        ]
        self._connection.query(
            f"CREATE OR REPLACE VIEW hw_lake_{name} AS {' UNION ALL '.join(parts)}"
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _plain(value: Any) -> Any:
    """Times come back with the zone that they were read in."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.replace(tzinfo=None)
    return value
