"""Routing: a table of rules, fair and bounded giving out, what people chose stays."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from headwater.accounts.acts import set_work
from headwater.accounts.errors import AccountError
from headwater.accounts.models import Agent
from headwater.cases import acts, links, placement, queries, tasks
from headwater.cases.errors import RoutingRefused
from headwater.cases.models import Case, Queue
from headwater.cases.routing import acts as routing
from headwater.cases.routing import rules
from headwater.cases.routing.files import rules_from
from headwater.cases.routing.queries import explain, sizes
from headwater.cases.routing.rules import Candidate, Facts, QueueRules, choose, decide
from headwater.cli.main import cli
from headwater.kit.clock import utc_now
from headwater.kit.jobs.models import Job
from tests.factories import SYSTEM, make_account, make_agent, make_case

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday
OFFICE = {"time_zone": "UTC", "hours": {"monday": ["09:00-17:00"]}}
GOOD: dict[str, Any] = {
    "queues": {
        "payouts": {"name": "Payouts", "assign": "load", "skills": ["payouts"]},
        "german": {"assign": "round_robin"},
        "general": {"name": "Everything else"},
    },
    "route": [
        {"queue": "payouts", "name": "About payouts", "when": {"area": ["payouts", "balance"]}},
        {"queue": "payouts", "name": "Says payout", "when": {"subject": ["payout"]}},
        {"queue": "german", "name": "Writes German", "when": {"language": "de"}},
        {"queue": "general", "name": "The rest"},
    ],
    "priority": [
        {"priority": "high", "name": "Enterprise", "when": {"tier": ["enterprise"]}},
        {"priority": "urgent", "name": "Incident", "when": {"incident": True}},
        {"priority": "high", "name": "Third contact", "when": {"contacts_at_least": 3}},
        {"priority": "low", "name": "Nobody we know", "when": {"identity": ["unknown"]}},
    ],
    "calendars": {"office": OFFICE},
}


def rule_set(content: Any = GOOD) -> rules.RuleSet:
    return rules_from(content, Path(), NOW)


def changed(*path: Any, value: Any) -> Any:
    content = yaml.safe_load(yaml.safe_dump(GOOD))
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return content


@pytest.mark.parametrize(
    ("facts", "queue", "priority"),
    [
        (Facts(area="payouts"), "About payouts", None),
        (Facts(area="balance", language="de"), "About payouts", None),
        (Facts(subject="Where is my PAYOUT?"), "Says payout", None),
        (Facts(language="de"), "Writes German", None),
        (Facts(language="fr"), "The rest", None),
        (Facts(), "The rest", None),
        (Facts(tier="enterprise"), "The rest", "Enterprise"),
        (Facts(tier="enterprise", incident=True), "The rest", "Incident"),
        (Facts(tier="enterprise", contacts=5), "The rest", "Enterprise"),
        (Facts(contacts=2, identity="unknown"), "The rest", "Nobody we know"),
        (Facts(contacts=3, identity="unknown"), "The rest", "Third contact"),
    ],
)
def test_what_the_rules_decide(facts: Facts, queue: str, priority: str | None) -> None:
    found = decide(rule_set(), facts)
    assert found.queue is not None
    assert found.queue.name == queue
    assert (found.priority.name if found.priority else None) == priority


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "must hold names"),
        (changed("rutes", value=[]), "does not know 'rutes'"),
        (changed("route", 0, "queue", value="nope"), "no queue of this file"),
        (changed("route", 0, "name", value=""), "needs a name"),
        (changed("route", 0, "when", value={}), "holds for every case"),
        (changed("route", 0, "when", value={"plan": "x"}), "does not know 'plan'"),
        (changed("route", 0, "when", value={"area": [1]}), "list of words"),
        (changed("priority", 0, "priority", value="max"), "no priority 'max'"),
        (changed("priority", 1, "when", value={"incident": "yes"}), "true or false"),
        (changed("priority", 2, "when", value={"contacts_at_least": 0}), "from 1 on"),
        (changed("queues", "payouts", "assign", value="luck"), "no 'luck'"),
        (changed("queues", "Pay outs", value={}), "no name for one of the queues"),
        (changed("route", value={}), "must be a list"),
    ],
)
def test_what_cannot_be_followed_is_refused(content: Any, said: str) -> None:
    with pytest.raises(RoutingRefused) as refused:
        rule_set(content)
    assert said in f"{refused.value.message} {refused.value.hint}"


def person(number: int, **more: Any) -> Candidate:
    usual = {
        "id": f"agt_{number}", "name": f"A{number}", "skills": (), "languages": (),
        "capacity": 10, "load": 0, "works_now": True, "last_given_at": None,
    }  # fmt: skip
    return Candidate(**(usual | more))


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (person(1), ""),
        (person(1, capacity=None), "takes cases themselves"),
        (person(1, works_now=False), "does not work now"),
        (person(1, languages=("fr",)), "does not speak de"),
        (person(1, languages=("de", "fr")), ""),
        (person(1, load=7), ""),
        (person(1, load=8), "has 8 of 10"),
    ],
)
def test_who_can_get_an_urgent_german_case(one: Candidate, said: str) -> None:
    assert rules.why_not(one, QueueRules("Q", "load"), "de", rules.WEIGHTS["urgent"]) == said


def test_skills_are_all_needed() -> None:
    queue = QueueRules("Q", "load", ("payouts", "sql"))
    assert rules.why_not(person(1, skills=("sql",)), queue, "", 1) == "lacks payouts"
    assert rules.why_not(person(1, skills=("payouts", "sql")), queue, "", 1) == ""


@given(
    capacities=st.lists(st.integers(1, 6), min_size=1, max_size=5),
    weights=st.lists(st.sampled_from([1, 1, 2, 3]), max_size=30),
    how=st.sampled_from(["load", "round_robin"]),
)
def test_nobody_gets_more_than_they_can_take(
    capacities: list[int], weights: list[int], how: str
) -> None:
    people = [person(n, capacity=capacity) for n, capacity in enumerate(capacities)]
    queue, now = QueueRules("Q", how), NOW
    for weight in weights:
        now += timedelta(seconds=1)
        chosen = choose(people, queue, "", weight)
        again = choose(list(reversed(people)), queue, "", weight)
        assert chosen == again  # whatever order they come in
        if chosen is None:
            assert all(one.load + weight > (one.capacity or 0) for one in people)
            continue
        people = [
            person(n, capacity=one.capacity, load=one.load + weight, last_given_at=now)
            if one.id == chosen.id else one
            for n, one in enumerate(people)
        ]  # fmt: skip
        assert all(one.load <= (one.capacity or 0) for one in people)


@given(people=st.integers(1, 6), cases=st.integers(0, 40))
def test_round_robin_gives_everybody_the_same_number(people: int, cases: int) -> None:
    given_out = [0] * people
    last: list[datetime | None] = [None] * people
    for number in range(cases):
        everyone = [person(n, capacity=999, last_given_at=last[n]) for n in range(people)]
        chosen = choose(everyone, QueueRules("Q", "round_robin"), "", 1)
        assert chosen is not None
        index = int(chosen.id.removeprefix("agt_"))
        given_out[index] += 1
        last[index] = NOW + timedelta(seconds=number)
    assert max(given_out) - min(given_out) <= 1


def worker(skills: list[str], capacity: int = 10, **more: Any) -> Agent:
    agent = make_agent()
    return set_work(agent.email, skills=skills, capacity=capacity, **more)


@pytest.mark.django_db
def test_a_case_is_placed_given_out_and_moved_on_when_its_cause_is_found() -> None:
    routing.apply_rules(rule_set(), actor=SYSTEM)
    case = make_case()
    assert Job.objects.filter(name="cases.route", payload__case_id=case.pk).count() == 1
    for _ in range(2):
        tasks.route({"case_id": case.pk})
    case.refresh_from_db()
    assert (case.queue_id, case.priority, case.assignee) == ("general", "low", None)
    assert case.priority_reason.startswith("Nobody we know (rules ")
    able = worker(["payouts"])
    acts.record_diagnosis(
        case, diagnosis_id="d", cause="payout-failed", probability=0.9, actor=SYSTEM, area="payouts"
    )
    for _ in range(2):
        tasks.route({"case_id": case.pk})
    case.refresh_from_db()
    assert (case.queue_id, case.assignee_id) == ("payouts", able.pk)
    kinds = [event.kind for event in queries.events_of(case)]
    assert kinds.count("case.queued") == 2
    assert kinds.count("case.assigned") == 1


@pytest.mark.django_db
def test_what_a_person_chose_stays() -> None:
    routing.apply_rules(rule_set(), actor=SYSTEM)
    agent, case = make_agent(), make_case()
    worker(["payouts"])
    placement.set_priority(case, "high", reason="they called", actor=agent.actor())
    placement.move_to_queue(
        case, Queue.objects.get(pk="german"), reason="mine", actor=agent.actor()
    )
    acts.assign_case(case, agent, actor=agent.actor())
    acts.assign_case(case, None, actor=agent.actor())
    tasks.route({"case_id": case.pk})
    tasks.give_out({})
    case.refresh_from_db()
    assert (case.queue_id, case.priority, case.assignee) == ("german", "high", None)


@pytest.mark.django_db
def test_nobody_free_waits_with_the_reason_until_somebody_is() -> None:
    routing.apply_rules(rule_set(), actor=SYSTEM)
    account = make_account()
    cases = [make_case(account=account, identity="verified") for _ in range(3)]
    agent = worker(["payouts"], capacity=2, calendar="office")
    for case in cases:
        Case.objects.filter(pk=case.pk).update(subject="payout")
    sunday = NOW - timedelta(days=1)
    for _ in range(2):
        for case in cases:
            routing.route_case(case.pk, actor=SYSTEM, now=sunday)
    for case in cases:
        waits = [e.data["reason"] for e in queries.events_of(case) if e.kind == "route.waits"]
        assert len(waits) == 1
        assert waits[0].startswith("Nobody of Payouts")
    assert routing.give_out(actor=SYSTEM, now=NOW) == 2
    assert Case.objects.filter(assignee=agent).count() == 2
    # The third contact of the account in a week presses more, and takes more of somebody.
    set_work(agent.email, capacity=3)
    assert routing.give_out(actor=SYSTEM, now=NOW) == 0
    set_work(agent.email, capacity=4)
    assert routing.give_out(actor=SYSTEM, now=NOW) == 1


@pytest.mark.django_db
def test_an_incident_presses() -> None:
    routing.apply_rules(rule_set(), actor=SYSTEM)
    case = make_case()
    links.record_problem(case, "prb_1", incident=True, actor=SYSTEM)
    tasks.route({"case_id": case.pk})
    case.refresh_from_db()
    assert case.priority == "urgent"


@pytest.mark.django_db
def test_queues_and_their_sizes() -> None:
    routing.apply_rules(rule_set(), actor=SYSTEM)
    tasks.route({"case_id": make_case().pk})
    make_case(age=timedelta(days=3))
    found = {size.queue.pk if size.queue else None: size for size in sizes(Case.objects, utc_now())}
    assert list(found) == ["payouts", "german", "general", None]
    assert (found["general"].all_open, found["general"].free) == (1, 1)
    assert (found[None].all_open, found[None].late, found["payouts"].all_open) == (1, 1, 0)
    routing.apply_rules(rule_set(changed("queues", "more", value={})), actor=SYSTEM)
    assert routing.apply_rules(rule_set(changed("queues", "more", value={})), actor=SYSTEM) is None


@pytest.mark.django_db
def test_why_a_case_lies_where_it_lies() -> None:
    routing.apply_rules(rule_set(), actor=SYSTEM)
    case, lacks = make_case(), worker(["webhooks"])
    able = worker(["payouts"])
    Case.objects.filter(pk=case.pk).update(subject="My payout")
    tasks.route({"case_id": case.pk})
    told = explain(queries.case_for_system(case.pk), utc_now())
    assert (told["queue"], told["queue_rule"], told["owner"]) == (
        "payouts", "Says payout", able.name
    )  # fmt: skip
    assert {"name": lacks.name, "why_not": "lacks payouts"} in told["people"]


@pytest.mark.django_db
def test_from_the_command_line(tmp_path: Path) -> None:
    case, path = make_case(), tmp_path / "routing.yaml"
    path.write_text(yaml.safe_dump(GOOD, sort_keys=False))
    run = CliRunner().invoke
    assert (
        "queue payouts (Payouts): load, with payouts"
        in run(cli, ["routing", "check", str(path)]).output
    )
    dry = run(cli, ["routing", "dry-run", str(path), "--cases"]).output
    assert "1 cases; 1 would lie elsewhere than now." in dry
    assert f"{case.pk}  general (The rest)  low" in dry
    assert "No rules were applied" in run(cli, ["routing", "explain", case.pk]).output
    assert "hold from now on" in run(cli, ["routing", "apply", str(path)]).output
    tasks.route({"case_id": case.pk})
    told = run(cli, ["routing", "explain", case.pk]).output
    assert "Of the queue decides now: The rest." in told
    agent = make_agent()
    said = run(cli, ["agent", "work", agent.email, "--skill", "payouts", "--capacity", "5"]).output
    assert said == f"{agent.name}: payouts; any language; up to 5.\n"
    with pytest.raises(AccountError):
        set_work(agent.email, languages=["german"])
    assert "payouts" in run(cli, ["agent", "work", agent.email, "--capacity", "0"]).output
