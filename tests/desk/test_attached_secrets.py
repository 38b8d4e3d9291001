"""Files that hold secrets: text is handed out with masks, mails within mails are not at all."""

from django.test import Client

from headwater.channels.models import RawMail
from tests.channels.secret_mails import WAYS
from tests.channels.test_secrets import KEY, arrive


def file_of(filed: RawMail) -> str:
    assert filed.message is not None
    return f"/cases/{filed.message.case_id}/messages/{filed.message_id}/files/0/"


def test_a_text_file_is_handed_out_with_masks(desk: Client) -> None:
    for way in ("a text file", "a text file in UTF-16", "a file of no known type"):
        got = desk.get(file_of(arrive(WAYS[way](KEY))))
        assert got.content.rstrip() == b"KEY=[secret key removed]"
        assert got["Content-Disposition"].startswith("attachment")


def test_a_mail_within_a_mail_is_asked_for_with_a_reason(desk: Client) -> None:
    within = arrive(WAYS["an enclosed mail"](KEY))
    assert within.message is not None
    asked = desk.get(file_of(within), follow=True)
    assert asked.redirect_chain[0][0] == f"/cases/{within.message.case_id}/mails/{within.pk}/"
    assert b"A lead can" in asked.content
    assert b"secret key (live) ending PQR2 in a file" in asked.content


def test_what_holds_none_is_handed_out_as_it_came(desk: Client) -> None:
    for way, held in (("an enclosed mail", b"pi_3NxAb12Cd34Ef"), ("a text file", b"pi_3Nx")):
        filed = arrive(WAYS[way](held.decode()))
        got = desk.get(file_of(filed))
        assert got.status_code == 200 and got["Content-Type"] == "application/octet-stream"
    assert got.content.rstrip() == b"KEY=pi_3Nx"
