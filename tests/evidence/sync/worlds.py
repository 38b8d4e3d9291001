"""Objects in the shapes that the API sends, recorded by us from its reference."""

import time

DAY = 86_400
# Recent, because the API keeps events for 30 days only, and the sync reckons with that.
NOW = int(time.time()) - 3_600


def charge(number, created, **more):
    return {
        "id": f"ch_{number:05}",
        "object": "charge",
        "created": created,
        "livemode": False,
        "amount": 1_000 + number,
        "amount_captured": 1_000 + number,
        "amount_refunded": 0,
        "currency": "eur",
        "status": "succeeded",
        "paid": True,
        "captured": True,
        "refunded": False,
        "disputed": False,
        "customer": {"id": "cus_00001", "object": "customer"},
        "payment_intent": f"pi_{number:05}",
        "outcome": {"type": "authorized", "risk_level": "normal", "risk_score": 7, "rule": None},
        "payment_method_details": {
            "type": "card",
            "card": {
                "brand": "visa",
                "last4": "4242",
                "country": "DE",
                "checks": {"cvc_check": "pass", "address_postal_code_check": "fail"},
                "three_d_secure": None,
            },
        },
        "metadata": {"id": "order-9", "note": "Grüße"},
        "a_field_of_next_year": {"x": 1},
        **more,
    }


def small(kind, prefix, number, created, **more):
    return {
        "id": f"{prefix}_{number:05}",
        "object": kind,
        "created": created,
        "livemode": False,
        "metadata": {},
        **more,
    }


def fill(platform, *, charges=250, account="acct_platform", start=0):
    """One of everything, and many charges over four days."""
    n = start
    platform.add(
        "charges",
        *(charge(n + i, NOW - 4 * DAY + i * 600) for i in range(charges)),
        account=account,
    )
    platform.add(
        "customers",
        small(
            "customer",
            "cus",
            n + 1,
            NOW - 9 * DAY,
            email="a@b.example",
            address={"country": "DE", "postal_code": "10115"},
            balance=-500,
        ),
        account=account,
    )
    platform.add(
        "payment_intents",
        small(
            "payment_intent",
            "pi",
            n + 1,
            NOW - DAY,
            amount=1_001,
            currency="eur",
            status="requires_payment_method",
            client_secret="pi_x_secret_y",
            last_payment_error={
                "code": "card_declined",
                "decline_code": "do_not_honor",
                "message": "Declined",
            },
        ),
        account=account,
    )
    refund = small(
        "refund",
        "re",
        n + 1,
        NOW - DAY,
        amount=5,
        currency="eur",
        status="pending",
        charge=f"ch_{n:05}",
    )
    del refund["livemode"]
    platform.add("refunds", refund, account=account)
    platform.add(
        "disputes",
        small(
            "dispute",
            "du",
            n + 1,
            NOW - DAY,
            amount=7,
            currency="eur",
            reason="fraudulent",
            status="needs_response",
            charge=f"ch_{n:05}",
            evidence={"customer_name": "A"},
            payment_method_details={"card": {"network_reason_code": "10.4"}},
            evidence_details={
                "due_by": NOW + DAY,
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
        ),
        account=account,
    )
    items = [
        {
            "id": f"si_{n + i}",
            "object": "subscription_item",
            "quantity": 1,
            "subscription": f"sub_{n + 1:05}",
            "price": {"id": "price_1", "object": "price"},
            "current_period_start": NOW - DAY,
            "current_period_end": NOW + DAY,
        }
        for i in range(12)
    ]
    sub = small(
        "subscription",
        "sub",
        n + 1,
        NOW - 40 * DAY,
        status="canceled",
        canceled_at=NOW - DAY,
        items={"data": items[:10], "has_more": True},
    )
    platform.inner[sub["id"]] = items
    platform.add("subscriptions", sub, account=account)
    lines = [
        {
            "id": f"il_{n + i}",
            "object": "line_item",
            "amount": i,
            "currency": "eur",
            "livemode": False,
            "invoice": f"in_{n + 1:05}",
            "quantity": 1,
            "taxes": [{"amount": 2}, {"amount": 3}],
            "pricing": {"price_details": {"price": "price_1"}},
            "period": {"start": NOW - DAY, "end": NOW},
            "parent": {
                "subscription_item_details": {"proration": True, "subscription_item": f"si_{n}"}
            },
        }
        for i in range(13)
    ]
    invoice = small(
        "invoice",
        "in",
        n + 1,
        NOW - 2 * DAY,
        status="open",
        total=900,
        parent={"subscription_details": {"subscription": sub["id"]}},
        status_transitions={"finalized_at": NOW - DAY},
        lines={"data": lines[:10], "has_more": True},
    )
    platform.inner[invoice["id"]] = lines
    platform.add("invoices", invoice, account=account)
    ledger = [
        {
            "id": f"txn_{n + i:05}",
            "object": "balance_transaction",
            "amount": 100,
            "fee": 3,
            "net": 97,
            "currency": "eur",
            "type": "charge",
            "source": f"ch_{n:05}",
            "created": NOW - 2 * DAY + i,
            "available_on": NOW - DAY + i,
            "exchange_rate": 1.5,
            "status": "pending" if i == 2 else "available",
        }
        for i in range(5)
    ]
    platform.add("balance_transactions", *ledger, account=account)
    payout = small(
        "payout",
        "po",
        n + 1,
        NOW - DAY,
        amount=194,
        currency="eur",
        status="paid",
        automatic=True,
        reconciliation_status="completed",
        arrival_date=NOW - DAY,
        destination="ba_1",
        trace_id={"status": "supported", "value": "T1"},
    )
    platform.content[payout["id"]] = [ledger[0]["id"], ledger[1]["id"]]
    platform.add("payouts", payout, account=account)
    platform.add(
        "webhook_endpoints",
        small(
            "webhook_endpoint",
            "we",
            n + 1,
            NOW - 90 * DAY,
            url="https://shop.example/hook",
            status="enabled",
            enabled_events=["*"],
            secret=None,
        ),
        account=account,
    )
    platform.add(
        "events",
        small(
            "event",
            "evt",
            n + 1,
            NOW - DAY,
            type="charge.succeeded",
            api_version="2026-10-28.endive",
            pending_webhooks=1,
            request={"id": "req_9", "idempotency_key": "k-1"},
            data={
                "object": {
                    "id": f"ch_{n:05}",
                    "object": "charge",
                    "created": 1,
                    "client_secret": "opens-something",
                }
            },
        ),
        account=account,
    )
