"""Is today's count more than this playbook's own history explains? Pure; see docs/algorithms.

Counts of accounts by day are over-dispersed and follow the week. The expectation is a mean of
the past days times a weekday factor that is drawn towards one while there are few weeks; the
spread is a negative binomial whose dispersion is measured from the same days and raised by its
own uncertainty. Days that belonged to a problem are left out by the caller.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# Fewer days say too little about how much a count varies.
LEAST_DAYS = 14
MOST_DAYS = 56
# Of fewer accounts no problem is made, however rare they were.
LEAST_ACCOUNTS = 5
# A rise that is certain but small is no problem yet.
LEAST_FACTOR = 1.5
# Weeks of no weekday effect that the measured effect has to outweigh.
_SHRINK_WEEKS = 3.0
# By so many of its standard errors the dispersion is taken higher than measured.
_CAUTION = 2.5
# The same for the part of the error that shrinks with the accounts seen in all.
_CAUTION_RARE = 5.0
_TESTS_A_DAY = 2  # of each playbook: accounts seen, and accounts seen for the first time
_DAYS_A_MONTH = 30.0
_MOST_TERMS = 100_000


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a day's count should be: mean and variance-to-mean ratio (at least 1)."""

    mean: float
    dispersion: float

    def tail(self, count: int) -> float:
        """The probability of `count` or more when nothing is wrong."""
        return negative_binomial_tail(count, self.mean, self.dispersion)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One count held against its history; from `threshold` on a count is a rise."""

    count: int
    expected: float
    tail: float
    threshold: int
    rise: bool


def level(false_alarms_a_month: float, playbooks: int) -> float:
    """The tail probability of one test, so that all tests together keep the stated rate.

    Bonferroni over the playbooks, two tests each, and the days of a month.
    """
    return false_alarms_a_month / (_DAYS_A_MONTH * _TESTS_A_DAY * max(playbooks, 1))


def a_week(level_of_a_test: float) -> float:
    """The false-alarm rate of one playbook in one week that a level stands for."""
    return 7 * _TESTS_A_DAY * level_of_a_test


def expect(history: Sequence[tuple[datetime, int]], day: datetime) -> Expectation | None:
    """What `day` should count, from earlier days; None with too short a history."""
    recent = [(at, n) for at, n in history if day - timedelta(days=MOST_DAYS) <= at < day]
    if len(recent) < LEAST_DAYS:
        return None
    mean = (sum(n for _, n in recent) + 0.5) / len(recent)
    factors = [_weekday_factor(recent, weekday, mean) for weekday in range(7)]
    # Squared errors are held against what each day was expected to be, not against one mean.
    errors = [
        (n - mean * factors[at.weekday()]) ** 2 / (mean * factors[at.weekday()]) for at, n in recent
    ]
    freedom = max(len(recent) - 1, 1)
    measured = sum(errors) / freedom
    # Of a rare cause the days say little about how its accounts come in bursts.
    doubt = _CAUTION * math.sqrt(2 / freedom) + _CAUTION_RARE / math.sqrt(mean * freedom)
    raised = max(measured, 1.0) * (1 + doubt)
    # The mean itself is only known from so many days.
    return Expectation(mean * factors[day.weekday()], raised * (1 + 1 / len(recent)))


def judge(
    history: Sequence[tuple[datetime, int]], day: datetime, count: int, *, at: float
) -> Verdict | None:
    """Whether `count` on `day` is a rise at level `at`; None with too short a history.

    A day that is not over may be judged too: its count only grows, so that a rise during the
    day is a rise of the whole day, and looking every hour costs no further false alarms.
    """
    expected = expect(history, day)
    if expected is None:
        return None
    threshold = _threshold(expected, at)
    return Verdict(
        count=count,
        expected=expected.mean,
        tail=expected.tail(count),
        threshold=threshold,
        rise=count >= threshold,
    )


def negative_binomial_tail(count: int, mean: float, dispersion: float) -> float:
    """P(N >= count) of a count with this mean and variance-to-mean ratio; Poisson at ratio 1."""
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if dispersion <= 1.0 + 1e-9:
        step = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
        shape, factor = math.inf, mean
    else:
        shape, factor = mean / (dispersion - 1.0), 1.0 - 1.0 / dispersion
        step = math.exp(
            math.lgamma(count + shape)
            - math.lgamma(shape)
            - math.lgamma(count + 1)
            - shape * math.log(dispersion)
            + count * math.log(factor)
        )
    if step == 0.0 and count < mean:
        return 1.0  # so far below the mean that the first terms are too small to be numbers
    total, place = step, count
    while place < count + _MOST_TERMS and (place <= mean or step > total * 1e-12):
        grown = factor if math.isinf(shape) else factor * (place + shape)
        place += 1
        step *= grown / place
        total += step
    return min(total, 1.0)


def _weekday_factor(recent: Sequence[tuple[datetime, int]], weekday: int, mean: float) -> float:
    counts = [n for at, n in recent if at.weekday() == weekday]
    return (sum(counts) + _SHRINK_WEEKS * mean) / ((len(counts) + _SHRINK_WEEKS) * mean)


def _threshold(expected: Expectation, at: float) -> int:
    low = max(LEAST_ACCOUNTS, math.ceil(LEAST_FACTOR * expected.mean))
    if expected.tail(low) <= at:
        return low
    high = low * 2
    while expected.tail(high) > at:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if expected.tail(middle) > at else (low, middle)
    return high
