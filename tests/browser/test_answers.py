"""The canned answers in a real browser: / opens them, Enter puts one at the cursor."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from headwater.cases.models import Draft
from headwater.macros.acts import keep
from headwater.macros.contents import answer
from headwater.macros.recipes import macro
from tests.browser.visit import faults, signed_in
from tests.factories import SYSTEM, make_agent, make_case

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_slash_opens_them_and_enter_puts_one_in(
    browser: Browser, live_server: LiveServer
) -> None:
    keep(answer("bank", "Refund at the bank", "It is with the bank.", fields=[]), actor=SYSTEM)
    keep(answer("shop", "About the account", "{{ account.name }}", fields=[]), actor=SYSTEM)
    case = make_case()
    with signed_in(browser, live_server.url, make_agent()) as page:
        page.goto(f"{live_server.url}/cases/{case.pk}/")
        reply = page.locator("#reply-body")
        reply.fill("Hello Ada,\n\n")
        reply.press("/")
        expect(page.locator("#picker")).to_be_visible()
        choices = page.locator("#picker-list button")
        expect(choices).to_have_count(2)
        expect(page.locator("#picker-list")).to_contain_text("does not know account.name")
        assert faults(page) == []
        page.keyboard.type("bank")
        expect(choices).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("#picker")).to_be_hidden()
        expect(reply).to_have_value("Hello Ada,\n\nIt is with the bank.")
        expect(reply).to_be_focused()
        assert Draft.objects.get(case=case).body == "Hello Ada,\n\nIt is with the bank."

        reply.press("End")
        reply.press("Enter")
        reply.press("/")
        expect(page.locator("#picker")).to_be_visible()
        page.keyboard.type("v1/refunds")
        page.keyboard.press("Escape")
        expect(page.locator("#picker")).to_be_hidden()
        expect(reply).to_have_value("Hello Ada,\n\nIt is with the bank.\n/v1/refunds")


def test_a_macro_is_looked_at_with_what_was_typed_in_the_draft(
    browser: Browser, live_server: LiveServer
) -> None:
    texts = {"en": "It is with the bank."}
    written = macro("bank", "Bank has it", {"priority": "high", "texts": texts}, fields=[])
    keep(written, actor=SYSTEM)
    case = make_case()
    with signed_in(browser, live_server.url, make_agent()) as page:
        page.goto(f"{live_server.url}/cases/{case.pk}/")
        page.locator("#reply-body").fill("Hello Ada,\n\n")
        page.locator("#reply-body").press("/")
        page.locator("#picker-list button").get_by_text("Bank has it").click()
        expect(page.get_by_role("heading", name="Bank has it")).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text("Hello Ada,")
        page.get_by_role("button", name="Run it").click()
        reply = page.locator("#reply-body")
        expect(reply).to_have_value("Hello Ada,\n\nIt is with the bank.\n")
