"""Snoozing until something happens, besides until a time (`acts.snooze_case`)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from headwater.cases import ledger, rules
from headwater.cases.errors import CaseError
from headwater.cases.handling.words import NOTHING_WAKES
from headwater.cases.models import Case, CaseEvent
from headwater.cases.queries import ids_of
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now

# What must have happened before somebody can wait for its outcome without a time.
_BEGUN_BY: Final = {
    Case.SnoozedFor.ESCALATION: "escalation.opened",
    Case.SnoozedFor.ASIDE: "aside.sent",
}
_FIRST: Final[dict[str, str]] = {
    Case.SnoozedFor.ESCALATION: "Escalate it",
    Case.SnoozedFor.ASIDE: "Write to somebody in a side conversation",
}


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
        if latest is None and what in NOTHING_WAKES and not awaited([case], what):
            raise CaseError(NOTHING_WAKES[what], param="until", hint=f"{_FIRST[what]}, or a time.")
        at = ledger.moment_for(case, utc_now())
        facts: list[ledger.Fact] = []
        ledger.move(case, "snooze", facts, at)
        case.snoozed_for, case.snoozed_until = what, latest
        facts[-1][1].update({"for": what, "until": latest.isoformat() if latest else None})
        ledger.record(case, facts, actor=actor, at=at)
    return case


def awaited(cases: Iterable[Case], what: str) -> set[str]:
    """The ids of those cases in which `what` was ever begun, in them or one merged into them."""
    whose = {each: case.pk for case in cases for each in ids_of(case)}
    kind = _BEGUN_BY[Case.SnoozedFor(what)]
    rows = CaseEvent.objects.filter(case__in=list(whose), kind=kind)
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
