"""The user's own pages in a real browser: what the buttons send must be taken."""

import pytest
from playwright.sync_api import Browser, expect

from headwater.accounts.acts import verification_token
from headwater.accounts.models import AccountLink
from headwater.surveys import links
from headwater.surveys.models import Offer
from tests.browser.visit import faults
from tests.factories import make_account, make_case
from tests.surveys.test_surveys import asked, solved

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_answering_and_ending_surveys(browser: Browser, live_server) -> None:  # type: ignore[no-untyped-def]
    offer = asked(solved())
    page = browser.new_page()
    page.goto(live_server.url + "/" + links.answer_url(offer, 4).split("/", 3)[3])
    expect(page.get_by_label("Satisfied", exact=True)).to_be_checked()
    assert faults(page) == []
    page.get_by_label("Very satisfied", exact=True).check()
    page.get_by_label("Anything that you want").fill("Quick.")
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert faults(page) == []
    offer = Offer.objects.get()
    assert (offer.score, offer.comment) == (5, "Quick.")
    page.get_by_role("link", name="Change the answer").click()
    expect(page.get_by_label("Anything that you want")).to_have_value("Quick.")
    page.goto(live_server.url + "/" + links.stop_url(offer.person).split("/", 3)[3])
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", name="You get no more surveys")).to_be_visible()
    assert faults(page) == []


def test_confirming_an_account(browser: Browser, live_server) -> None:  # type: ignore[no-untyped-def]
    case, account = make_case(), make_account()
    link = AccountLink.objects.create(person=case.person, platform_account=account)
    page = browser.new_page()
    page.goto(f"{live_server.url}/verify/{verification_token(link)}/")
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", name="Confirmed")).to_be_visible()
    link.refresh_from_db()
    assert link.verified_at is not None
