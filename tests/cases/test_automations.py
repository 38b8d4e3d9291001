"""Automations: heard once, all or nothing, no loops, and nothing of a case is lost by them."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from headwater.cases import acts, placement, queries, tasks
from headwater.cases.automation import acts as automation
from headwater.cases.automation.files import automations_from
from headwater.cases.automation.queries import facts_of, histories
from headwater.cases.automation.rules import Automation, Facts, Past, would_run
from headwater.cases.errors import AutomationRefused, TransitionRefused
from headwater.cases.handling.tags import add_tags, know_tag, tags_of
from headwater.cases.models import AutomationRun, Case, CaseEvent, Draft, Message, Queue
from headwater.cli.main import cli
from headwater.kit.clock import utc_now
from headwater.kit.jobs.models import Job
from tests.factories import MAIL, PASSWORD, SYSTEM, incoming, make_agent, make_case

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def one(**keys: Any) -> dict[str, Any]:
    return {"name": "A", "on": ["opened"], "then": {"priority": "high"}} | keys


def apply(*listed: dict[str, Any]) -> None:
    automation.apply_automations(automations_from({"automation": list(listed)}), actor=SYSTEM)


def work() -> int:
    """Runs what automations were asked for, twice each, as after a lost worker."""
    done = 0
    while jobs := list(Job.objects.filter(name="cases.automate")):
        for job in jobs:
            tasks.automate(job.payload)
            tasks.automate(job.payload)
            job.delete()
            done += 1
    return done


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "must hold keys"),
        ({}, "no automations"),
        ({"automation": [one(name=" ")]}, "needs a name"),
        ({"automation": [one(), one()]}, "Two automations"),
        ({"automation": [one(on=["opend"])]}, "does not know 'opend'"),
        ({"automation": [one(after={"state": "ours", "for": "1h"})]}, "either `on` or `after`"),
        ({"automation": [{"name": "A", "after": {"state": "x", "for": "1h"}}]}, "names no state"),
        ({"automation": [{"name": "A", "after": {"state": "ours", "for": "1"}}]}, "no span"),
        ({"automation": [one(then={})]}, "does nothing"),
        ({"automation": [one(then={"delete": True})]}, "does not know 'delete'"),
        ({"automation": [one(then={"solve": False})]}, "only be true"),
        ({"automation": [one(then={"priority": "max"})]}, "does not know 'max'"),
        ({"automation": [one(then={"draft": {"de": "x"}})]}, "text in English"),
        ({"automation": [one(then={"draft": "{person.email}"})]}, "no place {person.email}"),
        ({"automation": [one(then={"draft": "{person!r}"})]}, "no place {person}"),
        ({"automation": [one(then={"draft": "{0}"})]}, "no place {0}"),
        ({"automation": [one(then={"draft": "{"})]}, "without its partner"),
        ({"automation": [one(when={"state": ["open"]})]}, "does not know 'open'"),
        ({"automation": [one(when={"assigned": "yes"})]}, "true or false"),
        ({"automation": [one(when={"probability_at_least": 2})]}, "from 0 to 1"),
    ],
)
def test_what_cannot_be_followed_is_refused(content: Any, said: str) -> None:
    with pytest.raises(AutomationRefused) as refused:
        automations_from(content)
    assert said in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize(
    ("when", "unless", "facts", "holds"),
    [
        ({}, {}, Facts(), True),
        ({"queue": ["a", "b"]}, {}, Facts(queue="b"), True),
        ({"queue": ["a"], "tier": ["x"]}, {}, Facts(queue="a"), False),
        ({"tag": ["x"]}, {}, Facts(tags=frozenset({"x", "y"})), True),
        ({"subject": ["PayOut"]}, {}, Facts(subject="my payouts"), True),
        ({"assigned": False}, {}, Facts(assigned=True), False),
        ({"probability_at_least": 0.8}, {}, Facts(probability=0.8), True),
        ({}, {"tag": ["keep"]}, Facts(tags=frozenset({"keep"})), False),
        ({}, {"tag": ["keep"], "queue": ["a"]}, Facts(tags=frozenset({"keep"})), True),
    ],
)
def test_for_which_cases(when: Any, unless: Any, facts: Facts, holds: bool) -> None:
    assert Automation("A", {}, when=when, unless=unless).holds(facts) is holds


@pytest.mark.django_db
def test_an_event_is_heard_once_and_all_is_done() -> None:
    Queue.objects.create(id="leads", name="Leads")
    know_tag("late", actor=SYSTEM)
    agent = make_agent()
    then = {"queue": "leads", "priority": "urgent", "tag": ["late"], "assign": agent.email}
    apply(one(when={"channel": "mail"}, then=then))
    case = make_case()
    assert work() == 1
    case.refresh_from_db()
    assert (case.queue_id, case.priority, case.assignee) == ("leads", "urgent", agent)
    assert tags_of(case) == ["late"]
    (run,) = AutomationRun.objects.all()
    assert (run.outcome, run.detail) == ("done", "queue, priority, tags, owner")
    names = {e.actor_name for e in queries.events_of(case) if e.kind == "case.queued"}
    assert names == {"A"}


@pytest.mark.django_db
def test_all_or_nothing_with_the_reason() -> None:
    apply(
        one(then={"priority": "urgent", "queue": "nowhere"}),
        one(name="B", then={"priority": "low"}),
    )
    case = make_case()
    work()
    case.refresh_from_db()
    assert case.priority == "low"
    first = AutomationRun.objects.get(name="A")
    assert (first.outcome, first.detail) == ("refused", "There is no queue 'nowhere'.")


@pytest.mark.django_db
def test_a_draft_in_the_users_language_and_never_over_a_colleagues() -> None:
    texts = {"en": "Hello {person}, {{case}} {case}", "de": "Guten Tag {person}"}
    apply(one(on=["user_wrote"], then={"draft": texts}))
    case = make_case()
    work()
    assert Draft.objects.get(case=case).body == f"Hello Ada, {{case}} {case.pk}"
    Case.objects.filter(pk=case.pk).update(language="de")
    acts.add_user_message(case, incoming(), actor=MAIL)
    work()
    assert Draft.objects.get(case=case).body == "Guten Tag Ada"
    acts.save_draft(case, "Mine", author="agent", actor=SYSTEM)
    acts.add_user_message(case, incoming(), actor=MAIL)
    work()
    assert Draft.objects.get(case=case).body == "Mine"
    # Machine mail is nobody's word.
    acts.add_auto_message(case, incoming("Out of office"), actor=MAIL)
    assert work() == 0


@pytest.mark.django_db
def test_two_that_fight_end_at_once() -> None:
    apply(
        one(on=["prioritised"], then={"priority": "high"}),
        one(name="B", on=["prioritised"], then={"priority": "low"}),
    )
    case = make_case()
    placement.set_priority(case, "urgent", reason="", actor=SYSTEM)
    assert work() == 1
    case.refresh_from_db()
    assert case.priority == "low"


@pytest.mark.django_db
def test_too_much_is_held_back() -> None:
    apply(one(on=["user_wrote"], then={"priority": "high"}))
    case = make_case()
    for _ in range(25):
        acts.add_user_message(case, incoming(), actor=MAIL)
    work()
    outcomes = list(AutomationRun.objects.values_list("outcome", flat=True))
    assert (outcomes.count("done"), outcomes.count("held_back")) == (20, 6)


@pytest.mark.django_db
def test_a_state_that_has_lasted() -> None:
    know_tag("keep", actor=SYSTEM)
    keys = {"name": "Silent", "after": {"state": "waiting_user", "for": "14d"}}
    apply({**keys, "unless": {"tag": ["keep"]}, "then": {"solve": True}})
    agent = make_agent()
    case, kept = make_case(), make_case()
    add_tags(kept, ["keep"], actor=SYSTEM)
    for each in (case, kept):
        acts.send_reply(each, "?", agent=agent, actor=SYSTEM)
    assert automation.look_at_lasting() == 0
    later = utc_now() + timedelta(days=14, seconds=1)
    assert automation.look_at_lasting(now=later) == 2
    assert automation.look_at_lasting(now=later) == 0
    assert [queries.case_for_system(each.pk).state for each in (case, kept)] == [
        "solved", "waiting_user",
    ]  # fmt: skip


def line(kind: str, hours: float, **data: Any) -> Past:
    return Past(kind, NOON + timedelta(hours=hours), data)


def test_a_dry_run_sees_the_case_as_it_was() -> None:
    log = [
        line("case.opened", 0),
        line("case.prioritised", 1, to="urgent"),
        line("clock.breached", 2),
        line("case.prioritised", 3, to="low"),
        line("clock.breached", 4),
        line("state.changed", 5, **{"from": "ours", "to": "waiting_user"}),
        line("state.changed", 30, **{"from": "waiting_user", "to": "ours"}),
    ]
    heard = Automation("A", {}, on=("breached",), when={"priority": ["urgent"]})
    assert list(would_run(heard, log, Facts(), NOON + timedelta(days=9))) == [log[2].at]
    lasting = Automation("A", {}, state="waiting_user", seconds=24 * 3600)
    assert list(would_run(lasting, log, Facts(), NOON)) == [NOON + timedelta(hours=29)]
    still = list(would_run(lasting, log[:-1], Facts(), NOON + timedelta(hours=40)))
    assert still == [NOON + timedelta(hours=29)]
    assert list(would_run(lasting, log[:-1], Facts(), NOON + timedelta(hours=20))) == []


_CHOICES = st.fixed_dictionaries(
    {
        "on": st.lists(
            st.sampled_from(["opened", "user_wrote", "replied", "prioritised", "solved"]),
            min_size=1, max_size=3, unique=True,
        ),
        "then": st.sampled_from(
            [{"priority": "high"}, {"priority": "low", "take_back": True}, {"solve": True},
             {"draft": "Hello {person}"}, {"assign": ""}, {"queue": "q"}]
        ),
        "when": st.sampled_from([{}, {"priority": ["normal", "high"]}, {"state": ["ours"]}]),
    }
)  # fmt: skip
_STEPS = st.lists(st.sampled_from(["user", "reply", "solve", "urgent", "note"]), max_size=8)


@pytest.mark.slow
class Histories(TestCase):
    @hypothesis_settings(
        max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
    )
    @given(chosen=st.lists(_CHOICES, min_size=1, max_size=4), steps=_STEPS)
    def test_nothing_is_lost_or_doubled_and_all_ends(
        self, chosen: list[dict[str, Any]], steps: list[str]
    ) -> None:
        Queue.objects.get_or_create(id="q", defaults={"name": "Q"})
        apply(*({"name": f"A{n}", **each} for n, each in enumerate(chosen)))
        agent, case, written = make_agent(), make_case(), 1
        for step in ["", *steps]:
            with suppress(TransitionRefused):
                if step == "user":
                    acts.add_user_message(case, incoming(), actor=MAIL)
                elif step == "reply":
                    acts.send_reply(case, "Hi", agent=agent, actor=SYSTEM)
                elif step == "note":
                    acts.add_note(case, "Hm", agent=agent, actor=SYSTEM)
                elif step == "solve":
                    acts.solve_case(case, cause="x", actor=SYSTEM)
                elif step == "urgent":
                    placement.set_priority(case, "urgent", reason="", actor=SYSTEM)
                written += step in {"user", "reply", "note"}
            work()
        assert Message.objects.filter(case=case).count() == written
        runs = AutomationRun.objects.filter(case=case)
        assert runs.values("name", "event_id").distinct().count() == runs.count()
        # Whatever ran heard a person's or the system's event, never another automation's.
        heard = CaseEvent.objects.filter(pk__in=runs.values("event_id"))
        assert not heard.filter(actor_id__startswith="automation:").exists()
        stored = queries.case_for_system(case.pk)
        last = queries.events_of(case).filter(kind="state.changed").last()
        assert stored.state == (last.data["to"] if last else "ours")


@pytest.mark.django_db
def test_the_log_alone_says_what_conditions_ask() -> None:
    """The fold that a dry run uses agrees with the case as it is."""
    case, agent = make_case(), make_agent()
    know_tag("x", actor=SYSTEM)
    add_tags(case, ["x"], actor=SYSTEM)
    placement.set_priority(case, "high", reason="", actor=SYSTEM)
    acts.assign_case(case, agent, actor=SYSTEM)
    acts.record_diagnosis(case, diagnosis_id="d", cause="c", probability=0.5, actor=SYSTEM)
    acts.send_reply(case, "Hi", agent=agent, actor=SYSTEM)
    ((_, log, start),) = histories(utc_now() - timedelta(days=1))
    always = Automation("A", {}, on=("replied",))
    facts = facts_of(queries.case_for_system(case.pk))
    conditions = {
        "priority": [facts.priority], "assigned": facts.assigned, "cause": [facts.cause],
        "tag": list(facts.tags), "probability_at_least": facts.probability,
    }  # fmt: skip
    exact = Automation("A", {}, on=("replied",), when=conditions)
    now = utc_now()
    assert list(would_run(exact, log, start, now)) == list(would_run(always, log, start, now)) != []


@pytest.mark.django_db
def test_the_desk_shows_them_and_what_they_did() -> None:
    desk, agent = Client(), make_agent()
    assert desk.login(username=agent.email, password=PASSWORD)
    assert b"None were applied yet" in desk.get("/automations/").content
    apply(one(name="Greet", when={"channel": ["mail", "form"]}, unless={"assigned": True}))
    case = make_case()
    work()
    page = desk.get("/automations/").content.decode()
    assert "mail, form" in page
    assert f"/cases/{case.pk}/" in page


@pytest.mark.django_db
def test_from_the_command_line(tmp_path: Path) -> None:
    case, path, run = make_case(), tmp_path / "a.yaml", CliRunner().invoke
    path.write_text(yaml.safe_dump({"automation": [one(name="Greet", when={"channel": "mail"})]}))
    assert "Greet: when opened" in run(cli, ["automations", "check", str(path)]).output
    assert "No automations" in run(cli, ["automations", "show"]).output
    dry = run(cli, ["automations", "dry-run", str(path), "--cases"]).output
    assert "Greet: 1 times over 1 cases." in dry
    assert case.pk in dry
    assert "hold from now on" in run(cli, ["automations", "apply", str(path)]).output
    new = make_case()
    work()
    assert f"{new.pk}  Greet: done  priority" in run(cli, ["automations", "log"]).output
    assert run(cli, ["automations", "log", "--case", case.pk]).output == ""
