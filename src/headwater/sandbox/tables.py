"""Contract columns of payments and of what is told about them, from compact rows."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from headwater.sandbox import vocabulary as words
from headwater.sandbox.columns import (
    Frame,
    coded,
    hexes,
    ids,
    mixed_ids,
    moments,
    rows,
)
from headwater.sandbox.payments import (
    ABANDONED,
    AUTHENTICATION,
    BLOCKED,
    DECLINED,
    HOLD,
    PAID,
    UNTRIED,
)
from headwater.sandbox.population import Population
from headwater.sandbox.randomness import Array, handles, share
from headwater.sandbox.webhooks import RESULTS, endpoint_url

Materialise = Callable[[Frame], dict[str, Any]]
_CODES = [d[0] for d in words.DECLINES]
_MESSAGES = [d[1] for d in words.DECLINES]
_BRANDS = ("visa", "mastercard", "amex", "discover")
_DOUBTFUL = ("incorrect_cvc", "expired_card")


def currency(people: Population, acc: Array) -> Any:
    """The account's currency per row."""
    return coded(people.country[acc].astype(np.int32), [c[1] for c in words.COUNTRIES])


def base(people: Population, frame: Frame) -> dict[str, Any]:
    """The columns that every fact has."""
    return {
        "account_id": coded(frame["acc"], people.ids),
        "created": moments(frame["t"]),
        "livemode": pa.array(frame["live"]),
    }


def card_of(customer: Array) -> dict[str, Any]:
    """The card a customer pays with, stable per customer."""
    last4 = (share(customer, 41) * 9000 + 1000).astype(np.int32)
    country = (share(customer, 42) * len(words.COUNTRIES)).astype(np.int32)
    brand = np.searchsorted([0.55, 0.88, 0.96], share(customer, 43)).astype(np.int32)
    return {
        "card_brand": coded(brand, _BRANDS),
        "card_last4": pc.cast(pa.array(last4), pa.string()),
        "card_country": coded(country, [c[0] for c in words.COUNTRIES]),
        "card_fingerprint": hexes(handles(0, "print", customer), 16),
    }


def payment_intents(people: Population) -> Materialise:
    """Columns of `payment_intents`."""

    def make(frame: Frame) -> dict[str, Any]:
        acc, last = frame["acc"], frame["last"]
        error = np.select(
            [last == DECLINED, last == AUTHENTICATION, last == BLOCKED],
            [frame["last_decline"], len(_CODES), len(_CODES) + 1], -1,
        )  # fmt: skip
        error_codes = [c if c in _DOUBTFUL else "card_declined" for c in _CODES]
        received = np.where(frame["captured"], frame["amount"], 0)
        status = _intent_status(frame)
        text = pc.cast(pa.array(frame["order"]), pa.string())
        metadata = pc.binary_join_element_wise('{"order_id":"', text, '"}', "")
        sends = people.sends_order_id[acc]
        capture = np.where(frame["manual"], 2, np.where(people.version[acc] >= 3, 1, 0))
        return {
            **base(people, frame),
            "id": ids("pi", frame["h"]),
            "customer_id": ids("cus", frame["cus"]),
            "amount": frame["amount"],
            "amount_capturable": np.where(status == 4, frame["amount"], 0),
            "amount_received": received,
            "currency": currency(people, acc),
            "status": coded(status, _INTENT_STATUSES),
            "capture_method": coded(capture, ("automatic", "automatic_async", "manual")),
            "confirmation_method": coded(np.zeros(len(acc), dtype=np.int32), ("automatic",)),
            "setup_future_usage": coded(_saving(people, frame), ("off_session",)),
            "payment_method_id": ids(
                "pm", np.where(last == UNTRIED, 0, handles(0, "pm", frame["cus"]))
            ),
            "latest_charge_id": ids("ch", frame["charge"]),
            "next_action_type": coded(np.where(status == 1, 0, -1), ("use_stripe_sdk",)),
            "last_payment_error_code": coded(
                error, [*error_codes, "authentication_required", "card_declined"]
            ),
            "last_payment_error_decline_code": coded(
                error, [*_CODES, "authentication_required", "fraudulent"]
            ),
            "last_payment_error_message": coded(
                error, [*_MESSAGES, words.AUTHENTICATION_MESSAGE, "Your card was declined."]
            ),
            "metadata": pc.if_else(pa.array(sends), metadata, "{}"),
        }

    return make


