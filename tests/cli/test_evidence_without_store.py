"""Commands on kept evidence, in a data folder that was never set up, say what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("HEADWATER_") and name != "DJANGO_SETTINGS_MODULE"
    }
    return subprocess.run(
        [sys.executable, "-m", "headwater.cli.main", "evidence", *arguments],
        env={**environment, "HEADWATER_HOME": str(home), "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "0123456789abcdef"],
        ["retain", "--evidence", "."],
        ["erase", "--evidence", ".", "--account", "acct_1", "--reason", "r", "--apply"],
    ],
)
def test_a_missing_store_is_one_sentence(tmp_path: Path, arguments: list[str]) -> None:
    outcome = run(tmp_path, *arguments)
    assert outcome.returncode == 1
    assert "headwater migrate" in outcome.stderr and "Traceback" not in outcome.stderr


def test_a_read_is_found_in_the_journal_of_the_command_line(tmp_path: Path) -> None:
    line = {"run_id": "run_abc", "who": "me", "sql": "select 1"}
    (tmp_path / "evidence-runs.jsonl").write_text(json.dumps(line) + "\n")
    outcome = run(tmp_path, "show", "run_abc", "--json")
    assert json.loads(outcome.stdout) == line, outcome.stderr
    missing = run(tmp_path, "show", "run_none")
    assert missing.returncode == 1 and "No read run_none is on record here" in missing.stderr
