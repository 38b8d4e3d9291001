"""Recurring business: prices, subscriptions, their invoices and the payments of those."""

# ruff: noqa: E501 (statements and rows)

import json
from datetime import datetime, timedelta
from typing import Any

from benchmarks.examiner.base import World
from benchmarks.examiner.people import Account
from benchmarks.examiner.sales import Patron, Sale, patron, price_of, sell
from benchmarks.examiner.vocabulary import DECLINES

PLANS = ["Starter", "Plus", "Team", "Premium", "Membership", "Box", "Family"]


def build(world: World) -> None:
    """Subscriptions of every billing account over the window."""
    for a in world.accounts:
        if not a.billing:
            continue
        live = not a.test_only
        prices = [price(world, a, live=live) for _ in range(world.whole(2, 4))]
        if world.chance(0.5):
            world.add("coupons", id=world.pick(["WELCOME10", "SUMMER25", "FRIEND", "LAUNCH"])
                      + world.id("", 2).upper(), account_id=a.id, percent_off=float(world.pick(
                      [10, 20, 25])), duration=world.pick(["once", "forever", "repeating"]),
                      times_redeemed=world.whole(0, 60), valid=world.chance(0.8),
                      redeem_by=world.end + timedelta(days=world.whole(-60, 200)),
                      livemode=live)  # fmt: skip
        for _ in range(world.whole(1, 3) if world.chance(0.2) else 0):
            world.add("tax_registrations", id=world.id("taxreg_", 14), account_id=a.id,
                      country=world.pick([a.country, "DE", "US"]), status="active",
                      active_from=a.created, livemode=live)  # fmt: skip
        count = int(min(max(world.rng.lognormal(2.7, 0.8), 5), 160))
        for _ in range(count):
            _life(world, a, world.pick(prices), live)
    world.flush()


def price(world: World, a: Account, *, live: bool = True, usage: str = "licensed",
          **over: Any) -> dict[str, Any]:  # fmt: skip
    """A recurring price and its product."""
    product = world.add("products", id=world.id("prod_", 14), account_id=a.id,
                        name=world.pick(PLANS), active=True, livemode=live,
                        tax_code=world.pick([None, "txcd_10103001"]))  # fmt: skip
    row = {
        "id": world.id("price_1"), "account_id": a.id, "product_id": product["id"], "active": True,
        "currency": a.currency, "unit_amount": price_of(world, a, world.pick([9, 15, 29, 49, 99])),
        "type": "recurring", "recurring_interval": "month" if world.chance(0.87) else "year",
        "recurring_interval_count": 1, "recurring_usage_type": usage, "livemode": live,
        "tax_behavior": world.pick(["unspecified", "exclusive", "inclusive"]),
    } | over  # fmt: skip
    world.add("prices", **row)
    return row


def subscription(world: World, a: Account, cost: dict[str, Any], t: datetime, *,
                 who: Patron | None = None, live: bool = True, **over: Any) -> tuple[
                     dict[str, Any], dict[str, Any], Patron]:  # fmt: skip
    """A subscription with one item; the period is the one that holds the world's end."""
    who = who or patron(world, a, t, live=live)
    who.row["invoice_settings_default_payment_method_id"] = who.pm
    who.row["currency"] = cost["currency"]
    span = timedelta(days=30 if cost["recurring_interval"] == "month" else 365)
    begun = t + span * max(int((world.end - t) / span), 0)
    row = {
        "id": world.id("sub_1"), "account_id": a.id, "customer_id": who.id, "created": t,
        "livemode": live, "status": "active", "collection_method": "charge_automatically",
        "billing_cycle_anchor": t, "billing_mode_type": world.pick(["classic", "classic",
        "flexible"]), "cancel_at_period_end": False, "default_payment_method_id": world.pick(
        [None, who.pm]), "currency": cost["currency"], "automatic_tax_enabled": False,
        "metadata": "{}",
    } | over  # fmt: skip
    sub = world.add("subscriptions", **row)
    item = world.add("subscription_items", id=world.id("si_", 14), account_id=a.id,
                     subscription_id=sub["id"], price_id=cost["id"], quantity=1, livemode=live,
                     current_period_start=begun, current_period_end=begun + span)  # fmt: skip
    return sub, item, who


