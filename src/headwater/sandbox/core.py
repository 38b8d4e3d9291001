"""Everything except the request log's bulk: drawn for the whole window, kept as numbers."""

from dataclasses import dataclass

import numpy as np

from headwater.sandbox import requests as log
from headwater.sandbox.columns import Frame, join, rows, size
from headwater.sandbox.dimensions import draw_customers, draw_setups
from headwater.sandbox.money import (
    CHARGE,
    PAYOUT,
    PAYOUT_FAILURE,
    REFUND,
    draw_disputes,
    draw_ledger,
    draw_payouts,
    draw_refunds,
)
from headwater.sandbox.payments import REFUSED, attempts, draw_payments
from headwater.sandbox.plan import Plant, apply_before, draw_plan
from headwater.sandbox.planted_requests import Scratch, planted_requests
from headwater.sandbox.population import Population, populate
from headwater.sandbox.randomness import handles
from headwater.sandbox.spec import DAY_US, WorldSpec
from headwater.sandbox.standing import draw_status_changes
from headwater.sandbox.tables import closing_state
from headwater.sandbox.traffic import (
    account_events,
    object_requests,
    other_events,
    payment_events,
    payment_requests,
)
from headwater.sandbox.webhooks import deliver, pending_counts


@dataclass(slots=True)
class Core:
    """A world before it is written."""

    spec: WorldSpec
    people: Population
    plants: list[Plant]
    customers: Frame
    payments: Frame
    refused: Frame
    charges: Frame
    changes: Frame
    setups: Frame
    refunds: Frame
    disputes: Frame
    ledger: Frame
    payouts: Frame
    events: Frame
    deliveries: Frame
    requests: Frame
    texts: Scratch


def draw_core(spec: WorldSpec) -> Core:
    """All linked objects of the world."""
    people = populate(spec)
    plants = draw_plan(spec, people)
    effects, failing = apply_before(spec, people, plants)
    payments = draw_payments(spec, people, effects)
    charges = attempts(spec, payments)
    closing_state(payments, charges)
    customers = draw_customers(spec, payments, people.seats)
    setups = draw_setups(people, customers, spec.start_us)
    refunds = draw_refunds(spec, people, charges)
    disputes = draw_disputes(spec, charges)
    ledger = draw_ledger(spec, people, charges, refunds, disputes)
    payouts, ledger = draw_payouts(spec, people, ledger, failing)
    _link_money(spec, charges, refunds, disputes, payouts)
    changes = draw_status_changes(spec, people, plants)
    events = join(
        [
            payment_events(spec, people, payments, charges),
            account_events(people, changes),
            other_events(customers, refunds, disputes, payouts, spec.start_us),
        ]
    )
    events = rows(events, np.flatnonzero(events["t"] < spec.end_us))
    deliveries = deliver(spec, people, events)
    events["pending"] = pending_counts(events, deliveries)
    texts = Scratch()
    requests = log.merge(
        [
            payment_requests(spec, people, payments, charges, texts.bodies),
            object_requests(spec, people, customers, refunds, setups),
            planted_requests(spec, people, plants, texts),
        ]
    )
    requests = rows(requests, np.flatnonzero(requests["t"] < spec.end_us))
    requests = rows(requests, np.argsort(requests["t"] // DAY_US, kind="stable"))
    refused = payments["first"] == REFUSED
    turned_away = rows(payments, np.flatnonzero(refused))
    real = rows(payments, np.flatnonzero(~refused))
    return Core(
        spec, people, plants, customers, real, turned_away, charges, changes,
        setups, refunds, disputes, ledger,
        payouts, events, deliveries, requests, texts,
    )  # fmt: skip


def _link_money(
    spec: WorldSpec, charges: Frame, refunds: Frame, disputes: Frame, payouts: Frame
) -> None:
    """Tells objects which ledger rows they have, and charges what was given back."""
    kept = charges["captured"] & (charges["captured_at"] < spec.end_us)
    charges["bt"] = np.where(kept, handles(spec.seed, f"txn{CHARGE}", charges["h"]), 0)
    charges["refunded"] = np.zeros(size(charges), dtype=np.int64)
    charges["disputed"] = np.zeros(size(charges), dtype=bool)
    done = ~refunds["fails"]
    charges["refunded"][refunds["charge_row"][done]] = refunds["amount"][done]
    charges["disputed"][disputes["charge_row"]] = True
    refunds["bt"] = handles(spec.seed, f"txn{REFUND}", refunds["h"])
    payouts["bt"] = handles(spec.seed, f"txn{PAYOUT}", payouts["h"])
    payouts["back_bt"] = handles(spec.seed, f"txn{PAYOUT_FAILURE}", payouts["h"])
