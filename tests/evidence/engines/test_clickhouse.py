"""ClickHouse behind the seam: the subset that it answers faithfully, and its limits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from headwater.evidence.errors import QueryRefused
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Purpose, Scope
from tests.evidence.engines.checks import run_suite

PURPOSE = Purpose(who="tester", entrance="cli", reason="a test")


@pytest.mark.slow
def test_what_is_answered_is_answered_as_by_duckdb(small_world: Path) -> None:
    verdicts = run_suite(f"chdb://{small_world}", small_world, "clickhouse", loud=set())
    assert sum(verdict == "pass" for verdict in verdicts.values()) >= 80


@pytest.fixture
def store(small_world: Path, tmp_path: Path) -> Iterator[EvidenceStore]:
    found = open_store(f"chdb://{small_world}", recorder=FileRecorder(tmp_path / "runs.jsonl"))
    yield found
    found.close()


@pytest.mark.slow
def test_the_scope_and_the_escaping_hold(store: EvidenceStore) -> None:
    found = store.query(
        "SELECT account_id, count(*) AS n, $text AS t FROM charges "
        "WHERE account_id <> 'acct_001' OR 1 = 1 GROUP BY account_id",
        purpose=PURPOSE,
        scope=Scope(("acct_001",)),
        params={"text": "it's \\' -- x"},
    )
    assert found.rows == (("acct_001", 25, "it's \\' -- x"),)
    with pytest.raises(QueryRefused, match="ClickHouse"):
        store.query("SELECT median(amount) FROM charges", purpose=PURPOSE, scope=Scope(None))
