"""A reply with a file is sent, taken back within the time, sent again; what is stuck is shown."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from headwater.cases.acts import send_reply, solve_case
from headwater.cases.links import link_cases
from headwater.cases.models import Case
from headwater.channels.marks import mark_bouncing
from headwater.kit.outbox import acts as outbox
from headwater.kit.outbox.models import OutgoingMail
from headwater.kit.outbox.queries import outgoing_about
from tests.browser.visit import faults, signed_in
from tests.factories import SYSTEM, make_agent
from tests.scene import full_scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def picture(page: Page, name: str) -> None:
    """Kept for a person to look at, where one asks for it."""
    folder = os.environ.get("HEADWATER_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sent_taken_back_and_stuck(
    browser: Browser,
    live_server: LiveServer,
    scheme: str,
    settings: "pytest_django.fixtures.SettingsWrapper",  # type: ignore[name-defined]  # noqa: F821
    tmp_path: Path,
) -> None:
    settings.HEADWATER_UNDO_SECONDS = 900
    agent = make_agent("Mia Chen")
    scene = full_scene(agent)
    case = scene["main"]
    solve_case(scene["quiet"], cause="unknown", actor=SYSTEM)
    link_cases(case, scene["quiet"], kind="follow_up", reason="Solved long ago.", actor=SYSTEM)
    mark_bouncing(case.person.email, permanent=True, status="5.1.1", reason="No such user (5.1.1)")
    report = tmp_path / "report of the failed deliveries.csv"
    report.write_text("id,status\n" * 200)

    with signed_in(browser, live_server.url, agent, color_scheme=scheme) as page:
        page.goto(f"{live_server.url}/cases/{case.pk}/")
        expect(page.get_by_text("Goes on from", exact=True)).to_be_visible()
        expect(page.get_by_text("comes back.")).to_be_visible()
        page.get_by_label("Reply to the user").fill("Hello Priya, here is the list.")
        page.get_by_label("Attach files").set_input_files(report)
        picture(page, f"composer-{scheme}")
        page.get_by_role("button", name="Send", exact=True).click()
        undo = page.get_by_role("button", name="Undo")
        expect(undo).to_be_visible()
        countdown = page.locator("[data-countdown]")
        before = int(countdown.inner_text())
        expect(countdown).not_to_have_text(str(before))
        picture(page, f"held-{scheme}")
        assert faults(page) == []
        assert Case.objects.get(pk=case.pk).state == "ours"
        undo.click()
        expect(page.get_by_label("Reply to the user")).to_have_value(
            "Hello Priya, here is the list."
        )
        expect(page.get_by_role("button", name=f"Remove {report.name}")).to_be_visible()
        expect(page.get_by_text("Taken back, not sent")).to_be_visible()
        picture(page, f"undone-{scheme}")
        assert faults(page) == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert not page.evaluate(WIDE)
        picture(page, f"undone-narrow-{scheme}")
        page.get_by_role("button", name="It works again").click()
        expect(page.get_by_text("comes back.")).to_have_count(0)

        failed = send_reply(case, "Hello again.", agent=agent, actor=agent.actor())
        row = outgoing_about(failed.pk)
        assert row is not None
        outbox.begin_attempt(row.id, turn=1, message_id="<a@b>")
        outbox.settle_stuck(row.id, "The mail server at 127.0.0.1:25 was not reached: refused")
        OutgoingMail.objects.filter(state="queued").update(
            state="retrying", attempts=3, last_error="The mail server put it off: 451 4.7.1 later"
        )
        page.goto(f"{live_server.url}/outbox/")
        expect(page.get_by_text("1 mail is stuck or late.")).to_be_visible()
        assert not page.evaluate(WIDE)
        picture(page, f"outbox-narrow-{scheme}")
        page.set_viewport_size({"width": 1280, "height": 800})
        picture(page, f"outbox-{scheme}")
        assert faults(page) == []
        page.get_by_role("row", name="stuck").get_by_role("button", name="Try now").click()
        expect(page.get_by_text("It is tried again now.")).to_be_visible()
    row.refresh_from_db()
    assert row.state == "queued"
