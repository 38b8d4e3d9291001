"""Time per diagnosis: all playbooks, one account that was not asked about before, on given lakes.

Takes several accounts around the small, the middle and the biggest by request volume, each once: a
worker keeps the rows of the account it saw last, so a second look at one would flatter. Then the
reach of all playbooks over the whole lake in one run. Base rates are counted before and timed
apart: they are shared by every case of a week. CPU is this process and its workers together.
"""

import argparse
import os
import statistics
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from headwater.diagnosis.base_rates import NoBaseRates, StoredBaseRates, default_folder
from headwater.diagnosis.engine import Engine
from headwater.diagnosis.playbooks import load_playbooks
from headwater.diagnosis.values import CaseInput
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Result, Scope

_WHO = Purpose("benchmark", "cli", "time per diagnosis")
_TEXT = "Since yesterday some of our payments fail and we do not get notifications. What is wrong?"


def main() -> None:
    """Prints a table per world, and the reach of all playbooks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("worlds", type=Path, nargs="+", metavar="world")
    parser.add_argument("--runs", type=int, default=5, help="accounts of each size")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-base-rates", action="store_true", help="leave the counting out")
    parser.add_argument("--no-reach", action="store_true", help="leave the reach of all out")
    args = parser.parse_args()
    console = Console(width=120)
    for world in args.worlds:
        with (
            tempfile.TemporaryDirectory() as scratch,
            closing(
                open_store(
                    world / "evidence",
                    recorder=FileRecorder(Path(scratch) / "runs"),
                    threads=args.threads,
                    workers=1,
                )
            ) as store,
        ):
            _measure(console, store, args)


def _measure(console: Console, store: EvidenceStore, args: argparse.Namespace) -> None:
    rows, end = _size(store)
    console.print(f"{rows:,} request-log rows up to {end:%Y-%m-%d %H:%M}")
    playbooks = load_playbooks()
    rates = NoBaseRates() if args.no_base_rates else StoredBaseRates(store, default_folder())
    began = time.perf_counter()
    engine = Engine(store, playbooks, rates)
    engine.diagnose(_case("nobody", end))  # the guard reads every playbook once per worker
    console.print(f"{len(playbooks)} playbooks, start {time.perf_counter() - began:.2f} s")
    began = time.perf_counter()
    engine.warm(end)
    console.print(f"base rates {time.perf_counter() - began:.2f} s (kept on disk afterwards)")
    table = Table("accounts", "requests in window", "median ms", "worst ms", "CPU ms", "peak MB")
    for label, accounts in _accounts(store, end, args.runs).items():
        counts = sorted(requests for _, requests in accounts)
        table.add_row(
            f"{len(accounts)} {label}",
            f"{statistics.median(counts):,.0f}",
            *_times(engine, [name for name, _ in accounts], end),
        )
    console.print(table)
    if not args.no_reach:
        _reach(console, store, end)


def _times(engine: Engine, accounts: list[str], end: datetime) -> list[str]:
    seconds, used = [], _cpu()
    for account in accounts:
        began = time.perf_counter()
        engine.diagnose(_case(account, end))
        seconds.append(time.perf_counter() - began)
    return [
        f"{statistics.median(seconds) * 1e3:.0f}",
        f"{max(seconds) * 1e3:.0f}",
        f"{(_cpu() - used) / len(accounts) * 1e3:.0f}",
        f"{_peak_mb():,.0f}",
    ]


def _case(account: str, end: datetime) -> CaseInput:
    return CaseInput("bench", "", "Payments", _TEXT, account, end.replace(tzinfo=UTC))


def _reach(console: Console, store: EvidenceStore, end: datetime) -> None:
    """All playbooks over every account, in one run of the store."""
    playbooks = load_playbooks()
    began, used = time.perf_counter(), _cpu()
    answers = store.query_many(
        {name: page.sql for name, page in playbooks.items()},
        purpose=_WHO,
        scope=Scope(None),
        params={"window_start": end - timedelta(days=7), "window_end": end},
        limits=Limits(rows=100_000, seconds=300),
        optional={name: page.optional_tables for name, page in playbooks.items()},
    )
    told = {name: each for name, each in answers.items() if isinstance(each, Result)}
    console.print(
        f"reach of {len(told)} of {len(answers)} playbooks over 7 days: "
        f"{sum(len(each.rows) for each in told.values()):,} rows in "
        f"{time.perf_counter() - began:.1f} s, CPU {_cpu() - used:.1f} s, peak {_peak_mb():,.0f} MB"
    )


def _workers() -> list[str]:
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [pid for each in children for pid in each.read_text().split()]


def _cpu() -> float:
    """Processor seconds of this process and of its live workers (Linux)."""
    ticks = 0
    for pid in _workers():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _peak_mb() -> float:
    """The most memory that a live worker ever held."""
    lines = [
        line
        for pid in _workers()
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmHWM")
    ]
    return max((int(line.split()[1]) / 1_000 for line in lines), default=0.0)


def _size(store: EvidenceStore) -> tuple[int, datetime]:
    result = store.query(
        "SELECT count(*), max(created) FROM api_request_logs",
        purpose=_WHO,
        scope=Scope(None),
        limits=Limits(seconds=300),
    )
    rows, end = result.rows[0]
    assert isinstance(rows, int)
    assert isinstance(end, datetime)
    return rows, end


def _accounts(store: EvidenceStore, end: datetime, runs: int) -> dict[str, list[tuple[str, int]]]:
    result = store.query(
        "SELECT account_id, count(*) AS n FROM api_request_logs"
        " WHERE created >= $since AND created < $until AND account_id IS NOT NULL"
        " GROUP BY account_id ORDER BY n, account_id",
        purpose=_WHO,
        scope=Scope(None),
        params={"since": end - timedelta(days=30), "until": end},
        limits=Limits(rows=1_000_000, seconds=300),
    )
    rows = [(str(row[0]), int(str(row[1]))) for row in result.rows]
    return {
        "small": rows[len(rows) // 20 :][:runs],
        "middle": rows[len(rows) // 2 :][:runs],
        "biggest": rows[-min(runs, 3) :],
    }


if __name__ == "__main__":
    main()
