"""Recurring work on the audit trail."""

from headwater.evidence import acts
from headwater.kit.jobs.registry import Payload, job


@job("evidence.keep_runs", every_seconds=30)
def keep_runs(payload: Payload) -> None:
    """Brings in audit lines whose own transaction was rolled back, or whose process died."""
    acts.keep_runs()
