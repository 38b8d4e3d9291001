"""One row for each mail that leaves, or should."""

from django.db import models
from django.db.models import Q

from headwater.kit.ids import new_id


def _outgoing_id() -> str:
    return new_id("out")


class OutgoingMail(models.Model):
    """A mail on its way. Rows are kept: they say what became of every mail."""

    class State(models.TextChoices):
        HELD = "held", "Can still be taken back"
        QUEUED = "queued", "Waiting to be sent"
        SENDING = "sending", "Being sent"
        RETRYING = "retrying", "Will be tried again"
        SENT = "sent", "Sent"
        STUCK = "stuck", "Stuck"
        FAILED = "failed", "Refused for good"
        CANCELLED = "cancelled", "Taken back"
        SUPPRESSED = "suppressed", "Not sent on purpose"

    class Report(models.TextChoices):
        NONE = "", "No report"
        DELIVERED = "delivered", "Delivered"
        DELAYED = "delayed", "Delayed on its way"
        BOUNCED = "bounced", "Came back"

    id = models.CharField(primary_key=True, max_length=40, default=_outgoing_id)
    # What kind of mail it is, and what it carries: words of who posts it.
    kind = models.CharField(max_length=16)
    about = models.CharField(max_length=64, default="", blank=True)
    recipient = models.CharField(max_length=320)
    subject = models.CharField(max_length=500, default="", blank=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField()
    # Which job may send it: asking anew makes the jobs before powerless.
    turn = models.PositiveIntegerField(default=1)
    attempts = models.PositiveIntegerField(default=0)
    # Names the attempt under way; whoever lost it may no longer hand the mail over.
    token = models.CharField(max_length=40, default="", blank=True)
    # The attempt under way has begun to hand the content over: the server may have taken it.
    handing_over = models.BooleanField(default=False)
    # Attempts that ended without anybody knowing whether the server took the mail.
    doubtful = models.PositiveIntegerField(default=0)
    # Fixed before the first attempt, so that a mail that arrives twice is seen to be one.
    message_id = models.CharField(max_length=500, null=True, unique=True)
    answer = models.CharField(max_length=500, default="", blank=True)
    last_error = models.TextField(default="", blank=True)
    report = models.CharField(max_length=12, choices=Report, default=Report.NONE, blank=True)
    created_at = models.DateTimeField()
    first_tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "held",
                        "queued",
                        "sending",
                        "retrying",
                        "sent",
                        "stuck",
                        "failed",
                        "cancelled",
                        "suppressed",
                    ]
                ),
                name="outgoing_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="outgoing_due"),
            models.Index(fields=["about"], name="outgoing_about"),
            models.Index(fields=["recipient", "created_at"], name="outgoing_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"
