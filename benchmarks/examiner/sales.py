"""One sale by hand: a customer with a card, an intent and its charges, as the bulk makes them."""

# ruff: noqa: E501 (statements, rows and letters)

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from benchmarks.examiner.base import World
from benchmarks.examiner.people import Account
from benchmarks.examiner.vocabulary import DECLINE, FIRST, LAST, PER_DOLLAR, ZERO_DECIMAL


@dataclass
class Patron:
    """A customer of an account and the card it uses."""

    id: str
    name: str
    email: str
    pm: str
    brand: str
    last4: str
    country: str
    fingerprint: str
    ip: str
    row: dict[str, Any]
    pm_row: dict[str, Any]


def patron(world: World, a: Account, t: datetime, *, live: bool = True, country: str | None = None,
           attached: bool = True, **over: Any) -> Patron:  # fmt: skip
    """Makes a customer shortly before `t`; `over` replaces columns of the customer."""
    first, last = world.pick(FIRST), world.pick(LAST)
    made = t - timedelta(seconds=world.whole(20, 4000))
    where = country or (a.country if world.chance(0.86) else world.pick(["US", "GB", "FR", "IT"]))
    pm = world.id("pm_1")
    row = {
        "id": world.id("cus_"), "account_id": a.id, "created": made, "livemode": live,
        "email": f"{first}.{last}{world.whole(1, 99)}@".lower()
        + world.pick(["gmail.com", "outlook.com", "icloud.com", "gmx.de", "proton.me"]),
        "name": f"{first} {last}", "balance": 0, "delinquent": False, "address_country": where,
        "address_postal_code": str(world.whole(10000, 99999)), "tax_exempt": "none",
        "tax_location_status": "supported", "metadata": "{}", "deleted": False,
    } | over  # fmt: skip
    world.add("customers", **row)
    brand, last4 = world.pick(["visa", "visa", "mastercard", "amex"]), f"{world.whole(0, 9999):04d}"
    pm_row = world.add(
        "payment_methods", id=pm, account_id=a.id, customer_id=row["id"] if attached else None,
        type="card", created=made + timedelta(seconds=9), livemode=live, card_brand=brand,
        card_last4=last4, card_country=where, card_fingerprint=world.hex(16),
        card_funding=world.pick(["credit", "debit", "debit"]), card_exp_month=world.whole(1, 12),
        card_exp_year=world.whole(2027, 2030),
    )  # fmt: skip
    return Patron(row["id"], row["name"], row["email"], pm, brand, last4, where,
                  pm_row["card_fingerprint"], world.address(), world.pending["customers"][-1],
                  pm_row)  # fmt: skip


def price_of(world: World, a: Account, dollars: float | None = None,
             currency: str | None = None) -> int:  # fmt: skip
    """An amount in minor units, about `dollars` worth."""
    ccy = currency or a.currency
    worth = dollars if dollars is not None else float(world.rng.lognormal(3.7, 0.8)) + 3
    return max(round(worth * PER_DOLLAR[ccy] * (1 if ccy in ZERO_DECIMAL else 100)), 75)


@dataclass
class Sale:
    """An intent with its attempts; rows may be changed until the next flush."""

    pi: dict[str, Any]
    charges: list[dict[str, Any]]
    who: Patron

    @property
    def last(self) -> dict[str, Any]:
        """The latest attempt."""
        return self.charges[-1]


def sell(world: World, a: Account, t: datetime, attempts: list[str], *, amount: int | None = None,
         currency: str | None = None, who: Patron | None = None, live: bool = True,
         gap: float | None = None, metadata: dict[str, Any] | None = None,
         **over: Any) -> Sale:  # fmt: skip
    """A sale whose `attempts` are "ok", "pending", "held" or decline codes, in order.

    `over` replaces columns of the intent.
    """
    who = who or patron(world, a, t, live=live, attached=world.chance(0.4))
    ccy, sum_ = currency or a.currency, amount or price_of(world, a, currency=currency)
    if metadata is None:
        metadata = {"order_id": str(world.whole(10000, 809999))} if a.orders else {}
    final = attempts[-1] if attempts else "none"
    status = {"ok": "succeeded", "pending": "processing", "held": "requires_capture"}.get(
        final, "requires_payment_method")  # fmt: skip
    pi = {
        "id": world.id("pi_3"), "account_id": a.id, "customer_id": who.id, "created": t,
        "livemode": live, "amount": sum_, "amount_capturable": sum_ if final == "held" else 0,
        "amount_received": sum_ if final == "ok" else 0, "currency": ccy, "status": status,
        "capture_method": "manual" if final == "held" else "automatic_async"
        if a.actor.asynchronous else "automatic", "confirmation_method": "automatic",
        "setup_future_usage": None, "payment_method_id": who.pm if attempts else None,
        "metadata": json.dumps(metadata, separators=(",", ":")),
    } | over  # fmt: skip
    if a.actor is not a and "application_fee_amount" not in over:
        pi["application_fee_amount"] = int(sum_ * 0.08)
    world.add("payment_intents", **pi)
    pi = world.pending["payment_intents"][-1]
    charges, at = [], t + timedelta(seconds=world.whole(2, 14))
    for outcome in attempts:
        charges.append(_attempt(world, a, pi, who, at, outcome))
        at += timedelta(seconds=gap if gap is not None else world.whole(40, 900))
    if charges:
        pi["latest_charge_id"] = charges[-1]["id"]
        if charges[-1]["status"] == "failed":
            pi["last_payment_error_code"] = charges[-1]["failure_code"]
            pi["last_payment_error_decline_code"] = (
                "generic_decline" if charges[-1]["outcome_type"] == "blocked" else final)  # fmt: skip
            pi["last_payment_error_message"] = charges[-1]["failure_message"]
    return Sale(pi, charges, who)


