"""Time spent: an agent has one line of time; corrections need a reason."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from headwater.accounts.models import Agent
from headwater.cases import merging
from headwater.cases.acts import open_case
from headwater.cases.effort import rules
from headwater.cases.effort.acts import correct_time, note_activity
from headwater.cases.effort.queries import seconds_of, time_spent
from headwater.cases.errors import CaseError
from headwater.cases.models import Case, CaseEvent, Stretch
from headwater.cli.main import cli
from tests.factories import SYSTEM, incoming, make_agent, make_case

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def beats(case: Case, agent: Agent, *seconds: int) -> None:
    for each in seconds:
        note_activity(case, agent, START + timedelta(seconds=each))


@pytest.mark.django_db
def test_pauses_do_not_count_and_two_tabs_count_once() -> None:
    case, agent = make_case(), make_agent()
    beats(case, agent, 0, 20, 40)
    assert seconds_of(case) == 40
    beats(case, agent, 45, 60, 65, 80)  # a second tab of the same case, between the beats
    assert seconds_of(case) == 80
    beats(case, agent, 400, 420)  # after a pause
    assert seconds_of(case) == 100
    assert Stretch.objects.count() == 2
    beats(case, agent, 410)  # late or out of order
    assert seconds_of(case) == 100


@pytest.mark.django_db
def test_two_cases_at_once_share_the_time() -> None:
    one, two, agent = make_case(), make_case(), make_agent()
    for second in range(0, 120, 20):
        beats(one, agent, second)
        beats(two, agent, second + 5)
    assert seconds_of(one) + seconds_of(two) <= 105
    assert seconds_of(one) > 0
    assert seconds_of(two) > 0
    other = make_agent("Another")
    beats(one, other, 0, 20)
    assert [round(row.seconds) for row in time_spent(one) if row.agent == other] == [20]


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 120)), max_size=30))
def test_no_second_counts_twice(steps: list[tuple[int, int]]) -> None:
    now, total, last = START, 0.0, dict[int, datetime]()
    for case, after in steps:
        now += timedelta(seconds=after)
        anywhere = max(last.values(), default=None)
        total += rules.counts_since(last.get(case), anywhere, now) or 0
        last[case] = now
    assert total <= (now - START).total_seconds()


@pytest.mark.django_db
def test_a_correction_keeps_what_was_measured_and_says_why() -> None:
    case, agent = make_case(), make_agent("Mia")
    beats(case, agent, 0, 30, 60)
    correct_time(case, agent, 600, reason="On the phone", actor=agent.actor())
    row = time_spent(case)[0]
    assert (row.measured, row.corrected, row.seconds) == (60, 600, 660)
    event = CaseEvent.objects.get(case=case, kind="time.corrected")
    assert event.data["reason"] == "On the phone"
    for seconds, reason, said in (
        (-700, "Forgot the tab", "Less than no time"),
        (0, "Nothing", "no correction"),
        (90_000, "A long day", "no correction"),
        (60, "  ", "Why"),
    ):
        with pytest.raises(CaseError, match=said):
            correct_time(case, agent, seconds, reason=reason, actor=agent.actor())
    assert seconds_of(case) == 660


@pytest.mark.django_db
def test_a_merged_case_brings_its_time() -> None:
    agent, one = make_agent(), make_case()
    two = open_case(person=one.person, subject="Again", message=incoming(), actor=SYSTEM)
    beats(one, agent, 0, 20)
    beats(two, agent, 100, 120)
    merging.merge_case(two, one, reason="The same", actor=SYSTEM)
    one.refresh_from_db()
    assert seconds_of(one) == 40
    merging.unmerge_case(two, actor=SYSTEM)
    one.refresh_from_db()
    assert seconds_of(one) == 20


@pytest.mark.django_db
def test_the_command() -> None:
    case, agent = make_case(), make_agent()
    run = CliRunner()
    assert "Nobody" in run.invoke(cli, ["cases", "time", case.pk]).output
    arguments = [
        "cases",
        "time",
        case.pk,
        "--correct",
        "5",
        "--reason",
        "Phone",
        "--as",
        agent.email,
    ]
    assert "300 s (measured 0, corrected by +300)" in run.invoke(cli, arguments).output
    assert '"seconds": 300' in run.invoke(cli, ["cases", "time", case.pk, "--json"]).output
