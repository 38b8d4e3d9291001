"""The evidence room's door: a store over a folder of Parquet files."""

import contextlib
import hashlib
import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from headwater.evidence import errors
from headwater.evidence.contract import load_contract
from headwater.evidence.engines.interface import Place, find_place
from headwater.evidence.folders import open_folder
from headwater.evidence.frames import encoded, raise_told, result_of, state_of
from headwater.evidence.process import (
    Lease,
    Stop,
    WorkerGone,
    WorkerLate,
    WorkerPool,
    WorkerStopped,
)
from headwater.evidence.types import (
    Cost,
    EvidenceStore,
    Limits,
    Purpose,
    Recorder,
    Result,
    Role,
    RunRecord,
    Scope,
    TableState,
)
from headwater.evidence.views import find_views, scan_with
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError
from headwater.kit.ids import new_id

# Queries that one person may have running at the same time.
_AT_ONCE = 2
_GRACE_SECONDS = 2.0
_DESCRIBE_SECONDS = 60.0
_DEFAULT_LIMITS = Limits()
_NONE: frozenset[str] = frozenset()


def open_store(
    location: str | Path,
    *,
    recorder: Recorder,
    threads: int | None = None,
    workers: int = 2,
    views: str | Path | Literal[False] | None = None,
) -> EvidenceStore:
    """The store at `location`: a folder by the contract, or an engine's URL. Raises StoreNotFound.

    `views` is a folder of SQL views that map the company's own names to the contract; without it,
    HEADWATER_EVIDENCE_VIEWS or the current project's evidence/views. False reads none.

    `threads` bounds one query, `workers` the queries that run at the same time; neither starts
    before the first query.
    """
    place = find_place(location)
    if place.engine != "duckdb":
        unread = _unread_views(views)
        if unread is not None:
            raise errors.StoreNotFound(
                f"{place.shown} is a warehouse, and the views in {unread} map files only.",
                param="views",
                hint="Make a view per contract table in the warehouse and say in its address "
                "where they are, as in ?schema=NAME; then move the folder away.",
            )
        return EngineStore(place, recorder, threads=threads, workers=workers)
    return ParquetStore(
        place.address, recorder, threads=threads, workers=workers, views=find_views(views)
    )


def _unread_views(given: str | Path | Literal[False] | None) -> Path | None:
    """The folder of views that a warehouse would leave unread, whoever named it; None for none.

    A project's folder without a view is no mistake, one that somebody named is.
    """
    if given:
        return Path(given)
    folder = find_views(given)
    named = "HEADWATER_EVIDENCE_VIEWS" in os.environ
    return folder if folder is not None and (named or any(folder.glob("*.sql"))) else None


