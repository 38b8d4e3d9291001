"""Files that came with a mail are saved, not run; its HTML is shown where it can do nothing."""

from email.message import EmailMessage
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases.models import Message
from tests.channels.conftest import OWNER, SUPPORT
from tests.channels.test_secrets import KEY, arrive

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 40
HTML = (
    '<p>Look: <img src="cid:shot@a"> <img src="https://tracker.example/p.gif" alt="logo">'
    '<a href="https://evil.example/in">https://bank.example/in</a> <a href="https://a.example">a</a>'
    "<script>alert(1)</script></p>"
)


def message_with_files() -> Message:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Ada <{OWNER}>", SUPPORT, "Files"
    mail["Message-ID"] = "<files@shop.example>"
    mail.set_content("See the files.")
    mail.add_alternative(HTML, subtype="html")
    html = mail.get_payload()[1]  # type: ignore[index]
    html.add_related(PNG, "image", "png", cid="<shot@a>", filename="shot.png", disposition="inline")  # type: ignore[union-attr]
    mail.add_attachment(b"<script>alert(1)</script>", "text", "html", filename="report.html")
    mail.add_attachment(b"<svg onload=alert(1)>", "image", "svg+xml", filename="logo.svg")
    mail.add_attachment(b"MZ", "image", "png", filename='r\u00e9sum\u00e9 "x".png')
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "x@y.example", "Inner"
    inner.set_content("inside")
    mail.add_attachment(inner)
    mail.add_attachment(b"k", "text", "plain", filename=f"{KEY}.txt")
    message = arrive(mail.as_bytes()).message
    assert message is not None
    return message


def address(message: Message, rest: str) -> str:
    return f"/cases/{message.case_id}/messages/{message.pk}/{rest}"


def test_the_case_lists_them(desk: Client) -> None:
    message = message_with_files()
    names = [each["name"] for each in message.attachments]
    assert names[:3] == ["shot.png", "report.html", "logo.svg"] and "Inner.eml" in names
    assert KEY not in repr(message.attachments) and message.exposed[0]["label"] == "secret key"
    page = desk.get(f"/cases/{message.case_id}/").content.decode()
    assert "report.html" in page and "text/html" in page and "in the text" in page
    assert address(message, "files/1/") in page and "?show=1" in page
    assert "<script>alert" not in page and KEY not in page


def test_what_could_run_is_saved_as_bytes(desk: Client) -> None:
    message = message_with_files()
    contents = {
        1: b"<script>alert(1)</script>\n", 2: b"<svg onload=alert(1)>", 3: b"MZ",
    }  # fmt: skip
    for place, content in contents.items():
        for query in ("", "?show=1"):
            response = desk.get(address(message, f"files/{place}/{query}"))
            assert response.content.strip() == content.strip()
            assert response["Content-Type"] == "application/octet-stream", place
            assert response["Content-Disposition"].startswith("attachment")
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    named = desk.get(address(message, "files/3/"))["Content-Disposition"]
    assert "filename*=utf-8''r%C3%A9sum%C3%A9" in named and "\n" not in named


def test_a_picture_may_be_shown(desk: Client) -> None:
    message = message_with_files()
    response = desk.get(address(message, "files/0/?show=1"))
    assert (response["Content-Type"], response.content) == ("image/png", PNG)
    assert response["Content-Disposition"].startswith("inline")
    assert desk.get(address(message, "files/0/"))["Content-Type"] == "application/octet-stream"


def test_only_through_its_own_case_and_place(desk: Client, scene: dict[str, object]) -> None:
    message = message_with_files()
    other = scene["main"].pk  # type: ignore[attr-defined]
    for rest in ("files/0/", "html/"):
        assert desk.get(f"/cases/{other}/messages/{message.pk}/{rest}").status_code == 404
    assert desk.get(address(message, "files/99/")).status_code == 404
    plain = message.case.messages.create(
        direction="in", kind="user", body="x", created_at=message.created_at
    )
    assert desk.get(address(plain, "html/")).status_code == 404


def test_the_html_holds_images_back_and_says_where_links_lead(desk: Client) -> None:
    message = message_with_files()
    case = desk.get(f"/cases/{message.case_id}/").content.decode()
    assert "1 image of another machine is held back" in case
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in case
    response = desk.get(address(message, "html/"))
    page = response.content.decode()
    assert "tracker.example" not in page and "data:image/png;base64," in page
    assert "<script" not in page and "[evil.example]" in page and "leads-elsewhere" in page
    policy = response["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups ") and "script-src" not in policy
    assert "default-src 'none'" in policy and "img-src data:;" in policy
    assert "allow-scripts" not in policy and "allow-same-origin" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Referrer-Policy"] == "no-referrer"
    asked = desk.get(address(message, "html/?images=1"))
    assert 'src="https://tracker.example/p.gif"' in asked.content.decode()
    assert "https:" in asked["Content-Security-Policy"]


def test_a_mail_within_it_that_holds_a_secret_leads_to_the_whole_mail(desk: Client) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "x@y.example", "Inner"
    inner.set_content(f"The key is {KEY}")
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = f"Ada <{OWNER}>", "<inner@shop.example>"
    mail.set_content("See the mail.")
    mail.add_attachment(inner)
    stored = arrive(mail.as_bytes())
    assert stored.message is not None
    response = desk.get(address(stored.message, "files/0/"))
    assert response.status_code == 302
    assert response["Location"] == f"/cases/{stored.message.case_id}/mails/{stored.pk}/"


def test_another_origin_hands_the_files_out(
    desk: Client, agent: Agent, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = message_with_files()
    settings.HEADWATER_FILES_ORIGIN = "https://files.example"
    settings.ALLOWED_HOSTS = ["*"]
    response = desk.get(address(message, "files/1/"))
    assert response.status_code == 302
    place = response["Location"]
    assert place.startswith("https://files.example/attached/")
    path = place.removeprefix("https://files.example")
    cookieless = Client(HTTP_HOST="files.example")
    served = cookieless.get(path)
    assert served.content.strip() == b"<script>alert(1)</script>"
    assert served["Content-Disposition"].startswith("attachment")
    assert served["Content-Type"] == "application/octet-stream"
    assert served["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert cookieless.get(path[:-3] + "xx/").status_code == 404
    with monkeypatch.context() as later:
        now = signing.time.time()
        later.setattr(signing.time, "time", lambda: now + 400)
        assert cookieless.get(path).status_code == 404
    agent.is_active = False
    agent.save()
    assert cookieless.get(path).status_code == 404
