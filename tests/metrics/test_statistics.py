"""Intervals, comparisons, explanations and alerts: worked values, rules, and what they promise."""

import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.metrics.statistics.alerting import Day, days_needed, look_at
from headwater.metrics.statistics.comparing import (
    Both,
    Verdict,
    compare,
    weekday_weights,
    weighed,
)
from headwater.metrics.statistics.explaining import Part, Segment, explain, simpson
from headwater.metrics.statistics.intervals import (
    Account,
    contact_rate,
    quantile,
    quantile_interval,
    share,
)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    # Newcombe 1998, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(k: int, n: int, low: float, high: float) -> None:
    found = share(k, n)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(st.integers(0, 2_000), st.integers(1, 2_000))
def test_a_share_lies_in_its_interval_within_0_and_1(k: int, n: int) -> None:
    k = min(k, n)
    found = share(k, n)
    assert found is not None
    assert 0 <= found.low <= found.value <= found.high <= 1
    mirrored = share(n - k, n)
    assert mirrored is not None
    assert math.isclose(mirrored.high, 1 - found.low, abs_tol=1e-12)


def test_shares_of_nothing_and_of_few() -> None:
    assert share(0, 0) is None
    few = share(20, 21)
    assert few is not None
    assert few.is_few
    for wrong in ((2, 1), (-1, 5)):
        with pytest.raises(ValueError, match="no share"):
            share(*wrong)
    with pytest.raises(ValueError, match="is none"):
        share(1, 2, confidence=1)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.sampled_from([0.5, 0.75, 0.9, 1]))
def test_a_quantile_occurred_and_lies_in_its_interval(values: list[int], q: float) -> None:
    found, at = quantile_interval(values, q), quantile(values, q)
    assert found is not None
    assert at in values
    assert sum(one <= at for one in values) >= q * len(values) - 1e-6
    assert found.low <= found.value == at <= found.high
    assert found.low in values
    assert found.high in values


def test_the_interval_is_that_of_the_bootstrap() -> None:
    chance = random.Random(3)
    values = [round(chance.expovariate(1) * 3600) for _ in range(60)]
    found = quantile_interval(values, 0.9)
    assert found is not None
    drawn = sorted(quantile(chance.choices(values, k=60), 0.9) or 0 for _ in range(20_000))
    low, high = drawn[499], drawn[19_500]
    ordered = sorted(values)
    assert abs(ordered.index(int(found.low)) - ordered.index(int(low))) <= 1
    assert abs(ordered.index(int(found.high)) - ordered.index(int(high))) <= 1
    assert quantile_interval([], 0.5) is None
    with pytest.raises(ValueError, match="no quantile"):
        quantile([1], 0)
    big = quantile_interval(list(range(10_000)), 0.5)
    assert big is not None
    # sqrt(n)/2 ranks are one standard error of a median.
    assert abs((big.high - big.low) / 2 - 1.96 * 50) <= 2


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4)), min_size=2, max_size=40))
def test_a_rate_is_the_sum_over_the_sum(rows: list[tuple[int, int]]) -> None:
    accounts = [Account(contacts, exposure) for contacts, exposure in rows]
    found = contact_rate(accounts)
    assert found is not None
    value = 1000 * sum(one[0] for one in rows) / sum(one[1] for one in rows)
    assert math.isclose(found.value, value)
    assert 0 <= found.low <= found.value <= found.high
    # Every account twice: the same rate, known better.
    twice = contact_rate(accounts * 2)
    assert twice is not None
    assert math.isclose(twice.value, found.value)
    assert twice.high <= found.high + 1e-9


def test_bursts_widen_the_interval() -> None:
    spread = [Account(1) for _ in range(50)] + [Account(0) for _ in range(950)]
    burst = [Account(50)] + [Account(0) for _ in range(999)]
    even, uneven = contact_rate(spread), contact_rate(burst)
    assert even is not None
    assert uneven is not None
    assert even.value == uneven.value == 50
    assert uneven.high - uneven.low > 5 * (even.high - even.low)
    assert contact_rate([]) is None
    assert contact_rate([Account(0, 0.0)]) is None


SEGMENTS = st.dictionaries(
    st.sampled_from("abcd"),
    st.integers(1, 500).flatmap(lambda n: st.builds(Segment, st.just(n), st.integers(0, 900))),
    max_size=4,
)


@given(SEGMENTS, SEGMENTS)
def test_the_parts_of_a_change_add_up_exactly(
    before: dict[str, Segment], after: dict[str, Segment]
) -> None:
    found = explain(before, after)
    parts = found.volume + sum(found.mix.values()) + sum(found.rate.values())
    assert parts == found.change
    back = explain(after, before)
    assert (back.volume, back.change) == (-found.volume, -found.change)
    assert all(back.rate[name] == -found.rate[name] for name in found.rate)


