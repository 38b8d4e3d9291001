"""Webhooks: signatures, answers, timeouts, scope, order, duplicates."""

# ruff: noqa: E501 (statements, rows and letters)

import json
from datetime import timedelta
from typing import Any

from benchmarks.examiner import billing
from benchmarks.examiner.happenings import behave
from benchmarks.examiner.people import endpoint
from benchmarks.examiner.plants.frame import Case, Steps, Truth, day, plant
from benchmarks.examiner.sales import refund, sell
from benchmarks.examiner.traffic import request


def _hook(c: Case) -> dict[str, Any]:
    """The endpoint that most goes to."""
    return max(c.a.hooked, key=lambda e: (e["enabled_events"] == '["*"]', "succeeded" in
                                          e["enabled_events"]))  # fmt: skip


def _until(c: Case) -> Any:
    """Mostly still so; sometimes mended some time before the contact."""
    return c.when - (c.when - c.onset) * 0.2 if c.world.chance(0.15) else None


def _facts(c: Case, e: dict[str, Any], **more: str) -> dict[str, str]:
    return {"url": e["url"], "we": e["id"], "date": day(c.onset), "time": f"{c.onset:%H:%M}"} | more


def _some_sales(c: Case, count: int) -> None:
    for t in c.moments(count):
        sell(c.world, c.a, t, ["ok"])


def _bad(c: Case, share: float = 1.0, until: Any = None, **how: Any) -> dict[str, Any]:
    e = _hook(c)
    _some_sales(c, c.world.whole(3, 12))
    behave(c.world, e["id"], c.onset, until or _until(c), share=share, **how)
    return e


UNSIGNED = ["Webhook Error: No signatures found matching the expected signature for payload. Are you "
            "passing the raw request body you received from Stripe?", '{"error":"No signatures found '
            'matching the expected signature for payload"}', "Webhook signature verification failed: "
            "No signatures found matching the expected signature for payload."]  # fmt: skip


@plant("WH-01", "hooked", 1.4)
def raw_body(c: Case) -> Steps:
    """Fails on every event since the endpoint came into being."""
    url = f"https://{c.world.pick(['app', 'backend', 'next'])}.{c.a.domain}/api/webhooks"
    e = endpoint(c.world, c.a, url, created=c.onset, enabled_events=_hook(c)["enabled_events"])
    _some_sales(c, c.world.whole(4, 15))
    behave(c.world, e["id"], c.onset, status=400, body=c.world.pick(UNSIGNED), low=8, high=90)
    yield
    return Truth([e["id"]], _facts(c, e))


@plant("WH-02", "hooked", 1.4)
def wrong_secret(c: Case) -> Steps:
    """Went well until the secret was rolled, while another endpoint goes on."""
    e = _bad(c, status=400, body=c.world.pick(UNSIGNED), low=8, high=90)
    if len(c.a.hooked) < 2:
        endpoint(c.world, c.a, f"https://ops.{c.a.domain}/stripe-events")
    c.world.flush()
    c.world.run("UPDATE webhook_endpoints SET secret_rolled_at = ? WHERE id = ?",
                c.onset - timedelta(seconds=40), e["id"])  # fmt: skip
    yield
    return Truth([e["id"]], _facts(c, e))


@plant("WH-03", "hooked")
def old_timestamp(c: Case) -> Steps:
    """A clock that is wrong, or a check that comes from a queue."""
    text = c.world.pick(["Timestamp outside the tolerance zone", '{"message":"Timestamp outside the '
                         'tolerance zone"}', "SignatureVerificationException: Timestamp outside the "
                         "tolerance zone"])  # fmt: skip
    e = _bad(c, status=400, body=text, low=8, high=90, share=c.world.pick([1.0, 1.0, 0.45]))
    yield
    return Truth([e["id"]], _facts(c, e))