def _attempt(world: World, a: Account, pi: dict[str, Any], who: Patron, at: datetime,
             outcome: str) -> dict[str, Any]:  # fmt: skip
    good = outcome in ("ok", "held", "pending")
    row: dict[str, Any] = {
        "id": world.id("ch_3"), "account_id": a.id, "payment_intent_id": pi["id"],
        "customer_id": who.id, "invoice_id": pi.get("invoice_id"), "created": at,
        "livemode": pi["livemode"], "amount": pi["amount"],
        "amount_captured": pi["amount"] if outcome == "ok" else 0, "amount_refunded": 0,
        "currency": pi["currency"], "status": {"pending": "pending"}.get(outcome, "succeeded")
        if good else "failed", "paid": outcome in ("ok", "held"), "captured": outcome in (
        "ok", "pending"), "refunded": False, "disputed": False,
        "outcome_type": "authorized" if good else "issuer_declined",
        "outcome_network_status": "approved_by_network" if good else "declined_by_network",
        "outcome_risk_level": "normal", "outcome_risk_score": world.whole(2, 55),
        "payment_method_id": who.pm, "payment_method_type": "sepa_debit" if outcome == "pending"
        else "card", "card_brand": who.brand, "card_last4": who.last4, "card_country": who.country,
        "card_fingerprint": who.fingerprint, "card_cvc_check": "fail" if outcome == "incorrect_cvc"
        else "pass", "card_address_zip_check": "fail" if outcome == "incorrect_zip"
        else world.pick(["pass", "pass", None]), "client_ip": who.ip,
        "statement_descriptor": a.domain.split(".")[0].upper(), "metadata": pi["metadata"],
        "application_fee_amount": pi.get("application_fee_amount"),
        "on_behalf_of": pi.get("on_behalf_of"),
        "destination_account_id": pi.get("transfer_data_destination"),
        "transfer_group": pi.get("transfer_group"),
    }  # fmt: skip
    if not good:
        code = DECLINE.get(outcome) or (outcome, 1, "card_declined", "Your card was declined.",
                                        "05", "try_again_later")  # fmt: skip
        row |= {"failure_code": code[2], "failure_message": code[3], "outcome_reason": outcome,
                "outcome_network_decline_code": code[4], "outcome_advice_code": code[5]}  # fmt: skip
    if outcome == "pending":
        for name in ("card_brand", "card_last4", "card_country", "card_fingerprint"):
            row[name] = None
    world.add("charges", **row)
    return world.pending["charges"][-1]


def refund(world: World, charge: dict[str, Any], at: datetime, amount: int | None = None,
           **over: Any) -> dict[str, Any]:  # fmt: skip
    """A refund of a charge row that is still pending; adjusts the charge when it succeeded."""
    back = amount or charge["amount"]
    row = {
        "id": world.id("re_3"), "account_id": charge["account_id"], "charge_id": charge["id"],
        "payment_intent_id": charge["payment_intent_id"], "created": at, "amount": back,
        "currency": charge["currency"], "status": "succeeded", "reason":
        world.pick(["requested_by_customer", None]), "destination_details_type": "card",
        "destination_details_card_type": "reversal" if at - charge["created"] < timedelta(hours=20)
        else "refund", "destination_details_reference":
        "7" + "".join(str(k) for k in world.rng.integers(0, 10, 22)),
        "destination_details_reference_status": "available", "metadata": "{}",
        "livemode": charge["livemode"],
    } | over  # fmt: skip
    world.add("refunds", **row)
    if row["status"] not in ("failed", "canceled"):
        charge["amount_refunded"] += back
        charge["refunded"] = charge["amount_refunded"] >= charge["amount"]
    return world.pending["refunds"][-1]
