"""LMTP beside SMTP: one answer for each recipient, one contact."""

import smtplib
import socket
from collections.abc import Iterator

import pytest

from headwater.channels import receiver
from headwater.channels.models import RawMail
from headwater.channels.receiver import Intake, make_controller
from tests.channels.conftest import OWNER, SUPPORT, free_port, write


@pytest.fixture
def lmtp(transactional_db: None) -> Iterator[int]:
    intake, port = Intake("lmtp"), free_port()
    controller = make_controller("127.0.0.1", port, intake, lmtp=True)
    controller.start()
    yield port
    controller.stop()
    intake.close()


def wire(body: str) -> bytes:
    """A mail with the line ends and the end that the protocol wants."""
    return write(body).replace(b"\n", b"\r\n") + b".\r\n"


def talk(port: int, *lines: bytes) -> list[bytes]:
    """The final lines of the server's answers, until it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        answers = client.makefile("rb")
        client.sendall(b"".join(lines))
        return [line for line in answers if line[3:4] == b" "]


def test_a_mail_comes_in(lmtp: int) -> None:
    with smtplib.LMTP("127.0.0.1", lmtp, timeout=30) as client:
        assert client.sendmail(OWNER, [SUPPORT], write("Over LMTP")) == {}
    mail = RawMail.objects.get()
    assert (mail.entrance, mail.envelope_from, mail.envelope_to) == ("lmtp", OWNER, [SUPPORT])


def test_every_recipient_gets_an_answer(lmtp: int) -> None:
    def start(*to: bytes) -> bytes:
        rcpt = b"".join(b"RCPT TO:<%s>\r\n" % one for one in to)
        return b"MAIL FROM:<ada@shop.example>\r\n" + rcpt + b"DATA\r\n"

    answers = talk(
        lmtp,
        b"LHLO mx.example\r\n",
        start(b"a@headwater.test", b"b@headwater.test", b"nobody") + wire("One"),
        start(b"a@headwater.test") + wire("Two"),
        b"QUIT\r\n",
    )
    codes = [line[:3] for line in answers]
    first = [b"220", b"250", b"250", b"250", b"250", b"501", b"354", b"250", b"250"]
    assert codes == [*first, b"250", b"250", b"354", b"250", b"221"]
    assert RawMail.objects.count() == 2


def test_what_cannot_be_stored_is_refused_for_every_recipient(
    lmtp: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(receiver, "receive_mail", broken)
    rcpt = b"RCPT TO:<a@headwater.test>\r\nRCPT TO:<b@headwater.test>\r\n"
    answers = talk(
        lmtp, b"LHLO x\r\nMAIL FROM:<>\r\n" + rcpt + b"DATA\r\n" + wire("Lost") + b"QUIT\r\n"
    )
    assert [line[:3] for line in answers][-3:] == [b"451", b"451", b"221"]


def test_smtp_greetings_are_not_lmtp(lmtp: int) -> None:
    answers = talk(lmtp, b"EHLO mx.example\r\nQUIT\r\n")
    assert [line[:3] for line in answers] == [b"220", b"500", b"221"]
