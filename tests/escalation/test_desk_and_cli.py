"""Escalating from the case's page and from the command line."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client

from headwater.cases.models import Case
from headwater.cli.main import cli
from headwater.diagnosis.acts import keep_completed
from headwater.diagnosis.handoff import Handoff
from headwater.escalation import queries
from headwater.escalation.models import Escalation
from headwater.kit.clock import utc_now
from tests.escalation.conftest import World, work
from tests.factories import PASSWORD, make_case


@pytest.fixture
def desk(on_github: World, monkeypatch: pytest.MonkeyPatch) -> Client:
    # Neither the reference nor the playbooks are looked at here; both take seconds to read.
    monkeypatch.setattr("headwater.knowledge.sdk.package._places", list)
    monkeypatch.setattr("headwater.desk.shelf.known_playbooks", dict)
    client = Client()
    assert client.login(username=on_github.agent.email, password=PASSWORD)
    return client


def _counted() -> Escalation:
    """The newest escalation; there is no lake here to count the cause's reach in."""
    made = Escalation.objects.latest("opened_at")
    keep_completed(made.handoff_id, Handoff.from_dict({**made.handoff.content, "reach": None}))
    return made


def test_the_page_does_all_of_it(desk: Client, on_github: World) -> None:
    case, fake = on_github.case, on_github.fake
    address = f"/cases/{case.pk}/escalations/"
    told = {"action": "open", "team": "engineering", "severity": "critical", "within": "4",
            "ask": "Please look."}  # fmt: skip
    wrong = desk.post(address, {**told, "within": "x"})
    assert wrong.status_code == 400 and b"Please look." in wrong.content
    assert desk.post(address, told).status_code == 302
    made = _counted()
    work()
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    for words in ("their turn, next update by", "escalated it to Engineering", "#1"):
        assert words in page, words

    def press(action: str, **more: str) -> str:
        answer = desk.post(address, {"action": action, "escalation": made.pk, **more}, follow=True)
        return answer.content.decode()

    assert "The comment is on its way." in press("comment", body="Any news?")
    assert "Any news?" in press("promise", within="48")
    press("withdraw", reason="Found it.")
    assert on_github.fresh(made).state == "withdrawn"
    press("reopen")
    fake.remark(1, "/support We are on it.", "dana")
    work()
    on_github.deliver()
    work()
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    for words in ("dana (Engineering)", "We are on it.", "Engineering wrote to us",
                  "took it back from Engineering: Found it.", "has it again"):  # fmt: skip
        assert words in page, words
    listed = desk.get("/escalations/").content.decode()
    assert "Critical" in listed and address in listed
    assert desk.post(address, {"action": "dance"}).status_code == 400
    other = make_case()
    theirs = desk.post(f"/cases/{other.pk}/escalations/",
                       {"action": "withdraw", "escalation": made.pk})  # fmt: skip
    assert theirs.status_code == 400


def test_another_case_of_the_same_cause_waits_too(desk: Client, on_github: World) -> None:
    made = on_github.escalate()
    Case.objects.filter(pk=on_github.case.pk).update(likely_cause="webhook-endpoint-failing")
    other = make_case()
    Case.objects.filter(pk=other.pk).update(likely_cause="webhook-endpoint-failing")
    address = f"/cases/{other.pk}/escalations/"
    assert made.pk in desk.get(address).content.decode()
    desk.post(address, {"action": "join", "escalation": made.pk})
    assert {case.pk for case in queries.linked_cases(made)} == {on_github.case.pk, other.pk}
    desk.post(address, {"action": "leave", "escalation": made.pk})
    assert [case.pk for case in queries.linked_cases(made)] == [on_github.case.pk]
    other.refresh_from_db()
    assert other.state == Case.State.OURS


def test_what_a_tracker_names_becomes_no_script(on_github: World) -> None:
    on_github.fake.fail("POST", "/none", None)
    made = on_github.escalate()
    work()
    on_github.fake.issues[0].update(  # type: ignore[union-attr]
        html_url="javascript:alert(1)", updated_at="2099-01-01T00:00:00Z"
    )
    on_github.deliver()
    work()
    assert on_github.fresh(made).issue_url == ""


def test_the_commands_do_all_of_it(on_github: World) -> None:
    case, agent = on_github.case, on_github.agent

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(cli, ["escalations", *words])
        assert done.exit_code == code, done.output
        return done.output

    assert "code: github of engineering" in run("trackers")
    assert run("list") == "None.\n"
    opened = ["open", case.pk, "--severity", "major", "--as", agent.email]
    assert "has it; its issue" in run(*opened, "--team", "engineering", "--next-update", "4h")
    made = _counted()
    work()
    run("comment", made.pk, "Any news?", "--as", agent.email)
    run("promise", made.pk, "2d")
    assert on_github.fresh(made).next_update_at > utc_now() + timedelta(hours=47)  # type: ignore[operator]
    other = make_case()
    run("join", made.pk, other.pk, "--as", agent.email)
    told = json.loads(run("show", made.pk, "--json"))
    assert told["cases"] == [case.pk, other.pk] and told["comments"][0]["body"] == "Any news?"
    run("leave", made.pk, other.pk)
    run("withdraw", made.pk, "--reason", "Found it.", "--as", agent.email)
    assert "over" in run("promise", made.pk, "2d", code=1)
    run("reopen", made.pk)
    run("retry", made.pk)
    run("read", made.pk)
    work()
    assert json.loads(run("list", "--json"))[0]["state"] == "open"
    assert "says when it is done" in run("finish", made.pk, "fixed", code=1)
    by_hand = run(*opened, "--team", "product", "--next-update", "2099-01-01", code=1)
    assert "90 days" in by_hand
    run(*opened, "--team", "product", "--next-update", "1d")
    run("finish", Escalation.objects.latest("opened_at").pk, "declined")
    assert case.events.filter(entrance="cli", kind="escalation.opened").count() == 2
