"""Refunds, disputes, payouts, fees, reports."""

# ruff: noqa: E501 (rows read better in one line)

from datetime import timedelta
from typing import Any

from benchmarks.examiner.plants.frame import Case, Steps, Truth, day, facts_of, money, plant
from benchmarks.examiner.sales import Sale, refund, sell
from benchmarks.examiner.traffic import request


def told(c: Case, s: Sale, *ids: str, **more: Any) -> Truth:
    return Truth([*ids, s.last["id"]], facts_of(c.a, s.last, s.who, **more))


def sold(c: Case, low: float, high: float, **over: Any) -> Sale:
    return sell(c.world, c.a, c.ago(low, high), ["ok"], **over)


def _refunded(c: Case, s: Sale, amount: int | None = None, **over: Any) -> dict[str, Any]:
    spot = c.world.between(s.last["created"] + timedelta(minutes=20), c.when - timedelta(minutes=9))
    return refund(c.world, s.last, spot, amount, **over)


@plant("REF-01", "live", 1.3)
def already(c: Case) -> Steps:
    """Tried again although the money is back."""
    s = sold(c, 2, 14)
    back = _refunded(c, s)
    yield
    text = f"Charge {s.last['id']} has already been refunded."
    rows = [
        request(
            c.world,
            c.a,
            c.world.between(back["created"], c.when),
            "POST",
            "/v1/refunds",
            status=400,
            code="charge_already_refunded",
            message=text,
            body={"charge": s.last["id"]},
        )
        for _ in range(c.world.whole(1, 4))
    ]
    return told(c, s, back["id"], rows[-1]["id"], re=back["id"], error=text)


@plant("REF-02", "live", 1.4)
def no_balance(c: Case) -> Steps:
    """Waits until there is money on the balance."""
    w, s = c.world, sold(c, 4, 20)
    back = _refunded(
        c,
        s,
        status="pending",
        pending_reason="insufficient_funds",
        destination_details_reference=None,
        destination_details_reference_status="pending",
    )
    yield
    w.run(
        """INSERT INTO balance_transactions BY NAME SELECT ? AS id, ? AS account_id, ?::TIMESTAMP AS created, ?::TIMESTAMP AS available_on, -g.n - 9000 AS amount, 0 AS fee, -g.n - 9000 AS net, ? AS currency, 'adjustment' AS type, 'other_adjustment' AS reporting_category, 'payments' AS balance_type, 'available' AS status, true AS livemode FROM (SELECT coalesce(sum(net), 0) AS n FROM balance_transactions WHERE account_id = ? AND status = 'available') g WHERE g.n > -9000""",
        w.id("txn_1"),
        c.a.id,
        back["created"] - timedelta(hours=2),
        back["created"] - timedelta(hours=2),
        c.a.currency,
        c.a.id,
    )
    return told(c, s, back["id"], re=back["id"], date=day(back["created"]))


@plant("REF-03", "live", 1.5)
def failed_at_bank(c: Case) -> Steps:
    """The card is gone; the money came back."""
    s = sold(c, 9, 22)
    at = s.last["created"] + timedelta(days=1)
    back = refund(
        c.world,
        s.last,
        min(at, c.when - timedelta(days=4)) if c.world.days > 9 else at,
        status="failed",
        failure_reason=c.world.pick(
            ["expired_or_canceled_card", "lost_or_stolen_card", "declined"]
        ),
    )
    yield
    return told(c, s, back["id"], re=back["id"], date=day(back["created"]))


@plant("REF-04", "live", 1.6)
def on_the_way(c: Case) -> Steps:
    """Done; banks take days."""
    s = sold(c, 3, 8)
    back = _refunded(c, s)
    yield
    return told(c, s, back["id"], re=back["id"], date=day(back["created"]))


@plant("REF-05", "live", 1.2)
def too_much(c: Case) -> Steps:
    """More than what is left of the charge."""
    s = sold(c, 2, 12)
    part = s.pi["amount"] // 2 + 1
    back = _refunded(c, s, part)
    yield
    text = f"Refund amount ({money(s.pi['amount'], s.pi['currency'])}) is greater than unrefunded amount on charge ({money(s.pi['amount'] - part, s.pi['currency'])})"
    row = request(
        c.world,
        c.a,
        c.world.between(back["created"], c.when),
        "POST",
        "/v1/refunds",
        status=400,
        param="amount",
        message=text,
        body={"charge": s.last["id"], "amount": s.pi["amount"]},
    )
    return told(c, s, row["id"], back["id"], error=text)


