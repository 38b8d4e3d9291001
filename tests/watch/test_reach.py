"""Whom a cause reaches."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from headwater.cli.main import cli
from headwater.diagnosis.playbooks import load_playbooks
from headwater.diagnosis.reach import DayCount, days_of, reach_of, spread_of_all
from headwater.evidence.store import open_store
from headwater.evidence.types import Purpose, RunRecord
from tests.watch.conftest import HIT, OLD, PLAYBOOK

PURPOSE = Purpose("tests", "cli", "reach")
MONDAY = datetime(2026, 6, 1)


class Lines:
    def __init__(self) -> None:
        self.runs: list[RunRecord] = []

    def record(self, run: RunRecord) -> None:
        self.runs.append(run)


def test_days_hold_who_was_affected_and_who_was_new() -> None:
    day = [MONDAY + timedelta(days=n) for n in range(4)]
    spans = [(day[0] - timedelta(days=9), day[1], 2), (day[1], day[3], 3), (day[2], day[2], 1)]
    assert days_of(spans, day[0], day[3] + timedelta(hours=5)) == (
        DayCount(day[0], 2, 0),
        DayCount(day[1], 5, 3),
        DayCount(day[2], 4, 1),
        DayCount(day[3], 3, 0),
    )


def test_reach_names_the_accounts_the_biggest_first(watched_lake: Path, onset: datetime) -> None:
    page = load_playbooks()[PLAYBOOK]
    store = open_store(watched_lake, recorder=Lines())
    try:
        found = reach_of(
            store,
            page,
            purpose=PURPOSE,
            start=onset - timedelta(days=30),
            end=onset + timedelta(hours=1),
        )
    finally:
        store.close()
    assert {each.account_id for each in found.accounts} == {*HIT, OLD}
    assert [each.account_id for each in found.accounts[:2]] == list(HIT[:2])
    assert (found.accounts[0].payments, found.accounts[0].volume) == (5, 5 * 4_900)
    assert found.accounts[0].currency == "usd"
    assert found.first[0].account_id == OLD
    assert (found.now, found.fresh) == (12, 12)
    assert sum(day.fresh for day in found.days) == 13


def test_all_playbooks_in_one_pass_count_what_each_counts(
    watched_lake: Path, onset: datetime
) -> None:
    pages = load_playbooks()
    chosen = {name: pages[name] for name in (PLAYBOOK, "api-outage", "duplicate-payment")}
    window = (onset - timedelta(days=6), onset + timedelta(hours=1))
    store = open_store(watched_lake, recorder=Lines())
    try:
        spreads = spread_of_all(store, chosen, purpose=PURPOSE, start=window[0], end=window[1])
        alone = reach_of(store, pages[PLAYBOOK], purpose=PURPOSE, start=window[0], end=window[1])
    finally:
        store.close()
    assert spreads[PLAYBOOK].days == alone.days
    assert spreads[PLAYBOOK].accounts == 13
    assert spreads["api-outage"].accounts == 0


@pytest.mark.django_db
def test_the_command_tells_and_exports(
    watched_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEADWATER_EVIDENCE_JOURNAL", str(tmp_path / "journal.jsonl"))
    rows, frame = tmp_path / "rows.csv", tmp_path / "rows.parquet"
    asked = ["playbooks", "reach", PLAYBOOK, "--evidence", str(watched_lake), "--json"]
    told = CliRunner().invoke(cli, [*asked, "--csv", str(rows), "--parquet", str(frame)])
    assert told.exit_code == 0, told.output
    body = json.loads(told.stdout)
    assert (body["accounts"], body["truncated"]) == (13, False)
    assert body["biggest"][0]["account_id"] == HIT[0]
    assert body["first"][0]["account_id"] == OLD
    assert len(rows.read_text().splitlines()) == 14
    with duckdb.connect() as db:
        counted = db.execute(f"SELECT count(*), max(payments) FROM '{frame}'").fetchone()
    assert counted == (13, 5)


def test_the_command_wants_one_playbook_or_all(watched_lake: Path) -> None:
    both = CliRunner().invoke(
        cli, ["playbooks", "reach", PLAYBOOK, "--all", "--evidence", str(watched_lake)]
    )
    neither = CliRunner().invoke(cli, ["playbooks", "reach", "--evidence", str(watched_lake)])
    assert both.exit_code == neither.exit_code == 2
    assert "--all" in both.output and "--all" in neither.output
