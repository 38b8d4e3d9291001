"""How sure a figure is: shares, quantiles, and contacts per account."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

_NORMAL: Final = NormalDist()
# Below so many answers a share is told as counts: its interval is wider than any target.
FEW: Final = 30


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with the range in which it lies with the stated confidence."""

    value: float
    low: float
    high: float
    n: int

    @property
    def is_few(self) -> bool:
        """Whether there are too few to say more than how many."""
        return self.n < FEW


def z_of(confidence: float) -> float:
    """The two-sided normal quantile, 1.96 for 0.95. Raises ValueError outside (0, 1)."""
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence of {confidence} is none")
    return _NORMAL.inv_cdf(0.5 + confidence / 2)


def share(successes: int, n: int, confidence: float = 0.95) -> Interval | None:
    """A share by Wilson's score interval (Wilson 1927); None of nothing.

    Unlike the textbook interval it stays within 0 and 1 and covers what it says for small `n`.
    Raises ValueError for counts that are none.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no share")
    if n == 0:
        return None
    z, p = z_of(confidence), successes / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    # Rounding must not put the share itself outside its interval.
    return Interval(p, max(0.0, min(middle - half, p)), min(1.0, max(middle + half, p)), n)


def quantile(values: Sequence[float], q: float) -> float | None:
    """The smallest value with at least a share of `q` at or below it; None of nothing.

    It is always one that occurred. Raises ValueError for a `q` outside (0, 1].
    """
    if not 0 < q <= 1:
        raise ValueError(f"there is no quantile {q}")
    if not values:
        return None
    return sorted(values)[_rank(len(values), q) - 1]


def quantile_interval(
    values: Sequence[float], q: float, confidence: float = 0.95
) -> Interval | None:
    """A quantile with the interval that the bootstrap would give, without drawing; None of nothing.

    A resample's quantile is at most the k-th value with the probability that at least as many of
    `n` draws fall among the first k as the quantile's rank: a binomial tail, so the limits of
    infinitely many resamples are computed exactly (Efron 1982, section 10).
    """
    if not values:
        return None
    ordered, n = sorted(values), len(values)
    rank = _rank(n, q)
    tail = (1 - confidence) / 2
    low = _first_place(n, rank, tail)
    high = _first_place(n, rank, 1 - tail)
    return Interval(ordered[rank - 1], ordered[low - 1], ordered[high - 1], n)


def _rank(n: int, q: float) -> int:
    # 0.9 of 10 values is the 9th, whatever a float makes of 0.9 * 10.
    return min(n, max(1, math.ceil(q * n - 1e-9)))


def _first_place(n: int, rank: int, probability: float) -> int:
    """The first k whose chance to hold the resample's quantile is at least `probability`."""
    low, high = 1, n
    while low < high:
        middle = (low + high) // 2
        if _at_least(n, rank, middle / n) >= probability:
            high = middle
        else:
            low = middle + 1
    return low


def _at_least(n: int, rank: int, p: float) -> float:
    """The chance that of `n` draws at least `rank` succeed, each with probability `p`."""
    if p >= 1:
        return 1.0
    mean, deviation = n * p, math.sqrt(n * p * (1 - p))
    if n > 2_000:
        return 1 - _NORMAL.cdf((rank - 0.5 - mean) / deviation)
    log_p, log_q, whole = math.log(p), math.log1p(-p), math.lgamma(n + 1)
    return math.fsum(
        math.exp(whole - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * log_p + (n - k) * log_q)
        for k in range(rank, n + 1)
    )


@dataclass(frozen=True, slots=True)
class Account:
    """One account in a period: its contacts, and for how long it was there (1 is all the time).

    Contacts need not be whole where days were weighed (`comparing.weighed`).
    """

    contacts: float
    exposure: float = 1.0


def contact_rate(
    accounts: Sequence[Account], per: float = 1_000, confidence: float = 0.95
) -> Interval | None:
    """Contacts per `per` accounts; None without exposure.

    Contacts of one account come in bursts, so the account is what is drawn, not the contact: a
    ratio of sums with the variance of its linearisation (Cochran 1977, 6.4). Accounts without a
    contact count and must be in the list.
    """
    exposure = math.fsum(one.exposure for one in accounts)
    if not accounts or exposure <= 0:
        return None
    rate = sum(one.contacts for one in accounts) / exposure
    deviation = math.sqrt(variance_of_rate(accounts))
    z = z_of(confidence)
    return Interval(
        per * rate,
        per * max(0.0, rate - z * deviation),
        per * (rate + z * deviation),
        len(accounts),
    )


def variance_of_rate(accounts: Sequence[Account]) -> float:
    """The variance of contacts per account, clustered by account; 0 for fewer than two."""
    n = len(accounts)
    exposure = math.fsum(one.exposure for one in accounts)
    if n < 2 or exposure <= 0:
        return 0.0
    rate = sum(one.contacts for one in accounts) / exposure
    squares = math.fsum((one.contacts - rate * one.exposure) ** 2 for one in accounts)
    return n / (n - 1) * squares / exposure**2
