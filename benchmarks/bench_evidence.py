"""The evidence store on worlds of different size: one account, everybody, size, memory, layouts.

Every query passes the whole door: guard, scope, worker process, record. `--naive` writes the same
request log unsorted by account, in the engine's default row groups, and asks it the same.
`--engine URL` asks another engine that holds the same tables, in the same run.
"""

import argparse
import contextlib
import math
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
from other_engines import every_engine
from rich.console import Console
from rich.table import Table

from headwater.evidence.errors import QueryRefused, QueryTimeout
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Reader, Role, Scope
from headwater.sandbox.build import build_world
from headwater.sandbox.spec import WorldSpec

_WHO = Purpose("benchmark", "cli", "time of evidence queries")
_LIMITS = Limits(rows=1_000, seconds=120)
_PERSON = Reader(Role.SPECIALIST)
# A playbook also sees what an account's platform called in its name.
_PLAYBOOK = Reader(Role.SYSTEM)
_WINDOW = "created >= $window_start AND created < $window_end"
POINT = {
    "latest 100 requests": f"SELECT id, created, status, path, error_code FROM api_request_logs"
    f" WHERE {_WINDOW} ORDER BY created DESC, id LIMIT 100",
    "requests by hour and status": "SELECT date_trunc('hour', created) AS hour, status, count(*)"
    f" AS n FROM api_request_logs WHERE {_WINDOW} GROUP BY ALL ORDER BY ALL",
    "failed charges by reason": "SELECT failure_code, count(*) AS n, max(created) AS latest"
    f" FROM charges WHERE {_WINDOW} GROUP BY ALL ORDER BY n DESC, failure_code",
    "deliveries that failed": "SELECT webhook_endpoint_id, response_status, count(*) AS n FROM"
    " webhook_delivery_attempts WHERE attempted_at >= $window_start AND attempted_at < $window_end"
    " AND coalesce(response_status, 0) NOT BETWEEN 200 AND 299 GROUP BY ALL ORDER BY ALL",
}
REACH = {
    "5xx by route, accounts hit": "SELECT route, error_code, count(*) AS n, count(DISTINCT"
    f" account_id) AS accounts FROM api_request_logs WHERE {_WINDOW} AND status >= 500"
    " GROUP BY ALL ORDER BY n DESC, route, error_code LIMIT 100",
    "requests and failures by hour": "SELECT date_trunc('hour', created) AS hour, count(*) AS n,"
    f" count(*) FILTER (WHERE status >= 500) AS failed FROM api_request_logs WHERE {_WINDOW}"
    " GROUP BY ALL ORDER BY hour",
    "accounts with refused requests": "SELECT account_id, count(*) AS n FROM api_request_logs"
    f" WHERE {_WINDOW} AND status = 429 GROUP BY ALL ORDER BY n DESC, account_id LIMIT 100",
    "accounts per API version": "SELECT api_version, count(DISTINCT account_id) AS accounts FROM"
    f" api_request_logs WHERE {_WINDOW} GROUP BY ALL ORDER BY accounts DESC, api_version",
}


