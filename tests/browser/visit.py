"""An agent at a browser: signs in, looks, and notices what must not happen."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from headwater.accounts.models import Agent
from tests.factories import PASSWORD


@contextmanager
def signed_in(browser: Browser, base: str, agent: Agent, **options: Any) -> Iterator[Page]:
    """A page of a fresh browser context behind the sign-in.

    On leaving it fails for any request to another host, any script error and any broken rule of
    the content security policy.
    """
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
    page = context.new_page()
    page.set_default_timeout(60_000)
    hosts: set[str] = set()
    noise: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
    page.on("pageerror", lambda error: noise.append(str(error)))
    page.on("console", lambda line: noise.append(line.text) if line.type == "error" else None)
    page.goto(f"{base}/")
    page.get_by_label("Email").fill(agent.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/cases/")
    yield page
    own = urlsplit(base).hostname or ""
    assert hosts == {own}
    assert noise == [], noise
    context.close()


def faults(page: Page) -> list[str]:
    """Serious and critical accessibility faults that axe sees on the page as it is.

    After a click the caller waits for something of the new page first: in between there is a
    moment without any document.
    """
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:120]}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]
