"""Both directions over real HTTP: the tracker posts to a running web server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from pytest_django.live_server_helper import LiveServer

from headwater.escalation.models import TrackerDelivery
from tests.escalation.conftest import KINDS, World, _world, work

_SECONDS = 30


@pytest.fixture(params=sorted(KINDS))
def served(
    request: pytest.FixtureRequest, transactional_db: None, write_trackers: Callable[..., Path]
) -> Iterator[World]:
    yield from _world(request.param, write_trackers)


@pytest.mark.slow
def test_a_tracker_posts_what_changed(served: World, live_server: LiveServer) -> None:
    world, hook = served, f"{live_server.url}/hooks/trackers/code/"
    made = world.escalate()
    work()
    world.fake.remark(1, "/support It is fixed and out.", "dana")
    world.fake.close_issue(1)
    body, headers = world.fake.post(1)
    headers["Content-Type"] = "application/json"
    assert requests.post(hook, body + b"\n", headers=headers, timeout=_SECONDS).status_code == 401
    for _ in range(2):
        answer = requests.post(hook, body, headers=headers, timeout=_SECONDS)
        assert (answer.status_code, answer.text) == (200, "Stored.")
    assert requests.get(hook, timeout=_SECONDS).status_code == 405
    elsewhere = hook.replace("code", "nobody")
    assert requests.post(elsewhere, body, headers=headers, timeout=_SECONDS).status_code == 404
    assert bytes(TrackerDelivery.objects.get().body) == body
    work()
    assert world.fresh(made).state == "fixed"
    assert world.case.messages.filter(kind="note").count() == 1
