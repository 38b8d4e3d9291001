"""A worker killed (SIGKILL) between its call and the answer doubles nothing over there."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from headwater.escalation import acts
from headwater.escalation.models import EscalationComment
from headwater.kit.jobs.models import Job
from tests.escalation.conftest import AGENT, KINDS, World, _world

HERE = Path(__file__).parent
CREATE = {"github": "/issues", "jira": "/rest/api/3/issue", "linear": "/graphql"}
SAY = {"github": "/comments", "jira": "/comment", "linear": "/graphql"}


@pytest.fixture(params=sorted(KINDS))
def killable(
    request: pytest.FixtureRequest, transactional_db: None, write_trackers: Callable[..., Path]
) -> Iterator[World]:
    yield from _world(request.param, write_trackers)


def _worker(trackers: str) -> subprocess.Popen[bytes]:
    env = {
        "HEADWATER_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "tests.escalation.child_settings",
        "HEADWATER_TRACKERS": trackers,
        "HEADWATER_TRACKERS_LOOPBACK": "1",
        "PYTHONPATH": os.pathsep.join([str(HERE.parents[1] / "src"), str(HERE.parents[1])]),
    }
    program = [sys.executable, str(HERE / "child_worker.py")]
    return subprocess.Popen(program, env={**os.environ, **env}, stderr=subprocess.DEVNULL)


def _wait_until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.05)


def _remarks(world: World) -> list[Any]:
    issue = world.fake.issues[0]
    if world.kind == "github":
        return world.fake.comments.get(1, [])  # type: ignore[union-attr]
    return list(issue["comments"])


@pytest.mark.slow
def test_killed_while_the_tracker_answers(killable: World, settings: Any) -> None:
    world = killable
    Job.objects.all().delete()
    made = world.escalate()
    Job.objects.exclude(name__startswith="escalation.").delete()
    # The issue is there, and its answer is on its way for longer than the worker lives.
    world.fake.fail("POST", CREATE[world.kind], None, after=True, hold=5)
    first = _worker(settings.HEADWATER_TRACKERS)
    try:
        _wait_until(lambda: bool(world.fake.issues), "the call that opens the issue")
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert world.fresh(made).issue_id == ""

    second = _worker(settings.HEADWATER_TRACKERS)
    try:
        _wait_until(lambda: world.fresh(made).issue_id != "", "another worker to find it")
        world.fake.fail("POST", SAY[world.kind], None, after=True, hold=5)
        acts.send_comment(world.fresh(made), "Any news?", agent=world.agent, actor=AGENT)
        _wait_until(lambda: bool(_remarks(world)), "the call that says it")
    finally:
        second.send_signal(signal.SIGKILL)
        second.wait()
    assert EscalationComment.objects.get().remote_id is None

    third = _worker(settings.HEADWATER_TRACKERS)
    try:
        _wait_until(
            lambda: EscalationComment.objects.get().remote_id is not None, "the comment's id"
        )
    finally:
        third.kill()
        third.wait()
    assert world.fake.ids() == [world.fresh(made).issue_id]
    assert len(_remarks(world)) == 1
