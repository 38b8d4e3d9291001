"""What events do to the clocks of a case; pure. docs/algorithms/sla-clock.md has the order.

`advance` is applied to the stored clocks by every act, and `clocks_from_events` folds it over
the whole log, so a live clock and a recomputed one cannot follow different rules.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from headwater.cases import clocks as rules
from headwater.cases.clocks import (
    FIRST_REPLY,
    NEXT_REPLY,
    PROMISED,
    RESOLUTION,
    TEAM_UPDATE,
    UPDATE,
    Calendars,
    ClockState,
    Promise,
)
from headwater.cases.rules import MERGED, OURS, SOLVED, WAITING_ENGINEERING, WAITING_USER

# What a reply keeps, and what stands still while the user has the turn.
_ANSWERED: Final = (FIRST_REPLY, NEXT_REPLY, UPDATE)
_PAUSING: Final = (RESOLUTION, UPDATE)


@dataclass(frozen=True, slots=True)
class Happening:
    """A case event as the clocks see it."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


def clocks_from_events(
    events: Iterable[Happening], now: datetime, calendars: Calendars
) -> list[ClockState]:
    """Every clock of a case as of `now`, from its log alone, in the log's order."""
    clocks: list[ClockState] = []
    for event in events:
        clocks = advance(clocks, event, calendars)
    return [rules.settle(clock, now) for clock in clocks]


def advance(
    clocks: Sequence[ClockState], event: Happening, calendars: Calendars
) -> list[ClockState]:
    """The clocks after one event. Events that say nothing about clocks change nothing."""
    rule = _RULES.get(event.kind)
    if rule is None:
        return list(clocks)
    changed = rule(_Book(clocks, calendars), event)
    by_key = {clock.key: clock for clock in [*clocks, *changed]}
    return list(by_key.values())


def awaits_reply(clocks: Iterable[ClockState]) -> bool:
    """Whether a clock already counts how long the user waits for an answer."""
    return any(clock.awaits and clock.target in (FIRST_REPLY, NEXT_REPLY) for clock in clocks)


def begins_a_turn(clocks: Sequence[ClockState]) -> bool:
    """Whether a message that comes now waits for an answer that no clock counts yet."""
    first = [clock for clock in clocks if clock.target == FIRST_REPLY]
    answered = not first or any(clock.met_at is not None for clock in first)
    promised = any(clock.target in PROMISED for clock in clocks)
    return promised and answered and not awaits_reply(clocks)


@dataclass(frozen=True, slots=True)
class _Book:
    """The clocks of a case while an event is applied to them."""

    clocks: Sequence[ClockState]
    calendars: Calendars

    def awaiting(self, *targets: str, origin: str | None = None) -> list[ClockState]:
        return [
            clock
            for clock in self.clocks
            if clock.awaits
            and clock.target in targets
            and (origin is None or clock.origin == origin)
        ]

    def next_cycle(self, target: str) -> int:
        return 1 + max((c.cycle for c in self.clocks if c.target == target), default=0)

    def started(self, event: Happening, *targets: str) -> list[ClockState]:
        """New clocks for those of `targets` that the event promises."""
        promised = event.data.get("targets", {})
        return [
            rules.start(
                target, self.next_cycle(target), Promise.read(promised[target]), event.at,
                self.calendars, event.data.get("policy", ""),
            )
            for target in targets if target in promised
        ]  # fmt: skip

    def met(self, event: Happening, *targets: str) -> list[ClockState]:
        return [rules.meet(clock, event.at, self.calendars) for clock in self.awaiting(*targets)]


def _opened(book: _Book, event: Happening) -> list[ClockState]:
    return book.started(event, FIRST_REPLY, RESOLUTION)


def _received(book: _Book, event: Happening) -> list[ClockState]:
    return book.started(event, NEXT_REPLY)


def _replied(book: _Book, event: Happening) -> list[ClockState]:
    return [*book.met(event, *_ANSWERED), *book.started(event, UPDATE)]


def _moved(book: _Book, event: Happening) -> list[ClockState]:
    before, after = event.data["from"], event.data["to"]
    if before == after or after == MERGED:
        return []
    if after == SOLVED:
        others = book.awaiting(FIRST_REPLY, NEXT_REPLY, UPDATE, TEAM_UPDATE)
        return [*book.met(event, RESOLUTION), *(rules.cancel(each, event.at) for each in others)]
    if not any(clock.target in PROMISED for clock in book.clocks):
        # We wrote first, or the contact was old; what the user writes now starts the promises.
        return book.started(event, FIRST_REPLY, RESOLUTION)
    if before == SOLVED:
        return _reopened(book, event)
    paused = book.awaiting(*_PAUSING)
    if after == WAITING_USER:
        return [rules.pause(clock, event.at) for clock in paused]
    if after in (OURS, WAITING_ENGINEERING):
        return [rules.resume(clock, event.at, book.calendars) for clock in paused]
    return []  # snoozing is our own choice: it neither stops nor starts a clock


