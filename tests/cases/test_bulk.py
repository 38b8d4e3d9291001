"""Many cases at once: what the preview says happens, once, and undoing restores."""

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from headwater.accounts.models import Agent
from headwater.cases import acts, merging, placement, queries
from headwater.cases.errors import CaseError, TransitionRefused
from headwater.cases.escalated import hand_over
from headwater.cases.handling import bulk, fields, restoring, tags
from headwater.cases.handling.changes import Changes, checked
from headwater.cases.models import BulkItem, Case, CaseEvent, Message, Queue
from headwater.kit.clock import utc_now
from headwater.kit.jobs.models import Job
from headwater.kit.jobs.worker import run_worker
from tests.factories import MAIL, SYSTEM, incoming, make_agent, make_case

pytestmark = pytest.mark.django_db


def work() -> None:
    """Runs every job that is due, as a worker does."""
    Job.objects.exclude(name__startswith="cases.bulk").delete()
    run_worker(threading.Event(), once=True)


def done(agent: Agent, cases: list[Case], changes: Changes) -> bulk.BulkAct:
    made = bulk.start_bulk(agent, [case.pk for case in cases], changes, entrance="desk")
    work()
    return bulk.bulk_by_id(made.pk)


def undone(made: bulk.BulkAct, agent: Agent) -> dict[str, str]:
    bulk.undo_bulk(made.pk, agent=agent, entrance="desk")
    work()
    assert bulk.bulk_by_id(made.pk).state == "undone"
    return {item.case_id: item.reason for item in bulk.items_of(made)}


def fresh(case: Case) -> Case:
    return queries.case_for_system(case.pk)


def test_the_preview_says_what_then_happens() -> None:
    agent, other = make_agent("Mia"), make_agent("Sam")
    Queue.objects.create(id="payouts", name="Payouts")
    tags.know_tag("vip", actor=SYSTEM)
    plain, taken, solved, merged = (make_case() for _ in range(4))
    acts.assign_case(taken, other, actor=SYSTEM)
    acts.solve_case(solved, cause="x", actor=SYSTEM)
    Case.objects.filter(pk=merged.pk).update(person=plain.person)
    merging.merge_case(fresh(merged), fresh(plain), reason="", actor=SYSTEM)
    cases = [plain, taken, solved, merged]
    changes = Changes(assignee=other.pk, queue="payouts", add_tags=("VIP",), snooze="reply")
    plans = {p.case.pk: p for p in bulk.preview(agent, [c.pk for c in cases], changes)}
    assert [step.what for step in plans[plain.pk].steps] == ["queue", "tags", "assignee", "state"]
    assert plans[plain.pk].steps[2].after == "Sam"
    assert [step.what for step in plans[taken.pk].steps] == ["queue", "tags", "state"]
    assert plans[solved.pk].reason == "The case is solved; reopen it before snoozing it."
    assert plans[merged.pk].reason == f"It is merged into {plain.pk}."
    assert fresh(plain).queue_id is None  # nothing has happened yet
    made = done(agent, cases, changes)
    assert made.state == "done"
    for item in bulk.items_of(made):
        assert (item.state, item.reason) == (plans[item.case_id].state, plans[item.case_id].reason)
    after = fresh(plain)
    assert (after.queue_id, after.assignee_id, after.snoozed_for) == ("payouts", other.pk, "reply")
    assert fresh(solved).queue_id is None  # all of it or none
    by = queries.events_of(plain).filter(kind="case.queued").values_list("actor_id", "entrance")
    assert list(by) == [(agent.pk, "desk")]


