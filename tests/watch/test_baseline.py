"""Counts held against their own history."""

import math
from datetime import datetime, timedelta

import numpy as np
import pytest

from headwater.diagnosis.watch.baseline import (
    a_week,
    expect,
    judge,
    level,
    negative_binomial_tail,
)
from headwater.diagnosis.watch.onset import shared_onset

BEGIN = datetime(2026, 1, 5)
DAY = timedelta(days=1)


def history(counts: list[int]) -> list[tuple[datetime, int]]:
    return [(BEGIN + n * DAY, count) for n, count in enumerate(counts)]


@pytest.mark.parametrize(("count", "mean"), [(1, 0.2), (5, 2.0), (12, 6.0), (3, 9.0)])
def test_without_dispersion_the_tail_is_poissons(count: int, mean: float) -> None:
    below = sum(math.exp(-mean) * mean**n / math.factorial(n) for n in range(count))
    assert negative_binomial_tail(count, mean, 1.0) == pytest.approx(1 - below, rel=1e-9)


@pytest.mark.parametrize(("count", "mean", "ratio"), [(10, 5.0, 2.0), (30, 10.0, 4.0)])
def test_the_tail_is_that_of_drawn_counts(count: int, mean: float, ratio: float) -> None:
    rng = np.random.default_rng(5)
    drawn = rng.poisson(rng.gamma(mean / (ratio - 1), ratio - 1, 400_000))
    share = float((drawn >= count).mean())
    assert negative_binomial_tail(count, mean, ratio) == pytest.approx(share, rel=0.05)


def test_far_below_a_large_mean_the_tail_is_one() -> None:
    assert negative_binomial_tail(5, 5_000.0, 1.0) == 1.0


def test_a_short_history_says_nothing() -> None:
    assert judge(history([3] * 13), BEGIN + 13 * DAY, 500, at=0.001) is None
    assert judge(history([3] * 14), BEGIN + 14 * DAY, 500, at=0.001) is not None


def test_a_rise_is_seen_and_an_ordinary_day_is_not() -> None:
    past = history([9, 11, 10, 12, 8, 10, 9] * 5)
    at = level(1.0, 115)
    ordinary = judge(past, BEGIN + 35 * DAY, 13, at=at)
    rise = judge(past, BEGIN + 35 * DAY, 40, at=at)
    assert ordinary and not ordinary.rise
    assert rise and rise.rise and rise.expected == pytest.approx(9.3, abs=0.2)
    assert 13 < rise.threshold <= 40


def test_a_history_that_varies_more_asks_for_more() -> None:
    at = level(1.0, 115)
    calm = judge(history([10] * 35), BEGIN + 35 * DAY, 1, at=at)
    wild = judge(history([2, 25, 3, 18, 4, 15, 3, 20, 2, 8] * 4)[:35], BEGIN + 35 * DAY, 1, at=at)
    assert calm and wild and wild.threshold > 1.3 * calm.threshold


def test_the_week_is_expected() -> None:
    past = history([40, 40, 40, 40, 40, 4, 4] * 6)
    monday, saturday = expect(past, BEGIN + 42 * DAY), expect(past, BEGIN + 47 * DAY)
    assert monday and saturday
    assert monday.mean > 2.5 * saturday.mean


def test_a_few_accounts_are_no_problem_however_rare() -> None:
    past = history([0] * 50)
    four = judge(past, BEGIN + 50 * DAY, 4, at=0.01)
    five = judge(past, BEGIN + 50 * DAY, 5, at=0.01)
    assert four and five
    assert (four.rise, five.rise) == (False, True)


def test_the_stated_rate_is_shared_by_all_tests() -> None:
    at = level(1.0, 115)
    assert at * 2 * 30 * 115 == pytest.approx(1.0)
    assert a_week(at) * 115 * 30 / 7 == pytest.approx(1.0)


def test_quiet_histories_keep_the_stated_rate() -> None:
    """Ten false alarms were stated for this stretch of days; twice as many would be a lie."""
    rng, at, alarms = np.random.default_rng(11), level(10.0, 40), 0
    for _ in range(40):
        mean = float(rng.uniform(0.5, 30))
        counts = rng.poisson(rng.gamma(mean, 1.0, 72)).tolist()
        past = history(counts)
        for n in range(42, 72):
            verdict = judge(past[:n], past[n][0], counts[n], at=at)
            alarms += bool(verdict and verdict.rise)
    assert alarms <= 10


def test_one_onset_of_many_accounts_is_seen() -> None:
    at = BEGIN + timedelta(hours=9)
    together = [at + timedelta(minutes=3 * n) for n in range(20)]
    spread = [BEGIN + timedelta(hours=n) for n in range(24)]
    onset = shared_onset([*together, *spread[:6]], start=BEGIN, end=BEGIN + DAY)
    assert onset and onset.at <= at and onset.accounts >= 20
    assert shared_onset(spread, start=BEGIN, end=BEGIN + DAY) is None
    assert shared_onset(together[:4], start=BEGIN, end=BEGIN + DAY) is None
