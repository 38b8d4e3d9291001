"""Payouts, fees, conversions."""

# ruff: noqa: E501 (rows read better in one line)

from datetime import timedelta
from typing import Any

from benchmarks.examiner.ledger import settle
from benchmarks.examiner.plants.frame import Case, Steps, Truth, day, money, plant
from benchmarks.examiner.plants.money import sold
from benchmarks.examiner.sales import refund, sell


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
        s = sold(c, 5, 9)
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
