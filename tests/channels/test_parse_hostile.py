"""Broken and hostile mail is read as far as it goes, or refused with a reason; never a crash."""

import random
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headwater.channels import mime, parse
from headwater.channels.errors import MailRefused
from headwater.channels.parse import ParsedMail, parse_mail


def outcome(raw: bytes) -> ParsedMail | str:
    """What a mail is read as, or the reason for its refusal; anything else fails the test."""
    try:
        mail = parse_mail(raw)
    except MailRefused as refusal:
        assert refusal.message
        return refusal.message
    for text in (mail.subject, mail.text, mail.quoted, mail.html):
        text.encode("utf-8")
        assert "\x00" not in text
    return mail


def rich_mail() -> bytes:
    """A mail with every kind of part that the reader knows."""
    mail = EmailMessage()
    mail["From"] = "Zoë <zoe@shop.example>"
    mail["To"] = "Support: support@headwater.test, ops@headwater.test;"
    mail["Subject"] = "Überweisung fehlgeschlagen – 支払い"
    mail["Message-ID"] = "<rich@shop.example>"
    mail["References"] = "<a@x> <b@y>"
    mail["Date"] = "Mon, 05 Jan 2026 10:00:00 +0100"
    mail.set_content("Hallo\n\nOn Mon, Jan 5, 2026 at 9:00 AM S <s@x.y> wrote:\n> alt\n\nunten")
    mail.add_alternative("<p>Hallo <b>Welt</b></p><blockquote>alt</blockquote>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Fehler ü.pdf")
    inner = EmailMessage()
    inner["Subject"] = "inner"
    inner.set_content("inner text")
    mail.add_attachment(inner)
    return mail.as_bytes()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=2_000))
def test_any_bytes(raw: bytes) -> None:
    outcome(raw)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                "From To Subject Date Message-ID References Content-Type Content-Disposition "
                "Content-Transfer-Encoding MIME-Version Auto-Submitted".split()
            ),
            st.one_of(
                st.binary(max_size=80),
                st.sampled_from(
                    [
                        b"multipart/mixed; boundary=b",
                        b"multipart/report; report-type=delivery-status; boundary=b",
                        b"message/rfc822",
                        b"message/delivery-status",
                        b"text/html; charset=zlib",
                        b"text/plain; charset*=utf-8''%FF; format=flowed",
                        b"base64",
                        b"x-uuencode",
                        b"=?utf-8?b?////?= <a@b>, =?x?q?=ZZ?=",
                    ]
                ),
            ),
        ),
        max_size=12,
    ),
    st.binary(max_size=300),
)
def test_any_headers(headers: list[tuple[str, bytes]], body: bytes) -> None:
    lines = [name.encode() + b": " + value for name, value in headers]
    outcome(b"\r\n".join([*lines, b"", b"--b", body, b"--b--"]))


def mutations(raw: bytes, count: int, seed: int) -> list[bytes]:
    dice = random.Random(seed)
    return [_mutated(raw, dice) for _ in range(count)]


def _mutated(raw: bytes, dice: random.Random) -> bytes:
    data = bytearray(raw)
    for _ in range(dice.randint(1, 12)):
        at = dice.randrange(len(data))
        match dice.randrange(4):
            case 0:
                data[at] = dice.randrange(256)
            case 1:
                del data[at : at + dice.randint(1, 40)]
            case 2:
                data[at:at] = data[at : at + dice.randint(1, 60)]
            case _:
                data[at:at] = dice.randbytes(dice.randint(1, 8))
        if not data:
            data = bytearray(b"\n")
    return bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_mail(seed: int) -> None:
    for raw in mutations(rich_mail(), 250, seed):
        outcome(raw)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10, 14))
def test_many_mutations(seed: int) -> None:
    for raw in mutations(rich_mail(), 2_500, seed):
        outcome(raw)


def test_bombs_are_refused_with_a_reason() -> None:
    parts = b"--b\nContent-Type: text/plain\n\nx\n" * (mime.MAX_PARTS + 1)
    wide = b"Content-Type: multipart/mixed; boundary=b\n\n" + parts + b"--b--\n"
    assert "parts" in str(outcome(wide))

    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000)
    )
    assert "deep" in str(outcome(deep))
    assert "bytes" in str(outcome(b"x" * (parse.MAX_BYTES + 1)))
    assert outcome(b"\n \n") == "The mail is empty."


def test_slow_patterns_are_not_slow() -> None:
    # One line of 200 kB that begins like the introduction of a quote.
    body = "On " + "a " * 100_000
    head = "From: a@b.example\nSubject: Re: x\nContent-Type: text/plain\n\n"
    mail = outcome((head + body).encode())
    assert isinstance(mail, ParsedMail)
    assert mail.text.startswith("On a a")

    addresses = "From: " + "<" * 50_000 + '"' * 50_001 + ",(" * 50_000 + "\n\nx"
    assert isinstance(outcome(addresses.encode()), ParsedMail)


def test_deep_html_still_gives_its_text() -> None:
    html = "<div>" * 5_000 + "down here" + "</div>" * 5_000
    mail = outcome(b"From: a@b.example\nContent-Type: text/html\n\n" + html.encode())
    assert isinstance(mail, ParsedMail)
    assert "down here" in mail.text


def test_huge_html_only_loses_its_layout() -> None:
    rows = "<tr>" + "<td>cell</td>" * 50 + "</tr>"
    html = f"<table>{rows * 1_500}</table><p>the end</p>"
    started = time.process_time()
    mail = outcome(b"From: a@b.example\nContent-Type: text/html\n\n" + html.encode())
    assert time.process_time() - started < 5
    assert isinstance(mail, ParsedMail)
    assert mail.text.endswith("the end")


def test_this_file_is_not_empty_of_parts() -> None:
    mail = outcome(rich_mail())
    assert isinstance(mail, ParsedMail)
    assert [one.type for one in mail.attachments] == ["application/pdf", "message/rfc822"]
    assert Path(mail.attachments[0].name).suffix == ".pdf"
