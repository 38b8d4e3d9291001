"""A small real lake with five accounts, in the shapes that companies really have."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import ParquetStore, open_store
from headwater.evidence.types import Limits, Purpose, Result, Scope

PURPOSE = Purpose(who="tester", entrance="cli", reason="a test")

LAKE_SQL = {
    # One file with an extra column and zoned times.
    "charges.parquet": """
        SELECT 'ch_' || i AS id, 'acct_' || (i % 5) AS account_id,
               'pi_' || (i // 2) AS payment_intent_id,
               TIMESTAMPTZ '2026-11-01 00:00:00+00' + to_hours(i::INT) AS created,
               i * 10 AS amount, CASE WHEN i % 7 = 0 THEN 'failed' ELSE 'succeeded' END AS status,
               'usd' AS currency, 'x' AS not_in_the_contract
        FROM range(200) t(i)""",
    "accounts.parquet": """
        SELECT 'acct_' || i AS id, 'owner' || i || '@example.com' AS email,
               TIMESTAMP '2026-01-01' AS created
        FROM range(5) t(i)""",
    # No account: derived through the charge.
    "refunds.parquet": """
        SELECT 're_' || i AS id, 'ch_' || i AS charge_id, 5 AS amount,
               TIMESTAMP '2026-11-03' + to_minutes(i::INT) AS created
        FROM range(60) t(i)""",
    "events.parquet": """
        SELECT 'evt_' || i AS id, 'acct_' || (i % 5) AS account_id, 'charge.failed' AS type,
               TIMESTAMP '2026-11-01' + to_hours(i::INT) AS created,
               'ch_' || i AS data_object_id, '{"code": "c' || (i % 3) || '"}' AS data
        FROM range(100) t(i)""",
    "incidents.parquet": "SELECT 'inc_1' AS id, TIMESTAMP '2026-11-02' AS started_at",
}
LOGS_SQL = """
    SELECT 'req_' || i AS id, 'acct_' || (i % 5) AS account_id,
           (200 + (i % 3) * 100)::INT AS status, '/v1/charges' AS path,
           TIMESTAMP '2026-11-01' + to_minutes((i * 3)::INT) AS created,
           strftime(TIMESTAMP '2026-11-01' + to_minutes((i * 3)::INT), '%Y-%m-%d') AS dt
    FROM range(2000) t(i)"""


def write_parquet(path: Path, sql: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")


def ask(
    store: ParquetStore,
    sql: str,
    *accounts: str,
    limits: Limits | None = None,
    **params: object,
) -> Result:
    """The rows for `accounts`, or for everyone when none is named."""
    return store.query(
        sql,
        purpose=PURPOSE,
        scope=Scope(accounts or None),
        params=params,  # type: ignore[arg-type]
        limits=limits or Limits(),
    )


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("world") / "lake"
    for name, sql in LAKE_SQL.items():
        write_parquet(root / name, sql)
    logs = root / "api_request_logs"
    logs.mkdir()
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({LOGS_SQL}) TO '{logs}' (FORMAT parquet, PARTITION_BY (dt))")
    (root / "notes.txt").write_text("not data")
    (root.parent / "outside.csv").write_text("secret\n1\n")
    return root


@pytest.fixture(scope="session")
def store(lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ParquetStore]:
    journal = tmp_path_factory.mktemp("journal") / "runs.jsonl"
    opened = open_store(lake, recorder=FileRecorder(journal), threads=2, workers=1)
    assert isinstance(opened, ParquetStore)
    yield opened
    opened.close()