ANSWERS: list[tuple[int, str]] = [
    (403, "<title>Just a moment...</title> cf-mitigated: challenge"), (403, "Forbidden: CSRF "
    "verification failed. Request aborted."), (404, "<h1>Not Found</h1><p>The requested URL was not "
    "found on this server.</p>"), (405, '{"message":"Method Not Allowed"}'), (419, "Page Expired"),
    (401, "Unauthorized. Please log in."), (500, "Uncaught TypeError: Cannot read properties of "
    "undefined (reading 'id')"), (500, "SQLSTATE[42S22]: Column not found: 1054 Unknown column"),
    (500, '{"error":"KeyError: \'order_id\'"}'), (502, "<html><title>502 Bad Gateway</title>"
    "<center>nginx/1.24.0</center></html>"), (503, "Site is under maintenance. Please come back"),
]  # fmt: skip


@plant("WH-04", "hooked", 3.0)
def bad_answer(c: Case) -> Steps:
    """4xx or 5xx since a deploy."""
    status, text = c.world.pick(ANSWERS)
    e = _bad(c, share=c.world.pick([1.0, 1.0, 0.85, 0.5]), status=status, body=text)
    yield
    return Truth([e["id"]], _facts(c, e, status=str(status)))


@plant("WH-05", "hooked", 1.4)
def redirects(c: Case) -> Steps:
    """3xx, which is not followed."""
    e = _hook(c)
    to = c.world.pick([e["url"] + "/", e["url"].replace("https://", "https://www."),
                       f"https://new.{c.a.domain}/webhook", "https://" + c.a.domain + "/login"])  # fmt: skip
    e = _bad(c, status=c.world.pick([301, 302, 307, 308]), location=to, low=10, high=120,
             body=c.world.pick(["", "Moved Permanently. Redirecting to " + to]))  # fmt: skip
    yield
    return Truth([e["id"]], _facts(c, e))


@plant("WH-06", "hooked", 1.6)
def too_slow(c: Case) -> Steps:
    """Times out, and goes through later or never."""
    e = _bad(c, share=c.world.pick([1.0, 0.8, 0.6, 0.4]), error="timeout", low=19800, high=20400)
    yield
    return Truth([e["id"]], _facts(c, e))


@plant("WH-07", "hooked", 1.6)
def unreachable(c: Case) -> Steps:
    """No answer at all: name, certificate, firewall."""
    error = c.world.pick(["connection_refused", "dns", "tls", "tls", "malformed_response"])
    e = _bad(c, error=error, low=2, high=140)
    yield
    return Truth([e["id"]], _facts(c, e))


@plant("WH-08", "hooked", 1.6)
def not_enabled(c: Case) -> Steps:
    """The type that is missed is not on any endpoint's list."""
    w, missed = c.world, c.world.pick(["charge.refunded", "payment_intent.succeeded",
                                       "charge.dispute.created"])  # fmt: skip
    wanted = [t for t in ["charge.succeeded", "payment_intent.payment_failed", "customer.created",
              "payout.paid", "charge.refunded", "payment_intent.succeeded"] if t != missed]  # fmt: skip
    w.flush()
    for e in c.a.endpoints:
        if e["livemode"] and not e["is_connect"]:
            e["enabled_events"] = json.dumps(w.pick([wanted, wanted[:3]]))
            w.run("UPDATE webhook_endpoints SET enabled_events = ? WHERE id = ?",
                  e["enabled_events"], e["id"])  # fmt: skip
    sale = [sell(w, c.a, t, ["ok"]) for t in c.moments(4)][-1]
    charge = sale.last
    if missed != "payment_intent.succeeded":
        charge = sell(w, c.a, c.ago(1.2, 2.5), ["ok"]).last
        refund(w, charge, w.between(charge["created"], c.when - timedelta(minutes=5)))
        if missed == "charge.dispute.created":
            w.add("disputes", id=w.id("du_1"), account_id=c.a.id, charge_id=sale.last["id"],
                  payment_intent_id=sale.pi["id"], created=c.when - timedelta(minutes=1),
                  livemode=True, amount=sale.pi["amount"], currency=sale.pi["currency"],
                  reason="fraudulent", status="needs_response", is_charge_refundable=False,
                  evidence_due_by=c.when + timedelta(days=9), evidence_has_evidence=False,
                  evidence_past_due=False, evidence_submission_count=0)  # fmt: skip
            sale.last["disputed"] = True
    yield
    e = c.a.hooked[0]
    what = {"charge.refunded": "refunds", "payment_intent.succeeded": "successful payments",
            "charge.dispute.created": "disputes"}[missed]  # fmt: skip
    return Truth([x["id"] for x in c.a.hooked], _facts(c, e, type=missed, what=what))


