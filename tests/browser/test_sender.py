"""How sure a sender is, on the page: a badge, and what stands behind it one click away."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from headwater.channels import senders
from tests.browser.visit import faults, signed_in
from tests.channels.test_authcheck import names, signed
from tests.channels.test_sender_belief import again, arrive
from tests.factories import make_agent

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_badge_opens_what_was_found(
    browser: Browser, live_server: LiveServer, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(senders, "lookup", names)
    good, bad = arrive(signed()).message, arrive(again(2)).message
    assert good is not None
    assert bad is not None
    with signed_in(browser, live_server.url, make_agent(), color_scheme=scheme) as page:
        for message, word, line in (
            (good, "Verified", "DKIM: pass for example.com."),
            (bad, "Failed", "The domain asks for: reject."),
        ):
            page.set_viewport_size({"width": 1440, "height": 900})
            page.goto(f"{live_server.url}/cases/{message.case_id}/")
            entry = page.locator(f"#{message.pk}")
            expect(entry.get_by_text(line)).to_be_hidden()
            entry.get_by_text(word, exact=True).click()
            expect(entry.get_by_text(line)).to_be_visible()
            assert faults(page) == []
            page.set_viewport_size({"width": 390, "height": 800})
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not page.evaluate(wide)
