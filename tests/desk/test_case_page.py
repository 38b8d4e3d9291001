"""The case page: conversation, evidence, and who may be told."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.test import Client

from headwater.cases.models import Case
from headwater.diagnosis.models import Diagnosis, Finding, Problem
from headwater.diagnosis.watch import acts as watch_acts
from headwater.diagnosis.watch.acts import Rise
from headwater.diagnosis.watch.baseline import Verdict
from headwater.diagnosis.watch.onset import Onset
from headwater.kit.actors import Actor
from headwater.kit.clock import as_naive_utc
from tests.markup import inline, tags
from tests.scene import Contact, open_contact


def page(desk: Client, case: Case) -> str:
    response = desk.get(f"/cases/{case.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_finding_shows_probability_rows_sql_and_reasons(
    desk: Client, scene: dict[str, Case]
) -> None:
    html = page(desk, scene["main"])
    for words in (
        "87%", "we_1Qx9Lm20", "Show SQL", "from webhook_endpoints e", "1 in 900 accounts",
        "the endpoint is still enabled", "webhook_deliveries", "214 of 214 attempts", "Ruled out",
    ):  # fmt: skip
        assert words in html, words
    assert "+0.0" not in html


def test_the_draft_is_in_the_reply_box_and_not_in_the_note_box(
    desk: Client, scene: dict[str, Case]
) -> None:
    html = page(desk, scene["main"])
    boxes = dict(re.findall(r'name="(\w+_body)"[^>]*>(.*?)</textarea>', html, re.DOTALL))
    assert "has answered 214 of 214 deliveries" in boxes["reply_body"]
    assert boxes["note_body"] == ""


def test_a_claimed_account_is_marked_for_the_specialist_only(
    desk: Client, scene: dict[str, Case]
) -> None:
    html = page(desk, scene["unverified"])
    assert "Claimed account, not verified" in html
    assert "Send no facts" in html
    assert "Use this finding" not in html


def test_an_unknown_sender_shows_no_evidence_at_all(desk: Client, scene: dict[str, Case]) -> None:
    html = page(desk, scene["unknown"])
    assert "Unknown sender" in html
    assert "Show SQL" not in html


def test_no_cause_found_says_what_was_searched(desk: Client, scene: dict[str, Case]) -> None:
    html = page(desk, scene["quiet"])
    assert "No cause found" in html
    assert "3 tables" in html


def test_while_the_search_runs_the_evidence_asks_again(desk: Client, db: None) -> None:
    case = open_contact(Contact("Al", "al@x.example", "Help", "it fails", "acct_9xx", "X"))
    assert "Looking for the cause" in page(desk, case)
    fragment = desk.get(f"/cases/{case.pk}/?fragment=evidence").content.decode()
    assert 'hx-trigger="every 3s"' in fragment
    assert "<html" not in fragment


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror=alert(1)> https://a.example/"onmouseover="x',
        "javascript:alert(1)",
    ],
)
def test_hostile_mail_stays_text(desk: Client, db: None, body: str) -> None:
    case = open_contact(Contact(body, "al@x.example", body, body, "acct_9xx", "X"))
    html = page(desk, case)
    assert body not in html or "<" not in body
    assert inline(html) == []
    assert "img" not in [tag for tag, _ in tags(html)]
    links = [attrs["href"] for tag, attrs in tags(html) if tag == "a"]
    assert all(link.startswith(("/", "#", "https://")) for link in links)


def test_a_full_page_shows_the_rows(desk: Client, scene: dict[str, Case]) -> None:
    html = desk.get(f"/cases/{scene['main'].pk}/findings/1/").content.decode()
    assert '<th scope="col">failed_share</th>' in html
    assert "https://northwind.example/hooks" in html
    assert desk.get(f"/cases/{scene['main'].pk}/findings/9/").status_code == 404


@pytest.mark.parametrize("name", ["main", "waiting", "unverified", "unknown"])
def test_the_page_stays_within_few_queries(
    desk: Client,
    scene: dict[str, Case],
    name: str,
    at_most: Callable[[int], AbstractContextManager[None]],
) -> None:
    # One more where there are replies: how far each has come.
    with at_most(13 if name == "waiting" else 12):
        page(desk, scene[name])


def open_incident(case: Case, onset: datetime) -> Problem:
    """An open incident that the case belongs to."""
    rise = Rise(
        playbook="webhook-endpoint-failing", title="Webhook endpoint answers with errors",
        sql="", day=onset, measure="fresh", level=1e-4,
        verdict=Verdict(count=41, expected=2.0, tail=1e-9, threshold=5, rise=True),
        onset=Onset(as_naive_utc(onset), 41, 44),
    )  # fmt: skip
    problem = watch_acts.open_problem(rise, actor=Actor.system())
    watch_acts.link_case(problem, case, actor=Actor.system())
    return problem


def test_an_incident_comes_first_and_what_began_with_it_is_folded_away(
    desk: Client, scene: dict[str, Case], at_most: Callable[[int], AbstractContextManager[None]]
) -> None:
    case = scene["main"]
    seen = case.opened_at - timedelta(hours=1)
    Finding.objects.filter(diagnosis__case=case, rank=2).update(first_seen=seen - timedelta(days=9))
    problem = open_incident(case, seen)
    with at_most(12):
        shown = page(desk, case)
    first = shown.index("An incident of the platform")
    assert first < shown.index("1 cause that may come from the incident")
    assert f"/problems/{problem.pk}/" in shown and "41 accounts, this one among them" in shown
    # What is older is a cause of its own, beside the incident and not within.
    assert 'aria-label="Issuers decline the payments"' in shown
    assert 'id="finding-1"' not in shown
    watch_acts.solve_problem(problem, resolution="", solve_cases=False, actor=Actor.system())
    assert "An incident of the platform" not in page(desk, case)


def test_a_sign_older_than_the_incident_is_a_cause_of_its_own(
    desk: Client, scene: dict[str, Case]
) -> None:
    case = scene["main"]
    open_incident(case, case.opened_at + timedelta(hours=5))
    assert "An incident of the platform" not in page(desk, case)


def test_questions_are_shown_where_nothing_is_proven(desk: Client, scene: dict[str, Case]) -> None:
    case = scene["quiet"]
    Diagnosis.objects.filter(case=case).update(
        ask={"id": "q", "title": "Requests do not arrive", "modes": [], "docs": [],
             "why": "They leave no row.", "questions": ["What does the client say?"]}
    )  # fmt: skip
    shown = page(desk, case)
    assert "Questions to ask" in shown and "What does the client say?" in shown
    assert "Questions to ask" not in page(desk, scene["main"])
