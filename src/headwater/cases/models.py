"""What is stored of a case. The event log is the truth; the other columns are kept from it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from headwater.accounts.models import Person, PlatformAccount
from headwater.cases.event_log import LoggedEvent
from headwater.kit.ids import new_id


def _case_id() -> str:
    return new_id("case")


def _message_id() -> str:
    return new_id("msg")


def _file_id() -> str:
    return new_id("file")


class Queue(models.Model):
    """Where cases of one kind wait for whoever is there for them."""

    # A word for addresses, commands and files of rules, such as "payouts".
    id = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Case(models.Model):
    """One problem of one user, and whose turn it is."""

    class Priority(models.TextChoices):
        LOW = "low", "Low"
        NORMAL = "normal", "Normal"
        HIGH = "high", "High"
        URGENT = "urgent", "Urgent"

    class State(models.TextChoices):
        OURS = "ours", "Ours to act"
        WAITING_USER = "waiting_user", "Waiting on user"
        WAITING_ENGINEERING = "waiting_engineering", "Waiting on engineering"
        SNOOZED = "snoozed", "Snoozed"
        SOLVED = "solved", "Solved"
        MERGED = "merged", "Merged into another"

    # States in which nobody has to do anything.
    PAST: ClassVar = (State.SOLVED, State.MERGED)

    class SnoozedFor(models.TextChoices):
        REPLY = "reply", "Until the user answers"
        ESCALATION = "escalation", "Until an escalation moves"
        ASIDE = "aside", "Until a third party answers"

    class Identity(models.TextChoices):
        VERIFIED = "verified", "Verified"
        UNVERIFIED = "unverified", "Claimed, not verified"
        UNKNOWN = "unknown", "No account found"

    id = models.CharField(primary_key=True, max_length=40, default=_case_id)
    subject = models.CharField(max_length=500, default="", blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    account = models.ForeignKey(
        PlatformAccount, null=True, on_delete=models.PROTECT, related_name="cases"
    )
    identity = models.CharField(max_length=12, choices=Identity, default=Identity.UNKNOWN)
    state = models.CharField(max_length=24, choices=State, default=State.OURS)
    state_since = models.DateTimeField()
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="cases"
    )
    # None: nothing has placed it yet.
    queue = models.ForeignKey(Queue, null=True, on_delete=models.PROTECT, related_name="cases")
    priority = models.CharField(max_length=8, choices=Priority, default=Priority.NORMAL)
    # Which rule set it, or what the person said who did.
    priority_reason = models.CharField(max_length=300, default="", blank=True)
    # Of what the user wrote, two letters (ISO 639-1); "" while it is not known.
    language = models.CharField(max_length=2, default="", blank=True)
    # By which way the first contact came.
    channel = models.CharField(max_length=12, default="mail")
    area = models.CharField(max_length=64, default="", blank=True)
    cause = models.CharField(max_length=100, default="", blank=True)
    cause_mode = models.CharField(max_length=32, default="", blank=True)
    opened_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    # What else ends a snooze; a message of the user always does.
    snoozed_for = models.CharField(max_length=10, choices=SnoozedFor, default="", blank=True)
    # No event of a case is dated before the one written before it.
    last_event_at = models.DateTimeField()

    # Kept by acts so that the queue needs no join: a join costs ten times as much.
    last_message_at = models.DateTimeField(null=True)
    last_message_preview = models.CharField(max_length=240, default="", blank=True)
    last_message_direction = models.CharField(max_length=3, default="", blank=True)
    message_count = models.PositiveIntegerField(default=0)
    next_due_at = models.DateTimeField(null=True)
    # The last moment that is not late; by a working calendar it may lie after `next_due_at`.
    next_breaks_at = models.DateTimeField(null=True)
    next_due_target = models.CharField(max_length=16, default="", blank=True)
    likely_cause = models.CharField(max_length=100, default="", blank=True)
    likely_probability = models.FloatField(null=True)
    likely_area = models.CharField(max_length=64, default="", blank=True)
    # Whatever is done to a merged case is done to the other; only undoing touches this one.
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged_from"
    )
    # Whether any case points here, so that the others need no query to know.
    has_merged = models.BooleanField(default=False)
    # The case whose messages this one shows too (`MessageReference`).
    split_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="split_into"
    )
    # We wrote first. Until the user answers it is no contact, and nothing is promised.
    proactive = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "ours",
                        "waiting_user",
                        "waiting_engineering",
                        "snoozed",
                        "solved",
                        "merged",
                    ]
                ),
                name="case_state_known",
            ),
            models.CheckConstraint(
                condition=Q(identity__in=["verified", "unverified", "unknown"]),
                name="case_identity_known",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="case_merged_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=["low", "normal", "high", "urgent"]),
                name="case_priority_known",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_due_at"], name="case_queue"),
            models.Index(fields=["queue", "state", "next_due_at"], name="case_in_queue"),
            models.Index(fields=["assignee", "state"], name="case_assignee"),
            models.Index(fields=["account", "opened_at"], name="case_account"),
            models.Index(fields=["state", "snoozed_until"], name="case_snoozed"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.subject}"


class Message(models.Model):
    """One mail, reply or note in a case."""

    class Direction(models.TextChoices):
        IN = "in"
        OUT = "out"

    class Kind(models.TextChoices):
        USER = "user", "From the user"
        REPLY = "reply", "Reply"
        NOTE = "note", "Internal note"
        AUTO = "auto", "Automatic"

    class Delivery(models.TextChoices):
        NONE = "none"
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        # The agent took it back before it left; the text went back into the draft.
        UNDONE = "undone"

    id = models.CharField(primary_key=True, max_length=40, default=_message_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    kind = models.CharField(max_length=8, choices=Kind)
    author_name = models.CharField(max_length=200, default="", blank=True)
    author_email = models.CharField(max_length=320, default="", blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="messages"
    )
    body = models.TextField(default="", blank=True)
    quoted = models.TextField(default="", blank=True)
    # Sanitised before it is stored; shown only inside a sandboxed frame.
    html = models.TextField(default="", blank=True)
    # What it gave away, as `kit.redaction.Exposure`: the texts above hold masks in its place.
    exposed = models.JSONField(default=list, blank=True)
    # Files that came with it, as `cases.attached.Attached`; their bytes are in the raw mail.
    attachments = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    rfc_message_id = models.CharField(max_length=500, null=True, unique=True)
    in_reply_to = models.CharField(max_length=500, default="", blank=True)
    references = models.TextField(default="", blank=True)
    delivery = models.CharField(max_length=8, choices=Delivery, default=Delivery.NONE)
    delivery_error = models.TextField(default="", blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "created_at"], name="message_thread")]

    def __str__(self) -> str:
        return f"{self.id} ({self.kind})"


class FileContent(models.Model):
    """The bytes of a file, kept once however often it is sent."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.size} bytes)"


