"""What is stored of an escalation: its promise, its issue in the team's tracker, what was said."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from headwater.cases.models import Case
from headwater.diagnosis.models import EngineeringHandoff
from headwater.kit.ids import new_id


def _escalation_id() -> str:
    return new_id("esc")


def _comment_id() -> str:
    return new_id("ecm")


class Escalation(models.Model):
    """That a team has to act on one or more cases, until when it speaks again, how far it is."""

    class Team(models.TextChoices):
        ENGINEERING = "engineering", "Engineering"
        PRODUCT = "product", "Product"
        OPERATIONS = "operations", "Operations"

    class Severity(models.TextChoices):
        MINOR = "minor", "Minor"
        MAJOR = "major", "Major"
        CRITICAL = "critical", "Critical"

    class State(models.TextChoices):
        OPEN = "open", "Not begun"
        WORKING = "working", "Being worked on"
        FIXED = "fixed", "Fixed"
        DECLINED = "declined", "Closed without a change"
        WITHDRAWN = "withdrawn", "Taken back by us"

    id = models.CharField(primary_key=True, max_length=40, default=_escalation_id)
    # The case whose package the team got; all that wait for the outcome are in `cases`.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalations")
    team = models.CharField(max_length=12, choices=Team)
    severity = models.CharField(max_length=8, choices=Severity)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    ask = models.TextField(default="", blank=True)
    handoff = models.ForeignKey(
        EngineeringHandoff, on_delete=models.PROTECT, related_name="escalations"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="escalations"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    # None once nobody promises anything any more.
    next_update_at = models.DateTimeField(null=True)
    # Each word of the team renews the promise by this.
    update_seconds = models.PositiveIntegerField()

    # The tracker by its name in the file of trackers; "" where the team has none.
    tracker = models.CharField(max_length=40, default="", blank=True)
    issue_id = models.CharField(max_length=100, default="", blank=True)
    issue_key = models.CharField(max_length=100, default="", blank=True)
    issue_url = models.URLField(max_length=500, default="", blank=True)
    assignee = models.CharField(max_length=200, default="", blank=True)
    # When the call that opens the issue went out: while its outcome is unknown, none may follow.
    begun_at = models.DateTimeField(null=True)
    # Our change of state that the tracker does not know yet; until then its own does not count.
    pushing = models.BooleanField(default=False)
    # The tracker's own time of the reading that was applied last: an older one changes nothing.
    seen_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    remarks_until = models.DateTimeField(null=True)
    # Why the tracker could not be served, for people; "" while all is well.
    problem = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "working", "fixed", "declined", "withdrawn"]),
                name="escalation_state_known",
            ),
            models.UniqueConstraint(
                fields=["tracker", "issue_id"],
                condition=~Q(issue_id=""),
                name="one_escalation_per_issue",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_update_at"], name="escalation_list"),
            models.Index(fields=["state", "read_at"], name="escalation_poll"),
        ]

    def __str__(self) -> str:
        return f"{self.id} of {self.case_id} ({self.state})"


class EscalationCase(models.Model):
    """That a case waits for the outcome of an escalation."""

    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, related_name="links")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalation_links")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["escalation", "case"], name="one_link_per_case")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.escalation_id}"


class EscalationComment(models.Model):
    """One word between us and the team: theirs came in as a note, ours goes out as a comment."""

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"

    id = models.CharField(primary_key=True, max_length=40, default=_comment_id)
    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, related_name="comments")
    direction = models.CharField(max_length=3, choices=Direction)
    body = models.TextField()
    author_name = models.CharField(max_length=200, default="", blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    # The tracker's id; None while ours is on its way.
    remote_id = models.CharField(max_length=100, null=True)
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    problem = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["escalation", "remote_id"], name="one_row_per_remark")
        ]
        indexes = [models.Index(fields=["escalation", "at"], name="escalation_talk")]

    def __str__(self) -> str:
        return f"{self.id} ({self.direction})"


class TrackerDelivery(models.Model):
    """A post of a tracker as it came, kept before anything of it was read."""

    tracker = models.CharField(max_length=40)
    delivery_id = models.CharField(max_length=200)
    event = models.CharField(max_length=100, default="", blank=True)
    body = models.BinaryField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        verbose_name_plural = "tracker deliveries"
        constraints = [
            models.UniqueConstraint(fields=["tracker", "delivery_id"], name="one_row_per_delivery")
        ]
        indexes = [models.Index(fields=["received_at"], name="delivery_age")]

    def __str__(self) -> str:
        return f"{self.delivery_id} of {self.tracker}"


class TrackerPause(models.Model):
    """Until when a tracker wants to be left alone, by its own word."""

    tracker = models.CharField(primary_key=True, max_length=40)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.tracker} until {self.until:%H:%M:%S}"
