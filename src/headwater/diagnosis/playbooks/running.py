"""Running a playbook's evidence query through the evidence room's door."""

from datetime import datetime
from typing import Any

from headwater.diagnosis.playbooks.page import Playbook
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Result, Scope


def run_playbook(
    store: EvidenceStore,
    playbook: Playbook,
    *,
    purpose: Purpose,
    scope: Scope,
    start: datetime,
    end: datetime,
    limits: Limits | None = None,
) -> Result:
    """Evidence rows of one playbook over `[start, end)`, naive UTC; an open scope is its reach.

    Raises QueryRefused, QueryFailed, QueryTimeout.
    """
    params: dict[str, Any] = {"window_start": start, "window_end": end}
    return store.query(
        playbook.sql,
        purpose=purpose,
        scope=scope,
        params=params,
        limits=limits or Limits(),
        optional=playbook.optional_tables,
    )
