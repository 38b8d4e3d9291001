"""Modes, versions, clients, incidents."""

# ruff: noqa: E501 (rows read better in one line)

import json
from datetime import timedelta

from benchmarks.examiner.happenings import behave
from benchmarks.examiner.people import endpoint
from benchmarks.examiner.plants.frame import Case, Steps, Truth, day, facts_of, plant
from benchmarks.examiner.sales import patron, sell
from benchmarks.examiner.traffic import request


@plant("MODE-02", "live", 1.2)
def test_card(c: Case) -> Steps:
    """A test number in live mode."""
    sales = []
    for t in c.moments(c.world.whole(1, 5)):
        s = sell(c.world, c.a, t, ["live_mode_test_card"])
        s.last.update(
            {
                "failure_message": "Your card was declined. Your request was in live mode, but used a known test card.",
                "card_last4": "4242",
                "card_country": "US",
                "outcome_type": "invalid",
                "outcome_network_status": "not_sent_to_network",
                "outcome_reason": None,
            }
        )
        s.pi["last_payment_error_message"] = s.last["failure_message"]
        sales.append(s)
    yield
    for s in sales:
        request(
            c.world,
            c.a,
            s.last["created"],
            "POST",
            "/v1/payment_intents/:id/confirm",
            oid=s.pi["id"],
            status=402,
            code="card_declined",
            error_decline_code="live_mode_test_card",
            message=s.last["failure_message"],
            client="js",
            error_charge_id=s.last["id"],
        )
    return Truth(
        [x for s in sales for x in (s.pi["id"], s.last["id"])],
        facts_of(c.a, sales[-1].last, sales[-1].who),
    )


@plant("MODE-03", "direct", 1.5)
def only_in_test(c: Case) -> Steps:
    """Endpoints in test mode, none in live mode."""
    w = c.world
    w.flush()
    w.run("DELETE FROM webhook_endpoints WHERE account_id = ? AND livemode", c.a.id)
    c.a.endpoints = [e for e in c.a.endpoints if not e["livemode"]]
    if not c.a.endpoints:
        endpoint(w, c.a, f"https://{c.a.domain}/webhook", livemode=False)
    s = [sell(w, c.a, t, ["ok"]) for t in c.moments(4)][-1]
    yield
    return Truth(
        [c.a.id, c.a.endpoints[0]["id"]], facts_of(c.a, s.last, s.who, url=c.a.endpoints[0]["url"])
    )


@plant("VER-01", "own", 1.3)
def upgraded(c: Case) -> Steps:
    """Another version from one day to the next."""
    w = c.world
    yield
    yield
    version = (
        w.pick(["2022-11-15", "2025-03-31.basil"])
        if c.a.version < "2022-11-15"
        else "2025-03-31.basil"
    )
    if c.a.version >= "2025-03-31":
        version = "2025-09-30.clover"
        w.run(
            "UPDATE api_request_logs SET api_version = '2024-06-20' WHERE account_id = ? AND source = 'api' AND created < ?",
            c.a.id,
            c.onset,
        )
        version = c.a.version
    else:
        w.run(
            'UPDATE api_request_logs SET api_version = ?, response_body = replace(response_body, \',"charges":{"object":"list"\', \',"latest_charge":{"object":"charge"\') WHERE account_id = ? AND source = \'api\' AND created >= ?',
            version,
            c.a.id,
            c.onset,
        )
    for t in c.moments(9):
        request(w, c.a, t, "GET", "/v1/balance", api_version=version)
    request(
        w,
        c.a,
        max(w.start, c.onset - timedelta(hours=2)),
        "GET",
        "/v1/balance",
        api_version=c.a.version if version != c.a.version else "2024-06-20",
    )
    return Truth([c.a.id], {"date": day(c.onset), "new": version}, ["VER-02"] if c.a.hooked else [])


