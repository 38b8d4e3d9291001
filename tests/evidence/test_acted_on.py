"""What a platform did in a seller's name is the seller's too, for a diagnosis and nobody else."""

from pathlib import Path
from typing import Any

import pytest

from headwater.evidence.contract import ContractBroken, parse_contract
from headwater.evidence.engine import Engine
from headwater.evidence.types import Reader, Role
from tests.evidence.conftest import write_parquet

ROWS = """
    SELECT * FROM (VALUES
        ('req_p', 'acct_p', NULL, 200), ('req_ps', 'acct_p', 'acct_s', 402),
        ('req_pt', 'acct_p', 'acct_t', 400), ('req_s', 'acct_s', NULL, 200),
        -- whoever names a seller without being its platform gets nobody's rows mixed
        ('req_x', 'acct_x', 'acct_s', 403)
    ) AS t(id, account_id, stripe_account, status)"""
SQL = "SELECT id, account_id FROM api_request_logs ORDER BY id"


def engine_over(root: Path, *, accounts: bool = True) -> Engine:
    write_parquet(root / "api_request_logs.parquet", ROWS)
    if accounts:
        write_parquet(
            root / "accounts.parquet",
            "SELECT * FROM (VALUES ('acct_p', NULL), ('acct_s', 'acct_p'), ('acct_t', 'acct_p'), "
            "('acct_x', NULL)) AS t(id, parent_platform_id)",
        )
    return Engine(root, threads=1, memory_bytes=200_000_000)


def asked(engine: Engine, *scope: str, role: Role = Role.SYSTEM) -> list[Any]:
    found = engine.query(SQL, {}, scope, 50, 20.0, reader=Reader(role))
    return [tuple(row) for row in found["rows"]]


@pytest.mark.parametrize("in_a_pass", [False, True])
def test_a_seller_has_the_calls_made_in_its_name(tmp_path: Path, in_a_pass: bool) -> None:
    engine = engine_over(tmp_path)
    both = [("req_ps", "acct_s"), ("req_s", "acct_s")]
    scopes: dict[tuple[str, ...], list[tuple[str, str]]] = {
        ("acct_s",): both,
        ("acct_t",): [("req_pt", "acct_t")],
        ("acct_s", "acct_t"): [("req_ps", "acct_s"), ("req_pt", "acct_t"), ("req_s", "acct_s")],
        ("acct_p",): [("req_p", "acct_p"), ("req_ps", "acct_p"), ("req_pt", "acct_p")],
        # In a platform's own reading each of its calls stays its own, and is there once.
        ("acct_p", "acct_s"): [
            ("req_p", "acct_p"), ("req_ps", "acct_p"), ("req_pt", "acct_p"), ("req_s", "acct_s"),
        ],
    }  # fmt: skip
    for scope, wanted in scopes.items():
        if in_a_pass:
            engine.prepare([SQL], {}, scope, 20.0)
        assert asked(engine, *scope) == wanted


def test_a_person_reads_nothing_of_the_platform(tmp_path: Path) -> None:
    engine = engine_over(tmp_path)
    for role in Role:
        if role is not Role.SYSTEM:
            assert asked(engine, "acct_s", role=role) == [("req_s", "acct_s")]


def test_without_accounts_nobody_is_known_as_a_platform(tmp_path: Path) -> None:
    assert asked(engine_over(tmp_path, accounts=False), "acct_s") == [("req_s", "acct_s")]


def test_the_contract_names_a_column_that_there_is() -> None:
    text = """
        [tables.calls]
        grain = "one row per call"
        account = "account_id"
        acts_on = "seller"
        columns = {account_id = "text"}
    """
    with pytest.raises(ContractBroken, match="seller"):
        parse_contract(text)
