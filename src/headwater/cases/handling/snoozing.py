"""Snoozing until something happens, besides until a time (`acts.snooze_case`)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from headwater.cases import ledger, rules
from headwater.cases.errors import CaseError
from headwater.cases.models import Case, CaseEvent
from headwater.cases.queries import ids_of
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now

NEVER_ESCALATED: Final = "This case was never escalated, so nothing would wake it."


def snooze_for(case: Case, what: str, *, actor: Actor, latest: datetime | None = None) -> Case:
    """Out of sight until `what` (`Case.SnoozedFor`) happens, at the latest until a time.

    Clocks run on, and a message of the user always wakes the case. Raises CaseError for an
    unknown word, a time that has passed, and without a time where there never was an escalation;
    TransitionRefused for a solved case.
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
        endless = what == Case.SnoozedFor.ESCALATION and latest is None
        if endless and not escalated([case]):
            raise CaseError(NEVER_ESCALATED, param="until", hint="Escalate it, or name a time.")
        at = ledger.moment_for(case, utc_now())
        facts: list[ledger.Fact] = []
        ledger.move(case, "snooze", facts, at)
        case.snoozed_for, case.snoozed_until = what, latest
        facts[-1][1].update({"for": what, "until": latest.isoformat() if latest else None})
        ledger.record(case, facts, actor=actor, at=at)
    return case


def escalated(cases: Iterable[Case]) -> set[str]:
    """The ids of those cases that were ever escalated, themselves or one merged into them."""
    whose = {each: case.pk for case in cases for each in ids_of(case)}
    rows = CaseEvent.objects.filter(case__in=list(whose), kind="escalation.opened")
    return {whose[case_id] for case_id in rows.values_list("case_id", flat=True)}


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
