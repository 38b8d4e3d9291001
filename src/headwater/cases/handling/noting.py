"""For rooms above that do several acts to a case at once: hold it, and write a line about it."""

from typing import Any

from django.db import transaction

from headwater.cases import ledger
from headwater.cases.models import Case
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def hold(case_id: str) -> Case:
    """The case as stored now, or the one that stands for it, held until the transaction ends."""
    return ledger.lock(case_id)


def note(case: Case, kind: str, data: dict[str, Any], *, actor: Actor) -> None:
    """One more line of the case's log."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        ledger.record(case, [(kind, data)], actor=actor, at=ledger.moment_for(case, utc_now()))