class ReplyFile(models.Model):
    """A file that goes out with a reply; with the case's draft while `message` is null."""

    id = models.CharField(primary_key=True, max_length=40, default=_file_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    type = models.CharField(max_length=100)
    content = models.ForeignKey(FileContent, on_delete=models.PROTECT, related_name="files")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="files"
    )
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class CaseEvent(LoggedEvent):
    """One thing that happened to a case, who did it, and how. Written once, never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="event_log")]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class CaseLink(models.Model):
    """That a case has to do with an earlier one. `case` is the later of the two."""

    class Kind(models.TextChoices):
        FOLLOW_UP = "follow_up", "Follow-up"
        RELATED = "related", "Refers to it"
        DUPLICATE = "duplicate", "Tells the same as it"
        # `other` stands for the problem that `case` is one of many cases of.
        PROBLEM = "problem", "Is caused by its problem"
        SPLIT = "split", "Was split from it"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other", "kind"], name="one_link_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"


class PolicyVersion(models.Model):
    """SLA policies from when they were applied; the latest row holds. Never changed."""

    # Names the content, which `cases.sla.policies.PolicySet` reads: equal content, equal name.
    version = models.CharField(max_length=12)
    content = models.JSONField()
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=200)
    entrance = models.CharField(max_length=8)
    # The text that it was read from, for who changes it next.
    source = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["version"], name="policy_version")]

    def __str__(self) -> str:
        return f"{self.version} of {self.applied_at:%Y-%m-%d}"


class RoutingVersion(models.Model):
    """Routing rules from when they were applied; the latest row holds. Never changed."""

    # Names the content, which `cases.routing.rules.RuleSet` reads: equal content, equal name.
    version = models.CharField(max_length=12)
    content = models.JSONField()
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=200)
    entrance = models.CharField(max_length=8)
    # The text that it was read from, for who changes it next.
    source = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["version"], name="routing_version")]

    def __str__(self) -> str:
        return f"{self.version} of {self.applied_at:%Y-%m-%d}"


class AutomationVersion(models.Model):
    """Automations from when they were applied; the latest row holds. Never changed."""

    # Names the content, which `cases.automation.rules.AutomationSet` reads.
    version = models.CharField(max_length=12)
    content = models.JSONField()
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=200)
    entrance = models.CharField(max_length=8)
    # The text that it was read from, for who changes it next.
    source = models.TextField(default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["version"], name="automation_version")]

    def __str__(self) -> str:
        return f"{self.version} of {self.applied_at:%Y-%m-%d}"


class AutomationRun(models.Model):
    """That an automation looked at a case because of one event, or of one stay in a state."""

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        HELD_BACK = "held_back", "Held back"
        PASSED = "passed", "Not for this case"

    name = models.CharField(max_length=60)
    version = models.CharField(max_length=12)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="automation_runs")
    event_id = models.BigIntegerField(null=True)
    since = models.DateTimeField(null=True)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    detail = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "case", "event_id"], name="one_run_per_event",
                condition=Q(event_id__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["name", "case", "since"], name="one_run_per_stay",
                condition=Q(since__isnull=False),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["case", "at"], name="automation_of_case")]

    def __str__(self) -> str:
        return f"{self.name} over {self.case_id} ({self.outcome})"


class Clock(models.Model):
    """One promise and how it fares; the columns are those of `cases.clocks.ClockState`."""

    class Target(models.TextChoices):
        FIRST_REPLY = "first_reply", "First reply"
        NEXT_REPLY = "next_reply", "Next reply"
        UPDATE = "update", "Update"
        RESOLUTION = "resolution", "Resolution"
        TEAM_UPDATE = "team_update", "Word from the team"

    class State(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        MET = "met"
        BREACHED = "breached"
        CANCELLED = "cancelled"
        # The case was merged: another one keeps the promise.
        CARRIED = "carried"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    target = models.CharField(max_length=16, choices=Target)
    cycle = models.PositiveIntegerField(default=1)
    target_seconds = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    breaks_at = models.DateTimeField()
    calendar = models.CharField(max_length=60, default="", blank=True)
    policy = models.CharField(max_length=100, default="", blank=True)
    origin = models.CharField(max_length=120, default="", blank=True)
    warn_seconds = models.PositiveIntegerField(null=True)
    warn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_seconds = models.FloatField(default=0)
    met_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "target", "cycle"], name="one_clock_per_promise"
            )
        ]
        indexes = [
            models.Index(fields=["state", "breaks_at"], name="clock_breaks"),
            models.Index(
                fields=["warn_at"],
                name="clock_warns",
                condition=Q(state="running", warned_at__isnull=True, warn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target} of {self.case_id} ({self.state})"


class Draft(models.Model):
    """The answer being prepared; at most one per case."""

    class Author(models.TextChoices):
        SYSTEM = "system"
        AGENT = "agent"

    case = models.OneToOneField(
        Case, primary_key=True, on_delete=models.PROTECT, related_name="draft"
    )
    body = models.TextField()
    based_on = models.CharField(max_length=100, default="", blank=True)
    author = models.CharField(max_length=8, choices=Author)
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft of {self.case_id}"


# They name cases and messages by string, so that each room's models stay one module to import.
from headwater.cases.effort.models import Stretch, TimeCorrection  # noqa: E402
from headwater.cases.handling.models import (  # noqa: E402
    BulkAct,
    BulkItem,
    CaseField,
    CaseTag,
    FieldOffer,
    FieldValue,
    Follower,
    MessageReference,
    Tag,
)
from headwater.cases.routing.models import Spread  # noqa: E402

__all__ = [
    "BulkAct",
    "BulkItem",
    "Case",
    "CaseEvent",
    "CaseField",
    "CaseLink",
    "CaseTag",
    "Clock",
    "Draft",
    "FieldOffer",
    "FieldValue",
    "FileContent",
    "Follower",
    "Message",
    "MessageReference",
    "PolicyVersion",
    "Queue",
    "ReplyFile",
    "Spread",
    "Stretch",
    "Tag",
    "TimeCorrection",
]
