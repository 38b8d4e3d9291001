"""The job table and the recurring schedules that feed it."""

from django.db import models
from django.db.models import Q

from headwater.kit.ids import new_id


def _job_id() -> str:
    return new_id("job")


class Job(models.Model):
    """One call of one handler, still to be made. A finished job is deleted, not kept."""

    class State(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        DEAD = "dead"

    id = models.CharField(primary_key=True, max_length=40, default=_job_id)
    name = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    run_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=8)
    lease_until = models.DateTimeField(null=True)
    # Names one holding of the lease: whoever lost it can no longer finish the job.
    token = models.CharField(max_length=40, default="", blank=True)
    dedupe = models.CharField(max_length=200, null=True, unique=True)
    last_error = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["ready", "running", "dead"]), name="job_state_known"
            )
        ]
        indexes = [
            models.Index(fields=["state", "run_at"], name="job_due"),
            models.Index(fields=["state", "lease_until"], name="job_lease"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.id} ({self.state})"


class Schedule(models.Model):
    """A job that is enqueued again every `every_seconds`."""

    name = models.CharField(primary_key=True, max_length=100)
    payload = models.JSONField(default=dict)
    every_seconds = models.PositiveIntegerField()
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} every {self.every_seconds} s"
