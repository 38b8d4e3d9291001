"""Reach and approval in a real browser: whom a cause affects, and one message let go."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from headwater.accounts.acts import record_person, record_platform_account, verify_link
from headwater.accounts.models import AccountLink, Agent
from headwater.cases.models import Case, Message
from headwater.desk.investigate.store import close_desk_store
from headwater.kit.clock import as_naive_utc, utc_now
from tests.browser.visit import faults, signed_in
from tests.diagnosis.lakes import account, request, write_lake
from tests.factories import SYSTEM, make_agent
from tests.watch.conftest import HIT, PLAYBOOK, burst

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agent() -> Agent:
    return make_agent("Mia Chen")


@pytest.fixture
def lake(settings: Any, tmp_path: Path) -> Iterator[Path]:
    at = as_naive_utc(utc_now()) - timedelta(hours=3)
    calls = [request(f"req_{n}", HIT[0], at - timedelta(days=n)) for n in range(1, 20)]
    for place, name in enumerate(HIT[:4]):
        calls += burst(name, at - timedelta(days=place))
    accounts = [account(name, f"{name.lower()}@shop.example") for name in HIT[:4]]
    folder = write_lake(tmp_path / "lake", {"accounts": accounts, "api_request_logs": calls})
    settings.HEADWATER_EVIDENCE, settings.HEADWATER_HOME = str(folder), tmp_path / "home"
    for name in HIT[:2]:
        email = f"{name.lower()}@shop.example"
        stored = record_platform_account(
            account_id=name, name="Shop", email=email, country="DE", actor=SYSTEM
        )
        person = record_person(email=email, name="Ada", actor=SYSTEM)
        link = AccountLink.objects.create(person=person, platform_account=stored)
        verify_link(link, how="mail", actor=SYSTEM)
    yield folder
    close_desk_store()


def test_from_the_reach_to_one_message_that_leaves(
    browser: Browser, live_server: LiveServer, agent: Agent, lake: Path, tmp_path: Path
) -> None:
    with signed_in(browser, live_server.url, agent) as page:
        page.goto(f"{live_server.url}/playbooks/{PLAYBOOK}/")
        page.get_by_role("link", name="Whom it reaches").click()
        page.get_by_text("4 accounts", exact=True).wait_for()
        assert faults(page) == []
        page.get_by_role("button", name="Prepare messages to them").click()
        page.get_by_role("button", name="Approve and send all 2 messages").wait_for()
        assert faults(page) == []
        assert not Case.objects.exists()
        first = page.get_by_role("region", name=HIT[0])
        first.get_by_label("Message").fill("Hello Ada, please look at your limits.")
        first.get_by_role("button", name="Approve and send").click()
        expect(page.get_by_text("The message is on its way")).to_be_visible()
        page.get_by_role("region", name=HIT[1]).get_by_role("button", name="Leave out").click()
        page.get_by_text("1 left out").wait_for()
        page.get_by_role("link", name="Sent").click()
        page.get_by_text("wrote first: nobody had asked").wait_for()
    message = Message.objects.get()
    assert (message.body, message.delivery) == ("Hello Ada, please look at your limits.", "queued")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_a_problem_by_hand_is_readable(
    browser: Browser,
    live_server: LiveServer,
    agent: Agent,
    lake: Path,
    scheme: str,
    width: int,
) -> None:
    look: dict[str, Any] = {
        "color_scheme": scheme,
        "viewport": {"width": width, "height": 900},
    }
    with signed_in(browser, live_server.url, agent, **look) as page:
        page.goto(f"{live_server.url}/playbooks/{PLAYBOOK}/reach/")
        page.get_by_text("By day").wait_for()
        assert faults(page) == []
        page.get_by_role("button", name="Open a problem").click()
        page.get_by_role("button", name="Solve the problem").wait_for()
        assert faults(page) == []
        page.get_by_label("What was done").fill("Limits were raised.")
        page.get_by_role("button", name="Solve the problem").click()
        expect(page.get_by_text("Limits were raised.")).to_be_visible()
