"""Two cases become one and two again: nothing is lost or doubled, undoing restores."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from headwater.accounts.models import Agent
from headwater.cases import acts, delivery, ledger, links, merging, placement, queries, tasks
from headwater.cases import clocks as clock_rules
from headwater.cases.clocks import settle
from headwater.cases.errors import CaseError, TransitionRefused
from headwater.cases.models import Case, CaseEvent, Message
from headwater.cases.sla import acts as sla
from headwater.cases.sla.queries import counting
from tests.factories import MAIL, SYSTEM, incoming, make_agent, make_case

NOW = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
Step = Callable[[Case, Case, Agent, datetime], object]
STEPS: dict[str, Step] = {
    "merge": lambda a, b, agent, now: merging.merge_case(a, b, reason="same", actor=SYSTEM),
    "undo": lambda a, b, agent, now: merging.unmerge_case(a, actor=SYSTEM),
    "user": lambda a, b, agent, now: acts.add_user_message(a, incoming(at=now), actor=MAIL),
    "auto": lambda a, b, agent, now: acts.add_auto_message(a, incoming(at=now), actor=MAIL),
    "reply": lambda a, b, agent, now: acts.send_reply(a, "Hi", agent=agent, actor=SYSTEM),
    "note": lambda a, b, agent, now: acts.add_note(a, "Hm", agent=agent, actor=SYSTEM),
    "solve": lambda a, b, agent, now: acts.solve_case(a, cause="x", actor=SYSTEM),
    "reopen": lambda a, b, agent, now: acts.reopen_case(a, actor=SYSTEM),
    "engineering": lambda a, b, agent, now: acts.wait_on_engineering(a, actor=SYSTEM),
    "urgent": lambda a, b, agent, now: placement.set_priority(a, "high", reason="", actor=SYSTEM),
    "sweep": lambda a, b, agent, now: tasks.sweep_breaches({}),
    "link": lambda a, b, agent, now: links.link_cases(
        a, b, kind="related", reason="", actor=SYSTEM
    ),
}
# Merging and undoing more often than the rest.
_WORDS = [*sorted(STEPS), "merge", "undo", "merge", "undo"]
steps = st.lists(
    st.tuples(
        st.sampled_from(_WORDS), st.integers(0, 3), st.integers(0, 3), st.integers(0, 90_000)
    ),
    min_size=1,
    max_size=16,
)


def family(at: datetime | None = None, number: int = 4) -> list[Case]:
    """Cases of one person."""
    first = make_case(at=at)
    more = [
        acts.open_case(person=first.person, subject="Again", message=incoming(at=at), actor=MAIL)
        for _ in range(number - 1)
    ]
    return [first, *more]


def fresh(case: Case) -> Case:
    return queries.case_for_system(case.pk)


def at_time(patch: pytest.MonkeyPatch, now: datetime) -> None:
    for module in (acts, delivery, links, merging, placement, sla, tasks):
        patch.setattr(module, "utc_now", lambda: now)


@pytest.mark.slow
class Histories(TestCase):
    @hypothesis_settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
    )
    @given(steps=steps)
    def test_nothing_is_lost_or_doubled(self, steps: list[tuple[str, int, int, int]]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            now, agent, cases = NOW, make_agent(), family(NOW)
            written, before = len(cases), 0
            for word, first, second, seconds in steps:
                now += timedelta(seconds=seconds)
                at_time(patch, now)
                with suppress(TransitionRefused, CaseError):
                    STEPS[word](fresh(cases[first]), fresh(cases[second]), agent, now)
                    written += word in {"user", "auto", "reply", "note"}
                before = _check(cases, written, now, before)

    @hypothesis_settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
    )
    @given(steps=steps, seconds=st.integers(0, 90_000))
    def test_undoing_at_once_restores(
        self, steps: list[tuple[str, int, int, int]], seconds: int
    ) -> None:
        with pytest.MonkeyPatch.context() as patch:
            now, agent, cases = NOW, make_agent(), family(NOW)
            for word, first, second, more in steps:
                now += timedelta(seconds=more)
                at_time(patch, now)
                with suppress(TransitionRefused, CaseError):
                    STEPS[word](fresh(cases[first]), fresh(cases[second]), agent, now)
            now += timedelta(seconds=seconds)
            at_time(patch, now)
            for case in cases:
                acts.settle_clocks(case.pk, actor=SYSTEM, at=now)
            before = [_picture(case, now) for case in cases]
            case, into = fresh(cases[0]), fresh(cases[1])
            with suppress(CaseError):
                merging.merge_case(case, into, reason="", actor=SYSTEM)
                assert fresh(case).state == "merged"
                merging.unmerge_case(case, actor=SYSTEM)
            assert [_picture(case, now) for case in cases] == before


def _picture(case: Case, now: datetime) -> dict[str, Any]:
    """What a person sees of a case, and what is left of its promises."""
    case = fresh(case)
    own = (case.state, case.solved_at, case.snoozed_until, case.assignee_id, case.merged_into_id)
    clocks = {
        clock.key: (clock.state, clock.ended_at, clock_rules.left(clock, now, counting))
        for clock in ledger.stored_clocks(case)
        if clock.state != clock_rules.CARRIED
    }
    messages = [message.pk for message in queries.messages_of(case)]
    return {"own": own, "clocks": clocks, "messages": messages, "due": case.next_due_at}


def _check(cases: list[Case], written: int, now: datetime, before: int) -> int:
    cases = [fresh(case) for case in cases]
    standing = [case for case in cases if case.merged_into_id is None]
    shown = [message.pk for case in standing for message in queries.messages_of(case)]
    assert sorted(shown) == sorted(Message.objects.values_list("pk", flat=True))
    assert len(shown) == written
    for case in cases:
        assert case.has_merged == Case.objects.filter(merged_into=case).exists()
        assert (case.state == "merged") == (case.merged_into_id is not None)
        live = {clock.key: settle(clock, now) for clock in ledger.stored_clocks(case)}
        log = {clock.key: clock for clock in queries.recomputed_clocks(case, now)}
        assert live == log
        # Every promise to the user is kept in one case only.
        if case.state in Case.PAST:
            assert not [clock for clock in live.values() if clock.awaits]
    events = CaseEvent.objects.count()
    assert events >= before
    return events


@pytest.mark.django_db
def test_whatever_is_done_to_a_merged_case_is_done_to_the_other() -> None:
    first, second, third, _ = family()
    agent = make_agent()
    merging.merge_case(first, second, reason="same", actor=SYSTEM)
    merging.merge_case(second, third, reason="same", actor=SYSTEM)
    message = acts.add_user_message(first, incoming("More."), actor=MAIL)
    note = acts.add_note(second, "Seen", agent=agent, actor=SYSTEM)
    assert {message.case_id, note.case_id} == {third.pk}
    assert queries.standing_for(first.pk) == third
    assert len(queries.messages_of(fresh(third))) == 5
    merging.unmerge_case(first, actor=SYSTEM)
    assert [each.pk for each in queries.messages_of(fresh(first))] != []
    assert len(queries.messages_of(fresh(third))) == 4
    assert fresh(first).state == "ours"


@pytest.mark.django_db
def test_one_answer_keeps_the_promises_of_both() -> None:
    first, second, *_ = family()
    merging.merge_case(first, second, reason="same", actor=SYSTEM)
    acts.send_reply(second, "Both.", agent=make_agent(), actor=SYSTEM)
    merging.unmerge_case(first, actor=SYSTEM)
    clock = queries.clocks_of(first).get(target="first_reply")
    assert (clock.state, clock.origin) == ("met", "")


@pytest.mark.django_db
def test_what_cannot_be_merged_is_refused() -> None:
    first, second, third, _ = family()
    agent, other = make_agent(), make_case()
    merging.merge_case(first, second, reason="same", actor=SYSTEM)
    acts.send_reply(third, "Wait", agent=agent, actor=SYSTEM, hold_seconds=60)
    for case, into, said in [
        (second, second, "itself"),
        (first, third, "merged into"),
        (third, first, "merged into"),
        (second, other, "different people"),
        (third, second, "taken back"),
    ]:
        with pytest.raises(CaseError) as refused:
            merging.merge_case(case, into, reason="", actor=SYSTEM)
        assert said in refused.value.message
    with pytest.raises(CaseError, match="not merged"):
        merging.unmerge_case(third, actor=SYSTEM)
