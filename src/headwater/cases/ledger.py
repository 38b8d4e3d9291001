"""Writing to a case: lock it, append what happened, keep clocks and columns true to the log.

Only `acts.py` of this room calls this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from headwater.cases import clocks as clock_rules
from headwater.cases import promises, rules
from headwater.cases.automation import queries as automation
from headwater.cases.clocks import ClockState
from headwater.cases.errors import CaseNotFound
from headwater.cases.models import Case, CaseEvent, Clock
from headwater.cases.promises import Happening
from headwater.cases.sla import queries as sla
from headwater.kit.actors import Actor
from headwater.kit.jobs.acts import enqueue

_CLOCK_FIELDS = tuple(each.name for each in fields(ClockState))
# What may put a case under another policy.
_DECIDES_POLICY = {"case.queued", "case.prioritised", "diagnosis.ready", "identity.matched"}
Fact = tuple[str, dict[str, Any]]


def lock(case_id: str) -> Case:
    """The case as stored now, held until the transaction ends. Raises CaseNotFound.

    For a merged case it is the one that stands for it, so that every act on it lands there.
    """
    standing = Case.objects.select_for_update().filter(merged_into__isnull=True)
    while (case := standing.filter(pk=case_id).first()) is None:
        # Read without holding it: who merges holds two cases, in the order of their ids.
        into = Case.objects.filter(pk=case_id).values_list("merged_into_id", flat=True).first()
        if into is None and not Case.objects.filter(pk=case_id).exists():
            raise CaseNotFound(case_id)
        case_id = into or case_id
    return case


def lock_itself(case_id: str) -> Case:
    """As `lock`, but a merged case itself."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound(case_id)
    return case


@dataclass(slots=True)
class Log:
    """Lines and clocks of new cases, to be stored together."""

    events: list[CaseEvent] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)

    def store(self) -> None:
        """Writes them; the cases must be stored by then."""
        automation.tell(CaseEvent.objects.bulk_create(self.events))
        Clock.objects.bulk_create(self.clocks)


def begin(case: Case, facts: Sequence[Fact], log: Log, *, actor: Actor, at: datetime) -> None:
    """As `record`, for a case that is not stored yet; what is to be stored goes into `log`."""
    after = _advanced([], facts, at)
    for kind, data in [*facts, *_announcements([], after, facts)]:
        log.events.append(_line(case, kind, data, actor=actor, at=at))
    log.clocks += [Clock(case=case, **_values(clock)) for clock in after]
    _show_next_due(case, after, at)


def record(case: Case, facts: Sequence[Fact], *, actor: Actor, at: datetime) -> None:
    """Appends `facts`, moves the clocks, announces what the clocks did, and saves the case.

    `at` must come from `moment_for`, so that the log of a case never goes back in time.
    """
    before = stored_clocks(case)
    promised = _with_promises(case, facts, before)
    after = _advanced(before, promised, at)
    lines = [*promised, *_announcements(before, after, promised)]
    events = CaseEvent.objects.bulk_create(
        [_line(case, kind, data, actor=actor, at=at) for kind, data in lines]
    )
    _keep_clocks(case, before, after)
    _show_next_due(case, after, at)
    case.save()
    _answer_for(case, lines)
    automation.tell(events)


def _with_promises(case: Case, facts: Sequence[Fact], clocks: list[ClockState]) -> list[Fact]:
    """The facts with what is promised from now on, where they may start or move a clock."""
    told: list[Fact] = []
    for kind, data in facts:
        begins = kind == "message.received" and not data.get("auto")
        if begins and promises.begins_a_turn(clocks):
            data = _promise(case, data, clock_rules.NEXT_REPLY)
        elif kind == "reply.sent" and clocks and case.state != rules.SOLVED:
            data = _promise(case, data, clock_rules.UPDATE)
        told.append((kind, data))
    if any(kind in _DECIDES_POLICY for kind, _ in facts):
        told += change_of_policy(case, clocks, because=facts[0][0])
    return told


def _promise(case: Case, data: dict[str, Any], target: str) -> dict[str, Any]:
    """The data with the promise of `target`, if the policies in force know one."""
    known = sla.promised_to(case, sla.in_force())
    return {**data, **known} if target in known["targets"] else data


