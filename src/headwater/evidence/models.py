"""The audit trail of evidence reads in the operational store."""

from django.db import models


class EvidenceRun(models.Model):
    """One query over the evidence, also a refused one: who, why, what, and how it ended.

    `accounts` is null where every account was read; `as_of` says how fresh each table was.
    """

    id = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField(db_index=True)
    who = models.CharField(max_length=200)
    entrance = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    case_id = models.CharField(max_length=40, blank=True, null=True, db_index=True)
    accounts = models.JSONField(null=True)
    sql = models.TextField()
    params = models.JSONField(default=dict)
    engine = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40)
    role = models.CharField(max_length=20, default="system")
    rows = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    error = models.TextField(blank=True)
    as_of = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.id} by {self.who}: {self.outcome}"
