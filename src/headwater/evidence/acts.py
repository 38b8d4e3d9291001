"""The room's writes to the operational store: the audit trail, and what answers cite."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from headwater.evidence import queries
from headwater.evidence.errors import SnapshotDamaged, SnapshotMissing
from headwater.evidence.models import (
    EvidenceCitation,
    EvidenceRemoval,
    EvidenceRun,
    EvidenceSnapshot,
)
from headwater.evidence.snapshots import Snapshot
from headwater.evidence.spool import Spool
from headwater.evidence.tabular import Rows
from headwater.evidence.types import Purpose, RunRecord, Scope
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError
from headwater.kit.ids import new_id

_log = logging.getLogger(__name__)
_BATCH = 500
_STRAY_SECONDS = 3600.0


def run_spool() -> Spool:
    """Where this installation's audit lines wait; records from any thread, without the database."""
    return Spool(settings.HEADWATER_SPOOL / "evidence-runs")


def keep_runs() -> int:
    """Moves waiting audit lines into the operational store; how many there were.

    Safe to run twice and at the same time elsewhere. Inside a transaction the files stay until
    it commits, so a rollback loses nothing.
    """
    spool, moved = run_spool(), 0
    pending = spool.pending()
    for start in range(0, len(pending), _BATCH):
        runs = spool.read(pending[start : start + _BATCH])
        with transaction.atomic():
            EvidenceRun.objects.bulk_create(map(_row, runs.values()), ignore_conflicts=True)
            transaction.on_commit(partial(spool.drop, tuple(runs)))
        moved += len(runs)
    return moved


class StoreRecorder:
    """The recorder of everything that runs beside the operational store: desk, jobs, mail.

    The line is on disk before the rows are returned, and in the store at once where no
    transaction is open, else when it commits. After a rollback the next line or the recurring
    job brings it in.
    """

    def record(self, run: RunRecord) -> None:
        """Keeps one line. Raises OSError where it cannot be written: the read then fails."""
        run_spool().record(run)
        if connection.in_atomic_block:
            transaction.on_commit(_keep_runs_if_possible)
        else:
            _keep_runs_if_possible()


def _keep_runs_if_possible() -> None:
    try:
        keep_runs()
    except DatabaseError:
        # The lines are safe on disk; a busy database must not fail what has been read.
        _log.warning("Audit lines wait in %s.", run_spool().folder, exc_info=True)


@dataclass(frozen=True, slots=True)
class Cited:
    """Rows worth keeping and where they came from. `types` are contract types."""

    columns: Sequence[str]
    types: Sequence[str]
    rows: Rows
    run_id: str
    title: str = ""


def keep_snapshot(cited: Cited, *, case_id: str, message_id: str, who: str) -> EvidenceSnapshot:
    """Keeps rows that a message of a case cites, or that are attached to it (no message).

    Idempotent: the same rows are kept once, the same use is noted once. The file is written
    before the record, so a record never names a file that is not there.
    """
    identity, size = queries.snapshot_folder().put(cited.columns, cited.types, cited.rows)
    keep_runs()  # its audit line may still be on its way
    run = queries.find_run(cited.run_id)
    with transaction.atomic():
        record = _with_file(
            identity,
            {
                "kept_at": utc_now(),
                "run_id": cited.run_id,
                "title": cited.title[:300],
                "sql": run.sql if run else "",
                "accounts": _accounts_in(cited, run),
                "as_of": run.as_of if run else {},
                "columns": list(cited.columns),
                "rows": len(cited.rows),
                "bytes": size,
            },
        )
        EvidenceCitation.objects.get_or_create(
            snapshot=record,
            case_id=case_id,
            message_id=message_id,
            defaults={"at": utc_now(), "who": who[:200]},
        )
    return record


def read_snapshot(record: EvidenceSnapshot, *, who: str, entrance: str, reason: str) -> Snapshot:
    """The kept rows, their hash verified; the reading is on record like any other.

    Raises SnapshotMissing and SnapshotDamaged, which are on record too.
    """
    run = RunRecord(
        run_id=new_id("run"),
        at=utc_now(),
        purpose=Purpose(who, entrance, reason),
        scope=Scope(tuple(record.accounts)),
        sql=f"-- snapshot {record.id}",
        params={},
        engine="snapshot",
        outcome="ok",
        as_of=record.as_of,
    )
    recorder = StoreRecorder()
    try:
        kept = queries.rows_of(record)
    except HeadwaterError as error:
        recorder.record(replace(run, outcome=error.code, error=str(error)))
        raise
    recorder.record(replace(run, rows=len(kept.rows), bytes=record.bytes))
    return kept


def erase_from_snapshot(identity: str, account_id: str, *, reason: str) -> str:
    """Keeps what is left of a snapshot without one account's rows; its name, or "" for nothing.

    The old record stays as the tombstone. Its file goes when the transaction commits, or with
    the next `sweep_snapshots`. A damaged or lost file is removed whole.
    """
    record = EvidenceSnapshot.objects.get(pk=identity)
    left = _left_without(record, account_id)
    why = f"erased for {account_id}: {reason}"[:300]
    with transaction.atomic():
        replaced_by = _replace(record, left, account_id) if left is not None else ""
        _remove(record, why, replaced_by)
    return replaced_by


