"""A signed-in agent, a case whose account has rows in a small lake, and the page over it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases.models import Case
from headwater.desk.investigate.store import close_desk_store
from tests.factories import PASSWORD, make_agent
from tests.investigated import write_charges
from tests.scene import WEBHOOK_FAILS, diagnose, open_contact


@pytest.fixture(scope="session")
def charges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_charges(tmp_path_factory.mktemp("investigated"))


@pytest.fixture
def evidence(charges: Path, settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.HEADWATER_EVIDENCE = str(charges)
    settings.HEADWATER_HOME = tmp_path
    yield charges


@pytest.fixture(scope="session", autouse=True)
def _close() -> Iterator[None]:
    yield
    close_desk_store()


@pytest.fixture
def agent(db: None) -> Agent:
    return make_agent("Mia Chen")


@pytest.fixture
def case(agent: Agent) -> Case:
    found = open_contact(WEBHOOK_FAILS)
    diagnose(found)
    return found


@pytest.fixture
def desk(agent: Agent) -> Client:
    client = Client()
    assert client.login(username=agent.email, password=PASSWORD)
    return client


def ask(client: Client, sql: str, **fields: Any) -> Any:
    """The page of the run once it ended, or the page that says why it did not begin."""
    data = {"sql": sql, "whose": "all", "reason": "a look", **fields}
    response = client.post("/investigate/run/", data)
    for _ in range(60):
        if response.status_code != 302:
            return response
        address = response["Location"]
        shown = client.get(address)
        if 'id="running"' not in shown.content.decode():
            return shown
    raise AssertionError("the query never ended")
