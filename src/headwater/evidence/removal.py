"""Removing evidence for good, by account or by age: planned first, on record before it starts."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from headwater.evidence import acts, queries, retention
from headwater.evidence.contract import Contract
from headwater.evidence.models import EvidenceRemoval


@dataclass(slots=True)
class Erasure:
    """What would be, or was, removed of one account. `elsewhere` is what other rooms removed."""

    account_id: str
    lake: retention.Held
    snapshots: list[str]
    elsewhere: dict[str, int] = field(default_factory=dict)


def plan_erasure(root: Path, account_id: str, contract: Contract) -> Erasure:
    """What an erasure would remove. Changes nothing."""
    lake = retention.find_account(root, account_id, contract)
    return Erasure(account_id, lake, queries.snapshots_of_account(account_id))


def erase(
    root: Path,
    account_id: str,
    contract: Contract,
    *,
    who: str,
    reason: str,
    elsewhere: Callable[[], Mapping[str, int]],
) -> Erasure:
    """Removes the account's rows from the lake, from kept rows, and by `elsewhere`.

    Safe to repeat after it was broken off. Raises WriteRefused while the lake is written to.
    """
    plan = plan_erasure(root, account_id, contract)
    with on_record(EvidenceRemoval.Kind.ERASE, who, reason, account_id) as removed:
        retention.erase_account(root, account_id, plan.lake, contract)
        removed["lake"] = dict(plan.lake.rows)
        for identity in plan.snapshots:
            acts.erase_from_snapshot(identity, account_id, reason=reason)
        acts.sweep_snapshots()
        removed["snapshots"] = plan.snapshots
        plan.elsewhere = dict(elsewhere())
        removed.update(plan.elsewhere)
    return plan


def expire(
    root: Path,
    old: list[retention.Old],
    snapshots_before: datetime | None,
    contract: Contract,
    *,
    who: str,
    reason: str,
) -> None:
    """Removes old days of the lake, and snapshots kept before that moment where it is given."""
    with on_record(EvidenceRemoval.Kind.RETAIN, who, reason) as removed:
        retention.drop_old(root, old, contract)
        removed["lake"] = {each.table: each.rows for each in old}
        if snapshots_before is not None:
            removed["snapshots"] = acts.expire_snapshots(snapshots_before, reason=reason)
        acts.sweep_snapshots()


@contextmanager
def on_record(
    kind: str, who: str, reason: str, account_id: str = ""
) -> Iterator[dict[str, object]]:
    """Notes a removal before it starts, and what it removed when it ends."""
    removed: dict[str, object] = {}
    noted = acts.note_removal(kind, who=who, reason=reason, account_id=account_id)
    yield removed
    acts.finish_removal(noted, removed)
