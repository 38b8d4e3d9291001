"""Payment intents and the attempts to pay them, for the whole window at once.

Each row is one order. Its outcome is drawn from the account's habits and from the effects of
planted causes, which only shift the odds: a planted decline is an ordinary decline.
"""

from dataclasses import dataclass, field

import numpy as np

from headwater.sandbox import vocabulary as words
from headwater.sandbox.columns import Frame, join, rows, size
from headwater.sandbox.population import Population
from headwater.sandbox.randomness import Array, handles, mix, pick, share, stream
from headwater.sandbox.spec import DAY_US, MINUTE_US, SECOND_US, WorldSpec

PAID, DECLINED, AUTHENTICATION, BLOCKED, ABANDONED, UNTRIED, REFUSED = range(7)
# How a second payment for one order came about.
COPY_STYLES = {"DUP-01": 1, "IDEM-03": 2, "DUP-02": 4}
ACCIDENT, HOLD = 3, COPY_STYLES["DUP-02"]
# Share of a day's traffic per UTC hour; a blend of continents, so never silent.
_HOURS = np.array([5, 4, 3, 3, 3, 3, 4, 5, 6, 7, 8, 9, 9, 10, 11, 11, 11, 11, 10, 10, 9, 8, 7, 6])


@dataclass(slots=True)
class Shift:
    """For each account: between `start` and `stop`, an outcome is drawn with `chance`."""

    start: Array
    stop: Array
    chance: Array
    detail: Array

    @classmethod
    def none(cls, accounts: int) -> "Shift":
        """No account is affected."""
        return cls(
            np.full(accounts, 2**62, dtype=np.int64),
            np.zeros(accounts, dtype=np.int64),
            np.zeros(accounts),
            np.full(accounts, -1, dtype=np.int32),
        )

    def hits(self, acc: Array, t: Array, luck: Array) -> Array:
        """Which rows take the shifted outcome."""
        active = (t >= self.start[acc]) & (t < self.stop[acc])
        return np.asarray(active & (luck < self.chance[acc]))


@dataclass(slots=True)
class Effects:
    """What planted causes do to payments."""

    decline: Shift
    authentication: Shift
    blocked: Shift
    refused: Shift
    copies: list[tuple[int, int, int, str, int]] = field(default_factory=list)

    @classmethod
    def none(cls, accounts: int) -> "Effects":
        """A world without causes."""
        return cls(
            Shift.none(accounts), Shift.none(accounts), Shift.none(accounts), Shift.none(accounts)
        )


def day_times(rng: np.random.Generator, n: int, day_us: Array | int) -> Array:
    """Times inside days, with the daily rhythm, in microseconds (whole milliseconds)."""
    hour = pick(rng, _HOURS.astype(float), n).astype(np.int64)
    inside = rng.integers(0, 3_600_000, n) * 1000
    return np.asarray(day_us + hour * 3_600_000_000 + inside)


