"""A case goes to a team's tracker and back, over real HTTP, with each kind of tracker."""

from datetime import timedelta

import pytest

from headwater.cases.acts import open_case, save_draft, solve_case, wait_on_engineering
from headwater.cases.errors import TransitionRefused
from headwater.cases.handling.snoozing import snooze_for
from headwater.cases.merging import merge_case
from headwater.cases.models import Case, Message
from headwater.cases.queries import draft_of, recomputed_clocks
from headwater.diagnosis.errors import InvestigationRefused
from headwater.diagnosis.watch.acts import link_case, open_problem_by_hand
from headwater.escalation import acts, queries, tracking
from headwater.escalation.errors import EscalationRefused
from headwater.escalation.models import Escalation, EscalationComment
from headwater.kit.clock import parse_utc, utc_now
from tests.escalation.conftest import AGENT, World, work
from tests.factories import MAIL, SYSTEM, incoming, make_case


def _text(world: World) -> str:
    """All that the tracker was sent."""
    return "\n".join(str(asked.content) for asked in world.fake.asked)


def test_there_and_back(world: World) -> None:
    made = world.escalate()
    world.case.refresh_from_db()
    assert world.case.state == Case.State.WAITING_ENGINEERING
    opened = world.case.events.get(kind="escalation.opened").data
    assert parse_utc(opened["next_update_at"]) == made.next_update_at
    assert opened["team"] == "engineering"

    work()
    made = world.fresh(made)
    assert world.fake.ids() == [made.issue_id]
    assert made.issue_url.startswith("http")
    assert made.state == "open"
    sent = _text(world)
    for words in ("Please look at the endpoint.", "we_1Qx9Lm20", "from webhook_endpoints e"):
        assert words in sent, words
    # Whoever works there does not learn who wrote.
    assert "priya@northwind.example" not in sent

    world.fake.assign(1, "dana")
    world.fake.remark(1, "Thinking aloud, not for support.", "dana")
    world.fake.remark(1, "Found it.\n/support We see it too.\nA fix goes out tonight.", "dana")
    assert world.deliver().status_code == 200
    work()
    made = world.fresh(made)
    assert (made.state, made.assignee) == ("working", "dana")
    note = world.case.messages.get(kind=Message.Kind.NOTE)
    assert note.body == "We see it too.\nA fix goes out tonight."
    assert note.author_name == "dana (Engineering)"
    assert made.next_update_at and made.next_update_at > utc_now() + timedelta(hours=3, minutes=55)

    comment = acts.send_comment(made, "The user asks how long it takes.", agent=world.agent,
                                actor=AGENT)  # fmt: skip
    work()
    comment.refresh_from_db()
    assert comment.remote_id and comment.sent_at
    # Our own comment does not come back to us as news.
    acts.ask_for_reading(made.pk)
    work()
    assert EscalationComment.objects.filter(direction="in").count() == 1

    world.fake.close_issue(1)
    assert world.deliver().status_code == 200
    work()
    made = world.fresh(made)
    assert (made.state, made.next_update_at) == ("fixed", None)
    world.case.refresh_from_db()
    assert world.case.state == Case.State.OURS
    draft = draft_of(world.case)
    assert draft and draft.body.startswith("Hello Priya,") and "is fixed" in draft.body
    assert world.case.events.get(kind="escalation.closed").data["next_update_at"] is None


def test_closed_without_a_change_says_so(world: World) -> None:
    made = world.escalate()
    work()
    world.fake.close_issue(1, "not_planned")
    world.deliver()
    work()
    assert world.fresh(made).state == "declined"
    draft = draft_of(world.case)
    assert draft and "without a change" in draft.body


def test_all_that_wait_come_back_and_words_of_an_agent_stay(world: World) -> None:
    made = world.escalate()
    second, third, solved = make_case(), make_case(), make_case()
    for other in (second, third, solved):
        acts.join_escalation(made, other, actor=AGENT)
    acts.join_escalation(made, second, actor=AGENT)
    save_draft(third, "My own words.", author="agent", actor=AGENT)
    solve_case(solved, cause="unknown", actor=AGENT)
    work()
    world.fake.remark(1, "/support: on it", "dana")
    world.fake.close_issue(1)
    world.deliver()
    work()
    states = {}
    for other in (world.case, second, third, solved):
        other.refresh_from_db()
        states[other.pk] = other.state
        assert other.events.filter(kind="escalation.closed").count() == 1
        assert other.messages.filter(kind=Message.Kind.NOTE).count() == 1
    assert states == {world.case.pk: "ours", second.pk: "ours", third.pk: "ours",
                      solved.pk: "solved"}  # fmt: skip
    drafts = [draft_of(other) for other in (second, third, solved)]
    assert drafts[0] and "is fixed" in drafts[0].body
    assert drafts[1] and drafts[1].body == "My own words."
    assert drafts[2] is None