def expire_snapshots(before: datetime, *, reason: str) -> int:
    """Removes snapshots kept before that moment; how many. Their records stay as tombstones."""
    old = EvidenceSnapshot.objects.filter(kept_at__lt=before, gone_at=None)
    with transaction.atomic():
        records = list(old)
        for record in records:
            _remove(record, f"past its time: {reason}"[:300], "")
    return len(records)


def sweep_snapshots() -> int:
    """Deletes files that no record calls kept; how many.

    A removal was broken off after its record, or the transaction that kept them was rolled back;
    such a file would escape erasure. Young ones may be waiting for their transaction.
    """
    folder = queries.snapshot_folder()
    ages = folder.ages()
    gone_at = dict(EvidenceSnapshot.objects.values_list("id", "gone_at"))
    strays = [
        identity
        for identity, age in ages
        if gone_at.get(identity) or (identity not in gone_at and age > _STRAY_SECONDS)
    ]
    for identity in strays:
        folder.drop(identity)
    return len(strays)


def note_removal(kind: str, *, who: str, reason: str, account_id: str) -> EvidenceRemoval:
    """Puts a removal on record before it starts."""
    return EvidenceRemoval.objects.create(
        at=utc_now(), kind=kind, who=who[:200], reason=_storable(reason), account_id=account_id
    )


def finish_removal(noted: EvidenceRemoval, removed: Mapping[str, object]) -> None:
    """Notes what a removal removed."""
    noted.removed, noted.finished_at = dict(removed), utc_now()
    noted.save(update_fields=["removed", "finished_at"])


def _left_without(record: EvidenceSnapshot, account_id: str) -> Snapshot | None:
    """The rows of others, or None where there are none or rows do not say whose they are."""
    try:
        kept = queries.snapshot_folder().get(record.id)
    except (SnapshotMissing, SnapshotDamaged):
        return None
    if "account_id" not in kept.columns:
        return None
    place = kept.columns.index("account_id")
    rows = tuple(row for row in kept.rows if row[place] != account_id)
    return replace(kept, rows=rows) if rows else None


def _with_file(identity: str, facts: Mapping[str, object]) -> EvidenceSnapshot:
    """The record of a file that is there now, also where the same rows were removed before."""
    record, fresh = EvidenceSnapshot.objects.get_or_create(id=identity, defaults=facts)
    if not fresh and record.gone_at is not None:
        for name, value in facts.items():
            setattr(record, name, value)
        record.gone_at, record.gone_why, record.replaced_by = None, "", ""
        record.save()
    return record


def _replace(record: EvidenceSnapshot, left: Snapshot, account_id: str) -> str:
    identity, size = queries.snapshot_folder().put(left.columns, left.types, left.rows)
    fresh = _with_file(
        identity,
        {
            "kept_at": record.kept_at,
            "run_id": record.run_id,
            "title": record.title,
            "sql": record.sql,
            "accounts": [each for each in record.accounts if each != account_id],
            "as_of": record.as_of,
            "columns": record.columns,
            "rows": len(left.rows),
            "bytes": size,
        },
    )
    for use in record.citations.all():
        EvidenceCitation.objects.get_or_create(
            snapshot=fresh,
            case_id=use.case_id,
            message_id=use.message_id,
            defaults={"at": use.at, "who": use.who},
        )
    return identity


def _remove(record: EvidenceSnapshot, why: str, replaced_by: str) -> None:
    record.gone_at, record.gone_why, record.replaced_by = utc_now(), why, replaced_by
    record.save(update_fields=["gone_at", "gone_why", "replaced_by"])
    transaction.on_commit(partial(queries.snapshot_folder().drop, record.id))


def _accounts_in(cited: Cited, run: EvidenceRun | None) -> list[str]:
    """Whose rows these are, so that erasure finds them: by column, else by the read's scope."""
    if "account_id" in cited.columns:
        place = list(cited.columns).index("account_id")
        return sorted({str(row[place]) for row in cited.rows if row[place] is not None})
    return sorted(run.accounts or []) if run else []


def _row(run: RunRecord) -> EvidenceRun:
    accounts = run.scope.account_ids
    return EvidenceRun(
        id=run.run_id,
        at=run.at,
        who=_storable(run.purpose.who)[:200],
        entrance=run.purpose.entrance,
        reason=_storable(run.purpose.reason),
        case_id=run.purpose.case_id,
        accounts=None if accounts is None else list(map(_storable, accounts)),
        sql=_storable(run.sql),
        params={name: _storable(value) for name, value in run.params.items()},
        engine=run.engine,
        role=run.role,
        outcome=run.outcome,
        rows=run.rows,
        bytes=run.bytes,
        seconds=run.seconds,
        error=_storable(run.error or ""),
        as_of=dict(run.as_of),
    )


def _storable(text: str) -> str:
    """PostgreSQL stores no NUL; a refused attack must be recorded all the same."""
    return text.replace("\0", "\ufffd")
