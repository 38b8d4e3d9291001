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
        reason=_storable(run.purpose.reason),
        case_id=run.purpose.case_id,
        accounts=None if accounts is None else list(map(_storable, accounts)),
        sql=_storable(run.sql),
        params={name: _storable(value) for name, value in run.params.items()},
        engine=run.engine,
        outcome=run.outcome,
        rows=run.rows,
        seconds=run.seconds,
        error=_storable(run.error or ""),
        as_of=dict(run.as_of),
    )


def _storable(text: str) -> str:
    """PostgreSQL stores no NUL; a refused attack must be recorded all the same."""
    return text.replace("\0", "\ufffd")


class StoreRecorder:
    """The recorder of everything that runs beside the operational store: desk, jobs, mail."""

    def record(self, run: RunRecord) -> None:
        """Writes one row. Raises what the database raises: an unrecorded read must fail."""
        record_run(run)
