"""Small evidence lakes made of plain rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from headwater.evidence.contract import ENGINE_TYPES, load_contract


def write_lake(folder: Path, tables: Mapping[str, Sequence[Mapping[str, object]]]) -> Path:
    """Writes each table as one Parquet file by the contract; columns not given are NULL."""
    folder.mkdir(parents=True, exist_ok=True)
    contract = load_contract()
    with duckdb.connect(":memory:") as db:
        for name, rows in tables.items():
            columns = contract.tables[name].columns
            spec = ", ".join(f'"{column}" {ENGINE_TYPES[kind]}' for column, kind in columns.items())
            db.execute(f'CREATE TABLE "{name}" ({spec})')
            for row in rows:
                assert set(row) <= set(columns), set(row) - set(columns)
                names = ", ".join(f'"{column}"' for column in row)
                marks = ", ".join("?" for _ in row)
                db.execute(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', list(row.values()))
            db.execute(f"COPY \"{name}\" TO '{folder / name}.parquet' (FORMAT parquet)")
    return folder


def account(name: str, email: str, parent: str | None = None) -> dict[str, object]:
    """A row of `accounts`."""
    return {
        "id": name,
        "email": email,
        "parent_platform_id": parent,
        "created": datetime(2025, 1, 1),
        "deleted": False,
    }


def charge(name: str, owner: str, at: datetime, code: str | None = None) -> dict[str, object]:
    """A row of `charges`; with `code` it was declined."""
    return {
        "id": name,
        "account_id": owner,
        "created": at,
        "payment_intent_id": name.replace("ch_", "pi_"),
        "status": "failed" if code else "succeeded",
        "failure_code": code,
        "livemode": True,
        "amount": 4_900,
        "currency": "usd",
    }


def request(name: str, owner: str, at: datetime, status: int = 200) -> dict[str, object]:
    """A row of `api_request_logs`."""
    return {"id": name, "account_id": owner, "created": at, "status": status, "livemode": True,
            "method": "GET", "path": "/v1/customers"}  # fmt: skip
