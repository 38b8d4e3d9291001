"""Cases from raw mails and JSON."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from headwater.diagnosis.errors import CaseUnreadable
from headwater.diagnosis.reading import case_from_json, case_from_mail, read_case

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_plain_mail_with_encoded_subject_and_latin_body() -> None:
    raw = (
        b"From: =?utf-8?q?Zo=C3=AB?= <Zoe@Shop.Example>\r\n"
        b"Subject: =?iso-8859-1?q?Zahlung_f=FCr?=\r\n"
        b"Date: Sun, 01 Mar 2026 10:00:00 +0200\r\nMessage-ID: <a1@shop.example>\r\n"
        b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        b"Die Gesch\xe4fte\r\n"
    )
    case = case_from_mail(raw, now=NOW)
    assert case.case_id == "a1@shop.example"
    assert case.from_email == "zoe@shop.example"
    assert case.subject == "Zahlung für"
    assert case.body == "Die Geschäfte"
    assert case.received_at == datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_html_mail_becomes_text() -> None:
    raw = (
        b"From: a@b.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        b"<style>p{}</style><p>Payout <b>po_1A2b3C4d</b></p><script>x()</script>"
    )
    body = case_from_mail(raw, now=NOW).body
    assert "Payout po_1A2b3C4d" in body
    assert "x()" not in body


def test_unknown_charset_and_no_date_do_not_stop_the_case() -> None:
    raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=klingon\r\n\r\nmoney \xff gone"
    case = case_from_mail(raw, now=NOW)
    assert case.body.startswith("money")
    assert case.received_at == NOW
    assert case.case_id.startswith("mail-")


def test_arrival_is_our_own_received_line_not_the_senders_date() -> None:
    raw = (
        b"Received: from x by y; Sun, 01 Mar 2026 11:00:00 +0000\r\n"
        b"Received: from w by x; Sun, 01 Mar 2020 11:00:00 +0000\r\n"
        b"From: a@b.example\r\nDate: Sun, 01 Mar 2015 11:00:00 +0000\r\n\r\nhello"
    )
    assert case_from_mail(raw, now=NOW).received_at == datetime(2026, 3, 1, 11, tzinfo=UTC)


def test_file_is_json_or_mail_by_its_first_letter(tmp_path: Path) -> None:
    path = tmp_path / "case"
    path.write_text(
        '{"case_id": "c1", "from_email": "A@b.example", "subject": "s", "body": "b",'
        ' "account_id": null, "received_at": "2026-03-01T10:00:00+01:00"}'
    )
    case = read_case(path, now=NOW)
    assert (case.from_email, case.account_id) == ("a@b.example", None)
    assert case.received_at == datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not valid JSON"),
        ("[]", "must be a JSON object"),
        ('{"from_email": "a@b.example", "received_at": "2026-03-01"}', "no `case_id`"),
        (
            '{"case_id": "c", "from_email": "a@b.example", "received_at": "soon"}',
            "not an ISO 8601 time",
        ),
        ('{"case_id": "c", "received_at": "2026-03-01"}', "neither `from_email` nor `account_id`"),
        (
            '{"case_id": 7, "from_email": "a@b.example", "received_at": "2026-03-01"}',
            "must be text",
        ),
    ],
)
def test_bad_json_cases_say_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(CaseUnreadable, match=said):
        case_from_json(text)


def test_mail_without_sender_is_refused() -> None:
    with pytest.raises(CaseUnreadable, match="no sender"):
        case_from_mail(b"Subject: x\r\n\r\nbody", now=NOW)


def test_a_reply_without_the_answer_it_quotes_but_a_mail_passed_on_with_all_of_it() -> None:
    quoted = b"\r\n\r\nOn Mon, 2 Mar 2026 Ada <ada@b.example> wrote:\r\n> payouts stopped\r\n"
    head = b"From: a@b.example\r\nSubject: Payouts\r\n"
    reply = head + b"In-Reply-To: <x@y>\r\n\r\nStill the same." + quoted
    assert case_from_mail(reply, now=NOW).body == "Still the same."
    passed_on = case_from_mail(head + b"\r\nPlease look." + quoted, now=NOW).body
    assert passed_on.startswith("Please look.") and "payouts stopped" in passed_on
