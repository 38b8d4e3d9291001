"""When a contact was made, and whether that was lately. Pure."""

from datetime import UTC, datetime, timedelta
from typing import Final

from headwater.channels.models import RawMail
from headwater.channels.parse import ParsedMail

# For so long after it was made a contact is acknowledged, and promises begin with it.
NEWS: Final = timedelta(days=2)
_FIRST_MAIL: Final = datetime(1980, 1, 1, tzinfo=UTC)


def contact_time(mail: RawMail, parsed: ParsedMail) -> datetime:
    """When the contact was made: when it reached us, or the mailbox or file it was taken from.

    A mail out of files says it by the last server's Received line, else by the line of the mbox
    or the name of the Maildir, else by its Date. What lies ahead, or before there was mail, is
    passed over.
    """
    told = [mail.arrived_at]
    if mail.entrance == "file":
        told = [parsed.received, mail.arrived_at, parsed.date]
    plausible = (then for then in told if then and _FIRST_MAIL <= then <= mail.received_at)
    return next(plausible, mail.received_at)


def is_news(mail: RawMail, parsed: ParsedMail) -> bool:
    """Whether a contact is young enough for promises to begin with it."""
    return mail.received_at - contact_time(mail, parsed) <= NEWS
