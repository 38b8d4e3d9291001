"""Contacts that we start: prepared for every account, sent only when a person approves."""

from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from headwater.accounts.acts import record_person, record_platform_account, verify_link
from headwater.accounts.models import AccountLink, Agent
from headwater.accounts.notices import stop_notices
from headwater.cases.acts import add_user_message
from headwater.cases.errors import CaseError
from headwater.cases.models import Case, Message
from headwater.cases.queries import clocks_of, events_of, recomputed_clocks
from headwater.channels.replies import reply_mail
from headwater.diagnosis.errors import ProblemRefused
from headwater.diagnosis.models import Notice, NoticeBatch
from headwater.diagnosis.notices import acts, queries
from headwater.diagnosis.playbooks import load_playbooks
from headwater.diagnosis.watch.acts import open_problem_by_hand
from headwater.diagnosis.watch.queries import cases_of
from headwater.kit.clock import utc_now
from headwater.kit.jobs.models import Job
from tests.factories import PASSWORD, SYSTEM, incoming, make_agent
from tests.watch.conftest import HIT, OLD, PLAYBOOK

pytestmark = pytest.mark.django_db
START, END = datetime(2026, 6, 1), datetime(2026, 7, 1)


@pytest.fixture
def agent() -> Agent:
    return make_agent("Mia Chen")


def owner_of(name: str, *, verified: bool = True, email: str = "") -> AccountLink:
    """Somebody who acts for the account, registered there unless another address is given."""
    registered = f"{name.lower()}@shop.example"
    account = record_platform_account(
        account_id=name, name="Shop", email=registered, country="DE", actor=SYSTEM
    )
    person = record_person(email=email or registered, name="Ada", actor=SYSTEM)
    link = AccountLink.objects.create(person=person, platform_account=account)
    return verify_link(link, how="mail", actor=SYSTEM) if verified else link


def found(*names: str) -> acts.Rows:
    rows = [
        {
            "account_id": name,
            "object_id": "req_1",
            "occurrences": 60,
            "first_seen": datetime(2026, 6, 3),
            "last_seen": datetime(2026, 6, 4),
        }
        for name in names
    ]
    return acts.Rows(rows, START, END, "run_test")


def prepared(agent: Agent, *names: str) -> NoticeBatch:
    page = load_playbooks()[PLAYBOOK]
    return acts.prepare_notices(page, found(*names), agent=agent, actor=agent.actor())


def states(batch: NoticeBatch) -> dict[str, str]:
    return {each.account_ref: each.state for each in queries.notices_of(batch)}


def test_nothing_leaves_unapproved_and_only_the_verified_are_written_to(agent: Agent) -> None:
    owner_of("acct_a")
    owner_of("acct_b", verified=False)
    batch = prepared(agent, "acct_a", "acct_b", "acct_nobody")
    assert states(batch) == {"acct_a": "waiting", "acct_b": "skipped", "acct_nobody": "skipped"}
    notice = Notice.objects.get(batch=batch, account_ref="acct_a")
    assert "60" in notice.body and notice.body.startswith("Hello Ada,")
    unknown = Notice.objects.get(batch=batch, account_ref="acct_b")
    assert (unknown.body, unknown.reason) == ("", "Nobody is verified for the account.")
    assert not Case.objects.exists() and not Job.objects.exists()


def test_the_registered_owner_goes_before_others_who_are_verified(agent: Agent) -> None:
    owner_of("acct_a")
    owner_of("acct_a", email="later@agency.example")
    batch = prepared(agent, "acct_a")
    assert queries.notices_of(batch)[0].person.email == "acct_a@shop.example"  # type: ignore[union-attr]


def test_an_approved_notice_is_a_mail_of_the_agent_and_a_case_without_promises(
    agent: Agent,
) -> None:
    owner_of("acct_a")
    problem = open_problem_by_hand(PLAYBOOK, "Too many", "", actor=SYSTEM)
    notice = queries.notices_of(prepared(agent, "acct_a"))[0]
    sent = acts.approve_notice(notice, agent=agent, actor=agent.actor(), body="Hello, look.")
    assert sent.state == "sent" and sent.case
    case = sent.case
    assert (case.state, case.proactive, case.cause) == ("solved", True, PLAYBOOK)
    assert [event.kind for event in events_of(case)][:1] == ["case.opened_by_us"]
    assert not clocks_of(case).exists()
    assert [each.id for each in cases_of(problem)] == [case.id]
    job = Job.objects.get(name="channels.deliver_message")
    message = Message.objects.get(pk=job.payload["message_id"])
    leaving = reply_mail(message, "<x@y>")
    assert (message.case_id, message.delivery, message.agent) == (case.id, "queued", agent)
    assert (leaving.recipient, leaving.text) == ("acct_a@shop.example", "Hello, look.")
    assert leaving.subject.startswith("About your account: ")
    assert leaving.in_reply_to == ""


