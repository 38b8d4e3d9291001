"""Whose turn it is, through the acts."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from headwater.cases import acts, delivery, queries, rules, tasks
from headwater.cases.errors import TransitionRefused
from headwater.cases.models import Case
from headwater.kit.clock import utc_now
from headwater.kit.jobs.models import Job
from headwater.kit.outbox import acts as outbox
from headwater.kit.outbox.queries import outgoing_about
from tests.factories import MAIL, SYSTEM, incoming, make_agent, make_case

pytestmark = pytest.mark.django_db


def _stay(case: Case) -> Case:
    return case


def _wait_for_user(case: Case) -> Case:
    return acts.send_reply(case, "Which id?", agent=make_agent(), actor=SYSTEM).case


def _wait_for_engineers(case: Case) -> Case:
    return acts.wait_on_engineering(case, actor=SYSTEM)


def _snooze(case: Case) -> Case:
    return acts.snooze_case(case, utc_now() + timedelta(hours=1), actor=SYSTEM)


def _solve(case: Case) -> Case:
    return acts.solve_case(case, cause="rate-limited", actor=SYSTEM)


INTO = {
    "ours": _stay,
    "waiting_user": _wait_for_user,
    "waiting_engineering": _wait_for_engineers,
    "snoozed": _snooze,
    "solved": _solve,
}


@pytest.mark.parametrize("state", rules.STATES)
def test_user_message_always_makes_it_our_turn(state: str) -> None:
    case = INTO[state](make_case())
    assert queries.case_for_system(case.id).state == state
    acts.add_user_message(case, incoming("Any news?"), actor=MAIL)
    case = queries.case_for_system(case.id)
    assert case.state == "ours"
    assert case.snoozed_until is None
    assert case.solved_at is None
    assert case.last_message_preview == "Any news?"


def test_machine_mail_changes_nobodys_turn() -> None:
    case = _wait_for_user(make_case())
    acts.add_auto_message(case, incoming("I am on holiday."), actor=MAIL)
    assert queries.case_for_system(case.id).state == "waiting_user"


@pytest.mark.parametrize(
    "again",
    [_solve, _snooze, _wait_for_engineers, lambda case: acts.take_back(case, actor=SYSTEM)],
)
def test_solved_case_refuses_other_acts(again: Callable[[Case], Case]) -> None:
    case = _solve(make_case())
    with pytest.raises(TransitionRefused):
        again(case)
    assert acts.reopen_case(case, actor=SYSTEM).state == "ours"


def test_reply_while_engineers_work_keeps_waiting_for_them() -> None:
    case = _wait_for_engineers(make_case())
    acts.send_reply(case, "They look into it.", agent=make_agent(), actor=SYSTEM)
    assert queries.case_for_system(case.id).state == "waiting_engineering"


def test_reply_and_solve_records_cause_and_area() -> None:
    case = make_case()
    acts.send_reply(
        case,
        "Fixed.",
        agent=make_agent(),
        actor=SYSTEM,
        solve=True,
        cause="webhook-endpoint-failing",
        cause_mode="WH-04",
        area="webhooks",
    )
    case = queries.case_for_system(case.id)
    assert (case.state, case.cause, case.cause_mode, case.area) == (
        "solved",
        "webhook-endpoint-failing",
        "WH-04",
        "webhooks",
    )
    assert case.next_due_at is None


def test_snoozed_case_wakes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    case = _snooze(make_case())
    tasks.wake_snoozed({})
    assert queries.case_for_system(case.id).state == "snoozed"
    later = utc_now() + timedelta(hours=2)
    monkeypatch.setattr(tasks, "utc_now", lambda: later)
    tasks.wake_snoozed({})
    assert queries.case_for_system(case.id).state == "ours"


def test_reply_that_could_not_be_delivered_comes_back_to_us() -> None:
    case = make_case()
    message = acts.send_reply(case, "Hello", agent=make_agent(), actor=SYSTEM)
    delivery.mark_failed(message, "550 no such user", actor=SYSTEM)
    case = queries.case_for_system(case.id)
    assert case.state == "ours"
    failed = queries.message_for_system(message.id)
    assert failed
    assert (failed.delivery, failed.delivery_error) == ("failed", "550 no such user")
    row = outgoing_about(message.id)
    assert row
    outbox.settle_failed(row.id, "550 no such user")
    delivery.resend_reply(failed, actor=SYSTEM)
    assert Job.objects.filter(name="channels.deliver_message").count() == 2


def test_delivery_is_marked_once() -> None:
    message = acts.send_reply(make_case(), "Hello", agent=make_agent(), actor=SYSTEM)
    for _ in range(2):
        delivery.mark_sent(message, actor=SYSTEM, rfc_message_id="<a@b>")
    kinds = [event.kind for event in queries.events_of(message.case)]
    assert kinds.count("delivery.sent") == 1


def test_contact_asks_for_one_diagnosis_and_reply_for_delivery() -> None:
    case = make_case()
    acts.add_user_message(case, incoming("More"), actor=MAIL)
    assert Job.objects.filter(name="diagnosis.diagnose_case").count() == 1
    message = acts.send_reply(case, "Hello", agent=make_agent(), actor=SYSTEM)
    assert Job.objects.get(name="channels.deliver_message").payload == {"message_id": message.id}


def test_columns_follow_the_conversation() -> None:
    case = make_case(body="First\n  words " + "x" * 400)
    agent = make_agent()
    acts.add_note(case, "internal", agent=agent, actor=SYSTEM)
    case = queries.case_for_system(case.id)
    assert case.message_count == 2
    assert case.last_message_direction == "in"
    assert case.last_message_preview.startswith("First words xxx")
    assert len(case.last_message_preview) == rules.PREVIEW_LENGTH
    acts.send_reply(case, "Answer", agent=agent, actor=SYSTEM)
    case = queries.case_for_system(case.id)
    assert (case.last_message_direction, case.last_message_preview) == ("out", "Answer")


def test_characters_that_a_store_refuses_are_dropped() -> None:
    case = make_case(body="a\x00b\ud800c")
    assert queries.messages_of(case).get().body == "ab?c"
