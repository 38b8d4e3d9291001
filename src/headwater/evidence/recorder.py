"""The audit trail as a file: one JSON line per query, also for refused ones."""

import json
import os
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from headwater.evidence.types import Purpose, RunRecord, Scope


def run_as_dict(run: RunRecord) -> dict[str, object]:
    """One audit line as JSON-ready values; the field names are stable."""
    accounts = run.scope.account_ids
    return {
        "run_id": run.run_id,
        "at": run.at.isoformat(),
        "who": run.purpose.who,
        "entrance": run.purpose.entrance,
        "reason": run.purpose.reason,
        "case_id": run.purpose.case_id,
        "accounts": None if accounts is None else list(accounts),
        "sql": run.sql,
        "params": dict(run.params),
        "engine": run.engine,
        "outcome": run.outcome,
        "role": run.role,
        "rows": run.rows,
        "bytes": run.bytes,
        "seconds": round(run.seconds, 6),
        "error": run.error,
        "as_of": dict(run.as_of),
    }


def run_from_dict(line: dict[str, Any]) -> RunRecord:
    """The audit line that `run_as_dict` wrote. Raises KeyError, ValueError, TypeError."""
    accounts = line["accounts"]
    return RunRecord(
        run_id=line["run_id"],
        at=datetime.fromisoformat(line["at"]),
        purpose=Purpose(line["who"], line["entrance"], line["reason"], line["case_id"]),
        scope=Scope(None if accounts is None else tuple(accounts)),
        sql=line["sql"],
        params=line["params"],
        engine=line["engine"],
        outcome=line["outcome"],
        role=line.get("role", "system"),
        rows=line["rows"],
        bytes=line.get("bytes", 0),
        seconds=line["seconds"],
        error=line["error"],
        as_of=line["as_of"],
    )


class FileRecorder:
    """Appends runs to a file that only its owner may read."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._lock = threading.Lock()

    def record(self, run: RunRecord) -> None:
        """Appends one line in a single write, so that several processes may share the file."""
        line = json.dumps(run_as_dict(run), ensure_ascii=False, separators=(",", ":")) + "\n"
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, line.encode())
            finally:
                os.close(handle)


def default_journal() -> Path:
    """Where the command line keeps its audit lines: in Headwater's data folder."""
    home = os.environ.get("HEADWATER_HOME")
    if home:
        return Path(home).expanduser() / "evidence-runs.jsonl"
    base = os.environ.get("XDG_DATA_HOME")
    data = Path(base) if base else Path.home() / ".local" / "share"
    return data / "headwater" / "evidence-runs.jsonl"
