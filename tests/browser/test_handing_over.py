"""Handing a case to Engineering in a real browser."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.visit import signed_in
from tests.factories import make_agent
from tests.scene import full_scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_one_click_hands_a_case_over(browser: Browser, live_server: LiveServer) -> None:
    agent = make_agent("Mia Chen")
    case = full_scene(agent)["main"]
    with signed_in(browser, live_server.url, agent) as page:
        page.goto(f"{live_server.url}/cases/{case.pk}/")
        page.get_by_role("button", name="Hand to engineering").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Hand-off to Engineering")
        expect(page.get_by_label("Hand-off in Markdown")).to_contain_text("StripeClient")
        with page.expect_download() as saved:
            page.get_by_role("link", name="Markdown").click()
        assert saved.value.suggested_filename.endswith(".md")
        page.get_by_role("link", name="Orders stay unpaid").click()
        expect(page.get_by_text("handed it to Engineering")).to_be_visible()
