"""The mail as it came in is a text file, and only through its own case."""

from django.test import Client

from headwater.cases.models import Case
from headwater.channels.acts import ingest_mail, receive_mail
from headwater.channels.identity import Directory

RAW = (
    b"From: Ada <ada@shop.example>\r\nTo: support@headwater.localhost\r\nSubject: Help\r\n"
    b"Message-ID: <1@shop.example>\r\nDate: Fri, 20 Nov 2026 09:00:00 +0000\r\n"
    b"Content-Type: text/html\r\n\r\n<script>alert(1)</script><p>It fails.</p>\r\n"
)
NOBODY = Directory(by_email=lambda email: [], by_id=lambda account_id: None)


def test_raw_mail_is_an_inert_download_of_its_own_case(
    desk: Client, scene: dict[str, Case]
) -> None:
    stored = receive_mail(
        RAW, envelope_from="ada@shop.example", envelope_to=["support@headwater.localhost"],
        entrance="mail",
    )  # fmt: skip
    message = ingest_mail(stored.pk, directory=NOBODY).message
    assert message is not None
    address = f"/cases/{message.case_id}/mails/{stored.pk}/"
    assert f'href="{address}"' in desk.get(f"/cases/{message.case_id}/").content.decode()
    response = desk.get(address)
    assert response.content == RAW
    assert response["Content-Type"].startswith("text/plain")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert desk.get(f"/cases/{scene['main'].pk}/mails/{stored.pk}/").status_code == 404
