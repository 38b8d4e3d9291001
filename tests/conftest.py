"""Every test module that touches the operational store says so with `pytest.mark.django_db`."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says something of the machine, not of the rule.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

STORE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
# Files are dealt out whole. Begun last, one of these would keep one processor busy alone.
LONG_FILES = (
    "tests/evidence/engines/test_spark.py",
    "tests/evidence/engines/test_clickhouse.py",
    "tests/playbooks/test_shipped_pages.py",
    "tests/evidence/engines/test_postgres.py",
    "tests/channels/test_parse_mutations.py",
    "tests/evidence/engines/test_seam.py",
    "tests/cli/test_demo.py",
    "tests/watch/test_watch.py",
    "tests/evidence/engines/test_trino.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--store-only",
        action="store_true",
        help="only tests that use the operational store (the second run, on PostgreSQL)",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    first = {name: place for place, name in enumerate(LONG_FILES)}
    items.sort(key=lambda item: first.get(item.nodeid.partition("::")[0], len(first)))
    if not config.getoption("--store-only"):
        return
    kept = [
        item
        for item in items
        if item.get_closest_marker("django_db")
        or STORE_FIXTURES & set(getattr(item, "fixturenames", ()))
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


@pytest.fixture(autouse=True)
def own_spool(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tests roll their transactions back, so what they spool must not reach the next test."""
    folder = tmp_path_factory.getbasetemp() / "spool"
    snapshots = tmp_path_factory.getbasetemp() / "snapshots"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(snapshots, ignore_errors=True)
    settings.HEADWATER_SPOOL = folder
    settings.HEADWATER_SNAPSHOTS = snapshots
    return folder
