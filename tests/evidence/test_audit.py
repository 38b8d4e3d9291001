"""Every read leaves a line: who, why, what, over whom, how it ended and how fresh it was."""

import json
import stat
from pathlib import Path

import pytest

from headwater.evidence.acts import StoreRecorder, keep_runs
from headwater.evidence.errors import QueryFailed, QueryRefused, QueryTimeout
from headwater.evidence.models import EvidenceRun
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import Limits, Purpose, Scope
from tests.evidence.test_limits import LONG

WHY = Purpose(who="agt_1", entrance="desk", reason="", case_id="case_1")


def test_each_outcome_is_recorded(lake: Path, tmp_path: Path) -> None:
    journal = tmp_path / "runs.jsonl"
    opened = open_store(lake, recorder=FileRecorder(journal))
    scope = Scope(("acct_1",))
    result = opened.query(
        "select id from charges where id = $id", purpose=WHY, scope=scope, params={"id": "ch_1"}
    )
    with pytest.raises(QueryRefused):
        opened.query("drop table charges", purpose=WHY, scope=scope)
    with pytest.raises(QueryFailed):
        opened.query("select nope from charges", purpose=WHY, scope=Scope())
    with pytest.raises(QueryTimeout):
        opened.query(LONG, purpose=WHY, scope=Scope(), limits=Limits(seconds=0.2))
    opened.close()
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [line["outcome"] for line in lines] == [
        "ok",
        "query_refused",
        "query_failed",
        "query_timeout",
    ]
    first = lines[0]
    assert first["run_id"] == result.run_id
    assert (first["who"], first["case_id"], first["entrance"]) == ("agt_1", "case_1", "desk")
    assert (first["accounts"], first["params"], first["rows"]) == (["acct_1"], {"id": "ch_1"}, 1)
    assert first["as_of"] == {"charges": "2026-11-09T07:00:00"}
    assert lines[1]["sql"] == "drop table charges" and lines[1]["error"]
    assert lines[2]["accounts"] is None
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600


@pytest.mark.parametrize("purpose", [Purpose("", "cli", "x"), Purpose("me", "cli", " ")])
def test_nothing_is_read_without_a_purpose(lake: Path, tmp_path: Path, purpose: Purpose) -> None:
    opened = open_store(lake, recorder=FileRecorder(tmp_path / "runs.jsonl"))
    with pytest.raises(QueryRefused, match="purpose"):
        opened.query("select 1", purpose=purpose, scope=Scope())
    opened.close()


@pytest.mark.django_db
def test_the_desk_keeps_runs_in_the_operational_store(lake: Path) -> None:
    opened = open_store(lake, recorder=StoreRecorder())
    result = opened.query("select count(*) from charges", purpose=WHY, scope=Scope(("acct_1",)))
    with pytest.raises(QueryRefused):
        opened.query("select 1\0", purpose=WHY, scope=Scope(), params={"x": "a\0b"})
    opened.close()
    keep_runs()  # the test itself runs in a transaction
    run = EvidenceRun.objects.get(pk=result.run_id)
    assert (run.case_id, run.accounts, run.rows, run.outcome) == ("case_1", ["acct_1"], 1, "ok")
    refused = EvidenceRun.objects.get(outcome="query_refused")
    assert refused.accounts is None and refused.error
