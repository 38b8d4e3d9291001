"""Acts on promises: policies applied, warnings given, breaches answered for, clocks put right."""

from datetime import datetime

from django.db import transaction

from headwater.cases import clocks as clock_rules
from headwater.cases import ledger, placement, queries
from headwater.cases.clocks import ClockState
from headwater.cases.models import Case, Clock, PolicyVersion, Queue
from headwater.cases.sla.policies import PolicySet
from headwater.cases.sla.queries import in_force, policy_of
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def apply_policies(policies: PolicySet, *, actor: Actor, source: str = "") -> PolicyVersion | None:
    """The policies hold from now on for promises that begin; None where they hold already.

    Clocks that run keep what was promised, until `aim_case` gives them the new.
    """
    with transaction.atomic():
        now = in_force()
        if now is not None and now.id == policies.id:
            return None
        return PolicyVersion.objects.create(
            version=policies.id,
            content=policies.as_json(),
            applied_at=utc_now(),
            applied_by=actor.name[:200],
            entrance=actor.entrance,
            source=source,
        )


def aim_case(case_id: str, *, because: str, actor: Actor) -> bool:
    """Puts the running clocks of a case under today's policies; whether anything changed."""
    with transaction.atomic():
        case = ledger.lock(case_id)
        facts = ledger.change_of_policy(case, ledger.stored_clocks(case), because=because)
        if facts:
            ledger.record(case, facts, actor=actor, at=ledger.moment_for(case, utc_now()))
        return bool(facts)


def warn_of(clock: Clock, *, actor: Actor, at: datetime) -> None:
    """Notes that a promise will break soon, unless it was kept a moment ago. Repeatable."""
    with transaction.atomic():
        case = ledger.lock(clock.case_id)
        now = {each.key: each for each in ledger.stored_clocks(case)}[clock.target, clock.cycle]
        if now.state != clock_rules.RUNNING or now.warned_at or now.warn_at != clock.warn_at:
            return
        data = {"target": now.target, "cycle": now.cycle, "due_at": now.due_at.isoformat()}
        moment = ledger.moment_for(case, at)
        ledger.record(case, [("clock.warned", data)], actor=actor, at=moment)


def answer_for_breach(case_id: str, target: str, cycle: int, *, actor: Actor) -> None:
    """What the policy wants done with a case whose promise was broken. Repeatable."""
    case = queries.case_for_system(case_id)
    clock = {each.key: each for each in ledger.stored_clocks(case)}.get((target, cycle))
    policy = policy_of(clock.policy) if clock else None
    if clock is None or policy is None or not clock.awaits:
        return
    wanted, reason = policy.on_breach, f"{target.replace('_', ' ')} broken ({policy.name})"
    order = list(Case.Priority.values)
    if wanted.priority and order.index(wanted.priority) > order.index(case.priority):
        placement.set_priority(case, wanted.priority, reason=reason, actor=actor)
    queue = Queue.objects.filter(pk=wanted.queue, is_active=True).first()
    if queue is not None:
        placement.move_to_queue(case, queue, reason=reason, actor=actor)


def differences(case: Case, now: datetime) -> list[tuple[ClockState | None, ClockState | None]]:
    """Pairs of stored and recomputed clocks that are not the same as of `now`."""
    stored = {each.key: clock_rules.settle(each, now) for each in ledger.stored_clocks(case)}
    log = {each.key: each for each in queries.recomputed_clocks(case, now)}
    keys = sorted(stored.keys() | log.keys())
    return [(stored.get(key), log.get(key)) for key in keys if stored.get(key) != log.get(key)]


def restore_clocks(case_id: str) -> int:
    """Writes the clocks as the log has them; returns how many were different."""
    with transaction.atomic():
        case = ledger.lock(case_id)
        now = ledger.moment_for(case, utc_now())
        wrong = differences(case, now)
        if wrong:
            ledger.replace_clocks(case, queries.recomputed_clocks(case, case.last_event_at))
        return len(wrong)
