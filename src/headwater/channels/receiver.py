"""Mail in over SMTP: stored and committed before it is acknowledged."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from email.utils import parseaddr
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connections

from headwater.channels.acts import receive_mail
from headwater.channels.errors import MailRefused
from headwater.channels.parse import MAX_BYTES

log = logging.getLogger(__name__)

MAX_RECIPIENTS = 100
MAX_LINE = 1_000_000
_THREADS = 2


class _LenientSMTP(SMTP):
    # Broken senders write lines far beyond the standard's 998 bytes; refusing them loses mail.
    line_length_limit = MAX_LINE


class _Receiver(Controller):
    """aiosmtpd's controller over our protocol class."""

    def factory(self) -> SMTP:
        return _LenientSMTP(self.handler, **self.SMTP_kwargs)


class Intake:
    """What happens at the commands of an SMTP session. Method names are aiosmtpd's."""

    def __init__(self) -> None:
        # Few threads, so that few database connections are open.
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="intake")

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients, send the rest in another transaction"
        if "@" not in parseaddr(address)[1]:
            return "501 5.1.3 The recipient is not an address"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Recipient accepted"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content or "").encode()
        loop = asyncio.get_running_loop()
        try:
            mail_id = await loop.run_in_executor(
                self._pool, _store, raw, envelope.mail_from or "", list(envelope.rcpt_tos)
            )
        except MailRefused as error:
            return f"552 5.3.4 {error.message}"
        except Exception:
            # The sender's server keeps the mail and tries again: nothing is lost.
            log.exception("A mail could not be stored; its sender was asked to try again.")
            return "451 4.3.0 The mail could not be stored, please try again later"
        return f"250 2.0.0 Stored as {mail_id}"

    def close(self) -> None:
        """Returns when every mail being stored is stored."""
        self._pool.shutdown(wait=True)


def _store(raw: bytes, envelope_from: str, envelope_to: list[str]) -> str:
    try:
        mail = receive_mail(
            raw, envelope_from=envelope_from, envelope_to=envelope_to, entrance="smtp"
        )
        return mail.id
    finally:
        # Hours may pass until the next mail; a connection kept open would be dead by then.
        connections.close_all()


def make_controller(host: str, port: int, intake: Intake | None = None) -> Any:
    """An aiosmtpd controller that stores what it receives; the caller starts and stops it."""
    return _Receiver(
        intake or Intake(),
        hostname=host,
        port=port,
        data_size_limit=MAX_BYTES,
        enable_SMTPUTF8=True,
        ident="Headwater",
        ready_timeout=20,
    )


def run_receiver(host: str, port: int, stop_event: threading.Event) -> None:
    """Receives mail until `stop_event` is set; mail already being stored is stored first."""
    intake = Intake()
    controller = make_controller(host, port, intake)
    controller.start()
    log.info("Receiving mail on %s:%d", host, port)
    try:
        stop_event.wait()
    finally:
        controller.stop()
        intake.close()
