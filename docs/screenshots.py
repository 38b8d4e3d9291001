"""Renew the pictures of the tour from the demo: `make screenshots`.

Starts the demo in a throw-away folder, walks through it as its specialist, and keeps a picture of
each page under docs/images/.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]


def chromium() -> str:
    """The path of the browser. Raises SystemExit with what to do."""
    given = os.environ.get("HEADWATER_CHROMIUM")
    found = given or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        raise SystemExit("Chromium is missing. Run scripts/system-packages.sh.")
    return found


def sign_in(page: Page, base: str, email: str, password: str) -> None:
    page.goto(base)
    page.locator("input[name=username], input[name=email]").first.fill(email)
    page.locator("input[type=password]").fill(password)
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def walk(browser: Browser, base: str, email: str, password: str) -> None:
    """A picture of each page, light and dark, wide and narrow."""
    IMAGES.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        page = browser.new_context(viewport=WIDE, color_scheme=scheme).new_page()
        page.goto(base)
        page.screenshot(path=IMAGES / f"sign-in-{scheme}.png")
        sign_in(page, base, email, password)
        page.screenshot(path=IMAGES / f"queue-{scheme}.png")
        case = page.locator("a[href*='/cases/']:has-text('%')").first
        target = case if case.count() else page.locator("a[href*='/cases/case_']").first
        target.click()
        page.wait_for_load_state()
        page.screenshot(path=IMAGES / f"case-{scheme}.png")
        investigate(page, f"investigate-{scheme}.png")
        page.set_viewport_size(NARROW)
        page.screenshot(path=IMAGES / f"case-narrow-{scheme}.png")
        page.set_viewport_size(WIDE)
        page.goto(f"{base}/playbooks/")
        page.screenshot(path=IMAGES / f"playbooks-{scheme}.png")
        page.goto(f"{base}/playbooks/webhook-endpoint-failing/")
        page.screenshot(path=IMAGES / f"playbook-{scheme}.png")


QUERY = """SELECT date_trunc('day', created) AS day, status, count(*) AS requests
FROM api_request_logs
WHERE created >= $window_start AND created < $window_end
GROUP BY ALL
ORDER BY day"""


def investigate(page: Page, name: str) -> None:
    """Ask something from the case that is open, picture the answer, and go back."""
    case = page.url
    page.locator("a[href*='/investigate/?case=']").click()
    page.locator("#sql").fill(QUERY)
    page.locator("#p-window_end").wait_for()
    page.locator("[data-run]").click()
    page.locator(".result-head").wait_for()
    page.screenshot(path=IMAGES / name)
    page.goto(case)


def with_browser(base: str, email: str, password: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGS)
        walk(browser, base, email, password)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", help="a running demo, instead of a fresh one")
    parser.add_argument("--email", default="sam@headwater.demo")
    parser.add_argument("--password")
    given = parser.parse_args()
    if given.base:
        with_browser(given.base, given.email, given.password)
        return
    with tempfile.TemporaryDirectory(prefix="headwater-shots-") as home:
        command = [sys.executable, "-m", "headwater.cli.main", "demo", "--home", home]
        demo = subprocess.Popen([*command, "--port", "8099"], stdout=subprocess.PIPE, text=True)
        assert demo.stdout is not None
        password = ""
        for line in demo.stdout:
            found = re.search(r"Sign in\s+\S+\s+/\s+(\S+)", line)
            password = found.group(1) if found else password
            if "Ctrl-C stops everything" in line:
                break
        try:
            with_browser("http://127.0.0.1:8099", given.email, password)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(30)


if __name__ == "__main__":
    main()
