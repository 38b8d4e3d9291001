"""A cause leaves its traces before the complaint, and nothing else sets its account apart."""

import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from headwater.sandbox.build import build_world
from headwater.sandbox.plan import CAUSES, OTHERS, draw_plan
from headwater.sandbox.population import populate
from headwater.sandbox.spec import SpecError, WorldSpec
from tests.sandbox.conftest import Query, open_lake

_TABLES = {
    "req": "api_request_logs", "ch": "charges", "pi": "payment_intents", "evt": "events",
    "we": "webhook_endpoints", "po": "payouts", "ba": "external_accounts", "acct": "accounts",
    "key": "api_keys", "re": "refunds",
}  # fmt: skip


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_cause_has_its_cases(world: Path) -> None:
    modes = [truth["mode"] for truth in lines(world / "truth.jsonl")]
    assert set(modes) - {None} <= set(CAUSES) | set(OTHERS)
    # One case is wished for each; chance may leave a cause without a trace in so small a world.
    assert len(set(CAUSES) - set(modes)) <= 2
    assert modes.count(None) >= 1


def test_guilty_objects_exist_and_belong_to_the_account(world: Path, ask: Query) -> None:
    named: dict[str, dict[str, str]] = {}
    for truth in lines(world / "truth.jsonl"):
        for name in truth["objects"]:
            table = _TABLES[name.split("_")[0]]
            named.setdefault(table, {})[name] = truth["account_id"]
    assert set(named) >= {"api_request_logs", "charges", "events", "payouts", "accounts"}
    for table, owners in named.items():
        owner = "id" if table == "accounts" else "account_id"
        found = ask(f"SELECT id, {owner} FROM {table} WHERE id IN ({str(list(owners))[1:-1]})")
        assert dict(found) == owners, table


def test_onset_lies_before_the_complaint(world: Path) -> None:
    received = {case["case_id"]: case["received_at"] for case in lines(world / "cases.jsonl")}
    for truth in lines(world / "truth.jsonl"):
        if truth["mode"]:
            assert truth["onset"] < received[truth["case_id"]]


def test_guilty_requests_lie_before_the_complaint(world: Path, ask: Query) -> None:
    received = {case["case_id"]: case["received_at"] for case in lines(world / "cases.jsonl")}
    for truth in lines(world / "truth.jsonl"):
        requests = [name for name in truth["objects"] if name.startswith("req_")]
        if requests:
            latest = ask(
                "SELECT max(created) <= TIMESTAMP '"
                + received[truth["case_id"]].rstrip("Z")
                + f"' FROM api_request_logs WHERE id IN ({str(requests)[1:-1]})"
            )
            assert latest == [(True,)], truth


def test_the_truth_is_not_in_the_evidence(world: Path, lake: duckdb.DuckDBPyConnection) -> None:
    words = ["planted", "guilty", "truth", "sandbox", "simulat", *CAUSES, *OTHERS]
    words += [truth["case_id"] for truth in lines(world / "truth.jsonl")]
    for folder in (world / "evidence").rglob("*"):
        assert not any(word in folder.name for word in words)
    for (table,) in lake.execute(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal"
    ).fetchall():
        texts = lake.execute(f"DESCRIBE {table}").fetchall()
        for column in (row[0] for row in texts if row[1] == "VARCHAR"):
            if column == "id" or column.endswith("_id"):
                continue
            for (value,) in lake.execute(
                f'SELECT DISTINCT "{column}" FROM {table} LIMIT 5000'
            ).fetchall():
                assert not any(word in (value or "") for word in words), (table, column, value)


def test_causes_that_can_strike_anywhere_strike_small_and_large_alike() -> None:
    spec = WorldSpec(accounts=4_000, days=20, seed=3, cases_per_cause=60)
    people = populate(spec)
    anywhere = {mode for mode, (_, need) in CAUSES.items() if need <= 1}
    chosen = np.array([p.acc for p in draw_plan(spec, people) if p.received and p.mode in anywhere])
    sizes = np.argsort(np.argsort(people.request_weight)) / len(people)
    # The ranks of a fair draw are uniform: the largest gap between their distribution and the
    # diagonal (Kolmogorov-Smirnov) stays below this bound in all but one draw of a thousand.
    ranks = np.sort(sizes[chosen])
    gap = np.abs(ranks - np.arange(len(ranks)) / len(ranks)).max()
    assert gap < 1.95 / np.sqrt(len(ranks))
    for habit in (people.decline_rate, people.created.astype(float), people.ticket):
        rest = np.delete(habit, chosen)
        distance = abs(habit[chosen].mean() - rest.mean()) / rest.std()
        assert distance < 4.5 / np.sqrt(len(chosen))


@pytest.mark.slow
def test_guilty_accounts_send_as_many_requests_as_others(tmp_path: Path) -> None:
    spec = WorldSpec(accounts=600, days=8, seed=11, cases_per_cause=8)
    build_world(tmp_path / "world", spec)
    guilty = {t["account_id"]: t["mode"] for t in lines(tmp_path / "world" / "truth.jsonl")}
    anywhere = {mode for mode, (_, need) in CAUSES.items() if need <= 1} - {"RATE-01"}
    rows = (
        open_lake(tmp_path / "world")
        .execute(
            "SELECT account_id, count(*) FILTER (WHERE status < 400)"
            " FROM api_request_logs GROUP BY 1"
        )
        .fetchall()
    )
    mine = np.log([count for account, count in rows if guilty.get(account) in anywhere])
    rest = np.log([count for account, count in rows if account not in guilty])
    spread = np.sqrt(mine.var() / len(mine) + rest.var() / len(rest))
    assert abs(mine.mean() - rest.mean()) < 4 * spread


def test_too_many_cases_are_refused_with_advice() -> None:
    spec = WorldSpec(accounts=100, days=10, cases_per_cause=50)
    with pytest.raises(SpecError, match="Ask for fewer cases per cause or more accounts"):
        draw_plan(spec, populate(spec))


def test_a_large_world_takes_as_many_cases_as_it_can_when_no_number_was_asked() -> None:
    spec = WorldSpec(accounts=50_000, days=30, requests=100_000_000)
    plants = draw_plan(spec, populate(spec))
    cases = {mode: sum(p.mode == mode and bool(p.received) for p in plants) for mode in CAUSES}
    assert min(cases.values()) >= 50