def change_of_policy(case: Case, clocks: Sequence[ClockState], *, because: str) -> list[Fact]:
    """That the case is under other promises now; nothing where it is not.

    A case that nothing was ever promised to stays so, and a solved one is past it.
    """
    running = [clock for clock in clocks if clock.awaits and clock.target in clock_rules.PROMISED]
    if not running or case.state == rules.SOLVED:
        return []
    known = sla.promised_to(case, sla.in_force())
    if {clock.policy for clock in running} == {known["policy"]}:
        return []
    old = max(running, key=lambda clock: clock.started_at).policy
    data = {**known, "from": old, "because": because, "state": case.state}
    return [("sla.changed", data)]


def carried_clocks(case: Case, *, origin: str = "") -> list[dict[str, Any]]:
    """The promises of a case for the events of a merge.

    Those that somebody waits for; with the id of a merged case as `origin`, those that came
    from it, whatever became of them.
    """
    clocks = stored_clocks(case)
    if origin:
        chosen = [clock for clock in clocks if clock.origin.startswith(f"{origin}/")]
    else:
        chosen = [
            clock for clock in clocks if clock.awaits and clock.target in clock_rules.PROMISED
        ]
    return [clock_rules.as_json(clock) for clock in chosen]


def _advanced(
    before: Sequence[ClockState], facts: Sequence[Fact], at: datetime
) -> list[ClockState]:
    after = list(before)
    for kind, data in facts:
        after = promises.advance(after, Happening(kind, at, data), sla.counting)
    return [clock_rules.settle(clock, at) for clock in after]


def _answer_for(case: Case, lines: Sequence[Fact]) -> None:
    """Has somebody see to promises that were broken just now."""
    for kind, data in lines:
        if kind == "clock.breached":
            about = {"case_id": case.pk, "target": data["target"], "cycle": data["cycle"]}
            enqueue("cases.answer_for_breach", about, dedupe=":".join(map(str, about.values())))


def _show_next_due(case: Case, clocks: Sequence[ClockState], at: datetime) -> None:
    due = clock_rules.next_due(clocks)
    case.next_due_at = due.due_at if due else None
    case.next_breaks_at = due.breaks_at if due else None
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
    case.snoozed_for = ""
    case.solved_at = at if after == rules.SOLVED else None
    data: dict[str, Any] = {"from": before, "to": after, "by": happening}
    if before == rules.SOLVED or happening == "user_message":
        data |= sla.promised_to(case, sla.in_force())
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


def replace_clocks(case: Case, clocks: list[ClockState]) -> None:
    """Stores these clocks in place of all others of the case; the log is not touched."""
    Clock.objects.filter(case=case).delete()
    Clock.objects.bulk_create([Clock(case=case, **_values(clock)) for clock in clocks])
    due = clock_rules.next_due(clocks)
    case.next_due_at = due.due_at if due else None
    case.next_breaks_at = due.breaks_at if due else None
    case.next_due_target = due.target if due else ""
    case.save(update_fields=["next_due_at", "next_breaks_at", "next_due_target"])


def _values(clock: ClockState) -> dict[str, Any]:
    return {name: getattr(clock, name) for name in _CLOCK_FIELDS}


def _announcements(
    before: Sequence[ClockState], after: Sequence[ClockState], facts: Sequence[Fact]
) -> list[Fact]:
    known = {clock.key: clock for clock in before}
    told: list[Fact] = []
    for clock in after:
        old = known.get(clock.key)
        about = {"target": clock.target, "cycle": clock.cycle, "due_at": clock.due_at.isoformat()}
        if old is None:
            by = {"policy": clock.policy} if clock.policy else {}
            told.append(("clock.started", about | {"seconds": clock.target_seconds} | by))
        elif clock.due_at != old.due_at:
            was = {"from": old.due_at.isoformat(), "because": _because(old, clock, facts)}
            told.append(("clock.moved", about | was))
        if clock.state == clock_rules.BREACHED and (old is None or old.state != clock.state):
            told.append(("clock.breached", about))
        if clock.met_at is not None and (old is None or old.met_at is None):
            told.append(("clock.met", about | {"late": clock.state == clock_rules.BREACHED}))
    return told


def _because(old: ClockState, new: ClockState, facts: Sequence[Fact]) -> str:
    """Why a due time moved: a pause that is over, or the event that changed the promise."""
    if old.policy != new.policy or not old.promises(_promise_of(new)):
        return next((str(data["because"]) for kind, data in facts if kind == "sla.changed"), "")
    return "pause" if old.paused_at is not None else facts[0][0]


def _promise_of(clock: ClockState) -> clock_rules.Promise:
    return clock_rules.Promise(clock.target_seconds, clock.calendar, clock.warn_seconds)
