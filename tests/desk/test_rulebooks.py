"""The team's rules and people's work on the desk."""

from datetime import timedelta

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases import rulebooks
from headwater.cases.models import RoutingVersion
from headwater.kit.clock import utc_now
from tests.cases.test_routing import GOOD
from tests.factories import make_agent

SLA = """
[calendars.office]
time_zone = "Europe/Berlin"
hours = { monday = ["09:00-17:00"] }
[[policies]]
name = "Everybody"
calendar = "office"
first_reply = { within = "4h" }
"""
AUTOMATIONS = """
automation:
  - name: Chase
    after: {state: waiting_user, for: 5d}
    then: {priority: low}
"""


@pytest.fixture
def lead(agent: Agent) -> Agent:
    agent.role = "lead"
    agent.save()
    return agent


def test_checking_changes_nothing_and_applying_keeps_the_text(desk: Client, lead: Agent) -> None:
    text = yaml.safe_dump(GOOD)
    page = desk.post("/rules/routing/change/", {"text": text, "action": "check"})
    assert page.status_code == 200
    assert b"+  payouts:" in page.content
    assert not RoutingVersion.objects.exists()
    desk.post("/rules/routing/change/", {"text": text, "action": "apply"})
    row = RoutingVersion.objects.get()
    assert (row.source, row.applied_by, row.entrance) == (text, "Mia Chen", "desk")
    assert b"About payouts" in desk.get("/rules/routing/").content
    # A file counts before the text, and the same again is nothing new.
    file = SimpleUploadedFile("rules.yaml", text.encode())
    again = desk.post(
        "/rules/routing/change/", {"text": "x", "file": file, "action": "apply"}, follow=True
    )
    assert b"It holds already." in again.content


def test_going_back_to_an_older_version(desk: Client, lead: Agent) -> None:
    first, second = yaml.safe_dump(GOOD), yaml.safe_dump(GOOD | {"priority": []})
    for text in (first, second):
        desk.post("/rules/routing/change/", {"text": text, "action": "apply"})
    page = desk.post("/rules/routing/change/", {"text": first, "action": "check"})
    assert b"Enterprise" in page.content
    oldest = RoutingVersion.objects.order_by("pk")[0]
    desk.post("/rules/routing/change/", {"action": "again", "version": oldest.pk})
    latest = RoutingVersion.objects.latest("pk")
    assert (latest.version, latest.source) == (oldest.version, first)
    refused = desk.post("/rules/routing/change/", {"action": "again", "version": "99999"})
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("routing", "queues: [", b"neither TOML"),
        ("routing", "just words", b"not well-formed"),
        ("routing", "calendars: {office: /etc/passwd}", b"is not in the text"),
        ("routing", "nonsense: 1", b"nonsense"),
        ("sla", SLA.replace("4h", "four"), b"four"),
        ("automations", "automation: 1", b"There are no automations"),
        ("sla", "x" * 200_001, b"too long"),
    ],
)
def test_what_is_no_rulebook(desk: Client, lead: Agent, key: str, text: str, said: bytes) -> None:
    page = desk.post(f"/rules/{key}/change/", {"text": text, "action": "apply"})
    assert page.status_code == 400
    assert said in page.content


@pytest.mark.parametrize(("key", "text"), [("sla", SLA), ("automations", AUTOMATIONS)])
def test_the_other_kinds(desk: Client, lead: Agent, key: str, text: str) -> None:
    page = desk.post(f"/rules/{key}/change/", {"text": text, "action": "check"})
    assert page.status_code == 200, page.content
    desk.post(f"/rules/{key}/change/", {"text": text, "action": "apply"})
    kind = rulebooks.KINDS[key]
    assert kind.in_force() is not None
    assert rulebooks.difference(kind, kind.in_force()) == []
    restored = kind.restore(rulebooks.versions(kind)[0].content)
    assert restored.id == kind.in_force().id


def test_only_a_lead_changes_rules_and_work(desk: Client, agent: Agent) -> None:
    assert desk.get("/rules/sla/").status_code == 200
    assert desk.get("/rules/nope/").status_code == 404
    assert desk.post("/rules/sla/change/", {"text": SLA, "action": "apply"}).status_code == 403
    assert b"takes cases themselves" in desk.get("/team/").content
    assert desk.post("/team/change/", {"email": agent.email}).status_code == 403


def test_what_somebody_can_do(desk: Client, lead: Agent) -> None:
    ben = make_agent("Ben")
    away = (utc_now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    form = {
        "email": ben.email, "skills": "payouts, disputes", "languages": "de", "capacity": "8",
        "away_until": away,
    }  # fmt: skip
    desk.post("/team/change/", form)
    ben.refresh_from_db()
    assert (ben.skills, ben.languages, ben.capacity) == (["disputes", "payouts"], ["de"], 8)
    assert ben.away_until is not None
    desk.post("/team/change/", form | {"away_until": ""})
    ben.refresh_from_db()
    assert ben.away_until is None
    refused = desk.post("/team/change/", form | {"languages": "german"})
    assert b"is no language" in refused.content
    assert (
        b"The capacity is a number"
        in desk.post("/team/change/", form | {"capacity": "many"}).content
    )
