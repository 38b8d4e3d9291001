"""Refunds, disputes, payouts, fees, reports."""

# ruff: noqa: E501 (rows read better in one line)

from datetime import timedelta
from typing import Any

from benchmarks.examiner.ledger import settle
from benchmarks.examiner.plants.frame import Case, Steps, Truth, day, facts_of, money, plant
from benchmarks.examiner.sales import Sale, refund, sell
from benchmarks.examiner.traffic import request


def _t(c: Case, s: Sale, *ids: str, **more: Any) -> Truth:
    return Truth([*ids, s.last["id"]], facts_of(c.a, s.last, s.who, **more))


def _sold(c: Case, low: float, high: float, **over: Any) -> Sale:
    return sell(c.world, c.a, c.ago(low, high), ["ok"], **over)


def _refunded(c: Case, s: Sale, amount: int | None = None, **over: Any) -> dict[str, Any]:
    spot = c.world.between(s.last["created"] + timedelta(minutes=20), c.when - timedelta(minutes=9))
    return refund(c.world, s.last, spot, amount, **over)


@plant("REF-01", "live", 1.3)
def already(c: Case) -> Steps:
    """Tried again although the money is back."""
    s = _sold(c, 2, 14)
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
    return _t(c, s, back["id"], rows[-1]["id"], re=back["id"], error=text)


@plant("REF-02", "live", 1.4)
def no_balance(c: Case) -> Steps:
    """Waits until there is money on the balance."""
    w, s = c.world, _sold(c, 4, 20)
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
    return _t(c, s, back["id"], re=back["id"], date=day(back["created"]))


@plant("REF-03", "live", 1.5)
def failed_at_bank(c: Case) -> Steps:
    """The card is gone; the money came back."""
    s = _sold(c, 9, 22)
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
    return _t(c, s, back["id"], re=back["id"], date=day(back["created"]))


@plant("REF-04", "live", 1.6)
def on_the_way(c: Case) -> Steps:
    """Done; banks take days."""
    s = _sold(c, 3, 8)
    back = _refunded(c, s)
    yield
    return _t(c, s, back["id"], re=back["id"], date=day(back["created"]))


@plant("REF-05", "live", 1.2)
def too_much(c: Case) -> Steps:
    """More than what is left of the charge."""
    s = _sold(c, 2, 12)
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
    return _t(c, s, row["id"], back["id"], error=text)


@plant("REF-06", "live", 1.2)
def fee_kept(c: Case) -> Steps:
    """The fee of the sale stays."""
    s = _sold(c, 3, 10)
    back = _refunded(c, s)
    yield
    return _t(c, s, back["id"], re=back["id"])


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
    return _t(c, s, d["id"], row["id"], dp=d["id"], error=row["error_message"])


@plant("REF-08", "platform", 1.3)
def seller_keeps(c: Case) -> Steps:
    """Refunded by the platform, the seller keeps its part."""
    seller = c.seller()
    ids, s, back = [], None, None
    for _ in range(c.world.whole(1, 4)):
        s = _sold(c, 3, 12, transfer_data_destination=seller.id, application_fee_amount=90)
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
    s = _sold(c, high + 3, high + 15)
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
    return _t(c, s, d["id"], dp=d["id"], date=day(d["created"]))


@plant("DIS-02", "live", 1.2)
def too_late(c: Case) -> Steps:
    """Evidence was staged and never sent, or came after the day."""
    staged = c.world.chance(0.6)
    s, d = _dispute(c, "lost", 11, 16, evidence_has_evidence=staged, evidence_past_due=True)
    yield
    return _t(c, s, d["id"], dp=d["id"], due=day(d["evidence_due_by"]))


@plant("DIS-03", "live", 1.2)
def inquiry(c: Case) -> Steps:
    """A question of the bank moves no money; closing by API gives in."""
    w = c.world
    if w.chance(0.6):
        s, d = _dispute(c, "warning_needs_response")
        yield
        return _t(c, s, d["id"], dp=d["id"], date=day(d["created"]))
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
    return _t(c, s, d["id"], row["id"], dp=d["id"], date=day(d["created"]))


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
    truth = _t(c, s, warn["id"], d["id"], dp=d["id"], date=day(d["created"]))
    truth.also_ok = ["DIS-01"]
    return truth


