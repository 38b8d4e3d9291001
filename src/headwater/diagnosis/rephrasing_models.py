"""What is stored of a rephrasing: who asked, what went out and came back, the verdict."""

from django.conf import settings
from django.db import models

from headwater.cases.models import Case
from headwater.kit.ids import new_id


def _rephrasing_id() -> str:
    return new_id("rph")


class Rephrasing(models.Model):
    """One draft given to the language model. `sent` and `received` hold no secrets."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for the model"
        DONE = "done", "Used"
        REJECTED = "rejected", "Not used"
        FAILED = "failed", "No answer"

    id = models.CharField(primary_key=True, max_length=40, default=_rephrasing_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rephrasings")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rephrasings"
    )
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    plain = models.TextField()
    text = models.TextField(default="", blank=True)
    model = models.CharField(max_length=200, default="", blank=True)
    host = models.CharField(max_length=200, default="", blank=True)
    sent = models.JSONField(default=list)
    received = models.TextField(default="", blank=True)
    reasons = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["case", "asked_at"], name="rephrasing_latest")]

    def __str__(self) -> str:
        return f"{self.id} of {self.case_id} ({self.state})"
