"""The library on the desk, and an answer's way into the composer."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases.models import Case, Draft
from headwater.macros import acts, queries
from headwater.macros.contents import answer
from headwater.macros.queries import ANSWER
from tests.factories import SYSTEM

pytestmark = pytest.mark.django_db


def keep(name: str, texts: object = "Hello {{ person.name }}") -> None:
    acts.keep(answer(name, f"About {name}", texts, fields=[]), actor=SYSTEM)


@pytest.fixture
def lead(agent: Agent) -> Agent:
    Agent.objects.filter(pk=agent.pk).update(role="lead")
    return agent


def test_a_lead_writes_changes_retires_and_brings_back(desk: Client, lead: Agent) -> None:
    new = {"name": "refund", "title": "Refund", "text-en": "Hello", "version": "0"}
    assert desk.post("/answers/new/", new).status_code == 302
    page = desk.post("/answers/new/", new)
    assert page.status_code == 400 and b"already" in page.content
    change = {"title": "Refund", "text-en": "Hello you", "new_language": "de", "new_text": "Hallo",
              "version": "1"}  # fmt: skip
    assert desk.post("/answers/refund/", change).status_code == 302
    assert queries.entry_named(ANSWER, "refund").content["texts"] == {
        "en": "Hello you", "de": "Hallo",
    }  # fmt: skip
    late = desk.post("/answers/refund/", {**change, "text-en": "Mine"})
    assert late.status_code == 400 and b"meanwhile" in late.content and b"Mine" in late.content
    desk.post("/answers/refund/", {"action": "retire"})
    assert not queries.entry_named(ANSWER, "refund").is_active
    desk.post("/answers/refund/", {"action": "back:1"})
    entry = queries.entry_named(ANSWER, "refund")
    assert (entry.is_active, entry.content["texts"]) == (True, {"en": "Hello"})


def test_others_read_and_change_nothing(desk: Client) -> None:
    keep("refund")
    page = desk.get("/answers/refund/")
    assert b"Leads change" in page.content and b"<textarea" not in page.content
    refused = desk.post("/answers/refund/", {"title": "X", "text-en": "Y", "version": "1"})
    assert refused.status_code == 403
    assert queries.entry_named(ANSWER, "refund").version == 1


def test_in_a_case_each_answer_stands_as_it_would_read(
    desk: Client, scene: dict[str, Case]
) -> None:
    keep("hello", {"en": "Hello {{ person.name }}", "de": "Hallo {{ person.name }}"})
    keep("account", "About {{ account.name }}")
    case = scene["unverified"]
    page = desk.get(f"/cases/{case.pk}/answers/").content.decode()
    assert "Hello Sam Ortiz" in page
    assert "This case does not know account.name." in page
    assert "/answers/account/use/" not in page
    found = desk.get(f"/cases/{case.pk}/answers/?q=hello&fragment=1").content.decode()
    assert "About hello" in found and "About account" not in found
    desk.post(f"/cases/{case.pk}/answers/hello/use/", {"replace": "1"})
    assert Draft.objects.get(case=case).body == "Hello Sam Ortiz\n"
    made = queries.uses_on(case)[0]
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "put the answer “About hello” into the draft" in page
    elsewhere = desk.post(f"/cases/{scene['main'].pk}/uses/{made.pk}/undo/")
    assert elsewhere.status_code == 404
    desk.post(f"/cases/{case.pk}/uses/{made.pk}/undo/")
    assert not Draft.objects.filter(case=case).exists()


def test_the_composer_gets_the_text_or_the_reason(desk: Client, scene: dict[str, Case]) -> None:
    keep("hello")
    keep("account", "About {{ account.name }}")
    case = scene["unknown"]
    url = f"/cases/{case.pk}/answers"
    typed = {"before": "A\r\n", "after": "🙂 B"}
    refused = desk.post(f"{url}/account/use/", typed)
    assert refused.status_code == 409 and "account.name" in refused.json()["problem"]
    case.person.name = "Jo"
    case.person.save()
    told = desk.post(f"{url}/hello/use/", typed).json()
    assert told == {"body": "A\nHello Jo🙂 B", "cursor_from_end": 4}


def test_language_and_evidence_of_an_answer_are_chosen(
    desk: Client, scene: dict[str, Case]
) -> None:
    keep("why", {"en": "It is: {{ finding.title }}", "de": "Es ist: {{ finding.title }}"})
    case = scene["main"]
    page = desk.get(f"/cases/{case.pk}/answers/").content.decode()
    assert 'id="language-why"' in page and "Issuers decline the payments" in page
    typed = {"language": "de", "finding": "2", "replace": "1"}
    desk.post(f"/cases/{case.pk}/answers/why/use/", typed)
    assert Draft.objects.get(case=case).body == "Es ist: Issuers decline the payments\n"


def test_pages_ask_no_more_for_more_answers(
    desk: Client,
    scene: dict[str, Case],
    at_most: Callable[[int], AbstractContextManager[None]],
) -> None:
    for number in range(40):
        keep(f"a{number}", "Hello {{ person.name }} {{ finding.title }}")
    with at_most(12):
        page = desk.get(f"/cases/{scene['main'].pk}/answers/")
    assert b"30 most used of 40" in page.content
    with at_most(8):
        desk.get("/answers/")
