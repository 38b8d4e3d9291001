"""What payments leave behind elsewhere: the API calls that made them and their events."""

import json

import numpy as np

from headwater.sandbox import requests as log
from headwater.sandbox import vocabulary as words
from headwater.sandbox.columns import KIND, Frame, Texts, join, rows, size
from headwater.sandbox.payments import (
    ABANDONED,
    AUTHENTICATION,
    BLOCKED,
    DECLINED,
    PAID,
    REFUSED,
)
from headwater.sandbox.population import PUBLIC_KEY, Population
from headwater.sandbox.randomness import Array, handles, mix, share, stream
from headwater.sandbox.spec import SECOND_US, WorldSpec

# The request that caused each event, and that request's idempotency key.
Causes = tuple[Array, Array]


def _failure(outcome: Array, decline: Array) -> Array:
    """The failure code of an attempt's answer; 0 where it went well."""
    return np.asarray(
        np.select(
            [
                outcome == DECLINED,
                outcome == AUTHENTICATION,
                outcome == BLOCKED,
                outcome == REFUSED,
            ],
            [
                decline + 1,
                words.FAILURE["authentication_required"],
                words.FAILURE["blocked"],
                words.FAILURE["not_enabled"],
            ],
            0,
        )
    )


def _bodies(texts: Texts, frame: Frame, people: Population, confirm: Array) -> Array:
    """Index of the redacted request body of each creating call."""
    table = np.empty((len(words.COUNTRIES), 2, 2, 2), dtype=np.int32)
    for c, (_, currency, _, _) in enumerate(words.COUNTRIES):
        for code in range(8):
            off, manual, now = code & 1, code >> 1 & 1, code >> 2 & 1
            body = {"amount": "[redacted]", "currency": currency, "customer": "[redacted]"}
            body |= {"confirm": "true"} if now else {}
            body |= {"off_session": "true", "payment_method": "[redacted]"} if off else {}
            body |= {"capture_method": "manual"} if manual else {}
            table[c, off, manual, now] = texts.add(json.dumps(body))
    country = people.country[frame["acc"]]
    absent, held = frame["off"].astype(int), frame["manual"].astype(int)
    return np.asarray(table[country, absent, held, confirm.astype(int)])


def creating_request(payments: Frame) -> Array:
    """The handle of the call that created each payment."""
    return mix(payments["h"] ^ np.uint64(0xC0FFEE))


def confirming_request(charge: Array) -> Array:
    """The handle of the call that confirmed an attempt apart from its creation."""
    return mix(charge ^ np.uint64(0xBEEF))


def order_key(people: Population, payments: Frame) -> Array:
    """The idempotency key of each creating call; 0 where the account sends none."""
    sends = people.uses_idempotency[payments["acc"]]
    # Some retries carry no key at all, others a new one each time.
    sends = sends & ~((payments["copy"] == 2) & (share(payments["h"], 31) < 0.4))
    return np.where(sends, mix(payments["h"] ^ np.uint64(0x1DE)), 0)


def payment_requests(
    spec: WorldSpec, people: Population, payments: Frame, charges: Frame, texts: Texts
) -> Frame:
    """Calls that created and confirmed payments."""
    rng = stream(spec.seed, "payment-requests")
    n = size(payments)
    acc = payments["acc"]
    by_client = people.client_confirm[acc] & ~payments["off"]
    at_once = ~by_client & (payments["first"] != ABANDONED)
    refused = payments["first"] == REFUSED
    failure = np.where(at_once | refused, _failure(payments["first"], payments["decline"]), 0)
    params = mix(acc.astype(np.uint64) ^ mix(payments["order"].astype(np.uint64)))
    # A second click goes through a new page, so its parameters differ; a blind retry's do not.
    params = np.where(payments["copy"] == 1, mix(params), params)
    first_charge = handles(spec.seed, "ch1", payments["h"])
    duration = log.durations(rng, n, True)
    create = log.blank(
        n,
        **log.caller(people, acc, payments["t"], payments["live"], rng.random(n)),
        h=creating_request(payments),
        route=words.ROUTE["POST", "/v1/payment_intents"],
        kind=np.where(refused, 0, KIND["pi"]),
        object=np.where(refused, 0, payments["h"]),
        failure=failure,
        idem=order_key(people, payments),
        params=params | np.uint64(1),
        body=_bodies(texts, payments, people, at_once | refused),
        duration=np.where(payments["slow"] > 0, payments["slow"], duration),
        charge=np.where((failure > 0) & ~refused, first_charge, 0),
    )
    separate = (charges["nth"] == 2) | by_client[charges["row"]]
    tries = rows(charges, np.flatnonzero(separate))
    m = size(tries)
    client = by_client[tries["row"]]
    who = log.caller(people, tries["acc"], tries["t"], tries["live"], rng.random(m))
    public = np.where(tries["live"], people.keys[tries["acc"], PUBLIC_KEY], who["key"])
    who["key"] = np.where(client, public, who["key"])
    confirm_failure = _failure(tries["outcome"], tries["decline"])
    confirm = log.blank(
        m,
        **who,
        h=confirming_request(tries["h"]),
        route=words.ROUTE["POST", "/v1/payment_intents/:id/confirm"],
        kind=KIND["pi"],
        object=tries["pi"],
        source=client.astype(np.int8),
        failure=confirm_failure,
        params=mix(tries["h"]) | np.uint64(1),
        duration=log.durations(rng, m, True),
        charge=np.where(confirm_failure > 0, tries["h"], 0),
    )
    confirm["t"] -= 400_000
    return join([create, confirm])


