"""Which rules hold now, what they would say of a case, and who could get it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.db.models import Case as When
from django.db.models import Count, F, IntegerField, Q, QuerySet, Sum, Value
from django.db.models import When as Given

from headwater.accounts.models import Agent
from headwater.cases.models import Case, CaseEvent, Queue, RoutingVersion
from headwater.cases.routing import rules
from headwater.cases.routing.rules import Candidate, Facts, QueueRules, RuleSet
from headwater.kit.calendars.frozen import thawed
from headwater.kit.calendars.working_time import WorkingTime
from headwater.kit.jobs.acts import enqueue_many

_WEEK: Final = timedelta(days=7)
_MOMENT: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class QueueSize:
    """A queue and how many of its cases are open, ours to act, late, and without an owner."""

    queue: Queue | None
    all_open: int
    ours: int
    late: int
    free: int


def in_force() -> RuleSet | None:
    """The rules applied last; None before any were."""
    name = RoutingVersion.objects.order_by("-id").values_list("version", flat=True).first()
    return version(name) if name else None


@lru_cache(maxsize=32)
def version(name: str) -> RuleSet:
    """Rules that were in force once, by the name of their content."""
    rows = RoutingVersion.objects.filter(version=name).values_list("content", flat=True)
    return rules.rule_set_from(rows[0])


def ask_for_routing(case_ids: Sequence[str]) -> None:
    """Has these cases routed soon, in the caller's transaction; nothing before rules exist."""
    if case_ids and RoutingVersion.objects.exists():
        enqueue_many("cases.route", [({"case_id": one}, f"route:{one}") for one in case_ids])


def facts_of(case: Case) -> Facts:
    """What the rules may ask of a case, now."""
    return Facts(
        area=case.area or case.likely_area,
        cause=case.cause or case.likely_cause,
        tier=case.account.tier if case.account else "",
        language=case.language,
        channel=case.channel,
        identity=case.identity,
        queue=case.queue_id or "",
        country=case.account.country if case.account else "",
        subject=case.subject,
        incident=_in_incident(case),
        contacts=_contacts(case),
    )


def _contacts(case: Case) -> int:
    about = Q(person=case.person_id)
    if case.account_id and case.identity == Case.Identity.VERIFIED:
        about |= Q(account=case.account_id, identity=Case.Identity.VERIFIED)
    span = (case.opened_at - _WEEK, case.opened_at)
    return Case.objects.filter(about, opened_at__range=span, proactive=False).count()


def _in_incident(case: Case) -> bool:
    """Whether the case was linked to a problem that is a platform incident."""
    linked = CaseEvent.objects.filter(case=case, kind="problem.linked").order_by("-id").first()
    return bool(linked and linked.data.get("incident"))


def placed_by_hand(case: Case) -> tuple[bool, bool, bool]:
    """Whether a person chose the queue, the priority, the owner of a case last."""
    kinds = ("case.queued", "case.prioritised", "case.assigned")
    latest: dict[str, str] = {}
    for kind, actor in (
        CaseEvent.objects.filter(case=case, kind__in=kinds)
        .order_by("id")
        .values_list("kind", "actor_kind")
    ):
        latest[kind] = actor
    return tuple(latest.get(kind) == "agent" for kind in kinds)  # type: ignore[return-value]


def candidates(
    agents: Iterable[Agent], rule_set: RuleSet, now: datetime, *, but: Case | None = None
) -> list[Candidate]:
    """Everybody who could get a case, with what they have of cases that are ours to act."""
    agents = list(agents)
    weights = [Given(priority=name, then=Value(weight)) for name, weight in rules.WEIGHTS.items()]
    rows = Case.objects.filter(assignee__in=agents, state=Case.State.OURS)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    loads = dict(
        rows.values("assignee")
        .annotate(load=Sum(When(*weights, default=Value(1), output_field=IntegerField())))
        .values_list("assignee", "load")
    )
    return [
        Candidate(
            one.pk, one.name, tuple(one.skills), tuple(one.languages), one.capacity,
            loads.get(one.pk, 0), _works(one, rule_set, now), one.last_given_at,
        )
        for one in agents
    ]  # fmt: skip


