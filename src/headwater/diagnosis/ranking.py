"""From features to probabilities: a conditional logit over causes and *no cause*. Pure."""

import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from headwater.diagnosis.errors import WeightsInvalid
from headwater.diagnosis.signals import FEATURES, Signal
from headwater.diagnosis.unproven import NONE, WORDS
from headwater.diagnosis.values import Reason

# Every feature of the model: those of proven causes, of unproven ones, and of *no cause*.
EVERY = (*FEATURES, *WORDS, *NONE)
Option = Mapping[str, Signal]


@dataclass(frozen=True, slots=True)
class Weights:
    """Points per feature, and when causes are held back.

    `empty_at`: from this probability of *no cause* on, no cause is named at all.
    `drop_below`: a single cause less probable than this is not listed.
    """

    version: int
    empty_at: float
    drop_below: float
    points: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A playbook's score, probability and the reasons that add up to the score."""

    playbook: str
    score: float
    probability: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """All options, most probable first; with `none` the probabilities add up to one."""

    findings: tuple[Ranked, ...]
    unproven: tuple[Ranked, ...]
    none: float


def load_weights(text: str | None = None) -> Weights:
    """The fitted weights (or those of `text`, TOML). Raises WeightsInvalid."""
    source = text if text is not None else _shipped()
    try:
        data = tomllib.loads(source)
        points = {name: float(value) for name, value in data["points"].items()}
        weights = Weights(
            version=int(data["version"]),
            empty_at=float(data["empty_at"]),
            drop_below=float(data["drop_below"]),
            points=points,
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise WeightsInvalid(f"The ranking weights cannot be read: {error}.") from error
    if set(points) != set(EVERY):
        odd = ", ".join(sorted(set(points) ^ set(EVERY)))
        raise WeightsInvalid(f"The ranking weights do not fit its features: {odd}.")
    return weights


def as_toml(weights: Weights, provenance: Mapping[str, object]) -> str:
    """The text that `load_weights` reads, with where the weights come from."""
    origin = "\n".join(f"{name} = {_toml(value)}" for name, value in provenance.items())
    points = "\n".join(f"{name} = {weights.points[name]:.3f}" for name in EVERY)
    return (
        "# Points per feature of docs/algorithms/ranking.md.\n"
        f"version = {weights.version}\n"
        '# From this probability of "no cause" on, no cause is named.\n'
        f"empty_at = {weights.empty_at}\n"
        "# A cause less probable than this is not listed as a cause.\n"
        f"drop_below = {weights.drop_below}\n\n"
        f"[provenance]\n{origin}\n\n[points]\n{points}\n"
    )


def _toml(value: object) -> str:
    return str(value) if isinstance(value, date | int | float) else json.dumps(value)


def _shipped() -> str:
    return files("headwater.diagnosis").joinpath("weights.toml").read_text("utf-8")


def rank(
    matched: Mapping[str, Option], unproven: Mapping[str, Option], none: Option, weights: Weights
) -> Ranking:
    """Ranks the causes that matched and those that only the words point to, against *no cause*."""
    options = [*matched.items(), *unproven.items()]
    scores = [points(found, weights) for _, found in options]
    shares = softmax([*scores, points(none, weights)])
    ranked = [
        Ranked(name, score, share, reasons_of(found, weights))
        for (name, found), score, share in zip(options, scores, shares, strict=False)
    ]
    proven, words = ranked[: len(matched)], ranked[len(matched) :]
    return Ranking(_ordered(proven), _ordered(words), shares[-1])


def _ordered(ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    return tuple(sorted(ranked, key=lambda each: (-each.probability, each.playbook)))


def points(found: Option, weights: Weights) -> float:
    """The score that these features add up to."""
    return sum(signal.value * weights.points[name] for name, signal in found.items())


def reasons_of(found: Option, weights: Weights) -> tuple[Reason, ...]:
    """One reason per feature, the heaviest first."""
    reasons = [
        Reason(
            feature=name,
            value=signal.value,
            weight=weights.points[name],
            points=signal.value * weights.points[name],
            text=_because(signal.value * weights.points[name], signal.text),
        )
        for name, signal in found.items()
    ]
    return tuple(sorted(reasons, key=lambda each: (-abs(each.points), each.feature)))


def _because(points: float, text: str) -> str:
    return f"{points:+.1f} because {text}"


def softmax(scores: Sequence[float]) -> list[float]:
    """Shares that add up to one."""
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    total = sum(raised)
    return [each / total for each in raised]
