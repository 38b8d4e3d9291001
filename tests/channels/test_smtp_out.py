"""Handing over to a real mail server: TLS, a password, one of two readers refused."""

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from headwater.channels import smtp
from tests.channels.conftest import OWNER, SUPPORT, Sink

CONTENT = b"From: a@b.example\r\nSubject: x\r\n\r\n.one\r\n..two\r\n"


def hand_over(*recipients: str, **steps: Any) -> smtp.Accepted:
    return smtp.send(
        CONTENT,
        sender=SUPPORT,
        recipients=recipients or (OWNER,),
        before_content=steps.get("before", lambda: True),
        on_accepted=steps.get("on", lambda answer: None),
    )


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for 127.0.0.1, which this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context


def _check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and data == LoginPassword(b"headwater", b"pass word")
    return AuthResult(success=good, handled=False)


@pytest.fixture
def secure(certificate: ssl.SSLContext, settings: Any, tmp_path: Path) -> Iterator[Sink]:
    """A server that speaks only over STARTTLS and only to whom it knows."""
    handler = Sink()
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=settings.HEADWATER_SMTP_PORT,
        tls_context=certificate,
        require_starttls=True,
        authenticator=_check,
        auth_required=True,
    )
    controller.start()
    password = tmp_path / "password"
    password.write_text("pass word\n")
    settings.HEADWATER_SMTP_SECURITY = "starttls"
    settings.HEADWATER_SMTP_USER = "headwater"
    settings.HEADWATER_SMTP_PASSWORD_FILE = str(password)
    yield handler
    controller.stop()


def test_starttls_and_a_password(secure: Sink) -> None:
    assert hand_over().answer == "250 taken"
    assert len(secure.mails) == 1


def test_an_unknown_certificate_is_not_spoken_to(
    secure: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(OSError, match="certificate"):
        hand_over()
    assert secure.mails == []


def test_a_wrong_password_may_be_repaired(secure: Sink, settings: Any) -> None:
    Path(settings.HEADWATER_SMTP_PASSWORD_FILE).write_text("wrong")
    with pytest.raises(Exception, match="535") as failure:
        hand_over()
    # Not the mail's fault: it is tried again.
    assert not isinstance(failure.value, smtp.RefusedForGood)


def test_no_password_in_the_clear(sink: Sink, settings: Any) -> None:
    settings.HEADWATER_SMTP_USER = "headwater"
    with pytest.raises(OSError, match="HEADWATER_SMTP_SECURITY"):
        hand_over()


def test_the_content_arrives_as_it_is(sink: Sink) -> None:
    said: list[str] = []
    hand_over(on=said.append)
    assert (sink.mails[0][0].content, said) == (CONTENT, ["250 taken"])


def test_who_lost_the_mail_hands_nothing_over(sink: Sink) -> None:
    with pytest.raises(smtp.LostAttempt):
        hand_over(before=lambda: False)
    assert sink.mails == []


@pytest.fixture
def choosy(house: None, settings: Any) -> Iterator[Sink]:
    class Choosy(Sink):
        async def handle_RCPT(  # noqa: N802
            self,
            server: SMTP,
            session: Session,
            envelope: Envelope,
            address: str,
            options: list[str],
        ) -> str:
            if address.startswith("gone"):
                return "550 5.1.1 no such user"
            envelope.rcpt_tos.append(address)
            return "250 ok"

    handler = Choosy()
    controller = Controller(handler, hostname="127.0.0.1", port=settings.HEADWATER_SMTP_PORT)
    controller.start()
    yield handler
    controller.stop()


def test_one_of_two_readers_is_refused(choosy: Sink) -> None:
    accepted = hand_over(OWNER, "gone@shop.example")
    assert accepted.refused == {"gone@shop.example": "550 5.1.1 no such user"}
    assert choosy.mails[0][0].rcpt_tos == [OWNER]


def test_both_are_refused(choosy: Sink) -> None:
    with pytest.raises(smtp.RefusedForGood) as refusal:
        hand_over("gone@shop.example", "gone2@shop.example")
    assert set(refusal.value.recipients) == {"gone@shop.example", "gone2@shop.example"}


@pytest.mark.parametrize(
    "address", ["no address", "a@b\r\nRCPT TO:<victim@x>", "a@", "@b", "ü@b.example", "<a@b>"]
)
def test_what_is_no_address_is_refused_for_good(sink: Sink, address: str) -> None:
    with pytest.raises(smtp.RefusedForGood):
        hand_over(address)
    assert sink.mails == []


def test_an_international_domain_is_written_in_ascii(sink: Sink) -> None:
    hand_over("ada@bücher.example")
    assert sink.mails[0][0].rcpt_tos == ["ada@xn--bcher-kva.example"]
