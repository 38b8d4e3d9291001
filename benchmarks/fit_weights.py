"""Fits the ranking's weights to what bench_diagnose.py --save kept of several worlds.

    python benchmarks/bench_diagnose.py --world A --save a.jsonl        (for each world)
    python benchmarks/fit_weights.py a.jsonl b.jsonl --out src/headwater/diagnosis/weights.toml

The fit is the one that a team's own closed cases get (headwater.diagnosis.learning), pulled
towards the prior below. Each world is also held out in turn: the figures printed are of worlds
that the weights did not see. The pull leaves the weights too small, and so every probability too
near to the middle; one factor for all of them is chosen on the held-out worlds (temperature
scaling: Guo and others, On Calibration of Modern Neural Networks, 2017). It changes no order.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench_diagnose import by_both
from looked import Looked, read

from headwater.diagnosis.learning import Choice, fit, quality
from headwater.diagnosis.ranking import Weights, as_toml, load_weights
from headwater.kit.clock import utc_now

# What to believe before any case: rarity and named objects count most, words next.
PRIOR = {
    "text": 1.5,
    "surprise": 1.5,
    "magnitude": 0.8,
    "strength": 1.0,
    "named": 2.5,
    "named_account": 1.5,
    "named_other": -1.0,
    "facts": 1.0,
    "recent": 1.0,
    "onset": 0.8,
    "silent": -1.0,
    "silent_text": 2.0,
    "unchecked": 1.0,
    "unchecked_text": 1.5,
    "none": 3.5,
    "ordinary": 1.0,
    "calm": 1.0,
}
# No cause is named where naming one would more often be wrong than right.
_EMPTY_AT = 0.5
_DROP_BELOW = 0.02


def main() -> None:
    """Fits, prints each world held out, writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("saved", type=Path, nargs="+", help="files of bench_diagnose.py --save")
    parser.add_argument("--pull", type=float, default=4.0, help="strength of the prior, in cases")
    parser.add_argument("--out", type=Path, help="where to write weights.toml")
    args = parser.parse_args()
    worlds = [read(path) for path in args.saved]
    version = load_weights().version + 1
    prior = Weights(version, _EMPTY_AT, _DROP_BELOW, PRIOR)
    held: list[tuple[Weights, Sequence[Looked]]] = []
    for number, cases in enumerate(worlds if len(worlds) > 1 else []):
        others = [each for n, own in enumerate(worlds) if n != number for each in own]
        held.append((fit(choices(others), prior, pull=args.pull), cases))
    factor = surest(held)
    for path, (found, cases) in zip(args.saved, held, strict=False):
        print(f"held out {path.stem}: {score(cases, times(found, factor))}")
    everything = [each for own in worlds for each in own]
    found = times(fit(choices(everything), prior, pull=args.pull), factor)
    provenance = {
        "fitted": utc_now().date(),
        "cases": len(everything),
        "worlds": [path.stem for path in args.saved],
        "pull": args.pull,
        "factor": factor,
    }
    text = as_toml(replace(found, version=version), provenance)
    print(text)
    if args.out:
        args.out.write_text(text, "utf-8")


def surest(held: Sequence[tuple[Weights, Sequence[Looked]]]) -> float:
    """The factor for all weights that makes held-out cases likeliest; 1 without any."""
    judged = [(weights, choices(cases)) for weights, cases in held]

    def loss(factor: float) -> float:
        return sum(quality(own, times(found, factor)).loss * len(own) for found, own in judged)

    return min((n / 20 for n in range(14, 41)), key=loss) if judged else 1.0


def times(weights: Weights, factor: float) -> Weights:
    """All points times `factor`."""
    return replace(weights, points={name: n * factor for name, n in weights.points.items()})


def choices(cases: Sequence[Looked]) -> list[Choice]:
    """Every case as the model sees it. A cause that matched is true before one that did not."""
    return [
        Choice(
            tuple(each.options[name] for name in (*each.causes, "")),
            true_of(each, [name for name in each.causes if name in each.matched])
            or true_of(each, each.causes),
        )
        for each in cases
    ]


def true_of(case: Looked, among: Sequence[str]) -> tuple[int, ...]:
    """The places of the right causes of `among` in the case's order of options."""
    return tuple(n for n, name in enumerate(case.causes) if name in among and case.right(name))


def score(cases: Sequence[Looked], weights: Weights) -> str:
    """How `weights` do on `cases`."""
    outcomes = [by_both(each, weights) for each in cases]
    planted = [each for each in outcomes if each.case.modes]
    without = [each for each in outcomes if not each.case.modes]
    silent = [each for each in outcomes if not each.ranked]
    return (
        f"top-1 {sum(each.within(1) for each in planted) / max(len(planted), 1):.3f}, "
        f"top-3 {sum(each.within(3) for each in planted) / max(len(planted), 1):.3f}, no cause: "
        f"recall {sum(not each.ranked for each in without) / max(len(without), 1):.2f}, precision "
        f"{sum(not each.case.modes for each in silent) / max(len(silent), 1):.2f}; "
        f"calibration error {quality(choices(cases), weights).gap:.3f}"
    )


if __name__ == "__main__":
    main()