def _reopened(book: _Book, event: Happening) -> list[ClockState]:
    """A new promise; the old one keeps its verdict, so that past figures never change."""
    first = [clock for clock in book.clocks if clock.target == FIRST_REPLY]
    unanswered = first and max(first, key=lambda clock: clock.cycle).met_at is None
    return book.started(event, RESOLUTION, *([FIRST_REPLY] if unanswered else []))


def _changed(book: _Book, event: Happening) -> list[ClockState]:
    """The case is under another policy, or the policy says something else."""
    promised, policy = event.data["targets"], event.data.get("policy", "")
    changed = []
    for clock in book.awaiting(*PROMISED):
        if clock.target in promised:
            promise = Promise.read(promised[clock.target])
            changed.append(rules.aim(clock, promise, event.at, book.calendars, policy))
        else:
            changed.append(rules.cancel(clock, event.at))
    solved = event.data.get("state") == SOLVED
    if RESOLUTION in promised and not book.awaiting(RESOLUTION) and not solved:
        changed += [_in_turn(clock, book, event) for clock in book.started(event, RESOLUTION)]
    return changed


def _in_turn(clock: ClockState, book: _Book, event: Happening) -> ClockState:
    """Paused where the event says that it is the user's turn, else counting."""
    if clock.target in _PAUSING and event.data.get("state") == WAITING_USER:
        return rules.pause(clock, event.at)
    return rules.resume(clock, event.at, book.calendars)


def _warned(book: _Book, event: Happening) -> list[ClockState]:
    key = (event.data["target"], event.data["cycle"])
    return [rules.warn(clock, event.at) for clock in book.clocks if clock.key == key]


def _merged(book: _Book, event: Happening) -> list[ClockState]:
    # What a team promised about an escalation stays with the escalation.
    return [rules.carry(clock, event.at) for clock in book.awaiting(*PROMISED)]


def _absorbed(book: _Book, event: Happening) -> list[ClockState]:
    adopted: list[ClockState] = []
    for values in event.data.get("clocks", []):
        target = values["target"]
        cycle = book.next_cycle(target) + sum(each.target == target for each in adopted)
        origin = _origin(event.data["case_id"], values)
        adopted.append(_in_turn(rules.adopt(values, cycle, origin), book, event))
    return adopted


def _released(book: _Book, event: Happening) -> list[ClockState]:
    mine = f"{event.data['case_id']}/"
    return [rules.carry(clock, event.at) for clock in book.clocks if clock.origin.startswith(mine)]


def _unmerged(book: _Book, event: Happening) -> list[ClockState]:
    """As the other case kept them, under their own names again."""
    kept = {_own_key(values["origin"]): values for values in event.data.get("clocks", [])}
    restored = []
    for clock in book.clocks:
        values = kept.get(f"{clock.target}/{clock.cycle}")
        if clock.state == rules.CARRIED and values is not None:
            now = rules.clock_from(values)
            restored.append(replace(now, cycle=clock.cycle, origin=clock.origin))
    return restored


def _origin(case_id: str, values: Mapping[str, Any]) -> str:
    return f"{case_id}/{values['target']}/{values['cycle']}"


def _own_key(origin: str) -> str:
    return origin.split("/", 1)[1]


def _team_promised(book: _Book, event: Happening) -> list[ClockState]:
    """The team said when it will report; its last word came with this event."""
    escalation, expected = event.data.get("escalation_id", ""), event.data.get("next_update_at")
    changed = [
        rules.meet(clock, event.at, book.calendars)
        for clock in book.awaiting(TEAM_UPDATE, origin=escalation)
    ]
    if expected:
        seconds = (datetime.fromisoformat(expected) - event.at).total_seconds()
        promise = Promise(max(0, int(seconds)))
        cycle = book.next_cycle(TEAM_UPDATE)
        clock = rules.start(TEAM_UPDATE, cycle, promise, event.at, book.calendars)
        changed.append(replace(clock, origin=escalation))
    return changed


def _team_done(book: _Book, event: Happening) -> list[ClockState]:
    escalation = event.data.get("escalation_id", "")
    return [
        rules.meet(clock, event.at, book.calendars)
        for clock in book.awaiting(TEAM_UPDATE, origin=escalation)
    ]


_RULES: Final[Mapping[str, Callable[[_Book, Happening], list[ClockState]]]] = {
    "case.opened": _opened,
    "message.received": _received,
    "reply.sent": _replied,
    "state.changed": _moved,
    "sla.changed": _changed,
    "clock.warned": _warned,
    "case.merged": _merged,
    "case.absorbed": _absorbed,
    "case.released": _released,
    "case.unmerged": _unmerged,
    "escalation.opened": _team_promised,
    "escalation.updated": _team_promised,
    "escalation.closed": _team_done,
}