def test_taking_it_back_closes_the_issue_and_can_be_undone(world: World) -> None:
    made = world.escalate()
    work()
    acts.withdraw_escalation(made, reason="The user found it.", actor=AGENT)
    world.case.refresh_from_db()
    assert world.case.state == Case.State.OURS
    kept = draft_of(world.case)
    assert kept is None or "team" not in kept.body
    work()
    made = world.fresh(made)
    assert (made.state, made.pushing) == ("withdrawn", False)
    # The tracker says "closed as not planned" now; that is our own doing and no news.
    acts.ask_for_reading(made.pk)
    work()
    assert world.fresh(made).state == "withdrawn"

    acts.reopen_escalation(made, actor=AGENT)
    made = world.fresh(made)
    assert made.next_update_at is not None
    world.case.refresh_from_db()
    assert world.case.state == Case.State.WAITING_ENGINEERING
    # A reading from before our change arrived must not close it again.
    acts.ask_for_reading(made.pk)
    work()
    made = world.fresh(made)
    assert (made.state, made.pushing) == ("open", False)
    with pytest.raises(EscalationRefused):
        acts.reopen_escalation(made, actor=AGENT)


def test_taken_back_before_it_was_opened_there(world: World) -> None:
    made = world.escalate()
    acts.withdraw_escalation(made, reason="A mistake.", actor=AGENT)
    work()
    assert world.fake.ids() == []
    acts.reopen_escalation(made, actor=AGENT)
    work()
    assert len(world.fake.ids()) == 1


def test_reopened_there_is_live_again_here(world: World) -> None:
    made = world.escalate()
    work()
    world.fake.close_issue(1)
    world.deliver()
    work()
    world.fake.reopen(1)
    world.deliver()
    work()
    made = world.fresh(made)
    assert made.state == "open" and made.next_update_at is not None
    # What said that it is fixed must not be sent any more.
    assert draft_of(world.case) is None
    assert world.case.events.filter(kind="escalation.updated", data__by="reopened").count() == 1


def test_what_was_said_before_the_issue_was_there_follows(world: World) -> None:
    made = world.escalate()
    acts.send_comment(
        made, "One more thing: mail ada@shop.example.", agent=world.agent, actor=AGENT
    )
    work()
    comment = EscalationComment.objects.get()
    assert comment.remote_id is not None
    assert "ada@shop.example" not in _text(world)


def test_a_promise_is_kept_as_it_is_renewed(on_github: World) -> None:
    world = on_github
    made = world.escalate()
    later = utc_now() + timedelta(days=2)
    acts.promise_update(made, later, actor=AGENT)
    told = world.case.events.filter(kind="escalation.updated").latest("id").data
    assert parse_utc(told["next_update_at"]) == later
    for wrong in (utc_now() - timedelta(seconds=1), utc_now() + timedelta(days=400)):
        with pytest.raises(EscalationRefused):
            acts.promise_update(made, wrong, actor=AGENT)


def test_two_teams_at_once(on_github: World) -> None:
    """The case stays with the second team when the first is done."""
    world = on_github
    first = world.escalate()
    second = world.escalate(team="operations")
    assert second.tracker == ""
    work()
    world.fake.close_issue(1)
    world.deliver()
    work()
    world.case.refresh_from_db()
    assert world.fresh(first).state == "fixed"
    assert world.case.state == Case.State.WAITING_ENGINEERING
    acts.finish_by_hand(second, "fixed", actor=AGENT)
    world.case.refresh_from_db()
    assert world.case.state == Case.State.OURS
    with pytest.raises(EscalationRefused):
        acts.finish_by_hand(world.escalate(), "fixed", actor=AGENT)


def test_what_is_refused_changes_nothing(on_github: World) -> None:
    world = on_github
    with pytest.raises(EscalationRefused):
        world.escalate(team="marketing")
    with pytest.raises(EscalationRefused):
        world.escalate(severity="huge")
    fresh = make_case()
    with pytest.raises(InvestigationRefused):
        acts.open_escalation(
            fresh, team="product", severity="minor", agent=world.agent, actor=AGENT,
            next_update_at=utc_now() + timedelta(hours=1),
        )  # fmt: skip
    solve_case(world.case, cause="unknown", actor=SYSTEM)
    with pytest.raises(TransitionRefused):
        world.escalate()
    assert Escalation.objects.count() == 0


def test_strangers_and_quotes_do_not_speak_for_the_team(on_github: World) -> None:
    world = on_github
    world.escalate()
    work()
    github = world.fake
    github.remark(1, "/support I am not of the team.", "passer-by", "NONE")
    github.remark(1, "See /support in the middle of a line.", "dana")
    work()
    acts.ask_for_reading(queries.listed()[0].pk)
    work()
    assert not EscalationComment.objects.exists()


