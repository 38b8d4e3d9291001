"""Who hears of a case, and what ends a snooze."""

from datetime import timedelta

import pytest

from headwater.cases import acts, queries, tasks
from headwater.cases.errors import CaseError, TransitionRefused
from headwater.cases.escalated import hand_over
from headwater.cases.handling import following, snoozing
from headwater.cases.queries import case_for_system
from headwater.kit.clock import utc_now
from tests.factories import MAIL, SYSTEM, incoming, make_agent, make_case

pytestmark = pytest.mark.django_db


def kinds(agent: object) -> list[list[str]]:
    return [[event.kind for event in each.events] for each in following.news_for(agent)]  # type: ignore[arg-type]


def test_a_follower_hears_what_others_do_until_it_was_seen() -> None:
    case, other = make_case(), make_case()
    mia, sam = make_agent("Mia"), make_agent("Sam")
    for _ in range(2):
        following.follow_case(case, mia, actor=mia.actor())
    assert kinds(mia) == []
    acts.add_note(case, "Mine.", agent=mia, actor=mia.actor())
    acts.add_note(case, "Look.", agent=sam, actor=sam.actor())
    acts.add_note(other, "Elsewhere.", agent=sam, actor=sam.actor())
    # A second follower of the same case with a mark of their own.
    following.follow_case(case, sam, actor=sam.actor())
    acts.add_user_message(case, incoming(), actor=MAIL)
    assert kinds(mia) == [["note.added", "message.received"]]
    assert kinds(sam) == [["message.received"]]
    (news,) = following.news_for(mia)
    acts.assign_case(case, sam, actor=sam.actor())
    following.mark_seen(case, mia, up_to=news.last_event_id)
    following.mark_seen(case, mia, up_to=1)
    assert kinds(mia) == [["case.assigned"]]
    following.unfollow_case(case, mia, actor=mia.actor())
    assert kinds(mia) == []
    told = [e.kind for e in queries.events_of(case) if "follow" in e.kind]
    assert told == ["case.followed", "case.followed", "case.unfollowed"]


def test_an_agent_who_left_hears_nothing() -> None:
    case, mia = make_case(), make_agent("Mia")
    following.follow_case(case, mia, actor=SYSTEM)
    acts.add_user_message(case, incoming(), actor=MAIL)
    mia.is_active = False
    assert following.news_for(mia) == []


def test_until_a_reply_no_time_wakes_it_but_the_user_does() -> None:
    case = snoozing.snooze_for(make_case(), "reply", actor=SYSTEM)
    tasks.wake_snoozed({})
    assert not snoozing.wake_for_escalation(case.pk, actor=SYSTEM)
    assert case_for_system(case.pk).state == "snoozed"
    acts.add_auto_message(case, incoming(), actor=MAIL)
    assert case_for_system(case.pk).snoozed_for == "reply"
    acts.add_user_message(case, incoming(), actor=MAIL)
    after = case_for_system(case.pk)
    assert (after.state, after.snoozed_for, after.snoozed_until) == ("ours", "", None)


def test_until_an_escalation_moves() -> None:
    case = make_case()
    with pytest.raises(CaseError, match="never escalated"):
        snoozing.snooze_for(case, "escalation", actor=SYSTEM)
    hand_over(case, {"escalation_id": "esc_1"}, actor=SYSTEM)
    snoozing.snooze_for(case, "escalation", actor=SYSTEM)
    assert snoozing.wake_for_escalation(case.pk, actor=SYSTEM)
    assert not snoozing.wake_for_escalation(case.pk, actor=SYSTEM)
    assert case_for_system(case.pk).state == "ours"
    last = queries.events_of(case).filter(kind="state.changed").last()
    assert last is not None
    assert last.data["because"] == "escalation"


def test_at_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    soon = utc_now() + timedelta(hours=1)
    case = snoozing.snooze_for(make_case(), "reply", latest=soon, actor=SYSTEM)
    tasks.wake_snoozed({})
    assert case_for_system(case.pk).state == "snoozed"
    monkeypatch.setattr(tasks, "utc_now", lambda: soon + timedelta(seconds=1))
    tasks.wake_snoozed({})
    assert case_for_system(case.pk).state == "ours"


def test_what_cannot_be_waited_for_is_refused() -> None:
    case = make_case()
    with pytest.raises(CaseError, match="reply, escalation"):
        snoozing.snooze_for(case, "christmas", actor=SYSTEM)
    with pytest.raises(CaseError, match="passed"):
        snoozing.snooze_for(case, "reply", latest=utc_now() - timedelta(1), actor=SYSTEM)
    acts.solve_case(case, cause="x", actor=SYSTEM)
    with pytest.raises(TransitionRefused):
        snoozing.snooze_for(case, "reply", actor=SYSTEM)
    assert case_for_system(case.pk).snoozed_for == ""
