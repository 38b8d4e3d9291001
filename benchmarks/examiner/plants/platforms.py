"""Connect, the account's own standing, modes, versions, clients, incidents."""

# ruff: noqa: E501 (rows read better in one line)

from datetime import timedelta
from typing import Any

from benchmarks.examiner.people import Account
from benchmarks.examiner.plants.frame import Case, Steps, Truth, day, facts_of, plant
from benchmarks.examiner.sales import sell
from benchmarks.examiner.traffic import request


def _as_platform(
    c: Case, seller: Account, t: Any, method: str, route: str, **how: Any
) -> dict[str, Any]:
    """A request of the platform that names the seller in the header."""
    return request(c.world, c.a, t, method, route, **({"stripe_account": seller.id} | how))


def _seller_facts(c: Case, seller: Account, **more: str) -> dict[str, str]:
    return {"seller": seller.id, "sellername": seller.company, "date": day(c.onset)} | more


@plant("AUTH-06", "platform", 1.2)
def no_access(c: Case) -> Steps:
    """A header that names something the key may not touch."""
    s = c.seller()
    wrong = c.world.id("cus_", 14) if c.world.chance(0.3) else c.world.id("acct_1", 15)
    yield
    text = f"The provided key 'sk_live_********{c.world.id('', 4)}' does not have access to account '{wrong}' (or that account does not exist). Application access may have been revoked."
    rows = [
        _as_platform(
            c,
            s,
            t,
            "GET",
            "/v1/balance",
            stripe_account=wrong,
            status=403,
            code="account_invalid",
            message=text,
        )
        for t in c.moments(c.world.whole(3, 20))
    ]
    return Truth(
        [rows[-1]["id"]],
        _seller_facts(c, s, error=text, req=rows[-1]["id"]) | {"seller": wrong},
        ["CON-09"] if wrong.startswith("acct") else [],
    )


@plant("CON-09", "platform", 1.3)
def disconnected(c: Case) -> Steps:
    """The seller took the platform's access away."""
    w, s = c.world, c.seller()
    ev = w.add(
        "events",
        id=w.id("evt_1"),
        account_id=s.id,
        type="account.application.deauthorized",
        created=c.onset,
        livemode=True,
        api_version=c.a.version,
        data_object_type="application",
        data_object_id=w.id("ca_", 24),
        data='{"object":{"object":"application"}}',
    )
    yield
    text = f"The provided key 'sk_live_********{w.id('', 4)}' does not have access to account '{s.id}' (or that account does not exist). Application access may have been revoked."
    rows = [
        _as_platform(
            c,
            s,
            t,
            w.pick(["GET", "POST"]),
            "/v1/payment_intents",
            status=403,
            code="account_invalid",
            message=text,
        )
        for t in c.moments(w.whole(2, 20))
    ]
    return Truth(
        [ev["id"], s.id, rows[-1]["id"]],
        _seller_facts(c, s, error=text, req=rows[-1]["id"]),
        ["AUTH-06"],
    )


@plant("CON-01", "seller", 1.8)
def not_enabled(c: Case) -> Steps:
    """Something is due, so no charges."""
    w, since = c.world, c.onset
    w.flush()
    w.run(
        "UPDATE accounts SET charges_enabled = false, payouts_enabled = false, requirements_disabled_reason = ?, requirements_current_deadline = ? WHERE id = ?",
        w.pick(["requirements.past_due", "requirements.pending_verification"]),
        since,
        c.a.id,
    )
    for field in ["individual.verification.document", "business_profile.url", "external_account"][
        : w.whole(1, 3)
    ]:
        w.add(
            "account_requirements",
            account_id=c.a.id,
            capability="card_payments",
            field=field,
            bucket="past_due",
            since=since - timedelta(days=9),
        )
    w.add(
        "account_status_history",
        account_id=c.a.id,
        at=since,
        field="charges_enabled",
        old_value="true",
        new_value="false",
        actor="system",
    )
    w.run("INSERT INTO x_hold VALUES (?, ?, ?)", c.a.id, since, w.end)
    for table in ("charges", "payment_intents"):
        w.run(f"DELETE FROM {table} WHERE account_id = ? AND created > ?", c.a.id, since)
    yield
    text = "Your account cannot currently make live charges."
    rows = [
        request(
            w,
            c.a.parent,
            t,
            "POST",
            "/v1/payment_intents",
            stripe_account=c.a.id,
            status=400,
            message=text,
            body={"amount": 2400},
        )
        for t in c.moments(w.whole(2, 9))
    ]
    return Truth(
        [c.a.id, rows[-1]["id"]], {"date": day(since), "seller": c.a.id, "error": text}, ["PAY-03"]
    )


