"""Whether contacts per account differ between two periods, and what may be said of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from headwater.metrics.statistics.intervals import Account, z_of


class Verdict(StrEnum):
    """What a comparison lets one say; never a bare percentage."""

    CHANGED = "changed"
    SAME = "did not change by more than what matters"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Both:
    """One account in both periods; one that was not there had no exposure."""

    before: Account
    after: Account


@dataclass(frozen=True, slots=True)
class Compared:
    """Contacts per `per` accounts before and after, and the difference with its interval."""

    before: float
    after: float
    difference: float
    low: float
    high: float
    verdict: Verdict


def compare(
    accounts: Sequence[Both],
    *,
    matters: float,
    per: float = 1_000,
    confidence: float = 0.95,
) -> Compared | None:
    """The difference of two rates over the same accounts; None where a period has no exposure.

    The account is what varies: a burst of one counts once, and an account that always writes much
    does so in both periods, which its pairing takes out (the linearised variance of a difference of
    ratios, Cochran 1977, 6.18). `matters` is the smallest difference, per `per` accounts, that
    anybody would act on: it tells "the same" from "cannot tell".
    """
    old = math.fsum(one.before.exposure for one in accounts)
    new = math.fsum(one.after.exposure for one in accounts)
    n = len(accounts)
    if old <= 0 or new <= 0 or n < 2:
        return None
    rate_old = math.fsum(one.before.contacts for one in accounts) / old
    rate_new = math.fsum(one.after.contacts for one in accounts) / new
    squares = math.fsum(
        (
            (one.after.contacts - rate_new * one.after.exposure) / new
            - (one.before.contacts - rate_old * one.before.exposure) / old
        )
        ** 2
        for one in accounts
    )
    half = z_of(confidence) * math.sqrt(n / (n - 1) * squares)
    difference = rate_new - rate_old
    low, high = per * (difference - half), per * (difference + half)
    return Compared(
        per * rate_old, per * rate_new, per * difference, low, high, _verdict(low, high, matters)
    )


def _verdict(low: float, high: float, matters: float) -> Verdict:
    if low > 0 or high < 0:
        return Verdict.CHANGED
    return Verdict.SAME if -matters <= low and high <= matters else Verdict.UNKNOWN


def weekday_weights(before: Mapping[int, float], after: Mapping[int, float]) -> dict[int, float]:
    """What a contact of each weekday before counts for, so that both periods have the same week.

    The arguments are account-days by weekday. A month with five Mondays is not busier than one with
    four. Raises ValueError where the later period has a weekday that the earlier lacks.
    """
    missing = [day for day, exposure in after.items() if exposure and not before.get(day)]
    if missing:
        raise ValueError(f"the earlier period has no weekday {missing[0]}")
    whole = math.fsum(before.values()) / math.fsum(after.values())
    return {day: whole * after.get(day, 0.0) / held for day, held in before.items() if held}


def weighed(contacts: Mapping[int, int], weights: Mapping[int, float]) -> float:
    """Contacts by weekday as `weekday_weights` weighs them."""
    return math.fsum(number * weights.get(day, 0.0) for day, number in contacts.items())