@plant("VER-02", "hooked", 1.2)
def endpoint_version(c: Case) -> Steps:
    """The endpoint renders another version than the code expects."""
    w, e = c.world, c.a.hooked[0]
    w.flush()
    other = "2020-08-27" if c.a.version > "2022-11-15" else "2025-09-30.clover"
    w.run(
        "UPDATE webhook_endpoints SET api_version = ?, created = ? WHERE id = ?",
        other,
        max(c.onset, w.start),
        e["id"],
    )
    if w.chance(0.6):
        behave(
            w,
            e["id"],
            c.onset,
            status=500,
            body="TypeError: Cannot read properties of undefined (reading 'data')",
            share=0.8,
        )
    yield
    return Truth([e["id"]], {"url": e["url"], "we": e["id"], "date": day(c.onset)}, ["WH-04"])


@plant("REQ-05", "own", 1.1)
def first_page(c: Case) -> Steps:
    """Only the first page is read."""
    yield
    w = c.world
    route = w.pick(["/v1/customers", "/v1/charges", "/v1/invoices"])
    rows = [
        request(
            w,
            c.a,
            t,
            "GET",
            route,
            query=w.pick(["", "?limit=100"]),
            reply={"object": "list", "url": route, "has_more": True, "data": []},
        )
        for t in c.moments(w.whole(5, 40))
    ]
    return Truth(
        [rows[-1]["id"]],
        {"date": day(c.onset), "req": rows[-1]["id"], "what": route.rsplit("/", 1)[1]},
    )


@plant("REQ-06", "own", 1.1)
def search_lags(c: Case) -> Steps:
    """Searched seconds after it was made."""
    w, rows = c.world, []
    people = [patron(w, c.a, t) for t in c.moments(w.whole(3, 12))]
    yield
    for p in people:
        rows.append(
            request(
                w,
                c.a,
                p.row["created"] + timedelta(seconds=w.whole(1, 12)),
                "GET",
                "/v1/customers/search",
                query=f"?query=email:'{p.email}'",
                body={"query": f"email:'{p.email}'"},
                reply={"object": "search_result", "data": [], "has_more": False},
            )
        )
    return Truth(
        [rows[-1]["id"], people[-1].id],
        {"req": rows[-1]["id"], "mail": people[-1].email, "date": day(people[-1].row["created"])},
    )


@plant("REQ-07", "checkout", 1.2)
def metadata(c: Case) -> Steps:
    """On the session, not on what it makes."""
    w, out = c.world, []
    for t in c.moments(w.whole(2, 9)):
        s = sell(w, c.a, t, ["ok"], metadata={})
        out.append((s, w.id("cs_live_a1")))
        w.add(
            "checkout_sessions",
            id=out[-1][1],
            account_id=c.a.id,
            mode="payment",
            status="complete",
            payment_status="paid",
            created=t - timedelta(seconds=80),
            expires_at=t + timedelta(hours=24),
            livemode=True,
            customer_id=s.who.id,
            customer_email=s.who.email,
            payment_intent_id=s.pi["id"],
            currency=s.pi["currency"],
            amount_total=s.pi["amount"],
            metadata=json.dumps({"order_ref": w.hex(6)}),
        )
    w.flush()
    for s, cs in out:  # the bulk made a session for it already, which then is not there
        w.run(
            "DELETE FROM checkout_sessions WHERE payment_intent_id = ? AND id <> ?", s.pi["id"], cs
        )
    yield
    s, cs = out[-1]
    return Truth([cs, s.pi["id"]], facts_of(c.a, s.last, s.who, cs=cs))


@plant("CL-02", "elements", 1.1)
def no_wallet(c: Case) -> Steps:
    """The domain is not registered."""
    c.world.flush()
    c.world.run("DELETE FROM payment_method_domains WHERE account_id = ?", c.a.id)
    row = c.world.add(
        "payment_method_domains",
        id=c.world.id("pmd_1", 20),
        account_id=c.a.id,
        domain_name=f"shop.{c.a.domain}",
        enabled=True,
        apple_pay_status="inactive",
        google_pay_status="inactive",
        created=c.onset,
        livemode=True,
    )
    yield
    return Truth([row["id"]], {"date": day(c.onset)})


