"""What is stored of time spent; `cases.models` hands it on."""

from django.conf import settings
from django.db import models


class Stretch(models.Model):
    """An agent at work on a case without a longer pause. `seconds` are those that count."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="stretches")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stretches"
    )
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    seconds = models.FloatField(default=0)

    class Meta:
        indexes = [models.Index(fields=["agent", "last_at"], name="latest_stretch")]

    def __str__(self) -> str:
        return f"{self.agent_id} on {self.case_id}: {self.seconds} s"


class TimeCorrection(models.Model):
    """Seconds put on or taken off what was measured, and why. Never changed."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="corrections")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="corrections"
    )
    seconds = models.IntegerField()
    reason = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.seconds:+} s of {self.agent_id} on {self.case_id}"
