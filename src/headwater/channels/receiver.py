"""Mail in over SMTP and LMTP: stored and committed before it is acknowledged."""

import asyncio
import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from email.utils import parseaddr
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connections

from headwater.channels.acts import receive_mail
from headwater.channels.errors import MailRefused
from headwater.channels.imap.boxes import Mailbox
from headwater.channels.imap.watching import start_watching
from headwater.channels.parse import MAX_BYTES

log = logging.getLogger(__name__)

MAX_RECIPIENTS = 100
MAX_LINE = 1_000_000
_THREADS = 2


class _LenientSMTP(SMTP):
    # Broken senders write lines far beyond the standard's 998 bytes; refusing them loses mail.
    line_length_limit = MAX_LINE


class _LenientLMTP(_LenientSMTP, LMTP):
    """LMTP answers the end of a mail once for each recipient (RFC 2033); aiosmtpd only once.

    A mail that names several of our addresses is one contact, so all get the same answer.
    """

    _answers = 1

    async def push(self, status: str | bytes) -> None:
        answer = status.encode() if isinstance(status, str) else status
        if answer.startswith(b"354"):
            self._answers = len(self.envelope.rcpt_tos) if self.envelope else 1
            await super().push(answer)
            return
        repeat, self._answers = self._answers, 1
        await super().push(b"\r\n".join([answer] * repeat))


class _Receiver(Controller):
    """aiosmtpd's controller over our protocol classes."""

    protocol: type[SMTP] = _LenientSMTP

    def factory(self) -> SMTP:
        return self.protocol(self.handler, **self.SMTP_kwargs)


class _LmtpReceiver(_Receiver):
    protocol = _LenientLMTP


class Intake:
    """What happens at the commands of an SMTP session. Method names are aiosmtpd's."""

    def __init__(self, entrance: str = "smtp") -> None:
        self._entrance = entrance
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
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content or "").encode()
        loop = asyncio.get_running_loop()
        try:
            mail_id = await loop.run_in_executor(
                self._pool,
                _store,
                raw,
                envelope.mail_from or "",
                list(envelope.rcpt_tos),
                self._entrance,
                _peer(session),
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


def _peer(session: Session) -> str:
    """The address of the host at the other end; a socket file has none."""
    peer: object = session.peer
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""


def _store(raw: bytes, envelope_from: str, envelope_to: list[str], entrance: str, peer: str) -> str:
    try:
        mail = receive_mail(
            raw,
            envelope_from=envelope_from,
            envelope_to=envelope_to,
            entrance=entrance,
            peer=peer,
        )
        return mail.id
    finally:
        # Hours may pass until the next mail; a connection kept open would be dead by then.
        connections.close_all()


def make_controller(
    host: str, port: int, intake: Intake | None = None, *, lmtp: bool = False
) -> Any:
    """An aiosmtpd controller that stores what it receives; the caller starts and stops it."""
    return (_LmtpReceiver if lmtp else _Receiver)(
        intake or Intake(),
        hostname=host,
        port=port,
        data_size_limit=MAX_BYTES,
        enable_SMTPUTF8=True,
        ident="Headwater",
        ready_timeout=20,
    )


def run_receiver(
    host: str,
    port: int,
    stop_event: threading.Event,
    *,
    lmtp_port: int | None = None,
    mailboxes: Sequence[Mailbox] = (),
) -> None:
    """Receives mail until `stop_event` is set; mail already being stored is stored first.

    Over SMTP on `port`, over LMTP on `lmtp_port` where one is given, and from IMAP `mailboxes`.
    """
    smtp = Intake()
    started = [(make_controller(host, port, smtp), smtp)]
    if lmtp_port is not None:
        lmtp = Intake("lmtp")
        started.append((make_controller(host, lmtp_port, lmtp, lmtp=True), lmtp))
    for controller, _ in started:
        controller.start()
        log.info("Receiving mail on %s:%d", host, controller.port)
    watchers = start_watching(mailboxes, stop_event)
    try:
        stop_event.wait()
    finally:
        for controller, intake in started:
            controller.stop()
            intake.close()
        for watcher in watchers:
            watcher.join()
