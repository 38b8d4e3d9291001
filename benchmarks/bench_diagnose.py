"""Accuracy, calibration and time of diagnosis on worlds that no tuning used, beside baselines.

Prints what it measures, also where it is poor. The default world's seed is used for nothing else.
"""

import argparse
import math
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import looked
import worlds
from looked import Looked, covers
from rich.console import Console
from rich.table import Table

from headwater.diagnosis.engine import SUGGESTED
from headwater.diagnosis.ranking import Weights, load_weights, softmax

BENCH_SEED = 90_011
NONE = "(no cause)"
# The evidence-only baseline keeps what the data says and drops all that reads the mail's words.
READS_MAIL = frozenset(
    {
        "text",
        "named",
        "named_account",
        "named_other",
        "facts",
        "silent_text",
        "unchecked_text",
        "ordinary",
        "calm",
    }
)
UNMATCHED = "its playbook is silent"


@dataclass(frozen=True)
class Outcome:
    """One case under one method: the playbooks named, best first, and the best's probability."""

    case: Looked
    ranked: tuple[str, ...]
    probability: float
    right: Callable[[str], bool]

    @property
    def mode(self) -> str:
        """The planted mode, or NONE."""
        return self.case.modes[0] if self.case.modes else NONE

    def within(self, places: int) -> bool:
        """Whether a right cause stands in the first `places`."""
        return any(self.right(name) for name in self.ranked[:places])

    @property
    def reciprocal(self) -> float:
        """One over the place of the first right cause."""
        return next((1 / n for n, name in enumerate(self.ranked, 1) if self.right(name)), 0.0)


