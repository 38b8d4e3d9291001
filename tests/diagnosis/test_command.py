"""`headwater diagnose` from the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.diagnosis.conftest import DECLINED
from tests.rephrasing.model_server import model_server

PAGE = f"""---
id: declines
title: The bank declined
area: declines
covers: [DEC-01]
fixed_by: bank
objects: [charge]
docs: [https://docs.stripe.com/declines]
symptoms: [Cards are declined, customers cannot pay]
confused_with: {{RAD-01: "A block is not sent to the network"}}
---

## Evidence

```sql
{DECLINED.strip()}
```

## For the user

{{{{ occurrences }}}} payments were declined.

## For an engineer

{{{{ occurrences }}}} failed charges, such as {{{{ object_id }}}}.

## What to do

Ask the customer to call the bank.

## If this is not it

Look at blocked payments.
"""
GOOD = {
    "case_id": "c1",
    "from_email": "ada@shop.example",
    "subject": "Customers cannot pay",
    "body": "cards are declined",
    "account_id": None,
    "received_at": "2026-03-01T12:00:00Z",
}
MAIL = (
    "From: Ada <ada@shop.example>\nTo: support@x.example\nSubject: Customers cannot pay\n"
    "Date: Sun, 01 Mar 2026 12:00:00 +0000\nMessage-ID: <m1@shop.example>\n\ncards are declined\n"
)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    (folder / "declines").mkdir()
    (folder / "declines" / "declines.md").write_text(PAGE)
    return folder


def run(
    lake: Path, pack: Path, home: Path, *more: str, **settings: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "headwater.cli.main", "diagnose"]
    command += ["--evidence", str(lake), "--playbooks", str(pack), *more]
    environment = {"HEADWATER_HOME": str(home), "PYTHONPATH": "src", "COLUMNS": "110",
                   "XDG_CACHE_HOME": str(home / "cache"), **settings}  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_a_raw_mail_as_a_json_line(lake: Path, pack: Path, tmp_path: Path) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_text(MAIL)
    done = run(lake, pack, tmp_path, "--case", str(mail), "--json")
    assert done.returncode == 0, done.stderr
    line = json.loads(done.stdout)
    assert line["case_id"] == "m1@shop.example"
    assert line["account_id"] == "acct_Guilty1"
    assert line["causes"][0]["explanation"]["user"] == "3 payments were declined."
    assert line["causes"][0]["modes"] == ["DEC-01"]


def test_a_case_as_a_page_for_people(lake: Path, pack: Path, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(GOOD))
    done = run(lake, pack, tmp_path, "--case", str(path))
    assert done.returncode == 0, done.stderr
    for words in (
        "acct_Guilty1",
        "1. The bank declined",
        "3 payments were declined.",
        "ch_Bad03x",
        "Why this probability",
        "Searched",
    ):
        assert words in done.stdout, done.stdout


@pytest.mark.slow
def test_a_draft_in_other_words_is_checked_and_put_on_record(
    lake: Path, pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(GOOD))
    refused = run(lake, pack, tmp_path, "--case", str(path), "--rephrase")
    assert refused.returncode == 1 and "HEADWATER_LLM_URL" in refused.stderr
    with model_server() as server:
        model = {"HEADWATER_LLM_URL": server.url, "HEADWATER_LLM_MODEL": "small"}
        server.answer = lambda text: text.replace("payments were declined", "payments got declined")
        asked = ("--case", str(path), "--json", "--rephrase")
        done = run(lake, pack, tmp_path, *asked, **model)
        assert done.returncode == 0, done.stderr
        made = json.loads(done.stdout)["rephrased"]
        assert made["state"] == "done" and "3 payments got declined" in made["text"]
        server.answer = lambda text: text.replace("3 payments", "4 payments")
        told = run(lake, pack, tmp_path, "--case", str(path), "--rephrase", **model).stdout
        assert "not rephrased" in told and "numbers that the draft does not: 4" in told
    record = next(tmp_path.rglob("rephrasings.jsonl"))
    states = [json.loads(line)["state"] for line in record.read_text().splitlines()]
    assert states == ["done", "rejected"]
    assert record.stat().st_mode & 0o077 == 0


def test_a_bad_line_is_named_and_the_others_are_diagnosed(
    lake: Path, pack: Path, tmp_path: Path
) -> None:
    path = tmp_path / "cases.jsonl"
    late = {**GOOD, "case_id": "c2", "received_at": "yesterday"}
    lines = [json.dumps(GOOD), json.dumps(late), "{oops", json.dumps({**GOOD, "case_id": "c4"})]
    path.write_text("\n".join(lines))
    done = run(lake, pack, tmp_path, "--cases", str(path), "--json")
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [line["case_id"] for line in out] == ["c1", "c2", None, "c4"]
    assert [bool(line["causes"]) for line in out] == [True, False, False, True]
    assert out[1]["error"]["line"] == 2
    assert out[1]["error"]["param"] == "received_at"
    assert "line 2: `received_at` is not an ISO 8601 time" in done.stderr
    assert "line 3: The case is not valid JSON" in done.stderr


@pytest.mark.slow
def test_an_unknown_senders_account_is_guessed_for_the_specialist_and_said_so(
    lake: Path, pack: Path, tmp_path: Path
) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps({**GOOD, "from_email": "x@evil.example", "body": "ch_Bad03x"}))
    line = json.loads(run(lake, pack, tmp_path, "--case", str(path), "--json").stdout)
    assert (line["account_id"], line["searched"]["account"]["how"]) == ("acct_Guilty1", "named ids")
    assert "verify them before answering" in line["searched"]["account"]["note"]
    path.write_text(json.dumps({**GOOD, "from_email": "x@evil.example", "body": "help"}))
    done = run(lake, pack, tmp_path, "--case", str(path), "--json")
    line = json.loads(done.stdout)
    assert (line["account_id"], line["causes"], line["ruled_out"]) == (None, [], [])
    assert "not the registered address" in line["searched"]["account"]["note"]
    assert "declined" not in done.stdout


@pytest.mark.parametrize("more", [(), ("--case", "a", "--cases", "b")])
def test_exactly_one_kind_of_input_is_asked_for(
    lake: Path, pack: Path, tmp_path: Path, more: tuple[str, ...]
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("")
    given = tuple(str(tmp_path / each) if len(each) == 1 else each for each in more)
    done = run(lake, pack, tmp_path, *given)
    assert done.returncode == 2
    assert "--case" in done.stderr
