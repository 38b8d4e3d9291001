"""Mail out over SMTP, and what its errors mean."""

import smtplib

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from headwater.channels.compose import Outgoing, as_email
from headwater.kit.errors import HeadwaterError

TIMEOUT_SECONDS = 30


class RefusedForGood(HeadwaterError):
    """The mail server said no (5xx): trying again cannot help."""

    code = "refused_for_good"


def send(mail: Outgoing) -> None:
    """Returns once the mail server has accepted the mail.

    Raises RefusedForGood for a permanent refusal; anything else (OSError, SMTPException) may
    pass, and is worth trying again.
    """
    backend = EmailBackend(
        host=settings.HEADWATER_SMTP_HOST,
        port=settings.HEADWATER_SMTP_PORT,
        timeout=TIMEOUT_SECONDS,
    )
    try:
        backend.send_messages([as_email(mail)])
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()), (0, b""))
        if 500 <= code < 600:
            raise _refused(code, text) from error
        raise
    except smtplib.SMTPResponseException as error:
        # 5xx at the greeting or login is our own set-up, which somebody may repair.
        about_this_mail = isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError)
        if about_this_mail and 500 <= error.smtp_code < 600:
            raise _refused(error.smtp_code, error.smtp_error) from error
        raise
    except (ValueError, UnicodeError) as error:
        # An address or header that no mail can carry.
        raise RefusedForGood(f"The mail cannot be written: {error}") from error


def _refused(code: int, text: bytes | str) -> RefusedForGood:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return RefusedForGood(
        f"The mail server refused it: {code} {said}".strip(),
        hint="Check the address, or reach the user another way.",
    )
