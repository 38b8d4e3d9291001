"""Learning from closed cases: what is taught is learned, noise changes nothing, signs hold."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwater.diagnosis.learned import current_weights, forget_weights, keep_weights, stamp
from headwater.diagnosis.learning import CONSTANT, MIN_CASES, NEGATIVE, Choice, fit, learn, quality
from headwater.diagnosis.ranking import EVERY, Weights, as_toml, load_weights
from headwater.diagnosis.signals import FEATURES

pytestmark = pytest.mark.slow

CURRENT = load_weights()


def drawn(count: int, weights: Weights, seed: int = 1) -> list[Choice]:
    """Cases whose truth is drawn from the model itself with these weights."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        matched = [
            {name: draw.uniform(-1, 1) if name in NEGATIVE else draw.random() for name in FEATURES}
            for _ in range(draw.randint(1, 6))
        ]
        words = [{"silent": 1.0, "silent_text": draw.random()} for _ in range(draw.randint(0, 3))]
        none = {"none": 1.0, "ordinary": draw.uniform(-1, 1), "calm": float(draw.random() < 0.2)}
        options = (*matched, *words, none)
        scores = [sum(weights.points[n] * v for n, v in each.items()) for each in options]
        best = max(range(len(scores)), key=scores.__getitem__)
        found.append(Choice(options, (best,)))
    return found


def other(**points: float) -> Weights:
    return replace(CURRENT, points={**CURRENT.points, **points})


def test_what_a_team_sees_again_and_again_is_learned() -> None:
    lesson = learn(drawn(150, other(text=6.0, surprise=0.2)), CURRENT)
    assert lesson.better, lesson.why
    assert lesson.after.loss < lesson.before.loss
    assert lesson.weights.points["text"] > CURRENT.points["text"]
    assert lesson.weights.points["surprise"] < CURRENT.points["surprise"]
    assert lesson.weights.version == CURRENT.version + 1


def test_labels_that_mean_nothing_do_not_replace_good_weights() -> None:
    draw = random.Random(7)
    good = drawn(150, CURRENT)
    fitted = fit(good, CURRENT, pull=4.0)
    # A few closed with whatever stood first in the list.
    spoilt = [replace(case, true=(0,)) if draw.random() < 0.03 else case for case in good]
    assert not learn(spoilt, fitted).better


def test_a_few_cases_teach_nothing() -> None:
    lesson = learn(drawn(MIN_CASES - 1, other(text=9.0)), CURRENT)
    assert not lesson.better and lesson.weights == CURRENT
    assert str(MIN_CASES) in lesson.why
    assert not learn([], CURRENT).better


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1_000))
def test_no_sign_ever_turns_round(seed: int) -> None:
    draw = random.Random(seed)
    cases = [
        Choice(case.options, (draw.randrange(len(case.options)),))
        for case in drawn(30, CURRENT, seed)
    ]
    found = fit(cases, CURRENT, pull=0.1, steps=60)
    for name in set(EVERY) - CONSTANT:
        assert found.points[name] <= 0 if name in NEGATIVE else found.points[name] >= 0


def test_the_quality_of_certain_and_right_answers_is_perfect() -> None:
    sharp = other(named=60.0)
    options = ({"named": 1.0}, {"none": 1.0})
    found = quality([Choice(options, (0,))] * 5, sharp)
    assert found.first == 1.0 and found.loss < 1e-6 and found.gap < 1e-6


def test_learned_weights_are_kept_used_and_forgotten(tmp_path: Path) -> None:
    place = tmp_path / "ranking"
    assert stamp(place) == 0 and current_weights(place) == CURRENT
    new = replace(other(text=2.5), version=CURRENT.version + 1)
    kept = keep_weights(new, cases=50, place=place)
    assert current_weights(place) == new and kept.read_text("utf-8").count("closed_cases = 50")
    assert stamp(place) != 0
    assert forget_weights(place) and not forget_weights(place)
    assert current_weights(place) == CURRENT and kept.exists()


def test_weights_written_are_weights_read() -> None:
    assert load_weights(as_toml(CURRENT, {"worlds": ['a "b"'], "cases": 3})) == CURRENT