def invoice(world: World, a: Account, sub: dict[str, Any], item: dict[str, Any], amount: int,
            t: datetime, *, reason: str = "subscription_cycle", attempts: list[str] | None = None,
            who: Patron, **over: Any) -> tuple[dict[str, Any], Sale | None]:  # fmt: skip
    """An invoice and, unless `attempts` is None, its payment one hour later (at once at first)."""
    first = reason in ("subscription_create", "subscription_update")
    done = t + (timedelta(seconds=2) if first else timedelta(hours=1, seconds=world.whole(5, 400)))
    closed = done <= world.end
    paid = bool(attempts) and attempts[-1] == "ok" and closed
    row = {
        "id": world.id("in_1"), "account_id": a.id, "customer_id": who.id,
        "subscription_id": sub["id"], "number": f"{world.id('', 8).upper()}-{world.whole(1, 40):04d}",
        "created": t, "livemode": sub["livemode"], "status": "paid" if paid else "open" if closed
        else "draft", "billing_reason": reason, "collection_method": sub["collection_method"],
        "auto_advance": True, "automatically_finalizes_at": None if first or closed
        else t + timedelta(hours=1), "finalized_at": done if closed else None, "paid_at": done
        + timedelta(seconds=3) if paid else None, "period_start": t - timedelta(days=30),
        "period_end": t, "webhooks_delivered_at": done if closed else None,
        "currency": sub["currency"], "subtotal": amount, "total": amount, "amount_due": amount,
        "amount_paid": amount if paid else 0, "amount_remaining": 0 if paid else amount,
        "starting_balance": 0, "ending_balance": 0 if closed else None,
        "attempt_count": len(attempts or []) if closed else 0, "automatic_tax_enabled": False,
        "hosted_invoice_url": f"https://invoice.stripe.com/i/{a.id}/{world.id('live_', 30)}",
    } | over  # fmt: skip
    bill = world.add("invoices", **row)
    world.add("invoice_line_items", id=world.id("il_1"), account_id=a.id, invoice_id=bill["id"],
              subscription_item_id=item["id"], price_id=item["price_id"], amount=amount,
              currency=sub["currency"], proration=False, quantity=1, period_start=t,
              period_end=t + timedelta(days=30), livemode=sub["livemode"],
              description=f"1 × {world.pick(PLANS)}")  # fmt: skip
    sub["latest_invoice_id"] = bill["id"]
    sale = None
    if attempts and closed and amount > 0:
        sale = sell(world, a, done, attempts, amount=amount, currency=sub["currency"], who=who,
                    live=sub["livemode"], gap=86400 * 3.1, metadata={}, invoice_id=bill["id"],
                    setup_future_usage="off_session")  # fmt: skip
        world.add("invoice_payments", id=world.id("inpay_1"), account_id=a.id, invoice_id=bill["id"],
                  payment_intent_id=sale.pi["id"], amount_requested=amount,
                  amount_paid=amount if paid else 0, status="paid" if paid else "open",
                  is_default=True, created=done, livemode=sub["livemode"])  # fmt: skip
    return bill, sale


def _life(world: World, a: Account, cost: dict[str, Any], live: bool) -> None:
    span = timedelta(days=30 if cost["recurring_interval"] == "month" else 365)
    begun = world.between(max(a.created, world.end - timedelta(days=420)), world.end
                          - timedelta(hours=3))  # fmt: skip
    sub, item, who = subscription(world, a, cost, begun, live=live)
    amount = cost["unit_amount"]
    if world.chance(0.05) and begun > world.end - timedelta(days=20):
        sub |= {"status": "trialing", "trial_start": begun, "trial_end": begun + timedelta(days=14)}
        if sub["trial_end"] < world.end:
            sub["status"] = "active"
        return
    if world.chance(0.06):
        gone = world.between(begun, world.end)
        sub |= {"status": "canceled", "canceled_at": gone, "ended_at": gone,
                "cancellation_details_reason": "cancellation_requested"}  # fmt: skip
    elif world.chance(0.04):
        sub |= {"cancel_at_period_end": True, "canceled_at": world.end - timedelta(days=1),
                "cancel_at": item["current_period_end"],
                "cancellation_details_reason": "cancellation_requested"}  # fmt: skip
    when = begun + span * max(int((world.start - begun) / span), 0)
    while when < (sub.get("ended_at") or world.end):
        if when >= world.start:
            fate, u = ["ok"], world.rng.random()
            if u < 0.035:
                fate = [world.weighted({d[0]: d[1] for d in DECLINES[:7]}), "ok"]
                fate = fate if when < world.end - timedelta(days=5) else fate[:1]
            elif u < 0.045:
                fate = ["insufficient_funds"] * (1 + (when < world.end - timedelta(days=8)))
            kind = "subscription_create" if when == begun else "subscription_cycle"
            bill, _ = invoice(world, a, sub, item, amount, when, reason=kind,
                              attempts=["ok"] if when == begun else fate, who=who)  # fmt: skip
            if bill["status"] == "open" and sub["status"] == "active":
                sub["status"] = "past_due"
                bill["next_payment_attempt"] = world.end + timedelta(days=2)
            if fate[-1] == "ok" and len(fate) > 1 and bill["paid_at"]:
                bill["paid_at"] += timedelta(days=3.1)
            if world.chance(0.01):
                world.add("invoice_items", id=world.id("ii_1"), account_id=a.id, customer_id=who.id,
                          subscription_id=sub["id"], invoice_id=bill["id"], amount=amount // 3,
                          currency=sub["currency"], proration=world.chance(0.5), date=when,
                          livemode=live)  # fmt: skip
        when += span


def order_metadata(**values: Any) -> str:
    """Metadata as the tables hold it."""
    return json.dumps(values, separators=(",", ":"))
