"""Reads of the audit trail and of what is kept."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from headwater.evidence.errors import SnapshotMissing
from headwater.evidence.models import EvidenceRun, EvidenceSnapshot
from headwater.evidence.snapshots import Snapshot, SnapshotFolder

_LEAST_PREFIX = 8


def snapshot_folder() -> SnapshotFolder:
    """Where this installation keeps snapshots."""
    return SnapshotFolder(settings.HEADWATER_SNAPSHOTS)


def find_run(run_id: str) -> EvidenceRun | None:
    """The audit line of one read, or None. Lines still on their way in are not seen."""
    return EvidenceRun.objects.filter(pk=run_id).first()


def find_snapshot(name: str) -> EvidenceSnapshot:
    """The record of a snapshot by its name or the name's beginning. Raises SnapshotMissing."""
    found = EvidenceSnapshot.objects.filter(pk__startswith=name)[:2]
    if len(name) < _LEAST_PREFIX or len(found) != 1:
        several = "is the beginning of several" if len(found) > 1 else "names no"
        raise SnapshotMissing(
            f"{name!r} {several} snapshot{'s' if len(found) > 1 else ''}.",
            param="snapshot",
            hint=f"Give at least {_LEAST_PREFIX} characters, or all 64.",
        )
    return found[0]


def snapshots_of_run(run_id: str) -> QuerySet[EvidenceSnapshot]:
    """What was kept of one read, the oldest first."""
    return EvidenceSnapshot.objects.filter(run_id=run_id).order_by("kept_at")


def snapshots_of_case(case_id: str) -> QuerySet[EvidenceSnapshot]:
    """What the answers of a case cite and what is attached to it, the oldest first."""
    cited = EvidenceSnapshot.objects.filter(citations__case_id=case_id).distinct()
    return cited.order_by("kept_at").prefetch_related("citations")


def snapshots_of_account(account_id: str) -> list[str]:
    """The names of kept snapshots that hold rows of an account, the oldest first."""
    # SQLite cannot search inside a JSON list; the lists are short and this is asked rarely.
    known = EvidenceSnapshot.objects.filter(gone_at=None).order_by("kept_at", "id")
    pairs = known.values_list("id", "accounts").iterator()
    return [identity for identity, accounts in pairs if account_id in accounts]


def snapshots_kept_before(moment: datetime) -> QuerySet[EvidenceSnapshot]:
    """Snapshots that are still there and were kept before that moment."""
    return EvidenceSnapshot.objects.filter(gone_at=None, kept_at__lt=moment)


def rows_of(record: EvidenceSnapshot) -> Snapshot:
    """The kept rows, verified. Raises SnapshotMissing (also after erasure) and SnapshotDamaged."""
    if record.gone_at is not None:
        left = f" What was left is {record.replaced_by}." if record.replaced_by else ""
        raise SnapshotMissing(
            f"The snapshot {record.id} was removed on {record.gone_at:%Y-%m-%d}: "
            f"{record.gone_why}.{left}",
            param="snapshot",
        )
    return snapshot_folder().get(record.id)


def runs_of(who: str, entrance: str) -> QuerySet[EvidenceRun]:
    """What one person asked through one entrance, latest first; refused queries too."""
    return EvidenceRun.objects.filter(who=who, entrance=entrance).order_by("-at", "-id")


def runs_about(case_ids: Iterable[str]) -> QuerySet[EvidenceRun]:
    """What was read for these cases, oldest first."""
    return EvidenceRun.objects.filter(case_id__in=list(case_ids)).order_by("at", "id")


def run_through(entrance: str, run_id: str) -> EvidenceRun | None:
    """One audit line of that entrance."""
    return EvidenceRun.objects.filter(pk=run_id, entrance=entrance).first()
