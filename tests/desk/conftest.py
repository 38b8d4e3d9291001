"""A signed-in agent and a few lifelike cases."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from headwater.accounts.models import Agent
from headwater.cases.models import Case
from tests.factories import PASSWORD, make_agent
from tests.scene import full_scene


@pytest.fixture(autouse=True)
def _fresh_throttle() -> None:
    cache.clear()


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent("Mia Chen")


@pytest.fixture
def desk(agent: Agent) -> Client:
    client = Client()
    assert client.login(username=agent.email, password=PASSWORD)
    return client


@pytest.fixture
def scene(agent: Agent) -> dict[str, Case]:
    return full_scene(agent)


@pytest.fixture
def at_most() -> Callable[[int], AbstractContextManager[None]]:
    """`with at_most(12): …` fails when more statements run; transaction control is not counted."""

    @contextmanager
    def check(limit: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        ran = [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(control)]
        assert ran
        assert len(ran) <= limit, "\n".join(ran)

    return check
