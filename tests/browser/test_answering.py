"""The main job in a real browser: find the case, read the evidence, answer, solve."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from headwater.kit.jobs.acts import claim_job
from headwater.kit.jobs.worker import run_claim
from tests.browser.conftest import Sink
from tests.browser.visit import signed_in
from tests.factories import make_agent
from tests.scene import full_scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def work_until_idle() -> None:
    """What the worker process does, until nothing is due."""
    for _ in range(50):
        claim = claim_job(lease_seconds=60)
        if claim is None:
            return
        run_claim(claim)
    raise AssertionError("jobs keep coming")


def open_the_case(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Orders stay unpaid")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Orders stay unpaid")


def read_the_evidence(page: Page) -> None:
    evidence = page.get_by_label("Account and evidence")
    expect(evidence).to_contain_text("87%")
    expect(evidence.get_by_role("rowheader", name="last http status").first).to_be_visible()
    sql = evidence.get_by_label("SQL").first
    expect(sql).to_be_hidden()
    evidence.get_by_text("Show SQL").first.click()
    expect(sql).to_be_visible()
    expect(sql).to_contain_text("from webhook_endpoints e")
    expect(evidence).to_contain_text("Ruled out")


def solve(page: Page) -> None:
    page.get_by_role("link", name="Solve", exact=True).click()
    expect(page.get_by_label("Cause")).to_have_value("webhook-endpoint-failing")
    page.get_by_role("button", name="Solve the case").click()
    expect(page.get_by_text("Reopen")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_queue_to_answer(
    browser: Browser, live_server: LiveServer, sink: Sink, scripts: bool
) -> None:
    agent = make_agent("Mia Chen")
    case = full_scene(agent)["main"]
    with signed_in(browser, live_server.url, agent, java_script_enabled=scripts) as page:
        open_the_case(page)
        read_the_evidence(page)
        box = page.get_by_label("Reply to the user")
        expect(box).to_have_value(re.compile("has answered 214 of 214 deliveries"))
        page.get_by_role("button", name="Use this finding").first.click()
        expect(box).to_have_value(re.compile("^Hello Priya,"))
        box.fill(box.input_value() + "\nTell us if it happens again.")
        if scripts:
            box.press("Control+Enter")
        else:
            page.get_by_role("button", name="Send", exact=False).last.click()
        expect(page.get_by_text("Reply is on its way")).to_be_visible()
        work_until_idle()
        page.reload()
        expect(page.get_by_label("Mia Chen, Reply")).to_contain_text("Sent")
        solve(page)

    _, mail = next(one for one in sink.mails if one[0] == [case.person.email])
    body = mail.get_body(("plain",))
    assert body is not None
    assert "has answered 214 of 214 deliveries" in body.get_content()
    assert "Tell us if it happens again." in body.get_content()
    case.refresh_from_db()
    assert (case.state, case.cause, case.area) == (
        "solved", "webhook-endpoint-failing", "webhooks",
    )  # fmt: skip


def test_a_note_has_its_own_box_and_button_and_keys_move(
    browser: Browser, live_server: LiveServer
) -> None:
    agent = make_agent("Mia Chen")
    case = full_scene(agent)["main"]
    with signed_in(browser, live_server.url, agent) as page:
        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(page.locator(".queue-row a:focus")).to_contain_text("3D Secure")
        page.goto(f"{live_server.url}/cases/{case.pk}/")
        page.keyboard.press("n")
        expect(page.get_by_role("button", name="Send and solve")).to_be_hidden()
        page.keyboard.type("jkrs ask Dev")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_label("Mia Chen, Internal note")).to_contain_text("jkrs ask Dev")
    assert not case.messages.filter(kind="reply").exists()
