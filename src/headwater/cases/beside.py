"""What a side conversation with a third party does to its case."""

from typing import Any

from django.db import transaction

from headwater.cases import ledger, rules
from headwater.cases.models import Case
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def note_aside(case_id: str, kind: str, data: dict[str, Any], *, actor: Actor) -> Case:
    """One more line of the log about a side conversation; whose turn it is stays."""
    with transaction.atomic():
        case = ledger.lock(case_id)
        ledger.record(case, [(kind, data)], actor=actor, at=ledger.moment_for(case, utc_now()))
    return case


def note_answer(case_id: str, kind: str, data: dict[str, Any], *, actor: Actor) -> Case:
    """News from the third party: wakes the case where it sleeps until there are any.

    A solved case stays solved: what the user was promised is done.
    """
    with transaction.atomic():
        case = ledger.lock(case_id)
        at = ledger.moment_for(case, utc_now())
        facts: list[ledger.Fact] = [(kind, data)]
        if (case.state, case.snoozed_for) == (rules.SNOOZED, Case.SnoozedFor.ASIDE):
            ledger.move(case, "take_back", facts, at)
            facts[-1][1]["because"] = "aside"
        ledger.record(case, facts, actor=actor, at=at)
    return case
