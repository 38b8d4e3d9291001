"""A lake of quiet weeks in which, on the last day, many webhook endpoints fail at one hour."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from headwater.desk.investigate.store import close_desk_store
from headwater.diagnosis import tasks
from headwater.kit.clock import as_naive_utc, utc_now
from tests.diagnosis.lakes import account, charge, request, write_lake

PLAYBOOK = "rate-limited"
HIT = tuple(f"acct_Hit{n:02}" for n in range(12))
OLD = "acct_Old1"


def burst(owner: str, at: datetime) -> list[dict[str, object]]:
    """Sixty refused requests within six seconds."""
    return [
        request(f"req_{owner}_{at:%d%H}_{n}", owner, at + timedelta(milliseconds=100 * n), 429)
        for n in range(60)
    ]


@pytest.fixture(scope="session")
def onset() -> datetime:
    """When it began for all of them: some hours ago, and on this day (UTC)."""
    now = as_naive_utc(utc_now())
    return now.replace(minute=0, second=0, microsecond=0) - timedelta(minutes=30)


@pytest.fixture(scope="session")
def watched_lake(tmp_path_factory: pytest.TempPathFactory, onset: datetime) -> Path:
    names = [*HIT, OLD, *(f"acct_Calm{n:02}" for n in range(15))]
    accounts = [account(name, f"{name.lower()}@shop.example") for name in names]
    calls = [
        request(f"req_{name}_{day}", name, onset - timedelta(days=day, minutes=7))
        for name in names
        for day in range(30)
    ]
    calls += burst(OLD, onset - timedelta(days=3))
    for place, name in enumerate(HIT):
        calls += burst(name, onset + timedelta(seconds=90 * place))
    charges = [charge(f"ch_{n}", HIT[n % 2], onset - timedelta(hours=n + 1)) for n in range(9)]
    folder = tmp_path_factory.mktemp("watched")
    return write_lake(folder, {"accounts": accounts, "api_request_logs": calls, "charges": charges})


@pytest.fixture(scope="session")
def watch_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("watch-home")
    tasks.close_reading()
    close_desk_store()


@pytest.fixture
def watched(watched_lake: Path, watch_home: Path, settings: Settings) -> Path:
    """The lake as this installation's evidence."""
    settings.HEADWATER_EVIDENCE = str(watched_lake)
    settings.HEADWATER_HOME = watch_home
    return watched_lake
