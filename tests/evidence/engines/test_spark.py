"""Spark behind the seam, on a real standalone cluster: one master, two workers."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from headwater.evidence.engines.conformance import suite
from headwater.evidence.engines.conformance.targets import loaded, reference
from headwater.evidence.engines.seam import proven
from tests.evidence.engines.cluster import spark_cluster
from tests.evidence.engines.pages import Pages, ask_pages

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with spark_cluster(tmp_path_factory.mktemp("spark")) as address:
        yield address


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
