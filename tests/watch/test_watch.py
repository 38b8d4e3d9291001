"""The watch: counts kept, a problem opened at a rise, cases linked, an incident told as one."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from headwater.accounts.acts import record_platform_account, verify_link
from headwater.accounts.models import AccountLink
from headwater.cases import queries as case_queries
from headwater.cases.models import Case
from headwater.diagnosis import tasks as diagnosis_tasks
from headwater.diagnosis.errors import ProblemRefused
from headwater.diagnosis.models import Problem, ProblemEvent, ReachCount
from headwater.diagnosis.playbooks import load_playbooks
from headwater.diagnosis.watch import acts, queries, tasks
from headwater.diagnosis.watch.acts import Rise
from headwater.diagnosis.watch.baseline import Verdict
from headwater.diagnosis.watch.onset import Onset
from headwater.kit.clock import as_naive_utc, utc_now
from headwater.kit.jobs.models import Job
from tests.factories import SYSTEM, make_case
from tests.watch.conftest import HIT, PLAYBOOK

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MANY = "Your API refuses our calls with status 429, too many requests, since this morning."


def few_playbooks() -> None:
    """A turn over three causes; a hundred would only make the test slow."""
    reading = diagnosis_tasks.warm_reading()
    wanted = (PLAYBOOK, "api-outage")
    reading.playbooks = {name: reading.playbooks[name] for name in wanted}


def turn() -> None:
    effects = tasks.watch_reach({})
    if effects is not None:
        effects()


def a_rise(onset: Onset | None = None) -> Rise:
    verdict = Verdict(count=12, expected=0.2, tail=1e-9, threshold=5, rise=True)
    return Rise(PLAYBOOK, "Too many", "SELECT 1", utc_now(), "fresh", verdict, 1e-4, onset)


def hit_case(name: str = HIT[0], body: str = MANY) -> Case:
    account = record_platform_account(
        account_id=name,
        name="Shop",
        email=f"{name.lower()}@shop.example",
        country="DE",
        actor=SYSTEM,
    )
    case = make_case(account=account, identity="verified", body=body)
    link = AccountLink.objects.create(person=case.person, platform_account=account)
    verify_link(link, how="mail", actor=SYSTEM)
    return case


def test_a_turn_counts_days_until_there_is_a_history_and_then_sees_the_rise(
    watched: Path, onset: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_playbooks()
    monkeypatch.setattr(tasks, "HISTORY_DAYS", 16)
    monkeypatch.setattr(tasks, "_DAYS_A_TURN", 15)
    turn()
    assert not Problem.objects.exists()
    assert Job.objects.filter(name="diagnosis.watch_reach").count() == 1  # it goes on by itself
    turn()
    assert len(queries.closed_days()) == 16
    problem = Problem.objects.get()
    assert (problem.playbook, problem.observed, problem.is_incident) == (PLAYBOOK, 12, True)
    assert problem.onset_at == queries.aware(onset)
    assert problem.onset_accounts == 12
    assert [event.kind for event in queries.events_of(problem)] == ["problem.opened"]
    day = queries.aware(onset.replace(hour=0, minute=0))
    hit = ReachCount.objects.get(playbook=PLAYBOOK, day=day)
    assert (hit.affected, hit.fresh) == (12, 12)
    turn()
    assert Problem.objects.count() == 1
    assert ReachCount.objects.filter(playbook=PLAYBOOK, closed=False).count() == 1


def test_the_days_of_a_problem_are_no_history() -> None:
    start = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    for n in range(20):
        acts.keep_counts(start - timedelta(days=n), {PLAYBOOK: (n, n)}, closed=True)
    rise = replace(a_rise(), day=start - timedelta(days=2))
    problem = acts.open_problem(rise, actor=SYSTEM)
    affected, _fresh = queries.histories(PLAYBOOK, before=start)
    assert [count for _, count in affected] == list(range(19, 2, -1))
    acts.solve_problem(problem, resolution="done", solve_cases=False, actor=SYSTEM)
    later, _fresh = queries.histories(PLAYBOOK, before=start + timedelta(days=5))
    assert [count for _, count in later] == list(range(19, 2, -1))


def test_one_cause_has_one_open_problem() -> None:
    first = acts.open_problem(a_rise(), actor=SYSTEM)
    assert acts.open_problem(a_rise(), actor=SYSTEM).id == first.id
    acts.solve_problem(first, resolution="", solve_cases=False, actor=SYSTEM)
    with pytest.raises(ProblemRefused):
        acts.solve_problem(first, resolution="", solve_cases=False, actor=SYSTEM)
    assert acts.open_problem(a_rise(), actor=SYSTEM).id != first.id


def test_waiting_cases_of_the_cause_are_linked_and_solved_with_the_problem() -> None:
    about, other = hit_case(), make_case()
    Case.objects.filter(pk=about.pk).update(likely_cause=PLAYBOOK, likely_probability=0.9)
    problem = acts.open_problem(a_rise(), actor=SYSTEM)
    assert [case.id for case in queries.cases_of(problem)] == [about.id]
    solved = acts.solve_problem(problem, resolution="rolled back", solve_cases=True, actor=SYSTEM)
    assert [case.id for case in solved] == [about.id]
    stored = case_queries.case_for_system(about.id)
    assert (stored.state, stored.cause) == ("solved", PLAYBOOK)
    assert case_queries.case_for_system(other.id).state == "ours"
    kinds = [event.kind for event in ProblemEvent.objects.filter(problem=problem).order_by("id")]
    assert kinds == ["problem.opened", "case.linked", "problem.solved"]


def test_during_an_incident_the_draft_blames_nothing_of_the_accounts(
    watched: Path, onset: datetime
) -> None:
    at = Onset(onset, 12, 12)
    problem = acts.open_problem(a_rise(at), actor=SYSTEM)
    case = hit_case()
    effects = diagnosis_tasks.diagnose_case({"case_id": case.id})
    assert effects
    effects()
    draft = case_queries.draft_of(case_queries.case_for_system(case.id))
    assert draft
    assert "incident of our platform" in draft.body
    assert "60 requests" not in draft.body
    assert load_playbooks()[PLAYBOOK].docs[0] not in draft.body
    assert [each.id for each in queries.cases_of(problem)] == [case.id]


def test_an_account_whose_sign_is_older_than_the_incident_gets_its_own_answer(
    watched: Path, onset: datetime
) -> None:
    later = Onset(as_naive_utc(utc_now()) + timedelta(hours=6), 12, 12)
    acts.open_problem(a_rise(later), actor=SYSTEM)
    case = hit_case(HIT[1])
    effects = diagnosis_tasks.diagnose_case({"case_id": case.id})
    assert effects
    effects()
    draft = case_queries.draft_of(case_queries.case_for_system(case.id))
    assert draft
    assert "incident of our platform" not in draft.body
    assert "60 requests" in draft.body


def test_who_wrote_in_is_counted_by_cause() -> None:
    case = hit_case()
    Case.objects.filter(pk=case.pk).update(likely_cause=PLAYBOOK, likely_probability=0.9)
    since = as_naive_utc(utc_now()) - timedelta(days=1)
    assert queries.wrote_in(PLAYBOOK, {HIT[0], HIT[1]}, since=since) == {HIT[0]}
    assert queries.wrote_in("api-outage", {HIT[0]}, since=since) == set()
    assert queries.contacts_by_cause(since=since) == {PLAYBOOK: 1}
