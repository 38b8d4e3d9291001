"""A key in a mail, at a browser: what is told, what to answer, and seeing it with a reason."""

import os
import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.visit import faults, signed_in
from tests.channels.secret_mails import text
from tests.channels.test_secrets import CARD, KEY, arrive
from tests.factories import make_agent

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LOOKS = [("light", 1440), ("dark", 390)]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_a_lead_warns_the_user_and_sees_the_key_on_record(
    browser: Browser, live_server: LiveServer, scheme: str, width: int
) -> None:
    agent = make_agent("Lea")
    agent.role = "lead"
    agent.save()
    filed = arrive(text(f"Since noon our key {KEY} gets 401, also with card {CARD}.\r\n"))
    assert filed.message is not None
    case = f"{live_server.url}/cases/{filed.message.case_id}/"
    viewport = {"width": width, "height": 900}
    with signed_in(browser, live_server.url, agent, color_scheme=scheme, viewport=viewport) as page:
        page.goto(case)
        banner = page.get_by_text("Masked here:").locator("..")
        expect(banner).to_contain_text("secret key (live) ending PQR2, card number ending 3155")
        page.get_by_text("What to tell the user").click()
        _look(page, f"told-{scheme}")
        page.get_by_role("button", name="Add to the reply").click()
        expect(page.locator("textarea[name=reply_body]")).to_have_value(
            re.compile(r"secret API key \(ending PQR2\)")
        )
        page.get_by_role("link", name="Raw mail").click()
        expect(page.get_by_label("Why do you have to see it?")).to_be_visible()
        _look(page, f"asked-{scheme}")
        assert faults(page) == []
        page.get_by_label("Why do you have to see it?").fill("to see whose key it is")
        page.get_by_role("button", name="Show it here").click()
        expect(page.get_by_label("The mail without masks")).to_contain_text(KEY)
        _look(page, f"shown-{scheme}")
        assert faults(page) == []
        page.goto(case)
        expect(page.get_by_text("saw what was masked: to see whose key it is")).to_be_visible()
        assert KEY not in page.content()


def _look(page: Page, name: str) -> None:
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)
