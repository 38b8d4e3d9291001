"""ClickHouse behind the seam: the subset that it answers faithfully, and its limits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from headwater.evidence.engines.dialects.letters import DEPENDING, NEWEST, SEVERAL
from headwater.evidence.errors import QueryRefused
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Purpose, Scope
from tests.evidence.engines.checks import run_suite
from tests.evidence.engines.letters import check_letters
from tests.evidence.engines.pages import Pages, ask_pages

PURPOSE = Purpose(who="tester", entrance="cli", reason="a test")


@pytest.mark.slow
def test_what_is_answered_is_answered_as_by_duckdb(small_world: Path) -> None:
    verdicts = run_suite(
        f"chdb://{small_world}", small_world, "clickhouse", loud={"json/json-object-as-text"}
    )
    assert sum(verdict == "pass" for verdict in verdicts.values()) >= 160


# NOT IN over a query loses NULLs; LIKE wants its pattern written out.
REFUSED = {
    "api-version-parameter-unknown", "failed-attempt-paid-later", "invoice-lowered-by-balance",
    "payout-failed", "payout-request-refused", "refund-failed", "refund-keeps-fee",
    "renewal-failed", "webhook-delivered-twice", "webhook-endpoint-disabled",
    "webhook-event-not-enabled",
}  # fmt: skip


@pytest.mark.slow
def test_playbooks_give_the_rows_of_duckdb_or_are_refused_by_name(pages: Pages) -> None:
    kept = ask_pages(f"chdb://{pages.folder}", pages, pages.by_id)
    assert kept.keys() == REFUSED
    assert {each.verdict for each in kept.values()} == {"refused"}


@pytest.mark.slow
def test_every_letter_changes_its_case_as_on_duckdb(tmp_path: Path) -> None:
    loud = SEVERAL.replace("ß", "") + DEPENDING + NEWEST
    check_letters("chdb:///nowhere", tmp_path, loud)


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
        store.query("SELECT mode(id) FROM charges", purpose=PURPOSE, scope=Scope(None))