def test_who_ended_notices_is_left_out_also_at_the_last_moment(agent: Agent) -> None:
    stop_notices(owner_of("acct_a").person)
    later = owner_of("acct_b").person
    batch = prepared(agent, "acct_a", "acct_b")
    assert states(batch) == {"acct_a": "skipped", "acct_b": "waiting"}
    stop_notices(later)
    notice = acts.approve_notice(
        Notice.objects.get(batch=batch, account_ref="acct_b"), agent=agent, actor=agent.actor()
    )
    assert (notice.state, notice.reason) == ("skipped", "They asked us not to write first.")
    assert not Case.objects.exists()


def test_the_answer_to_a_notice_starts_the_promises(agent: Agent) -> None:
    owner_of("acct_a")
    notice = queries.notices_of(prepared(agent, "acct_a"))[0]
    case = acts.approve_notice(notice, agent=agent, actor=agent.actor()).case
    assert case
    add_user_message(case, incoming("What do you mean?"), actor=SYSTEM)
    stored = Case.objects.get(pk=case.pk)
    assert stored.state == "ours" and stored.next_due_at is not None
    live = {(clock.target, clock.state) for clock in clocks_of(stored)}
    assert live == {("first_reply", "running"), ("resolution", "running")}
    again = {(clock.target, clock.state) for clock in recomputed_clocks(stored, utc_now())}
    assert again == live


def test_what_changed_since_preparing_stops_a_notice(agent: Agent) -> None:
    link = owner_of("acct_a")
    notice = queries.notices_of(prepared(agent, "acct_a"))[0]
    AccountLink.objects.filter(pk=link.pk).update(verified_at=None)
    after = acts.approve_notice(notice, agent=agent, actor=agent.actor())
    assert (after.state, after.reason) == ("skipped", "Nobody is verified for the account.")
    assert not Case.objects.exists()


def test_nobody_is_told_twice_nor_while_a_case_is_open(agent: Agent) -> None:
    owner_of("acct_a")
    link = owner_of("acct_b")
    first, second = prepared(agent, "acct_a"), prepared(agent, "acct_a")
    assert acts.approve_batch(first, agent=agent, actor=agent.actor()) == (1, 0)
    assert acts.approve_batch(second, agent=agent, actor=agent.actor()) == (0, 1)
    case = Case.objects.get()
    add_user_message(case, incoming(), actor=SYSTEM)
    Case.objects.filter(pk=case.pk).update(
        account=link.platform_account, cause="", likely_cause=PLAYBOOK, likely_probability=0.8
    )
    assert states(prepared(agent, "acct_a", "acct_b")) == {
        "acct_a": "skipped",
        "acct_b": "skipped",
    }


def test_a_decision_is_final_and_an_empty_message_is_refused(agent: Agent) -> None:
    owner_of("acct_a")
    owner_of("acct_b")
    one, two = queries.notices_of(prepared(agent, "acct_a", "acct_b"))
    acts.leave_out(one, agent=agent)
    with pytest.raises(ProblemRefused):
        acts.approve_notice(one, agent=agent, actor=agent.actor())
    with pytest.raises(CaseError):
        acts.approve_notice(two, agent=agent, actor=agent.actor(), body="  ")
    assert Notice.objects.get(pk=two.pk).state == "waiting"


def test_the_pages_show_the_reach_and_send_what_is_approved(watched: Path, agent: Agent) -> None:
    owner_of(HIT[0])
    desk = Client()
    assert desk.login(username=agent.email, password=PASSWORD)
    page = desk.get(f"/playbooks/{PLAYBOOK}/reach/").content.decode()
    assert "13 accounts" in page and HIT[0] in page and OLD in page and "<svg" in page
    rows = b"".join(desk.get(f"/playbooks/{PLAYBOOK}/reach.csv").streaming_content)
    assert len(rows.decode().splitlines()) == 14
    assert desk.get(f"/playbooks/{PLAYBOOK}/reach.parquet").content.startswith(b"PAR1")
    told = desk.post(f"/playbooks/{PLAYBOOK}/reach/prepare/")
    assert told.status_code == 302 and not Case.objects.exists()
    batch = NoticeBatch.objects.get()
    assert states(batch)[HIT[0]] == "waiting" and len(states(batch)) == 13
    shown = desk.get(told["Location"]).content.decode()
    assert "Approve and send 1 message" in shown
    desk.post(f"/notices/{batch.id}/decide/", {"action": "approve_all"})
    assert Case.objects.get().proactive
    assert "Sent" in desk.get(told["Location"]).content.decode()


def test_a_problem_is_opened_shown_and_solved_on_the_desk(watched: Path, agent: Agent) -> None:
    desk = Client()
    assert desk.login(username=agent.email, password=PASSWORD)
    opened = desk.post(f"/playbooks/{PLAYBOOK}/problem/")
    assert load_playbooks()[PLAYBOOK].title in desk.get("/problems/").content.decode()
    assert "Solve the problem" in desk.get(opened["Location"]).content.decode()
    desk.post(f"{opened['Location']}solve/", {"resolution": "Limits were raised."})
    assert "Limits were raised." in desk.get(opened["Location"]).content.decode()
    assert desk.get("/problems/prb_none/").status_code == 404
