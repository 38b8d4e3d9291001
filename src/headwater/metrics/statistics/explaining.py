"""Why contacts rose or fell: more accounts, other accounts, or more contacts of each. Exact."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations


@dataclass(frozen=True, slots=True)
class Segment:
    """Accounts of one kind in a period, and their contacts."""

    accounts: int
    contacts: int


@dataclass(frozen=True, slots=True)
class Explained:
    """A change in contacts; `volume`, the sum of `mix` and the sum of `rate` add up to `change`.

    All are numbers of contacts, as fractions, so that nothing is lost to rounding. `mix` and `rate`
    are by segment.
    """

    change: Fraction
    volume: Fraction
    mix: dict[str, Fraction]
    rate: dict[str, Fraction]


def explain(before: Mapping[str, Segment], after: Mapping[str, Segment]) -> Explained:
    """How much of the change comes from growth, from other kinds of accounts, and from each kind's
    contacts per account.

    Contacts are accounts times shares times rates; each factor gets the mean of its effect over
    all orders in which the three could have changed (Das Gupta 1978; Shapley 1953), so the parts
    add up and no order is preferred. A kind that is new or gone had the other period's rate. Raises
    ValueError for contacts of a kind without accounts.
    """
    names = sorted({*before, *after})
    for one in (*before.values(), *after.values()):
        if one.accounts < 0 or one.contacts < 0 or (one.contacts and not one.accounts):
            raise ValueError("contacts need accounts, and neither is negative")
    old, new = _factors(before, after, names), _factors(after, before, names)
    volume = Fraction(0)
    mix = dict.fromkeys(names, Fraction(0))
    rate = dict.fromkeys(names, Fraction(0))
    orders = list(permutations(("volume", "mix", "rate")))
    for order in orders:
        now = dict(zip(("volume", "mix", "rate"), old, strict=True))
        target = dict(zip(("volume", "mix", "rate"), new, strict=True))
        for factor in order:
            held = _by_segment(now, names)
            now = {**now, factor: target[factor]}
            moved = _by_segment(now, names)
            gained = {name: (moved[name] - held[name]) / len(orders) for name in names}
            if factor == "volume":
                volume += sum(gained.values(), Fraction(0))
            else:
                parts = mix if factor == "mix" else rate
                for name, value in gained.items():
                    parts[name] += value
    change = sum(one.contacts for one in after.values()) - sum(
        one.contacts for one in before.values()
    )
    return Explained(Fraction(change), volume, mix, rate)


Factors = tuple[Fraction, dict[str, Fraction], dict[str, Fraction]]


def _factors(
    period: Mapping[str, Segment], other: Mapping[str, Segment], names: list[str]
) -> Factors:
    """Accounts in all, the share of each kind, its contacts per account."""
    total = sum(one.accounts for one in period.values())
    shares: dict[str, Fraction] = {}
    rates: dict[str, Fraction] = {}
    for name in names:
        one = period.get(name, Segment(0, 0))
        shares[name] = Fraction(one.accounts, total) if total else Fraction(0)
        known = one if one.accounts else other.get(name, Segment(0, 0))
        rates[name] = Fraction(known.contacts, known.accounts) if known.accounts else Fraction(0)
    return Fraction(total), shares, rates


def _by_segment(factors: Mapping[str, object], names: list[str]) -> dict[str, Fraction]:
    total, shares, rates = factors["volume"], factors["mix"], factors["rate"]
    assert isinstance(total, Fraction)  # noqa: S101 - narrows the types only
    assert isinstance(shares, dict) and isinstance(rates, dict)  # noqa: S101
    return {name: total * shares[name] * rates[name] for name in names}


@dataclass(frozen=True, slots=True)
class Part:
    """A share in one segment: `num` of `den`."""

    num: int
    den: int

    @property
    def value(self) -> Fraction | None:
        """The share; None of nothing."""
        return Fraction(self.num, self.den) if self.den else None


def simpson(before: Mapping[str, Part], after: Mapping[str, Part]) -> bool:
    """Whether the whole moved one way and every segment that can be compared the other, or not.

    (Simpson 1951.) Whoever reads the whole alone is then told the opposite of what happened.
    """
    old = Part(sum(one.num for one in before.values()), sum(one.den for one in before.values()))
    new = Part(sum(one.num for one in after.values()), sum(one.den for one in after.values()))
    if old.value is None or new.value is None or old.value == new.value:
        return False
    moves = []
    for name in before.keys() & after.keys():
        one, other = before[name].value, after[name].value
        if one is not None and other is not None:
            moves.append(other - one)
    if not moves:
        return False
    rose = new.value > old.value
    against = [move <= 0 if rose else move >= 0 for move in moves]
    return all(against) and any(move != 0 for move in moves)
