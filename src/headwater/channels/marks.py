"""Acts on addresses that mail comes back from, and the one door to what is known of them."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from headwater.accounts.rules import normal_email
from headwater.cases.models import Case
from headwater.channels.models import MarkedAddress
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def mark_bouncing(address: str, *, permanent: bool, status: str, reason: str) -> None:
    """Mail to this address came back. A permanent mark is not lowered by a passing trouble."""
    address = normal_email(address)
    if "@" not in address or len(address) > 320:
        return
    with transaction.atomic():
        mark, new = MarkedAddress.objects.select_for_update().get_or_create(
            address=address, defaults={"since": utc_now(), "latest": utc_now()}
        )
        fresh = new or mark.cleared_at is not None
        mark.permanent = permanent or (mark.permanent and not fresh)
        mark.status, mark.reason = status[:20], reason[:1_000]
        mark.count = 1 if fresh else mark.count + 1
        mark.since = utc_now() if fresh else mark.since
        mark.latest, mark.cleared_at, mark.cleared_by = utc_now(), None, ""
        mark.save()


def clear_mark(address: str, *, actor: Actor) -> bool:
    """Mail to this address arrives again, as an agent says or a mail from it shows.

    False where it was not marked.
    """
    return bool(
        MarkedAddress.objects.filter(address=normal_email(address), cleared_at=None).update(
            cleared_at=utc_now(), cleared_by=actor.name[:200]
        )
    )


def clear_marks(addresses: Iterable[str], *, actor: Actor) -> None:
    """As `clear_mark` for many."""
    asked = {normal_email(one) for one in addresses}
    MarkedAddress.objects.filter(address__in=asked, cleared_at=None).update(
        cleared_at=utc_now(), cleared_by=actor.name[:200]
    )


def mark_of(address: str) -> MarkedAddress | None:
    """What is known against an address; None where mail to it arrives."""
    return MarkedAddress.objects.filter(address=normal_email(address), cleared_at=None).first()


def marks_of(addresses: Iterable[str]) -> dict[str, MarkedAddress]:
    """The marks of those addresses that have one."""
    asked = [normal_email(one) for one in addresses]
    rows = MarkedAddress.objects.filter(address__in=asked, cleared_at=None)
    return {row.address: row for row in rows}


def with_marks(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The same cases, each with `bouncing`: whether its person's address is marked."""
    marks = MarkedAddress.objects.filter(address=OuterRef("person__email"), cleared_at=None)
    return cases.annotate(bouncing=Exists(marks))
