"""A diagnosis as it was when it was made: the rows that it cites are kept with it.

Beside it what specialists found themselves: saved queries, and evidence they put into a case.
"""

from django.conf import settings
from django.db import models

from headwater.cases.models import Case
from headwater.diagnosis.problem_models import (
    Notice,
    NoticeBatch,
    Problem,
    ProblemCase,
    ProblemEvent,
    ReachCount,
)
from headwater.diagnosis.rephrasing_models import Rephrasing
from headwater.evidence.models import EvidenceSnapshot
from headwater.kit.ids import new_id

__all__ = [
    "CaseEvidence",
    "Diagnosis",
    "Finding",
    "Notice",
    "NoticeBatch",
    "Problem",
    "ProblemCase",
    "ProblemEvent",
    "ReachCount",
    "Rephrasing",
    "SavedQuery",
]


def _diagnosis_id() -> str:
    return new_id("dgn")


class Diagnosis(models.Model):
    """One look at the evidence for a case: what was searched, found, and ruled out."""

    id = models.CharField(primary_key=True, max_length=40, default=_diagnosis_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="diagnoses")
    made_at = models.DateTimeField()
    window_start = models.DateTimeField()
    window_end = models.DateTimeField()
    searched = models.JSONField(default=dict)
    ruled_out = models.JSONField(default=list)
    none_probability = models.FloatField(default=1.0)
    # {playbook: {feature: value}} of all that matched, so that closed cases teach the ranking.
    weighed = models.JSONField(default=dict)
    # Causes that the words point to and no row proves, as `values.Suggestion.as_dict` gives them.
    suggested = models.JSONField(default=list)
    # The page of questions that the user's words fit, where nothing is proven.
    ask = models.JSONField(null=True, default=None)

    class Meta:
        verbose_name_plural = "diagnoses"
        indexes = [models.Index(fields=["case", "made_at"], name="diagnosis_latest")]

    def __str__(self) -> str:
        return f"{self.id} of {self.case_id}"


class Finding(models.Model):
    """A playbook that matched, how likely it is the cause, and the rows that say so."""

    diagnosis = models.ForeignKey(Diagnosis, on_delete=models.PROTECT, related_name="findings")
    rank = models.PositiveIntegerField()
    playbook = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    modes = models.JSONField(default=list)
    probability = models.FloatField()
    first_seen = models.DateTimeField(null=True)
    last_seen = models.DateTimeField(null=True)
    evidence_ids = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    sql = models.TextField()
    explanation_user = models.TextField()
    explanation_engineer = models.TextField()
    what_to_do = models.TextField(default="", blank=True)
    docs = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    # The audit line of the query that returned the rows.
    run_id = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["diagnosis", "rank"], name="one_finding_per_rank")
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.playbook}"


def _saved_id() -> str:
    return new_id("svq")


def _evidence_id() -> str:
    return new_id("evd")


class SavedQuery(models.Model):
    """A query worth keeping, under a name that the whole team knows. `params` are as typed."""

    id = models.CharField(primary_key=True, max_length=40, default=_saved_id)
    name = models.CharField(max_length=120, unique=True)
    sql = models.TextField()
    params = models.JSONField(default=dict)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_queries"
    )
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "saved queries"

    def __str__(self) -> str:
        return self.name


class CaseEvidence(models.Model):
    """That a specialist put rows into a case, and why. The rows themselves are the snapshot's.

    So erasing an account's data reaches them; `run_id` is the audit line of the query.
    """

    id = models.CharField(primary_key=True, max_length=40, default=_evidence_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attached_evidence"
    )
    attached_at = models.DateTimeField()
    title = models.CharField(max_length=300)
    note = models.TextField(default="", blank=True)
    sql = models.TextField()
    params = models.JSONField(default=dict)
    accounts = models.JSONField(null=True)
    snapshot = models.ForeignKey(
        EvidenceSnapshot, on_delete=models.PROTECT, related_name="case_evidence"
    )
    truncated = models.BooleanField(default=False)
    # Read by somebody who sees personal data unmasked; others may know of it, not look.
    personal = models.BooleanField(default=False)
    run_id = models.CharField(max_length=40)
    ran_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "case evidence"
        constraints = [
            models.UniqueConstraint(fields=["case", "run_id"], name="one_evidence_per_run")
        ]

    def __str__(self) -> str:
        return f"{self.id} of {self.case_id}"


def _handoff_id() -> str:
    return new_id("hnd")


class EngineeringHandoff(models.Model):
    """What was handed to Engineering, as it was then; `content` is its JSON, `page` its words."""

    id = models.CharField(primary_key=True, max_length=40, default=_handoff_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="handoffs")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handoffs"
    )
    made_at = models.DateTimeField()
    page = models.TextField()
    content = models.JSONField(default=dict)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.id} of {self.case_id}"
