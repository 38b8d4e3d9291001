"""Contract columns of where money went after a payment: the ledger, refunds, disputes, payouts."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from headwater.sandbox.columns import Frame, coded, ids, mixed_ids, moments
from headwater.sandbox.money import BT_CATEGORIES, BT_TYPES, PAYOUT, PAYOUT_FAILURE
from headwater.sandbox.population import Population
from headwater.sandbox.randomness import Array, share
from headwater.sandbox.tables import Materialise, base, currency

_REFUSALS = (
    ("account_closed", "The bank account has been closed."),
    ("no_account", "The bank account could not be located."),
    ("invalid_account_number", "The account number has the right form, but it is invalid."),
    ("debit_not_authorized", "Debit transactions are not approved on the bank account."),
)  # fmt: skip
REFUSAL_CODES = tuple(r[0] for r in _REFUSALS)


def balance_transactions(people: Population, end_us: int) -> Materialise:
    """Columns of `balance_transactions`."""

    def make(frame: Frame) -> dict[str, Any]:
        kind = frame["kind"].astype(np.int32)
        return {
            **base(people, frame),
            "id": ids("txn", frame["h"]),
            "available_on": moments(frame["available"]),
            "amount": frame["amount"],
            "fee": frame["fee"],
            "net": frame["amount"] - frame["fee"],
            "currency": currency(people, frame["acc"]),
            "type": coded(kind, BT_TYPES),
            "reporting_category": coded(kind, BT_CATEGORIES),
            "balance_type": coded(np.zeros(len(kind), dtype=np.int32), ("payments",)),
            "source_id": mixed_ids(frame["source_kind"], frame["source"]),
            "status": coded(
                (frame["available"] < end_us).astype(np.int32), ("pending", "available")
            ),
            "payout_id": ids(
                "po", np.where(np.isin(kind, (PAYOUT, PAYOUT_FAILURE)), 0, frame["payout"])
            ),
        }

    return make


def refunds(people: Population) -> Materialise:
    """Columns of `refunds`."""

    def make(frame: Frame) -> dict[str, Any]:
        failed = frame["fails"]
        reference = pc.cast(pa.array((share(frame["h"], 71) * 9e14).astype(np.int64)), pa.string())
        return {
            **base(people, frame),
            "id": ids("re", frame["h"]),
            "charge_id": ids("ch", frame["ch"]),
            "payment_intent_id": ids("pi", frame["pi"]),
            "amount": frame["amount"],
            "currency": currency(people, frame["acc"]),
            "status": coded(failed.astype(np.int32), ("succeeded", "failed")),
            "failure_reason": coded(np.where(failed, 0, -1), ("expired_or_canceled_card",)),
            "reason": coded(
                (share(frame["h"], 72) * 4).astype(np.int32) - 1,
                ("requested_by_customer", "duplicate", "requested_by_customer"),
            ),
            "balance_transaction_id": ids("txn", np.where(failed, 0, frame["bt"])),
            "destination_details_type": coded(np.zeros(len(failed), dtype=np.int32), ("card",)),
            "destination_details_card_type": coded(
                (share(frame["h"], 73) < 0.15).astype(np.int32), ("refund", "reversal")
            ),
            "destination_details_reference": reference,
            "destination_details_reference_status": coded(
                np.zeros(len(failed), dtype=np.int32), ("available",)
            ),
            "metadata": None,
        }

    return make


def disputes(people: Population) -> Materialise:
    """Columns of `disputes`."""

    def make(frame: Frame) -> dict[str, Any]:
        state = (share(frame["h"], 81) * 3).astype(np.int32)
        return {
            **base(people, frame),
            "id": ids("dp", frame["h"]),
            "charge_id": ids("ch", frame["ch"]),
            "payment_intent_id": ids("pi", frame["pi"]),
            "amount": frame["amount"],
            "currency": currency(people, frame["acc"]),
            "reason": coded(
                frame["reason"], ("fraudulent", "product_not_received", "duplicate", "general")
            ),
            "status": coded(state, ("needs_response", "under_review", "lost")),
            "is_charge_refundable": pa.array(np.zeros(len(state), dtype=bool)),
            "evidence_due_by": moments(frame["t"] + 9 * 86_400_000_000),
            "evidence_has_evidence": pa.array(state > 0),
            "evidence_past_due": pa.array(np.zeros(len(state), dtype=bool)),
            "evidence_submission_count": (state > 0).astype(np.int32),
        }

    return make


def payouts(people: Population, end_us: int) -> Materialise:
    """Columns of `payouts`."""

    def make(frame: Frame) -> dict[str, Any]:
        refused = frame["refused"].astype(np.int32)
        over = frame["failed_at"] < end_us
        state = np.select([(refused >= 0) & over, over], [2, 1], 0)
        reason = np.where(state == 2, refused, -1)
        destination = people.bank[frame["acc"]]
        arrival = pa.array(frame["t"] // 86_400_000_000 + 2, pa.int32()).cast(pa.date32())
        return {
            **base(people, frame),
            "id": ids("po", frame["h"]),
            "arrival_date": arrival,
            "amount": frame["amount"],
            "currency": currency(people, frame["acc"]),
            "status": coded(state, ("in_transit", "paid", "failed")),
            "automatic": pa.array(np.ones(len(state), dtype=bool)),
            "method": coded(np.zeros(len(state), dtype=np.int32), ("standard",)),
            "type": coded(np.zeros(len(state), dtype=np.int32), ("bank_account",)),
            "destination_id": ids("ba", destination),
            "destination_last4": pc.cast(pa.array(last4(destination)), pa.string()),
            "balance_transaction_id": ids("txn", frame["bt"]),
            "failure_balance_transaction_id": ids(
                "txn", np.where(reason >= 0, frame["back_bt"], 0)
            ),
            "failure_code": coded(reason, REFUSAL_CODES),
            "failure_message": coded(reason, [r[1] for r in _REFUSALS]),
            "reconciliation_status": coded(np.zeros(len(state), dtype=np.int32), ("completed",)),
            "trace_id_value": pc.cast(
                pa.array((share(frame["h"], 91) * 9e11).astype(np.int64), mask=state != 1),
                pa.string(),
            ),
            "trace_id_status": coded(np.where(state == 1, 0, 1), ("supported", "pending")),
        }

    return make


def last4(bank: Array) -> Array:
    """The last four digits of a bank account."""
    return (share(bank, 92) * 9000 + 1000).astype(np.int32)
