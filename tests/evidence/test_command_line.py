"""`headwater evidence check` and `query`, as a person or a program runs them."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from headwater.cli.main import cli
from headwater.diagnosis.playbooks import load_playbooks


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADWATER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HEADWATER_EVIDENCE", raising=False)
    return tmp_path / "home"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["evidence", *arguments])


@pytest.mark.slow
def test_check_for_programs(lake: Path, home: Path) -> None:
    report = json.loads(run("check", "--evidence", str(lake), "--json").stdout)
    tables = {table["name"]: table for table in report["tables"]}
    assert tables["charges"]["present"] and not tables["payouts"]["present"]
    assert tables["events"]["as_of"] == "2026-11-05T03:00:00"
    assert report["unknown_files"] == ["notes.txt"]
    by_id = {playbook["id"]: playbook for playbook in report["playbooks"]}
    assert "webhook_delivery_attempts" in by_id["webhook-endpoint-failing"]["lacks"]
    optional = load_playbooks()["wrong-mode-object"].optional
    lacking = set(by_id["wrong-mode-object"]["lacks"])
    assert "subscriptions" in optional
    assert not lacking & set(optional)
    assert "subscriptions" in by_id["wrong-mode-object"]["weaker_without"]


@pytest.mark.slow
def test_check_for_people(lake: Path, home: Path) -> None:
    shown = run("check", "--evidence", str(lake), "--all").stdout
    assert "2026-11-05 03:00" in shown
    assert "notes.txt" in shown
    assert "playbooks can run" in shown
    assert "payouts" in shown


@pytest.mark.slow
def test_check_says_when_files_cannot_be_read(tmp_path: Path, home: Path) -> None:
    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "charges.parquet").write_bytes(b"garbage")
    outcome = run("check", "--evidence", str(tmp_path / "lake"))
    assert outcome.exit_code == 1
    assert "charges" in outcome.stdout and "✗" in outcome.stdout


def test_query_prints_rows_and_leaves_an_audit_line(lake: Path, home: Path) -> None:
    outcome = run(
        "query", "--evidence", str(lake), "--account", "acct_1", "--reason", "look at ch_1",
        "--param", "id=ch_1", "select id, amount from charges where id = $id",
    )  # fmt: skip
    assert outcome.exit_code == 0
    assert "ch_1" in outcome.stdout and "1 row ·" in outcome.stdout
    line = json.loads((home / "evidence-runs.jsonl").read_text().splitlines()[-1])
    assert (line["reason"], line["accounts"], line["entrance"]) == (
        "look at ch_1",
        ["acct_1"],
        "cli",
    )


@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_query_for_programs(lake: Path, home: Path, form: str) -> None:
    outcome = run(
        "query", "--evidence", str(lake), "--reason", "x", "--rows", "2", form,
        "--param", "since=2026-11-01", "select id, created from events where created >= $since "
        "order by created",
    )  # fmt: skip
    if form == "--json":
        rows = [json.loads(line) for line in outcome.stdout.splitlines()]
    else:
        rows = list(csv.DictReader(io.StringIO(outcome.stdout)))
    assert rows == [
        {"id": "evt_0", "created": "2026-11-01T00:00:00"},
        {"id": "evt_1", "created": "2026-11-01T01:00:00"},
    ]
    assert "first 2 rows" in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--account", "acct_1", "select 1 from charge"], "Did you mean charges?"),
        (["--account", "acct_1", "drop table charges"], "Only SELECT"),
        (["--account", "acct_1", "select * from payouts"], "no table payouts"),
        (["--account", "acct_1", "--param", "x", "select 1"], "NAME=VALUE"),
    ],
)
def test_query_explains_what_is_wrong(
    lake: Path, home: Path, arguments: list[str], complaint: str
) -> None:
    outcome = run("query", "--evidence", str(lake), "--reason", "x", *arguments)
    assert outcome.exit_code != 0
    assert complaint in outcome.output


def test_no_such_folder(home: Path) -> None:
    outcome = run("check", "--evidence", "/nowhere")
    assert outcome.exit_code == 1
    assert outcome.output.startswith("Error: There is no evidence folder at /nowhere.")
