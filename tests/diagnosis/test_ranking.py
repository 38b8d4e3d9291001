"""From features to probabilities."""

import pytest

from headwater.diagnosis.errors import WeightsInvalid
from headwater.diagnosis.learning import CONSTANT, NEGATIVE
from headwater.diagnosis.ranking import EVERY, Weights, load_weights, rank
from headwater.diagnosis.signals import FEATURES, Signal

WEIGHTS = Weights(1, empty_at=0.8, drop_below=0.02,
                  points={**dict.fromkeys(EVERY, 0.0), "text": 1.5, "surprise": 1.2,
                          "recent": 1.0, "onset": 0.5, "silent": -1.0, "silent_text": 1.5,
                          "none": 2.5, "calm": 1.0})  # fmt: skip
NONE = {"none": Signal(1.0, "none"), "calm": Signal(0.0, "calm")}


def features(**values: float) -> dict[str, Signal]:
    return {name: Signal(values.get(name, 0.0), name) for name in FEATURES}


def test_worked_example_of_the_algorithm_page() -> None:
    ranking = rank(
        {
            "issuer-declines": features(text=-0.4, surprise=0.305, recent=0.90, onset=0.016),
            "webhook-endpoint-failing": features(text=0.9, surprise=1.703, recent=0.96, onset=0.75),
        },
        {},
        NONE,
        WEIGHTS,
    )
    first, second = ranking.findings
    assert first.playbook == "webhook-endpoint-failing"
    assert first.score == pytest.approx(4.73, abs=0.01)
    assert second.score == pytest.approx(0.68, abs=0.02)
    assert first.probability == pytest.approx(0.89, abs=0.01)
    assert second.probability == pytest.approx(0.02, abs=0.01)
    assert ranking.none == pytest.approx(0.10, abs=0.01)


def test_probabilities_and_no_cause_add_up_to_one() -> None:
    words = {"c": {"silent": Signal(1.0, ""), "silent_text": Signal(2.0, "")}}
    ranking = rank({"a": features(text=2.0), "b": features(surprise=3.0)}, words, NONE, WEIGHTS)
    every = (*ranking.findings, *ranking.unproven)
    assert {each.playbook for each in every} == {"a", "b", "c"}
    assert sum(each.probability for each in every) + ranking.none == pytest.approx(1.0)


def test_words_alone_weigh_less_than_the_same_words_with_rows() -> None:
    words = {"w": {"silent": Signal(1.0, ""), "silent_text": Signal(2.0, "")}}
    ranking = rank({"a": features(text=2.0, surprise=1.0)}, words, NONE, WEIGHTS)
    assert ranking.unproven[0].probability < ranking.findings[0].probability


def test_a_calm_mail_is_more_likely_to_have_no_cause() -> None:
    calm = {**NONE, "calm": Signal(1.0, "calm")}
    found = {"a": features(text=1.0, surprise=1.0)}
    assert rank(found, {}, calm, WEIGHTS).none > rank(found, {}, NONE, WEIGHTS).none


def test_without_findings_no_cause_is_certain() -> None:
    assert rank({}, {}, NONE, WEIGHTS).none == 1.0


def test_reasons_add_up_to_the_score_heaviest_first() -> None:
    found = rank({"a": features(text=1.0, surprise=2.0, onset=0.5)}, {}, NONE, WEIGHTS).findings[0]
    assert sum(reason.points for reason in found.reasons) == pytest.approx(found.score)
    assert [reason.feature for reason in found.reasons][:3] == ["surprise", "text", "onset"]
    assert found.reasons[0].text == "+2.4 because surprise"


def test_equal_scores_are_ordered_by_name() -> None:
    ranking = rank({"b": features(text=1.0), "a": features(text=1.0)}, {}, NONE, WEIGHTS)
    assert [each.playbook for each in ranking.findings] == ["a", "b"]


def test_shipped_weights_fit_the_features_and_keep_their_signs() -> None:
    weights = load_weights()
    for name, value in weights.points.items():
        if name not in CONSTANT:
            assert value <= 0 if name in NEGATIVE else value >= 0


def test_weights_that_lack_a_feature_are_refused_by_name() -> None:
    with pytest.raises(WeightsInvalid, match="onset"):
        load_weights(
            "version = 1\nempty_at = 1\ndrop_below = 0\n[points]\n"
            + "".join(f"{name} = 1\n" for name in EVERY if name != "onset")
        )
