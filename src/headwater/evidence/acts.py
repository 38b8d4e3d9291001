"""The room's writes to the operational store: the audit trail, and what answers cite."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from headwater.evidence import queries
from headwater.evidence.models import EvidenceCitation, EvidenceRun, EvidenceSnapshot
from headwater.evidence.snapshots import Snapshot
from headwater.evidence.spool import Spool
from headwater.evidence.tabular import Rows
from headwater.evidence.types import Purpose, RunRecord, Scope
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError
from headwater.kit.ids import new_id

_log = logging.getLogger(__name__)
_BATCH = 500


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
        record, _ = EvidenceSnapshot.objects.get_or_create(
            id=identity,
            defaults={
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