@plant("CON-02", "platform", 1.2)
def capability(c: Case) -> Steps:
    """One capability of the seller is not there."""
    w, s = c.world, c.seller()
    w.flush()
    w.run(
        "UPDATE account_capabilities SET status = 'inactive', disabled_reason = 'requirements.fields_needed' WHERE account_id = ? AND id = 'transfers'",
        s.id,
    )
    yield
    text = "Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments"
    rows = [
        request(
            w,
            c.a,
            t,
            "POST",
            "/v1/transfers",
            status=400,
            code="insufficient_capabilities_for_transfer",
            message=text,
            body={"destination": s.id, "amount": 9900},
        )
        for t in c.moments(w.whole(2, 12))
    ]
    return Truth([s.id, rows[-1]["id"]], _seller_facts(c, s, error=text, req=rows[-1]["id"]))


@plant("CON-04", "platform", 1.2)
def stale_link(c: Case) -> Steps:
    """The onboarding link was over when it was opened."""
    w, s, ids = c.world, c.seller(), []
    c.onset = max(c.onset, c.when - timedelta(days=5))
    for t in c.moments(w.whole(2, 6)):
        ids.append(
            w.add(
                "account_links",
                id=w.id("alink_", 14),
                account_id=s.id,
                type="account_onboarding",
                created=t,
                expires_at=t + timedelta(minutes=5),
                first_used_at=t + timedelta(seconds=w.whole(2, 20))
                if w.chance(0.5)
                else t + timedelta(hours=3),
                refresh_url=f"https://{c.a.domain}/reauth",
                livemode=True,
            )["id"]
        )
        request(
            w,
            c.a,
            t,
            "POST",
            "/v1/account_links",
            body={"account": s.id, "type": "account_onboarding"},
            object_id=s.id,
        )
    yield
    return Truth([s.id, *ids], _seller_facts(c, s))


@plant("CON-06", "routed", 1.3)
def no_header(c: Case) -> Steps:
    """Looked for on the platform, lives at the seller."""
    w, s = c.world, c.seller()
    sale = [sell(w, s, t, ["ok"]) for t in c.moments(3)][-1]
    yield
    text = f"No such payment_intent: '{sale.pi['id']}'"
    rows = [
        request(
            w,
            c.a,
            w.between(sale.last["created"], c.when),
            "GET",
            "/v1/payment_intents/:id",
            oid=sale.pi["id"],
            status=404,
            code="resource_missing",
            param="intent",
            message=text,
        )
        for _ in range(w.whole(3, 15))
    ]
    return Truth(
        [sale.pi["id"], rows[-1]["id"]],
        facts_of(
            c.a,
            sale.last,
            sale.who,
            error=text,
            req=rows[-1]["id"],
            seller=s.id,
            sellername=s.company,
        ),
    )


@plant("ACC-01", "direct", 1.1)
def not_activated(c: Case) -> Steps:
    """The form was never finished."""
    w = c.world
    w.flush()
    w.run(
        "UPDATE accounts SET details_submitted = false, charges_enabled = false, payouts_enabled = false, livemode_activated_at = NULL WHERE id = ?",
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
        "early_fraud_warnings",
        "reviews",
    ):
        w.run(f"DELETE FROM {table} WHERE account_id = ? AND livemode", c.a.id)
    yield
    text = "Your account cannot currently make live charges. If you are a platform, use test keys."
    rows = [
        request(
            w,
            c.a,
            t,
            "POST",
            "/v1/payment_intents",
            status=400,
            code="testmode_charges_only",
            message=text,
            body={"amount": 1500},
        )
        for t in c.moments(w.whole(2, 12))
    ]
    return Truth(
        [c.a.id, rows[-1]["id"]], {"error": text, "req": rows[-1]["id"], "date": day(c.onset)}
    )


@plant("ACC-02", "live", 1.2)
def under_review(c: Case) -> Steps:
    """Reviewed, perhaps rejected."""
    w, why = (
        c.world,
        c.world.pick(
            [
                "rejected.terms_of_service",
                "rejected.fraud",
                "under_review",
                "rejected.other",
                "listed",
            ]
        ),
    )
    w.flush()
    w.run(
        "UPDATE accounts SET charges_enabled = false, payouts_enabled = false, requirements_disabled_reason = ? WHERE id = ?",
        why,
        c.a.id,
    )
    row = w.add(
        "account_reviews",
        id=w.id("arv_", 14),
        account_id=c.a.id,
        kind="risk",
        opened_at=c.onset - timedelta(hours=3),
        closed_at=None if why == "under_review" else c.onset,
        outcome=None if why == "under_review" else "rejected",
        user_visible_reason="We cannot support this business for now.",
        internal_note="linked to two closed accounts",
    )
    w.add(
        "account_status_history",
        account_id=c.a.id,
        at=c.onset,
        field="charges_enabled",
        old_value="true",
        new_value="false",
        actor="risk",
    )
    w.run("INSERT INTO x_hold VALUES (?, ?, ?)", c.a.id, c.onset, w.end)
    for table in ("charges", "payment_intents"):
        w.run(f"DELETE FROM {table} WHERE account_id = ? AND created > ?", c.a.id, c.onset)
    yield
    return Truth([c.a.id, row["id"]], {"date": day(c.onset)}, ["PAY-03"])