def _schedule(c: Case, interval: str) -> None:
    c.world.flush()
    c.world.run("UPDATE accounts SET payout_schedule_interval = ? WHERE id = ?", interval, c.a.id)
    c.a.interval = interval


@plant("PAY-01", "live", 1.6)
def no_payout_yet(c: Case) -> Steps:
    """Paid out by hand only, or too new."""
    w = c.world
    for t in c.moments(4, c.when - timedelta(hours=1)):
        sell(w, c.a, t, ["ok"])
    if w.chance(0.6):
        _schedule(c, "manual")
    else:
        _schedule(c, "daily")
        w.run(
            "UPDATE accounts SET created = ?, livemode_activated_at = ? WHERE id = ?",
            c.when - timedelta(days=6),
            c.when - timedelta(days=5.5),
            c.a.id,
        )
        for table in (
            "payment_intents",
            "charges",
            "refunds",
            "disputes",
            "checkout_sessions",
            "subscriptions",
            "invoices",
        ):
            w.run(
                f"DELETE FROM {table} WHERE account_id = ? AND created < ?",
                c.a.id,
                c.when - timedelta(days=5.4),
            )
        w.run("INSERT INTO x_hold VALUES (?, ?, ?)", c.a.id, w.start, w.end)
    yield
    return Truth([c.a.id], {"date": day(c.when - timedelta(days=5))})


def _one_payout(
    c: Case, where: str = "status = 'paid'", order: str = "DESC"
) -> dict[str, Any] | None:
    return c.world.one(
        f"SELECT * FROM payouts WHERE account_id = ? AND livemode AND {where} ORDER BY created {order}, id LIMIT 1",
        c.a.id,
    )


def _payout(c: Case, **over: Any) -> dict[str, Any]:
    """A payout of sums that are on the balance (in the second part)."""
    w, at = c.world, c.ago(1, 6)
    bank = c.a.bank
    row = w.add(
        "payouts",
        **(
            {
                "id": w.id("po_1"),
                "account_id": c.a.id,
                "created": at,
                "arrival_date": (at + timedelta(days=2)).date(),
                "amount": w.whole(9000, 190000),
                "currency": c.a.currency,
                "status": "paid",
                "automatic": False,
                "method": "standard",
                "type": "bank_account",
                "destination_id": bank["id"],
                "destination_last4": bank["last4"],
                "balance_transaction_id": w.id("txn_1"),
                "reconciliation_status": "not_applicable",
                "trace_id_value": w.hex(15).upper(),
                "trace_id_status": "supported",
                "livemode": True,
            }
            | over
        ),
    )
    w.flush()
    settle(w, f"id = '{row['id']}'")
    return row


@plant("PAY-02", "live", 1.6)
def refused_by_bank(c: Case) -> Steps:
    """The bank sends it back."""
    w = c.world
    yield
    code, text = w.pick(
        [
            ("account_closed", "The bank account has been closed"),
            (
                "no_account",
                "The bank account details on file are probably incorrect. No bank account could be located with those details.",
            ),
            (
                "invalid_account_number",
                "The routing number seems correct, but the account number is invalid",
            ),
            ("debit_not_authorized", "Debit transactions are not approved on the bank account"),
        ]
    )
    row = _payout(
        c,
        status="failed",
        failure_code=code,
        failure_message=text,
        failure_balance_transaction_id=w.id("txn_1"),
        trace_id_value=None,
        trace_id_status="not_supported",
    )
    w.run("UPDATE external_accounts SET status = 'errored' WHERE id = ?", c.a.bank["id"])
    return Truth(
        [row["id"], c.a.bank["id"]],
        {
            "po": row["id"],
            "amount": money(row["amount"], row["currency"]),
            "date": day(row["created"]),
            "last4": row["destination_last4"],
        },
    )


