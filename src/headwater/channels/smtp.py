"""Mail out over SMTP, step by step, and what its errors mean."""

import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from headwater.kit.errors import HeadwaterError

TIMEOUT_SECONDS = 30
_NOT_IN_ADDRESS = re.compile(r"[\x00-\x20\x7f<>,;]")


class RefusedForGood(HeadwaterError):
    """The mail server said no (5xx): trying again cannot help.

    `recipients` holds each address it refused with its reason; empty where it was the mail itself.
    """

    code = "refused_for_good"

    def __init__(
        self, message: str, *, hint: str | None = None, recipients: dict[str, str] | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.recipients = recipients or {}


class LostAttempt(HeadwaterError):
    """Somebody else is sending this mail by now."""

    code = "lost_attempt"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server has the mail. `refused` are single recipients that it would not take."""

    answer: str
    refused: dict[str, str] = field(default_factory=dict)


class InDoubt(HeadwaterError):
    """The connection broke after the content was handed over: nobody knows who has the mail."""

    code = "in_doubt"


def send(
    content: bytes,
    *,
    sender: str,
    recipients: Sequence[str],
    before_content: Callable[[], bool],
    on_accepted: Callable[[str], None],
) -> Accepted:
    """Returns once the mail server has accepted the mail for at least one recipient.

    `before_content` is called when everything but the content has been said; where it returns
    False nothing is handed over and LostAttempt is raised. `on_accepted` gets the server's yes
    before anything else happens. Raises RefusedForGood for a permanent refusal, InDoubt where the
    answer to the content never came; anything else (OSError, SMTPException) may pass, and is
    worth trying again.
    """
    try:
        sender = _on_the_wire(sender) if sender else sender
        wires = {_on_the_wire(one): one for one in recipients}
    except ValueError as error:
        raise RefusedForGood(f"The mail cannot be addressed: {error}") from error
    try:
        server = _connected()
        try:
            refused = _address(server, content, sender, wires)
            if not before_content():
                raise LostAttempt("Another worker has taken this mail over.")
            answer = _hand_over(server, content)
            on_accepted(answer)
            _leave(server)
            return Accepted(answer, refused)
        finally:
            server.close()
    except smtplib.SMTPRecipientsRefused as error:
        reasons = {one: f"{code} {_text(said)}" for one, (code, said) in error.recipients.items()}
        if all(500 <= code < 600 for code, _ in error.recipients.values()):
            code, first = next(iter(error.recipients.values()))
            raise _refused(code, first, reasons) from error
        raise
    except smtplib.SMTPResponseException as error:
        # 5xx at the greeting or login is our own set-up, which somebody may repair.
        about_this_mail = isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError)
        if about_this_mail and 500 <= error.smtp_code < 600:
            raise _refused(error.smtp_code, error.smtp_error) from error
        raise


def _hand_over(server: smtplib.SMTP, content: bytes) -> str:
    try:
        code, answer = server.data(content)
    except smtplib.SMTPResponseException:
        raise
    except (OSError, smtplib.SMTPException) as error:
        raise InDoubt(
            f"The connection broke while the content was handed over: {error or 'no answer'}"
        ) from error
    if code != 250:
        raise smtplib.SMTPDataError(code, answer)
    return f"{code} {_text(answer)}"


def describe(error: Exception) -> str:
    """What went wrong on the way to the server, for a person."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = "; ".join(f"{code} {_text(text)}" for code, text in error.recipients.values())
        return f"The mail server put it off: {said}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"The mail server put it off: {error.smtp_code} {_text(error.smtp_error)}"
    where = f"{settings.HEADWATER_SMTP_HOST}:{settings.HEADWATER_SMTP_PORT}"
    return f"The mail server at {where} was not reached: {error or type(error).__name__}"


def _connected() -> smtplib.SMTP:
    host, port = settings.HEADWATER_SMTP_HOST, settings.HEADWATER_SMTP_PORT
    security = settings.HEADWATER_SMTP_SECURITY
    if security == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    try:
        if security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.HEADWATER_SMTP_USER:
            if security == "none":
                raise OSError("HEADWATER_SMTP_USER needs HEADWATER_SMTP_SECURITY starttls or tls")
            password = Path(settings.HEADWATER_SMTP_PASSWORD_FILE).read_text().strip()
            server.login(settings.HEADWATER_SMTP_USER, password)
    except BaseException:
        server.close()
        raise
    return server


def _address(
    server: smtplib.SMTP, content: bytes, sender: str, recipients: dict[str, str]
) -> dict[str, str]:
    """Says from whom to whom; returns who was refused while another was taken.

    `recipients` maps an address in ASCII to the address as it is known.
    """
    server.ehlo_or_helo_if_needed()
    size = [f"size={len(content)}"] if server.has_extn("size") else []
    code, answer = server.mail(sender, size)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, answer, sender)
    refused: dict[str, tuple[int, bytes]] = {}
    for wire, recipient in recipients.items():
        code, answer = server.rcpt(wire)
        if code not in {250, 251}:
            refused[recipient] = (code, answer)
    if len(refused) == len(recipients):
        raise smtplib.SMTPRecipientsRefused(refused)
    return {one: f"{code} {_text(said)}" for one, (code, said) in refused.items()}


def _on_the_wire(address: str) -> str:
    """The address in ASCII. Raises ValueError where it is none, or cannot be written so."""
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or _NOT_IN_ADDRESS.search(address):
        raise ValueError(f"{address!r} is not an address.")
    if not local.isascii():
        raise ValueError(f"{address!r} has letters before the @ that no server must know.")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"


def _leave(server: smtplib.SMTP) -> None:
    """The mail is handed over: a server that hangs up now changes nothing of that."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _refused(
    code: int, text: bytes | str, recipients: dict[str, str] | None = None
) -> RefusedForGood:
    return RefusedForGood(
        f"The mail server refused it: {code} {_text(text)}".strip(),
        hint="Check the address, or reach the user another way.",
        recipients=recipients,
    )
