"""A worker killed in the middle of a job loses nothing and doubles nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from headwater.kit.jobs.acts import enqueue
from headwater.kit.jobs.models import Job

HERE = Path(__file__).parent
LEASE_SECONDS = 1.5


@pytest.fixture
def effects(transactional_db: None) -> Iterator[Callable[[], list[int]]]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE crash_effects (n INTEGER)")

    def read() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT n FROM crash_effects ORDER BY n")
            return [row[0] for row in cursor.fetchall()]

    yield read
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE crash_effects")


def _worker(mark: Path, seconds: float) -> subprocess.Popen[bytes]:
    # The child must use the test database, not the one the settings would name.
    settings = {
        "HEADWATER_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "tests.jobs.child_settings",
        "CRASH_MARK": str(mark),
        "CRASH_SECONDS": str(seconds),
        "PYTHONPATH": os.pathsep.join([str(HERE.parents[1] / "src"), str(HERE.parents[1])]),
    }
    return subprocess.Popen(
        [sys.executable, str(HERE / "crash_worker.py"), str(LEASE_SECONDS)],
        env={**os.environ, **settings},
    )


def _wait_until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["crash.atomic", "crash.outside"])
def test_killed_in_the_middle(name: str, effects: Callable[[], list[int]], tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    enqueue(name, {"n": 0, "slow": True})
    for number in range(1, 21):
        enqueue(name, {"n": number})

    first = _worker(mark, seconds=60)
    try:
        _wait_until(mark.exists, 30, "the first worker to be in the middle of a job")
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert 0 not in effects(), "the killed job's effects must not be stored"

    workers = [_worker(mark, seconds=0), _worker(mark, seconds=0)]
    try:
        _wait_until(lambda: not Job.objects.exists(), 40, "the jobs to be finished by others")
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert effects() == list(range(21))


@pytest.mark.slow
def test_long_job_keeps_its_lease(effects: Callable[[], list[int]], tmp_path: Path) -> None:
    """Work that outlasts the lease is not started a second time while its worker lives."""
    mark = tmp_path / "mark"
    enqueue("crash.outside", {"n": 7, "slow": True})
    workers = [_worker(mark, seconds=LEASE_SECONDS * 3) for _ in range(2)]
    try:
        _wait_until(lambda: not Job.objects.exists(), 40, "the job to be finished")
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert effects() == [7]
