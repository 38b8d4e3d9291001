"""`headwater query`: where the SELECT comes from, what comes out, and the exit status."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from headwater.cli.main import cli
from headwater.evidence.tabular import csv_lines, write_parquet

SLOW = (
    "with n as (select unnest(generate_series(1, 100000)) as x) "
    "select sum(hash(a.x * b.x)) as s from n as a, n as b"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lake: Path) -> Path:
    monkeypatch.setenv("HEADWATER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HEADWATER_EVIDENCE", str(lake))
    return tmp_path / "home"


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["query", *arguments], input=stdin)


def test_rows_for_people_and_an_audit_line_with_a_default_reason(home: Path) -> None:
    outcome = run("--account", "acct_1", "select id, amount from charges order by id limit 1")
    assert outcome.exit_code == 0
    assert "ch_1" in outcome.stdout and "1 row ·" in outcome.stdout
    line = json.loads((home / "evidence-runs.jsonl").read_text().splitlines()[-1])
    assert (line["reason"], line["accounts"]) == ("query from the command line", ["acct_1"])


@pytest.mark.parametrize("way", ["dash", "pipe", "file"])
def test_the_select_may_come_from_a_file_or_standard_input(tmp_path: Path, way: str) -> None:
    sql = "select count(*) as n from charges"
    (tmp_path / "q.sql").write_text(sql)
    outcome = {
        "dash": lambda: run("--json", "-", stdin=sql),
        "pipe": lambda: run("--json", stdin=sql),
        "file": lambda: run("--json", "--file", str(tmp_path / "q.sql")),
    }[way]()
    assert json.loads(outcome.stdout) == {"n": 200}


def test_a_window_and_parameters_of_each_kind() -> None:
    outcome = run(
        "--json", "--window-start", "2026-11-01", "--window-end", "2026-11-01T05:00",
        "--param", "least=0", "--param", "$status=succeeded", "--param", "id='ch_1'",
        "select id from charges where created >= $window_start and created < $window_end "
        "and amount >= $least and status = $status and id <> $id order by created",
    )  # fmt: skip
    assert [json.loads(line)["id"] for line in outcome.stdout.splitlines()] == [
        "ch_2", "ch_3", "ch_4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "arguments", "complaint"),
    [
        (2, ["select 1 from charge"], "Did you mean charges?"),
        (2, ["drop table charges"], "Only SELECT"),
        (2, ["select * from payouts"], "no table payouts"),
        (2, ["select $x"], "no such parameter"),
        (2, ["--window-start", "soon", "select 1"], "'soon' is no time"),
        (2, ["--window-start", "1d", "--window-end", "3d", "select 1"], "ends before it starts"),
        (2, ["--reason", " ", "select 1"], "stated purpose"),
        (3, ["--seconds", "0.3", SLOW], "stopped after 0.3 seconds"),
        (1, ["select 1 + 'a'::int as x from charges"], "cannot be converted"),
        (1, ["--evidence", "/nowhere", "select 1"], "no evidence folder"),
    ],
)
def test_the_exit_status_says_what_stopped_it(
    status: int, arguments: list[str], complaint: str
) -> None:
    outcome = run(*arguments)
    assert outcome.exit_code == status
    assert complaint in outcome.stderr
    assert len(outcome.stderr.strip().splitlines()) == 1


def test_a_refused_query_is_recorded(home: Path) -> None:
    run("--reason", "looking", "drop table charges")
    line = json.loads((home / "evidence-runs.jsonl").read_text().splitlines()[-1])
    assert (line["outcome"], line["reason"]) == ("query_refused", "looking")


def test_parquet_keeps_values_and_types(tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    outcome = run(
        "--parquet", str(target),
        "select id, id, created, amount, sum(amount) over () as total, amount / 3 as third, "
        "null::date as none, status = 'failed' as failed, ['=1'] as list from charges order by created limit 3",  # noqa: E501
    )  # fmt: skip
    assert outcome.exit_code == 0, outcome.output
    with duckdb.connect() as connection:
        table = connection.execute(f"select * from '{target}'")
        columns = [(name, str(kind)) for name, kind, *_ in table.description]
        rows = table.fetchall()
    assert columns == [
        ("id", "VARCHAR"), ("id_2", "VARCHAR"), ("created", "TIMESTAMP"), ("amount", "BIGINT"),
        ("total", "BIGINT"), ("third", "DOUBLE"), ("none", "DATE"), ("failed", "BOOLEAN"),
        ("list", "VARCHAR"),
    ]  # fmt: skip
    assert rows[1][:5] == ("ch_1", "ch_1", datetime(2026, 11, 1, 1), 10, 199_000)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_of_a_csv_is_a_formula(cell: str) -> None:
    text = "".join(csv_lines([cell, "n"], [[cell, -5]]))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [["'" + cell, "n"], ["'" + cell, "-5"]]


def test_numbers_beyond_64_bits_and_odd_times_become_text(tmp_path: Path) -> None:
    target = tmp_path / "it's.parquet"
    write_parquet(target, ["a", "b"], ["hugeint", "timestamp"], [[2**70, "infinity"], [1, None]])
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(target)).fetchall()
    assert rows == [(str(2**70), "infinity"), ("1", None)]