def test_a_reading_from_before_changes_nothing(on_github: World) -> None:
    world = on_github
    made = world.escalate()
    work()
    # What was applied last is younger than what this reading brings.
    Escalation.objects.filter(pk=made.pk).update(seen_at=utc_now() + timedelta(minutes=5))
    world.fake.close_issue(1)
    acts.ask_for_reading(made.pk)
    work()
    assert world.fresh(made).state == "open"
    Escalation.objects.filter(pk=made.pk).update(seen_at=utc_now() - timedelta(minutes=5))
    acts.ask_for_reading(made.pk)
    work()
    assert world.fresh(made).state == "fixed"


def test_a_team_has_a_case_once(on_github: World) -> None:
    world = on_github
    made = world.escalate()
    with pytest.raises(EscalationRefused, match="already"):
        world.escalate()
    acts.withdraw_escalation(made, reason="", actor=AGENT)
    again = world.escalate()
    with pytest.raises(EscalationRefused, match="already"):
        acts.reopen_escalation(made, actor=AGENT)
    assert Escalation.objects.filter(state="open").get().pk == again.pk


def test_cases_of_the_same_problem_come_back_too(on_github: World) -> None:
    world = on_github
    problem = open_problem_by_hand("webhook-endpoint-failing", "Endpoints", "", actor=SYSTEM)
    waiting, ours = make_case(), make_case()
    wait_on_engineering(waiting, actor=AGENT)
    for each in (world.case, waiting, ours):
        link_case(problem, each, actor=SYSTEM)
    taken_back = world.escalate()
    acts.withdraw_escalation(taken_back, reason="", actor=AGENT)
    waiting.refresh_from_db()
    assert waiting.state == Case.State.WAITING_ENGINEERING
    world.escalate()
    work()
    world.fake.close_issue(len(world.fake.issues))
    acts.ask_for_reading(queries.listed()[0].pk)
    work()
    waiting.refresh_from_db()
    draft = draft_of(waiting)
    assert waiting.state == Case.State.OURS and draft and "is fixed" in draft.body
    assert draft_of(ours) is None and not ours.events.filter(kind="escalation.closed").exists()


def test_merged_cases_are_told_once(on_github: World) -> None:
    world = on_github
    made = world.escalate()
    other = open_case(
        person=world.case.person, subject="The same", message=incoming(), actor=MAIL,
        account=world.case.account, identity="verified",
    )  # fmt: skip
    acts.join_escalation(made, other, actor=AGENT)
    merge_case(other, world.case, reason="the same", actor=AGENT)
    work()
    world.fake.remark(1, "/support Soon.", "dana")
    world.deliver()
    work()
    assert world.case.messages.filter(kind=Message.Kind.NOTE).count() == 1
    assert other.messages.filter(kind=Message.Kind.NOTE).count() == 0
    world.fake.close_issue(1)
    world.deliver()
    work()
    assert world.case.events.filter(kind="escalation.closed").count() == 1
    other.refresh_from_db()
    assert other.state == Case.State.MERGED


def test_a_case_asleep_until_it_moves_wakes(on_github: World) -> None:
    world = on_github
    world.escalate()
    work()
    snooze_for(world.case, "escalation", latest=None, actor=AGENT)
    world.fake.assign(1, "dana")
    world.deliver()
    work()
    world.case.refresh_from_db()
    assert world.case.state == Case.State.OURS


def test_the_clock_of_the_promise_is_the_logs(world: World) -> None:
    """The team's word meets the promise and starts the next; nothing else of it does."""
    made = world.escalate()
    work()

    def words() -> list[tuple[int, str]]:
        rows = world.case.clocks.filter(target="team_update").order_by("cycle")
        return [(row.cycle, row.state) for row in rows]

    acts.send_comment(made, "Any news?", agent=world.agent, actor=AGENT)
    world.fake.assign(1, "dana")
    world.deliver()
    work()
    assert words() == [(1, "running")]
    world.fake.remark(1, "/support Soon.", "dana")
    world.deliver()
    work()
    assert words() == [(1, "met"), (2, "running")]
    world.fake.close_issue(1)
    world.deliver()
    work()
    assert words() == [(1, "met"), (2, "met")]
    log = {clock.key: clock for clock in recomputed_clocks(world.case, utc_now())}
    assert {(c.target, c.cycle): c.state for c in log.values()} == {
        (row.target, row.cycle): row.state for row in world.case.clocks.all()
    }


def test_posts_that_name_an_erased_account_go(on_github: World) -> None:
    world = on_github
    world.escalate()
    work()
    world.deliver()
    assert tracking.erase_deliveries("acct_nobody") == 0
    assert tracking.erase_deliveries(str(world.case.account_id)) == 1
