"""Tables are written exactly as the contract states them, and laid out as readers expect."""

import re
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from headwater.sandbox.lake import conform, contract_columns
from tests.sandbox.conftest import Query

_DUCKDB = {
    "text": "VARCHAR",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "double": "DOUBLE",
    "date": "DATE",
}
_NEEDED = {
    "accounts", "account_requirements", "account_capabilities", "account_status_history",
    "external_accounts", "api_keys", "api_request_logs", "events", "webhook_endpoints",
    "webhook_delivery_attempts", "customers", "payment_methods", "setup_intents",
    "payment_intents", "charges", "balance_transactions", "refunds", "disputes", "payouts",
    "incidents", "api_changelog", "table_freshness",
}  # fmt: skip


def written(world: Path) -> set[str]:
    return {path.name.removesuffix(".parquet") for path in (world / "evidence").iterdir()}


def test_the_tables_that_playbooks_need_are_there(world: Path) -> None:
    assert written(world) == _NEEDED


def test_columns_and_types_are_the_contracts(world: Path, lake: duckdb.DuckDBPyConnection) -> None:
    for table in written(world):
        rows = lake.execute(f"DESCRIBE {table}").fetchall()
        declared = {name: _DUCKDB[kind] for name, kind in contract_columns()[table].items()}
        assert [(row[0], row[1]) for row in rows] == list(declared.items()), table


def test_a_column_outside_the_contract_is_refused() -> None:
    with pytest.raises(ValueError, match="no columns \\['guilty'\\]"):
        conform("accounts", {"id": ["acct_1"], "guilty": [True]})


def test_freshness_names_every_fact_table(world: Path, ask: Query) -> None:
    named = {row[0] for row in ask("SELECT table_name FROM table_freshness")}
    assert named == written(world) - {"incidents", "api_changelog", "table_freshness"}


def test_days_are_folders_sorted_by_account_and_time(world: Path) -> None:
    for table in ("api_request_logs", "events", "charges"):
        files = sorted((world / "evidence" / table).rglob("*.parquet"))
        assert len(files) >= 11
        for path in files:
            day = re.fullmatch(r"dt=(\d{4}-\d{2}-\d{2})", path.parent.name)
            assert day is not None
            part = pq.read_table(path, columns=["account_id", "created"]).to_pylist()
            keys = [(row["account_id"], row["created"]) for row in part]
            assert keys == sorted(keys)
            assert {str(row["created"].date()) for row in part} == {day[1]}
