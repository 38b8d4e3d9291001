"""The history of a case, its time, and the names a note can name."""

import csv
import json
from io import StringIO

from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases import acts
from headwater.cases.models import Case, Stretch
from tests.factories import SYSTEM, make_agent, make_case


def test_who_did_what_through_which_entrance(desk: Client, agent: Agent) -> None:
    case = make_case()
    acts.assign_case(case, agent, actor=agent.actor())
    desk.post(f"/cases/{case.pk}/write/", {"action": "note", "kind": "note", "note_body": "=1+1"})
    page = desk.get(f"/cases/{case.pk}/history/").content.decode()
    assert "Mia Chen took it" in page
    assert "A note was added" in page
    only = desk.get(f"/cases/{case.pk}/history/?kind=case.assigned").content.decode()
    assert "A note was added" not in only
    told = desk.get(f"/cases/{case.pk}/history/?as=json&who=Mia Chen").json()["history"]
    assert {line["entrance"] for line in told} == {"desk"}
    answer = desk.get(f"/cases/{case.pk}/history/?as=csv")
    rows = list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode())))  # type: ignore[attr-defined]
    assert [row["kind"] for row in rows][-1] == "note.added"
    assert json.loads(rows[-1]["data"])["message_id"]


def test_evidence_that_was_read_is_part_of_it(desk: Client, scene: dict[str, Case]) -> None:
    from headwater.evidence.models import EvidenceRun
    from headwater.kit.clock import utc_now

    case = scene["main"]
    EvidenceRun.objects.create(
        id="run_1", at=utc_now(), who="Mia Chen", entrance="desk", reason="case", case_id=case.pk,
        sql="select 1", engine="duckdb", outcome="ok", rows=3,
    )  # fmt: skip
    page = desk.get(f"/cases/{case.pk}/history/?kind=evidence.read").content.decode()
    assert "read evidence: case (ok, 3 rows)" in page


def test_activity_and_its_correction(desk: Client, agent: Agent) -> None:
    case = make_case()
    assert desk.post(f"/cases/{case.pk}/here/").json() == {"seconds": 0}
    assert Stretch.objects.get().agent == agent
    refused = desk.post(f"/cases/{case.pk}/time/", {"minutes": "ten", "reason": "Phone"})
    assert refused.status_code == 400
    assert b"How many minutes?" in refused.content
    assert b"Phone" in refused.content
    answer = desk.post(f"/cases/{case.pk}/time/", {"minutes": "10", "reason": "Phone"}, follow=True)
    assert "10m" in answer.content.decode()
    assert "by +10 minutes: Phone" in answer.content.decode()
    assert desk.post("/cases/case_nope/here/").status_code == 404


def test_whom_a_note_can_name(desk: Client) -> None:
    make_agent("Ben Okoye")
    gone = make_agent("Gone")
    gone.is_active = False
    gone.save()
    names = desk.get("/colleagues/").json()["names"]
    assert "Ben Okoye" in names
    assert "Gone" not in names


def test_choosing_which_news_are_mailed(desk: Client, agent: Agent) -> None:
    desk.post("/followed/mails/", {"mails": "all"})
    agent.refresh_from_db()
    assert agent.news_mail == "all"
    assert b"no choice" in desk.post("/followed/mails/", {"mails": "x"}, follow=True).content
    acts.add_note(make_case(), "x", agent=agent, actor=SYSTEM)
