"""The clocks, against the worked examples of docs/algorithms/sla-clock.md."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from headwater.cases.clocks import (
    FIRST_REPLY,
    RESOLUTION,
    AroundTheClock,
    ClockState,
    next_due,
)
from headwater.cases.promises import Happening, clocks_from_events

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = 3600
TARGETS = {FIRST_REPLY: 4 * HOUR, RESOLUTION: 48 * HOUR}
LATER = NOON + timedelta(days=30)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def opened() -> Happening:
    return Happening("case.opened", NOON, {"targets": TARGETS})


def reply(minutes: float) -> Happening:
    return Happening("reply.sent", at(minutes), {})


def move(minutes: float, before: str, after: str) -> Happening:
    data: dict[str, Any] = {"from": before, "to": after}
    if before == "solved":
        data["targets"] = TARGETS
    return Happening("state.changed", at(minutes), data)


def clocks(*events: Happening, now: datetime = LATER) -> dict[tuple[str, int], ClockState]:
    return {
        clock.key: clock
        for clock in clocks_from_events([opened(), *events], now, lambda _: AroundTheClock())
    }


def test_conversation_with_two_waits_for_the_user() -> None:
    found = clocks(
        reply(30),
        move(30, "ours", "waiting_user"),
        move(60, "waiting_user", "ours"),
        reply(80),
        move(80, "ours", "waiting_user"),
        move(90, "waiting_user", "solved"),
    )
    first, resolution = found[FIRST_REPLY, 1], found[RESOLUTION, 1]
    assert (first.state, first.met_at) == ("met", at(30))
    assert (resolution.state, resolution.met_at) == ("met", at(90))
    assert resolution.paused_seconds == 40 * 60
    assert resolution.due_at == NOON + timedelta(hours=48, minutes=40)


@pytest.mark.parametrize(
    ("seconds", "state"), [(-1, "met"), (0, "met"), (0.000001, "breached"), (1, "breached")]
)
def test_exactly_on_time_is_in_time(seconds: float, state: str) -> None:
    moment = 240 + seconds / 60
    clock = clocks(reply(moment))[FIRST_REPLY, 1]
    assert clock.state == state
    assert clock.met_at == at(moment)
    assert clock.breached_at == (at(240) if state == "breached" else None)


def test_solved_without_a_word_cancels_and_a_new_message_starts_over() -> None:
    solved = clocks(move(10, "ours", "solved"))
    assert solved[FIRST_REPLY, 1].state == "cancelled"
    assert solved[RESOLUTION, 1].state == "met"
    again = clocks(move(10, "ours", "solved"), move(180, "solved", "ours"), now=at(181))
    assert again[FIRST_REPLY, 2].due_at == at(180 + 240)
    assert again[RESOLUTION, 2].due_at == at(180 + 48 * 60)
    assert again[RESOLUTION, 1].met_at == at(10)


def test_broken_first_reply_stays_broken_when_solved_without_a_word() -> None:
    found = clocks(move(300, "ours", "solved"))
    assert (found[FIRST_REPLY, 1].state, found[FIRST_REPLY, 1].met_at) == ("breached", None)


def test_users_silence_costs_nothing() -> None:
    week = 7 * 24 * 60
    found = clocks(
        reply(60), move(60, "ours", "waiting_user"), move(week, "waiting_user", "solved")
    )
    assert found[RESOLUTION, 1].state == "met"


def test_snoozing_hides_nothing() -> None:
    found = clocks(move(1, "ours", "snoozed"))
    assert found[FIRST_REPLY, 1].breached_at == at(240)
    assert found[RESOLUTION, 1].breached_at == at(48 * 60)


def test_snoozing_while_the_user_has_the_turn_keeps_the_pause() -> None:
    found = clocks(reply(1), move(1, "ours", "waiting_user"), move(2, "waiting_user", "snoozed"))
    assert found[RESOLUTION, 1].state == "paused"


def test_waiting_for_engineers_keeps_the_user_waiting() -> None:
    found = clocks(reply(1), move(2, "ours", "waiting_engineering"))
    assert found[RESOLUTION, 1].state == "breached"


def test_reopening_after_a_reply_starts_no_second_first_reply() -> None:
    found = clocks(reply(1), move(2, "ours", "solved"), move(600, "solved", "ours"), reply(601))
    assert set(found) == {(FIRST_REPLY, 1), (RESOLUTION, 1), (RESOLUTION, 2)}


def test_next_due_is_what_breaks_first_and_keeps_showing_what_broke() -> None:
    def due(*events: Happening, now: datetime) -> tuple[str, datetime] | None:
        clock = next_due(clocks(*events, now=now).values())
        return (clock.target, clock.due_at) if clock else None

    assert due(now=at(1)) == (FIRST_REPLY, at(240))
    assert due(now=at(500)) == (FIRST_REPLY, at(240))
    assert due(reply(500), now=at(501)) == (RESOLUTION, at(48 * 60))
    assert due(reply(5), move(5, "ours", "waiting_user"), now=at(6)) is None
    assert due(reply(5), move(5, "ours", "solved"), now=at(6)) is None