def object_requests(
    spec: WorldSpec, people: Population, customers: Frame, refunds: Frame, setups: Frame
) -> Frame:
    """Calls that created customers, refunds and setup intents inside the window."""
    rng = stream(spec.seed, "object-requests")
    parts = []
    new = rows(customers, np.flatnonzero(customers["t"] >= spec.start_us))
    for frame, kind, template in (
        (new, "cus", "/v1/customers"),
        (refunds, "re", "/v1/refunds"),
        (setups, "seti", "/v1/setup_intents"),
    ):
        n = size(frame)
        request = frame["request"]
        parts.append(
            log.blank(
                n,
                **log.caller(people, frame["acc"], frame["t"], frame["live"], rng.random(n)),
                h=request,
                route=words.ROUTE["POST", template],
                kind=KIND[kind],
                object=frame["h"],
                idem=np.where(people.uses_idempotency[frame["acc"]], mix(request), 0),
                params=mix(frame["h"]) | np.uint64(1),
                duration=log.durations(rng, n, True),
            )
        )
    return join(parts)


def _event(
    name: str, kind: str, frame: Frame, t: Array, *, obj: str = "h", cause: Causes | None = None
) -> Frame:
    n = size(frame)
    none = np.zeros(n, dtype=np.uint64)
    request, idem = cause or (none, none)
    return {
        "h": handles(0, name, frame["h"]),
        "acc": frame["acc"],
        "t": t,
        "live": frame["live"],
        "type": np.full(n, words.EVENT[name], dtype=np.int8),
        "kind": np.full(n, KIND[kind], dtype=np.int8),
        "object": frame[obj],
        "request": request,
        "idem": idem,
    }


def payment_events(spec: WorldSpec, people: Population, payments: Frame, charges: Frame) -> Frame:
    """Events of payments and their attempts, with the request that caused each."""
    keys = order_key(people, payments)
    made = np.flatnonzero(payments["first"] != REFUSED)
    born = rows(payments, made)
    waiting = np.flatnonzero(payments["first"] == ABANDONED)
    by_client = people.client_confirm[payments["acc"]] & ~payments["off"]
    separate = (charges["nth"] == 2) | by_client[charges["row"]]
    creating = creating_request(payments)
    cause = np.where(separate, confirming_request(charges["h"]), creating[charges["row"]])
    key = np.where(separate, 0, keys[charges["row"]])
    good = np.flatnonzero(charges["outcome"] == PAID)
    bad = np.flatnonzero(charges["outcome"] != PAID)
    full = np.flatnonzero(charges["captured"])
    won, lost, kept = rows(charges, good), rows(charges, bad), rows(charges, full)
    stuck = rows(payments, waiting)
    by_creation = (creating[made], keys[made])
    by_waiting = (creating[waiting], keys[waiting])
    by_win, by_loss, by_capture = ((cause[i], key[i]) for i in (good, bad, full))
    soon = 200_000
    parts = [
        _event("payment_intent.created", "pi", born, born["t"], cause=by_creation),
        _event("payment_intent.requires_action", "pi", stuck, stuck["t"] + soon, cause=by_waiting),
        _event("charge.succeeded", "ch", won, won["t"], cause=by_win),
        _event("charge.failed", "ch", lost, lost["t"], cause=by_loss),
        _event(
            "payment_intent.succeeded", "pi", kept, kept["captured_at"] + soon, obj="pi",
            cause=by_capture,
        ),
        _event(
            "payment_intent.payment_failed", "pi", lost, lost["t"] + soon, obj="pi", cause=by_loss
        ),
    ]  # fmt: skip
    return join(parts)


def other_events(
    customers: Frame, refunds: Frame, disputes: Frame, payouts: Frame, start_us: int
) -> Frame:
    """Events of customers, refunds, disputes and payouts."""
    new = rows(customers, np.flatnonzero(customers["t"] >= start_us))
    paid = rows(payouts, np.flatnonzero(payouts["refused"] < 0))
    failed = rows(payouts, np.flatnonzero(payouts["refused"] >= 0))
    none = np.zeros(size(new), dtype=np.uint64)
    by_refund = (refunds["request"], np.zeros(size(refunds), dtype=np.uint64))
    given_back = refunds["t"] + SECOND_US
    parts = [
        _event("customer.created", "cus", new, new["t"], cause=(new["request"], none)),
        _event("charge.refunded", "ch", refunds, given_back, obj="ch", cause=by_refund),
        _event("charge.dispute.created", "dp", disputes, disputes["t"]),
        _event("payout.created", "po", payouts, payouts["t"]),
        _event("payout.paid", "po", paid, paid["failed_at"]),
        _event("payout.failed", "po", failed, failed["failed_at"]),
    ]
    return join(parts)


def account_events(people: Population, changes: Frame) -> Frame:
    """An `account.updated` for every change of an account's standing."""
    changes = dict(changes, object=people.handle[changes["acc"]])
    return _event("account.updated", "acct", changes, changes["t"], obj="object")
