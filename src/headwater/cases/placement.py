"""Acts on where a case lies and how much it presses; what was promised follows from both."""

from typing import Any

from django.db import transaction

from headwater.cases import ledger, rules
from headwater.cases.errors import CaseError
from headwater.cases.models import Case, Queue
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def move_to_queue(case: Case, queue: Queue | None, *, reason: str, actor: Actor) -> Case:
    """Lays the case into another queue (None: into none) and says why. Repeatable.

    Raises CaseError for a queue that is no longer used.
    """
    if queue is not None and not queue.is_active:
        raise CaseError(
            f"The queue {queue.name} is no longer used.", param="queue", hint="Choose another."
        )
    with transaction.atomic():
        case = ledger.lock(case.pk)
        chosen = queue.pk if queue else None
        if case.queue_id == chosen:
            return case
        data = {"from": case.queue_id, "to": chosen, "reason": rules.one_line(reason, 300)}
        case.queue = queue
        _record(case, "case.queued", data, actor)
    return case


def set_priority(case: Case, priority: str, *, reason: str, actor: Actor) -> Case:
    """How much the case presses, and why. Repeatable. Raises CaseError for an unknown word."""
    if priority not in Case.Priority.values:
        raise CaseError(
            f"{priority!r} is no priority.",
            param="priority",
            hint=f"Choose one of {', '.join(Case.Priority.values)}.",
        )
    with transaction.atomic():
        case = ledger.lock(case.pk)
        if case.priority == priority:
            return case
        data = {"from": case.priority, "to": priority, "reason": rules.one_line(reason, 300)}
        case.priority = priority
        case.priority_reason = data["reason"]
        _record(case, "case.prioritised", data, actor)
    return case


def _record(case: Case, kind: str, data: dict[str, Any], actor: Actor) -> None:
    ledger.record(case, [(kind, data)], actor=actor, at=ledger.moment_for(case, utc_now()))
