"""Subscriptions, invoices, tax; and the ways to charge twice."""

# ruff: noqa: E501 (rows read better in one line)

from datetime import timedelta
from typing import Any

from benchmarks.examiner import billing
from benchmarks.examiner.plants.frame import Case, Steps, Truth, day, money, plant
from benchmarks.examiner.sales import Patron
from benchmarks.examiner.traffic import request

Made = tuple[dict[str, Any], dict[str, Any], Patron, dict[str, Any]]


def new_sub(c: Case, begun: Any, who: Patron | None = None, **over: Any) -> Made:
    cost = billing.price(c.world, c.a, recurring_interval="month")
    sub, item, who = billing.subscription(c.world, c.a, cost, begun, who=who, **over)
    return sub, item, who, cost


def sub_facts(
    c: Case, sub: dict[str, Any], who: Patron, amount: int, bill: dict[str, Any] | None = None
) -> dict[str, str]:
    more = {"invoice": bill["id"]} if bill else {}
    return {
        "sub": sub["id"],
        "customer": who.name,
        "mail": who.email,
        "cus": who.id,
        "amount": money(amount, sub["currency"]),
        "date": day(bill["created"] if bill else sub["created"]),
    } | more


@plant("SUB-01", "billing", 1.4)
def incomplete(c: Case) -> Steps:
    """The first invoice was never paid."""
    begun = c.ago(0.1, 4)
    late = c.when - begun > timedelta(hours=23)
    sub, item, who, cost = new_sub(c, begun, status="incomplete_expired" if late else "incomplete")
    bill, _ = billing.invoice(
        c.world,
        c.a,
        sub,
        item,
        cost["unit_amount"],
        begun,
        reason="subscription_create",
        attempts=[
            c.world.pick(["insufficient_funds", "authentication_required", "generic_decline"])
        ],
        who=who,
    )
    if late:
        sub["ended_at"] = begun + timedelta(hours=23)
        bill["status"], bill["voided_at"] = "void", sub["ended_at"]
    yield
    return Truth([sub["id"], bill["id"]], sub_facts(c, sub, who, cost["unit_amount"], bill))


@plant("SUB-02", "billing", 1.7)
def dunning(c: Case) -> Steps:
    """Renewal refused, tried again, given up."""
    w = c.world
    ago = w.pick([2, 6, 11, 17])
    t = max(c.when - timedelta(days=ago), w.start + timedelta(hours=2))
    sub, item, who, cost = new_sub(c, t - timedelta(days=60), status="past_due")
    tries = max(1, min(4, int((c.when - t).days / 3.1)))
    bill, _ = billing.invoice(
        w,
        c.a,
        sub,
        item,
        cost["unit_amount"],
        t,
        attempts=[w.pick(["insufficient_funds", "expired_card", "do_not_honor"])] * tries,
        who=who,
    )
    bill["next_payment_attempt"] = c.when + timedelta(days=2)
    if ago > 15 and (c.when - t).days > 13:
        gone = t + timedelta(days=13)
        sub.update(
            {
                "status": "canceled",
                "canceled_at": gone,
                "ended_at": gone,
                "cancellation_details_reason": "payment_failed",
            }
        )
        bill["next_payment_attempt"] = None
    yield
    return Truth([sub["id"], bill["id"]], sub_facts(c, sub, who, cost["unit_amount"], bill))


@plant("SUB-03", "billing", 1.2)
def still_draft(c: Case) -> Steps:
    """Young, or not to be finalised by itself."""
    w = c.world
    young = w.chance(0.5)
    t = c.when - timedelta(minutes=w.whole(8, 50)) if young else c.ago(1, 6)
    sub, item, who, cost = new_sub(c, t - timedelta(days=30))
    bill, _ = billing.invoice(
        w,
        c.a,
        sub,
        item,
        cost["unit_amount"],
        t,
        who=who,
        status="draft",
        finalized_at=None,
        auto_advance=young,
        automatically_finalizes_at=t + timedelta(hours=1) if young else None,
        webhooks_delivered_at=t,
    )
    yield
    return Truth([bill["id"]], sub_facts(c, sub, who, cost["unit_amount"], bill))


