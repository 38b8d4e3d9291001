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


class EvidenceSnapshot(models.Model):
    """Rows kept because something cites them; `id` is the hash of the file that holds them.

    A row outlives its file: after erasure it is the tombstone, and `replaced_by` names the
    snapshot that holds what was left.
    """

    id = models.CharField(primary_key=True, max_length=64)
    kept_at = models.DateTimeField(db_index=True)
    run_id = models.CharField(max_length=40, blank=True, db_index=True)
    title = models.CharField(max_length=300, blank=True)
    sql = models.TextField(blank=True)
    accounts = models.JSONField(default=list)
    as_of = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    gone_at = models.DateTimeField(null=True)
    gone_why = models.CharField(max_length=300, blank=True)
    replaced_by = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.id[:12]}: {self.rows} rows"


class EvidenceCitation(models.Model):
    """Who relies on a snapshot: an answer's message, or a case that it is attached to."""

    snapshot = models.ForeignKey(EvidenceSnapshot, models.PROTECT, related_name="citations")
    at = models.DateTimeField()
    who = models.CharField(max_length=200)
    case_id = models.CharField(max_length=40, db_index=True)
    message_id = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "case_id", "message_id"], name="one_citation_per_use"
            )
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id[:12]} in {self.case_id}"


class EvidenceRemoval(models.Model):
    """That rows were removed for good: whose or how old, who did it and why, and how many.

    Written before anything is removed; without `finished_at` it was broken off and can be repeated.
    """

    class Kind(models.TextChoices):
        ERASE = "erase"
        RETAIN = "retain"

    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=8, choices=Kind)
    who = models.CharField(max_length=200)
    account_id = models.CharField(max_length=80, blank=True, db_index=True)
    reason = models.TextField()
    removed = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.account_id}"
