"""The second world: it builds, the same seed gives the same world, and its causes are in it."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from benchmarks.examiner.base import contract_tables
from benchmarks.examiner.building import build

SIZE: dict[str, Any] = {"accounts": 60, "days": 5, "cases": 30}
# what must be there of a cause, with the guilty ids and the account of its truth
SIGNS = {
    "WH-01": "FROM webhook_delivery_attempts WHERE webhook_endpoint_id IN $ids AND "
    "response_status = 400 AND response_body_excerpt LIKE '%signature%'",
    "WH-03": "FROM webhook_delivery_attempts WHERE webhook_endpoint_id IN $ids AND "
    "response_body_excerpt ILIKE '%tolerance zone%'",
    "WH-05": "FROM webhook_delivery_attempts WHERE webhook_endpoint_id IN $ids AND "
    "response_status BETWEEN 300 AND 399 AND response_location IS NOT NULL",
    "WH-06": "FROM webhook_delivery_attempts WHERE webhook_endpoint_id IN $ids AND "
    "error_type = 'timeout' AND duration_ms > 15000",
    "WH-09": "FROM webhook_endpoints WHERE id IN $ids AND status = 'disabled'",
    "DEC-01": "FROM charges WHERE id IN $ids AND outcome_type = 'issuer_declined'",
    "DEC-04": "FROM payment_intents WHERE id IN $ids AND status = 'requires_action'",
    "RAD-01": "FROM charges WHERE id IN $ids AND outcome_reason = 'highest_risk_level'",
    "RAD-04": "FROM reviews WHERE id IN $ids AND open",
    "AUTH-02": "FROM api_keys WHERE id IN $ids AND status = 'expired'",
    "RATE-01": "FROM api_request_logs WHERE id IN $ids AND error_code = 'rate_limit'",
    "REQ-01": "FROM api_request_logs WHERE id IN $ids AND status = 400",
    "CUR-03": "FROM api_request_logs WHERE id IN $ids AND error_code = 'parameter_invalid_integer'",
    "MODE-01": "FROM api_request_logs WHERE id IN $ids AND error_message LIKE '%test mode%'",
}


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examiner")
    build(folder, seed=3, **SIZE)
    return folder


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_case_has_its_truth_and_a_letter_without_open_slots(world: Path) -> None:
    cases, truth = lines(world / "cases.jsonl"), lines(world / "truth.jsonl")
    assert [c["case_id"] for c in cases] == [t["case_id"] for t in truth]
    assert len(cases) >= 20
    assert {t["kind"] for t in truth} >= {"planted"}
    assert all("{" not in c["subject"] for c in cases)
    assert all(t["mode"] in t["modes_ok"] for t in truth if t["kind"] == "planted")


def test_tables_are_those_of_the_contract(world: Path) -> None:
    names = {path.stem for path in (world / "evidence").glob("*.parquet")}
    assert names <= set(contract_tables())
    assert {"accounts", "api_request_logs", "events", "charges", "payouts"} <= names


def test_planted_accounts_hold_their_sign(world: Path) -> None:
    con = duckdb.connect()
    for path in (world / "evidence").glob("*.parquet"):
        con.execute(f"CREATE VIEW {path.stem} AS FROM read_parquet('{path}')")
    checked = 0
    for line in lines(world / "truth.jsonl"):
        sign = SIGNS.get(line["mode"])
        if sign is None:
            continue
        ids = "('" + "', '".join(line["objects"]) + "')"
        row = con.execute(f"SELECT count(*) {sign.replace('$ids', ids)}").fetchone()
        assert row and row[0] > 0, line
        checked += 1
    assert checked >= 2


def test_money_adds_up(world: Path) -> None:
    sql = """SELECT count(*) FROM (SELECT p.id, p.amount, sum(b.net) AS net FROM payouts p JOIN
        read_parquet('{0}/balance_transactions.parquet') b ON b.payout_id = p.id WHERE p.automatic
        GROUP BY ALL) WHERE amount <> net""".replace("{0}", str(world / "evidence"))
    sql = sql.replace("FROM payouts", f"FROM read_parquet('{world}/evidence/payouts.parquet')")
    row = duckdb.connect().execute(sql).fetchone()
    assert row and row[0] == 0


def test_the_same_seed_gives_the_same_world(world: Path, tmp_path: Path) -> None:
    build(tmp_path, seed=3, **SIZE)
    for name in ("cases.jsonl", "truth.jsonl"):
        assert (tmp_path / name).read_text("utf-8") == (world / name).read_text("utf-8")
    con = duckdb.connect()
    for table in ("api_request_logs", "webhook_delivery_attempts", "balance_transactions"):
        both = " EXCEPT ALL FROM ".join(
            f"read_parquet('{root}/evidence/{table}.parquet')" for root in (world, tmp_path)
        )
        assert con.execute(f"SELECT count(*) FROM (FROM {both})").fetchone() == (0,)
