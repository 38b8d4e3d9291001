"""Writes of agents' mails that are not acts of cases."""

from headwater.channels.agent_mail.models import ActedMail
from headwater.channels.models import RawMail


def is_first(mail: RawMail, rfc_id: str | None) -> bool:
    """Notes that a mail is acted upon, in the caller's transaction; False where it was before.

    A mail without a Message-ID is known by its bytes alone.
    """
    if not rfc_id or len(rfc_id) > 500:
        return True
    return ActedMail.objects.get_or_create(rfc_id=rfc_id, defaults={"mail": mail})[1]
