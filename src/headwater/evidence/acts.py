"""The room's writes to the operational store: keeping the audit trail."""

import logging
from functools import partial

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from headwater.evidence.models import EvidenceRun
from headwater.evidence.spool import Spool
from headwater.evidence.types import RunRecord

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
