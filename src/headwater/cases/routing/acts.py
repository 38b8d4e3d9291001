"""Acts of routing: rules applied, cases placed by them, cases given out."""

from datetime import datetime

from django.db import transaction

from headwater.accounts.models import Agent
from headwater.cases import ledger, placement
from headwater.cases.models import Case, CaseEvent, Queue, RoutingVersion
from headwater.cases.queries import case_for_system, standing_for
from headwater.cases.routing import queries, rules
from headwater.cases.routing.rules import QueueRules, RuleSet
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def apply_rules(rule_set: RuleSet, *, actor: Actor, source: str = "") -> RoutingVersion | None:
    """The rules hold from now on, and their queues exist; None where they hold already.

    A queue that the rules no longer name takes no new cases; those in it stay until they are moved.
    """
    with transaction.atomic():
        now = queries.in_force()
        if now is not None and now.id == rule_set.id:
            return None
        for position, (name, queue) in enumerate(rule_set.queues.items()):
            values = {"name": queue.name, "position": position, "is_active": True}
            Queue.objects.update_or_create(id=name, defaults=values)
        Queue.objects.exclude(id__in=rule_set.queues).update(is_active=False)
        return RoutingVersion.objects.create(
            version=rule_set.id,
            content=rule_set.as_json(),
            applied_at=utc_now(),
            applied_by=actor.name[:200],
            entrance=actor.entrance,
            source=source,
        )


def route_case(case_id: str, *, actor: Actor, now: datetime | None = None) -> Case:
    """Places a case as the rules say, and gives it to somebody where its queue does that.

    What a person chose stays: queue, priority and owner each by itself. Repeatable.
    """
    rule_set, now = queries.in_force(), now or utc_now()
    with transaction.atomic():
        case = ledger.lock(case_id)
        if rule_set is None or case.state in Case.PAST:
            return case
        queue_by_hand, priority_by_hand, owner_by_hand = queries.placed_by_hand(case)
        decision = rules.decide(rule_set, queries.facts_of(case))
        if decision.priority is not None and not priority_by_hand:
            reason = f"{decision.priority.name} (rules {rule_set.id})"
            placement.set_priority(case, decision.priority.then, reason=reason, actor=actor)
        if decision.queue is not None and not queue_by_hand:
            queue = Queue.objects.get(pk=decision.queue.then)
            reason = f"{decision.queue.name} (rules {rule_set.id})"
            placement.move_to_queue(case, queue, reason=reason, actor=actor)
        if not owner_by_hand:
            _give(case.pk, rule_set, actor=actor, now=now)
    return standing_for(case_id)


def _give(case_id: str, rule_set: RuleSet, *, actor: Actor, now: datetime) -> None:
    case = ledger.lock(case_id)
    queue = rule_set.queues.get(case.queue_id or "")
    if queue is None or not queue.how or case.state != Case.State.OURS or case.assignee_id:
        return
    # Held until the end, so that two workers cannot fill one person's last place twice.
    held = Agent.objects.select_for_update().filter(is_active=True, capacity__isnull=False)
    agents = {one.pk: one for one in held.order_by("pk")}
    people = queries.candidates(agents.values(), rule_set, now)
    chosen = rules.choose(people, queue, case.language, rules.WEIGHTS[case.priority])
    at = ledger.moment_for(case, now)
    if chosen is None:
        _note_waiting(case, queue, rule_set, actor=actor, at=at)
        return
    reason = f"{queue.how.replace('_', ' ')} in {queue.name} (rules {rule_set.id})"
    data = {"from": None, "to": chosen.id, "because": reason}
    case.assignee = agents[chosen.id]
    ledger.record(case, [("case.assigned", data)], actor=actor, at=at)
    Agent.objects.filter(pk=chosen.id).update(last_given_at=now)


def _note_waiting(
    case: Case, queue: QueueRules, rule_set: RuleSet, *, actor: Actor, at: datetime
) -> None:
    """Says once that nobody could get it, until something else happens to its owner."""
    kinds = ("route.waits", "case.assigned", "case.queued")
    last = CaseEvent.objects.filter(case=case, kind__in=kinds).order_by("-id").first()
    if last is None or last.kind != "route.waits":
        reason = f"Nobody of {queue.name} can take it now (rules {rule_set.id})"
        ledger.record(case, [("route.waits", {"reason": reason})], actor=actor, at=at)


def give_out(*, actor: Actor, now: datetime | None = None) -> int:
    """Gives waiting cases to whoever can take one by now, what breaks first first."""
    rule_set, now = queries.in_force(), now or utc_now()
    if rule_set is None:
        return 0
    given = 0
    for case_id in queries.waiting_for_somebody(rule_set).values_list("id", flat=True)[:500]:
        with transaction.atomic():
            case = case_for_system(case_id)
            if not queries.placed_by_hand(case)[2]:
                _give(case_id, rule_set, actor=actor, now=now)
                given += case_for_system(case_id).assignee_id is not None
    return given
