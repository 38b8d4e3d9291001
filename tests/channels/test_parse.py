"""A mail is read as its author meant it."""

from datetime import UTC, datetime
from email.message import EmailMessage

from headwater.channels.addresses import Address, parse_addresses
from headwater.channels.mail_json import mail_json
from headwater.channels.parse import parse_mail


def test_headers_are_decoded() -> None:
    mail = parse_mail(
        b"From: =?utf-8?q?Zo=C3=AB_Quick?= <zoe@shop.example>\r\n"
        b"To: Support <support@headwater.test>, ops@headwater.test\r\n"
        b"Subject: =?utf-8?b?w5xiZXJ3ZWlz?= =?utf-8?b?dW5n?= fehlt\r\n"
        b"Date: Mon, 05 Jan 2026 10:00:00 +0100\r\n"
        b"Message-ID: <one@shop.example>\r\n"
        b"In-Reply-To: <zero@x>\r\nReferences: <a@x>\r\n\t<zero@x>\r\n\r\nHi\r\n"
    )
    assert mail.sender == Address("Zoë Quick", "zoe@shop.example")
    assert [one.address for one in mail.to] == ["support@headwater.test", "ops@headwater.test"]
    assert mail.subject == "Überweisung fehlt"
    assert mail.date == datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    assert mail.message_id == "<one@shop.example>"
    assert mail.references == ("<a@x>", "<zero@x>")
    assert mail.in_reply_to == ("<zero@x>",)
    assert mail.kind == "normal"
    assert mail.text == "Hi"


def test_broken_senders_are_still_read() -> None:
    cases = {
        "foo <foo@bar.example": "foo@bar.example",
        "foo@bar.example (Foo Bar)": "foo@bar.example",
        '"Bar, Foo" <foo@bar.example>': "foo@bar.example",
        '"<ceo@bank.example>" <foo@bar.example>': "foo@bar.example",
        "Group: foo@bar.example;": "foo@bar.example",
        "=?utf-8?q?a=40b=2Eexample?= <foo@bar.example>": "foo@bar.example",
    }
    for text, address in cases.items():
        assert [one.address for one in parse_addresses([text])] == [address], text
    # An address hidden in an encoded name is only a name.
    assert parse_addresses(["=?utf-8?q?a=40b=2Eexample?="])[0].address == ""


def test_two_authors_are_no_single_sender() -> None:
    mail = parse_mail(b"From: a@x.example\nFrom: b@y.example\n\nhi")
    assert mail.sender is None
    assert len(mail.from_) == 2


def test_wrong_charsets() -> None:
    assert parse_mail(b"Subject: Gr\xfc\xdfe\n\nhi").subject == "Grüße"
    assert parse_mail("Subject: Grüße\n\nhi".encode()).subject == "Grüße"
    head = b"Content-Type: text/plain; charset=us-ascii\n\n"
    assert parse_mail(head + "für".encode()).text == "für"
    head = b"Content-Type: text/plain; charset=no-such\n\n"
    assert parse_mail(head + b"f\xfcr").text == "für"
    head = b"Content-Type: text/plain; charset=zlib\n\n"
    assert parse_mail(head + b"plain").text == "plain"


def test_missing_headers() -> None:
    mail = parse_mail(b"\nonly a body")
    assert (mail.message_id, mail.date, mail.sender, mail.subject) == (None, None, None, "")
    assert mail.text == "only a body"


def test_html_only_becomes_readable_text() -> None:
    mail = parse_mail(
        b"From: a@b.example\nIn-Reply-To: <q@x>\nContent-Type: text/html; charset=utf-8\n\n"
        b"<style>p{}</style><p>It fails, see <a href='https://x.example/log'>the log</a>:</p>"
        b"<ul><li>first</li><li>second</li></ul><script>alert(1)</script>"
        b"<img src='https://track.example/p.gif' alt='logo' onerror='x()'>"
        b"<div>On Mon, Jan 5, 2026 at 9:00, S &lt;s@x.example&gt; wrote:</div>"
        b"<blockquote>Which endpoint?<br>And when?</blockquote><p>Below, too.</p>"
    )
    assert "https://x.example/log" in mail.text
    assert "first" in mail.text and "second" in mail.text
    assert mail.text.endswith("Below, too.")
    assert "Which endpoint" in mail.quoted and "And when" in mail.quoted
    assert "Which endpoint" not in mail.text
    assert "alert" not in mail.text
    for gone in ("script", "onerror", " src=", "<style"):
        assert gone not in mail.html
    # Kept for whoever asks for the image; nothing else gets to see it.
    assert 'data-src="https://track.example/p.gif"' in mail.html
    assert "track.example" not in mail_json(mail)["html"]
    assert 'rel="noopener noreferrer nofollow"' in mail.html


def test_plain_part_is_preferred_and_attachments_are_named() -> None:
    mail = EmailMessage()
    mail["From"] = "a@b.example"
    mail.set_content("the plain form")
    mail.add_alternative("<p>the html form</p>", subtype="html")
    mail.add_attachment(b"12345", maintype="application", subtype="pdf", filename="../ü log.pdf")
    read = parse_mail(mail.as_bytes())
    assert read.text == "the plain form"
    assert "the html form" in read.html
    [attachment] = read.attachments
    assert (attachment.name, attachment.type, attachment.size) == (
        "ü log.pdf",
        "application/pdf",
        5,
    )
    assert not attachment.inline


def test_flowed_lines_are_joined() -> None:
    mail = parse_mail(
        b"Content-Type: text/plain; format=flowed\n\nA long \nline ends.\nNew line.\n-- \nAda"
    )
    assert (mail.text, mail.quoted) == ("A long line ends.\nNew line.", "-- \nAda")
