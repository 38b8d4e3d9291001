"""Solved cases teach the ranking: from stored diagnoses to weights in use."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from pytest_django.fixtures import Settings

from headwater.cases import acts as case_acts
from headwater.cases.models import Case
from headwater.cli.main import cli
from headwater.diagnosis import models
from headwater.diagnosis.learned import current_weights
from headwater.diagnosis.learning import MIN_CASES
from headwater.diagnosis.queries import closed_choices
from headwater.diagnosis.ranking import load_weights
from headwater.diagnosis.signals import FEATURES
from headwater.kit.clock import utc_now
from tests.factories import SYSTEM, make_case

pytestmark = pytest.mark.django_db

FLAT = dict.fromkeys(FEATURES, 0.5)
# In this team's cases it is always the words that tell, whatever is rare.
WORDY = {**FLAT, "text": 1.5, "surprise": 0.2}
RARE = {**FLAT, "text": -0.5, "surprise": 1.4}


def solved(cause: str, weighed: dict[str, dict[str, float]]) -> Case:
    case = make_case()
    now = utc_now()
    for found in ({}, weighed):  # the latest look counts
        models.Diagnosis.objects.create(
            case=case, made_at=now, window_start=now, window_end=now, weighed=found
        )
        now = utc_now()
    case_acts.solve_case(case, cause=cause, actor=SYSTEM)
    return case


def test_what_a_solved_case_teaches() -> None:
    none = {"none": 1.0, "ordinary": -0.3, "calm": 0.0}
    solved("rate-limited", {"": none, "issuer-declines": RARE, "rate-limited": WORDY})
    solved("unknown", {"issuer-declines": {"text": 1.0, "of-another-version": 3.0}})
    solved("", {"issuer-declines": RARE})  # nobody named its cause
    solved("rate-limited", {})  # nothing had matched
    make_case()  # not solved
    unknown, known = closed_choices()
    assert known.true == (1,) and unknown.true == ()
    assert known.options == (RARE, WORDY, none)
    # An older version kept nothing of no cause.
    assert unknown.options == ({"text": 1.0, "of-another-version": 3.0}, {"none": 1.0})
    assert closed_choices(limit=1) == [unknown]


def test_the_command_reports_and_puts_better_weights_in_use(
    tmp_path: Path, settings: Settings
) -> None:
    settings.HEADWATER_HOME = tmp_path
    few = CliRunner().invoke(cli, ["diagnose", "learn"])
    assert few.exit_code == 0, few.output
    assert f"at least {MIN_CASES}" in few.output and "Nothing was changed" in few.output
    for n in range(MIN_CASES + 10):
        solved("rate-limited", {f"other-{n % 3}": RARE, "rate-limited": WORDY})
    dry = CliRunner().invoke(cli, ["diagnose", "learn", "--dry-run"])
    assert "dry run" in dry.output and current_weights(tmp_path / "ranking") == load_weights()
    done = CliRunner().invoke(cli, ["diagnose", "learn"])
    assert done.exit_code == 0 and "In use from the next diagnosis" in done.output, done.output
    weights = current_weights(tmp_path / "ranking")
    assert weights.points["text"] > load_weights().points["text"]
    back = CliRunner().invoke(cli, ["diagnose", "learn", "--forget"])
    assert "shipped weights" in back.output
    assert current_weights(tmp_path / "ranking") == load_weights()
