"""Small makers of real stored things, for every room's tests."""

from datetime import datetime, timedelta
from itertools import count

from headwater.accounts.acts import create_agent, record_person, record_platform_account
from headwater.accounts.models import Agent, PlatformAccount
from headwater.accounts.rules import Identity
from headwater.cases.acts import Incoming, open_case
from headwater.cases.models import Case
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now

SYSTEM = Actor.system()
MAIL = Actor(kind="person", id="per_test", name="Ada", entrance="mail")
PASSWORD = "correct horse battery"
_numbers = count(1)


def make_agent(name: str = "Sam Specialist") -> Agent:
    """An agent who can sign in with PASSWORD."""
    return create_agent(
        email=f"agent{next(_numbers)}@example.com", name=name, password=PASSWORD, actor=SYSTEM
    )


def make_account(email: str = "") -> PlatformAccount:
    """A platform account with its own registered address."""
    number = next(_numbers)
    return record_platform_account(
        account_id=f"acct_test{number}",
        name=f"Shop {number}",
        email=email or f"owner{number}@shop.example",
        country="DE",
        actor=SYSTEM,
    )


def incoming(body: str = "My webhooks fail.", at: datetime | None = None) -> Incoming:
    """A contact received at `at`, by default now."""
    return Incoming(
        author_name="Ada",
        author_email="ada@shop.example",
        body=body,
        received_at=at or utc_now(),
    )


def make_case(
    *,
    at: datetime | None = None,
    age: timedelta = timedelta(0),
    account: PlatformAccount | None = None,
    identity: Identity = "unknown",
    body: str = "My webhooks fail.",
) -> Case:
    """An open case, received at `at` or `age` ago."""
    person = record_person(email=f"ada{next(_numbers)}@shop.example", name="Ada", actor=MAIL)
    return open_case(
        person=person,
        subject="Webhooks",
        message=incoming(body, at or utc_now() - age),
        actor=MAIL,
        account=account,
        identity=identity,
    )
