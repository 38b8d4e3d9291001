"""Running a playbook's evidence query through the evidence room's door."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from headwater.diagnosis.playbooks.page import Playbook
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Result, Scope


def present_tables(store: EvidenceStore) -> frozenset[str]:
    """The contract tables that the store holds."""
    return frozenset(name for name, state in store.tables().items() if state.present)


def run_playbook(
    store: EvidenceStore,
    playbook: Playbook,
    *,
    purpose: Purpose,
    scope: Scope,
    start: datetime,
    end: datetime,
    limits: Limits | None = None,
    present: Collection[str] | None = None,
) -> Result:
    """Evidence rows of one playbook over `[start, end)`, naive UTC; an open scope is its reach.

    `present` are the tables that the store holds; they are asked for where it is not given.
    Raises QueryRefused, QueryFailed, QueryTimeout.
    """
    if present is None:
        present = present_tables(store)
    params: dict[str, Any] = {"window_start": start, "window_end": end}
    return store.query(
        playbook.sql_for(present),
        purpose=purpose,
        scope=scope,
        params=params,
        limits=limits or Limits(),
    )
