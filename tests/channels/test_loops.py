"""Machines that answer machines: every exchange ends by itself."""

import smtplib
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from headwater.cases.models import Case
from headwater.channels.models import RawMail
from headwater.kit.outbox.models import OutgoingMail
from tests.channels.conftest import OWNER, SUPPORT, Sink, work, write

# The most that the other side may say before the test calls it a loop.
PATIENCE = 60


class Parrot:
    """A responder that knows no rules: it answers everything, with no sign of being a machine."""

    def __init__(self, receiver: int, *, keeps_thread: bool) -> None:
        self.receiver = receiver
        self.keeps_thread = keeps_thread
        self.heard: list[Any] = []
        self.answered = 0

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.heard.append(message_from_bytes(envelope.content))
        return "250 taken"

    def answer_all(self) -> int:
        """Answers what it has heard since; returns how many that were."""
        fresh = self.heard[self.answered : self.answered + PATIENCE]
        for mail in fresh:
            self.answered += 1
            self._say(mail)
        return len(fresh)

    def _say(self, mail: Any) -> None:
        answer = EmailMessage()
        answer["From"] = OWNER
        to = mail["Reply-To"] if self.keeps_thread else mail["From"]
        answer["To"] = parseaddr(to)[1]
        answer["Subject"] = f"Re: {mail['Subject']}"
        answer["Message-ID"] = f"<parrot{self.answered}.{time.monotonic_ns()}@shop.example>"
        if self.keeps_thread:
            answer["In-Reply-To"] = mail["Message-ID"]
        answer.set_content(f"I am a parrot, {self.answered}.")
        with smtplib.SMTP("127.0.0.1", self.receiver, timeout=20) as client:
            client.sendmail(OWNER, [answer["To"]], answer.as_bytes())


@pytest.fixture
def acknowledging(settings: Any) -> None:
    settings.HEADWATER_ACKNOWLEDGE = True
    settings.HEADWATER_AUTO_MAILS_PER_HOUR = 3


@pytest.fixture(params=[True, False], ids=["keeps the thread", "starts anew"])
def parrot(
    request: pytest.FixtureRequest, receiver: int, acknowledging: None, settings: Any
) -> Iterator[Parrot]:
    other = Parrot(receiver, keeps_thread=request.param)
    controller = Controller(other, hostname="127.0.0.1", port=settings.HEADWATER_SMTP_PORT)
    controller.start()
    yield other
    controller.stop()


def test_an_exchange_with_a_responder_ends(receiver: int, parrot: Parrot) -> None:
    with smtplib.SMTP("127.0.0.1", receiver, timeout=20) as client:
        client.sendmail(OWNER, [SUPPORT], write())
    work()
    rounds = 0
    while parrot.answer_all():
        work()
        rounds += 1
        assert rounds < PATIENCE, "the exchange goes on for ever"
    most = 1 if parrot.keeps_thread else 3
    assert len(parrot.heard) == most
    assert all(mail["Auto-Submitted"] == "auto-replied" for mail in parrot.heard)
    if parrot.keeps_thread:
        assert Case.objects.count() == 1
    else:
        silenced = OutgoingMail.objects.get(state="suppressed")
        assert "3 automatic mails within the hour" in silenced.last_error
    assert not RawMail.objects.exclude(status="ingested").exists()


def test_an_acknowledgement_is_an_automatic_reply(
    acknowledging: None, arrive: Any, sink: Sink
) -> None:
    mail = arrive(write("Guten Tag, unsere Auszahlung ist leider nicht angekommen. Danke!",
                        Message_ID="<first@shop.example>"))  # fmt: skip
    [(envelope, sent)] = sink.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("<>", [OWNER])
    assert sent["Auto-Submitted"] == "auto-replied"
    assert sent["X-Auto-Response-Suppress"] == "All"
    assert sent["In-Reply-To"] == "<first@shop.example>"
    assert "angekommen" in sent.get_payload()[0].get_payload(decode=True).decode()
    # It takes nothing from the promise to answer.
    assert mail.message.case.next_due_target == "first_reply"
    # The answer to it finds the case, even where only the address is left of it.
    answer = arrive(write("More", To=parseaddr(sent["Reply-To"])[1]))
    assert answer.message.case == mail.message.case
    assert len(sink.mails) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Precedence": "bulk"},
        {"List_Id": "<x.example>"},
        {"X_Auto_Response_Suppress": "All"},
        {"Auto_Submitted": "auto-replied"},
        {"Subject": "Out of office: Webhooks"},
        {"sender": "no-reply@shop.example"},
        {"sender": SUPPORT},
        # Read out of a mailbox for the first time.
        {"Date": "Mon, 5 Jan 2026 09:00:00 +0000"},
    ],
)
def test_machines_and_lists_get_none(
    acknowledging: None, arrive: Any, sink: Sink, headers: dict[str, str]
) -> None:
    arrive(write(**headers))
    assert sink.mails == []


def test_none_unless_the_house_wishes_it(arrive: Any, sink: Sink) -> None:
    arrive(write())
    assert sink.mails == []