def test_undo_restores_what_is_still_as_it_was_left() -> None:
    agent, sam = make_agent("Mia"), make_agent("Sam")
    tags.know_tag("vip", actor=SYSTEM)
    same, touched = make_case(), make_case()
    changes = Changes(assignee=agent.pk, priority="high", add_tags=("vip",), solve="x")
    before = restoring.snapshot(fresh(same))
    made = done(agent, [same, touched], changes)
    acts.assign_case(touched, sam, actor=SYSTEM)
    tags.remove_tags(touched, ["vip"], actor=SYSTEM)
    acts.reopen_case(touched, actor=SYSTEM)
    said = undone(made, sam)
    assert bulk.counts_of(made) == {"left": 1, "restored": 1}
    now = restoring.snapshot(fresh(same))
    assert {**now, "turn": now["turn"]["state"]} == {**before, "turn": "ours"}
    assert now["turn"]["cause"] == ""
    assert said[same.pk] == ""
    assert said[touched.pk] == (
        "Somebody changed the assignee since. Somebody changed the tag vip since. "
        "Somebody changed the state since."
    )
    kept = fresh(touched)
    assert (kept.assignee_id, kept.priority, kept.state) == (sam.pk, "normal", "ours")
    with pytest.raises(CaseError, match="undone already"):
        bulk.undo_bulk(made.pk, agent=sam, entrance="desk")


@pytest.mark.parametrize("change", [{"snooze": "reply"}, {"solve": "x", "area": "payouts"}])
@pytest.mark.parametrize("state", ["ours", "waiting_user", "waiting_engineering", "snoozed"])
def test_undo_gives_the_turn_back_to_whom_it_was(state: str, change: dict[str, str]) -> None:
    agent, case = make_agent(), make_case()
    later = utc_now() + timedelta(days=1)
    if state == "waiting_user":
        acts.send_reply(case, "Which id?", agent=agent, actor=SYSTEM)
    elif state == "waiting_engineering":
        acts.wait_on_engineering(case, actor=SYSTEM)
    elif state == "snoozed":
        acts.snooze_case(case, later, actor=SYSTEM)
    was = fresh(case)
    clocks = {c.key: (c.state, c.due_at) for c in bulk.ledger.stored_clocks(case)}
    made = done(agent, [case], Changes(**change))  # type: ignore[arg-type]
    assert fresh(case).state != state or change == {"snooze": "reply"}
    assert undone(made, agent) == {case.pk: ""}
    now = fresh(case)
    for name in ("state", "snoozed_until", "snoozed_for", "cause", "area", "solved_at"):
        assert getattr(now, name) == getattr(was, name), name
    if "snooze" in change:
        assert {c.key: (c.state, c.due_at) for c in bulk.ledger.stored_clocks(case)} == clocks
    log = {clock.key: clock for clock in queries.recomputed_clocks(now, utc_now())}
    assert log == {clock.key: clock for clock in bulk.ledger.stored_clocks(now)}


def test_a_piece_that_dies_half_way_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    agent, cases = make_agent(), [make_case() for _ in range(7)]
    monkeypatch.setattr(bulk, "PIECE", 3)
    made = bulk.start_bulk(
        agent, [case.pk for case in cases], Changes(assignee=agent.pk), entrance="cli"
    )
    right, calls = bulk._change, []

    def dies_at_times(item: BulkItem, *args: Any, **kwargs: Any) -> None:
        calls.append(item.case_id)
        if len(calls) in (2, 7):
            raise MemoryError("killed")
        right(item, *args, **kwargs)

    monkeypatch.setattr(bulk, "_change", dies_at_times)
    for _ in range(3):
        work()
        Job.objects.update(run_at=utc_now())
    assert bulk.bulk_by_id(made.pk).state == "done"
    assert len(calls) > len(cases)
    for case in cases:
        assert queries.events_of(case).filter(kind="case.assigned").count() == 1


def test_one_that_still_runs_stops_when_it_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    agent, cases = make_agent(), [make_case() for _ in range(4)]
    monkeypatch.setattr(bulk, "PIECE", 2)
    made = bulk.start_bulk(
        agent, [case.pk for case in cases], Changes(priority="low"), entrance="cli"
    )
    bulk.run_piece(made.pk)
    undone(made, agent)
    assert bulk.counts_of(made) == {"left": 2, "restored": 2}
    assert {fresh(case).priority for case in cases} == {"normal"}


