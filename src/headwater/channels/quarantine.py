"""What people do with mail that was set aside: look at it, read it again, leave it out.

Each decision is written down with who made it; the bytes stay, and a discarded mail can be read
again like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import BinaryField, F, Func, QuerySet, Value

from headwater.channels import queries
from headwater.channels.errors import MailRefused, ReplayRefused
from headwater.channels.mime import read_parts
from headwater.channels.models import MailEvent, RawMail
from headwater.channels.words import header_text
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue
from headwater.kit.redaction import masked

_ASIDE = (RawMail.Status.QUARANTINED, RawMail.Status.DISCARDED)
_HEAD_BYTES = 8_000
SHOWN_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Aside:
    """A mail in the list, with what its header says; empty where it cannot be read."""

    mail: RawMail
    sender: str
    subject: str


def listed(status: str, *, start: int, count: int) -> list[Aside]:
    """Mails that were set aside or discarded, the latest first, without their bytes."""
    rows = _in(status).order_by("-received_at", "-id").annotate(head=_head())
    return [Aside(row, *_from_and_subject(bytes(row.head))) for row in rows[start : start + count]]


def count(status: str) -> int:
    """How many mails stand in this list."""
    return _in(status).count()


def source_text(mail: RawMail) -> str:
    """The start of the source, for people to read: secrets masked, control characters shown."""
    text = bytes(mail.raw[:SHOWN_BYTES]).decode("utf-8", "replace").replace("\r\n", "\n")
    return "".join(one if one.isprintable() or one in "\n\t" else "\ufffd" for one in masked(text))


def replay_mails(mail_ids: Sequence[str], *, actor: Actor) -> int:
    """Has mails read once more; returns how many. Raises MailNotFound, ReplayRefused for any."""
    with transaction.atomic():
        for mail_id in mail_ids:
            mail = _decide(mail_id, "replayed", RawMail.Status.STORED, actor=actor)
            enqueue("channels.ingest_mail", {"mail_id": mail.id})
    return len(mail_ids)


def discard_mails(mail_ids: Sequence[str], *, actor: Actor, why: str = "") -> int:
    """Leaves mails out for good, unless somebody has them read again; returns how many.

    Raises MailNotFound, ReplayRefused for any.
    """
    with transaction.atomic():
        for mail_id in mail_ids:
            _decide(mail_id, "discarded", RawMail.Status.DISCARDED, actor=actor, why=why)
    return len(mail_ids)


def hand_out_source(mail_id: str, *, actor: Actor) -> bytes:
    """The bytes as they came, secrets and all; that somebody took them is written down.

    Raises MailNotFound, ReplayRefused where it was not set aside.
    """
    with transaction.atomic():
        mail = _locked(mail_id)
        _record(mail, "source_taken", actor, {})
    return bytes(RawMail.objects.values_list("raw", flat=True).get(pk=mail_id))


def _decide(
    mail_id: str, kind: str, status: RawMail.Status, *, actor: Actor, why: str = ""
) -> RawMail:
    mail = _locked(mail_id)
    if mail.status == status:
        raise ReplayRefused(f"The mail {mail_id} was discarded already.", param="mail")
    _record(mail, kind, actor, {"reason": mail.reason, "why": why.strip()[:1_000]})
    mail.status = status
    mail.save(update_fields=["status"])
    return mail


def _locked(mail_id: str) -> RawMail:
    mail = RawMail.objects.select_for_update().defer("raw").filter(pk=mail_id).first()
    if mail is None:
        return queries.mail(mail_id)  # which says that there is none
    if mail.status not in _ASIDE:
        raise ReplayRefused(
            f"The mail {mail_id} was not set aside; it is {mail.get_status_display().lower()}.",
            param="mail",
        )
    return mail


def _record(mail: RawMail, kind: str, actor: Actor, data: dict[str, str]) -> None:
    MailEvent.objects.create(
        mail=mail,
        at=utc_now(),
        kind=kind,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name[:200],
        entrance=actor.entrance,
        data=data,
    )


def _in(status: str) -> QuerySet[RawMail]:
    wanted = status if status in _ASIDE else RawMail.Status.QUARANTINED
    return RawMail.objects.defer("raw").filter(status=wanted)


def _head() -> Func:
    return Func(
        F("raw"), Value(1), Value(_HEAD_BYTES), function="substr", output_field=BinaryField()
    )


def _from_and_subject(head: bytes) -> tuple[str, str]:
    try:
        part = read_parts(head)
    except (MailRefused, RecursionError):
        return "", ""
    return tuple(masked(header_text(part.first(name)))[:300] for name in ("from", "subject"))  # type: ignore[return-value]
