"""The worked examples of docs/algorithms/sla-clock.md; each row of the table is one test."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from headwater.cases.clocks import AroundTheClock, ClockState, Counting, as_json, settle
from headwater.cases.promises import Happening, advance, begins_a_turn
from headwater.kit.calendars.files import calendar_from
from headwater.kit.calendars.frozen import frozen, thawed
from headwater.kit.calendars.working_time import WorkingTime

TABLE = yaml.safe_load((Path(__file__).parent / "sla_examples.yaml").read_text(encoding="utf-8"))
CALENDARS: dict[str, Counting] = {"": AroundTheClock()} | {
    name: WorkingTime(thawed(frozen(calendar_from(value, name), year=2026)))
    for name, value in TABLE["calendars"].items()
}
HOUR = 3600
_TIME = re.compile(
    r"(?:(?P<day>(?:\d{4}-)?\d\d-\d\d) )?(?P<time>\d\d:\d\d(?::\d\d)?)(?P<zone>[+-]\d\d:\d\d)?"
)


def rows() -> Iterator[Any]:
    for group in TABLE["groups"]:
        for row in group["rows"]:
            name, happens, says = (part.strip() for part in row.split(" | "))
            yield pytest.param(group, happens, says, id=f"{group['group']}: {name}")


def promise_of(text: str) -> dict[str, Any]:
    span, _, calendar = text.partition(" ")
    seconds = int(span[:-1]) * (HOUR if span.endswith("h") else 60)
    return {"seconds": seconds, "calendar": calendar, "warn": seconds // 4}


def promised(policy: str) -> dict[str, Any]:
    targets = {target: promise_of(text) for target, text in TABLE["policies"][policy].items()}
    return {"targets": targets, "policy": policy}


class Times:
    """Reads times of a row: a time without a day is of the day before it."""

    def __init__(self, zone: str) -> None:
        self.zone, self.day = ZoneInfo(zone), ""

    def read(self, text: str, *, keep: bool = True) -> tuple[datetime, str]:
        match = _TIME.match(text)
        assert match, text
        day = match["day"] or self.day
        if keep:
            self.day = day
        whole = day if len(day) == 10 else f"2026-{day}"
        moment = datetime.fromisoformat(f"{whole}T{match['time']}{match['zone'] or ''}")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        return moment.astimezone(UTC), text[match.end() :].strip()


class Story:
    """A case's log as the words of a row tell it."""

    def __init__(self, policy: str, times: Times) -> None:
        self.policy, self.times, self.state = policy, times, "ours"
        self.clocks: list[ClockState] = []
        self.given: list[dict[str, Any]] = []

    def tell(self, step: str) -> datetime:
        at, words = self.times.read(step)
        word, _, rest = words.partition(" ")
        getattr(self, f"_{word}")(at, rest)
        return at

    def happen(self, kind: str, at: datetime, **data: Any) -> None:
        event = Happening(kind, at, json.loads(json.dumps(data)))
        self.clocks = advance(self.clocks, event, CALENDARS.__getitem__)
        self.clocks = [settle(clock, at) for clock in self.clocks]

    def move(self, at: datetime, to: str, **data: Any) -> None:
        before, self.state = self.state, to
        if before != to:
            more = promised(self.policy) if before == "solved" or data else {}
            self.happen("state.changed", at, **{"from": before, "to": to}, **more)

    def _opened(self, at: datetime, rest: str) -> None:
        self.policy = rest.removeprefix("as ") or self.policy
        self.happen("case.opened", at, **promised(self.policy))

    def _reply(self, at: datetime, rest: str) -> None:
        kept = self.state == "waiting_engineering"
        targets = promised(self.policy)
        more = targets if "update" in targets["targets"] and self.state != "solved" else {}
        self.happen("reply.sent", at, **more)
        if not kept:
            self.move(at, "waiting_user")

    def _answer(self, at: datetime, rest: str) -> None:
        targets = promised(self.policy)
        begins = "next_reply" in targets["targets"] and begins_a_turn(self.clocks)
        self.happen("message.received", at, **(targets if begins else {}))
        self.move(at, "ours", user=True)

    def _solve(self, at: datetime, rest: str) -> None:
        self.move(at, "solved")

    def _reopen(self, at: datetime, rest: str) -> None:
        self.move(at, "ours")

    _back = _wake = _reopen

    def _engineering(self, at: datetime, rest: str) -> None:
        self.move(at, "waiting_engineering")

    def _snooze(self, at: datetime, rest: str) -> None:
        self.move(at, "snoozed")

    def _policy(self, at: datetime, rest: str) -> None:
        self.policy = rest
        self.happen("sla.changed", at, **promised(rest), state=self.state, because="x")

    def _escalated(self, at: datetime, rest: str) -> None:
        expected, _ = self.times.read(rest, keep=False)
        data = {"escalation_id": "esc_1", "next_update_at": expected.isoformat()}
        self.happen("escalation.opened", at, **data)

    def _updated(self, at: datetime, rest: str) -> None:
        expected, _ = self.times.read(rest, keep=False)
        data = {"escalation_id": "esc_1", "next_update_at": expected.isoformat()}
        self.happen("escalation.updated", at, **data)

    def _closed(self, at: datetime, rest: str) -> None:
        self.happen("escalation.closed", at, escalation_id="esc_1")

    def _merged(self, at: datetime, rest: str) -> None:
        self.given = [as_json(clock) for clock in self.clocks if clock.awaits]
        self.happen("case.merged", at, into="case_other", clocks=self.given)

    def _unmerged(self, at: datetime, rest: str) -> None:
        back = [
            {**each, "origin": f"case_me/{each['target']}/{each['cycle']}", "cycle": 7}
            for each in self.given
        ]
        self.happen("case.unmerged", at, **{"from": "case_other"}, clocks=back)

    def _absorbed(self, at: datetime, rest: str) -> None:
        other = Story(self.policy, self.times)
        other.tell(f"{rest} opened")
        clocks = [as_json(clock) for clock in other.clocks]
        self.happen("case.absorbed", at, case_id="case_x", clocks=clocks, state=self.state)

    def _released(self, at: datetime, rest: str) -> None:
        self.happen("case.released", at, case_id="case_x")

    def _end(self, at: datetime, rest: str) -> None:
        pass


