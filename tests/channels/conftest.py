"""A real mail server that takes our answers, a real receiver, and the worker between them."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage, Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from headwater.channels import identity
from headwater.channels.acts import receive_mail
from headwater.channels.identity import AccountFacts
from headwater.channels.models import RawMail
from headwater.channels.receiver import Intake, make_controller
from headwater.kit.jobs.acts import claim_job
from headwater.kit.jobs.models import Job
from headwater.kit.jobs.worker import run_claim

SUPPORT = "support@headwater.test"
MX = "mx.headwater.test"
OWNER = "ada@shop.example"
ACCOUNT = AccountFacts("acct_1Ada", "Ada's Shop", OWNER, "DE")
PROVEN = f"{MX}; dmarc=pass header.from=shop.example"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Sink:
    """What the world outside has received; `answer` is what its server says to DATA."""

    mails: list[tuple[Envelope, Message]] = field(default_factory=list)
    answer: str = "250 taken"
    rcpt_answer: str = "250 ok"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append((envelope, message_from_bytes(content)))
        return self.answer


@pytest.fixture(autouse=True)
def house(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HEADWATER_MAIL_FROM = SUPPORT
    settings.HEADWATER_TRUSTED_AUTHSERV_ID = MX
    settings.HEADWATER_PRODUCT_NAME = "Shop Support"
    settings.HEADWATER_EVIDENCE = "/nonexistent/lake"
    settings.HEADWATER_SMTP_HOST = "127.0.0.1"
    settings.HEADWATER_SMTP_PORT = free_port()


@pytest.fixture
def sink(house: None, settings: Any) -> Iterator[Sink]:
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=settings.HEADWATER_SMTP_PORT)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def receiver(transactional_db: None) -> Iterator[int]:
    """The port of a running receiver."""
    intake, port = Intake(), free_port()
    controller = make_controller("127.0.0.1", port, intake)
    controller.start()
    yield port
    controller.stop()
    intake.close()


@pytest.fixture
def known_account(monkeypatch: pytest.MonkeyPatch) -> AccountFacts:
    """An account that the platform knows under OWNER's address."""
    directory = identity.Directory(
        by_email=lambda email: [ACCOUNT] if email.lower() == ACCOUNT.email else [],
        by_id=lambda account_id: ACCOUNT if account_id == ACCOUNT.id else None,
    )
    monkeypatch.setattr(
        "headwater.channels.acts.read_mail.__kwdefaults__", {"directory": directory}
    )
    return ACCOUNT


def work() -> int:
    """Runs the mail jobs that are due, also those that they enqueue; returns how many."""
    done = 0
    while True:
        Job.objects.exclude(name__startswith="channels.").delete()
        claim = claim_job(60)
        if claim is None:
            return done
        run_claim(claim)
        done += 1


Headers = dict[str, str]
_count = iter(range(1, 1_000_000))


def write(
    body: str = "My webhooks fail.", *, sender: str = f"Ada <{OWNER}>", **headers: str
) -> bytes:
    """A mail's bytes. Header names are given with underscores: `In_Reply_To="<…>"`."""
    mail = EmailMessage()
    values: Headers = {
        "From": sender,
        "To": SUPPORT,
        "Subject": "Webhooks fail",
        "Message-ID": f"<m{next(_count)}@shop.example>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in values.items():
        if value:
            mail[name] = value
    mail.set_content(body)
    return mail.as_bytes()


@pytest.fixture
def arrive(db: None) -> Callable[..., RawMail]:
    """Takes a mail in and runs the jobs; returns what became of it."""

    def take(raw: bytes) -> RawMail:
        mail = receive_mail(raw, envelope_from=OWNER, envelope_to=[SUPPORT], entrance="smtp")
        work()
        mail.refresh_from_db()
        return mail

    return take
