"""Refunds, disputes, the ledger and payouts: everything that moves a balance."""

import numpy as np

from headwater.sandbox.columns import KIND, Frame, join, rows, size
from headwater.sandbox.payments import PAID, settle_after
from headwater.sandbox.population import Population
from headwater.sandbox.randomness import Array, handles, share, stream
from headwater.sandbox.spec import DAY_US, HOUR_US, SECOND_US, WorldSpec

# Ledger row types.
BT_TYPES = ("charge", "refund", "adjustment", "payout", "payout_failure")
BT_CATEGORIES = ("charge", "refund", "dispute", "payout", "payout_reversal")
CHARGE, REFUND, DISPUTE, PAYOUT, PAYOUT_FAILURE = range(5)


def draw_refunds(spec: WorldSpec, people: Population, charges: Frame) -> Frame:
    """Refunds of captured charges: ordinary ones, and most accidental doubles."""
    luck = share(charges["h"], 11)
    rate = 0.015 + 0.07 * share(people.handle, 5) ** 2
    captured = charges["captured"] & (charges["outcome"] == PAID)
    # An accidental double is usually noticed and given back the same day.
    chosen = captured & ((luck < rate[charges["acc"]]) | ((charges["copy"] == 3) & (luck < 0.8)))
    index = np.flatnonzero(chosen)
    part = rows(charges, index)
    days = share(part["h"], 12) ** 2 * 14
    delay = np.where(part["copy"] == 3, share(part["h"], 13) * 0.4, days + 0.02)
    whole = share(part["h"], 14) < 0.8
    amount = np.where(whole, part["amount"], np.maximum(part["amount"] // 2, 1))
    frame: Frame = {
        "h": handles(spec.seed, "re", part["h"]),
        "ch": part["h"],
        "pi": part["pi"],
        "charge_row": index,
        "acc": part["acc"],
        "t": part["captured_at"] + (delay * DAY_US).astype(np.int64),
        "live": part["live"],
        "amount": amount,
        "fails": share(part["h"], 15) < 0.008,
        "request": handles(spec.seed, "re-req", part["h"]),
    }
    return rows(frame, np.flatnonzero(frame["t"] < spec.end_us))


def draw_disputes(spec: WorldSpec, charges: Frame) -> Frame:
    """Chargebacks, some days to weeks after the charge."""
    luck = share(charges["h"], 21)
    index = np.flatnonzero(charges["captured"] & charges["live"] & (luck < 0.004))
    part = rows(charges, index)
    frame: Frame = {
        "h": handles(spec.seed, "dp", part["h"]),
        "ch": part["h"],
        "pi": part["pi"],
        "charge_row": index,
        "acc": part["acc"],
        "t": part["t"] + ((1 + share(part["h"], 22) * 20) * DAY_US).astype(np.int64),
        "live": part["live"],
        "amount": part["amount"],
        "reason": (share(part["h"], 23) * 4).astype(np.int32),
    }
    return rows(frame, np.flatnonzero(frame["t"] < spec.end_us))


def _ledger_rows(
    spec: WorldSpec, kind: int, source: str, frame: Frame, t: Array, amount: Array, fee: Array
) -> Frame:
    n = size(frame)
    return {
        "h": handles(spec.seed, f"txn{kind}", frame["h"]),
        "acc": frame["acc"],
        "t": t,
        "live": frame["live"],
        "kind": np.full(n, kind, dtype=np.int8),
        "source_kind": np.full(n, KIND[source], dtype=np.int8),
        "source": frame["h"],
        "amount": amount.astype(np.int64),
        "fee": fee.astype(np.int64),
    }


def draw_ledger(
    spec: WorldSpec, people: Population, charges: Frame, refunds: Frame, disputes: Frame
) -> Frame:
    """Balance rows of charges, refunds and disputes, each knowing when it is available."""
    paid = rows(charges, np.flatnonzero(charges["captured"]))
    fee = paid["amount"] * 29 // 1000 + 30
    moved = rows(refunds, np.flatnonzero(~refunds["fails"]))
    ledger = join(
        [
            _ledger_rows(spec, CHARGE, "ch", paid, paid["captured_at"], paid["amount"], fee),
            _ledger_rows(
                spec, REFUND, "re", moved, moved["t"], -moved["amount"], np.zeros(size(moved))
            ),
            _ledger_rows(
                spec, DISPUTE, "dp", disputes, disputes["t"], -disputes["amount"],
                np.full(size(disputes), 1500),
            ),
        ]
    )  # fmt: skip
    ledger = rows(ledger, np.flatnonzero(ledger["t"] < spec.end_us))
    later = settle_after(people, ledger["acc"], ledger["t"])
    ledger["available"] = np.where(ledger["kind"] == CHARGE, later, ledger["t"])
    ledger["payout"] = np.zeros(size(ledger), dtype=np.uint64)
    return ledger


def _payout_day(people: Population, acc: Array, available: Array) -> Array:
    """The day number on which the schedule pays out money available at a time; -1 for never."""
    day = -(-available // DAY_US)
    weekly = day + (4 - day % 7) % 7
    month = day + (30 - day % 30) % 30
    interval = people.payout_interval[acc]
    return np.asarray(
        np.select([interval == 0, interval == 1, interval == 2], [day, weekly, month], -1)
    )


def draw_payouts(
    spec: WorldSpec, people: Population, ledger: Frame, failing: dict[int, tuple[int, int]]
) -> tuple[Frame, Frame]:
    """Payouts of the schedule, and the ledger with each row's payout and the payouts' own rows.

    `failing` maps an account to the time from which its bank refuses money, and the kind of
    refusal. After the first refusal no more payouts are made: the bank account has to be mended.
    """
    rng = stream(spec.seed, "payouts")
    live = ledger["live"]
    day = np.where(live, _payout_day(people, ledger["acc"], ledger["available"]), -1)
    end_day = spec.end_us // DAY_US
    usable = np.flatnonzero((day >= 0) & (day < end_day))
    group = ledger["acc"][usable].astype(np.int64) * 100_000 + day[usable]
    keys, inverse = np.unique(group, return_inverse=True)
    net = np.bincount(inverse, (ledger["amount"] - ledger["fee"])[usable]).astype(np.int64)
    acc, days = (keys // 100_000).astype(np.int32), keys % 100_000
    keep = net > 0
    t = days * DAY_US + rng.integers(30, 7200, len(keys)) * SECOND_US
    refused = np.full(len(keys), -1, dtype=np.int8)
    for account, (onset, reason) in failing.items():
        mine = np.flatnonzero((acc == account) & (t >= onset) & keep)
        refused[mine[:1]] = reason
        keep[mine[1:]] = False
    # Now and then a bank refuses a payout that is made again the next day.
    stray = (refused < 0) & (rng.random(len(keys)) < 0.004)
    refused[stray] = rng.integers(0, 4, int(stray.sum()))
    handle = handles(spec.seed, "po", keys)
    ledger["payout"][usable] = np.where(keep[inverse], handle[inverse], 0)
    payouts: Frame = {
        "h": handle,
        "acc": acc,
        "t": t,
        "live": np.ones(len(keys), dtype=bool),
        "amount": net,
        "refused": refused,
        "stray": stray,
        "failed_at": t + rng.integers(18, 60, len(keys)) * HOUR_US,
    }
    payouts = rows(payouts, np.flatnonzero(keep))
    outgoing = _ledger_rows(
        spec, PAYOUT, "po", payouts, payouts["t"], -payouts["amount"], np.zeros(size(payouts))
    )
    back = rows(
        payouts, np.flatnonzero((payouts["refused"] >= 0) & (payouts["failed_at"] < spec.end_us))
    )
    returned = _ledger_rows(
        spec, PAYOUT_FAILURE, "po", back, back["failed_at"], back["amount"], np.zeros(size(back))
    )
    for part, source in ((outgoing, payouts), (returned, back)):
        part["available"] = part["t"]
        part["payout"] = source["h"]
    return payouts, join([ledger, outgoing, returned])
