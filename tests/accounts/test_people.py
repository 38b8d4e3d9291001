"""People and agents."""

import pytest
from django.contrib.auth import authenticate

from headwater.accounts import acts
from headwater.accounts.errors import AccountError
from headwater.accounts.models import Person
from tests.factories import MAIL, PASSWORD, SYSTEM, make_agent

pytestmark = pytest.mark.django_db


def test_one_address_is_one_person_and_a_name_is_learned_once() -> None:
    acts.record_person(email="ADA@shop.example", name="", actor=MAIL)
    acts.record_person(email="ada@shop.example ", name="Ada\r\nL.", actor=MAIL)
    acts.record_person(email="ada@shop.example", name="Other", actor=MAIL)
    assert Person.objects.get().name == "Ada L."


def test_agent_signs_in_with_password_in_any_case_of_the_address() -> None:
    agent = make_agent()
    assert authenticate(username=agent.email.upper(), password=PASSWORD) == agent
    assert authenticate(username=agent.email, password="wrong") is None


@pytest.mark.parametrize("password", ["short", "password1234"])
def test_weak_password_is_refused_in_words(password: str) -> None:
    with pytest.raises(AccountError, match="password"):
        acts.create_agent(email="a@b.example", name="A", password=password, actor=SYSTEM)


def test_address_belongs_to_one_agent() -> None:
    agent = make_agent()
    with pytest.raises(AccountError, match="already an agent"):
        acts.create_agent(email=agent.email.upper(), name="B", password=PASSWORD, actor=SYSTEM)
