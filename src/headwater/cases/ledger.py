"""Writing to a case: lock it, append what happened, keep clocks and columns true to the log.

Only `acts.py` of this room calls this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from headwater.cases import clocks as clock_rules
from headwater.cases import rules
from headwater.cases.clocks import ClockState, Happening
from headwater.cases.errors import CaseNotFound
from headwater.cases.models import Case, CaseEvent, Clock
from headwater.kit.actors import Actor

_CLOCK_FIELDS = (
    "target",
    "cycle",
    "target_seconds",
    "started_at",
    "due_at",
    "paused_at",
    "paused_seconds",
    "met_at",
    "breached_at",
    "state",
)
Fact = tuple[str, dict[str, Any]]


def lock(case_id: str) -> Case:
    """The case as stored now, held until the transaction ends. Raises CaseNotFound."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound(case_id)
    return case


def targets_in_force() -> dict[str, int]:
    """The promises of today, in seconds; written into the log when a clock starts."""
    return {
        clock_rules.FIRST_REPLY: settings.HEADWATER_FIRST_REPLY_SECONDS,
        clock_rules.RESOLUTION: settings.HEADWATER_RESOLUTION_SECONDS,
    }


@dataclass(slots=True)
class Log:
    """Lines and clocks of new cases, to be stored together."""

    events: list[CaseEvent] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)

    def store(self) -> None:
        """Writes them; the cases must be stored by then."""
        CaseEvent.objects.bulk_create(self.events)
        Clock.objects.bulk_create(self.clocks)


def begin(case: Case, facts: Sequence[Fact], log: Log, *, actor: Actor, at: datetime) -> None:
    """As `record`, for a case that is not stored yet; what is to be stored goes into `log`."""
    after = _advanced([], facts, at)
    for kind, data in [*facts, *_announcements([], after)]:
        log.events.append(_line(case, kind, data, actor=actor, at=at))
    log.clocks += [Clock(case=case, **_values(clock)) for clock in after]
    _show_next_due(case, after, at)


def record(case: Case, facts: Sequence[Fact], *, actor: Actor, at: datetime) -> None:
    """Appends `facts`, moves the clocks, announces what the clocks did, and saves the case.

    `at` must come from `moment_for`, so that the log of a case never goes back in time.
    """
    before = stored_clocks(case)
    after = _advanced(before, facts, at)
    lines = [*facts, *_announcements(before, after)]
    CaseEvent.objects.bulk_create(
        [_line(case, kind, data, actor=actor, at=at) for kind, data in lines]
    )
    _keep_clocks(case, before, after)
    _show_next_due(case, after, at)
    case.save()


def _advanced(
    before: Sequence[ClockState], facts: Sequence[Fact], at: datetime
) -> list[ClockState]:
    after = list(before)
    for kind, data in facts:
        after = clock_rules.advance(after, Happening(kind, at, data))
    return [clock_rules.settle(clock, at) for clock in after]


def _show_next_due(case: Case, clocks: Sequence[ClockState], at: datetime) -> None:
    due = clock_rules.next_due(clocks)
    case.next_due_at = due.due_at if due else None
    case.next_due_target = due.target if due else ""
    case.last_event_at = at


def moment_for(case: Case, at: datetime) -> datetime:
    """`at`, or the time of the case's latest event where that is later."""
    return max(at, case.last_event_at)


def append(case: Case, kind: str, data: dict[str, Any], *, actor: Actor, at: datetime) -> None:
    """One more line of the log, without any effect on the case."""
    _line(case, kind, data, actor=actor, at=at).save(force_insert=True)


def _line(case: Case, kind: str, data: dict[str, Any], *, actor: Actor, at: datetime) -> CaseEvent:
    return CaseEvent(
        case=case,
        at=at,
        kind=kind,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name[:200],
        entrance=actor.entrance,
        data=data,
    )


def move(case: Case, happening: str, facts: list[Fact], at: datetime) -> None:
    """Sets the next state and adds the fact; staying in a state is a fact only for a snooze."""
    before = case.state
    after = rules.next_state(before, happening)
    if before == after and happening != "snooze":
        return
    case.state = after
    case.state_since = at
    case.snoozed_until = None
    case.solved_at = at if after == rules.SOLVED else None
    data: dict[str, Any] = {"from": before, "to": after, "by": happening}
    if before == rules.SOLVED or happening == "user_message":
        data["targets"] = targets_in_force()
    facts.append(("state.changed", data))


def stored_clocks(case: Case) -> list[ClockState]:
    """The clocks of a case as values."""
    rows = Clock.objects.filter(case=case).order_by("pk").values_list(*_CLOCK_FIELDS)
    return [ClockState(*row) for row in rows]


def _keep_clocks(case: Case, before: list[ClockState], after: list[ClockState]) -> None:
    known = {clock.key: clock for clock in before}
    for clock in after:
        values = _values(clock)
        if clock.key not in known:
            Clock.objects.create(case=case, **values)
        elif clock != known[clock.key]:
            Clock.objects.filter(case=case, target=clock.target, cycle=clock.cycle).update(**values)


def _values(clock: ClockState) -> dict[str, Any]:
    return {name: getattr(clock, name) for name in _CLOCK_FIELDS}


def _announcements(before: list[ClockState], after: list[ClockState]) -> list[Fact]:
    known = {clock.key: clock for clock in before}
    facts: list[Fact] = []
    for clock in after:
        old = known.get(clock.key)
        about = {"target": clock.target, "cycle": clock.cycle, "due_at": clock.due_at.isoformat()}
        if old is None:
            facts.append(("clock.started", about | {"seconds": clock.target_seconds}))
        if clock.state == clock_rules.BREACHED and (old is None or old.state != clock.state):
            facts.append(("clock.breached", about))
        if clock.met_at is not None and (old is None or old.met_at is None):
            facts.append(("clock.met", about | {"late": clock.state == clock_rules.BREACHED}))
    return facts
