"""Reads of the outbox."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from headwater.kit.outbox import rules
from headwater.kit.outbox.errors import OutgoingNotFound
from headwater.kit.outbox.models import OutgoingMail


def outgoing(outgoing_id: str) -> OutgoingMail:
    """The mail of this id. Raises OutgoingNotFound."""
    row = OutgoingMail.objects.filter(pk=outgoing_id).first()
    if row is None:
        raise OutgoingNotFound(outgoing_id)
    return row


def find_outgoing(outgoing_id: str) -> OutgoingMail | None:
    """The mail of this id, or None."""
    return OutgoingMail.objects.filter(pk=outgoing_id).first()


def outgoing_about(about: str) -> OutgoingMail | None:
    """The mail that carries this message; the latest, if there are several."""
    return OutgoingMail.objects.filter(about=about).order_by("-created_at", "-id").first()


def outgoing_of(abouts: Iterable[str]) -> dict[str, OutgoingMail]:
    """The mails that carry these messages, by message id."""
    rows = OutgoingMail.objects.filter(about__in=list(abouts)).order_by("created_at", "id")
    return {row.about: row for row in rows}


def outgoing_by_id(ids: Iterable[str]) -> dict[str, OutgoingMail]:
    """Rows by their own ids."""
    return OutgoingMail.objects.in_bulk(list(ids))


def by_message_id(message_id: str) -> OutgoingMail | None:
    """The mail that left (or leaves) under this Message-ID."""
    return OutgoingMail.objects.filter(message_id=message_id).first()


def message_ids_among(message_ids: Iterable[str]) -> set[str]:
    """Those of these Message-IDs under which a mail left (or leaves)."""
    rows = OutgoingMail.objects.filter(message_id__in=list(message_ids))
    return {str(one) for one in rows.values_list("message_id", flat=True)}


def unsent() -> QuerySet[OutgoingMail]:
    """What has not left, oldest first."""
    return OutgoingMail.objects.filter(state__in=rules.UNSENT).order_by("created_at", "id")


def latest() -> QuerySet[OutgoingMail]:
    """Every mail, newest first."""
    return OutgoingMail.objects.order_by("-created_at", "-id")


def needs_a_person(now: datetime) -> QuerySet[OutgoingMail]:
    """What is stuck, or should have left long ago."""
    late = Q(state__in=["held", "queued", "sending", "retrying"]) & Q(
        created_at__lt=now - rules.LATE_AFTER
    )
    return OutgoingMail.objects.filter(Q(state="stuck") | late).order_by("created_at", "id")


def count_by_state() -> dict[str, int]:
    """How many mails are in which state; together they are all that were ever asked for."""
    counted = OutgoingMail.objects.values_list("state").annotate(n=Count("id"))
    return {state.value: 0 for state in OutgoingMail.State} | dict(counted)


def count_sent_to(recipient: str, *, kinds: Iterable[str], since: datetime) -> int:
    """How many mails of these kinds were asked for to an address since a time, and not refused
    by ourselves or taken back."""
    return (
        OutgoingMail.objects.filter(
            recipient=recipient, kind__in=list(kinds), created_at__gte=since
        )
        .exclude(state__in=["suppressed", "cancelled"])
        .count()
    )