@plant("WH-09", "hooked", 2.0)
def disabled(c: Case) -> Steps:
    """Failed for days, then switched off; or switched off by hand."""
    w, e = c.world, _hook(c)
    off = max(c.ago(0.3, 9), w.start + timedelta(days=min(3, w.days / 2)))
    auto = w.chance(0.7)
    status, text = w.pick(ANSWERS)
    if auto:
        behave(w, e["id"], off - timedelta(days=min(5, w.days / 2)), off, status=status, body=text)
    for _ in range(5):
        sell(w, c.a, w.between(off, c.when), ["ok"])
    w.flush()
    w.run("UPDATE webhook_endpoints SET status = 'disabled', disabled_at = ?, disabled_reason = ? "
          "WHERE id = ?", off, "auto_failures" if auto else "user", e["id"])  # fmt: skip
    yield
    return Truth([e["id"]], _facts(c, e) | {"date": day(off)}, ["WH-04"] if auto else [])


@plant("WH-11", "hooked", 1.2)
def duplicates(c: Case) -> Steps:
    """Two endpoints with one address, or first attempts that fail late."""
    w, e = c.world, _hook(c)
    _some_sales(c, 6)
    ids = [e["id"]]
    if w.chance(0.6):
        twin = endpoint(w, c.a, e["url"], created=c.onset - timedelta(hours=1), description=None,
                        enabled_events=e["enabled_events"])  # fmt: skip
        ids.append(twin["id"])
        also: list[str] = []
    else:
        behave(w, e["id"], c.onset, share=0.6, error="timeout", low=19900, high=20100,
               first_only=True)  # fmt: skip
        also = ["WH-06"]
    yield
    return Truth(ids, _facts(c, e), also)


@plant("WH-12", "platform", 1.4)
def wrong_scope(c: Case) -> Steps:
    """Events of sellers have nowhere to go: the endpoint hears the platform only."""
    w, seller = c.world, c.seller()
    w.flush()
    for e in [x for x in c.a.endpoints if x["is_connect"]]:
        w.run("DELETE FROM webhook_endpoints WHERE id = ?", e["id"])
        c.a.endpoints.remove(e)
    if not c.a.hooked:
        endpoint(w, c.a, f"https://{c.a.domain}/webhook", enabled_events='["*"]')
    sale = [sell(w, seller, t, ["ok"]) for t in c.moments(5)][-1]
    yield
    e = c.a.hooked[0]
    return Truth([e["id"]], _facts(c, e, seller=seller.id, sellername=seller.company,
                                   ch=sale.last["id"]))  # fmt: skip


@plant("WH-13", "hooked")
def race(c: Case) -> Steps:
    """The first attempt finds no order yet; the second one does."""
    w, e = c.world, _hook(c)
    status = w.pick([404, 500, 422])
    text = w.pick(["order not found", '{"error":"No order for this payment_intent"}',
                   "RecordNotFound: Couldn't find Order"])  # fmt: skip
    e = _bad(c, share=w.pick([0.9, 0.5, 0.3]), status=status, body=text, first_only=True, low=20,
             high=180)  # fmt: skip
    yield
    return Truth([e["id"]], _facts(c, e), ["WH-04"])


