"""Reads of stored diagnoses. Whoever may see the case may see them."""

from django.db.models import Prefetch, QuerySet

from headwater.cases.models import Case
from headwater.diagnosis.models import Diagnosis, Finding


def latest_diagnosis(case: Case) -> Diagnosis | None:
    """The newest diagnosis of a case with its findings, best first."""
    return diagnoses_of(case).first()


def diagnoses_of(case: Case) -> QuerySet[Diagnosis]:
    """Every diagnosis of a case, newest first, findings at hand."""
    findings = Prefetch("findings", queryset=Finding.objects.order_by("rank"))
    return (
        Diagnosis.objects.filter(case=case).order_by("-made_at", "-id").prefetch_related(findings)
    )