@pytest.mark.parametrize(("group", "happens", "says"), list(rows()))
def test_example(group: dict[str, Any], happens: str, says: str) -> None:
    times = Times(group["zone"])
    story = Story(group["policy"], times)
    for step in happens.split("; "):
        end = story.tell(step)
    found = {clock.key: settle(clock, end) for clock in story.clocks}
    for claim in says.split("; "):
        _check(claim, found, times)


def _check(claim: str, found: dict[tuple[str, int], ClockState], times: Times) -> None:
    name, state, *rest = claim.split(" ")
    target, _, number = name.partition("/")
    clock = found[target, int(number or 1)]
    assert clock.state == state, clock
    text = " ".join(rest)
    while text:
        what, _, text = text.partition(" ")
        expected, text = times.read(text, keep=False)
        assert getattr(clock, f"{what}_at") == expected, (what, clock)


def test_the_table_is_long_enough() -> None:
    assert len(list(rows())) >= 80


@pytest.mark.parametrize("name", sorted(CALENDARS))
def test_a_promise_kept_at_its_last_moment_is_kept(name: str) -> None:
    """Breach only when the elapsed time exceeds the target, whatever the calendar."""
    opened = datetime(2026, 3, 6, 13, 37, tzinfo=UTC)
    data = {"targets": {"first_reply": {"seconds": 5 * HOUR, "calendar": name}}}
    clocks = advance([], Happening("case.opened", opened, data), CALENDARS.__getitem__)
    (clock,) = clocks
    counting = CALENDARS[name]
    assert counting.between(opened, clock.breaks_at) == timedelta(hours=5)
    assert settle(clock, clock.breaks_at) == clock
    late = clock.breaks_at + timedelta(microseconds=1)
    assert counting.between(opened, late) > timedelta(hours=5)
    assert settle(clock, late) == replace(clock, state="breached", breached_at=clock.breaks_at)
