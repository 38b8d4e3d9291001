"""The room's one write: keeping the audit trail."""

from headwater.evidence.models import EvidenceRun
from headwater.evidence.types import RunRecord


def record_run(run: RunRecord) -> EvidenceRun:
    """The stored audit line. Inside a transaction it shares the transaction's fate.

    So read evidence outside of transactions; a slow query would hold the write lock anyway.
    """
    accounts = run.scope.account_ids
    return EvidenceRun.objects.create(
        id=run.run_id,
        at=run.at,
        who=run.purpose.who[:200],
        entrance=run.purpose.entrance,
        reason=run.purpose.reason,
        case_id=run.purpose.case_id,
        accounts=None if accounts is None else list(accounts),
        sql=run.sql.replace("\0", "\ufffd"),
        params=dict(run.params),
        engine=run.engine,
        outcome=run.outcome,
        rows=run.rows,
        seconds=run.seconds,
        error=run.error or "",
        as_of=dict(run.as_of),
    )


class StoreRecorder:
    """The recorder of everything that runs beside the operational store: desk, jobs, mail."""

    def record(self, run: RunRecord) -> None:
        """Writes one row. Raises what the database raises: an unrecorded read must fail."""
        record_run(run)
