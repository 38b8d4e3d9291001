"""A small lake for the page Investigate: 900 charges, half of them of the scene's first case."""

from pathlib import Path

import duckdb

from tests.scene import WEBHOOK_FAILS

ACCOUNT = WEBHOOK_FAILS.account_id
ROWS_SQL = f"""
    SELECT 'ch_' || i AS id,
           CASE WHEN i % 2 = 0 THEN '{ACCOUNT}' ELSE 'acct_other' END AS account_id,
           now()::TIMESTAMP - to_hours(i::INT) AS created, (i * 10)::BIGINT AS amount,
           CASE WHEN i % 7 = 0 THEN 'failed' ELSE 'succeeded' END AS status, 'usd' AS currency
    FROM range(900) t(i)"""

OWNER = "owner@northwind.example"
ACCOUNTS_SQL = f"""
    SELECT '{ACCOUNT}' AS id, '{OWNER}' AS email, 'GB' AS country,
           TIMESTAMP '2026-01-01' AS created"""


def write_charges(root: Path) -> Path:
    """Writes the lake into `root`."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({ACCOUNTS_SQL}) TO '{root}/accounts.parquet' (FORMAT parquet)")
        connection.execute(f"COPY ({ROWS_SQL}) TO '{root}/charges.parquet' (FORMAT parquet)")
    return root


SLOW = (
    "with n as (select unnest(generate_series(1, 100000)) as x) "
    "select sum(hash(a.x * b.x)) as s from n as a, n as b"
)