@plant("PAY-03", "live", 1.6)
def payouts_off(c: Case) -> Steps:
    """Switched off because something is due."""
    w = c.world
    w.flush()
    since = max(c.onset, w.start)
    w.run(
        "UPDATE accounts SET payouts_enabled = false, requirements_disabled_reason = 'requirements.past_due', requirements_current_deadline = ? WHERE id = ?",
        since,
        c.a.id,
    )
    for field in w.pick(
        [
            ["individual.verification.document"],
            ["external_account"],
            ["company.tax_id", "representative.dob.day"],
        ]
    ):
        w.add(
            "account_requirements",
            account_id=c.a.id,
            capability="payouts",
            field=field,
            bucket="past_due",
            since=since - timedelta(days=14),
        )
    w.add(
        "account_status_history",
        account_id=c.a.id,
        at=since,
        field="payouts_enabled",
        old_value="true",
        new_value="false",
        actor="system",
    )
    w.run("INSERT INTO x_hold VALUES (?, ?, ?)", c.a.id, since, w.end)
    yield
    return Truth([c.a.id], {"date": day(since)})


@plant("PAY-04", "live", 1.3)
def negative(c: Case) -> Steps:
    """More went back than came in."""
    w = c.world
    c.onset = max(c.onset, c.when - timedelta(days=5))
    ids = []
    yield
    owed = w.one(
        "SELECT coalesce(sum(net), 0) AS n FROM balance_transactions WHERE account_id = ?", c.a.id
    )
    assert owed is not None
    total = max(int(owed["n"]), 0) + w.whole(8000, 60000)
    parts = w.whole(2, 4)
    for t in c.moments(parts):
        part = total // parts + 1
        row = w.add(
            "balance_transactions",
            id=w.id("txn_1"),
            account_id=c.a.id,
            created=t,
            available_on=t,
            amount=-part,
            fee=0,
            net=-part,
            currency=c.a.currency,
            type="refund",
            reporting_category="refund",
            balance_type="payments",
            source_id=w.id("re_3"),
            status="available",
            description="REFUND FOR CHARGE",
            livemode=True,
        )
        ids.append(row["id"])
    debit = _payout(c, amount=-w.whole(4000, 20000), automatic=True) if w.chance(0.5) else None
    return Truth(
        [c.a.id, *([debit["id"]] if debit else []), *ids],
        {"date": day(c.onset), **({"po": debit["id"]} if debit else {})},
    )


@plant("PAY-05", "live", 1.4)
def bank_is_slow(c: Case) -> Steps:
    """Paid here, not there: days of the bank, or the old account."""
    w = c.world
    yield
    old = w.chance(0.5)
    more: dict[str, Any] = {"created": c.ago(2.1, 4)}
    if old:
        last4 = f"{w.whole(0, 9999):04d}"
        gone = w.add(
            "external_accounts",
            id=w.id("ba_1", 22),
            account_id=c.a.id,
            object="bank_account",
            country=c.a.country,
            currency=c.a.currency,
            last4=last4,
            bank_name="OLD SAVINGS BANK",
            status="new",
            default_for_currency=False,
            created=c.a.created,
        )
        more |= {"destination_id": gone["id"], "destination_last4": last4}
    row = _payout(c, **more, arrival_date=(more["created"] + timedelta(days=2)).date())
    return Truth(
        [row["id"]],
        {
            "po": row["id"],
            "amount": money(row["amount"], row["currency"]),
            "date": day(row["created"]),
            "last4": c.a.bank["last4"],
        },
    )


@plant("PAY-06", "live", 1.5)
def sums_differ(c: Case) -> Steps:
    """Net of fees, refunds and other days."""
    for _ in range(3):
        s = _sold(c, 5, 9)
        refund(c.world, s.last, s.last["created"] + timedelta(hours=5))
    if c.a.interval in ("manual", "monthly"):
        _schedule(c, "daily")
    yield
    row = _one_payout(c) or _one_payout(c, "true")
    if row is None:
        return Truth([c.a.id], {"date": day(c.onset)})
    return Truth(
        [row["id"]],
        {
            "po": row["id"],
            "amount": money(row["amount"], row["currency"]),
            "date": day(row["created"]),
        },
    )


