"""Queries that run in the background, with their rows, as files in Headwater's data folder.

Files rather than memory: the desk is served by several processes, and each must see whether a
query still runs, stop it, and turn the pages of its rows. They are gone after a day.
"""

import json
import logging
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from headwater.desk.investigate.store import desk_store, last_run
from headwater.evidence.tabular import as_text
from headwater.evidence.types import Cost, EvidenceStore, Limits, Purpose, Reader, Result, Scope
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError
from headwater.kit.ids import new_id

# A query that would read more rows asks whether it is meant.
LARGE_ROWS = 100_000_000
_KEPT_SECONDS = 24 * 3600
# Starting a worker and waiting for a free one come on top of the query's own limit.
_START_SECONDS = 90.0
_LOOK_SECONDS = 0.15
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was let run. `params` are as sent to the store, `agent` the asker's id."""

    agent: str
    who: str
    sql: str
    params: Mapping[str, Any]
    values: Mapping[str, str]
    accounts: tuple[str, ...] | None
    reason: str
    case_id: str | None
    rows: int
    seconds: float
    reader: Reader
    # The person saw the estimate of a large query and wants it all the same.
    confirmed: bool = False


def folder() -> Path:
    """Where the runs are; readable by the owner only."""
    path = Path(settings.HEADWATER_HOME) / "investigate"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def start(asked: Asked) -> str:
    """Begins the query in the background; its id. Raises StoreNotFound."""
    store = desk_store()
    sweep()
    run_id = new_id("qry")
    place = folder() / run_id
    place.mkdir(mode=0o700)
    about = {
        "agent": asked.agent,
        "sql": asked.sql,
        "values": dict(asked.values),
        "accounts": asked.accounts,
        "reason": asked.reason,
        "sees_personal": asked.reader.personal,
        "case_id": asked.case_id,
        "rows": asked.rows,
        "seconds": asked.seconds,
        "started_at": utc_now().isoformat(),
        "deadline": time.time() + asked.seconds + _START_SECONDS,
    }
    _write(place / "question.json", about)
    done = threading.Event()
    ask = threading.Thread(target=_ask, args=(store, run_id, asked, done), daemon=True)
    watch = threading.Thread(target=_watch, args=(store, run_id, done), daemon=True)
    ask.start()
    watch.start()
    return run_id


def stop(run_id: str) -> None:
    """Asks for the query's end; whichever process runs it ends its worker within a moment."""
    place = folder() / run_id
    if place.is_dir():
        (place / "stop").touch(mode=0o600)


def sweep() -> None:
    """Deletes runs older than a day: they hold customers' data."""
    oldest = time.time() - _KEPT_SECONDS
    for place in folder().glob("qry_*"):
        try:
            if place.stat().st_mtime < oldest:
                shutil.rmtree(place)
        except FileNotFoundError:
            continue  # another process was faster


class Run:
    """One run as its files tell it. `question` and `answer` are their JSON."""

    def __init__(self, run_id: str, question: dict[str, Any], answer: dict[str, Any] | None):
        self.id = run_id
        self.question = question
        self.answer = answer

    @property
    def state(self) -> str:
        """running, stopping, done, failed, large (asks first), or lost (its process is gone)."""
        if self.answer is None:
            if time.time() > self.question["deadline"]:
                return "lost"
            return "stopping" if (folder() / self.id / "stop").exists() else "running"
        named = {"ok": "done", "large": "large"}
        return named.get(self.answer["outcome"], "failed")

    @property
    def running(self) -> bool:
        """Whether there is something to wait for."""
        return self.state in ("running", "stopping")

    @property
    def started_at(self) -> datetime:
        """When it was asked, aware UTC."""
        return datetime.fromisoformat(self.question["started_at"])

    def typed_rows(self) -> list[list[Any]]:
        """All rows, with times as datetimes again."""
        assert self.answer is not None  # noqa: S101 (only asked of a run that is done)
        times = [i for i, t in enumerate(self.answer["types"]) if t in ("timestamp", "date")]
        rows: list[list[Any]] = self.answer["rows"]
        for row in rows:
            for index in times:
                row[index] = _moment(row[index])
        return rows


def find(run_id: str, agent_id: str) -> Run | None:
    """The agent's own run; a colleague's, one that is gone and one that never was are None."""
    if not run_id.startswith("qry_") or not run_id.removeprefix("qry_").isalnum():
        return None
    question = _read(folder() / run_id / "question.json")
    if question is None or question["agent"] != agent_id:
        return None
    return Run(run_id, question, _read(folder() / run_id / "answer.json"))


def wait(run: Run, seconds: float, again: Callable[[], Run | None]) -> Run:
    """The run as soon as it ended, or as it is after `seconds`."""
    until = time.monotonic() + seconds
    while run.running and time.monotonic() < until:
        time.sleep(0.03)
        run = again() or run
    return run


def _ask(store: EvidenceStore, run_id: str, asked: Asked, done: threading.Event) -> None:
    try:
        answer = _answer(store, run_id, asked)
        _write(folder() / run_id / "answer.json", answer)
    except Exception:
        _log.exception("The query %s ended badly.", run_id)
    finally:
        done.set()
        connection.close()  # the recorder's, which belongs to this thread


def _answer(store: EvidenceStore, run_id: str, asked: Asked) -> dict[str, Any]:
    options: dict[str, Any] = {"ticket": run_id} if hasattr(store, "cancel") else {}
    try:
        rows = 0 if asked.confirmed else _rows_to_read(store, asked)
        if rows > LARGE_ROWS:
            return {"outcome": "large", "rows": rows}
        result = store.query(
            asked.sql,
            purpose=Purpose(asked.who, "desk", asked.reason, asked.case_id),
            scope=Scope(asked.accounts, asked.reader),
            params=asked.params,
            limits=Limits(rows=asked.rows, seconds=asked.seconds),
            **options,
        )
    except HeadwaterError as error:
        told = last_run()
        return {"outcome": error.code, **error.as_dict(), "run_id": told.run_id if told else ""}
    return _found(result)


def _rows_to_read(store: EvidenceStore, asked: Asked) -> int:
    """By the files' footers; 0 where the store cannot tell."""
    estimate = getattr(store, "estimate", None)
    if estimate is None:
        return 0
    try:
        scope = Scope(asked.accounts, asked.reader)
        found: dict[str, Cost] = estimate(asked.sql, scope=scope, params=asked.params)
    except HeadwaterError:
        return 0  # the query itself will say it, on record
    return sum(cost.rows for cost in found.values())


def _found(result: Result) -> dict[str, Any]:
    told = last_run()
    return {
        "outcome": "ok",
        "run_id": result.run_id,
        "columns": result.columns,
        "types": result.types,
        "rows": [[as_text(value) for value in row] for row in result.rows],
        "truncated": result.truncated,
        "seconds": result.seconds,
        "engine_sql": result.engine_sql,
        "as_of": dict(told.as_of) if told else {},
    }


def _watch(store: EvidenceStore, run_id: str, done: threading.Event) -> None:
    flag = folder() / run_id / "stop"
    cancel = getattr(store, "cancel", None)
    while not done.wait(_LOOK_SECONDS):
        if flag.exists() and cancel is not None:
            cancel(run_id)


def _write(path: Path, data: dict[str, Any]) -> None:
    """Whole or not at all, for readers in other processes."""
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(data, ensure_ascii=False, default=str), encoding="utf-8")
    fresh.replace(path)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found


def _moment(text: Any) -> Any:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return text
