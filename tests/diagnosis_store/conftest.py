"""A real lake with one account that is rate limited, and everything that runs on it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from headwater.diagnosis import tasks
from headwater.kit.clock import as_naive_utc, utc_now
from tests.diagnosis.lakes import account, request, write_lake

GUILTY, QUIET = "acct_Guilty1", "acct_Quiet22"


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty ordinary accounts, a quiet one, and one with a burst of refused requests."""
    end = as_naive_utc(utc_now())
    accounts = [account(f"acct_Plain{n:02}", f"owner{n}@plain.example") for n in range(30)]
    accounts += [account(GUILTY, "owner@shop.example"), account(QUIET, "quiet@shop.example")]
    calls = [
        request(f"req_{each['id']}x1", str(each["id"]), end - timedelta(days=2))
        for each in accounts
    ]
    burst = end - timedelta(hours=3)
    calls += [
        request(f"req_Burst{n:03}x", GUILTY, burst + timedelta(milliseconds=100 * n), 429)
        for n in range(60)
    ]
    folder = tmp_path_factory.mktemp("lake")
    return write_lake(folder, {"accounts": accounts, "api_request_logs": calls})


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where base rates are kept. The store stays warm from test to test, as in a worker."""
    yield tmp_path_factory.mktemp("home")
    tasks.close_reading()


@pytest.fixture
def evidence(lake: Path, home: Path, settings: Settings) -> Path:
    """The lake as this installation's evidence."""
    settings.HEADWATER_EVIDENCE = str(lake)
    settings.HEADWATER_HOME = home
    return lake
