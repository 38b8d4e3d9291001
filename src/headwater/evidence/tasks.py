"""Recurring work on the audit trail and on what is kept."""

from headwater.evidence import acts
from headwater.kit.jobs.registry import Payload, job


@job("evidence.keep_runs", every_seconds=30)
def keep_runs(payload: Payload) -> None:
    """Brings in audit lines whose own transaction was rolled back, or whose process died."""
    acts.keep_runs()


@job("evidence.sweep_snapshots", every_seconds=3600)
def sweep_snapshots(payload: Payload) -> None:
    """Deletes kept rows that nothing refers to: what nobody knows of cannot be erased."""
    acts.sweep_snapshots()
