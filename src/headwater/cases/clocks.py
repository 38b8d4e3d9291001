"""The clocks of a case as pure functions of its events; see docs/algorithms/sla-clock.md.

`advance` is applied to the stored clocks by every act, and `clocks_from_events` folds it over
the whole log, so a live clock and a recomputed one cannot follow different rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from headwater.cases.rules import OURS, SOLVED, WAITING_ENGINEERING, WAITING_USER

FIRST_REPLY: Final = "first_reply"
RESOLUTION: Final = "resolution"

RUNNING: Final = "running"
PAUSED: Final = "paused"
MET: Final = "met"
BREACHED: Final = "breached"
CANCELLED: Final = "cancelled"


@dataclass(frozen=True, slots=True)
class ClockState:
    """One promise: answer or solve within `target_seconds` of `started_at`, pauses excluded."""

    target: str
    cycle: int
    target_seconds: int
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None = None
    paused_seconds: float = 0.0
    met_at: datetime | None = None
    breached_at: datetime | None = None
    state: str = RUNNING

    @property
    def key(self) -> tuple[str, int]:
        """What identifies a clock within its case."""
        return (self.target, self.cycle)

    @property
    def awaits(self) -> bool:
        """True while the user still waits for what was promised, late or not."""
        return self.state in (RUNNING, PAUSED) or (self.state == BREACHED and self.met_at is None)


@dataclass(frozen=True, slots=True)
class Happening:
    """A case event as the clocks see it."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


def start(target: str, cycle: int, seconds: int, at: datetime) -> ClockState:
    """A clock that begins to run now."""
    return ClockState(target, cycle, seconds, at, at + timedelta(seconds=seconds))


def settle(clock: ClockState, now: datetime) -> ClockState:
    """The clock as of `now`: late only if *more* than the promised time has passed."""
    if clock.state == RUNNING and now > clock.due_at:
        return replace(clock, state=BREACHED, breached_at=clock.due_at)
    return clock


def pause(clock: ClockState, at: datetime) -> ClockState:
    """Stops counting. A clock that is late already stays late."""
    clock = settle(clock, at)
    return replace(clock, state=PAUSED, paused_at=at) if clock.state == RUNNING else clock


def resume(clock: ClockState, at: datetime) -> ClockState:
    """Counts on; the due time moves by the length of the pause."""
    if clock.state != PAUSED or clock.paused_at is None:
        return clock
    away = at - clock.paused_at
    return replace(
        clock,
        state=RUNNING,
        paused_at=None,
        paused_seconds=clock.paused_seconds + away.total_seconds(),
        due_at=clock.due_at + away,
    )


def meet(clock: ClockState, at: datetime) -> ClockState:
    """The promise is kept now: in time, or late and still `breached`."""
    clock = settle(resume(clock, at), at)
    if clock.state == RUNNING:
        return replace(clock, state=MET, met_at=at)
    if clock.state == BREACHED and clock.met_at is None:
        return replace(clock, met_at=at)
    return clock


def cancel(clock: ClockState, at: datetime) -> ClockState:
    """The promise no longer applies; one already broken stays broken."""
    clock = settle(clock, at)
    return replace(clock, state=CANCELLED) if clock.state in (RUNNING, PAUSED) else clock


def current(clocks: Iterable[ClockState]) -> dict[str, ClockState]:
    """The clock of the latest cycle for each target."""
    latest: dict[str, ClockState] = {}
    for clock in sorted(clocks, key=lambda clock: clock.cycle):
        latest[clock.target] = clock
    return latest


def advance(clocks: Sequence[ClockState], event: Happening) -> list[ClockState]:
    """The clocks after one event. Events that say nothing about clocks change nothing."""
    if event.kind == "case.opened":
        return [*clocks, *_started(event, {FIRST_REPLY: 1, RESOLUTION: 1})]
    now = current(clocks)
    changed: list[ClockState] = []
    if event.kind == "reply.sent" and FIRST_REPLY in now:
        changed = [meet(now[FIRST_REPLY], event.at)]
    elif event.kind == "state.changed":
        changed = _after_transition(now, event)
    by_key = {clock.key: clock for clock in [*clocks, *changed]}
    return list(by_key.values())


def _after_transition(now: dict[str, ClockState], event: Happening) -> list[ClockState]:
    before, after = event.data["from"], event.data["to"]
    if before == after:
        return []
    if RESOLUTION not in now:
        # We wrote first, or the contact was old; what the user writes now starts the promises.
        answered = before == SOLVED or (after == OURS and "targets" in event.data)
        return _started(event, {FIRST_REPLY: 1, RESOLUTION: 1}) if answered else []
    resolution = now[RESOLUTION]
    if after == SOLVED:
        return [meet(resolution, event.at), cancel(now[FIRST_REPLY], event.at)]
    if before == SOLVED:
        return _after_reopening(now, event)
    if after == WAITING_USER:
        return [pause(resolution, event.at)]
    if after in (OURS, WAITING_ENGINEERING):
        return [resume(resolution, event.at)]
    return []  # snoozing is our own choice: it neither stops nor starts a clock


def _after_reopening(now: dict[str, ClockState], event: Happening) -> list[ClockState]:
    """A new promise; the old one keeps its verdict, so that past figures never change."""
    cycles = {RESOLUTION: now[RESOLUTION].cycle + 1}
    if now[FIRST_REPLY].met_at is None:  # solved without a word: the user still waits for one
        cycles[FIRST_REPLY] = now[FIRST_REPLY].cycle + 1
    return _started(event, cycles)


def _started(event: Happening, cycles: dict[str, int]) -> list[ClockState]:
    targets = event.data["targets"]
    # A contact of long ago came without promises.
    return [
        start(name, cycle, targets[name], event.at)
        for name, cycle in cycles.items() if name in targets
    ]  # fmt: skip


def clocks_from_events(events: Iterable[Happening], now: datetime) -> list[ClockState]:
    """Every clock of a case as of `now`, from its log alone, in the log's order."""
    clocks: list[ClockState] = []
    for event in events:
        clocks = advance(clocks, event)
    return [settle(clock, now) for clock in clocks]


def next_due(clocks: Iterable[ClockState]) -> ClockState | None:
    """The promise that breaks first, or broke first; None while nothing is owed."""
    now = current(clocks)
    if RESOLUTION in now and now[RESOLUTION].met_at is not None:
        return None  # solved: even a first reply that never came is no longer waited for
    owed = [clock for clock in now.values() if clock.awaits and clock.state != PAUSED]
    return min(owed, key=lambda clock: clock.due_at, default=None)
