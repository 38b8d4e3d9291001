"""Investigate in a real browser: from the case to rows, chart and evidence on the case."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from headwater.accounts.models import Agent
from headwater.cases.models import Case
from headwater.desk.investigate.store import close_desk_store
from headwater.evidence.models import EvidenceRun
from tests.browser.visit import faults, signed_in
from tests.factories import make_agent
from tests.investigated import ACCOUNT, SLOW, write_charges
from tests.scene import full_scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agent() -> Agent:
    return make_agent("Mia Chen")


@pytest.fixture
def case(agent: Agent, settings: Any, tmp_path: Path) -> Iterator[Case]:
    settings.HEADWATER_EVIDENCE = str(write_charges(tmp_path))
    settings.HEADWATER_HOME = tmp_path / "home"
    yield full_scene(agent)["main"]
    close_desk_store()


def open_from_the_case(page: Page, base: str, case: Case) -> None:
    page.goto(f"{base}/cases/{case.pk}/")
    page.get_by_label("Account and evidence").wait_for()
    page.get_by_role("main").get_by_role("link", name="Investigate").click()
    expect(page.get_by_role("textbox", name="Account")).to_have_value(ACCOUNT)
    expect(page.get_by_role("radio", name="One account")).to_be_checked()


def test_from_the_case_to_evidence_on_it(
    browser: Browser, live_server: LiveServer, agent: Agent, case: Case
) -> None:
    with signed_in(browser, live_server.url, agent) as page:
        open_from_the_case(page, live_server.url, case)
        editor = page.get_by_label("Query")
        editor.focus()
        page.keyboard.type("SELECT created, amount FROM char")
        options = page.get_by_role("listbox", name="Completions")
        expect(options.get_by_role("option").first).to_contain_text("charges")
        page.keyboard.press("Enter")
        expect(editor).to_have_value("SELECT created, amount FROM charges")
        page.keyboard.type(" AS c WHERE c.crea")
        expect(options.get_by_role("option").first).to_contain_text("created")
        page.keyboard.press("Tab")
        page.keyboard.type(" >= $window_start ORDER BY created")
        expect(page.get_by_label("$window_start")).to_have_value(re.compile("^2"))
        page.keyboard.press("Control+Enter")

        result = page.get_by_role("region", name="Result")
        expect(result).to_contain_text(re.compile(r"3\d\d rows"))
        drawing = result.get_by_role("img", name=re.compile("^amount by created"))
        expect(drawing).to_be_visible()
        result.get_by_label("Chart", exact=True).locator("visible=true").last.wait_for()
        result.get_by_role("link", name="Next rows").click()
        expect(result).to_contain_text("201 to")
        expect(result.get_by_role("columnheader", name="created")).to_be_visible()
        assert faults(page) == []

        result.get_by_text("Attach to the case").click()
        result.get_by_label("What it shows").fill("Charges went through all week")
        result.get_by_role("button", name="Attach", exact=True).click()
        page.wait_for_url(f"**/cases/{case.pk}/#attached")
        context = page.get_by_label("Account and evidence")
        expect(context.get_by_role("link", name="Charges went through all week")).to_be_visible()
        expect(context.get_by_role("rowheader", name="amount").first).to_be_visible()
        expect(page.get_by_label("Conversation")).to_contain_text("Mia Chen attached evidence")
        assert faults(page) == []
    line = EvidenceRun.objects.get(entrance="desk", engine="duckdb")
    assert (line.case_id, line.accounts, line.outcome) == (case.pk, [ACCOUNT], "ok")


def test_a_long_query_is_stopped_with_escape(
    browser: Browser, live_server: LiveServer, agent: Agent, case: Case
) -> None:
    with signed_in(browser, live_server.url, agent) as page:
        open_from_the_case(page, live_server.url, case)
        page.get_by_label("Query").fill(SLOW)
        page.get_by_role("button", name="Run").click()
        result = page.get_by_role("region", name="Result")
        expect(result).to_contain_text("Running")
        page.get_by_role("heading", name="Investigate").click()
        page.keyboard.press("Escape")
        expect(result).to_contain_text("stopped before it was done")
    line = EvidenceRun.objects.get(entrance="desk")
    assert line.outcome == "query_cancelled"


def test_words_that_come_late_open_no_list_over_a_running_query(
    browser: Browser, live_server: LiveServer, agent: Agent, case: Case
) -> None:
    with signed_in(browser, live_server.url, agent) as page:
        open_from_the_case(page, live_server.url, case)
        held: list[Route] = []
        address = page.locator("form[data-ask]").get_attribute("data-words")
        page.route(f"**{address}", lambda route: held.append(route))
        page.get_by_label("Query").fill("select status from char")
        page.get_by_role("heading", name="Investigate").click()
        while not held:
            page.wait_for_timeout(20)
        with page.expect_response(f"**{address}"):
            held[0].continue_()
        page.wait_for_timeout(300)
        expect(page.get_by_role("listbox", name="Completions")).to_be_hidden()
        page.get_by_label("Query").press("Control+Space")
        expect(page.get_by_role("listbox", name="Completions")).to_be_visible()


def test_without_scripts(
    browser: Browser, live_server: LiveServer, agent: Agent, case: Case
) -> None:
    with signed_in(browser, live_server.url, agent, java_script_enabled=False) as page:
        open_from_the_case(page, live_server.url, case)
        sql = "select+count(*)+as+n+from+charges+where+status=$status"
        page.goto(f"{live_server.url}/investigate/?case={case.pk}&sql={sql}")
        page.get_by_label("$status").fill("succeeded")
        page.get_by_role("button", name="Run").click()
        expect(page.get_by_role("cell", name="385")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_fits_and_is_accessible(
    browser: Browser, live_server: LiveServer, agent: Agent, case: Case, scheme: str, width: int
) -> None:
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    with signed_in(browser, live_server.url, agent, **options) as page:
        page.goto(f"{live_server.url}/investigate/?case={case.pk}&sql=select+1+as+one,+$x+as+x")
        page.get_by_label("$x").fill("1")
        page.get_by_role("button", name="Explain").click()
        expect(page.get_by_text("What this query does")).to_be_visible()
        assert faults(page) == []
        page.get_by_role("button", name="Run").click()
        expect(page.get_by_text("1 row", exact=True)).to_be_visible()
        page.get_by_role("link", name="Make a playbook").click()
        expect(page.get_by_role("heading", name="Make a playbook of it")).to_be_visible()
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
