"""`headwater playbooks` as a person uses it, on a real lake."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from headwater.cli.main import cli
from headwater.diagnosis.playbooks import PlaybookInvalid, load_playbooks
from headwater.diagnosis.playbooks.selftest import prove_all


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two accounts with refused requests, one without."""
    monkeypatch.setenv("HEADWATER_HOME", str(tmp_path / "home"))
    folder = tmp_path / "lake"
    folder.mkdir()
    with duckdb.connect() as engine:
        engine.execute(
            "COPY (SELECT 'req_' || n AS id, 'acct_' || n % 3 AS account_id, "
            "TIMESTAMP '2026-06-10' + n * INTERVAL 1 SECOND AS created, "
            "CASE WHEN n % 3 < 2 THEN 429 ELSE 200 END AS status "
            f"FROM range(60) AS t(n)) TO '{folder}/api_request_logs.parquet' (FORMAT parquet)"
        )
    return folder


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["playbooks", *arguments])
    return result.exit_code, result.output


def test_list_and_show_name_every_page() -> None:
    status, text = run("list", "--json")
    assert status == 0
    assert "webhook-endpoint-failing" in {page["id"] for page in json.loads(text)}
    assert "$window_start" in run("show", "rate-limited", "--sql")[1]


def test_an_unknown_page_is_named_with_the_known_ones() -> None:
    status, text = run("show", "no-such-page")
    assert status == 1
    assert "no-such-page" in text and "rate-limited" in text


def test_run_gives_one_account_or_the_reach(lake: Path) -> None:
    base = ("run", "rate-limited", "--evidence", str(lake), "--json")
    reach = json.loads(run(*base)[1])
    assert [row["account_id"] for row in reach["rows"]] == ["acct_0", "acct_1"]
    alone = json.loads(run(*base, "--account", "acct_1")[1])
    assert [row["occurrences"] for row in alone["rows"]] == [20]
    assert "20 requests" in alone["rows"][0]["explanation"]["user"]
    assert json.loads(run(*base, "--account", "acct_2")[1])["rows"] == []
    assert json.loads(run(*base, "--to", "2026-06-10")[1])["rows"] == []


def test_a_failing_page_fails_the_test_command(spoil: Callable[..., Path]) -> None:
    page = spoil()
    rows = "[{id: req_1, account_id: acct_a, created: 2026-06-10, status: 429}]"
    page.with_suffix(".test.yaml").write_text(
        "window: {start: 2026-06-01, end: 2026-07-01}\n"
        f"tables: {{api_request_logs: {rows}}}\n"
        "cases:\n"
        "  - {name: counted, account: acct_a, rows: 1, facts: {occurrences: 2}}\n"
        "  - {name: alike, account: acct_b, rows: 0, instead: RATE-02}\n"
        "  - {name: fine, account: acct_c, rows: 0, healthy: true}\n"
        "  - {name: edge, account: acct_a, rows: 0, "
        "window: {start: 2026-05-01, end: 2026-06-10}}\n",
        "utf-8",
    )
    status, text = run("test", "--playbooks", str(page.parents[1]))
    assert status == 1
    assert "occurrences is 1, not 2" in " ".join(text.split())
    assert "1 failed" in text


def test_a_new_page_passes_at_once_and_is_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    status, text = run("new", "limits/burst-of-refusals", "--playbooks", str(folder))
    assert status == 0, text
    page = folder / "limits" / "burst-of-refusals.md"
    assert str(page) in text
    status, text = run("test", "--playbooks", str(folder))
    assert (status, "5 cases of 1 playbooks, 0 failed" in text) == (0, True), text
    page.write_text("mine", "utf-8")
    for name in ("limits/burst-of-refusals", "other/burst-of-refusals", "burst", "../x/y", "A/b"):
        assert run("new", name, "--playbooks", str(folder))[0] == 1
    assert page.read_text("utf-8") == "mine"


def test_several_pages_are_proven_side_by_side_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    for name in ("limits/one", "limits/two"):
        run("new", name, "--playbooks", str(folder))
    broken = folder / "limits" / "two.test.yaml"
    broken.write_text(broken.read_text("utf-8").replace("occurrences: 4", "occurrences: 5"))
    pages = list(load_playbooks(folder).values())
    proven = list(prove_all(pages, processes=2))
    assert [page.id for page, _ in proven] == ["one", "two"]
    assert [any(each.problems for each in outcomes) for _, outcomes in proven] == [False, True]
    broken.write_text("cases: [", "utf-8")
    with pytest.raises(PlaybookInvalid, match=r"two\.test\.yaml"):
        list(prove_all(pages, processes=2))