def test_required_fields_and_dismissed_agents() -> None:
    agent, case, ready = make_agent(), make_case(), make_case()
    queue = Queue.objects.create(id="payouts", name="Payouts")
    fields.define_field("mode", label="Mode", kind="text", actor=SYSTEM)
    fields.offer_field("mode", queue, required=True, actor=SYSTEM)
    placement.move_to_queue(ready, queue, reason="", actor=SYSTEM)
    fields.set_field(ready, "mode", "live", actor=SYSTEM)
    # It counts in which queue the case will lie.
    plans = bulk.preview(agent, [case.pk, ready.pk], Changes(solve="x", queue="payouts"))
    assert [(p.state, p.reason) for p in plans] == [
        ("refused", "Before it can be solved, fill in: Mode."), ("changed", ""),
    ]  # fmt: skip
    made = bulk.start_bulk(agent, [case.pk], Changes(solve="x"), entrance="desk")
    agent.is_active = False
    agent.save()
    work()
    assert [item.reason for item in bulk.items_of(made)] == [f"{agent.name} is no longer active."]
    assert fresh(case).state == "ours"


@pytest.mark.parametrize(
    "changes",
    [Changes(), Changes(reason="why"), Changes(priority="huge"), Changes(snooze="never"),
     Changes(snooze="reply", solve="x"), Changes(solve=" "), Changes(queue="nowhere"),
     Changes(assignee="agt_nobody"), Changes(add_tags=("unknown",)), Changes(add_tags=("a;",)),
     Changes(add_tags=("a",), remove_tags=("A",)), Changes(snooze="2999-01-01T00:00:00")],
)  # fmt: skip
def test_changes_that_make_no_sense_are_refused(changes: Changes) -> None:
    with pytest.raises(CaseError):
        bulk.preview(make_agent(), [make_case().pk], changes)


@pytest.mark.django_db
def test_until_an_escalation_moves_only_where_there_is_one() -> None:
    agent, plain, handed = make_agent(), make_case(), make_case()
    hand_over(handed, {"escalation_id": "esc_1"}, actor=SYSTEM)
    changes = Changes(snooze="escalation")
    plans = bulk.preview(agent, [plain.pk, handed.pk], changes)
    assert [plan.state for plan in plans] == ["refused", "changed"]
    done(agent, [plain, handed], changes)
    assert (fresh(plain).state, fresh(handed).state) == ("ours", "snoozed")


def test_changes_survive_storing() -> None:
    changes = checked(
        Changes(assignee="", queue="x", add_tags=("A b",), remove_tags=("c",), solve="y", area="z")
    )
    assert Changes.read(changes.as_json()) == changes
    assert changes.add_tags == ("a-b",)


Touch = Callable[[Case, Agent], object]
TOUCHES: dict[str, Touch] = {
    "assign": lambda case, agent: acts.assign_case(case, agent, actor=SYSTEM),
    "note": lambda case, agent: acts.add_note(case, "Hm", agent=agent, actor=SYSTEM),
    "user": lambda case, agent: acts.add_user_message(case, incoming(), actor=MAIL),
    "reply": lambda case, agent: acts.send_reply(case, "Hi", agent=agent, actor=SYSTEM),
    "urgent": lambda case, agent: placement.set_priority(case, "urgent", reason="", actor=SYSTEM),
    "tag": lambda case, agent: tags.add_tags(case, ["a"], new=True, actor=SYSTEM),
    "untag": lambda case, agent: tags.remove_tags(case, ["a", "b"], actor=SYSTEM),
    "take back": lambda case, agent: acts.take_back(case, actor=SYSTEM),
    "reopen": lambda case, agent: acts.reopen_case(case, actor=SYSTEM),
    "solve": lambda case, agent: acts.solve_case(case, cause="y", actor=SYSTEM),
    "engineering": lambda case, agent: acts.wait_on_engineering(case, actor=SYSTEM),
    "queue": lambda case, agent: placement.move_to_queue(
        case, Queue.objects.get(pk="one"), reason="", actor=SYSTEM
    ),
}
touches = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(sorted(TOUCHES))), max_size=6)
some = st.fixed_dictionaries(
    {},
    optional={
        "assignee": st.sampled_from(["me", ""]), "queue": st.sampled_from(["one", "two", ""]),
        "priority": st.sampled_from(["low", "urgent"]), "add_tags": st.just(("a",)),
        "remove_tags": st.just(("b",)), "move": st.sampled_from(["reply", "escalation", "solve"]),
    },
).filter(bool)  # fmt: skip


