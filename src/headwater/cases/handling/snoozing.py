"""Snoozing until something happens, besides until a time (`acts.snooze_case`)."""

from datetime import datetime

from django.db import transaction

from headwater.cases import ledger, rules
from headwater.cases.errors import CaseError
from headwater.cases.models import Case
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def snooze_for(case: Case, what: str, *, actor: Actor, latest: datetime | None = None) -> Case:
    """Out of sight until `what` (`Case.SnoozedFor`) happens, at the latest until a time.

    Clocks run on, and a message of the user always wakes the case. Raises CaseError for an
    unknown word or a time that has passed, TransitionRefused for a solved case.
    """
    if what not in Case.SnoozedFor.values:
        raise CaseError(
            f"A case cannot be snoozed until {what!r}.",
            param="until",
            hint=f"Choose a time, or one of {', '.join(Case.SnoozedFor.values)}.",
        )
    if latest is not None and latest <= utc_now():
        raise CaseError("That time has passed.", param="latest", hint="Choose a later time.")
    with transaction.atomic():
        case = ledger.lock(case.pk)
        at = ledger.moment_for(case, utc_now())
        facts: list[ledger.Fact] = []
        ledger.move(case, "snooze", facts, at)
        case.snoozed_for, case.snoozed_until = what, latest
        facts[-1][1].update({"for": what, "until": latest.isoformat() if latest else None})
        ledger.record(case, facts, actor=actor, at=at)
    return case


def wake_for_escalation(case_id: str, *, actor: Actor) -> bool:
    """An escalation of the case moved; whether that woke it. Repeatable."""
    with transaction.atomic():
        case = ledger.lock(case_id)
        if (case.state, case.snoozed_for) != (rules.SNOOZED, Case.SnoozedFor.ESCALATION):
            return False
        at = ledger.moment_for(case, utc_now())
        facts: list[ledger.Fact] = []
        ledger.move(case, "take_back", facts, at)
        facts[-1][1]["because"] = "escalation"
        ledger.record(case, facts, actor=actor, at=at)
    return True
