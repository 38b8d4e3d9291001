"""Reads of raw mail."""

from django.db.models import Count, QuerySet

from headwater.cases.models import Message
from headwater.channels.errors import MailNotFound
from headwater.channels.models import RawMail


def mail(mail_id: str) -> RawMail:
    """The raw mail of this id. Raises MailNotFound."""
    found = RawMail.objects.filter(pk=mail_id).first()
    if found is None:
        raise MailNotFound(mail_id)
    return found


def raw_mail_of(message: Message) -> RawMail | None:
    """The mail that a message was read from; the first, if it came more than once."""
    return RawMail.objects.filter(message=message).order_by("received_at").first()


def quarantined() -> QuerySet[RawMail]:
    """What was set aside, newest first, without the bytes."""
    rows = RawMail.objects.filter(status=RawMail.Status.QUARANTINED)
    return rows.defer("raw").order_by("-received_at")


def reconciliation() -> dict[str, int]:
    """How many mails are in which status; together they are all that were ever accepted."""
    counts = RawMail.objects.values_list("status").annotate(n=Count("id"))
    return dict.fromkeys(RawMail.Status.values, 0) | dict(counts)