class ParquetStore:
    """DuckDB over Parquet in killable worker processes. Safe to share between threads."""

    engine = "duckdb"

    def __init__(
        self,
        root: str | Path,
        recorder: Recorder,
        *,
        threads: int | None,
        workers: int,
        views: Path | None = None,
    ) -> None:
        self.location = str(root)
        self._folder = open_folder(root)
        self._recorder = recorder
        self._views = views
        self._pool = WorkerPool(root, threads=threads, size=workers, views=views)
        self._contract = load_contract()
        self._running = Counter[str]()
        self._counting = threading.Lock()
        self._needs: dict[str, frozenset[tuple[str, str]]] = {}
        self._stops: dict[str, Stop] = {}

    def query(
        self,
        sql: str,
        *,
        purpose: Purpose,
        scope: Scope,
        params: Mapping[str, datetime | str | int] | None = None,
        limits: Limits = _DEFAULT_LIMITS,
        optional: frozenset[str] = frozenset(),
        ticket: str | None = None,
    ) -> Result:
        """Rows of one guarded SELECT, where `optional` tables may be absent.

        Raises QueryRefused, QueryFailed, QueryTimeout.

        Recorded in every case, before this returns or raises. With a `ticket` of the caller's
        choice `cancel(ticket)` stops it, which raises QueryCancelled here.
        """
        stop = Stop()
        if ticket is not None:
            self._stops[ticket] = stop
        try:
            with (
                self._one_of_few(purpose.who, scope.reader.role),
                self._pool.lease(limits.memory_bytes, stop) as lease,
            ):
                return self._recorded(lease, sql, purpose, scope, params or {}, limits, optional)
        finally:
            self._stops.pop(ticket or "", None)

    @contextlib.contextmanager
    def _one_of_few(self, who: str, role: Role) -> Iterator[None]:
        """Lets a person run only so many queries at once, so that one does not hold up all."""
        if role is Role.SYSTEM:
            yield
            return
        with self._counting:
            if self._running[who] >= _AT_ONCE:
                raise errors.QueryLimit(
                    f"You have {_AT_ONCE} queries running already.",
                    hint="Wait until one has ended, or cancel it.",
                )
            self._running[who] += 1
        try:
            yield
        finally:
            with self._counting:
                self._running[who] -= 1

    def cancel(self, ticket: str) -> bool:
        """Stops the query with that ticket by ending its process; False where none runs here."""
        stop = self._stops.get(ticket)
        if stop is not None:
            stop.now()
        return stop is not None

    def plan(self, sql: str, *, scoped: bool) -> list[str]:
        """What the query does, in plain sentences. Nothing is read. Raises QueryRefused."""
        answer = self._ask({"op": "plan", "sql": sql, "scoped": scoped}, _DEFAULT_LIMITS)
        return [str(sentence) for sentence in answer["plan"]]

    def estimate(
        self,
        sql: str,
        *,
        scope: Scope,
        params: Mapping[str, datetime | str | int] | None = None,
    ) -> dict[str, Cost]:
        """What a query would have to read, by table, from the files' footers; no rows are read.

        Empty where the engine cannot tell, and for a platform's own users: a block of rows that is
        read whole holds rows of others. Raises QueryRefused.
        """
        request = {
            "op": "estimate",
            "sql": sql,
            "params": {name: encoded(value) for name, value in (params or {}).items()},
            "accounts": None if scope.account_ids is None else list(scope.account_ids),
        }
        found = self._ask(request, _DEFAULT_LIMITS)["tables"]
        if scope.reader.role is Role.PORTAL:
            return {}
        return {name: Cost(rows=rows, bytes=size) for name, (rows, size) in found.items()}

    def query_many(
        self,
        queries: Mapping[str, str],
        *,
        purpose: Purpose,
        scope: Scope,
        params: Mapping[str, datetime | str | int] | None = None,
        limits: Limits = _DEFAULT_LIMITS,
        optional: Mapping[str, frozenset[str]] | None = None,
    ) -> dict[str, Result | HeadwaterError]:
        """The answer of each query by its name, or why it has none; each is recorded as `query`'s.

        The limits are each query's own. What several of them read of the accounts in scope is
        read once, so asking a hundred together costs little more than asking ten.
        """
        answers: dict[str, Result | HeadwaterError] = {}
        may_lack = optional or {}
        with self._pool.lease(limits.memory_bytes) as lease:
            self._prepare(lease, queries, purpose, scope, params or {}, limits)
            for name, sql in queries.items():
                try:
                    answers[name] = self._recorded(
                        lease, sql, purpose, scope, params or {}, limits, may_lack.get(name, _NONE)
                    )
                except HeadwaterError as error:
                    answers[name] = error
        return answers

    def _prepare(
        self,
        lease: Lease,
        queries: Mapping[str, str],
        purpose: Purpose,
        scope: Scope,
        params: Mapping[str, Any],
        limits: Limits,
    ) -> None:
        """Lets the worker read ahead. Only speed depends on it, so a failure is no error."""
        if len(queries) < 2 or not _stated(purpose):
            return
        request = {
            "op": "prepare",
            "queries": list(queries.values()),
            "params": {name: encoded(value) for name, value in params.items()},
            "accounts": None if scope.account_ids is None else list(scope.account_ids),
        }
        with contextlib.suppress(HeadwaterError):
            self._ask(request, limits, lease)

    def _recorded(
        self,
        lease: Lease,
        sql: str,
        purpose: Purpose,
        scope: Scope,
        params: Mapping[str, Any],
        limits: Limits,
        optional: frozenset[str],
    ) -> Result:
        run = RunRecord(
            run_id=new_id("run"),
            at=utc_now(),
            purpose=purpose,
            scope=scope,
            sql=sql,
            params={name: str(value) for name, value in params.items()},
            engine=self.engine,
            outcome="ok",
            role=scope.reader.role.value,
        )
        try:
            answer = self._ask_query(lease, sql, purpose, scope, params, limits, optional)
        except HeadwaterError as error:
            seconds = (utc_now() - run.at).total_seconds()
            failed = replace(run, outcome=error.code, error=str(error), seconds=seconds)
            self._recorder.record(failed)
            raise
        result = result_of(run.run_id, answer)
        self._recorder.record(
            replace(
                run,
                rows=len(result.rows),
                bytes=result.bytes or 0,
                seconds=result.seconds,
                as_of=answer["as_of"],
            )
        )
        return result

    def needs(self, sql: str) -> frozenset[tuple[str, str]]:
        """The (table, column) pairs of the contract that `sql` reads. Raises QueryRefused."""
        if sql not in self._needs:
            answer = self._ask({"op": "needs", "sql": sql}, _DEFAULT_LIMITS)
            self._needs[sql] = frozenset((table, column) for table, column in answer["needs"])
        return self._needs[sql]

    def tables(self) -> dict[str, TableState]:
        """Every table of the contract with what is missing of it and how fresh it is."""
        return {entry["name"]: state_of(entry) for entry in self._described()["tables"]}

    def _described(self) -> dict[str, Any]:
        limits = replace(_DEFAULT_LIMITS, seconds=_DESCRIBE_SECONDS)
        return self._ask({"op": "tables"}, limits)

    def unknown_files(self) -> tuple[str, ...]:
        """Names in the folder that belong to no table of the contract."""
        return tuple(self._described()["unknown"])

    def view_problems(self) -> tuple[str, ...]:
        """What is wrong with the project's views, each with its file and line."""
        return tuple(self._described()["view_problems"])

    def fingerprint(self) -> str:
        """Changes whenever a data file appears, changes or goes."""
        return scan_with(self._folder, self._contract, self._views).fingerprint

    def close(self) -> None:
        """Ends the worker processes."""
        self._pool.close()

    def _ask_query(
        self,
        lease: Lease,
        sql: str,
        purpose: Purpose,
        scope: Scope,
        params: Mapping[str, Any],
        limits: Limits,
        optional: frozenset[str],
    ) -> dict[str, Any]:
        if not _stated(purpose):
            raise errors.QueryRefused(
                "Evidence is read only for a stated purpose.",
                param="purpose",
                hint="Say who reads, and give a case or a reason.",
            )
        if limits.rows < 1 or limits.seconds <= 0:
            raise errors.QueryRefused("Limits must be positive.", param="limits")
        request = {
            "op": "query",
            "sql": sql,
            "params": {name: encoded(value) for name, value in params.items()},
            "accounts": None if scope.account_ids is None else list(scope.account_ids),
            "rows": limits.rows,
            "seconds": limits.seconds,
            "optional": sorted(optional),
            "role": scope.reader.role.value,
            "personal": scope.reader.personal,
        }
        return self._ask(request, limits, lease)

    def _ask(
        self, request: dict[str, Any], limits: Limits, lease: Lease | None = None
    ) -> dict[str, Any]:
        if lease is None:
            with self._pool.lease(limits.memory_bytes) as lease:
                return self._ask(request, limits, lease)
        try:
            answer = lease.ask(
                {"seconds": limits.seconds, **request}, limits.seconds + _GRACE_SECONDS
            )
        except WorkerLate as error:
            raise errors.QueryTimeout(
                f"The query did not stop after {limits.seconds:g} seconds, so its process was "
                "killed.",
                hint="Simplify it, or narrow the time window.",
            ) from error
        except WorkerStopped as error:
            raise errors.QueryCancelled("The query was stopped before it was done.") from error
        except WorkerGone as error:
            raise errors.QueryLimit(
                "The query used up the memory or processor time it may use.",
                hint="Simplify it, or narrow the time window.",
            ) from error
        if "error" in answer:
            raise_told(answer)
        return answer


class EngineStore(ParquetStore):
    """Another engine behind the seam, with the same guard, worker, limits and audit trail."""

    def __init__(
        self, place: Place, recorder: Recorder, *, threads: int | None, workers: int
    ) -> None:
        super().__init__(Path(), recorder, threads=threads, workers=workers)
        self.engine = place.engine
        self.location = place.shown
        self._pool = WorkerPool(place.address, threads=threads, size=workers, engine=place.engine)

    def fingerprint(self) -> str:
        """Changes whenever a table's freshness does."""
        moments = {name: str(state.as_of) for name, state in self.tables().items() if state.present}
        return hashlib.blake2b(repr(sorted(moments.items())).encode(), digest_size=16).hexdigest()


def _stated(purpose: Purpose) -> bool:
    return bool(purpose.who and (purpose.case_id or purpose.reason.strip()))
