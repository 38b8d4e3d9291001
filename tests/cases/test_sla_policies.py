"""Policies: the file, what holds for which case, warnings, breaches, and `headwater sla`."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from headwater.cases import acts, ledger, placement, queries, tasks
from headwater.cases.errors import PolicyRefused
from headwater.cases.models import Clock, Queue
from headwater.cases.sla import acts as sla
from headwater.cases.sla.files import policies_from
from headwater.cases.sla.policies import Facts, policy_set_from
from headwater.cases.sla.queries import promised_to
from headwater.cli.main import cli
from headwater.kit.clock import utc_now
from headwater.kit.jobs.models import Job
from tests.factories import SYSTEM, make_account, make_agent, make_case

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OFFICE = {"time_zone": "Europe/Berlin", "hours": {"monday": ["09:00-17:00"]}}
GOOD: dict[str, Any] = {
    "calendars": {"office": OFFICE},
    "policies": [
        {
            "name": "Enterprise",
            "when": {"tier": ["enterprise", "plus"], "priority": "urgent"},
            "first_reply": "1h",
            "resolution": {"within": "8h", "calendar": "office", "warn": "2h"},
            "on_breach": {"priority": "urgent", "queue": "leads"},
        },
        {"name": "Queue", "when": {"queue": "payouts"}, "first_reply": "1h 30m"},
        {
            "name": "Rest",
            "first_reply": "4h",
            "resolution": "2d",
            "on_breach": {"priority": "high", "queue": "leads"},
        },
    ],
}


def policies(content: Any = GOOD) -> Any:
    return policies_from(content, Path(), NOW)


def changed(*path: Any, value: Any) -> Any:
    content = json.loads(json.dumps(GOOD))
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return content


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        (Facts(tier="plus", priority="urgent"), "Enterprise"),
        (Facts(tier="plus", priority="high"), "Rest"),
        (Facts(queue="payouts", tier="plus", priority="urgent"), "Enterprise"),
        (Facts(queue="payouts"), "Queue"),
        (Facts(), "Rest"),
    ],
)
def test_the_first_policy_that_holds_decides(facts: Facts, name: str) -> None:
    found = policies().policy_for(facts)
    assert found is not None
    assert found.name == name


def test_stored_policies_are_read_as_written() -> None:
    found = policies()
    again = policy_set_from(json.loads(json.dumps(found.as_json())))
    assert again == found
    assert found.policies[0].promises["resolution"].warn == 2 * 3600
    assert found.policies[1].promises["first_reply"].seconds == 5400


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "must hold keys"),
        ({}, "no policies"),
        ({"policies": []}, "no policies"),
        (changed("policy", value=1), "does not know 'policy'"),
        (changed("policies", 0, "frist_reply", value="1h"), "does not know 'frist_reply'"),
        (changed("policies", 0, "first_reply", value="soon"), "no span"),
        (changed("policies", 0, "first_reply", value="0m"), "no span"),
        (changed("policies", 0, "first_reply", value=4), "must hold keys"),
        (changed("policies", 0, "first_reply", value={"within": "1h", "calendar": "x"}), "'x'"),
        (changed("policies", 0, "resolution", "within", value="1d"), "any length"),
        (changed("policies", 0, "resolution", "warn", value="8h"), "before its clock"),
        (changed("policies", 0, "when", "priority", value=["huge"]), "does not know 'huge'"),
        (changed("policies", 0, "when", "plan", value=["x"]), "does not know 'plan'"),
        (changed("policies", 0, "when", "tier", value=[1]), "list of words"),
        (changed("policies", 0, "when", value={}), "holds for every case"),
        (changed("policies", 1, "name", value="Rest"), "Two policies"),
        (changed("policies", 1, "name", value=" "), "needs a name"),
        (changed("policies", 2, "on_breach", "priority", value="max"), "does not know 'max'"),
        (changed("calendars", "Office!", value=OFFICE), "no name for a calendar"),
        (changed("calendars", "office", "hours", value={}), "nothing would ever be due"),
    ],
)
def test_what_cannot_be_kept_is_refused(content: Any, said: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        policies(content)
    assert said in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.django_db
def test_a_clock_keeps_its_promise_when_policies_change_unless_told() -> None:
    sla.apply_policies(policies(), actor=SYSTEM)
    case = make_case()
    before = queries.clocks_of(case).get(target="first_reply")
    sla.apply_policies(policies(changed("policies", 2, "first_reply", value="8h")), actor=SYSTEM)
    acts.settle_clocks(case.id, actor=SYSTEM)
    assert queries.clocks_of(case).get(target="first_reply").due_at == before.due_at
    assert sla.aim_case(case.id, because="new contract", actor=SYSTEM)
    assert not sla.aim_case(case.id, because="new contract", actor=SYSTEM)
    after = queries.clocks_of(case).get(target="first_reply")
    assert after.due_at == before.due_at + timedelta(hours=4)
    (moved,) = (event.data for event in queries.events_of(case) if event.kind == "clock.moved")
    assert moved["because"] == "new contract"
    assert (moved["from"], moved["due_at"]) == (
        before.due_at.isoformat(), after.due_at.isoformat()
    )  # fmt: skip


@pytest.mark.django_db
def test_tier_priority_and_queue_decide_what_is_promised() -> None:
    sla.apply_policies(policies(), actor=SYSTEM)
    account = make_account()
    account.tier = "enterprise"
    account.save()
    case = make_case(account=account, identity="verified")
    assert promised_to(case, policies())["policy"].endswith("/Rest")
    placement.set_priority(case, "urgent", reason="they call", actor=SYSTEM)
    clock = queries.clocks_of(case).get(target="first_reply")
    assert (clock.target_seconds, clock.policy.split("/")[1]) == (3600, "Enterprise")
    payouts = Queue.objects.create(id="payouts", name="Payouts")
    placement.set_priority(case, "normal", reason="calm again", actor=SYSTEM)
    placement.move_to_queue(case, payouts, reason="area", actor=SYSTEM)
    clocks = {clock.target: clock for clock in queries.clocks_of(case)}
    assert clocks["first_reply"].target_seconds == 5400
    assert clocks["resolution"].state == Clock.State.CANCELLED
    assert ledger.stored_clocks(case) == queries.recomputed_clocks(case, utc_now())


@pytest.mark.django_db
def test_a_warning_is_given_once() -> None:
    sla.apply_policies(policies(), actor=SYSTEM)
    case = make_case(age=timedelta(hours=3, minutes=5))
    for _ in range(2):
        tasks.warn_of_breaches({})
    warned = [event.data for event in queries.events_of(case) if event.kind == "clock.warned"]
    assert [each["target"] for each in warned] == ["first_reply"]


@pytest.mark.django_db
def test_a_breach_raises_the_priority_and_moves_the_case_once() -> None:
    sla.apply_policies(policies(), actor=SYSTEM)
    Queue.objects.create(id="leads", name="Leads")
    case = make_case(age=timedelta(hours=5))
    for _ in range(2):
        tasks.sweep_breaches({})
    (job,) = Job.objects.filter(name="cases.answer_for_breach")
    for _ in range(2):
        tasks.answer_for_breach(job.payload)
    case.refresh_from_db()
    assert (case.priority, case.queue_id) == ("high", "leads")
    assert case.priority_reason == "first reply broken (Rest)"
    kinds = [event.kind for event in queries.events_of(case)]
    assert kinds.count("case.prioritised") == kinds.count("case.queued") == 1


@pytest.mark.django_db
def test_recomputing_finds_and_mends_what_somebody_changed_by_hand() -> None:
    case = make_case()
    Clock.objects.filter(case=case, target="resolution").update(due_at=utc_now())
    check = CliRunner().invoke(cli, ["sla", "recompute", "--check"])
    assert check.exit_code == 1
    assert "1 clocks of 1 cases differ" in check.output
    assert "1 put right" in CliRunner().invoke(cli, ["sla", "recompute"]).output
    assert CliRunner().invoke(cli, ["sla", "recompute", "--check"]).exit_code == 0
    case.refresh_from_db()
    assert case.next_due_target == "first_reply"


@pytest.mark.django_db
def test_policies_from_the_command_line(tmp_path: Path) -> None:
    case, path = make_case(), tmp_path / "sla.yaml"
    path.write_text(yaml.safe_dump(GOOD))
    shown = CliRunner().invoke(cli, ["sla", "check", str(path)])
    assert "1. Enterprise: tier is enterprise or plus and priority is urgent" in shown.output
    applied = CliRunner().invoke(cli, ["sla", "apply", str(path), "--running"])
    assert "1 open cases are under other promises now." in applied.output
    assert "hold already" in CliRunner().invoke(cli, ["sla", "apply", str(path)]).output
    told = CliRunner().invoke(cli, ["sla", "explain", case.id])
    assert "policies of sla.yaml applied" in told.output
    agent = make_agent()
    acts.send_reply(case, "Done.", agent=agent, actor=SYSTEM, solve=True)
    assert CliRunner().invoke(cli, ["sla", "recompute", "--check"]).exit_code == 0
    path.write_text("policies: {")
    refused = CliRunner().invoke(cli, ["sla", "check", str(path)])
    assert refused.exit_code == 1
    assert "not well-formed" in refused.output