def draw_payments(spec: WorldSpec, people: Population, effects: Effects) -> Frame:
    """One row per order, sorted by account and time; sets how many customers each account has."""
    rng = stream(spec.seed, "payments")
    expected = people.payment_weight * spec.total_payments
    counts = rng.poisson(np.maximum(expected, 0.35 * spec.days))
    acc = np.repeat(np.arange(len(people), dtype=np.int32), counts)
    n = len(acc)
    day = spec.start_us + rng.integers(0, spec.days, n) * DAY_US
    t = day_times(rng, n, day)
    order = np.lexsort((t, acc))
    acc, t = acc[order], t[order]
    counter = np.arange(1, n + 1)
    people.seats = np.maximum((counts * 0.55).astype(np.int64), 2)
    seat = (rng.beta(0.8, 1.6, n) * people.seats[acc]).astype(np.int64)
    cus = customer_handle(spec, acc, seat)
    zero_decimal = np.array([c[1] == "jpy" for c in words.COUNTRIES])[people.country[acc]]
    amount = np.maximum(people.ticket[acc] * rng.lognormal(0, 0.6, n), 60).astype(np.int64)
    # Prices look like prices: most end in 99, 00 or 50.
    rounded = amount // 100 * 100 + np.array([99, 0, 50, 95])[pick(rng, [0.4, 0.35, 0.15, 0.1], n)]
    amount = np.where(zero_decimal, np.maximum(amount // 10 * 10, 100), np.maximum(rounded, 99))
    frame: Frame = {
        "h": handles(spec.seed, "pi", counter),
        "acc": acc,
        "t": t,
        "cus": cus,
        "seat": seat,
        "live": is_live(cus),
        "amount": amount,
        "order": 10_000 + counter * 7 % 1_000_003,
        "off": rng.random(n) < people.off_session[acc],
        "manual": rng.random(n) < people.manual_capture[acc],
        "copy": np.zeros(n, dtype=np.int8),
        "slow": np.zeros(n, dtype=np.int32),
    }
    frame = _draw_outcomes(rng, people, frame, effects)
    frame = _add_copies(spec, people, frame, effects)
    return rows(frame, np.flatnonzero(frame["t"] < spec.end_us - SECOND_US))


def customer_handle(spec: WorldSpec, acc: Array, seat: Array) -> Array:
    """The customer in a given seat of an account."""
    return handles(
        spec.seed, "cus", (acc.astype(np.uint64) << np.uint64(32)) | seat.astype(np.uint64)
    )


def is_live(customer: Array) -> Array:
    """Whether customers were made in live mode; their payments are in the same mode."""
    return np.asarray(share(customer, 1) >= 0.07)


def _draw_outcomes(
    rng: np.random.Generator, people: Population, frame: Frame, effects: Effects
) -> Frame:
    n = size(frame)
    acc, t, off = frame["acc"], frame["t"], frame["off"]
    luck = rng.random(n)
    decline = people.decline_rate[acc]
    first = np.full(n, PAID, dtype=np.int8)
    edges = np.cumsum(
        [decline, np.where(off, 0.02, 0.0), np.full(n, 0.006), np.where(off, 0, 0.012),
         np.where(off, 0, 0.04)], axis=0,
    )  # fmt: skip
    for code, edge in reversed(list(zip((1, 2, 3, 4, 5), edges, strict=True))):
        first[luck < edge] = code
    code = pick(rng, [d[4] for d in words.DECLINES], n)
    for shift, outcome, mask in (
        (effects.decline, DECLINED, first != UNTRIED),
        (effects.authentication, AUTHENTICATION, off),
        (effects.blocked, BLOCKED, ~off & (first != UNTRIED)),
    ):
        hit = shift.hits(acc, t, rng.random(n)) & mask & frame["live"]
        first[hit] = outcome
        detail = shift.detail[acc]
        fixed = hit & (detail >= 0) & (rng.random(n) < 0.7)
        code = np.where(fixed, detail, code).astype(np.int32)
    first[effects.refused.hits(acc, t, rng.random(n)) & frame["live"]] = REFUSED
    failed = np.isin(first, (DECLINED, AUTHENTICATION, BLOCKED))
    again = failed & (rng.random(n) < np.where(off, 0.25, 0.45))
    works = rng.random(n) < np.where(first == AUTHENTICATION, 0.8, 0.5)
    gap = np.where(off, rng.integers(4 * 3600, 40 * 3600, n), rng.integers(15, 420, n)).astype(
        np.int64
    )
    frame["first"] = first
    frame["second"] = np.where(again, np.where(works, PAID, DECLINED), UNTRIED).astype(np.int8)
    frame["decline"] = code
    frame["second_decline"] = np.where(
        rng.random(n) < 0.7, code, pick(rng, [d[4] for d in words.DECLINES], n)
    ).astype(np.int32)
    frame["gap"] = gap * SECOND_US + rng.integers(0, 1000, n) * 1000
    return frame


def _add_copies(spec: WorldSpec, people: Population, frame: Frame, effects: Effects) -> Frame:
    """Second payments for the same order: planted ones, and the few that happen anyway."""
    rng = stream(spec.seed, "copies")
    bounds = np.searchsorted(frame["acc"], np.arange(len(people) + 1))
    good = (frame["first"] == PAID) & frame["live"] & ~frame["off"] & ~frame["manual"]
    chosen: list[tuple[int, int]] = []
    for acc, onset, until, style, count in effects.copies:
        mine = np.arange(bounds[acc], bounds[acc + 1])
        mine = mine[good[mine] & (frame["t"][mine] >= onset) & (frame["t"][mine] < until)]
        picked = np.sort(rng.permutation(mine)[:count])
        chosen.extend((int(i), COPY_STYLES[style]) for i in picked)
    for i in np.flatnonzero(good & (rng.random(len(good)) < 0.0004)):
        chosen.append((int(i), ACCIDENT if rng.random() < 0.5 else HOLD))
    if not chosen:
        return frame
    at = np.array([c[0] for c in chosen])
    style_code = np.array([c[1] for c in chosen], dtype=np.int8)
    extra = rows(frame, at)
    n = len(at)
    double_click = rng.random(n) < 0.5
    seconds = np.where(double_click, rng.integers(1, 9, n), rng.integers(20, 540, n))
    # A client that gave up waits for its own timeout, then sends the same order again.
    wait = rng.choice(np.array([20, 30, 60, 80]), n)
    seconds = np.where(style_code == 2, wait + rng.integers(1, 6, n), seconds)
    extra["t"] = extra["t"] + seconds * SECOND_US + rng.integers(1, 900, n) * 1000
    extra["h"] = handles(spec.seed, "pi-again", mix(extra["h"]))
    extra["copy"] = style_code
    extra["second"] = np.full(n, UNTRIED, dtype=np.int8)
    frame["slow"][at[style_code == 2]] = (
        wait[style_code == 2] * 1000 + rng.integers(500, 9000, int((style_code == 2).sum()))
    ).astype(np.int32)
    merged = join([frame, extra])
    return rows(merged, np.lexsort((merged["t"], merged["acc"])))


def attempts(spec: WorldSpec, payments: Frame) -> Frame:
    """One row per charge: the first and the second try of each payment that was tried."""
    tried = np.flatnonzero(~np.isin(payments["first"], (ABANDONED, UNTRIED, REFUSED)))
    again = np.flatnonzero(payments["second"] != UNTRIED)
    parts = []
    for nth, index in ((1, tried), (2, again)):
        part = rows(payments, index)
        outcome = part["first"] if nth == 1 else part["second"]
        code = part["decline"] if nth == 1 else part["second_decline"]
        later = part["gap"] if nth == 2 else np.zeros(len(index), dtype=np.int64)
        parts.append(
            {
                "h": handles(spec.seed, f"ch{nth}", part["h"]),
                "pi": part["h"],
                "row": index,
                "nth": np.full(len(index), nth, dtype=np.int8),
                "acc": part["acc"],
                "t": part["t"] + later + 400_000,
                "cus": part["cus"],
                "live": part["live"],
                "amount": part["amount"],
                "off": part["off"],
                "manual": part["manual"],
                "outcome": outcome,
                "decline": np.where(outcome == DECLINED, code, -1).astype(np.int32),
                "copy": part["copy"],
                "order": part["order"],
            }
        )
    charges = join(parts)
    charges = rows(charges, np.lexsort((charges["t"], charges["acc"])))
    paid = charges["outcome"] == PAID
    luck = share(charges["h"], 3)
    charges["captured"] = paid & (~charges["manual"] | (luck < 0.85)) & (charges["copy"] != HOLD)
    charges["captured_at"] = charges["t"] + np.where(
        charges["manual"], (share(charges["h"], 4) * 60 * 3600).astype(np.int64) * SECOND_US, 0
    )
    return rows(charges, np.flatnonzero(charges["t"] < spec.end_us))


def settle_after(people: Population, acc: Array, t: Array) -> Array:
    """When the money of a charge becomes available: midnight some days later."""
    return np.asarray((t // DAY_US + people.payout_delay[acc]) * DAY_US)


__all__ = ["MINUTE_US", "Effects", "Shift", "attempts", "customer_handle", "draw_payments"]