def main() -> None:
    """Prints one table per world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("worlds", nargs="*", type=Path, help="existing worlds to measure")
    parser.add_argument("--requests", type=int, nargs="*", default=[1_000_000, 10_000_000])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--naive", action="store_true", help="beside a naive layout")
    parser.add_argument(
        "--engines",
        action="store_true",
        help="beside PostgreSQL, Spark and ClickHouse, started here",
    )
    parser.add_argument("--engine", action="append", default=[], help="another engine's URL")
    args = parser.parse_args()
    console = Console(width=140)
    with tempfile.TemporaryDirectory() as scratch:
        for world in [*args.worlds, *_built(args, Path(scratch), console)]:
            _measure(world / "evidence", args, Path(scratch), console)


def _built(args: argparse.Namespace, scratch: Path, console: Console) -> Iterator[Path]:
    if args.worlds:
        return
    for requests in args.requests:
        folder = scratch / f"world-{requests}"
        began = time.perf_counter()
        build_world(folder, WorldSpec(max(requests // 2_000, 600), 30, 5, requests))
        console.print(f"{requests:,} requests built in {time.perf_counter() - began:.0f} s")
        yield folder


def _measure(lake: Path, args: argparse.Namespace, scratch: Path, console: Console) -> None:
    places: dict[str, str] = {"ours": str(lake)}
    if args.naive:
        places["naive"] = str(_naive(lake, scratch / f"naive-{lake.parent.name}"))
    places |= {url.partition("://")[0]: url for url in args.engine}
    with contextlib.ExitStack() as stack:
        if args.engines:
            tables = ("api_request_logs", "charges", "webhook_delivery_attempts")
            places |= stack.enter_context(every_engine(lake, tables))
        _ask_all(places, args, scratch, console)


def _ask_all(
    places: dict[str, str], args: argparse.Namespace, scratch: Path, console: Console
) -> None:
    for name, place in places.items():
        recorder = FileRecorder(scratch / "runs.jsonl")
        with closing(open_store(place, recorder=recorder, workers=1)) as store:
            console.print(_table(store, f"{name}: {place}", args.runs))
            pid = _worker_of(store)
            peak = _peak_mb(pid) if pid else "?"
        size = sum(p.stat().st_size for p in Path(place).rglob("*.parquet")) if name in ("ours", "naive") else 0  # noqa: E501  # fmt: skip
        console.print(f"files {size / 1e6:,.0f} MB, peak memory of the worker {peak} MB")


def _table(store: EvidenceStore, title: str, runs: int) -> Table:
    rows, end = _ask(store, "SELECT count(*), max(created) FROM api_request_logs")[0]
    assert isinstance(end, datetime)
    table = Table(
        "query", "account", "days", "median ms", "p95 ms", title=f"{title}, {rows:,} rows"
    )
    for label, account in _accounts(store, end):
        for days in (7, 30):
            for reader in (_PERSON, _PLAYBOOK):
                seconds: list[float] = []
                for sql in POINT.values():
                    seconds += _times(store, sql, (account,), end, days, runs, reader)
                name = f"{len(POINT)} point queries, {reader.role}"
                table.add_row(name, label, str(days), *_figures(seconds))
    for name, sql in REACH.items():
        table.add_row(name, "all", "30", *_figures(_times(store, sql, None, end, 30, 3)))
    return table


def _times(
    store: EvidenceStore,
    sql: str,
    accounts: tuple[str, ...] | None,
    end: datetime,
    days: int,
    runs: int,
    reader: Reader = _PERSON,
) -> list[float]:
    """Seconds per run; none where the engine refuses the query or is too slow for it."""
    seconds = []
    with contextlib.suppress(QueryRefused, QueryTimeout):
        for _ in range(runs + 1):
            began = time.perf_counter()
            _ask(
                store, sql, accounts, reader,
                window_start=end - timedelta(days=days), window_end=end,
            )  # fmt: skip
            seconds.append(time.perf_counter() - began)
    return seconds[1:]  # the first fills the caches


def _ask(
    store: EvidenceStore,
    sql: str,
    accounts: tuple[str, ...] | None = None,
    reader: Reader = _PERSON,
    **params: datetime,
) -> Sequence[tuple[object, ...]]:
    return store.query(
        sql, purpose=_WHO, scope=Scope(accounts, reader), params=dict(params), limits=_LIMITS
    ).rows


def _accounts(store: EvidenceStore, end: datetime) -> list[tuple[str, str]]:
    rows = _ask(
        store,
        f"SELECT account_id FROM api_request_logs WHERE {_WINDOW} GROUP BY 1"
        " ORDER BY count(*) DESC, account_id LIMIT 1000",
        window_start=end - timedelta(days=3),
        window_end=end,
    )
    names = [str(row[0]) for row in rows]
    return [("biggest", names[0]), ("middle", names[len(names) // 2]), ("small", names[-1])]


def _figures(seconds: list[float]) -> tuple[str, str]:
    ordered = sorted(seconds)
    if not ordered:
        return "refused", "or too slow"
    return (
        f"{statistics.median(ordered) * 1e3:.0f}",
        f"{ordered[math.ceil(0.95 * len(ordered)) - 1] * 1e3:.0f}",  # of few runs: the slowest
    )


def _naive(lake: Path, folder: Path) -> Path:
    """The request log by time alone in one file a day, default row groups; the rest as it is."""
    folder.mkdir(parents=True)
    for entry in lake.iterdir():
        if entry.name != "api_request_logs":
            # Not symbolic links: the engine opens nothing outside its folder.
            _linked(entry, folder / entry.name)
    target = folder / "api_request_logs"
    for day in sorted((lake / "api_request_logs").iterdir()):
        (target / day.name).mkdir(parents=True)
        with duckdb.connect() as engine:
            engine.execute(
                f"COPY (SELECT * FROM read_parquet('{day}/*.parquet', hive_partitioning = false)"
                f" ORDER BY created) TO '{target / day.name}/part-0.parquet'"
                " (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
            )
    return folder


def _linked(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, copy_function=os.link)
    else:
        os.link(source, target)


def _worker_of(store: EvidenceStore) -> int | None:
    idle = getattr(getattr(store, "_pool", None), "_idle", [])
    return int(idle[0].pid) if idle else None


def _peak_mb(pid: int) -> str:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return "?"
    peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return f"{int(peak.split()[1]) / 1e3:,.0f}"


if __name__ == "__main__":
    main()
