"""Reads of people and accounts, and the one door to them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from headwater.accounts.models import AccountLink, Agent, Person, PlatformAccount
from headwater.accounts.rules import normal_email


def visible_people(agent: Agent) -> QuerySet[Person]:
    """The people whom an agent may see: all, for an active agent; none otherwise."""
    return Person.objects.all() if agent.is_active else Person.objects.none()


def visible_accounts(agent: Agent) -> QuerySet[PlatformAccount]:
    """The platform accounts that an agent may see."""
    return PlatformAccount.objects.all() if agent.is_active else PlatformAccount.objects.none()


def person_of(person_id: str) -> Person | None:
    """The person of this id."""
    return Person.objects.filter(pk=person_id).first()


def active_agents() -> QuerySet[Agent]:
    """Whom a case can be given to, by name."""
    return Agent.objects.filter(is_active=True).order_by("name")


def agent_by_email(email: str) -> Agent | None:
    """The agent of this address, active or not."""
    return Agent.objects.filter(email=normal_email(email)).first()


def accounts_by_email(email: str) -> QuerySet[PlatformAccount]:
    """Stored accounts registered under this address."""
    return PlatformAccount.objects.filter(email=normal_email(email)).order_by("id")


def people_with_links(people: Iterable[Person]) -> set[str]:
    """Ids of those of these people who are tied to any account."""
    links = AccountLink.objects.filter(person__in=people)
    return set(links.values_list("person_id", flat=True))


def link_is_verified(person: Person, account: PlatformAccount) -> bool:
    """True only if this person is proven to act for this account."""
    return AccountLink.objects.filter(
        person=person, platform_account=account, verified_at__isnull=False
    ).exists()


def address_acts_for(email: str, account: PlatformAccount) -> bool:
    """True only if whoever writes from this address is proven to act for this account."""
    return AccountLink.objects.filter(
        person__email=normal_email(email), platform_account=account, verified_at__isnull=False
    ).exists()
