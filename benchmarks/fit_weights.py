"""Fits the ranking's weights on sandbox worlds and writes weights.toml.

Conditional logit (every matched playbook, and no cause) with an L2 pull towards the prior below
and the signs of the algorithm page. Half of the cases are used twice, the second time without
their words, so that the weights do not lean on how one simulator phrases mails.
"""

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import worlds
from rich.progress import track

from headwater.diagnosis.base_rates import StoredBaseRates
from headwater.diagnosis.engine import Engine
from headwater.diagnosis.playbooks import load_playbooks
from headwater.diagnosis.signals import FEATURES
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store

SEEDS = (101, 202)
PRIOR = {
    "text": 1.5,
    "surprise": 1.2,
    "magnitude": 0.8,
    "strength": 0.8,
    "named": 2.0,
    "named_other": -1.0,
    "facts": 1.0,
    "recent": 1.0,
    "onset": 0.5,
}
PRIOR_NONE = 2.5
_NEGATIVE = ("named_other",)
_READS_MAIL = ("text", "named", "named_other", "facts")
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """One case: a row of features per matched playbook, and which is true (-1: none of them)."""

    features: Matrix
    truth: int


def main() -> None:
    """Builds the training worlds, fits, prints the fit on held-out cases, writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--worlds", type=Path, default=Path(tempfile.gettempdir()) / "headwater-fit"
    )
    parser.add_argument("--accounts", type=int, default=1_500)
    parser.add_argument("--days", type=int, default=45)
    parser.add_argument("--cases-per-cause", type=int, default=25)
    parser.add_argument("--pull", type=float, default=8.0, help="strength of the prior, in cases")
    parser.add_argument("--out", type=Path, help="where to write weights.toml")
    args = parser.parse_args()
    worlds_of_choices: list[list[Choice]] = []
    for seed in SEEDS:
        folder = worlds.build(
            args.worlds / f"seed-{seed}",
            accounts=args.accounts,
            days=args.days,
            seed=seed,
            cases_per_cause=args.cases_per_cause,
        )
        worlds_of_choices.append(choices(folder))
    for held_out, cases in enumerate(worlds_of_choices):
        others = [each for n, own in enumerate(worlds_of_choices) if n != held_out for each in own]
        weights = fit(others, args.pull)
        print(f"held out seed {SEEDS[held_out]}: log loss {loss(weights, cases):.3f}, "
              f"right {right(weights, cases):.1%}")  # fmt: skip
    everything = [each for own in worlds_of_choices for each in own]
    weights = fit(everything, args.pull)
    text = as_toml(weights, len(everything), args)
    print(text)
    if args.out:
        args.out.write_text(text, "utf-8")


def choices(folder: Path) -> list[Choice]:
    """The features of every case of a world."""
    playbooks = load_playbooks()
    covers = {mode: name for name, page in playbooks.items() for mode in page.covers}
    found: list[Choice] = []
    with (
        tempfile.TemporaryDirectory() as scratch,
        closing(
            open_store(folder / "evidence", recorder=FileRecorder(Path(scratch) / "runs"))
        ) as store,
    ):
        engine = Engine(store, playbooks, StoredBaseRates(store, Path(scratch) / "rates"))
        for each in track(worlds.labelled_cases(folder, covers), str(folder.name)):
            examined = engine.examine(each.case)
            names = list(examined.matched)
            if names:
                rows = [
                    [examined.matched[name].signals[feature].value for feature in FEATURES]
                    for name in names
                ]
                truth = names.index(each.playbook) if each.playbook in names else -1
                found.append(Choice(np.array(rows), truth))
    return found


def fit(cases: Sequence[Choice], pull: float, *, steps: int = 400) -> Matrix:
    """Weights per feature, then the score of no cause, by projected gradient ascent."""
    prior = np.array([*PRIOR.values(), PRIOR_NONE])
    assert tuple(PRIOR) == FEATURES
    wordless = np.array([0.0 if name in _READS_MAIL else 1.0 for name in FEATURES])
    both = [*cases, *(Choice(each.features * wordless, each.truth) for each in cases[::2])]
    low = np.array([-np.inf if name in _NEGATIVE else 0.0 for name in FEATURES] + [-np.inf])
    high = np.array([0.0 if name in _NEGATIVE else np.inf for name in FEATURES] + [np.inf])
    weights = prior.copy()
    for step in range(steps):
        slope = gradient(weights, both) - pull * (weights - prior)
        weights = np.clip(weights + 2.0 / (len(both) * (1 + step / 1_000)) * slope, low, high)
    return weights


def gradient(weights: Matrix, cases: Sequence[Choice]) -> Matrix:
    """Of the log-likelihood."""
    total = np.zeros_like(weights)
    for case in cases:
        share = shares(weights, case)
        chosen = np.zeros(len(share))
        chosen[case.truth] = 1.0  # -1 is the last place: no cause
        gap = chosen - share
        total[:-1] += gap[:-1] @ case.features
        total[-1] += gap[-1]
    return total


def shares(weights: Matrix, case: Choice) -> Matrix:
    """Probabilities of the matched playbooks, then of no cause."""
    scores = np.append(case.features @ weights[:-1], weights[-1])
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def loss(weights: Matrix, cases: Sequence[Choice]) -> float:
    """Mean negative log-likelihood."""
    return float(-np.mean([np.log(shares(weights, case)[case.truth]) for case in cases]))


def right(weights: Matrix, cases: Sequence[Choice]) -> float:
    """The share of cases whose most probable option is true."""
    return float(
        np.mean(
            [
                int(np.argmax(shares(weights, case))) == case.truth % (len(case.features) + 1)
                for case in cases
            ]
        )
    )


def as_toml(weights: Matrix, cases: int, args: argparse.Namespace) -> str:
    """The text of weights.toml."""
    points = "\n".join(
        f"{name} = {value:.3f}" for name, value in zip(FEATURES, weights[:-1], strict=True)
    )
    return f"""\
# Points per feature of docs/algorithms/ranking.md. Written by benchmarks/fit_weights.py.
version = 1
none = {weights[-1]:.3f}
# From this probability of "no cause" on, no cause is named.
empty_at = 0.7
# A finding less probable than this is not listed as a cause.
drop_below = 0.02

[provenance]
fitted = {datetime.now(UTC).date().isoformat()}
cases = {cases}
seeds = {list(SEEDS)}
accounts = {args.accounts}
days = {args.days}
pull = {args.pull}

[points]
{points}
"""


if __name__ == "__main__":
    main()
