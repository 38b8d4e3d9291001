"""`headwater cases` does what the desk does, through the same acts."""

import json
import threading

import pytest
from click.testing import CliRunner

from headwater.cases.handling import following, tags
from headwater.cases.models import Queue
from headwater.cases.queries import case_for_system
from headwater.cli.main import cli
from headwater.kit.jobs.models import Job
from headwater.kit.jobs.worker import run_worker
from tests.factories import make_agent, make_case

pytestmark = pytest.mark.django_db


def run(*words: str, ok: bool = True) -> str:
    result = CliRunner().invoke(cli, ["cases", *words])
    assert (result.exit_code == 0) is ok, result.output
    return result.output


def test_tags_and_fields() -> None:
    case, agent = make_case(), make_agent()
    Queue.objects.create(id="payouts", name="Payouts")
    assert "not known" in run("tag", case.pk, "vip", ok=False)
    run("tags", "--add", "VIP")
    run("tag", case.pk, "vip", "--as", agent.email)
    assert tags.tags_of(case) == ["vip"]
    assert "1  vip" in run("tags", "--retire", "vip")
    run("untag", case.pk, "vip")
    run(
        "field", "mode", "--label", "Mode", "--kind", "choice", "--allow", "live", "--allow", "test"
    )
    assert "Every queue has mode" in run("offer", "mode", "--required")
    assert "no queue 'nowhere'" in run("offer", "mode", "--queue", "nowhere", ok=False)
    run("offer", "mode", "--queue", "payouts")
    run("offer", "mode", "--queue", "payouts", "--withdraw")
    assert "one of live, test" in run("set", case.pk, "mode", "both", ok=False)
    run("set", case.pk, "mode", "LIVE")
    told = json.loads(run("show", case.pk, "--json"))
    assert told["fields"] == {"mode": "live"}
    assert told["tags"] == []
    assert json.loads(run("fields", "--json"))[0]["queues"] == {"*": True}
    assert "required for solving" in run("fields")
    assert "mode: live" in run("show", case.pk)


def test_following_and_snoozing() -> None:
    case, agent = make_case(), make_agent()
    run("follow", case.pk, "--as", agent.email)
    run("snooze", case.pk, "--until", "escalation", "--latest", "2999-01-01")
    assert case_for_system(case.pk).snoozed_for == "escalation"
    assert "state.changed" in run("news", "--as", agent.email, "--seen")
    assert run("news", "--as", agent.email) == ""
    run("snooze", case.pk, "--until", "2999-01-01T10:00+01:00")
    assert case_for_system(case.pk).snoozed_for == ""
    assert "no time" in run("snooze", case.pk, "--until", "2999-13-01", ok=False)
    run("follow", case.pk, "--as", agent.email, "--stop")
    assert not following.follows(case, agent)
    assert "no active agent" in run("follow", case.pk, "--as", "nobody@x.example", ok=False)


def test_many_at_once() -> None:
    cases, agent = [make_case(), make_case()], make_agent()
    run("tags", "--add", "vip")
    run("tag", cases[0].pk, "vip")
    assert [row["id"] for row in json.loads(run("list", "--tag", "vip", "--json"))] == [cases[0].pk]
    assert "no state" in run("list", "--state", "x", ok=False)
    assert "No case was chosen" in run("bulk", "change", "--as", agent.email, "--assign", "nobody", ok=False)  # fmt: skip  # noqa: E501
    words = ("bulk", "change", "--as", agent.email, "--state", "open", "--assign", agent.email)
    assert "2 would change" in run(*words, "--remove-tag", "vip")
    assert case_for_system(cases[0].pk).assignee_id is None
    bulk_id = run(*words, "--remove-tag", "vip", "--go").split(":")[0]
    Job.objects.exclude(name__startswith="cases.bulk").delete()
    run_worker(threading.Event(), once=True)
    assert {case_for_system(case.pk).assignee_id for case in cases} == {agent.pk}
    assert json.loads(run("bulk", "show", bulk_id, "--json"))["counts"] == {"changed": 2}
    assert bulk_id in run("bulk", "show")
    run("bulk", "undo", bulk_id, "--as", agent.email)
    run_worker(threading.Event(), once=True)
    assert "Restored" in run("bulk", "show", bulk_id)
    assert tags.tags_of(cases[0]) == ["vip"]
    assert "no bulk act" in run("bulk", "show", "bulk_nope", ok=False)
