"""A case as an act found and left it, and the way back where nothing else has touched it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from headwater.accounts.models import Agent
from headwater.cases import acts, ledger, placement, rules
from headwater.cases.handling import tags
from headwater.cases.models import Case, Queue
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError

Snapshot = dict[str, Any]
_TURN: Final = (
    "state",
    "state_since",
    "snoozed_until",
    "snoozed_for",
    "cause",
    "cause_mode",
    "area",
)
_NAMES: Final = {
    "assignee": "the assignee",
    "queue": "the queue",
    "priority": "the priority",
    "tags": "the tags",
    "turn": "the state",
}


def snapshot(case: Case) -> Snapshot:
    """What acts on many cases can change, as JSON values."""
    return {
        "assignee": case.assignee_id,
        "queue": case.queue_id,
        "priority": [case.priority, case.priority_reason],
        "tags": tags.tags_of(case),
        "turn": {name: _plain(getattr(case, name)) for name in _TURN},
    }


def difference(before: Snapshot, after: Snapshot) -> tuple[Snapshot, Snapshot]:
    """What is not the same, as it was and as it is."""
    names = [name for name in before if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def restore(case_id: str, before: Snapshot, after: Snapshot, *, actor: Actor) -> list[str]:
    """Puts back what is still as `after` says; returns a sentence for each thing left alone."""
    left: list[str] = []
    with transaction.atomic():
        case = ledger.lock_itself(case_id)
        if case.merged_into_id is not None:
            return [f"It was merged into {case.merged_into_id}, which nothing was done to."]
        now = snapshot(case)
        for name in (each for each in _NAMES if each in before):
            try:
                with transaction.atomic():
                    if name == "tags":
                        left += _restore_tags(case, before[name], after[name], now[name], actor)
                    elif now[name] != after[name]:
                        left.append(f"Somebody changed {_NAMES[name]} since.")
                    else:
                        _restore_one(case, name, before[name], actor)
            except HeadwaterError as refusal:
                left.append(refusal.message)
    return left


def _restore_tags(
    case: Case, before: list[str], after: list[str], now: list[str], actor: Actor
) -> list[str]:
    added, removed = set(after) - set(before), set(before) - set(after)
    tags.remove_tags(case, sorted(added & set(now)), actor=actor)
    tags.add_tags(case, sorted(removed - set(now)), actor=actor)
    changed = sorted((added - set(now)) | (removed & set(now)))
    return [f"Somebody changed the tag {tag} since." for tag in changed]


def _restore_one(case: Case, name: str, value: Any, actor: Actor) -> None:
    if name == "assignee":
        agent = Agent.objects.get(pk=value) if value else None
        acts.assign_case(case, agent, actor=actor)
    elif name == "queue":
        queue = Queue.objects.get(pk=value) if value else None
        placement.move_to_queue(case, queue, reason="undone", actor=actor)
    elif name == "priority":
        placement.set_priority(case, value[0], reason=value[1], actor=actor)
    else:
        _restore_turn(case, value, actor)


def _restore_turn(case: Case, was: Mapping[str, Any], actor: Actor) -> None:
    """The state as it was. A solved case is reopened for that, with promises that begin anew."""
    case = ledger.lock_itself(case.pk)
    at = ledger.moment_for(case, utc_now())
    facts: list[ledger.Fact] = []
    for happening in _way_back(case.state, was["state"]):
        ledger.move(case, happening, facts, at)
    until = was["snoozed_until"]
    case.snoozed_until = datetime.fromisoformat(until) if until else None
    case.snoozed_for = was["snoozed_for"]
    if was["state"] == rules.SNOOZED:
        facts[-1][1].update({"until": until, "for": was["snoozed_for"]})
    case.cause, case.cause_mode, case.area = was["cause"], was["cause_mode"], was["area"]
    ledger.record(case, facts, actor=actor, at=at)


def _way_back(state: str, wanted: str) -> list[str]:
    """What has to happen for a case to be in the state that it was in before an act moved it."""
    way = _OUT_OF.get(state, [])
    if wanted == rules.OURS:
        return way or ["take_back"]
    return [*way, _INTO[wanted]]


# Our turn lies between any two others; a snoozed case goes straight on.
_OUT_OF: Final = {
    rules.SOLVED: ["reopen"],
    rules.WAITING_USER: ["take_back"],
    rules.WAITING_ENGINEERING: ["take_back"],
}
_INTO: Final = {
    rules.WAITING_USER: "wait_again",
    rules.WAITING_ENGINEERING: "wait_on_engineering",
    rules.SNOOZED: "snooze",
}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
