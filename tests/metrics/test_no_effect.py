"""Months in which nothing happened: what is said of them stays within the stated rates."""

import math
import random

import pytest

from headwater.metrics.statistics.alerting import Day, look_at
from headwater.metrics.statistics.comparing import Both, Verdict, compare
from headwater.metrics.statistics.intervals import Account

pytestmark = pytest.mark.slow


def poisson(chance: random.Random, mean: float) -> int:
    """Knuth's way, in pieces, so that exp does not vanish."""
    total = 0
    while mean > 30:
        total, mean = total + poisson(chance, 30), mean - 30
    limit, product = math.exp(-mean), chance.random()
    while product > limit:
        total, product = total + 1, product * chance.random()
    return total


def month(chance: random.Random, busy: float) -> float:
    """Contacts of an account: troubles are rare, and each brings several contacts."""
    return sum(1 + poisson(chance, 3) for _ in range(poisson(chance, busy)))


def test_a_month_without_change_is_rarely_called_changed() -> None:
    chance, called, naive, months = random.Random(1), 0, 0, 400
    for _ in range(months):
        accounts = []
        for _ in range(300):
            busy = chance.gammavariate(0.5, 0.4)
            there = chance.random() < 0.8  # a fifth of the accounts is new in the second month
            before = Account(month(chance, busy) if there else 0, 1.0 if there else 0.0)
            accounts.append(Both(before, Account(month(chance, busy))))
        found = compare(accounts, matters=50)
        assert found is not None
        called += found.verdict is Verdict.CHANGED
        # What a test that counts contacts would say (Poisson).
        old = sum(one.before.contacts for one in accounts)
        new = sum(one.after.contacts for one in accounts)
        share = sum(one.before.exposure for one in accounts) / len(accounts)
        z = (new - old / share) / math.sqrt(new + old / share**2)
        naive += abs(z) > 1.96
    spread = 3 * math.sqrt(0.05 * 0.95 / months)
    assert called / months <= 0.05 + spread
    assert naive / months > 0.15  # the trap is real in this simulation


def test_a_true_change_is_called() -> None:
    chance, called = random.Random(2), 0
    for _ in range(60):
        accounts = [
            Both(Account(month(chance, 0.2)), Account(month(chance, 0.4))) for _ in range(800)
        ]
        found = compare(accounts, matters=50)
        called += found is not None and found.verdict is Verdict.CHANGED
    assert called >= 54


@pytest.mark.parametrize("growth", [0.0, 0.04])
def test_alerts_stay_within_their_rate_while_demand_grows(growth: float) -> None:
    chance, told, asked, rate = random.Random(3), 0, 0, 1 / 60
    for _ in range(12):
        days: list[Day] = []
        for at in range(280):
            active = round(2_000 * (1 + growth) ** (at / 7))
            share = 0.01 * (0.4 if at % 7 > 4 else 1.0) * chance.gammavariate(40, 1 / 40)
            days.append(Day(poisson(chance, active * share), active))
        for at in range(160, 280):
            found = look_at(days[:at], days[at], rate=rate)
            assert found is not None
            asked, told = asked + 1, told + found.is_told
    assert told / asked <= rate + 3 * math.sqrt(rate * (1 - rate) / asked)
    assert told > 0