@plant("PAY-07", "live", 1.3)
def reserve(c: Case) -> Steps:
    """Part of the balance is held back."""
    w = c.world
    yield
    at, sum_ = c.ago(1, 8), w.whole(20000, 300000)
    row = w.add(
        "reserves",
        id=w.id("rsv_", 14),
        account_id=c.a.id,
        created=at,
        amount=sum_,
        currency=c.a.currency,
        reason=w.pick(["elevated_disputes", "delivery_delay", "new_business"]),
        release_at=at + timedelta(days=60),
        livemode=True,
    )
    bt = w.add(
        "balance_transactions",
        id=w.id("txn_1"),
        account_id=c.a.id,
        created=at,
        available_on=at,
        amount=-sum_,
        fee=0,
        net=-sum_,
        currency=c.a.currency,
        type="reserve_hold",
        reporting_category="risk_reserved_funds",
        balance_type="payments",
        source_id=row["id"],
        status="available",
        livemode=True,
    )
    return Truth([row["id"], bt["id"]], {"amount": money(sum_, c.a.currency), "date": day(at)})


@plant("FEE-01", "live", 1.3)
def dear(c: Case) -> Steps:
    """A foreign card, a conversion: more than the price list's first line."""
    w = c.world
    abroad = next(x for x in ("US", "BR", "GB") if x != c.a.country)
    sales = []
    for _ in range(w.whole(1, 3)):
        s = _sold(c, 1, 9, currency="gbp" if c.a.currency == "usd" and w.chance(0.5) else None)
        s.last["card_country"] = s.who.pm_row["card_country"] = abroad
        sales.append(s)
    yield
    fee = w.one(
        "SELECT fee, currency FROM balance_transactions WHERE source_id = ?", sales[-1].last["id"]
    )
    return _t(c, sales[-1], fee=money(fee["fee"], fee["currency"]) if fee else "more")


@plant("FEE-02", "euro", 1.2)
def not_settled(c: Case) -> Steps:
    """A debit that is still on its way."""
    s = sell(c.world, c.a, c.ago(0.4, 3), ["pending"])
    yield
    return _t(c, s)


@plant("FEE-03", "modern", 1.1)
def a_moment_later(c: Case) -> Steps:
    """The ledger row comes seconds after the success."""
    s = sell(c.world, c.a, c.moments(1)[0], ["ok"], capture_method="automatic_async")
    yield
    row = request(
        c.world,
        c.a,
        s.last["created"] + timedelta(milliseconds=900),
        "GET",
        "/v1/charges/:id",
        oid=s.last["id"],
        reply={
            "id": s.last["id"],
            "object": "charge",
            "status": "succeeded",
            "balance_transaction": None,
        },
    )
    return _t(c, s, row["id"], s.pi["id"])


@plant("CUR-04", "live", 1.2)
def converted(c: Case) -> Steps:
    """Sold in one currency, settled in another."""
    other = "usd" if c.a.currency != "usd" else "eur"
    s = _sold(c, 1, 9, currency=other)
    yield
    got = c.world.one(
        "SELECT id, net, currency FROM balance_transactions WHERE source_id = ?", s.last["id"]
    )
    return _t(
        c,
        s,
        *([got["id"]] if got else []),
        got=money(got["net"], got["currency"]) if got else "less",
    )


@plant("CUR-01", "live", 1.0)
def hundredfold(c: Case) -> Steps:
    """Yen times a hundred."""
    w, sales = c.world, []
    for t in c.moments(w.whole(1, 4)):
        price = w.pick([1200, 2980, 4500, 9800])
        sales.append(
            sell(
                w,
                c.a,
                t,
                ["ok"],
                currency="jpy",
                amount=price * 100,
                metadata={
                    "order_id": str(w.whole(1000, 9999)),
                    "order_total": str(price),
                    "currency": "JPY",
                },
            )
        )
    yield
    return Truth(
        [x for s in sales for x in (s.pi["id"], s.last["id"])],
        facts_of(c.a, sales[-1].last, sales[-1].who),
    )
