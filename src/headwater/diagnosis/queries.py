"""Reads of stored diagnoses. Whoever asks must hold the case through a `visible_*` query."""

from headwater.cases.models import Case
from headwater.diagnosis.models import Diagnosis


def latest_diagnosis(case: Case) -> Diagnosis | None:
    """The newest look at the evidence for `case` with its findings prefetched, best first."""
    return (
        Diagnosis.objects.filter(case=case)
        .prefetch_related("findings")
        .order_by("-made_at", "-pk")
        .first()
    )
