"""The lead's board: what is counted, what would move, and that undoing gives everything back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from headwater.accounts.acts import set_work
from headwater.accounts.models import Agent
from headwater.cases import acts
from headwater.cases.errors import RoutingRefused
from headwater.cases.models import Case, CaseEvent
from headwater.cases.routing.board import Board, board
from headwater.cases.routing.rebalancing import Pressing, plan_moves
from headwater.cases.routing.rules import Candidate, QueueRules
from headwater.cases.routing.spreading import spread_cases, undo_spread
from headwater.cli.main import cli
from headwater.kit.clock import utc_now
from tests.factories import SYSTEM, make_agent, make_case

QUEUE = QueueRules("Any", "load")
PEOPLE = st.lists(
    st.builds(
        Candidate,
        id=st.sampled_from([f"agt_{n}" for n in range(5)]),
        name=st.just("Somebody"),
        skills=st.sampled_from([(), ("payouts",)]),
        languages=st.sampled_from([(), ("de",), ("en",)]),
        capacity=st.none() | st.integers(1, 6),
        load=st.integers(0, 8),
        works_now=st.booleans(),
        last_given_at=st.none(),
    ),
    unique_by=lambda one: one.id,
    max_size=5,
)
PRESSING = st.lists(
    st.builds(
        Pressing,
        case_id=st.integers(0, 10_000).map(lambda n: f"case_{n}"),
        owner=st.none() | st.sampled_from([f"agt_{n}" for n in range(6)]),
        queue=st.sampled_from([QUEUE, QueueRules("Payouts", "load", ("payouts",))]),
        language=st.sampled_from(["", "de"]),
        weight=st.integers(1, 3),
    ),
    unique_by=lambda one: one.case_id,
    max_size=12,
)


@given(PRESSING, PEOPLE)
def test_nobody_gets_what_they_cannot_take(
    pressing: list[Pressing], people: list[Candidate]
) -> None:
    load = {one.id: one.load for one in people}
    by_id, cases = {one.id: one for one in people}, {one.case_id: one for one in pressing}
    moves = plan_moves(pressing, people)
    assert len({move.case_id for move in moves}) == len(moves)
    for move in moves:
        case, to = cases[move.case_id], by_id[move.to]
        owner = by_id.get(case.owner or "")
        assert move.to != case.owner
        assert to.works_now
        assert to.capacity is not None
        assert set(case.queue.skills) <= set(to.skills)
        load[to.id] += case.weight
        assert load[to.id] <= to.capacity
        # Whose hands are free to act in time keeps what they have.
        if owner is None or not owner.works_now:
            continue
        assert owner.capacity is not None
        assert load[owner.id] > owner.capacity
        load[owner.id] -= case.weight
    again = [
        replace(one, owner=next((m.to for m in moves if m.case_id == one.case_id), one.owner))
        for one in pressing
    ]
    after = [replace(one, load=load[one.id]) for one in people]
    moved = {move.case_id for move in moves}
    assert not [move for move in plan_moves(again, after) if move.case_id in moved]


def agent(name: str, capacity: int | None, *, away: bool = False) -> Agent:
    made = make_agent(name)
    until = utc_now() + timedelta(days=1) if away else None
    return set_work(made.email, capacity=capacity, away_until=until)


def now_board() -> Board:
    return board(Case.objects.all(), utc_now(), 8)


@pytest.mark.django_db
def test_what_is_counted_and_what_changes_hands() -> None:
    away, free = agent("Away", 5, away=True), agent("Free", 2)
    late = make_case(age=timedelta(days=2))
    acts.assign_case(late, away, actor=SYSTEM)
    orphan, third = make_case(age=timedelta(hours=5)), make_case(age=timedelta(hours=4))
    found = now_board()
    rows = {one.agent.name: one for one in found.people}
    assert (rows["Away"].ours, rows["Away"].late, rows["Away"].works_now) == (1, 1, False)
    assert found.free is not None
    assert found.free.ours == 2
    assert [case.pk for case in found.pressing] == [late.pk, orphan.pk, third.pk]
    # Room for two only.
    assert [(move.case_id, move.to) for move in found.moves] == [
        (late.pk, free.pk),
        (orphan.pk, free.pk),
    ]
    acts.assign_case(orphan, away, actor=SYSTEM)  # somebody was faster
    done = spread_cases(found.moves, actor=SYSTEM)
    assert done is not None
    assert done.moves == [{"case": late.pk, "from": away.pk, "to": free.pk}]
    event = CaseEvent.objects.filter(case=late, kind="case.assigned").latest("id")
    assert event.data["because"] == "Away does not work now"
    assert undo_spread(done.pk, actor=SYSTEM) == (1, 0)
    late.refresh_from_db()
    assert late.assignee == away
    with pytest.raises(RoutingRefused, match="undone before"):
        undo_spread(done.pk, actor=SYSTEM)
    with pytest.raises(RoutingRefused, match="not known"):
        undo_spread("spread_nope", actor=SYSTEM)


@pytest.mark.django_db
def test_undoing_leaves_what_moved_on() -> None:
    agent("Free", 5)
    one, two = make_case(age=timedelta(days=1)), make_case(age=timedelta(days=1))
    done = spread_cases(now_board().moves, actor=SYSTEM)
    assert done is not None
    acts.assign_case(two, make_agent("Other"), actor=SYSTEM)
    assert undo_spread(done.pk, actor=SYSTEM) == (1, 1)
    assert Case.objects.get(pk=one.pk).assignee is None
    assert Case.objects.get(pk=two.pk).assignee is not None


@pytest.mark.django_db
def test_the_command() -> None:
    agent("Free", 5)
    make_case(age=timedelta(days=1))
    shown = CliRunner().invoke(cli, ["routing", "board", "--spread"], catch_exceptions=False)
    assert "it had no owner" in shown.output
    spread_id = shown.output.split("--undo ")[1].split(" ")[0]
    shown = CliRunner().invoke(cli, ["routing", "board", "--undo", spread_id])
    assert "1 went back, 0 stay" in shown.output
    shown = CliRunner().invoke(cli, ["routing", "board", "--json"])
    assert '"n_pressing": 1' in shown.output
