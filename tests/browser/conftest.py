"""Headless Chromium, and a mail server that keeps what it is given."""

import os
import shutil
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Browser, expect, sync_playwright

# Without these Chromium looks for hosts of its own at every start.
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


# The suite runs beside it: slow is not wrong.
expect.set_options(timeout=30_000)


def chromium_path() -> str:
    """Where Chromium is. HEADWATER_CHROMIUM names another one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("HEADWATER_CHROMIUM") or next(filter(None, map(shutil.which, names)), "")
    if not found:
        pytest.fail("No Chromium. Install it (Debian: apt-get install chromium), then run again.")
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which Django would take for async code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield started
        started.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Sink:
    """An SMTP server's handler that keeps every mail."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append((list(envelope.rcpt_tos), mail))
        return "250 kept"


@pytest.fixture
def sink(settings: "pytest_django.fixtures.SettingsWrapper") -> Iterator[Sink]:  # type: ignore[name-defined]  # noqa: F821
    """A real mail server on loopback; deliveries of the test go there."""
    handler = Sink()
    with socket.socket() as probe:  # the controller calls its own port, so it must know it
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.HEADWATER_SMTP_HOST = "127.0.0.1"
    settings.HEADWATER_SMTP_PORT = port
    yield handler
    controller.stop()
