"""Raw contacts as they arrived, kept before anything reads them."""

from django.db import models

from headwater.cases.event_log import LoggedEvent
from headwater.cases.models import Case, Message
from headwater.kit.ids import new_id


def _mail_id() -> str:
    return new_id("mail")


class RawMail(models.Model):
    """One mail, byte for byte, and what became of it. Never deleted, never changed."""

    class Status(models.TextChoices):
        STORED = "stored", "Waiting to be read"
        INGESTED = "ingested", "In a case"
        QUARANTINED = "quarantined", "Set aside"
        DUPLICATE = "duplicate", "Came before"
        DISCARDED = "discarded", "Looked at and left out"

    class Auth(models.TextChoices):
        NONE = "none", "Not checked"
        PASS = "pass", "Sender's domain proven"
        FAIL = "fail", "Sender's domain disproven"
        OPEN = "open", "Could not be checked"

    id = models.CharField(primary_key=True, max_length=40, default=_mail_id)
    # The address of ours that it reached: the same bytes to two mailboxes are two contacts.
    mailbox = models.CharField(max_length=320)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    raw = models.BinaryField()
    envelope_from = models.CharField(max_length=320, default="", blank=True)
    envelope_to = models.JSONField(default=list)
    entrance = models.CharField(max_length=16)
    # Where it was taken from: a file (and the offset in it), or a folder of a mailbox and a UID.
    source = models.CharField(max_length=500, default="", blank=True)
    received_at = models.DateTimeField()
    # When it reached the mailbox that it was taken from, where that is known (IMAP).
    arrived_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.STORED)
    reason = models.TextField(default="", blank=True)
    # As `machine.Kind`; empty until it was read.
    kind = models.CharField(max_length=12, default="", blank=True)
    auth = models.CharField(max_length=4, choices=Auth, default=Auth.NONE)
    # What was found on the way to `auth`, as `authcheck.Finding`; empty if nothing was looked at.
    auth_detail = models.JSONField(default=dict, blank=True)
    # The host that handed it over, where that is known.
    peer = models.CharField(max_length=45, default="", blank=True)
    message = models.ForeignKey(
        Message, null=True, on_delete=models.PROTECT, related_name="raw_mails"
    )
    # The case that this mail referred to without being let in: the reason says why.
    related_case = models.ForeignKey(
        Case, null=True, on_delete=models.PROTECT, related_name="related_mails"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "mailbox"], name="one_row_per_mail"),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["stored", "ingested", "quarantined", "duplicate", "discarded"]
                ),
                name="mail_status_known",
            ),
        ]
        indexes = [models.Index(fields=["status", "received_at"], name="mail_status")]

    def __str__(self) -> str:
        return f"{self.id} ({self.status})"


class AwaitedMail(models.Model):
    """A mail that a case's mails refer to and that has not come: when it does, it goes there."""

    rfc_id = models.CharField(max_length=500, db_index=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="awaited_mails")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfc_id", "case"], name="one_row_per_awaited_mail")
        ]

    def __str__(self) -> str:
        return self.rfc_id


class MailEvent(LoggedEvent):
    """What a person decided on a mail that was set aside: replayed, or discarded."""

    mail = models.ForeignKey(RawMail, on_delete=models.PROTECT, related_name="events")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.mail_id}"


class SignOff(models.Model):
    """What stands below the answers from one mailbox of ours."""

    mailbox = models.CharField(primary_key=True, max_length=320)
    signature = models.TextField(default="", blank=True)
    footer = models.TextField(default="", blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.mailbox


class MarkedAddress(models.Model):
    """An address that mail came back from. Cleared when mail arrives from it, or by an agent."""

    address = models.CharField(primary_key=True, max_length=320)
    permanent = models.BooleanField(default=False)
    status = models.CharField(max_length=20, default="", blank=True)
    reason = models.TextField(default="", blank=True)
    count = models.PositiveIntegerField(default=1)
    since = models.DateTimeField()
    latest = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.CharField(max_length=200, default="", blank=True)

    def __str__(self) -> str:
        return self.address


class MailFolder(models.Model):
    """How far one folder of an IMAP mailbox was taken, and what keeps us from it now."""

    mailbox = models.CharField(max_length=100)
    folder = models.CharField(max_length=300)
    # UIDs mean something only beside this number; a new one starts the folder over.
    uidvalidity = models.PositiveBigIntegerField(default=0)
    last_uid = models.PositiveBigIntegerField(default=0)
    checked_at = models.DateTimeField(null=True)
    problem = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "folder"], name="one_row_per_mail_folder")
        ]

    def __str__(self) -> str:
        return f"{self.mailbox}/{self.folder}"


def _post_id() -> str:
    return new_id("post")


class WebhookPost(models.Model):
    """What a provider posted that brings a mail as fields, byte for byte, before it was read.

    A post that brings the mail as it was sent needs no row: there the mail itself is kept.
    """

    id = models.CharField(primary_key=True, max_length=40, default=_post_id)
    provider = models.CharField(max_length=32)
    content_type = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    # Why no mail could be made of it; the mail in the quarantine that says so shows the post.
    problem = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "provider"], name="one_row_per_post")
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.id}"


# They name raw mails by string, so that the room's models stay one module to import.
from headwater.channels.agent_mail.models import ActedMail  # noqa: E402
from headwater.channels.asides.models import Aside, AsideFile, AsideMessage  # noqa: E402

__all__ = [
    "ActedMail",
    "Aside",
    "AsideFile",
    "AsideMessage",
    "AwaitedMail",
    "MailEvent",
    "MailFolder",
    "MarkedAddress",
    "RawMail",
    "SignOff",
    "WebhookPost",
]
