"""The lead's board: who is on what, what breaks within hours, and what would spread it better."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from headwater.accounts.models import Agent
from headwater.accounts.queries import active_agents
from headwater.cases.models import Case
from headwater.cases.queries import what_breaks_first
from headwater.cases.routing import queries, rules
from headwater.cases.routing.rebalancing import Move, Pressing, plan_moves
from headwater.cases.routing.rules import QueueRules, RuleSet

_NO_RULES: Final = RuleSet("", {}, (), (), {})
# A queue that rules do not give out has no demands of its own on who takes its cases.
_ANY: Final = QueueRules("", "load")


@dataclass(frozen=True, slots=True)
class Person:
    """One agent and what they have: cases ours to act, of them late or breaking soon; the rest."""

    agent: Agent
    works_now: bool
    away_until: datetime | None
    load: int
    ours: int = 0
    late: int = 0
    soon: int = 0
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """Everybody, what nobody has, the cases that break until `until` (at most `MOST`), all counted.

    `moves` is what one press on "spread" would do.
    """

    people: list[Person]
    free: Person | None
    pressing: list[Case]
    n_pressing: int
    moves: list[Move]
    until: datetime


MOST: Final = 100


def board(cases: QuerySet[Case], now: datetime, hours: int) -> Board:
    """The board of these cases; promises that break within `hours` are pressing.

    A fixed number of queries, whatever the number of agents and cases.
    """
    until, rule_set = now + timedelta(hours=hours), queries.in_force() or _NO_RULES
    agents = list(active_agents().order_by("name", "pk"))
    people = {one.id: one for one in queries.candidates(agents, rule_set, now)}
    counts = _counts(cases, now, until)
    rows = [
        Person(
            agent,
            people[agent.pk].works_now,
            agent.away_until if agent.away_until and agent.away_until > now else None,
            people[agent.pk].load,
            *counts.get(agent.pk, ()),
        )
        for agent in agents
    ]
    pressing = what_breaks_first(cases).filter(next_breaks_at__lt=until, state=Case.State.OURS)
    first = list(pressing.order_by("next_breaks_at", "pk")[:MOST])
    free = counts.get(None)
    return Board(
        people=rows,
        free=Person(Agent(name=""), False, None, 0, *free) if free else None,
        pressing=first,
        n_pressing=pressing.count(),
        moves=plan_moves(_pressing(first, rule_set), list(people.values())),
        until=until,
    )


def _counts(
    cases: QuerySet[Case], now: datetime, until: datetime
) -> dict[str | None, tuple[int, ...]]:
    ours = Q(state=Case.State.OURS)
    rows = (
        cases.exclude(state__in=Case.PAST)
        .order_by()
        .values_list("assignee")
        .annotate(
            n_ours=Count("pk", filter=ours),
            n_late=Count("pk", filter=ours & Q(next_breaks_at__lt=now)),
            n_soon=Count("pk", filter=ours & Q(next_breaks_at__gte=now, next_breaks_at__lt=until)),
            n_else=Count("pk", filter=~ours),
        )
    )
    return {row[0]: row[1:] for row in rows}


def _pressing(cases: Sequence[Case], rule_set: RuleSet) -> list[Pressing]:
    return [
        Pressing(
            case.pk,
            case.assignee_id,
            rule_set.queues.get(case.queue_id or "", _ANY),
            case.language,
            rules.WEIGHTS[case.priority],
        )
        for case in cases
    ]


def as_json(found: Board) -> dict[str, Any]:
    """The board for machines."""
    names: dict[str | None, str] = {one.agent.pk: one.agent.name for one in found.people}
    return {
        "until": found.until.isoformat(),
        "people": [
            {
                "agent": one.agent.pk, "name": one.agent.name, "works_now": one.works_now,
                "load": one.load, "capacity": one.agent.capacity, "ours": one.ours,
                "late": one.late, "soon": one.soon, "elsewhere": one.elsewhere,
            }
            for one in found.people
        ],
        "unassigned": {"ours": found.free.ours, "late": found.free.late, "soon": found.free.soon}
        if found.free
        else {"ours": 0, "late": 0, "soon": 0},
        "pressing": [
            {
                "case": case.pk, "subject": case.subject, "owner": names.get(case.assignee_id),
                "breaks_at": case.next_breaks_at.isoformat() if case.next_breaks_at else None,
                "target": case.next_due_target,
            }
            for case in found.pressing
        ],
        "n_pressing": found.n_pressing,
        "moves": [
            {"case": move.case_id, "from": names.get(move.owner), "to": names[move.to],
             "because": move.because}
            for move in found.moves
        ],
    }  # fmt: skip
