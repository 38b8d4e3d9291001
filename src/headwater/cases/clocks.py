"""One promise and how it fares, as pure functions of values; see docs/algorithms/sla-clock.md.

What events do to the clocks of a case stands in `promises.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

FIRST_REPLY: Final = "first_reply"
NEXT_REPLY: Final = "next_reply"
UPDATE: Final = "update"
RESOLUTION: Final = "resolution"
TEAM_UPDATE: Final = "team_update"
# What a policy may promise. An update by a team is promised by the team, for one escalation.
PROMISED: Final = (FIRST_REPLY, NEXT_REPLY, UPDATE, RESOLUTION)

RUNNING: Final = "running"
PAUSED: Final = "paused"
MET: Final = "met"
BREACHED: Final = "breached"
CANCELLED: Final = "cancelled"
CARRIED: Final = "carried"
_NOTHING: Final = timedelta(0)


class Counting(Protocol):
    """How time is counted: around the clock, or by a working calendar."""

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The time that counts from `start` until `end`."""

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The first instant at which `amount` has passed."""

    def until(self, start: datetime, amount: timedelta) -> datetime:
        """The last instant by which no more than `amount` has passed."""


class AroundTheClock:
    """All time counts."""

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The span."""
        return end - start

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The end of the span."""
        return start + amount

    until = add


class Calendars(Protocol):
    """The calendars that clocks name; "" is around the clock. They never change."""

    def __call__(self, name: str, /) -> Counting:
        """How the calendar of that name counts."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised: within so many seconds by a calendar; a warning when so many are left."""

    seconds: int
    calendar: str = ""
    warn: int | None = None

    @classmethod
    def read(cls, value: int | Mapping[str, Any]) -> "Promise":
        """From an event; a bare number is seconds around the clock, as older events have it."""
        return cls(value) if isinstance(value, int) else cls(**value)


@dataclass(frozen=True, slots=True)
class ClockState:
    """One promise: something within `target_seconds` of counted time since `started_at`.

    `due_at` is when the time is up, `breaks_at` the last moment that is not late: by a working
    calendar a promise that is up at closing time is kept until the next opening.
    """

    target: str
    cycle: int
    target_seconds: int
    started_at: datetime
    due_at: datetime
    breaks_at: datetime
    calendar: str = ""
    policy: str = ""
    # Where it came from, if another case or an escalation brought it.
    origin: str = ""
    warn_seconds: int | None = None
    warn_at: datetime | None = None
    warned_at: datetime | None = None
    paused_at: datetime | None = None
    paused_seconds: float = 0.0
    met_at: datetime | None = None
    breached_at: datetime | None = None
    # Since when nobody waits for it any more.
    ended_at: datetime | None = None
    state: str = RUNNING

    @property
    def key(self) -> tuple[str, int]:
        """What identifies a clock within its case."""
        return (self.target, self.cycle)

    @property
    def awaits(self) -> bool:
        """True while somebody still waits for what was promised, late or not."""
        return self.ended_at is None

    @property
    def open(self) -> bool:
        """True while the promise can still be kept or broken."""
        return self.state in (RUNNING, PAUSED)

    def promises(self, promise: Promise) -> bool:
        """Whether this is what the clock already runs by."""
        return promise == Promise(self.target_seconds, self.calendar, self.warn_seconds)


def start(
    target: str, cycle: int, promise: Promise, at: datetime, calendars: Calendars, policy: str = ""
) -> ClockState:
    """A clock that begins to run now."""
    clock = ClockState(
        target, cycle, promise.seconds, at, at, at,
        calendar=promise.calendar, policy=policy, warn_seconds=promise.warn,
    )  # fmt: skip
    return _placed(clock, at, timedelta(seconds=promise.seconds), calendars)


def settle(clock: ClockState, now: datetime) -> ClockState:
    """The clock as of `now`: late only if *more* than the promised time has passed."""
    if clock.state == RUNNING and now > clock.breaks_at:
        return replace(clock, state=BREACHED, breached_at=clock.breaks_at)
    return clock


def left(clock: ClockState, at: datetime, calendars: Calendars) -> timedelta:
    """The counted time that is left of an open promise."""
    moment = clock.paused_at or at
    return max(_NOTHING, calendars(clock.calendar).between(moment, clock.due_at))