_INTENT_STATUSES = (
    "requires_payment_method", "requires_action", "succeeded", "canceled", "requires_capture",
)  # fmt: skip


def _intent_status(frame: Frame) -> Array:
    last, captured = frame["last"], frame["captured"]
    held = np.where((share(frame["h"], 51) < 0.6) & (frame["copy"] != HOLD), 4, 3)
    return np.select(
        [last == ABANDONED, (last == PAID) & captured, last == PAID],
        [1, 2, held], 0,
    ).astype(np.int32)  # fmt: skip


def _saving(people: Population, frame: Frame) -> Array:
    """Some merchants ask to keep the card for later when a customer pays in person."""
    keeps = ~frame["off"] & (people.off_session[frame["acc"]] > 0) & (share(frame["h"], 52) < 0.5)
    return np.where(keeps, 0, -1).astype(np.int32)


def charges(people: Population) -> Materialise:
    """Columns of `charges`."""

    def make(frame: Frame) -> dict[str, Any]:
        acc, outcome, code = frame["acc"], frame["outcome"], frame["decline"]
        paid = outcome == PAID
        reason = np.select(
            [outcome == DECLINED, outcome == AUTHENTICATION, outcome == BLOCKED],
            [code, len(_CODES), len(_CODES) + 1], -1,
        )  # fmt: skip
        failure_codes = [c if c in _DOUBTFUL else "card_declined" for c in _CODES]
        risk = np.where(
            outcome == BLOCKED, 76 + share(frame["h"], 61) * 24, share(frame["h"], 61) ** 2 * 64
        ).astype(np.int32)
        bad_cvc = reason == _CODES.index("incorrect_cvc")
        refunded = frame["refunded"]
        return {
            **base(people, frame),
            "id": ids("ch", frame["h"]),
            "payment_intent_id": ids("pi", frame["pi"]),
            "customer_id": ids("cus", frame["cus"]),
            "amount": frame["amount"],
            "amount_captured": np.where(frame["captured"], frame["amount"], 0),
            "amount_refunded": refunded,
            "currency": currency(people, acc),
            "status": coded(paid.astype(np.int32), ("failed", "succeeded")),
            "paid": pa.array(paid),
            "captured": pa.array(frame["captured"]),
            "refunded": pa.array(paid & (refunded >= frame["amount"])),
            "disputed": pa.array(frame["disputed"]),
            "failure_code": coded(
                reason, [*failure_codes, "authentication_required", "card_declined"]
            ),
            "failure_message": coded(
                reason, [*_MESSAGES, words.AUTHENTICATION_MESSAGE, "Your card was declined."]
            ),
            "outcome_type": coded(
                np.select([paid, outcome == BLOCKED], [0, 2], 1),
                ("authorized", "issuer_declined", "blocked"),
            ),
            "outcome_network_status": coded(
                np.select([frame["copy"] == HOLD, paid, outcome == BLOCKED], [3, 0, 2], 1),
                (
                    "approved_by_network",
                    "declined_by_network",
                    "not_sent_to_network",
                    "reversed_after_approval",
                ),
            ),
            "outcome_reason": coded(
                reason, [*_CODES, "authentication_required", "highest_risk_level"]
            ),
            "outcome_risk_level": coded(
                np.searchsorted([50, 75], risk).astype(np.int32), ("normal", "elevated", "highest")
            ),
            "outcome_risk_score": risk,
            "outcome_advice_code": coded(code, [d[2] for d in words.DECLINES]),
            "outcome_network_decline_code": coded(code, [d[3] for d in words.DECLINES]),
            "payment_method_id": ids("pm", handles(0, "pm", frame["cus"])),
            "payment_method_type": coded(np.zeros(len(acc), dtype=np.int32), ("card",)),
            **card_of(frame["cus"]),
            "card_cvc_check": coded(bad_cvc.astype(np.int32), ("pass", "fail")),
            "card_three_d_secure_result": coded(
                np.where(paid & ~frame["off"] & (share(frame["h"], 62) < 0.2), 0, -1),
                ("authenticated",),
            ),
            "balance_transaction_id": ids("txn", frame["bt"]),
            "client_ip": None,
            "metadata": None,
        }

    return make