def test_a_change_is_given_to_what_caused_it() -> None:
    before = {"small": Segment(800, 80), "big": Segment(200, 100)}
    grown = {"small": Segment(1600, 160), "big": Segment(400, 200)}
    assert explain(before, grown).volume == 180
    shifted = {"small": Segment(200, 20), "big": Segment(800, 400)}
    found = explain(before, shifted)
    assert [found.volume, sum(found.mix.values()), sum(found.rate.values())] == [0, 240, 0]
    worse = {"small": Segment(800, 80), "big": Segment(200, 150)}
    found = explain(before, worse)
    assert [found.volume, found.rate["big"], found.rate["small"]] == [0, 50, 0]
    new = explain(before, before | {"new": Segment(100, 30)})
    assert new.change == 30
    assert new.rate["new"] == 0
    with pytest.raises(ValueError, match="need accounts"):
        explain({}, {"a": Segment(0, 3)})


def test_simpsons_paradox_as_first_told() -> None:
    # Berkeley-like: each part got better, the whole got worse.
    before = {"easy": Part(80, 100), "hard": Part(10, 50)}
    after = {"easy": Part(45, 50), "hard": Part(30, 100)}
    assert simpson(before, after)
    assert simpson(after, before)
    assert not simpson(before, {"easy": Part(70, 100), "hard": Part(5, 50)})
    assert not simpson({}, after)
    assert not simpson(before, before)


@given(
    st.dictionaries(
        st.sampled_from("ab"),
        st.integers(1, 40).flatmap(lambda n: st.builds(Part, st.integers(0, n), st.just(n))),
        min_size=2,
        max_size=2,
    )
)
def test_the_same_mix_makes_no_paradox(before: dict[str, Part]) -> None:
    after = {name: Part(min(one.num + 1, one.den), one.den) for name, one in before.items()}
    assert not simpson(before, after)


def both(before: list[float], after: list[float]) -> list[Both]:
    return [Both(Account(a), Account(b)) for a, b in zip(before, after, strict=True)]


def test_the_three_verdicts() -> None:
    none, many = [0.0] * 900, [1.0] * 100
    found = compare(both(none + many, [0.0] * 950 + [1.0] * 50), matters=10)
    assert found is not None
    assert found.verdict is Verdict.CHANGED
    assert round(found.difference) == -50
    same = compare(both(none + many, none + many), matters=10)
    assert same is not None
    assert same.verdict is Verdict.SAME
    few = compare(both([0, 1, 0], [1, 0, 0]), matters=10)
    assert few is not None
    assert few.verdict is Verdict.UNKNOWN
    assert compare([], matters=1) is None


def test_a_month_with_five_mondays_is_not_busier() -> None:
    # Ten accounts; each writes once a Monday and never else. Four Mondays, then five.
    before, after = {0: 40.0, 1: 40.0}, {0: 50.0, 1: 40.0}
    weights = weekday_weights(before, after)
    adjusted = [weighed({0: 4}, weights) for _ in range(10)]
    pairs = [Both(Account(one, 8), Account(5, 9)) for one in adjusted]
    found = compare(pairs, matters=1)
    assert found is not None
    assert math.isclose(found.before, found.after)
    with pytest.raises(ValueError, match="no weekday 2"):
        weekday_weights(before, {2: 1.0})


@given(st.dictionaries(st.integers(0, 6), st.floats(1, 1e6), min_size=1))
def test_equal_weeks_are_not_weighed(days: dict[int, float]) -> None:
    assert all(math.isclose(one, 1) for one in weekday_weights(days, days).values())


def test_an_alert_tells_a_rise_and_says_how_often_it_would_tell_nothing() -> None:
    chance = random.Random(5)
    days = [Day(chance.randint(15, 25) - (10 if at % 7 > 4 else 0), 1000) for at in range(200)]
    usual = look_at(days, Day(20, 1000), rate=1 / 90)
    assert usual is not None
    assert not usual.is_told
    assert usual.rate is not None
    assert usual.rate <= 1 / 90
    rise = look_at(days, Day(60, 1000), rate=1 / 90)
    assert rise is not None
    assert rise.is_told
    # Twice the accounts, twice the writing: growth, not a problem.
    grown = look_at(days, Day(40, 2000), rate=1 / 90)
    assert grown is not None
    assert not grown.is_told


def test_an_alert_without_enough_history_or_accounts_says_nothing() -> None:
    quiet = [Day(0, 1000) for _ in range(days_needed(0.05))]
    told = look_at(quiet, Day(4, 1000), rate=0.05)
    assert told is not None
    assert not told.is_told
    assert look_at(quiet[:20], Day(9, 1000), rate=0.05) is None
    short = look_at(quiet[:-1], Day(9, 1000), rate=0.05)
    assert short is not None
    assert (short.rate, short.is_told) == (None, False)
    with pytest.raises(ValueError, match="no rate"):
        look_at(quiet, Day(1, 1), rate=0)
    assert Part(1, 3).value == Fraction(1, 3)
