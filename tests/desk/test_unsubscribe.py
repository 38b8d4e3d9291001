"""Ending notices: by one click of a mail program, never by a scanner that only looks."""

import pytest
from django.test import Client

from headwater.accounts.acts import record_person
from headwater.accounts.models import Person
from headwater.accounts.notices import unsubscribe_url
from tests.factories import SYSTEM

pytestmark = pytest.mark.django_db


def path_of(person: Person) -> str:
    return "/unsubscribe/" + unsubscribe_url(person).split("/unsubscribe/")[1]


def test_looking_changes_nothing_and_one_click_ends_it() -> None:
    person = record_person(email="ada@shop.example", name="Ada", actor=SYSTEM)
    # A mail program has neither cookies nor a CSRF token.
    client = Client(enforce_csrf_checks=True)
    page = client.get(path_of(person)).content.decode()
    assert "Send me no notices" in page
    person.refresh_from_db()
    assert person.notices_off_at is None
    for _ in range(2):
        response = client.post(path_of(person), {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
    person.refresh_from_db()
    assert person.notices_off_at is not None
    assert "You get no more notices" in client.get(path_of(person)).content.decode()


def test_a_changed_link_ends_nothing() -> None:
    person = record_person(email="ada@shop.example", name="Ada", actor=SYSTEM)
    response = Client().post(path_of(person)[:-3] + "xx/")
    assert response.status_code == 410
    person.refresh_from_db()
    assert person.notices_off_at is None
