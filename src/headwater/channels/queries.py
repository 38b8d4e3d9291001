"""Reads of raw mail."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Count, QuerySet

from headwater.cases.models import Case, Message
from headwater.cases.queries import in_conversation
from headwater.channels.errors import MailNotFound
from headwater.channels.models import MailFolder, RawMail


def mail(mail_id: str) -> RawMail:
    """The raw mail of this id. Raises MailNotFound."""
    found = RawMail.objects.filter(pk=mail_id).first()
    if found is None:
        raise MailNotFound(mail_id)
    return found


def waiting(mail_ids: Sequence[str]) -> QuerySet[RawMail]:
    """Those of these mails that were not read yet, in the order in which they came."""
    rows = RawMail.objects.filter(pk__in=mail_ids, status=RawMail.Status.STORED)
    return rows.order_by("received_at")


def locked(mail_ids: Sequence[str]) -> dict[str, RawMail]:
    """These mails without their bytes, held until the transaction ends."""
    rows = RawMail.objects.select_for_update().defer("raw").filter(pk__in=mail_ids)
    return {mail.id: mail for mail in rows.order_by("id")}


def raw_mail_of(message: Message) -> RawMail | None:
    """The mail that a message was read from; the first, if it came more than once."""
    return RawMail.objects.filter(message=message).order_by("received_at").first()


def raw_mails_of_case(case: Case) -> dict[str, list[RawMail]]:
    """The raw mails behind each message of a case, by message id, oldest first; no bytes."""
    found: dict[str, list[RawMail]] = {}
    mails = RawMail.objects.filter(in_conversation(case, "message__")).defer("raw")
    rows = mails.order_by("received_at")
    for mail in rows:
        found.setdefault(str(mail.message_id), []).append(mail)
    return found


def raw_mail_of_case(case: Case, mail_id: str) -> RawMail:
    """A raw mail that belongs to this case, so that who may see the case may see it.

    Raises MailNotFound.
    """
    found = RawMail.objects.filter(in_conversation(case, "message__"), pk=mail_id).first()
    if found is None:
        raise MailNotFound(mail_id)
    return found


def mailbox_of(case: Case) -> str:
    """The address of ours that a case is answered from: the one that its latest mail came to."""
    mails = RawMail.objects.filter(in_conversation(case, "message__"))
    found = mails.order_by("-received_at").values_list("mailbox", flat=True).first()
    return found or str(settings.HEADWATER_MAIL_FROM)


def quarantined() -> QuerySet[RawMail]:
    """What was set aside, newest first, without the bytes."""
    rows = RawMail.objects.filter(status=RawMail.Status.QUARANTINED)
    return rows.defer("raw").order_by("-received_at")


def reconciliation() -> dict[str, int]:
    """How many mails are in which status; together they are all that were ever accepted."""
    counts = RawMail.objects.values_list("status").annotate(n=Count("id"))
    return dict.fromkeys(RawMail.Status.values, 0) | dict(counts)


def count_quarantined(mail_ids: Sequence[str]) -> int:
    """How many of these mails were set aside."""
    return RawMail.objects.filter(pk__in=mail_ids, status=RawMail.Status.QUARANTINED).count()


def mail_folders() -> dict[tuple[str, str], MailFolder]:
    """How far each IMAP folder was taken, by the mailbox's name and the folder's."""
    return {(each.mailbox, each.folder): each for each in MailFolder.objects.all()}
