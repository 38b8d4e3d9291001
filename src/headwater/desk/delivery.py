"""How far a reply has come, in the words of the conversation."""

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from headwater.cases.models import Message
from headwater.kit.clock import utc_now
from headwater.kit.outbox.models import OutgoingMail

State = OutgoingMail.State


@dataclass(frozen=True)
class Delivery:
    """One badge, and what goes with it. `seconds` are left to take it back, None when it is not
    held; `refresh` after which the page asks again, 0 for never."""

    text: str
    tone: str = "mute"
    icon: str = "clock"
    seconds: int | None = None
    refresh: int = 0
    detail: str = ""
    may_undo: bool = False


def delivery_of(message: Message, row: OutgoingMail | None) -> Delivery | None:
    """What to show of a reply's delivery; None for what is not delivered at all."""
    if message.delivery == Message.Delivery.NONE:
        return None
    if message.delivery == Message.Delivery.UNDONE:
        return Delivery(_("Taken back, not sent"), icon="corner-up-left")
    if message.delivery == Message.Delivery.FAILED:
        stuck = row is not None and row.state == State.STUCK
        words = _("Not sent, stuck") if stuck else _("Not delivered")
        return Delivery(words, "bad", "circle-alert")
    if message.delivery == Message.Delivery.SENT:
        return _after_sending(row)
    return _before_sending(row)


def _after_sending(row: OutgoingMail | None) -> Delivery:
    if row is not None and row.report == OutgoingMail.Report.DELIVERED:
        return Delivery(_("Delivered"), "ok", "circle-check")
    if row is not None and row.report == OutgoingMail.Report.DELAYED:
        words = _("Sent, delayed at the reader's server")
        return Delivery(words, "warn", "triangle-alert", detail=row.last_error)
    if row is not None and row.doubtful:
        detail = _("The connection broke while it was sent; it may have arrived twice.")
        return Delivery(_("Sent"), "ok", "check", detail=detail)
    return Delivery(_("Sent"), "ok", "check")


def _before_sending(row: OutgoingMail | None) -> Delivery:
    if row is None:
        return Delivery(_("Being sent"), refresh=3)
    if row.state == State.HELD:
        left = math.ceil((row.due_at - utc_now()).total_seconds())
        if left > 0:
            return Delivery(_("Leaves in"), seconds=left, refresh=left + 1, may_undo=True)
        return Delivery(_("Being sent"), refresh=2)
    if row.state == State.RETRYING:
        words = _("Not sent yet, tried %(n)s times") % {"n": row.attempts}
        return Delivery(
            words, "warn", "refresh-cw", refresh=20, detail=row.last_error, may_undo=True
        )
    return Delivery(_("Being sent"), refresh=2)
