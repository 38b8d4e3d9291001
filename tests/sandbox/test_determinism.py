"""The same seed gives the same bytes; another seed gives another world."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from headwater.sandbox.build import build_world
from headwater.sandbox.spec import WorldSpec
from tests.sandbox.conftest import SMALL

pytestmark = pytest.mark.slow


def digests(folder: Path) -> dict[str, str]:
    """Every file of a world with a hash of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes(world: Path, tmp_path: Path) -> None:
    build_world(tmp_path / "again", SMALL)
    assert digests(tmp_path / "again") == digests(world)


def test_other_seed_other_world(world: Path, tmp_path: Path) -> None:
    build_world(tmp_path / "other", replace(SMALL, seed=8))
    first, second = digests(world), digests(tmp_path / "other")
    same = {name for name in first if second.get(name) == first[name]}
    # Only what no dice decide may be alike: the changelog and the freshness of tables.
    assert same <= {"evidence/api_changelog.parquet", "evidence/table_freshness.parquet"}


def test_rebuilding_leaves_nothing_of_the_old_world(tmp_path: Path) -> None:
    tiny = WorldSpec(accounts=90, days=8, cases_per_cause=1)
    build_world(tmp_path / "twice", replace(tiny, days=9))
    build_world(tmp_path / "twice", tiny)
    build_world(tmp_path / "fresh", tiny)
    assert digests(tmp_path / "twice") == digests(tmp_path / "fresh")
