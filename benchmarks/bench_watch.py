"""How often the watch cries wolf, and how soon it sees a rise.

    python benchmarks/bench_watch.py [--days 240] [--evidence DIR]

Quiet histories are drawn for as many causes as there are playbooks: rare and common ones, with
a week, over-dispersed as accounts are (gamma-mixed Poisson), some of them growing. Every day is
judged as the watch does, with both measures. A false alarm opens a problem that somebody closes
three days later. Then a rise of a known size is put onto one day, its accounts spread over the
hours, and the first hourly look that sees it is the delay. With `--evidence`, the days of a real
lake are counted by the playbooks and judged one after the other.
"""

import argparse
import json
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from headwater.diagnosis.playbooks import load_playbooks
from headwater.diagnosis.reach import DAY
from headwater.diagnosis.watch.baseline import LEAST_DAYS, a_week, judge, level
from headwater.diagnosis.watch.counting import count_day, stands_out
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import Purpose

BEGIN = datetime(2025, 1, 6)  # noqa: DTZ001 (naive UTC as in the evidence)
PLAYBOOKS = 115
WEEK = np.array([1.05, 1.1, 1.1, 1.05, 1.0, 0.85, 0.85])
SIZES = ("+5", "+10", "+20", "x1.5", "x2", "x3")
SEEDS = (101, 202, 303)


def quiet_history(rng: np.random.Generator, days: int) -> tuple[np.ndarray, float]:
    """Counts of one cause by day, and its mean: from once a month to a hundred a day."""
    mean = float(np.exp(rng.uniform(np.log(0.03), np.log(100.0))))
    spread = float(rng.choice([1.0, 1.5, 2.5, 4.0]))
    drift = float(rng.choice([0.0, 0.0, 0.01, 0.02]))
    at = np.arange(days)
    expected = mean * WEEK[at % 7] * (1 + drift) ** (at / 7)
    if spread > 1.0:
        expected = rng.gamma(expected / (spread - 1.0), spread - 1.0)
    return rng.poisson(expected), mean


def false_alarms(rng: np.random.Generator, days: int, at: float) -> int:
    """Problems opened over one cause's quiet history, one measure."""
    counts, _mean = quiet_history(rng, days)
    history: list[tuple[datetime, int]] = []
    opened, closed_until = 0, -1
    for n, count in enumerate(counts.tolist()):
        day = BEGIN + n * DAY
        if n <= closed_until:
            continue
        verdict = judge(history, day, count, at=at)
        if verdict is not None and verdict.rise:
            opened, closed_until = opened + 1, n + 3
            continue
        history.append((day, count))
    return opened


def delay_hours(rng: np.random.Generator, size: str, at: float) -> tuple[float, float | None]:
    """(usual mean, hours until a rise of `size` on one day is seen, None when it is not)."""
    counts, mean = quiet_history(rng, 43)
    history = [(BEGIN + n * DAY, int(count)) for n, count in enumerate(counts[:-1])]
    usual = int(counts[-1])
    more = int(size[1:]) if size[0] == "+" else round((float(size[1:]) - 1) * mean)
    # The rise begins at an hour of the day and its accounts come within four hours.
    begin = rng.uniform(0, 20)
    hours = np.sort(
        np.concatenate([rng.uniform(0, 24, usual), begin + rng.uniform(0, 4, max(more, 0))])
    )
    for look in range(1, 25):
        verdict = judge(history, BEGIN + 42 * DAY, int((hours < look).sum()), at=at)
        if verdict is not None and verdict.rise:
            return mean, max(look - begin, 0.0)
    return mean, None


def synthetic(days: int) -> None:
    """Prints the false-alarm rates and the delays."""
    at = level(1.0, PLAYBOOKS)
    print(f"stated: 1 a month over {PLAYBOOKS} playbooks; {a_week(at):.5f} per playbook-week")
    judged = days - LEAST_DAYS
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        opened = sum(false_alarms(rng, days, at) for _ in range(2 * PLAYBOOKS))
        months = judged / 30
        print(
            f"seed {seed}: {opened} false problems in {months:.1f} months of {PLAYBOOKS} playbooks "
            f"= {opened / months:.2f} a month, {opened / months / PLAYBOOKS:.5f} per "
            f"playbook-month, {opened / (judged / 7) / PLAYBOOKS:.5f} per playbook-week"
        )
    rng = np.random.default_rng(7)
    print("rise    seen where the usual is <1, 1-10, 10-100   median hours until seen")
    for size in SIZES:
        found = [delay_hours(rng, size, at) for _ in range(300)]
        shares = []
        for low, high in ((0.0, 1.0), (1.0, 10.0), (10.0, 101.0)):
            these = [hours for mean, hours in found if low <= mean < high]
            shares.append(sum(each is not None for each in these) / max(len(these), 1))
        seen = [hours for _, hours in found if hours is not None]
        middle = f"{np.median(seen):.1f}" if seen else "-"
        print(f"{size:6} {shares[0]:8.2f} {shares[1]:8.2f} {shares[2]:8.2f}        {middle:>6}")


def on_evidence(location: Path, out: Path | None) -> None:
    """Judges every day of a lake; prints what would have opened."""
    pages = load_playbooks()
    at = level(1.0, len(pages))
    purpose = Purpose("bench", "cli", "measure the watch")
    with closing(open_store(location, recorder=FileRecorder(Path("/dev/null")))) as store:
        ends = [each.as_of for each in store.tables().values() if each.present and each.as_of]
        until = max(ends)
        last = (until - timedelta(seconds=2)).replace(hour=0, minute=0, second=0, microsecond=0)
        first = _first_day(location)
        days = [first + n * DAY for n in range(7, (last - first) // DAY + 1)]
        began, counted = time.monotonic(), {}
        for day in days:
            counted[day] = count_day(store, pages, day, until=until, purpose=purpose)
        seconds = (time.monotonic() - began) / max(len(days), 1)
    opened = []
    for name in sorted(pages):
        affected: list[tuple[datetime, int]] = []
        fresh: list[tuple[datetime, int]] = []
        closed_until = datetime.min  # noqa: DTZ901
        for day in days:
            pair = counted[day].get(name)
            if pair is None or day <= closed_until:
                continue
            found = stands_out(name, pair, (affected, fresh), day, at=at)
            if found is not None:
                opened.append((day, found))
                closed_until = day + 3 * DAY
                continue
            affected.append((day, pair[0]))
            fresh.append((day, pair[1]))
    judged = max(len(days) - LEAST_DAYS, 0)
    print(f"{len(days)} days counted, {seconds:.1f} s a day for {len(pages)} playbooks")
    print(f"{judged} days judged: {len(opened)} problems")
    for day, found in opened:
        verdict = found.verdict
        print(
            f"  {day:%Y-%m-%d} {found.playbook} {found.measure} {verdict.count}, expected "
            f"{verdict.expected:.1f}, threshold {verdict.threshold}"
        )
    if out:
        rows = [[f"{day:%Y-%m-%d}", counts] for day, counts in counted.items()]
        out.write_text(json.dumps(rows), "utf-8")


def _first_day(location: Path) -> datetime:
    folders = sorted((location / "api_request_logs").glob("*=*"))
    return datetime.fromisoformat(folders[0].name.partition("=")[2])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=240)
    parser.add_argument("--evidence", type=Path)
    parser.add_argument("--counts", type=Path, help="keep the daily counts as JSON")
    options = parser.parse_args()
    if options.evidence:
        on_evidence(options.evidence, options.counts)
    else:
        synthetic(options.days)
