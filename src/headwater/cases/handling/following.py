"""Following a case: an agent hears what others do to it, until they have seen it."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import F, Func, IntegerField, Max, QuerySet, Subquery

from headwater.accounts.models import Agent
from headwater.cases import ledger
from headwater.cases.handling.models import Follower
from headwater.cases.models import Case, CaseEvent
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now

# What a follower hears of. Clocks and deliveries announce themselves elsewhere.
TELLING: Final = (
    "message.received",
    "reply.sent",
    "note.added",
    "note.mentions",
    "state.changed",
    "case.assigned",
    "case.queued",
    "case.prioritised",
    "case.escalated",
    "case.linked",
    "case.merged",
    "case.unmerged",
    "case.absorbed",
    "case.released",
    "case.split",
    "clock.breached",
    "delivery.failed",
    "aside.answered",
    "aside.failed",
    "escalation.opened",
    "escalation.updated",
    "escalation.closed",
)


@dataclass(frozen=True, slots=True)
class News:
    """What happened in a followed case since its follower last looked, oldest first."""

    case: Case
    events: list[CaseEvent]

    @property
    def last_event_id(self) -> int:
        """Up to where these news go, for `mark_seen`."""
        return self.events[-1].pk


def follow_case(case: Case, agent: Agent, *, actor: Actor) -> Case:
    """From now on the agent hears what others do to the case. Repeatable."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        if Follower.objects.filter(case=case, agent=agent).exists():
            return case
        _record(case, "case.followed", agent, actor)
        latest = _latest_event(case)
        Follower.objects.create(
            case=case, agent=agent, since=utc_now(), seen_event_id=latest, mailed_event_id=latest
        )
    return case


def unfollow_case(case: Case, agent: Agent, *, actor: Actor) -> Case:
    """The agent hears no more of it. Repeatable."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        removed, _ = Follower.objects.filter(case=case, agent=agent).delete()
        if removed:
            _record(case, "case.unfollowed", agent, actor)
    return case


def mark_seen(case: Case, agent: Agent, *, up_to: int) -> None:
    """The agent has seen the case's events up to this id; never goes back."""
    rows = Follower.objects.filter(case=case, agent=agent, seen_event_id__lt=up_to)
    rows.update(seen_event_id=up_to)


def follows(case: Case, agent: Agent) -> bool:
    """Whether the agent hears of the case."""
    return Follower.objects.filter(case=case, agent=agent).exists()


def followers_of(case: Case) -> list[Agent]:
    """Who follows the case, by name."""
    rows = Follower.objects.filter(case=case).select_related("agent").order_by("agent__name")
    return [row.agent for row in rows]


def followed_by(agent: Agent) -> list[Case]:
    """The cases that the agent follows, the latest change first."""
    rows = Follower.objects.filter(agent=agent).select_related("case", "case__person")
    return [row.case for row in rows.order_by("-case__last_event_at", "case_id")]


def news_for(agent: Agent, *, most: int = 500) -> list[News]:
    """What others did to the cases that the agent follows, since they last looked.

    The case with the oldest unseen event comes first; of more than `most` events the oldest.
    """
    found: dict[str, News] = {}
    rows = _unseen(agent).select_related("case", "case__person").order_by("pk")
    for event in rows[:most]:
        found.setdefault(event.case_id, News(event.case, [])).events.append(event)
    return list(found.values())


def news_count(agent: Agent) -> Subquery:
    """In how many of the cases that the agent follows something happened that they did not see.

    For use within another query, so that no page needs one more to know.
    """
    cases = Func(
        F("case_id"), template="COUNT(DISTINCT %(expressions)s)", output_field=IntegerField()
    )
    return Subquery(_unseen(agent).order_by().annotate(n=cases).values("n"))


def _unseen(agent: Agent) -> QuerySet[CaseEvent]:
    if not agent.is_active:
        return CaseEvent.objects.none()
    rows = CaseEvent.objects.filter(
        kind__in=TELLING,
        case__followers__agent=agent,
        pk__gt=F("case__followers__seen_event_id"),
    )
    return rows.exclude(actor_id=agent.pk)


def _latest_event(case: Case) -> int:
    rows = CaseEvent.objects.filter(case=case)
    return int(rows.aggregate(latest=Max("id"))["latest"] or 0)


def _record(case: Case, kind: str, agent: Agent, actor: Actor) -> None:
    data = {"agent_id": agent.pk, "name": agent.name}
    ledger.record(case, [(kind, data)], actor=actor, at=ledger.moment_for(case, utc_now()))