def pause(clock: ClockState, at: datetime) -> ClockState:
    """Stops counting. A clock that is late already stays late."""
    clock = settle(clock, at)
    return replace(clock, state=PAUSED, paused_at=at) if clock.state == RUNNING else clock


def resume(clock: ClockState, at: datetime, calendars: Calendars) -> ClockState:
    """Counts on with what was left."""
    if clock.state != PAUSED or clock.paused_at is None:
        return clock
    remaining = left(clock, at, calendars)
    away = (at - clock.paused_at).total_seconds()
    clock = replace(
        clock, state=RUNNING, paused_at=None, paused_seconds=clock.paused_seconds + away
    )
    return _placed(clock, at, remaining, calendars)


def meet(clock: ClockState, at: datetime, calendars: Calendars) -> ClockState:
    """The promise is kept now: in time, or late and still `breached`."""
    clock = settle(resume(clock, at, calendars), at)
    if not clock.awaits:
        return clock
    state = MET if clock.state == RUNNING else clock.state
    return replace(clock, state=state, met_at=at, ended_at=at)


def cancel(clock: ClockState, at: datetime) -> ClockState:
    """The promise no longer applies; one already broken stays broken."""
    clock = settle(clock, at)
    if not clock.awaits:
        return clock
    return replace(clock, state=CANCELLED if clock.open else clock.state, ended_at=at)


def warn(clock: ClockState, at: datetime) -> ClockState:
    """Somebody was told that it will break soon."""
    return replace(clock, warned_at=at) if clock.open else clock


def aim(
    clock: ClockState, promise: Promise, at: datetime, calendars: Calendars, policy: str
) -> ClockState:
    """Another promise for a clock that runs: what was used of the old one counts.

    A change breaks no promise by itself: where the new time is used up already, it counts from
    now, but never beyond what was left of the old.
    """
    clock = settle(clock, at)
    if not clock.open or (clock.promises(promise) and clock.policy == policy):
        return clock
    remaining = left(clock, at, calendars)
    used = timedelta(seconds=clock.target_seconds) - remaining
    allowed = timedelta(seconds=promise.seconds)
    fresh = allowed - used if allowed > used else min(allowed, remaining)
    clock = replace(
        clock, target_seconds=promise.seconds, calendar=promise.calendar,
        warn_seconds=promise.warn, policy=policy,
    )  # fmt: skip
    moment = clock.paused_at or at
    return _placed(clock, moment, fresh, calendars)


def carry(clock: ClockState, at: datetime) -> ClockState:
    """Another case keeps this promise from now on."""
    clock = settle(clock, at)
    return replace(clock, state=CARRIED, ended_at=at) if clock.awaits else clock


def adopt(values: Mapping[str, Any], cycle: int, origin: str) -> ClockState:
    """The promise of another case, as `as_json` wrote it down, as a clock of this one."""
    return replace(clock_from(values), cycle=cycle, origin=origin)


def as_json(clock: ClockState) -> dict[str, Any]:
    """The clock for an event."""
    values = asdict(clock)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
        if value not in (None, "")
    }


def clock_from(values: Mapping[str, Any]) -> ClockState:
    """The clock that `as_json` wrote down."""
    known = {each.name for each in fields(ClockState)}
    given: dict[str, Any] = {
        name: datetime.fromisoformat(value) if name.endswith("_at") else value
        for name, value in values.items()
        if name in known
    }
    return ClockState(**given)


def next_due(clocks: Iterable[ClockState]) -> ClockState | None:
    """The promise that breaks first, or broke first; None while nothing is owed."""
    owed = [clock for clock in clocks if clock.awaits and clock.state != PAUSED]
    return min(owed, key=lambda clock: (clock.due_at, clock.key), default=None)


def _placed(
    clock: ClockState, at: datetime, remaining: timedelta, calendars: Calendars
) -> ClockState:
    """With `remaining` left at `at`."""
    counting = calendars(clock.calendar)
    warn_at = None
    if clock.warn_seconds is not None:
        warn_at = counting.add(at, max(_NOTHING, remaining - timedelta(seconds=clock.warn_seconds)))
    told = clock.warned_at if warn_at is not None and warn_at <= at else None
    return replace(
        clock,
        due_at=counting.add(at, remaining),
        breaks_at=counting.until(at, remaining),
        warn_at=warn_at,
        warned_at=told,
    )
