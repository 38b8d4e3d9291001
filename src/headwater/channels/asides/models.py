"""What is stored of side conversations; `channels.models` hands it on."""

from django.conf import settings
from django.db import models

from headwater.cases.models import Case, FileContent
from headwater.kit.ids import new_id


def _aside_id() -> str:
    return new_id("aside")


def _message_id() -> str:
    return new_id("asm")


class Aside(models.Model):
    """One thread of mail with a team, a bank or somebody else about a case."""

    class Party(models.TextChoices):
        ENGINEERING = "engineering", "Engineering"
        PRODUCT = "product", "Product"
        OPERATIONS = "operations", "Operations"
        BANK = "bank", "A bank or payment partner"
        OTHER = "other", "Somebody else"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    id = models.CharField(primary_key=True, max_length=40, default=_aside_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="asides")
    party = models.CharField(max_length=12, choices=Party)
    subject = models.CharField(max_length=300)
    # Addresses, in lower case: whom our mails go to, and who may answer.
    recipients = models.JSONField()
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="asides"
    )
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.id}: {self.subject}"


class AsideMessage(models.Model):
    """One mail of a side conversation. `agent` wrote it, or it came from outside as `mail`."""

    id = models.CharField(primary_key=True, max_length=40, default=_message_id)
    aside = models.ForeignKey(Aside, on_delete=models.PROTECT, related_name="messages")
    author_name = models.CharField(max_length=200, default="", blank=True)
    author_email = models.CharField(max_length=320, default="", blank=True)
    body = models.TextField()
    at = models.DateTimeField()
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="aside_messages"
    )
    outgoing_id = models.CharField(max_length=40, default="", blank=True)
    rfc_message_id = models.CharField(max_length=500, null=True, unique=True)
    # A machine answered; nobody was brought back for it.
    is_automatic = models.BooleanField(default=False)
    # Of what came in, as `cases.attached.Attached`; the bytes are in `mail`.
    attachments = models.JSONField(default=list)
    mail = models.ForeignKey(
        "channels.RawMail", null=True, on_delete=models.PROTECT, related_name="aside_messages"
    )

    def __str__(self) -> str:
        return f"{self.id} of {self.aside_id}"


class AsideFile(models.Model):
    """A file that goes out with a mail of a side conversation."""

    message = models.ForeignKey(AsideMessage, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=100)
    content = models.ForeignKey(FileContent, on_delete=models.PROTECT, related_name="aside_files")

    def __str__(self) -> str:
        return self.name
