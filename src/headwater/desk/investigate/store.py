"""The desk's warm evidence store: one for each web process, opened at the first question."""

import atexit
import threading

from django.conf import settings

from headwater.evidence.acts import StoreRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, RunRecord

_lock = threading.Lock()
_open: EvidenceStore | None = None
_opened_at = ""
_last = threading.local()


class _TellingRecorder(StoreRecorder):
    """Records as usual, and remembers the audit line for the thread that asked."""

    def record(self, run: RunRecord) -> None:
        super().record(run)
        _last.run = run


def desk_store() -> EvidenceStore:
    """The store at HEADWATER_EVIDENCE. Raises StoreNotFound."""
    global _open, _opened_at
    location = str(settings.HEADWATER_EVIDENCE)
    with _lock:
        if _open is not None and _opened_at != location:
            _open.close()
            _open = None
        if _open is None:
            _open = open_store(location, recorder=_TellingRecorder())
            _opened_at = location
        return _open


def last_run() -> RunRecord | None:
    """The audit line of this thread's latest query, also of one refused."""
    return getattr(_last, "run", None)


@atexit.register
def close_desk_store() -> None:
    """Ends the store's worker processes."""
    global _open
    with _lock:
        if _open is not None:
            _open.close()
            _open = None