def setup_intents(people: Population) -> Materialise:
    """Columns of `setup_intents`."""

    def make(frame: Frame) -> dict[str, Any]:
        zeros = np.zeros(len(frame["h"]), dtype=np.int32)
        return {
            **base(people, frame),
            "id": ids("seti", frame["h"]),
            "customer_id": ids("cus", frame["cus"]),
            "payment_method_id": ids("pm", handles(0, "pm", frame["cus"])),
            "status": coded(zeros, ("succeeded",)),
            "usage": coded(zeros, ("off_session",)),
        }

    return make


def events(people: Population) -> Materialise:
    """Columns of `events`."""
    versions = words.VERSIONS

    def make(frame: Frame) -> dict[str, Any]:
        kind = frame["type"].astype(np.int32)
        objects = mixed_ids(frame["kind"], frame["object"])
        data = pc.binary_join_element_wise('{"object":{"id":"', objects, '"}}', "")
        return {
            **base(people, frame),
            "id": ids("evt", frame["h"]),
            "type": coded(kind, words.EVENTS),
            "api_version": coded(people.version[frame["acc"]].astype(np.int32), versions),
            "data_object_type": coded(kind, words.EVENT_OBJECTS),
            "data_object_id": objects,
            "data": data,
            "request_id": ids("req", frame["request"]),
            "request_idempotency_key": hexes(frame["idem"], 20),
            "pending_webhooks": frame["pending"],
        }

    return make


def webhook_delivery_attempts(people: Population) -> Materialise:
    """Columns of `webhook_delivery_attempts`."""

    def make(frame: Frame) -> dict[str, Any]:
        result = frame["result"].astype(np.int32)
        code = np.array([r[1] for r in RESULTS], dtype=np.int32)[result]
        good = (code >= 200) & (code < 300)
        state = np.select([good, frame["next"] > 0], [0, 1], 2)
        return {
            "id": ids("wda", frame["h"]),
            "account_id": coded(frame["acc"], people.ids),
            "event_id": ids("evt", frame["event"]),
            "webhook_endpoint_id": ids("we", frame["endpoint"]),
            "attempt": frame["attempt"],
            "trigger": coded(np.zeros(len(code), dtype=np.int32), ("automatic",)),
            "attempted_at": moments(frame["t"]),
            "duration_ms": frame["duration"],
            "response_status": pa.array(code, mask=code == 0),
            "response_body_excerpt": coded(result, [r[3] for r in RESULTS]),
            "response_location": _locations(people, frame, code),
            "error_type": coded(result, [r[2] for r in RESULTS]),
            "status": coded(state, ("succeeded", "pending", "failed")),
            "next_attempt_at": moments(frame["next"]),
            "livemode": pa.array(frame["live"]),
        }

    return make


def _locations(people: Population, frame: Frame, code: Array) -> Any:
    moved = code == 301
    acc = np.unique(frame["acc"][moved])
    urls = [
        endpoint_url(people, int(a), 0).replace("https://api.", "https://www.") + "/" for a in acc
    ]
    index = np.where(moved, np.searchsorted(acc, frame["acc"]), -1)
    return coded(index, urls) if len(acc) else pa.nulls(len(code), pa.string())


def closing_state(payments: Frame, attempts: Frame) -> None:
    """Adds to each payment what its last attempt left: outcome, charge, decline, capture."""
    payments["last"] = payments["first"].copy()
    payments["charge"] = np.zeros(len(payments["h"]), dtype=np.uint64)
    payments["last_decline"] = payments["decline"].copy()
    payments["captured"] = np.zeros(len(payments["h"]), dtype=bool)
    for nth in (1, 2):
        part = rows(attempts, np.flatnonzero(attempts["nth"] == nth))
        payments["last"][part["row"]] = part["outcome"]
        payments["charge"][part["row"]] = part["h"]
        payments["last_decline"][part["row"]] = part["decline"]
        payments["captured"][part["row"]] = part["captured"]
