"""The reference in the desk: found, read, cited, and a way back to the case."""

from pathlib import Path

import pytest
from django.test import Client

from headwater.cases.models import Case
from tests.markup import inline, unlabelled


@pytest.fixture(autouse=True)
def _guide_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("headwater.knowledge.sdk.package._places", list)
    settings.HEADWATER_HOME = tmp_path


def test_a_question_finds_records_and_says_what_is_missing(desk: Client) -> None:
    html = desk.get("/docs/", {"q": "the card was stolen <b>"}).content.decode()
    assert "stolen_card" in html
    assert "is not installed here" in html
    assert "&lt;b&gt;" in html
    assert unlabelled(html) == []
    assert inline(html) == []


def test_nothing_found_says_so(desk: Client) -> None:
    assert b"Nothing found" in desk.get("/docs/", {"q": "zzzqqq"}).content


def test_the_page_alone_needs_no_index(desk: Client, tmp_path: Path) -> None:
    assert desk.get("/docs/").status_code == 200
    assert not (tmp_path / "docs.sqlite").exists()


def test_a_record_by_id_and_by_address(desk: Client) -> None:
    by_id = desk.get("/docs/record/", {"id": "error:card_declined"}).content.decode()
    assert "The bank refused the card." in by_id
    assert 'href="https://docs.stripe.com/error-codes#card-declined"' in by_id
    by_url = desk.get("/docs/record/", {"id": "https://docs.stripe.com/webhooks"})
    assert b"Your server is told what happened" in by_url.content
    assert desk.get("/docs/record/", {"id": "error:nothing"}).status_code == 404


def test_from_a_case_and_back(desk: Client, scene: dict[str, Case]) -> None:
    case = scene["main"]
    html = desk.get(f"/cases/{case.pk}/").content.decode()
    assert f'name="case" value="{case.pk}"' in html
    found = desk.get("/docs/", {"q": "stolen card", "case": case.pk}).content.decode()
    assert "Back to" in found
    other = desk.get("/docs/", {"q": "stolen card", "case": "case_nope"}).content.decode()
    assert "Back to" not in other


def test_a_playbook_cites_its_documents_by_title(desk: Client) -> None:
    html = desk.get("/playbooks/webhook-endpoint-failing/").content.decode()
    assert "/docs/record/?id=https%3A%2F%2Fdocs.stripe.com%2Fwebhooks" in html
