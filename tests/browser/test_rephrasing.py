"""Rephrasing a draft in a real browser, beside an incident: readable, accessible, nothing lost."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from headwater.diagnosis.models import Rephrasing
from headwater.diagnosis.rephrasing.tasks import rephrase_draft
from tests.browser.visit import faults, signed_in
from tests.desk.test_case_page import open_incident
from tests.factories import make_agent
from tests.rephrasing.model_server import model_server
from tests.scene import full_scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_draft_is_rephrased_and_taken_back(
    browser: Browser, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = make_agent("Mia Chen")
    case = full_scene(agent)["main"]
    open_incident(case, case.opened_at - timedelta(hours=1))
    with model_server() as model, signed_in(browser, live_server.url, agent) as page:
        monkeypatch.setenv("HEADWATER_LLM_URL", model.url)
        monkeypatch.setenv("HEADWATER_LLM_MODEL", "small")
        page.goto(f"{live_server.url}/cases/{case.pk}/")
        expect(page.get_by_role("heading", name="An incident of the platform")).to_be_visible()
        page.get_by_role("button", name="Rephrase").click()
        expect(page.get_by_text("is rephrasing the draft")).to_be_visible()
        keep = rephrase_draft({"rephrasing_id": Rephrasing.objects.get().pk})
        assert keep is not None
        keep()
        page.get_by_role("link", name="Show it").click()
        expect(page.get_by_text("Rephrased by small")).to_be_visible()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert faults(page) == []
        page.get_by_role("button", name="Back to the plain draft").click()
        expect(page.get_by_text("Rephrased by small")).to_have_count(0)