def _works(agent: Agent, rule_set: RuleSet, now: datetime) -> bool:
    if agent.away_until is not None and agent.away_until > now:
        return False
    if not agent.calendar:
        return True
    if agent.calendar not in rule_set.calendars:
        return False
    return _calendar(rule_set.id, agent.calendar).between(now, now + _MOMENT) > timedelta(0)


@lru_cache(maxsize=64)
def _calendar(rule_set: str, name: str) -> WorkingTime:
    return WorkingTime(thawed(dict(version(rule_set).calendars[name])))


def waiting_for_somebody(rule_set: RuleSet) -> QuerySet[Case]:
    """Cases that are ours and nobody's, in queues that give cases out; what breaks first first."""
    names = [name for name, queue in rule_set.queues.items() if queue.how]
    rows = Case.objects.filter(queue__in=names, state=Case.State.OURS, assignee=None)
    return rows.order_by(F("next_breaks_at").asc(nulls_last=True), "id")


def known_queues() -> list[Queue]:
    """Every queue, also those out of use, in their order."""
    return list(Queue.objects.order_by("position", "id"))


def sizes(cases: QuerySet[Case], now: datetime) -> list[QueueSize]:
    """Every active queue with its counts, then what no queue has; in one query each."""
    ours = Q(state=Case.State.OURS)
    rows = (
        cases.exclude(state__in=Case.PAST)
        .order_by()
        .values_list("queue")
        .annotate(
            n_open=Count("pk"),
            n_ours=Count("pk", filter=ours),
            n_late=Count("pk", filter=Q(next_breaks_at__lt=now)),
            n_free=Count("pk", filter=ours & Q(assignee=None)),
        )
    )
    counted: dict[str | None, Any] = {row[0]: row[1:] for row in rows}
    active: list[Queue | None] = list(
        Queue.objects.filter(is_active=True).order_by("position", "id")
    )
    return [
        QueueSize(each, *counted.get(each.pk if each else None, (0, 0, 0, 0)))
        for each in [*active, None]
    ]


def explain(case: Case, now: datetime) -> dict[str, Any]:
    """Why a case lies where it lies, and what the rules say of it now; for people and JSON."""
    kinds = ("case.queued", "case.prioritised", "case.assigned", "route.waits")
    history = [
        {
            "at": event.at.isoformat(),
            "kind": event.kind,
            "by": event.actor_name,
            "to": event.data.get("to"),
            "reason": event.data.get("reason") or event.data.get("because") or "",
        }
        for event in CaseEvent.objects.filter(case=case, kind__in=kinds).order_by("id")
    ]
    told: dict[str, Any] = {
        "case": case.pk,
        "queue": case.queue_id,
        "priority": case.priority,
        "owner": case.assignee.name if case.assignee else None,
        "history": history,
    }
    rule_set = in_force()
    if rule_set is None:
        return told
    facts = facts_of(case)
    decision = rules.decide(rule_set, facts)
    told |= {
        "version": rule_set.id,
        "facts": {name: getattr(facts, name) for name in Facts.__dataclass_fields__},
        "queue_rule": decision.queue.name if decision.queue else None,
        "priority_rule": decision.priority.name if decision.priority else None,
    }
    queue = rule_set.queues.get(case.queue_id or "")
    if queue is not None and queue.how:
        told["people"] = _people(case, queue, rule_set, now)
    return told


def _people(
    case: Case, queue: QueueRules, rule_set: RuleSet, now: datetime
) -> list[dict[str, Any]]:
    agents = Agent.objects.filter(is_active=True).order_by("name")
    weight = rules.WEIGHTS[case.priority]
    return [
        {"name": one.name, "why_not": rules.why_not(one, queue, case.language, weight)}
        for one in candidates(agents, rule_set, now, but=case)
    ]
