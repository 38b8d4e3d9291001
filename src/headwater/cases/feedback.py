"""Acts on what a user says of our work after a case was solved."""

from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from headwater.accounts.models import Agent
from headwater.cases import ledger
from headwater.cases.models import Case
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def note_survey(case: Case, kind: str, data: dict[str, Any], *, actor: Actor) -> None:
    """One more line of the log about a survey."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        ledger.record(case, [(kind, data)], actor=actor, at=ledger.moment_for(case, utc_now()))


def bring_back(case: Case, *, actor: Actor) -> Case:
    """The case is ours again and a lead's: of the active leads who has the fewest open cases.

    Without a lead it belongs to nobody, so that it is seen in the queue.
    """
    with transaction.atomic():
        case = ledger.lock(case.pk)
        at, facts = ledger.moment_for(case, utc_now()), list[ledger.Fact]()
        if case.state == Case.State.SOLVED:
            ledger.move(case, "reopen", facts, at)
        lead = _free_lead()
        data = {"from": case.assignee_id, "to": lead.pk if lead else None, "because": "low score"}
        if case.assignee_id != data["to"]:
            case.assignee = lead
            facts.append(("case.assigned", data))
        ledger.record(case, facts, actor=actor, at=at)
    return case


def _free_lead() -> Agent | None:
    open_cases = Count("cases", filter=~Q(cases__state__in=Case.PAST))
    leads = Agent.objects.filter(is_active=True, role="lead").annotate(load=open_cases)
    return leads.order_by("load", "id").first()
