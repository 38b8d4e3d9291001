"""Fits the ranking's weights to what bench_diagnose.py --save kept of several worlds.

    python benchmarks/bench_diagnose.py --world A --save a.jsonl        (for each world)
    python benchmarks/fit_weights.py a.jsonl b.jsonl --out src/headwater/diagnosis/weights.toml

Conditional logit (every matched playbook, and no cause) with an L2 pull towards the prior below
and the signs of the algorithm page. Half of the cases are used twice, the second time without
their words, so that the weights do not lean on how one simulator phrases mails. Each world is
also held out in turn: the figures printed are of worlds that the weights did not see.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from bench_diagnose import READS_MAIL, by_both
from looked import Looked, read

from headwater.diagnosis.ranking import Weights, load_weights
from headwater.diagnosis.signals import FEATURES

PRIOR = {
    "text": 1.5,
    "surprise": 1.5,
    "magnitude": 0.8,
    "strength": 1.0,
    "named": 2.0,
    "named_other": -1.0,
    "facts": 1.0,
    "recent": 1.0,
    "onset": 0.8,
}
PRIOR_NONE = 3.5
_NEGATIVE = ("named_other",)
# No cause is named where naming one would more often be wrong than right.
_EMPTY_AT = 0.5
_DROP_BELOW = 0.02
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """One case: a row of features per matched playbook, and the places of the true ones."""

    features: Matrix
    true: tuple[int, ...]


def main() -> None:
    """Fits, prints each world held out, writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("saved", type=Path, nargs="+", help="files of bench_diagnose.py --save")
    parser.add_argument("--pull", type=float, default=4.0, help="strength of the prior, in cases")
    parser.add_argument("--out", type=Path, help="where to write weights.toml")
    args = parser.parse_args()
    worlds = [read(path) for path in args.saved]
    if len(worlds) > 1:
        for held_out, cases in enumerate(worlds):
            others = [each for n, own in enumerate(worlds) if n != held_out for each in own]
            print(f"held out {args.saved[held_out].stem}: {score(others, cases, args.pull)}")
    everything = [each for own in worlds for each in own]
    found = fit(choices(everything), args.pull)
    text = as_toml(found, len(everything), args)
    print(text)
    if args.out:
        args.out.write_text(text, "utf-8")


def choices(cases: Sequence[Looked]) -> list[Choice]:
    """The cases where something matched: without that there is nothing to choose from."""
    found = []
    for each in cases:
        names = list(each.matched)
        if names:
            rows = np.array([each.matched[name].features for name in names])
            right = tuple(n for n, name in enumerate(names) if each.right(name))
            found.append(Choice(rows, right))
    return found


def fit(cases: Sequence[Choice], pull: float, *, steps: int = 500) -> Matrix:
    """Weights per feature, then the score of no cause, by projected gradient ascent."""
    prior = np.array([*PRIOR.values(), PRIOR_NONE])
    assert tuple(PRIOR) == FEATURES
    wordless = np.array([0.0 if name in READS_MAIL else 1.0 for name in FEATURES])
    both = [*cases, *(Choice(each.features * wordless, each.true) for each in cases[::2])]
    low = np.array([-np.inf if name in _NEGATIVE else 0.0 for name in FEATURES] + [-np.inf])
    high = np.array([0.0 if name in _NEGATIVE else np.inf for name in FEATURES] + [np.inf])
    weights = prior.copy()
    for step in range(steps):
        slope = gradient(weights, both) - pull * (weights - prior)
        weights = np.clip(weights + 2.0 / (len(both) * (1 + step / 300)) * slope, low, high)
    return weights


def gradient(weights: Matrix, cases: Sequence[Choice]) -> Matrix:
    """Of the log-likelihood; several true causes share the credit as the model shares it."""
    total = np.zeros_like(weights)
    for case in cases:
        share = shares(weights, case)
        chosen = np.zeros(len(share))
        places = list(case.true) or [-1]  # the last place: no cause
        chosen[places] = share[places] / share[places].sum()
        gap = chosen - share
        total[:-1] += gap[:-1] @ case.features
        total[-1] += gap[-1]
    return total


def shares(weights: Matrix, case: Choice) -> Matrix:
    """Probabilities of the matched playbooks, then of no cause."""
    scores = np.append(case.features @ weights[:-1], weights[-1])
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def score(train: Sequence[Looked], test: Sequence[Looked], pull: float) -> str:
    """How weights from `train` do on `test`."""
    found = fit(choices(train), pull)
    points = dict(zip(FEATURES, map(float, found[:-1]), strict=True))
    weights = Weights(load_weights().version, float(found[-1]), _EMPTY_AT, _DROP_BELOW, points)
    outcomes = [by_both(each, weights) for each in test]
    planted = [each for each in outcomes if each.case.modes]
    without = [each for each in outcomes if not each.case.modes]
    silent = [each for each in outcomes if not each.ranked]
    return (
        f"top-1 {sum(each.within(1) for each in planted) / len(planted):.3f}, "
        f"top-3 {sum(each.within(3) for each in planted) / len(planted):.3f}, no cause: recall "
        f"{sum(not each.ranked for each in without) / max(len(without), 1):.2f}, precision "
        f"{sum(not each.case.modes for each in silent) / max(len(silent), 1):.2f}"
    )


def as_toml(weights: Matrix, cases: int, args: argparse.Namespace) -> str:
    """The text of weights.toml."""
    points = "\n".join(
        f"{name} = {value:.3f}" for name, value in zip(FEATURES, weights[:-1], strict=True)
    )
    return f"""\
# Points per feature of docs/algorithms/ranking.md. Written by benchmarks/fit_weights.py.
version = {load_weights().version + 1}
none = {weights[-1]:.3f}
# From this probability of "no cause" on, no cause is named.
empty_at = {_EMPTY_AT}
# A finding less probable than this is not listed as a cause.
drop_below = {_DROP_BELOW}

[provenance]
fitted = {datetime.now(UTC).date().isoformat()}
cases = {cases}
worlds = {[path.stem for path in args.saved]}
pull = {args.pull}

[points]
{points}
"""


if __name__ == "__main__":
    main()
