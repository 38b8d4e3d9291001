"""People, platform accounts, the proven link between them, and agents."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from headwater.kit.actors import Actor, Entrance
from headwater.kit.ids import new_id


def _agent_id() -> str:
    return new_id("agt")


def _person_id() -> str:
    return new_id("per")


class AgentManager(BaseUserManager["Agent"]):
    """What Django's sign-in asks of a user model; agents are made by `acts.create_agent`."""

    def get_by_natural_key(self, username: str | None) -> "Agent":
        return self.get(email=(username or "").strip().lower())


class Agent(AbstractBaseUser):
    """A person of the support team who signs in and answers."""

    class NewsMail(models.TextChoices):
        NONE = "none", "No mails"
        MENTIONS = "mentions", "When somebody mentions me"
        ALL = "all", "Everything in cases that I follow"

    id = models.CharField(primary_key=True, max_length=40, default=_agent_id)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    # Which columns of the evidence stand masked; `evidence.types.Role` has the meanings.
    role = models.CharField(
        max_length=12,
        default="specialist",
        choices=[(name, name) for name in ("specialist", "lead", "analyst", "engineer")],
    )
    sees_personal = models.BooleanField(default=False)
    # What they can do and speak, for routing: words of the rules, and two letters a language.
    skills = models.JSONField(default=list, blank=True)
    languages = models.JSONField(default=list, blank=True)
    # How much work is given to them at once; None: none is given, they take it themselves.
    capacity = models.PositiveSmallIntegerField(null=True)
    # The name of a calendar of the routing rules; "" is always.
    calendar = models.CharField(max_length=40, default="", blank=True)
    away_until = models.DateTimeField(null=True)
    last_given_at = models.DateTimeField(null=True)
    # Which news of followed cases go to them by mail.
    news_mail = models.CharField(max_length=8, choices=NewsMail, default=NewsMail.MENTIONS)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AgentManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ", 1)[0]

    def actor(self, entrance: Entrance = "desk") -> Actor:
        """This agent as the author of a change."""
        return Actor(kind="agent", id=self.id, name=self.name, entrance=entrance)


class Person(models.Model):
    """Somebody who writes in. One address is one person; the address is kept in lower case."""

    id = models.CharField(primary_key=True, max_length=40, default=_person_id)
    email = models.EmailField(unique=True, max_length=320)
    name = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Since when they want no mail that they did not ask for.
    notices_off_at = models.DateTimeField(null=True)
    # Since when they do not want to be asked whether they were satisfied.
    surveys_off_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name or self.email


class PlatformAccount(models.Model):
    """An account on the platform whose product we support; its id is the platform's own."""

    id = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=200, default="", blank=True)
    # The address registered with the platform: the only one that verification is mailed to.
    email = models.EmailField(max_length=320, default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    # What was agreed with them, in the company's own word, such as "enterprise"; "" unknown.
    tier = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["email"], name="platform_account_email")]

    def __str__(self) -> str:
        return self.name or self.id


class AccountLink(models.Model):
    """That a person acts for an account: claimed at first, then verified, or never."""

    class How(models.TextChoices):
        MAIL = "mail", "Authenticated mail from the registered address"
        LINK = "link", "Confirm link sent to the registered address"
        AGENT = "agent", "Confirmed by an agent"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="links")
    platform_account = models.ForeignKey(
        PlatformAccount, on_delete=models.CASCADE, related_name="links"
    )
    verified_at = models.DateTimeField(null=True)
    verified_how = models.CharField(max_length=10, choices=How, default="", blank=True)
    # When the account's owner was last asked to confirm; bounds how often they are.
    asked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "platform_account"], name="one_link_per_person_and_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.platform_account}"
