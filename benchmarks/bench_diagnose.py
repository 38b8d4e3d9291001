"""Accuracy, calibration and time of diagnosis on a simulated platform, beside two baselines.

Prints what it measures, also where it is poor. The world's seed is used for nothing else.
"""

import argparse
import math
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import worlds
from rich.console import Console
from rich.progress import track
from rich.table import Table

from headwater.diagnosis.base_rates import StoredBaseRates
from headwater.diagnosis.engine import Engine, Examined
from headwater.diagnosis.playbooks import load_playbooks
from headwater.diagnosis.ranking import Weights, load_weights, rank
from headwater.diagnosis.text import TextIndex
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store

BENCH_SEED = 90_001
NONE = "(no cause)"
# The evidence-only baseline keeps what the data says and drops all that reads the mail's words.
_READS_MAIL = ("text", "named", "named_other", "facts")


@dataclass(frozen=True)
class Outcome:
    """One case under one method: the order of playbooks, and the best one's probability."""

    truth: str
    ranked: tuple[str, ...]
    probability: float


def main() -> None:
    """Builds the world where needed, diagnoses every case, prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", type=Path, help="reuse or build the world here")
    parser.add_argument("--accounts", type=int, default=2_500)
    parser.add_argument("--days", type=int, default=45)
    parser.add_argument("--cases-per-cause", type=int, default=50)
    parser.add_argument("--seed", type=int, default=BENCH_SEED)
    parser.add_argument("--limit", type=int, help="only this many cases, evenly taken")
    args = parser.parse_args()
    console = Console(width=150)
    with tempfile.TemporaryDirectory() as scratch:
        folder = worlds.build(
            args.world or Path(scratch) / "world",
            accounts=args.accounts,
            days=args.days,
            seed=args.seed,
            cases_per_cause=args.cases_per_cause,
        )
        measure(folder, Path(scratch), console, args.limit)


def measure(folder: Path, scratch: Path, console: Console, limit: int | None) -> None:
    """Diagnoses the world's cases and prints every table."""
    playbooks = load_playbooks()
    covers = {mode: name for name, page in playbooks.items() for mode in page.covers}
    cases = worlds.labelled_cases(folder, covers)
    if limit:
        cases = cases[:: max(1, len(cases) // limit)]
    weights = load_weights()
    recorder = FileRecorder(scratch / "runs")
    with closing(open_store(folder / "evidence", recorder=recorder, workers=1)) as store:
        began = time.perf_counter()
        engine = Engine(
            store, playbooks, StoredBaseRates(store, scratch / "rates"), guess_account=True
        )
        for each in cases:  # Base rates are computed once per window; timed apart.
            engine.warm(each.case.received_at)
        console.print(
            f"{len(cases)} cases; start and base rates {time.perf_counter() - began:.1f} s"
        )
        seconds: list[float] = []
        examined: list[Examined] = []
        full: list[Outcome] = []
        for each in track(cases, "Diagnosing", console=Console(stderr=True), transient=True):
            began = time.perf_counter()
            found = engine.examine(each.case)
            diagnosis = engine.conclude(found)
            seconds.append(time.perf_counter() - began)
            examined.append(found)
            full.append(
                Outcome(
                    each.playbook or NONE,
                    tuple(cause.playbook for cause in diagnosis.causes),
                    diagnosis.causes[0].probability if diagnosis.causes else 0.0,
                )
            )
    text = TextIndex(playbooks)
    methods = {
        "both": full,
        "text only": [_by_text(text, each) for each in cases],
        "evidence only": [
            _by_evidence(found, each, weights) for found, each in zip(examined, cases, strict=True)
        ],
    }
    _accuracy(console, methods)
    _no_cause(console, methods)
    _confusion(console, full)
    _calibration(console, full)
    _missed(console, cases, examined)
    ordered = sorted(seconds)
    console.print(
        f"Time per case: median {statistics.median(ordered) * 1e3:.0f} ms, "
        f"p95 {ordered[int(0.95 * (len(ordered) - 1))] * 1e3:.0f} ms, "
        f"largest {ordered[-1] * 1e3:.0f} ms"
    )


def _by_text(index: TextIndex, each: worlds.Labelled) -> Outcome:
    scores = index.scores(f"{each.case.subject}\n{each.case.body}")
    order = sorted(scores, key=lambda name: (-scores[name], name))
    ranked = tuple(name for name in order if scores[name] > 0)
    total = sum(math.exp(score) for score in scores.values())
    return Outcome(each.playbook or NONE, ranked, math.exp(max(scores.values())) / total)


def _by_evidence(found: Examined, each: worlds.Labelled, weights: Weights) -> Outcome:
    points = {n: 0.0 if n in _READS_MAIL else p for n, p in weights.points.items()}
    ranking = rank(
        {name: matched.signals for name, matched in found.matched.items()},
        replace(weights, points=points),
    )
    names = tuple(one.playbook for one in ranking.findings)
    return Outcome(each.playbook or NONE, names, ranking.findings[0].probability if names else 0.0)


def _accuracy(console: Console, methods: dict[str, list[Outcome]]) -> None:
    table = Table(title="Accuracy by planted cause: top-1 / top-3, %")
    for name in ("cause", "cases", *methods):
        table.add_column(name, justify="left" if name == "cause" else "right")
    causes = sorted({each.truth for each in methods["both"]} - {NONE})
    for cause in causes:
        table.add_row(*_accuracy_row(cause, methods, lambda each, c=cause: each.truth == c))
    table.add_section()
    table.add_row(*_accuracy_row("all causes", methods, lambda each: each.truth != NONE))
    console.print(table)


def _accuracy_row(
    label: str, methods: dict[str, list[Outcome]], chosen: Callable[[Outcome], bool]
) -> list[str]:
    cells = [label]
    for outcomes in methods.values():
        own = [each for each in outcomes if chosen(each)]
        if len(cells) == 1:
            cells.append(str(len(own)))
        first = sum(each.ranked[:1] == (each.truth,) for each in own)
        third = sum(each.truth in each.ranked[:3] for each in own)
        cells.append(f"{_percent(first, len(own))} / {_percent(third, len(own))}")
    return cells


def _no_cause(console: Console, methods: dict[str, list[Outcome]]) -> None:
    table = Table(title="No cause: nothing listed")
    for name in ("method", "said", "true", "precision %", "recall %"):
        table.add_column(name, justify="left" if name == "method" else "right")
    for name, outcomes in methods.items():
        said = [each for each in outcomes if not each.ranked]
        true = [each for each in outcomes if each.truth == NONE]
        hits = sum(each.truth == NONE for each in said)
        table.add_row(
            name,
            str(len(said)),
            str(len(true)),
            _percent(hits, len(said)),
            _percent(hits, len(true)),
        )
    console.print(table)


def _confusion(console: Console, outcomes: Sequence[Outcome]) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in outcomes:
        counts[each.truth][each.ranked[0] if each.ranked else NONE] += 1
    names = sorted({*counts, *(name for row in counts.values() for name in row)})
    table = Table(title="Confusion: rows planted, columns named first")
    table.add_column("")
    for n in range(len(names)):
        table.add_column(str(n + 1), justify="right")
    for n, name in enumerate(names):
        cells = (str(counts[name][other] or "·") for other in names)
        table.add_row(f"{n + 1} {name}", *cells)
    console.print(table)


def _calibration(console: Console, outcomes: Sequence[Outcome]) -> None:
    table = Table(title="Calibration of the first cause's probability")
    for name in ("stated", "cases", "mean stated %", "true %"):
        table.add_column(name, justify="right")
    named = [each for each in outcomes if each.ranked]
    gap = 0.0
    for low in range(0, 100, 10):
        own = [e for e in named if low <= min(99.999, e.probability * 100) < low + 10]
        if own:
            stated = sum(each.probability for each in own) / len(own)
            true = sum(each.ranked[0] == each.truth for each in own) / len(own)
            gap += abs(stated - true) * len(own)
            table.add_row(
                f"{low}-{low + 10}", str(len(own)), f"{stated * 100:.0f}", f"{true * 100:.0f}"
            )
    console.print(table)
    brier = sum((e.probability - (e.ranked[0] == e.truth)) ** 2 for e in named)
    if named:
        console.print(
            f"Expected calibration error {gap / len(named):.3f}, Brier {brier / len(named):.3f}"
        )


def _missed(
    console: Console, cases: Sequence[worlds.Labelled], examined: Sequence[Examined]
) -> None:
    """How often the planted cause's playbook returned no row: no ranking can mend that."""
    silent = Counter(
        each.playbook
        for each, found in zip(cases, examined, strict=True)
        if each.playbook and each.playbook not in found.matched
    )
    unknown = sum(found.reach.account_id is None for found in examined)
    console.print(f"Planted cause not matched by its playbook: {dict(silent) or 'never'}")
    console.print(f"Sender not tied to an account: {unknown}")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}" if whole else "-"


if __name__ == "__main__":
    main()
