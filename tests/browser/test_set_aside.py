"""Mail that was set aside, in a real browser: looked at, left out, read again."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from headwater.channels.acts import file_mail, read_mail, receive_mail
from headwater.channels.identity import Directory
from headwater.channels.models import RawMail
from tests.browser.visit import faults, signed_in
from tests.factories import make_agent

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
NOBODY = Directory(by_email=lambda email: [], by_id=lambda account_id: None)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_looked_at_left_out_and_read_again(
    browser: Browser, live_server: LiveServer, scheme: str
) -> None:
    for subject in ("Undelivered mail returned to sender", "x" * 120):
        raw = f"Subject: {subject}\r\n\r\n{'A very long line. ' * 30}\r\n".encode()
        mail = receive_mail(raw, envelope_from="", envelope_to=[], entrance="imap")
        file_mail(read_mail(mail.id, directory=NOBODY))
    with signed_in(browser, live_server.url, make_agent(), color_scheme=scheme) as page:
        page.get_by_role("link", name="Mail set aside").click()
        expect(page.get_by_role("row")).to_have_count(3)
        assert faults(page) == []
        page.get_by_role("link", name="Undelivered mail returned to sender").click()
        expect(page.get_by_text("Subject: Undelivered mail")).to_be_visible()
        assert faults(page) == []
        page.set_viewport_size({"width": 390, "height": 800})
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide)
        page.get_by_label("Why it is left out").fill("Not ours")
        page.get_by_role("button", name="Discard").click()
        expect(page.get_by_text("1 mail was discarded.")).to_be_visible()
        assert not page.evaluate(wide)
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="Read again").click()
        expect(page.get_by_text("1 mail is read again.")).to_be_visible()
    assert sorted(RawMail.objects.values_list("status", flat=True)) == ["discarded", "stored"]