@plant("REF-06", "live", 1.2)
def fee_kept(c: Case) -> Steps:
    """The fee of the sale stays."""
    s = sold(c, 3, 10)
    back = _refunded(c, s)
    yield
    return told(c, s, back["id"], re=back["id"])


@plant("REF-07", "live", 1.2)
def disputed_refund(c: Case) -> Steps:
    """The bank already took it back."""
    s, d = _dispute(c, "needs_response")
    yield
    row = request(
        c.world,
        c.a,
        c.world.between(d["created"], c.when),
        "POST",
        "/v1/refunds",
        status=400,
        code="charge_disputed",
        message=f"Charge {s.last['id']} has been charged back; cannot issue a refund.",
        body={"charge": s.last["id"]},
    )
    return told(c, s, d["id"], row["id"], dp=d["id"], error=row["error_message"])


@plant("REF-08", "platform", 1.3)
def seller_keeps(c: Case) -> Steps:
    """Refunded by the platform, the seller keeps its part."""
    seller = c.seller()
    ids, s, back = [], None, None
    for _ in range(c.world.whole(1, 4)):
        s = sold(c, 3, 12, transfer_data_destination=seller.id, application_fee_amount=90)
        back = _refunded(c, s)
        c.world.run("INSERT INTO x_short VALUES (?)", s.last["id"])
        ids += [back["id"], s.last["id"]]
    yield
    assert s and back
    return Truth(
        ids,
        facts_of(c.a, s.last, s.who, re=back["id"], seller=seller.id, sellername=seller.company),
    )


def _dispute(
    c: Case, status: str, low: float = 1, high: float = 5, **over: Any
) -> tuple[Sale, dict[str, Any]]:
    w = c.world
    s = sold(c, high + 3, high + 15)
    at = max(c.ago(low, high), s.last["created"] + timedelta(hours=3))
    row = w.add(
        "disputes",
        **(
            {
                "id": w.id("du_1"),
                "account_id": c.a.id,
                "charge_id": s.last["id"],
                "payment_intent_id": s.pi["id"],
                "created": at,
                "livemode": True,
                "amount": s.pi["amount"],
                "currency": s.pi["currency"],
                "reason": w.pick(["fraudulent", "product_not_received", "subscription_canceled"]),
                "network_reason_code": "10.4",
                "status": status,
                "is_charge_refundable": status.startswith("warning"),
                "evidence_due_by": at + timedelta(days=9),
                "evidence_has_evidence": False,
                "evidence_past_due": False,
                "evidence_submission_count": 0,
            }
            | over
        ),
    )
    s.last["disputed"] = True
    return s, row


@plant("DIS-01", "live", 1.6)
def debit(c: Case) -> Steps:
    """Amount and fee are taken from the balance."""
    s, d = _dispute(c, "needs_response")
    yield
    return told(c, s, d["id"], dp=d["id"], date=day(d["created"]))


@plant("DIS-02", "live", 1.2)
def too_late(c: Case) -> Steps:
    """Evidence was staged and never sent, or came after the day."""
    staged = c.world.chance(0.6)
    s, d = _dispute(c, "lost", 11, 16, evidence_has_evidence=staged, evidence_past_due=True)
    yield
    return told(c, s, d["id"], dp=d["id"], due=day(d["evidence_due_by"]))


@plant("DIS-03", "live", 1.2)
def inquiry(c: Case) -> Steps:
    """A question of the bank moves no money; closing by API gives in."""
    w = c.world
    if w.chance(0.6):
        s, d = _dispute(c, "warning_needs_response")
        yield
        return told(c, s, d["id"], dp=d["id"], date=day(d["created"]))
    s, d = _dispute(c, "lost", 2, 6)
    yield
    row = request(
        w,
        c.a,
        min(d["created"] + timedelta(hours=9), c.when),
        "POST",
        "/v1/disputes/:id/close",
        oid=d["id"],
    )
    return told(c, s, d["id"], row["id"], dp=d["id"], date=day(d["created"]))


@plant("DIS-05", "live", 1.2)
def warned(c: Case) -> Steps:
    """The bank had warned before."""
    w = c.world
    s, d = _dispute(c, "needs_response", 1, 4)
    warn = w.add(
        "early_fraud_warnings",
        id=w.id("issfr_1"),
        account_id=c.a.id,
        charge_id=s.last["id"],
        payment_intent_id=s.pi["id"],
        created=w.between(s.last["created"], d["created"]),
        fraud_type="unauthorized_use_of_card",
        actionable=True,
        livemode=True,
    )
    yield
    truth = told(c, s, warn["id"], d["id"], dp=d["id"], date=day(d["created"]))
    truth.also_ok = ["DIS-01"]
    return truth
