"""Time per diagnosis: all playbooks, one account, warm, on an existing lake.

Takes a small, a middle and the biggest account by request volume. Base rates are counted before
and timed apart: they are shared by every case of a week.
"""

import argparse
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
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Scope

_WHO = Purpose("benchmark", "cli", "time per diagnosis")
_TEXT = "Since yesterday some of our payments fail and we do not get notifications. What is wrong?"


def main() -> None:
    """Prints one row per account."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-base-rates", action="store_true", help="leave the counting out")
    args = parser.parse_args()
    console = Console(width=120)
    with (
        tempfile.TemporaryDirectory() as scratch,
        closing(
            open_store(
                args.world / "evidence",
                recorder=FileRecorder(Path(scratch) / "runs"),
                threads=args.threads,
                workers=1,
            )
        ) as store,
    ):
        rows, end = _size(store)
        console.print(f"{rows:,} request-log rows up to {end:%Y-%m-%d %H:%M}")
        playbooks = load_playbooks()
        rates = NoBaseRates() if args.no_base_rates else StoredBaseRates(store, default_folder())
        began = time.perf_counter()
        engine = Engine(store, playbooks, rates)
        console.print(f"{len(playbooks)} playbooks, start {time.perf_counter() - began:.2f} s")
        began = time.perf_counter()
        engine.warm(end)
        console.print(f"base rates {time.perf_counter() - began:.2f} s (kept on disk afterwards)")
        table = Table(
            "account", "requests in window", "first ms", "median ms", "worst ms", "causes"
        )
        for label, account, requests in _accounts(store, end):
            table.add_row(label, f"{requests:,}", *_times(engine, account, end, args.runs))
        console.print(table)


def _times(engine: Engine, account: str, end: datetime, runs: int) -> list[str]:
    case = CaseInput("bench", "", "Payments", _TEXT, account, end.replace(tzinfo=UTC))
    seconds = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        diagnosis = engine.diagnose(case)
        seconds.append(time.perf_counter() - began)
    warm = [each * 1e3 for each in seconds[1:]]
    causes = ", ".join(each.playbook for each in diagnosis.causes)
    return [
        f"{seconds[0] * 1e3:.0f}",
        f"{statistics.median(warm):.0f}",
        f"{max(warm):.0f}",
        causes or "none",
    ]


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


def _accounts(store: EvidenceStore, end: datetime) -> list[tuple[str, str, int]]:
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
    return [
        ("small", *rows[len(rows) // 20]),
        ("middle", *rows[len(rows) // 2]),
        ("biggest", *rows[-1]),
    ]


if __name__ == "__main__":
    main()