@plant("SUB-04", "billing", 1.5)
def proration(c: Case) -> Steps:
    """A change of plan in the middle was charged at once."""
    w, t = c.world, c.ago(0.3, 5)
    sub, item, who, cost = new_sub(c, t - timedelta(days=w.whole(8, 25)))
    amount = cost["unit_amount"] + w.whole(300, 9000)
    bill, _ = billing.invoice(
        w, c.a, sub, item, amount, t, reason="subscription_update", attempts=["ok"], who=who
    )
    for part, text in (
        (-cost["unit_amount"] // 2, "Unused time on"),
        (amount + cost["unit_amount"] // 2, "Remaining time on"),
    ):
        w.add(
            "invoice_line_items",
            id=w.id("il_1"),
            account_id=c.a.id,
            invoice_id=bill["id"],
            subscription_item_id=item["id"],
            price_id=cost["id"],
            amount=part,
            currency=sub["currency"],
            proration=True,
            quantity=1,
            period_start=t,
            period_end=t + timedelta(days=12),
            livemode=True,
            description=f"{text} Premium after {t:%d %b %Y}",
        )
    yield
    row = request(
        w,
        c.a,
        t - timedelta(seconds=1),
        "POST",
        "/v1/subscriptions/:id",
        oid=sub["id"],
        body={
            "items": [{"id": item["id"], "price": cost["id"]}],
            "proration_behavior": "always_invoice",
        },
    )
    return Truth([bill["id"], sub["id"], row["id"]], sub_facts(c, sub, who, amount, bill))


@plant("SUB-05", "billing", 1.1)
def no_trial(c: Case) -> Steps:
    """Charged at once although a trial was meant; or refused for want of a card."""
    w, t = c.world, c.ago(0.2, 4)
    sub, item, who, cost = new_sub(c, t, trial_end=None)
    bill, _ = billing.invoice(
        w,
        c.a,
        sub,
        item,
        cost["unit_amount"],
        t,
        reason="subscription_create",
        attempts=["ok"],
        who=who,
    )
    yield
    row = request(
        w,
        c.a,
        t - timedelta(seconds=40),
        "POST",
        "/v1/subscriptions",
        status=400,
        param="trial_from_plan",
        message="This customer has no attached payment source or default payment method; a trial without one needs trial_settings[end_behavior][missing_payment_method].",
        body={"customer": who.id, "trial_from_plan": True},
    )
    return Truth(
        [sub["id"], bill["id"], row["id"]], sub_facts(c, sub, who, cost["unit_amount"], bill)
    )


@plant("SUB-06", "billing", 1.2)
def upgrade_later(c: Case) -> Steps:
    """The difference waits for the next invoice."""
    w, t = c.world, c.ago(0.2, 5)
    sub, item, who, cost = new_sub(c, t - timedelta(days=w.whole(5, 20)))
    ids = [
        w.add(
            "invoice_items",
            id=w.id("ii_1"),
            account_id=c.a.id,
            customer_id=who.id,
            subscription_id=sub["id"],
            invoice_id=None,
            amount=part,
            currency=sub["currency"],
            proration=True,
            date=t,
            livemode=True,
        )["id"]
        for part in (-cost["unit_amount"] // 2, cost["unit_amount"] * 2)
    ]
    yield
    row = request(
        w,
        c.a,
        t - timedelta(seconds=1),
        "POST",
        "/v1/subscriptions/:id",
        oid=sub["id"],
        body={
            "items": [{"id": item["id"], "price": cost["id"]}],
            "proration_behavior": "create_prorations",
        },
    )
    return Truth(
        [sub["id"], *ids, row["id"]],
        sub_facts(c, sub, who, cost["unit_amount"] * 2) | {"date": day(t)},
    )


@plant("SUB-08", "billing", 1.3)
def until_period_end(c: Case) -> Steps:
    """Cancelled, and active until the period is over."""
    t = c.ago(0.2, 6)
    sub, item, who, cost = new_sub(c, t - timedelta(days=9))
    sub.update(
        {
            "cancel_at_period_end": True,
            "cancel_at": item["current_period_end"],
            "canceled_at": t,
            "cancellation_details_reason": "cancellation_requested",
            "billing_mode_type": c.world.pick(["classic", "flexible"]),
        }
    )
    yield
    return Truth([sub["id"]], sub_facts(c, sub, who, cost["unit_amount"]) | {"date": day(t)})


@plant("SUB-10", "billing", 1.1)
def usage_lost(c: Case) -> Steps:
    """Reported after the period, or for a customer that is not one."""
    w, t = c.world, c.ago(0.5, 4)
    sub, item, who, cost = new_sub(c, t - timedelta(days=30))
    bill, _ = billing.invoice(w, c.a, sub, item, cost["unit_amount"], t, attempts=["ok"], who=who)
    ids = []
    for _ in range(w.whole(4, 20)):
        late = w.between(t + timedelta(minutes=20), c.when)
        ids.append(
            w.add(
                "meter_events",
                identifier=w.uuid(),
                account_id=c.a.id,
                event_name="api_calls",
                customer_id=who.id,
                value=float(w.whole(1, 900)),
                timestamp=late if w.chance(0.5) else t - timedelta(hours=w.whole(1, 90)),
                created=late,
                livemode=True,
                error_code=w.pick([None, "timestamp_too_far_in_past"]),
            )["identifier"]
        )
    yield
    return Truth(
        [sub["id"], bill["id"], *ids[:3]], sub_facts(c, sub, who, cost["unit_amount"], bill)
    )


@plant("SUB-11", "billing", 1.2)
def credit(c: Case) -> Steps:
    """A credit balance paid for it."""
    w, t = c.world, c.ago(0.3, 6)
    sub, item, who, cost = new_sub(c, t - timedelta(days=30))
    whole = cost["unit_amount"]
    used = whole if w.chance(0.6) else whole // 2
    bill, _ = billing.invoice(
        w,
        c.a,
        sub,
        item,
        whole,
        t,
        attempts=None if used == whole else ["ok"],
        who=who,
        starting_balance=-used,
        ending_balance=0,
        amount_due=whole - used,
        amount_paid=whole - used,
        amount_remaining=0,
        status="paid",
        paid_at=t + timedelta(hours=1),
    )
    row = w.add(
        "customer_balance_transactions",
        id=w.id("cbtxn_1", 18),
        account_id=c.a.id,
        customer_id=who.id,
        created=t + timedelta(hours=1),
        amount=used,
        ending_balance=0,
        type="applied_to_invoice",
        invoice_id=bill["id"],
        livemode=True,
    )
    w.add(
        "customer_balance_transactions",
        id=w.id("cbtxn_1", 18),
        account_id=c.a.id,
        customer_id=who.id,
        created=t - timedelta(days=3),
        amount=-used,
        ending_balance=-used,
        type="adjustment",
        livemode=True,
    )
    yield
    return Truth([bill["id"], row["id"]], sub_facts(c, sub, who, whole, bill))


@plant("SUB-15", "billing", 1.1)
def not_finalised(c: Case) -> Steps:
    """The invoice could not be finalised."""
    w, t = c.world, c.ago(0.3, 5)
    sub, item, who, cost = new_sub(c, t - timedelta(days=30), automatic_tax_enabled=True)
    bill, _ = billing.invoice(
        w,
        c.a,
        sub,
        item,
        cost["unit_amount"],
        t,
        who=who,
        status="draft",
        finalized_at=None,
        automatic_tax_enabled=True,
        last_finalization_error_code=w.pick(
            ["customer_tax_location_invalid", "invoice_no_payment_method_types"]
        ),
        webhooks_delivered_at=t + timedelta(hours=1),
    )
    w.add(
        "events",
        id=w.id("evt_1"),
        account_id=c.a.id,
        type="invoice.finalization_failed",
        created=t + timedelta(hours=1),
        livemode=True,
        api_version=c.a.version,
        data_object_type="invoice",
        data_object_id=bill["id"],
        data='{"object":{"id":"' + bill["id"] + '","object":"invoice","status":"draft"}}',
    )
    yield
    return Truth(
        [bill["id"]],
        sub_facts(c, sub, who, cost["unit_amount"], bill),
        ["TAX-01"] if bill["last_finalization_error_code"].startswith("customer") else [],
    )
