"""Live clocks equal clocks recomputed from the log, after any sequence of acts."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django.fixtures import Settings

from headwater.accounts.models import Agent
from headwater.cases import acts, delivery, ledger, placement, queries, tasks
from headwater.cases.clocks import settle
from headwater.cases.errors import TransitionRefused
from headwater.cases.models import Case, Clock
from headwater.cases.sla import acts as sla
from headwater.cases.sla.files import policies_from
from headwater.kit.clock import utc_now
from tests.factories import MAIL, SYSTEM, incoming, make_agent, make_case

Step = Callable[[Case, Agent, datetime], object]


def _fail_delivery(case: Case, agent: Agent, now: datetime) -> None:
    message = queries.messages_of(case).filter(delivery="queued").last()
    if message:
        delivery.mark_failed(message, "550", actor=SYSTEM)


def _answer_for_breaches(case: Case) -> None:
    for clock in queries.clocks_of(case).filter(state="breached"):
        sla.answer_for_breach(case.id, clock.target, clock.cycle, actor=SYSTEM)


_WEEK = {day: ["09:00-12:30", "13:30-17:00"] for day in ("monday", "tuesday", "friday", "saturday")}
OFFICE = policies_from(
    {
        "calendars": {
            "office": {
                "time_zone": "Europe/Berlin",
                "hours": _WEEK,
                "holidays": [{"country": "DE"}],
            }
        },
        "policies": [
            {
                "name": "Urgent",
                "when": {"priority": ["urgent", "high"]},
                "first_reply": "1h",
                "next_reply": {"within": "2h", "calendar": "office"},
                "update": "8h",
                "resolution": "12h",
            },
            {"name": "Revoked keys", "when": {"cause": "key-revoked"}, "resolution": "30m"},
            {
                "name": "Others",
                "calendar": "office",
                "first_reply": "4h",
                "next_reply": "90m",
                "resolution": "16h",
                "on_breach": {"priority": "high"},
            },
        ],
    },
    Path(),
    datetime(2026, 1, 1, tzinfo=UTC),
)
CLOCK = policies_from(
    {"policies": [{"name": "All", "first_reply": "4h", "update": "1d", "resolution": "2d"}]},
    Path(),
    datetime(2026, 1, 1, tzinfo=UTC),
)

STEPS: dict[str, Step] = {
    "user": lambda case, agent, now: acts.add_user_message(case, incoming(at=now), actor=MAIL),
    # Received before things that are in the log already.
    "late mail": lambda case, agent, now: acts.add_user_message(
        case, incoming(at=now - timedelta(hours=5)), actor=MAIL
    ),
    "auto": lambda case, agent, now: acts.add_auto_message(case, incoming(at=now), actor=MAIL),
    "reply": lambda case, agent, now: acts.send_reply(case, "Hi", agent=agent, actor=SYSTEM),
    "reply and solve": lambda case, agent, now: acts.send_reply(
        case, "Hi", agent=agent, actor=SYSTEM, solve=True
    ),
    "note": lambda case, agent, now: acts.add_note(case, "Hm", agent=agent, actor=SYSTEM),
    "engineering": lambda case, agent, now: acts.wait_on_engineering(case, actor=SYSTEM),
    "snooze": lambda case, agent, now: acts.snooze_case(
        case, now + timedelta(days=1), actor=SYSTEM
    ),
    "take back": lambda case, agent, now: acts.take_back(case, actor=SYSTEM),
    "solve": lambda case, agent, now: acts.solve_case(case, cause="x", actor=SYSTEM),
    "reopen": lambda case, agent, now: acts.reopen_case(case, actor=SYSTEM),
    "fail": _fail_delivery,
    "sweep": lambda case, agent, now: tasks.sweep_breaches({}),
    "warn": lambda case, agent, now: tasks.warn_of_breaches({}),
    "urgent": lambda case, agent, now: placement.set_priority(
        case, "urgent", reason="", actor=SYSTEM
    ),
    "normal": lambda case, agent, now: placement.set_priority(
        case, "normal", reason="", actor=SYSTEM
    ),
    "cause": lambda case, agent, now: acts.record_diagnosis(
        case, diagnosis_id="diag_1", cause="key-revoked", probability=0.9, actor=SYSTEM
    ),
    "policies": lambda case, agent, now: sla.apply_policies(OFFICE, actor=SYSTEM),
    "other policies": lambda case, agent, now: sla.apply_policies(CLOCK, actor=SYSTEM),
    "aim": lambda case, agent, now: sla.aim_case(case.id, because="test", actor=SYSTEM),
    "answer for": lambda case, agent, now: _answer_for_breaches(case),
}
steps = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 200_000)), min_size=1, max_size=18
)


@pytest.mark.slow
class LiveClocks(TestCase):
    @hypothesis_settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
    )
    @given(steps=steps)
    def test_live_equals_recomputed(self, steps: list[tuple[str, int]]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            now = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
            agent = make_agent()
            case = make_case(at=now)
            for step, seconds in steps:
                now += timedelta(seconds=seconds)
                for module in (acts, delivery, placement, sla, tasks):
                    patch.setattr(module, "utc_now", lambda now=now: now)
                with suppress(TransitionRefused):
                    STEPS[step](case, agent, now)
                _check(case, now)
            _check(case, now + timedelta(days=9))


def _check(case: Case, now: datetime) -> None:
    live = {clock.key: settle(clock, now) for clock in ledger.stored_clocks(case)}
    log = {clock.key: clock for clock in queries.recomputed_clocks(case, now)}
    assert live == log
    fresh = queries.case_for_system(case.id)
    times = [event.at for event in queries.events_of(case)]
    assert times == sorted(times)
    assert fresh.message_count == queries.messages_of(case).count()
    last_move = queries.events_of(case).filter(kind="state.changed").last()
    assert fresh.state == (last_move.data["to"] if last_move else "ours")
    if fresh.state == "solved":
        assert fresh.next_due_at is None


@pytest.mark.django_db
def test_sweep_writes_each_breach_once_with_the_time_it_was_due() -> None:
    case = make_case(age=timedelta(hours=10))
    for _ in range(2):
        tasks.sweep_breaches({})
    events = [event for event in queries.events_of(case) if event.kind == "clock.breached"]
    assert [event.data["target"] for event in events] == ["first_reply"]
    clock = queries.clocks_of(case).get(target="first_reply")
    assert clock.state == Clock.State.BREACHED
    assert clock.breached_at == clock.due_at
    assert clock.breached_at < utc_now()


@pytest.mark.django_db
def test_mail_that_waited_unread_is_late_from_the_start() -> None:
    case = make_case(age=timedelta(hours=5))
    tasks.sweep_breaches({})
    assert queries.clocks_of(case).get(target="first_reply").state == "breached"
    assert case.opened_at < utc_now() - timedelta(hours=4)


@pytest.mark.django_db
def test_changed_target_leaves_running_clocks_alone(settings: Settings) -> None:
    old = make_case()
    settings.HEADWATER_FIRST_REPLY_SECONDS = 60
    new = make_case()
    assert queries.clocks_of(old).get(target="first_reply").target_seconds == 4 * 3600
    assert queries.clocks_of(new).get(target="first_reply").target_seconds == 60
    assert ledger.stored_clocks(old) == queries.recomputed_clocks(old, utc_now())
