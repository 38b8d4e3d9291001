"""What is stored of the watch: counts by day, problems, and the contacts prepared from a reach."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from headwater.accounts.models import Person, PlatformAccount
from headwater.cases.event_log import LoggedEvent
from headwater.cases.models import Case
from headwater.kit.ids import new_id


def _problem_id() -> str:
    return new_id("prb")


def _batch_id() -> str:
    return new_id("ntb")


def _notice_id() -> str:
    return new_id("ntc")


class ReachCount(models.Model):
    """How many accounts a playbook saw on one day (UTC), and how many of them for the first time.

    `closed` once the day is over and counted for good; until then it is counted again.
    """

    playbook = models.CharField(max_length=100)
    day = models.DateTimeField()
    affected = models.PositiveIntegerField()
    fresh = models.PositiveIntegerField()
    closed = models.BooleanField(default=False)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["playbook", "day"], name="one_count_per_day")
        ]
        indexes = [models.Index(fields=["day"], name="reach_day")]

    def __str__(self) -> str:
        return f"{self.playbook} {self.day:%Y-%m-%d}: {self.affected}"


class Problem(models.Model):
    """One cause that reaches more accounts than usual, and the cases that come in with it."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        SOLVED = "solved", "Solved"

    id = models.CharField(primary_key=True, max_length=40, default=_problem_id)
    playbook = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    # The day that stood out, and by how much.
    day = models.DateTimeField(null=True)
    measure = models.CharField(max_length=10, default="", blank=True)
    observed = models.PositiveIntegerField(default=0)
    expected = models.FloatField(default=0.0)
    tail = models.FloatField(default=1.0)
    level = models.FloatField(default=0.0)
    # When many accounts began within hours of one another: the platform's fault, not theirs.
    onset_at = models.DateTimeField(null=True)
    onset_accounts = models.PositiveIntegerField(default=0)
    sql = models.TextField(default="", blank=True)
    solved_at = models.DateTimeField(null=True)
    resolution = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["playbook"], condition=Q(state="open"), name="one_open_problem_per_cause"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "solved"]), name="problem_state_known"
            ),
        ]
        indexes = [models.Index(fields=["state", "opened_at"], name="problem_list")]

    def __str__(self) -> str:
        return f"{self.id} {self.title}"

    @property
    def is_incident(self) -> bool:
        """Whether many accounts began at once."""
        return self.onset_at is not None


class ProblemCase(models.Model):
    """That a case came in with the problem's cause. A case belongs to one problem."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="links")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="problem_link")
    linked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} in {self.problem_id}"


class ProblemEvent(LoggedEvent):
    """One thing that happened to a problem, who did it, and how. Written once, never changed."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="events")

    class Meta:
        indexes = [models.Index(fields=["problem", "id"], name="problem_log")]

    def __str__(self) -> str:
        return f"{self.kind} {self.problem_id}"


class NoticeBatch(models.Model):
    """One round of telling the accounts that a cause reaches; every notice waits for a person."""

    id = models.CharField(primary_key=True, max_length=40, default=_batch_id)
    playbook = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    problem = models.ForeignKey(
        Problem, null=True, on_delete=models.PROTECT, related_name="batches"
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notice_batches"
    )
    prepared_at = models.DateTimeField()
    window_start = models.DateTimeField()
    window_end = models.DateTimeField()
    # The audit line of the query whose rows the words are made of.
    run_id = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        verbose_name_plural = "notice batches"
        indexes = [models.Index(fields=["playbook", "prepared_at"], name="notice_batch")]

    def __str__(self) -> str:
        return f"{self.id} {self.playbook}"


class Notice(models.Model):
    """One account's contact in a batch: waiting, sent, left out by a person, or never possible."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for approval"
        SENT = "sent", "Sent"
        LEFT_OUT = "left_out", "Left out"
        SKIPPED = "skipped", "Skipped"

    id = models.CharField(primary_key=True, max_length=40, default=_notice_id)
    batch = models.ForeignKey(NoticeBatch, on_delete=models.PROTECT, related_name="notices")
    # The platform's id: also of accounts that nobody has written about yet.
    account_ref = models.CharField(max_length=64)
    account = models.ForeignKey(
        PlatformAccount, null=True, on_delete=models.PROTECT, related_name="notices"
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="notices")
    subject = models.CharField(max_length=300, default="", blank=True)
    body = models.TextField(default="", blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=200, default="", blank=True)
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="notice")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="decided_notices",
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "account_ref"], name="one_notice_per_account"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "left_out", "skipped"]),
                name="notice_state_known",
            ),
        ]
        indexes = [models.Index(fields=["account_ref", "state"], name="notice_told")]

    def __str__(self) -> str:
        return f"{self.id} to {self.account_ref} ({self.state})"
