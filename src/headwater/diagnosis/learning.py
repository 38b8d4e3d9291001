"""Weights from cases whose cause is known: a conditional logit, pulled towards what was there.

Pure, and small enough for the standard library. docs/algorithms/ranking.md says what is fitted.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from headwater.diagnosis.ranking import EVERY, Weights, softmax

# A sign that is rarer, nearer or stronger never speaks against a cause; these never speak for one.
NEGATIVE = frozenset({"named_other"})
# Where things start from; either sign may be right.
CONSTANT = frozenset({"none", "silent", "unchecked"})
MIN_CASES = 40
_FOLDS = 5
_STEPS = 250
# Learned weights replace the old ones when they are better by more than two standard errors.
_SURE = 2.0

Option = Mapping[str, float]
_Point = tuple[tuple[int, float], ...]
_PLACE = {name: place for place, name in enumerate(EVERY)}


@dataclass(frozen=True, slots=True)
class Choice:
    """One closed case: the features of every option, and the places of the true ones.

    The last option is *no cause*; where none is named true, it is.
    """

    options: tuple[Option, ...]
    true: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    points: tuple[_Point, ...]
    true: frozenset[int]


@dataclass(frozen=True, slots=True)
class Quality:
    """How weights did on cases that they were not fitted to.

    `loss` is the mean of -ln(probability of what was true); `first` the share of cases whose most
    probable option was true; `gap` the expected calibration error of that option in ten bins.
    """

    loss: float
    first: float
    gap: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the cases teach. `better`: safe to use; `why` says on what ground, in one sentence."""

    weights: Weights
    cases: int
    before: Quality
    after: Quality
    better: bool
    why: str


def learn(cases: Sequence[Choice], current: Weights, *, pull: float = 8.0) -> Lesson:
    """Fits to `cases` and judges by cross-validation whether that beats `current`.

    `pull` is how many cases the old weights count for. Fewer than MIN_CASES teach nothing.
    """
    if len(cases) < MIN_CASES:
        found = quality(cases, current)
        why = f"{len(cases)} closed cases with a known cause; at least {MIN_CASES} are needed."
        return Lesson(current, len(cases), found, found, better=False, why=why)
    gains: list[float] = []
    held: list[tuple[Choice, Weights]] = []
    for fold in range(_FOLDS):
        rest = [case for n, case in enumerate(cases) if n % _FOLDS != fold]
        fitted = fit(rest, current, pull=pull)
        for case in cases[fold::_FOLDS]:
            held.append((case, fitted))
            gains.append(_loss(case, current) - _loss(case, fitted))
    before, after = quality(cases, current), _quality(held)
    mean = sum(gains) / len(gains)
    error = math.sqrt(sum((gain - mean) ** 2 for gain in gains) / (len(gains) - 1) / len(gains))
    better = mean > _SURE * error and after.first >= before.first
    why = (
        f"On held-out cases the loss changes by {-mean:+.4f} (standard error {error:.4f}) and the "
        f"share of right first places from {before.first:.1%} to {after.first:.1%}."
    )
    fitted = replace(fit(cases, current, pull=pull), version=current.version + 1)
    return Lesson(fitted, len(cases), before, after, better=better, why=why)


def fit(cases: Sequence[Choice], start: Weights, *, pull: float, steps: int = _STEPS) -> Weights:
    """The weights of the highest likelihood, `pull` holding them near `start`."""
    made = [_case(case) for case in cases]
    prior = [start.points[name] for name in EVERY]
    found = list(prior)
    for step in range(steps):
        slope = _gradient(found, made)
        rate = 2.0 / (max(len(made), 1) * (1 + step / 150))
        for n, (value, old) in enumerate(zip(found, prior, strict=True)):
            found[n] = _signed(EVERY[n], value + rate * (slope[n] - pull * (value - old)))
    return replace(start, points=dict(zip(EVERY, found, strict=True)))


def _case(case: Choice) -> _Case:
    return _Case(
        tuple(
            tuple(
                (_PLACE[name], value) for name, value in option.items() if value and name in _PLACE
            )
            for option in case.options
        ),
        frozenset(case.true or (len(case.options) - 1,)),
    )


def _signed(name: str, value: float) -> float:
    if name in CONSTANT:
        return value
    return min(value, 0.0) if name in NEGATIVE else max(value, 0.0)


def _gradient(weights: Sequence[float], cases: Sequence[_Case]) -> list[float]:
    """Of the log-likelihood; several true causes share the credit as the model shares it."""
    total = [0.0] * len(weights)
    for case in cases:
        shares = _shares(weights, case)
        whole = sum(shares[place] for place in case.true)
        for place, (share, point) in enumerate(zip(shares, case.points, strict=True)):
            gap = (share / whole if place in case.true else 0.0) - share
            for n, value in point:
                total[n] += gap * value
    return total


def _shares(weights: Sequence[float], case: _Case) -> list[float]:
    """The probability of every option."""
    return softmax([sum(weights[n] * value for n, value in point) for point in case.points])


def _vector(weights: Weights) -> list[float]:
    return [weights.points[name] for name in EVERY]


def _loss(case: Choice, weights: Weights) -> float:
    made = _case(case)
    shares = _shares(_vector(weights), made)
    return -math.log(max(sum(shares[place] for place in made.true), 1e-12))


def quality(cases: Sequence[Choice], weights: Weights) -> Quality:
    """How `weights` do on `cases`."""
    return _quality([(case, weights) for case in cases])


def _quality(judged: Sequence[tuple[Choice, Weights]]) -> Quality:
    if not judged:
        return Quality(0.0, 0.0, 0.0)
    bins: Mapping[int, list[tuple[float, bool]]] = {n: [] for n in range(10)}
    for case, weights in judged:
        made = _case(case)
        shares = _shares(_vector(weights), made)
        best = max(range(len(shares)), key=shares.__getitem__)
        bins[min(9, int(shares[best] * 10))].append((shares[best], best in made.true))
    gap = sum(abs(sum(s for s, _ in own) - sum(h for _, h in own)) for own in bins.values())
    count = len(judged)
    return Quality(
        loss=sum(_loss(case, weights) for case, weights in judged) / count,
        first=sum(hit for own in bins.values() for _, hit in own) / count,
        gap=gap / count,
    )