@plant("CL-03", "elements", 1.2)
def script_blocked(c: Case) -> Steps:
    """The server makes intents; no browser ever does anything with them."""
    w, ids = c.world, []
    c.onset = max(c.onset, c.when - timedelta(days=4))
    for t in c.moments(w.whole(25, 90)):
        s = sell(w, c.a, t, [])
        w.run("INSERT INTO x_quiet VALUES (?)", s.pi["id"])
        ids.append(s.pi["id"])
    w.flush()
    gone = w.rows(
        "SELECT payment_intent_id AS id FROM charges WHERE account_id = ? AND created > ? AND invoice_id IS NULL",
        c.a.id,
        c.onset,
    )
    names = [row["id"] for row in gone]
    w.run("DELETE FROM charges WHERE payment_intent_id IN (SELECT unnest(?))", names)
    w.run("DELETE FROM payment_intents WHERE id IN (SELECT unnest(?))", names)
    yield
    return Truth(ids[-3:], {"date": day(c.onset), "pi": ids[-1], "n": str(len(ids))})


@plant("SDK-02", "own", 1.1)
def slow_answer(c: Case) -> Steps:
    """It was done, but the client had hung up."""
    w = c.world
    yield
    yield
    rows = w.rows(
        "SELECT id, object_id FROM api_request_logs WHERE account_id = ? AND stripe_account IS NULL AND method = 'POST' AND source = 'api' AND status = 200 AND livemode ORDER BY created DESC LIMIT 6",
        c.a.id,
    )
    for row in rows:
        w.run(
            "UPDATE api_request_logs SET duration_ms = ? WHERE id = ?",
            w.whole(31000, 64000),
            row["id"],
        )
    if not rows:
        rows = [request(w, c.a, c.onset, "POST", "/v1/customers", duration_ms=61000)]
    return Truth([row["id"] for row in rows], {"req": rows[0]["id"], "date": day(c.when)})


@plant("SDK-05", "own", 1.0)
def new_major(c: Case) -> Steps:
    """A new major of the library since a deploy."""
    w = c.world
    yield
    yield
    w.run(
        "UPDATE api_request_logs SET sdk = 'stripe-python', sdk_version = CASE WHEN created >= ? THEN '16.0.1' ELSE '12.5.1' END, user_agent = CASE WHEN created >= ? THEN 'Stripe/v1 PythonBindings/16.0.1' ELSE 'Stripe/v1 PythonBindings/12.5.1' END WHERE account_id = ? AND source = 'api'",
        c.onset,
        c.onset,
        c.a.id,
    )
    for t in c.moments(8):
        request(
            w,
            c.a,
            t,
            "GET",
            "/v1/balance",
            sdk="stripe-python",
            sdk_version="16.0.1",
            user_agent="Stripe/v1 PythonBindings/16.0.1",
        )
    return Truth([c.a.id], {"date": day(c.onset)})


@plant("INC-01", "busy", 1.2)
def outage(c: Case) -> Steps:
    """The platform itself failed."""
    yield
    yield
    key, since, until, _ = c.world.incidents["api"]
    row = None
    for _ in range(c.world.whole(3, 12)):
        row = request(
            c.world,
            c.a,
            c.world.between(since, until),
            "POST",
            "/v1/payment_intents",
            status=500,
            message="An unknown error occurred",
            error_type="api_error",
            should_retry=True,
            body={"amount": 3100},
        )
    assert row is not None
    return Truth([key, row["id"]], {"date": day(since), "time": f"{since:%H:%M}", "req": row["id"]})


@plant("INC-02", "hooked", 1.1)
def late_deliveries(c: Case) -> Steps:
    """The platform's deliveries were late for all."""
    for _ in range(4):
        sell(
            c.world,
            c.a,
            c.when - timedelta(hours=c.world.whole(8, 16), minutes=c.world.whole(0, 59)),
            ["ok"],
        )
    yield
    yield
    key, since, until, _ = c.world.incidents["hooks"]
    for _ in range(6):
        w = c.world
        w.add(
            "events",
            id=w.id("evt_1"),
            account_id=c.a.id,
            type=json.loads(c.a.hooked[0]["enabled_events"])[0].replace("*", "customer.updated"),
            created=w.between(since, until),
            livemode=True,
            api_version=c.a.version,
            data_object_type="customer",
            data_object_id=w.id("cus_", 14),
            data="{}",
        )
    return Truth([key], {"date": day(since), "time": f"{since:%H:%M}", "url": c.a.hooked[0]["url"]})