@plant("WH-14", "hooked")
def swallowed(c: Case) -> Steps:
    """Acknowledged, but the calls that followed were refused."""
    w, e = c.world, _hook(c)
    sales = [sell(w, c.a, t, ["ok"]) for t in c.moments(w.whole(4, 9))]
    yield
    wrong = []
    for sale in sales:
        t = sale.last["created"] + timedelta(seconds=w.whole(3, 9))
        if w.chance(0.3):
            wrong.append(request(w, c.a, t, "POST", "/v1/customers/:id", oid=sale.who.id, status=429,
                code="lock_timeout", message="This object cannot be accessed right now because "
                "another API request or Stripe process is currently accessing it. If you see this "
                "error intermittently, retry the request."))  # fmt: skip
        else:
            wrong.append(request(w, c.a, t, "POST", "/v1/customers/:id", oid=sale.who.id, status=400,
                code="parameter_invalid_empty", param="metadata[crm_id]", body={"metadata":
                {"crm_id": None}}, message="You passed an empty string for 'metadata[crm_id]'."))  # fmt: skip
    return Truth([e["id"], *(row["id"] for row in wrong)], _facts(
        c, e, pi=sales[-1].pi["id"], customer=sales[-1].who.name), ["REQ-01"])  # fmt: skip


@plant("WH-10", "billing_hooked")
def out_of_order(c: Case) -> Steps:
    """The update arrives before the creation; everything is answered with 200."""
    w, e = c.world, _hook(c)
    w.flush()
    e["enabled_events"] = '["*"]'
    w.run("UPDATE webhook_endpoints SET enabled_events = '[\"*\"]' WHERE id = ?", e["id"])
    subs = []
    for t in c.moments(w.whole(1, 4)):
        cost = billing.price(w, c.a)
        sub, item, who = billing.subscription(w, c.a, cost, t)
        billing.invoice(w, c.a, sub, item, cost["unit_amount"], t, reason="subscription_create",
                        attempts=["ok"], who=who)  # fmt: skip
        w.add("events", id=w.id("evt_1"), account_id=c.a.id, type="customer.subscription.updated",
              created=t + timedelta(seconds=3), livemode=True, api_version=c.a.version,
              data_object_type="subscription", data_object_id=sub["id"],
              data=json.dumps({"object": {"id": sub["id"], "object": "subscription",
              "status": "active"}}), previous_attributes='{"status":"incomplete"}')  # fmt: skip
        subs.append((sub, who))
    yield
    yield
    yield
    yield
    ids = [sub["id"] for sub, _ in subs]
    for sub in ids:
        w.run("""UPDATE webhook_delivery_attempts SET attempted_at = attempted_at + INTERVAL 9 SECOND
            WHERE webhook_endpoint_id = ? AND event_id IN (SELECT id FROM events WHERE
            data_object_id = ? AND type = 'customer.subscription.created')""", e["id"], sub)  # fmt: skip
    return Truth([e["id"], *ids], _facts(c, e, sub=ids[-1], customer=subs[-1][1].name))


@plant("WH-16", "billing_hooked", 1.2)
def invoice_waits(c: Case) -> Steps:
    """invoice.created is refused, so the drafts wait."""
    w, e = c.world, _hook(c)
    w.flush()
    e["enabled_events"] = '["*"]'
    w.run("UPDATE webhook_endpoints SET enabled_events = '[\"*\"]' WHERE id = ?", e["id"])
    bills = []
    c.onset = max(c.onset, c.when - timedelta(days=2.5))
    for t in c.moments(w.whole(2, 6), c.when - timedelta(hours=2)):
        cost = billing.price(w, c.a)
        sub, item, who = billing.subscription(w, c.a, cost, t - timedelta(days=30))
        bill, _ = billing.invoice(w, c.a, sub, item, cost["unit_amount"], t, who=who,
            status="draft", finalized_at=None, webhooks_delivered_at=None, paid_at=None,
            automatically_finalizes_at=t + timedelta(hours=72))  # fmt: skip
        bills.append((bill, who))
    behave(w, e["id"], c.onset, status=500, body="Internal Server Error", types="invoice.created")
    yield
    bill, who = bills[-1]
    return Truth([e["id"], *(b["id"] for b, _ in bills)], _facts(
        c, e, customer=who.name, invoice=bill["id"]), ["WH-04"])  # fmt: skip
