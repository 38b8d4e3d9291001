"""The case page: conversation, evidence, and who may be told."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from headwater.cases.models import Case
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
def test_the_page_stays_within_twelve_queries(
    desk: Client,
    scene: dict[str, Case],
    name: str,
    at_most: Callable[[int], AbstractContextManager[None]],
) -> None:
    with at_most(12):
        page(desk, scene[name])
