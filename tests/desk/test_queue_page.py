"""The queue shows what breaks first, and stays cheap."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client

from headwater.cases.models import Case
from tests.factories import make_case


def ids_in(html: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="/cases/(case_\w+)/\?view', html)))


def test_the_case_that_breaks_first_is_on_top(desk: Client) -> None:
    young = make_case(age=timedelta(minutes=5))
    late = make_case(age=timedelta(hours=6))
    middle = make_case(age=timedelta(hours=3, minutes=30))
    html = desk.get("/cases/").content.decode()
    assert ids_in(html) == [late.pk, middle.pk, young.pk]
    chips = re.findall(r"badge (ok|warn|bad|mute)", html)
    assert chips[:3] == ["bad", "warn", "ok"]


def test_views_hold_their_own_cases(desk: Client, scene: dict[str, Case]) -> None:
    html = desk.get("/cases/?view=waiting_user").content.decode()
    assert ids_in(html) == [scene["waiting"].pk]
    mine = desk.get("/cases/?view=mine").content.decode()
    assert ids_in(mine) == [scene["waiting"].pk]
    assert "Nothing sleeps" in desk.get("/cases/?view=snoozed").content.decode()


def test_a_refresh_returns_only_the_list_and_keeps_the_mark(
    desk: Client, scene: dict[str, Case]
) -> None:
    case_id = scene["main"].pk
    response = desk.get(f"/cases/?view=ours&case={case_id}", headers={"HX-Request": "true"})
    html = response.content.decode()
    assert html.lstrip().startswith('<section class="queue"')
    assert "<html" not in html
    assert "queue-row current" in html


def test_an_unproven_account_is_not_named_as_the_sender(
    desk: Client, scene: dict[str, Case]
) -> None:
    html = desk.get("/cases/").content.decode()
    assert "Sam Ortiz" in html
    assert "Palisade Clinics" not in html


@pytest.mark.parametrize("copies", [1, 12])
def test_the_number_of_queries_does_not_grow(
    desk: Client,
    at_most: Callable[[int], AbstractContextManager[None]],
    copies: int,
) -> None:
    for number in range(copies):
        make_case(age=timedelta(minutes=number))
    with at_most(12):
        desk.get("/cases/")
