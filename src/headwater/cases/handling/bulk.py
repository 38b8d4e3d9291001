"""The same changes to many cases: chosen, shown beforehand, done in pieces, undone.

A piece is one job and one transaction: it takes the next cases that wait, in the order of their
ids, and writes with each what was done. A worker that is killed leaves the whole piece undone.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, QuerySet

from headwater.accounts.models import Agent
from headwater.accounts.queries import active_agents
from headwater.cases import acts, ledger, placement
from headwater.cases.errors import CaseError
from headwater.cases.handling import restoring, snoozing, tags
from headwater.cases.handling.changes import CHANGED, REFUSED, Changes, Known, Plan, checked, plan
from headwater.cases.handling.fields import missing_of_cases
from headwater.cases.handling.models import BulkAct, BulkItem
from headwater.cases.handling.words import NOTHING_WAKES
from headwater.cases.models import Case, Queue
from headwater.cases.queries import visible_cases
from headwater.kit.actors import Actor, Entrance
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError
from headwater.kit.jobs.acts import enqueue

MOST: Final = 5_000
# A piece holds the one write lock of SQLite: about a third of a second on a busy machine.
PIECE: Final = 10
_RUN: Final = "cases.bulk_piece"
_UNDO: Final = "cases.bulk_undo_piece"
# Whatever kills workers, the cases behind this piece shall not wait for a person.
_ATTEMPTS: Final = 50


def preview(agent: Agent, case_ids: Sequence[str], changes: Changes) -> list[Plan]:
    """What would happen to each case, in the order given; nothing is changed.

    Cases that the agent may not see are left out. Raises CaseError for changes that make no
    sense, and for more than MOST cases.
    """
    changes = _possible(changes)
    found = {case.pk: case for case in _chosen(agent, case_ids)}
    cases = [found[each] for each in dict.fromkeys(case_ids) if each in found]
    known = _known(cases, changes)
    return [plan(case, changes, known) for case in cases]


def start_bulk(
    agent: Agent,
    case_ids: Sequence[str],
    changes: Changes,
    *,
    entrance: Entrance,
    chosen_by: str = "",
) -> BulkAct:
    """Has the changes made to these cases, in jobs. Raises CaseError as `preview`, or for none."""
    changes = _possible(changes)
    with transaction.atomic():
        cases = list(_chosen(agent, case_ids).values_list("pk", flat=True))
        if not cases:
            raise CaseError("No case was chosen.", param="cases", hint="Choose at least one.")
        bulk = BulkAct.objects.create(
            changes=changes.as_json(),
            chosen_by=chosen_by[:300],
            agent=agent,
            entrance=entrance,
            asked_at=utc_now(),
        )
        BulkItem.objects.bulk_create([BulkItem(bulk=bulk, case_id=each) for each in cases])
        enqueue(_RUN, {"bulk_id": bulk.pk}, max_attempts=_ATTEMPTS)
    return bulk


def run_piece(bulk_id: str) -> None:
    """Does the next cases that wait and asks for the piece after them. Call within a job."""
    with transaction.atomic():
        bulk = _held(bulk_id)
        if bulk.state != BulkAct.State.RUNNING:
            return
        changes = Changes.read(bulk.changes)
        actor = bulk.agent.actor(_entrance(bulk.entrance))
        for item in _next_items(bulk, BulkItem.State.WAITING):
            _change(item, changes, actor, may=bulk.agent.is_active)
        if bulk.items.filter(state=BulkItem.State.WAITING).exists():
            enqueue(_RUN, {"bulk_id": bulk.pk}, max_attempts=_ATTEMPTS)
        else:
            bulk.state = BulkAct.State.DONE
            bulk.save(update_fields=["state"])


def undo_bulk(bulk_id: str, *, agent: Agent, entrance: Entrance) -> BulkAct:
    """Has restored, in jobs, what is still as the bulk act left it; the rest is left alone.

    One that still runs stops. Raises CaseError where it is undone already.
    """
    with transaction.atomic():
        bulk = _held(bulk_id)
        if bulk.state not in (BulkAct.State.RUNNING, BulkAct.State.DONE):
            raise CaseError(
                f"This bulk act is {bulk.get_state_display().lower()} already.", param="bulk"
            )
        waiting = bulk.items.filter(state=BulkItem.State.WAITING)
        waiting.update(state=BulkItem.State.LEFT, reason="It was undone before its turn.")
        bulk.state = BulkAct.State.UNDOING
        bulk.undone_by, bulk.undone_entrance, bulk.undone_at = agent, entrance, utc_now()
        bulk.save()
        enqueue(_UNDO, {"bulk_id": bulk.pk}, max_attempts=_ATTEMPTS)
    return bulk


def undo_piece(bulk_id: str) -> None:
    """Restores the next cases and asks for the piece after them. Call within a job."""
    with transaction.atomic():
        bulk = _held(bulk_id)
        if bulk.state != BulkAct.State.UNDOING or bulk.undone_by is None:
            return
        actor = bulk.undone_by.actor(_entrance(bulk.undone_entrance))
        for item in _next_items(bulk, BulkItem.State.CHANGED):
            _restore(item, actor)
        if bulk.items.filter(state=BulkItem.State.CHANGED).exists():
            enqueue(_UNDO, {"bulk_id": bulk.pk}, max_attempts=_ATTEMPTS)
        else:
            bulk.state = BulkAct.State.UNDONE
            bulk.save(update_fields=["state"])


def go_on(bulk_id: str) -> None:
    """Asks again for what is left to do, where the job was given up. Repeatable."""
    bulk = bulk_by_id(bulk_id)
    name = {BulkAct.State.RUNNING: _RUN, BulkAct.State.UNDOING: _UNDO}.get(
        BulkAct.State(bulk.state)
    )
    if name is not None:
        enqueue(name, {"bulk_id": bulk.pk}, max_attempts=_ATTEMPTS, dedupe=f"{name}:{bulk.pk}")


def _change(item: BulkItem, changes: Changes, actor: Actor, *, may: bool) -> None:
    with transaction.atomic():
        case = ledger.lock_itself(item.case_id)
        planned = plan(case, changes, _known([case], changes))
        item.state, item.reason = planned.state, planned.reason
        if not may:
            item.state, item.reason = REFUSED, f"{actor.name} is no longer active."
        if item.state == CHANGED:
            before = restoring.snapshot(case)
            try:
                with transaction.atomic():
                    _perform(case, changes, planned, actor)
                    item.before, item.after = restoring.difference(
                        before, restoring.snapshot(ledger.lock_itself(case.pk))
                    )
            except HeadwaterError as refusal:
                item.state, item.reason = REFUSED, refusal.message
        item.save()


def _perform(case: Case, changes: Changes, planned: Plan, actor: Actor) -> None:
    """Does to the case what its plan says."""
    steps = {step.what for step in planned.steps}
    reason = changes.reason or "together with other cases"
    if "queue" in steps:
        queue = Queue.objects.get(pk=changes.queue) if changes.queue else None
        placement.move_to_queue(case, queue, reason=reason, actor=actor)
    if "priority" in steps:
        placement.set_priority(case, changes.priority or "", reason=reason, actor=actor)
    if "tags" in steps:
        tags.add_tags(case, changes.add_tags, actor=actor)
        tags.remove_tags(case, changes.remove_tags, actor=actor)
    if "assignee" in steps:
        agent = Agent.objects.get(pk=changes.assignee) if changes.assignee else None
        acts.assign_case(case, agent, actor=actor)
    if "state" in steps:
        _move(case, changes, actor)


def _move(case: Case, changes: Changes, actor: Actor) -> None:
    until = changes.until()
    if changes.solve is not None:
        acts.solve_case(case, cause=changes.solve, area=changes.area, actor=actor)
    elif until is not None:
        acts.snooze_case(case, until, actor=actor)
    else:
        snoozing.snooze_for(case, changes.snooze or "", actor=actor)


def _restore(item: BulkItem, actor: Actor) -> None:
    with transaction.atomic():
        left = restoring.restore(item.case_id, item.before, item.after, actor=actor)
        item.state = BulkItem.State.LEFT if left else BulkItem.State.RESTORED
        item.reason = " ".join(left)
        item.save()


def _possible(changes: Changes) -> Changes:
    """The changes as they can be carried out by anybody. Raises CaseError."""
    changes = checked(changes)
    if changes.assignee and not active_agents().filter(pk=changes.assignee).exists():
        raise CaseError("That agent is not active.", param="assignee", hint="Choose another.")
    if changes.queue and not Queue.objects.filter(pk=changes.queue, is_active=True).exists():
        raise CaseError(f"There is no queue {changes.queue!r} in use.", param="queue")
    tags.check_known(changes.add_tags)
    return changes


def _chosen(agent: Agent, case_ids: Sequence[str]) -> QuerySet[Case]:
    if len(set(case_ids)) > MOST:
        raise CaseError(
            f"{len(set(case_ids))} cases are more than {MOST}.",
            param="cases",
            hint="Narrow the choice.",
        )
    return visible_cases(agent).filter(pk__in=list(case_ids)).order_by("pk")


def _known(cases: Sequence[Case], changes: Changes) -> Known:
    """What the plans for these cases need, asked for only where a change needs it."""
    tagged = changes.add_tags or changes.remove_tags
    ids = [case.pk for case in cases]
    return Known(
        now=utc_now(),
        agents={} if changes.assignee is None else dict(Agent.objects.values_list("pk", "name")),
        queues={} if changes.queue is None else dict(Queue.objects.values_list("pk", "name")),
        awaited=frozenset(snoozing.awaited(cases, changes.snooze))
        if changes.snooze in NOTHING_WAKES
        else frozenset(),
        tags=tags.tags_of_cases(ids) if tagged else {},
        missing={} if changes.solve is None else missing_of_cases(cases, queue=changes.queue),
    )


def _held(bulk_id: str) -> BulkAct:
    """The bulk act, alone among workers until the transaction ends. Raises CaseError."""
    bulk_by_id(bulk_id)
    return BulkAct.objects.select_for_update().get(pk=bulk_id)


def _next_items(bulk: BulkAct, state: BulkItem.State) -> list[BulkItem]:
    # In the order of the cases' ids, so that two bulk acts cannot wait for each other.
    return list(bulk.items.filter(state=state).order_by("case_id")[:PIECE])


def _entrance(text: str) -> Entrance:
    return "cli" if text == "cli" else "desk"


def bulk_by_id(bulk_id: str) -> BulkAct:
    """The bulk act with who asked for it. Raises CaseError."""
    found = BulkAct.objects.select_related("agent", "undone_by").filter(pk=bulk_id).first()
    if found is None:
        raise CaseError(f"There is no bulk act {bulk_id}.", param="bulk", hint="Check the id.")
    return found


def latest_bulks(most: int = 50) -> list[BulkAct]:
    """The latest bulk acts, newest first."""
    rows = BulkAct.objects.select_related("agent", "undone_by").order_by("-asked_at", "-pk")
    return list(rows[:most])


def counts_of(bulk: BulkAct) -> dict[str, int]:
    """How many cases of it are in which state."""
    rows = bulk.items.values_list("state").annotate(n=Count("pk")).order_by("state")
    return dict(rows)


def items_of(bulk: BulkAct, states: Iterable[str] = ()) -> QuerySet[BulkItem]:
    """Its cases with what was done to each, in the order in which they are done."""
    rows = bulk.items.select_related("case").order_by("case_id")
    return rows.filter(state__in=list(states)) if states else rows


def described(changes: Changes) -> list[tuple[str, Any]]:
    """What is to be changed, as pairs of name and value, for people."""
    return [(name.replace("_", " "), value) for name, value in changes.as_json().items()]
