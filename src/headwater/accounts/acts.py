"""Every write to agents, people, platform accounts and their links."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from headwater.accounts import rules
from headwater.accounts.errors import AccountError, NoRegisteredAddress, VerificationFailed
from headwater.accounts.models import AccountLink, Agent, Person, PlatformAccount
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue

_SALT = "headwater.accounts.verify-link"
Asked = Literal["sent", "waiting", "withheld"]
VERIFY_WITHIN_SECONDS = 3 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Match:
    """Which account a sender acts for, and how sure that is."""

    account: PlatformAccount | None
    identity: rules.Identity


def set_news_mail(agent: Agent, choice: str) -> Agent:
    """Which news the agent gets by mail. Raises AccountError for an unknown choice."""
    if choice not in Agent.NewsMail.values:
        raise AccountError(
            f"{choice!r} is no choice.", param="mails", hint="Choose none, mentions or all."
        )
    Agent.objects.filter(pk=agent.pk).update(news_mail=choice)
    agent.news_mail = choice
    return agent


def set_work(
    email: str,
    *,
    skills: list[str] | None = None,
    languages: list[str] | None = None,
    capacity: int | None = None,
    calendar: str | None = None,
    away_until: datetime | None = None,
    here: bool = False,
) -> Agent:
    """What an agent can do and how much is given to them; None leaves a thing as it is.

    A capacity of 0: nothing is given to them. Raises AccountError for an unknown address, a
    negative capacity and a language that is not two letters.
    """
    with transaction.atomic():
        agent = Agent.objects.select_for_update().filter(email=rules.normal_email(email)).first()
        if agent is None:
            raise AccountError(f"No agent has the address {email}.", param="email")
        wrong = [each for each in languages or [] if not (len(each) == 2 and each.isalpha())]
        if wrong:
            raise AccountError(
                f"{wrong[0]!r} is no language.", param="language", hint="Write de, en or fr."
            )
        if capacity is not None and not 0 <= capacity <= 1000:
            raise AccountError("The capacity must be from 0 to 1000.", param="capacity")
        agent.skills = agent.skills if skills is None else sorted(set(skills))
        agent.languages = agent.languages if languages is None else sorted(set(languages))
        agent.capacity = agent.capacity if capacity is None else capacity or None
        agent.calendar = agent.calendar if calendar is None else calendar
        agent.away_until = None if here else away_until or agent.away_until
        agent.save()
    return agent


def create_agent(
    *,
    email: str,
    name: str,
    password: str,
    actor: Actor,
    is_staff: bool = False,
    role: str = "specialist",
    sees_personal: bool = False,
) -> Agent:
    """A new agent who can sign in. Raises AccountError for a taken address or a weak password.

    `role` and `sees_personal` decide which columns of the evidence the agent sees masked.
    """
    address = rules.normal_email(email)
    agent = Agent(email=address, name=rules.clean_name(name) or address, is_staff=is_staff)
    agent.role, agent.sees_personal = role, sees_personal
    try:
        validate_password(password, agent)
    except ValidationError as error:
        raise AccountError(" ".join(error.messages), param="password") from error
    agent.set_password(password)
    with transaction.atomic():
        if Agent.objects.filter(email=address).exists():
            raise AccountError(
                f"There is already an agent with the address {address}.", param="email"
            )
        agent.save(force_insert=True)
    return agent


def record_person(*, email: str, name: str, actor: Actor) -> Person:
    """The person of this address, made if new. A name once known is kept until one is given."""
    clean = rules.clean_name(name)
    person, created = Person.objects.get_or_create(
        email=rules.normal_email(email), defaults={"name": clean}
    )
    if not created and not person.name and clean:
        person.name = clean
        person.save(update_fields=["name"])
    return person


def record_people(named: Iterable[tuple[str, str]], *, actor: Actor) -> dict[str, Person]:
    """As `record_person` for many addresses and names; the people by normal address."""
    wanted: dict[str, str] = {}
    for email, name in named:
        address = rules.normal_email(email)
        wanted[address] = wanted.get(address) or name
    known = {person.email: person for person in Person.objects.filter(email__in=wanted)}
    new = [
        Person(email=email, name=rules.clean_name(name))
        for email, name in wanted.items()
        if email not in known
    ]
    try:
        with transaction.atomic():
            Person.objects.bulk_create(new)
    except IntegrityError:
        # Somebody else made one of them at this moment.
        new = [record_person(email=one.email, name=one.name, actor=actor) for one in new]
    for person in known.values():
        if not person.name and wanted[person.email]:
            record_person(email=person.email, name=wanted[person.email], actor=actor)
    return known | {person.email: person for person in new}


def record_platform_account(
    *, account_id: str, name: str, email: str, country: str, actor: Actor
) -> PlatformAccount:
    """What the platform says of an account, as of now."""
    account, _ = PlatformAccount.objects.update_or_create(
        id=account_id,
        defaults={
            "name": rules.clean_name(name),
            "email": rules.normal_email(email),
            "country": country.strip().upper()[:2],
        },
    )
    return account


def match_account(
    person: Person,
    *,
    authenticated: bool,
    actor: Actor,
    claimed: PlatformAccount | None = None,
    at: datetime | None = None,
) -> Match:
    """Finds the account that `person` writes for, and says whether that is proven.

    A verified link counts first, then `claimed` (the account found by the sender's address in
    the platform's data, or named in the contact), then a link that was only claimed earlier.
    Authenticated mail from the registered address verifies the link.
    """
    link = _known_link(person, claimed)
    if link is None:
        if claimed is None:
            return Match(None, "unknown")
        link, _ = AccountLink.objects.get_or_create(person=person, platform_account=claimed)
    account = link.platform_account
    if link.verified_at is None and rules.mail_proves_ownership(
        sender=person.email, registered=account.email, authenticated=authenticated
    ):
        verify_link(link, how=AccountLink.How.MAIL, actor=actor, at=at)
    return Match(
        account,
        rules.identity_of(account_known=True, link_verified=link.verified_at is not None),
    )


def _known_link(person: Person, claimed: PlatformAccount | None) -> AccountLink | None:
    links = AccountLink.objects.select_related("platform_account").filter(person=person)
    if claimed is not None:
        return links.filter(platform_account=claimed).first()
    # With several links none is the obvious one; the latest proof is the best guess.
    return (
        links.filter(verified_at__isnull=False).order_by("-verified_at").first()
        or links.order_by("-created_at").first()
    )


def verify_link(
    link: AccountLink, *, how: str, actor: Actor, at: datetime | None = None
) -> AccountLink:
    """Marks a link as proven. Repeating it changes nothing."""
    if link.verified_at is None:
        link.verified_at = at or utc_now()
        link.verified_how = how
        link.save(update_fields=["verified_at", "verified_how"])
    return link


def start_verification(
    person: Person, account: PlatformAccount, *, actor: Actor, case_id: str = ""
) -> Asked:
    """Mails a confirm link to the account's *registered* address, never to the sender's.

    Says whether it was `sent`, was sent lately and is `waiting` for an answer, or was `withheld`
    (strangers claimed the account too often today, or the link is verified already).
    Raises NoRegisteredAddress.
    """
    if not account.email:
        raise NoRegisteredAddress(
            f"The account {account.id} has no registered address.",
            param="account",
            hint="Confirm the sender by another way and link them by hand.",
        )
    now = utc_now()
    with transaction.atomic():
        link, _ = AccountLink.objects.get_or_create(person=person, platform_account=account)
        # Every asking for this account waits for this row, so the count below holds.
        PlatformAccount.objects.select_for_update().get(pk=account.pk)
        lately = AccountLink.objects.filter(
            platform_account=account, asked_at__gt=now - rules.ASK_AGAIN_AFTER
        ).count()
        if link.verified_at is not None:
            return "withheld"
        if not rules.may_ask(last_asked=link.asked_at, asked_for_account=lately, now=now):
            waiting = link.asked_at is not None and now - link.asked_at < rules.ASK_AGAIN_AFTER
            return "waiting" if waiting else "withheld"
        link.asked_at = now
        link.save(update_fields=["asked_at"])
        url = f"{settings.HEADWATER_BASE_URL}/verify/{verification_token(link)}/"
        enqueue(
            "channels.send_system_mail",
            {
                "to": account.email,
                "subject": f"May {person.email} ask about {account.name or account.id}?",
                "body": _verification_text(person, account, url),
                "case_id": case_id,
            },
        )
    return "sent"


def _verification_text(person: Person, account: PlatformAccount, url: str) -> str:
    days = VERIFY_WITHIN_SECONDS // (24 * 3600)
    return (
        f"Hello,\n\n{person.email} wrote to {settings.HEADWATER_PRODUCT_NAME} about the account "
        f"{account.name or account.id} ({account.id}). This address is the one registered for "
        "that account.\n\n"
        "If this person may see the account's data, confirm it here:\n\n"
        f"{url}\n\n"
        f"The link works for {days} days. If you do not know this person, do nothing: they will "
        "see no data of the account.\n"
    )


def verification_token(link: AccountLink) -> str:
    """A signed token that names one link; it holds no secret and expires."""
    return signing.dumps({"link": link.pk, "person": link.person_id}, salt=_SALT, compress=False)


def read_verification(token: str) -> AccountLink:
    """The link that a token names. Raises VerificationFailed, which says what to do."""
    try:
        content = signing.loads(token, salt=_SALT, max_age=VERIFY_WITHIN_SECONDS)
    except signing.SignatureExpired as error:
        raise VerificationFailed(
            "This confirm link is too old.", param="token", hint="Write to us again for a new one."
        ) from error
    except signing.BadSignature as error:
        raise VerificationFailed(
            "This confirm link is not complete or was changed.",
            param="token",
            hint="Copy the whole link from the mail.",
        ) from error
    link = (
        AccountLink.objects.select_related("person", "platform_account")
        .filter(pk=content["link"], person_id=content["person"])
        .first()
    )
    if link is None:
        raise VerificationFailed(
            "The request behind this confirm link no longer exists.",
            param="token",
            hint="Write to us again for a new one.",
        )
    return link
