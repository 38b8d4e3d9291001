"""Spark behind the seam, on a real standalone cluster: one master, two workers."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from headwater.evidence.contract import load_contract
from headwater.evidence.engines.conformance import suite
from headwater.evidence.engines.conformance.targets import loaded, reference
from headwater.evidence.engines.seam import proven
from headwater.evidence.engines.spark import SparkBackend
from headwater.evidence.errors import QueryFailed, QueryRefused, StoreNotFound
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import Scope
from tests.evidence.conftest import PURPOSE, write_parquet
from tests.evidence.engines import hostile
from tests.evidence.engines.cluster import spark_cluster
from tests.evidence.engines.pages import Pages, ask_pages

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with spark_cluster(tmp_path_factory.mktemp("spark")) as address:
        yield address


def test_beneath_the_guard_the_session_only_reads_our_views(master: str, tmp_path: Path) -> None:
    lake, outside = tmp_path / "lake", tmp_path / "outside"
    outside.mkdir()
    write_parquet(
        lake / "charges.parquet", "SELECT 'ch_' || i AS id, i AS amount FROM range(9) t(i)"
    )
    options = {"memory_bytes": 500_000_000}
    backend = SparkBackend(f"{master}?lake={lake}", load_contract(), options)
    try:
        backend.relation("charges")
        setting = backend._session.conf.get("spark.sql.ansi.enabled")
        for sql in hostile.SPARK_HELD:
            with pytest.raises((QueryRefused, QueryFailed)):
                text = sql.replace("OUTSIDE", str(outside)).replace("LAKE", str(lake))
                pytest.fail(f"{sql} gave {backend.run(text, 20.0)}")
        assert backend._session.conf.get("spark.sql.ansi.enabled") == setting
        assert backend._session.conf.get("spark.sql.runSQLOnFiles") == "false"
        assert backend.run("SELECT amount FROM hw_lake_charges LIMIT 20", 60.0) == [
            (number,) for number in range(9)
        ]
        assert list(outside.iterdir()) == []
    finally:
        backend.close()


def test_a_cluster_without_room_is_a_clear_sentence(
    master: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headwater.evidence.engines.spark.EXECUTOR_SECONDS", 2.0)
    options = {"memory_bytes": 500_000_000}
    with pytest.raises(StoreNotFound, match="gave no executor with 64g of memory") as refusal:
        SparkBackend(f"{master}?lake={tmp_path}&memory=64g", load_contract(), options)
    assert "memory=512m" in str(refusal.value.hint)
    with pytest.raises(StoreNotFound, match="no size of memory"):
        SparkBackend(f"{master}?lake={tmp_path}&memory=lots", load_contract(), options)


def test_a_store_answers_through_its_worker(master: str, tmp_path: Path) -> None:
    write_parquet(tmp_path / "charges.parquet", "SELECT 'ch_1' AS id, 5 AS amount")
    recorder = FileRecorder(tmp_path / "runs.jsonl")
    with closing(open_store(f"{master}?lake={tmp_path}", recorder=recorder, workers=1)) as store:
        found = store.query("SELECT amount FROM charges", purpose=PURPOSE, scope=Scope(None))
    assert found.rows == ((5,),)


@pytest.mark.skipif("HEADWATER_ALL_PAGES" not in os.environ, reason="minutes: make engines")
def test_every_playbook_gives_the_rows_of_duckdb(master: str, pages: Pages, tmp_path: Path) -> None:
    kept = ask_pages(f"{master}?lake={tmp_path}", pages, pages.by_id)
    # A LIKE whose pattern is a column is refused there.
    assert {name: each.verdict for name, each in kept.items()} == {
        "api-version-parameter-unknown": "refused",
        "webhook-endpoint-disabled": "refused",
        "webhook-event-not-enabled": "refused",
    }


def test_what_is_proven_gives_the_answers_of_duckdb(
    master: str, small_world: Path, tmp_path: Path
) -> None:
    """The fewest cases, greedily, that hold every construct of Spark's list."""
    left = set(proven("spark"))
    made_of = {case: suite.constructs_of(case.sql) for case in suite.cases()}
    ready = {case: names for case, names in made_of.items() if names <= proven("spark")}
    address = f"{master}?lake={tmp_path}"
    with reference(small_world) as duckdb, loaded(address, small_world, None) as spark:
        while left:
            best = max(ready, key=lambda case: len(ready[case] & left))
            assert ready[best] & left, sorted(left)
            (outcome,) = suite.verify(spark, duckdb, [best])
            assert outcome.verdict != suite.DIFFERS, outcome
            names = ready.pop(best)
            if outcome.verdict == suite.PASS:
                left -= names