def main() -> None:
    """Builds the world where needed, diagnoses every case, prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--world", type=Path, help="reuse or build the world here")
    parser.add_argument("--accounts", type=int, default=2_500)
    parser.add_argument("--days", type=int, default=45)
    parser.add_argument("--cases-per-cause", type=int, default=50)
    parser.add_argument("--seed", type=int, default=BENCH_SEED)
    parser.add_argument("--limit", type=int, help="only this many cases, evenly taken")
    parser.add_argument("--save", type=Path, help="keep what was read of each case here")
    parser.add_argument("--saved", type=Path, help="count what --save kept, read nothing")
    args = parser.parse_args()
    console = Console(width=150)
    with tempfile.TemporaryDirectory() as scratch:
        if args.saved:
            cases = looked.read(args.saved)
        else:
            folder = worlds.build(
                args.world or Path(scratch) / "world",
                accounts=args.accounts,
                days=args.days,
                seed=args.seed,
                cases_per_cause=args.cases_per_cause,
            )
            cases = looked.look(folder, args.limit, console)
        if args.save:
            looked.save(args.save, cases)
        report(console, cases)


def report(console: Console, cases: Sequence[Looked]) -> None:
    """Every table."""
    weights = load_weights()
    wordless = {n: 0.0 if n in READS_MAIL else p for n, p in weights.points.items()}
    # Drops all that reads the mail, and with it the causes that only its words point to.
    blind = [replace(each, options=_matched_only(each)) for each in cases]
    methods = {
        "both": [by_both(each, weights) for each in cases],
        "text only": [_by_text(each) for each in cases],
        "evidence only": [by_both(each, replace(weights, points=wordless)) for each in blind],
    }
    _accuracy(console, methods)
    _no_cause(console, methods)
    _confusion(console, methods["both"])
    _calibration(console, methods["both"])
    _objects(console, methods["both"])
    ordered = sorted(each.seconds for each in cases)
    console.print(
        f"Time per case: median {statistics.median(ordered) * 1e3:.0f} ms, "
        f"p95 {ordered[int(0.95 * (len(ordered) - 1))] * 1e3:.0f} ms, "
        f"largest {ordered[-1] * 1e3:.0f} ms"
    )


def _matched_only(case: Looked) -> dict[str, Mapping[str, float]]:
    return {name: case.options[name] for name in ("", *case.matched)}


def by_both(case: Looked, weights: Weights) -> Outcome:
    """As the engine concludes: features times weights, *no cause* among the options.

    A sender who is tied to no account gets no causes.
    """
    names = [*case.causes, ""]
    scores = [
        sum(weights.points[name] * value for name, value in case.options[each].items())
        for each in names
    ]
    *shares, none = softmax(scores)
    order = sorted(zip(shares, names, strict=False), key=lambda each: (-each[0], each[1]))
    listed = [
        (share, name)
        for share, name in order
        if case.known and none < weights.empty_at and share >= weights.drop_below
    ]
    words = [name for _, name in listed if name not in case.matched][SUGGESTED:]
    listed = [(share, name) for share, name in listed if name not in words]
    ranked = tuple(name for _, name in listed)
    return Outcome(case, ranked, listed[0][0] if listed else 0.0, case.right)


def _by_text(case: Looked) -> Outcome:
    """The playbooks by their words alone; which of its modes a playbook tells of, it cannot know,
    so any playbook that covers a right mode counts as right."""
    order = sorted(case.text, key=lambda name: (-case.text[name], name))
    total = sum(math.exp(score) for score in case.text.values()) or 1.0
    best = math.exp(max(case.text.values(), default=0.0)) / total

    def right(name: str) -> bool:
        return not covers()[name].isdisjoint(case.modes)

    return Outcome(case, tuple(order), best, right)


def _accuracy(console: Console, methods: dict[str, list[Outcome]]) -> None:
    table = Table(title="Accuracy by planted mode: top-1 / top-3 %, mean reciprocal rank")
    for name in ("mode", "cases", *methods):
        table.add_column(name, justify="left" if name == "mode" else "right")
    for mode in sorted({each.mode for each in methods["both"]} - {NONE}):
        table.add_row(*_accuracy_row(mode, methods, {mode}))
    table.add_section()
    modes = {each.mode for each in methods["both"]} - {NONE}
    table.add_row(*_accuracy_row("all modes", methods, modes))
    console.print(table)


def _accuracy_row(label: str, methods: dict[str, list[Outcome]], modes: set[str]) -> list[str]:
    cells = [label]
    for outcomes in methods.values():
        own = [each for each in outcomes if each.mode in modes]
        if len(cells) == 1:
            cells.append(str(len(own)))
        first, third = (sum(each.within(places) for each in own) for places in (1, 3))
        mean = sum(each.reciprocal for each in own) / max(len(own), 1)
        cells.append(f"{percent(first, len(own))} / {percent(third, len(own))}  {mean:.2f}")
    return cells


def _no_cause(console: Console, methods: dict[str, list[Outcome]]) -> None:
    table = Table(title="No cause: nothing listed")
    for name in ("method", "said", "true", "precision %", "recall %"):
        table.add_column(name, justify="left" if name == "method" else "right")
    for name, outcomes in methods.items():
        said = [each for each in outcomes if not each.ranked]
        true = [each for each in outcomes if each.mode == NONE]
        hits = sum(each.mode == NONE for each in said)
        figures = (len(said), len(true), percent(hits, len(said)), percent(hits, len(true)))
        table.add_row(name, *map(str, figures))
    console.print(table)


def _confusion(console: Console, outcomes: Sequence[Outcome]) -> None:
    """The pairs that are taken for one another, most often first."""
    pairs: Counter[tuple[str, str, str]] = Counter()
    for each in outcomes:
        silent = bool(each.case.modes) and not any(map(each.case.right, each.case.matched))
        if not each.within(1) and (each.case.modes or each.ranked):
            named = each.ranked[0] if each.ranked else NONE
            pairs[each.mode, named, UNMATCHED if silent else ""] += 1
    table = Table("planted", "named first", "cases", "", title="Taken for something else")
    for (mode, named, why), count in pairs.most_common(40):
        table.add_row(mode, named, str(count), why)
    console.print(table)
    unmatched = sum(n for (_, _, why), n in pairs.items() if why)
    unknown = sum(not each.case.known for each in outcomes)
    console.print(
        f"Of {sum(bool(each.case.modes) for each in outcomes)} planted causes {unmatched} were "
        f"matched by no playbook; {unknown} senders were tied to no account"
    )


def _calibration(console: Console, outcomes: Sequence[Outcome]) -> None:
    table = Table(title="Reliability of the first cause's probability")
    for name in ("stated", "cases", "mean stated %", "true %"):
        table.add_column(name, justify="right")
    table.add_column("true (bar) beside stated (|)")
    named = [each for each in outcomes if each.ranked]
    bins: dict[int, list[Outcome]] = defaultdict(list)
    for each in named:
        bins[min(9, int(each.probability * 10))].append(each)
    gap = 0.0
    for low, own in sorted(bins.items()):
        stated = sum(each.probability for each in own) / len(own)
        true = sum(each.within(1) for each in own) / len(own)
        gap += abs(stated - true) * len(own)
        table.add_row(
            f"{low * 10}-{low * 10 + 10}", str(len(own)), f"{stated * 100:.0f}",
            f"{true * 100:.0f}", _bar(true, stated),
        )  # fmt: skip
    console.print(table)
    if named:
        brier = sum((each.probability - each.within(1)) ** 2 for each in named) / len(named)
        console.print(f"Expected calibration error {gap / len(named):.3f}, Brier {brier:.3f}")


def _bar(true: float, stated: float, width: int = 40) -> str:
    cells = ["█" if n < round(true * width) else " " for n in range(width + 1)]
    cells[round(stated * width)] = "|"
    return "".join(cells)


def _objects(console: Console, outcomes: Sequence[Outcome]) -> None:
    planted = [each for each in outcomes if each.mode != NONE]
    shown = sum(
        any(n in each.case.matched and each.case.matched[n].guilty for n in each.ranked[:3])
        for each in planted
    )
    console.print(
        f"An object at fault is in the evidence of the first three causes: "
        f"{percent(shown, len(planted))} % of {len(planted)} planted causes"
    )


def percent(part: int, whole: int) -> str:
    """Of a hundred, rounded; - of nothing."""
    return f"{100 * part / whole:.0f}" if whole else "-"


if __name__ == "__main__":
    main()
