"""Writes of time spent. Beats are no events of the case: they say nothing that happened to it."""

from datetime import datetime
from typing import Final

from django.db import transaction

from headwater.accounts.models import Agent
from headwater.cases import ledger
from headwater.cases.effort import rules
from headwater.cases.effort.models import Stretch, TimeCorrection
from headwater.cases.effort.queries import seconds_of
from headwater.cases.errors import CaseError
from headwater.cases.models import Case
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now

_MOST: Final = 24 * 3600


def note_activity(case: Case, agent: Agent, now: datetime | None = None) -> None:
    """The agent is at work on the case right now."""
    now = now or utc_now()
    with transaction.atomic():
        # Held, so that two tabs of one agent take turns.
        Agent.objects.select_for_update().filter(pk=agent.pk).first()
        latest = Stretch.objects.filter(agent=agent).order_by("-last_at", "-pk")
        anywhere = latest.first()
        here = latest.filter(case=case).first()
        added = rules.counts_since(
            here.last_at if here else None, anywhere.last_at if anywhere else None, now
        )
        if here is None or added is None:
            Stretch.objects.create(case=case, agent=agent, started_at=now, last_at=now)
            return
        here.seconds += added
        here.last_at = max(here.last_at, now)
        here.save(update_fields=["seconds", "last_at"])


def correct_time(
    case: Case, agent: Agent, seconds: int, *, reason: str, actor: Actor
) -> TimeCorrection:
    """Puts seconds on (or takes them off) what was measured for the agent on the case.

    Raises CaseError without a reason, for nothing or more than a day, and where less than nothing
    would be left.
    """
    reason = reason.strip()
    if not reason:
        raise CaseError("Why is it corrected?", param="reason", hint="Write a few words.")
    if not 0 < abs(seconds) <= _MOST:
        raise CaseError("That is no correction.", param="minutes", hint="At most a day at once.")
    with transaction.atomic():
        case = ledger.lock(case.pk)
        if seconds_of(case, agent) + seconds < 0:
            raise CaseError("Less than no time would be left.", param="minutes")
        now = utc_now()
        made = TimeCorrection.objects.create(
            case=case, agent=agent, seconds=seconds, reason=reason, made_at=now
        )
        data = {"agent_id": agent.pk, "name": agent.name, "seconds": seconds, "reason": reason}
        at = ledger.moment_for(case, now)
        ledger.record(case, [("time.corrected", data)], actor=actor, at=at)
    return made
