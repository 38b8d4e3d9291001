"""Every page, light and dark, wide and narrow: no serious fault, nothing cut off."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from headwater.accounts.acts import verification_token
from headwater.accounts.models import AccountLink
from headwater.escalation.acts import open_escalation
from headwater.kit.clock import utc_now
from headwater.macros.acts import keep
from headwater.macros.contents import answer
from headwater.macros.recipes import macro
from tests.browser.visit import faults, signed_in
from tests.factories import make_agent
from tests.scene import full_scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page(
    browser: Browser,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    width: int,
) -> None:
    monkeypatch.setattr("headwater.knowledge.sdk.package._places", list)  # the guide is enough
    agent = make_agent("Mia Chen")
    agent.role = "lead"
    agent.save()
    cases = full_scene(agent)
    claimed = cases["unverified"]
    assert claimed.account is not None
    link = AccountLink.objects.create(person=claimed.person, platform_account=claimed.account)
    open_escalation(
        cases["main"], team="operations", severity="critical", ask="Please look at the endpoint.",
        next_update_at=utc_now() + timedelta(hours=4), agent=agent, actor=agent.actor("desk"),
    )  # fmt: skip
    hello = answer("hello", "Hello", {"en": "Hello {{ person.name }}", "de": "Hallo"}, fields=[])
    keep(hello, actor=agent.actor())
    urgent = {"priority": "urgent", "answer": "hello"}
    keep(macro("urgent", "Urgent", urgent, fields=[]), actor=agent.actor())
    paths = [
        "/escalations/", f"/cases/{cases['main'].pk}/escalations/",
        "/cases/", "/cases/?view=snoozed", *[f"/cases/{case.pk}/" for case in cases.values()],
        f"/cases/{cases['main'].pk}/solve/", f"/cases/{cases['main'].pk}/findings/1/",
        f"/cases/{cases['main'].pk}/handling/", f"/cases/{cases['main'].pk}/split/",
        "/bulk/", "/board/?hours=24", "/rules/sla/", "/team/",
        "/followed/", f"/cases/{cases['main'].pk}/history/",
        "/answers/", "/answers/new/", "/answers/hello/", f"/cases/{cases['main'].pk}/answers/",
        "/macros/", "/macros/new/", "/macros/urgent/", f"/cases/{cases['main'].pk}/macros/urgent/",
        f"/cases/{cases['main'].pk}/asides/",
        "/playbooks/", "/playbooks/webhook-endpoint-failing/", "/patterns/",
        "/investigate/", "/evidence/", "/docs/?q=card+was+declined",
        "/docs/record/?id=error:card_declined",
        f"/verify/{verification_token(link)}/",
    ]  # fmt: skip
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 900}}
    found: dict[str, list[str]] = {}
    with signed_in(browser, live_server.url, agent, **options) as page:
        for path in paths:
            page.goto(live_server.url + path)
            found[path] = faults(page)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 0:
                found[path].append(f"the page is {wide} px wider than the window")
    assert {path: list_ for path, list_ in found.items() if list_} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page(browser: Browser, live_server: LiveServer, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/")
    assert faults(page) == []
    context.close()