@pytest.mark.slow
class AnyHistory(TestCase):
    @hypothesis_settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
    )
    @given(before=touches, wanted=some, between=touches, chosen=st.sets(st.integers(0, 3)))
    def test_nothing_is_lost_or_doubled_and_undo_restores(
        self,
        before: list[tuple[int, str]],
        wanted: dict[str, Any],
        between: list[tuple[int, str]],
        chosen: set[int],
    ) -> None:
        agent = make_agent()
        for name in ("one", "two"):
            Queue.objects.get_or_create(id=name, defaults={"name": name})
        for name in ("a", "b"):
            tags.know_tag(name, actor=SYSTEM)
        cases = [make_case() for _ in range(4)]
        tags.add_tags(cases[0], ["b"], actor=SYSTEM)
        _touch(before, cases, agent)
        stood = [restoring.snapshot(fresh(case)) for case in cases]
        changes = _changes(wanted, agent)
        ids = [case.pk for number, case in enumerate(cases) if number in chosen]
        if not ids:
            return
        counted = _counted()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bulk, "PIECE", 2)
            made = done(agent, [case for case in cases if case.pk in ids], changes)
            changed = {i.case_id for i in bulk.items_of(made) if i.state == "changed"}
            left = [restoring.snapshot(fresh(case)) for case in cases]
            assert {case.pk for case, a, b in zip(cases, stood, left, strict=True) if a != b} == (
                changed
            )
            _touch(between, cases, agent)
            moved = [restoring.snapshot(fresh(case)) for case in cases]
            undone(made, agent)
        now = [restoring.snapshot(fresh(case)) for case in cases]
        for number, case in enumerate(cases):
            for name in ("assignee", "queue", "priority", "turn"):
                untouched = moved[number][name] == left[number][name]
                back = case.pk in changed and untouched
                expected = stood[number][name] if back else moved[number][name]
                assert _shown(now[number][name]) == _shown(expected), (name, case.pk)
            log = {each.key: each for each in queries.recomputed_clocks(case, utc_now())}
            live = bulk.ledger.stored_clocks(case)
            assert {each.key: clock_now(each) for each in live} == log
        after = _counted()
        for kind, count in counted.items():
            assert after[kind] >= count
        assert after["messages"] == counted["messages"] + sum(
            name in ("note", "user", "reply") for _, name in between
        )


def clock_now(clock: Any) -> Any:
    from headwater.cases.clocks import settle

    return settle(clock, utc_now())


def _changes(wanted: dict[str, Any], agent: Agent) -> Changes:
    given = dict(wanted)
    move = given.pop("move", None)
    if given.get("assignee") == "me":
        given["assignee"] = agent.pk
    given |= {"solve": "x"} if move == "solve" else {"snooze": move} if move else {}
    return Changes(**given)


def _touch(steps: list[tuple[int, str]], cases: list[Case], agent: Agent) -> None:
    for number, name in steps:
        with suppress(TransitionRefused):
            TOUCHES[name](cases[number], agent)


def _shown(value: Any) -> Any:
    """A restored turn began just now; everything else of it is as it was."""
    return (
        {k: v for k, v in value.items() if k != "state_since"} if isinstance(value, dict) else value
    )


def _counted() -> Counter[str]:
    kinds = Counter(CaseEvent.objects.values_list("kind", flat=True))
    return kinds + Counter({"messages": Message.objects.count()})
