"""Macros on the desk: written by leads, shown in a case, run, undone."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

from headwater.accounts.models import Agent
from headwater.cases.handling.tags import know_tag, tags_of
from headwater.cases.models import Case, Draft
from headwater.macros import acts, queries
from headwater.macros.queries import MACRO
from headwater.macros.recipes import macro
from tests.factories import SYSTEM

pytestmark = pytest.mark.django_db


def keep(name: str, **keys: object) -> None:
    acts.keep(macro(name, f"About {name}", keys, fields=[]), actor=SYSTEM)


def seen_in(page: bytes) -> str:
    return page.decode().split('name="seen" value="')[1].split('"')[0]


def test_a_lead_writes_one_in_a_form(desk: Client, agent: Agent) -> None:
    know_tag("late", actor=SYSTEM)
    typed = {
        "name": "late", "title": "It is late", "version": "0", "priority": "high",
        "add_tags": "Late", "text-en": "Hello {{ person.name }}", "turn": "snoozed", "until": "3d",
    }  # fmt: skip
    assert desk.post("/macros/new/", typed).status_code == 403
    Agent.objects.filter(pk=agent.pk).update(role="lead")
    wrong = desk.post("/macros/new/", {**typed, "until": "soon"})
    assert wrong.status_code == 400 and b"soon" in wrong.content and b"It is late" in wrong.content
    assert desk.post("/macros/new/", typed).status_code == 302
    assert queries.entry_named(MACRO, "late").content == {
        "priority": "high", "add_tags": ["late"], "texts": {"en": "Hello {{ person.name }}"},
        "turn": "snoozed", "until": "3d",
    }  # fmt: skip
    page = desk.get("/macros/late/").content
    assert b'value="3d"' in page and b"{{ person.name }}" in page
    desk.post("/macros/late/", {**typed, "version": "1", "priority": ""})
    desk.post("/macros/late/", {"action": "back:1"})
    entry = queries.entry_named(MACRO, "late")
    assert (entry.version, entry.content["priority"]) == (3, "high")
    desk.post("/macros/late/", {"action": "retire"})
    assert b"It is late" not in desk.get("/macros/").content
    assert b"It is late" in desk.get("/macros/?all=1").content


def test_it_is_shown_then_run_then_undone(desk: Client, scene: dict[str, Case]) -> None:
    know_tag("late", actor=SYSTEM)
    keep("late", priority="high", add_tags=["late"], texts={"en": "Hello {{ person.name }}"},
         draft="replace", turn="waiting_engineering")  # fmt: skip
    case = scene["main"]
    draft = Draft.objects.get(case=case).body
    page = desk.get(f"/cases/{case.pk}/macros/late/")
    for words in (b"Priority", b"High", b"late", b"Hello Priya Raman", b"Waiting on engineering"):
        assert words in page.content
    assert tags_of(case) == []
    assert desk.post(f"/cases/{case.pk}/macros/late/", {}).status_code == 302
    assert tags_of(case) == []
    desk.post(f"/cases/{case.pk}/macros/late/", {"seen": seen_in(page.content)})
    now = Case.objects.get(pk=case.pk)
    assert (tags_of(now), now.priority, now.state) == (["late"], "high", "waiting_engineering")
    assert Draft.objects.get(case=case).body == "Hello Priya Raman\n"
    assert "ran the macro “About late”" in desk.get(f"/cases/{case.pk}/").content.decode()
    use = queries.uses_on(case)[0]
    assert b"About late" in desk.get(f"/cases/{case.pk}/answers/").content
    desk.post(f"/cases/{case.pk}/uses/{use.pk}/undo/")
    now = Case.objects.get(pk=case.pk)
    assert (tags_of(now), now.priority, now.state) == ([], "normal", "ours")
    assert Draft.objects.get(case=case).body == draft


def test_what_the_case_does_not_know_is_said_before(desk: Client, scene: dict[str, Case]) -> None:
    keep("about", texts={"en": "{{ finding.words }}"})
    page = desk.get(f"/cases/{scene['unverified'].pk}/macros/about/").content
    assert b"not verified" in page and b"Run it" not in page
    listed = desk.get(f"/cases/{scene['main'].pk}/answers/?fragment=1&q=about").content.decode()
    assert "/macros/about/" in listed


def test_language_and_evidence_are_chosen_where_there_are_several(
    desk: Client, scene: dict[str, Case]
) -> None:
    keep("why", texts={"en": "It is: {{ finding.title }}", "de": "Es ist: {{ finding.title }}"},
         draft="replace")  # fmt: skip
    case = scene["main"]
    page = desk.get(f"/cases/{case.pk}/macros/why/").content.decode()
    assert "It is: Webhook endpoint answers with errors" in page and 'id="language"' in page
    chosen = f"/cases/{case.pk}/macros/why/?language=de&finding=2"
    page = desk.get(chosen)
    assert "Es ist: Issuers decline the payments" in page.content.decode()
    desk.post(chosen, {"seen": seen_in(page.content)})
    assert Draft.objects.get(case=case).body == "Es ist: Issuers decline the payments\n"


def test_pages_ask_no_more_for_more_macros(
    desk: Client,
    scene: dict[str, Case],
    at_most: Callable[[int], AbstractContextManager[None]],
) -> None:
    for number in range(30):
        keep(f"m{number}", priority="high")
    with at_most(8):
        desk.get("/macros/")
    with at_most(13):
        desk.get(f"/cases/{scene['main'].pk}/answers/")
