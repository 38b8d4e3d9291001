"""Naming a colleague by keyboard, and the time that working on a case takes, in a browser."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from headwater.cases.handling import following
from headwater.cases.models import Stretch
from tests.browser.visit import faults, signed_in
from tests.factories import make_agent, make_case

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_note_names_a_colleague(browser: Browser, live_server: LiveServer) -> None:
    agent, ben = make_agent("Mia Chen"), make_agent("Ben Okoye")
    case = make_case()
    with signed_in(browser, live_server.url, agent) as page:
        with page.expect_response(lambda answer: answer.url.endswith("/here/")):
            page.goto(f"{live_server.url}/cases/{case.pk}/")
        page.keyboard.press("n")
        box = page.locator("#note-body")
        expect(box).to_be_focused()
        box.press_sequentially("Hello @be")
        option = page.get_by_role("option", name="Ben Okoye")
        expect(option).to_have_attribute("aria-selected", "true")
        assert faults(page) == []
        page.keyboard.press("Enter")
        expect(box).to_have_value("Hello @Ben Okoye ")
        expect(option).to_have_count(0)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("Mia Chen mentioned Ben Okoye")).to_be_visible()
        assert following.follows(case, ben)
        # The page said that somebody works on it.
        assert Stretch.objects.filter(case=case, agent=agent).exists()
        page.get_by_role("link", name="History").click()
        expect(page.get_by_role("heading", name="History")).to_be_visible()
        expect(page.get_by_text("Mia Chen", exact=True).first).to_be_visible()
        assert faults(page) == []
