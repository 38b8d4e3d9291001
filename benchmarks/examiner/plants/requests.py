"""Causes that show as refused requests: keys, versions, parameters, limits, currencies."""

# ruff: noqa: E501 (tables read better in one line a row)

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from benchmarks.examiner.plants.frame import Case, Steps, Truth, day, plant
from benchmarks.examiner.sales import patron
from benchmarks.examiner.traffic import request

Shape = tuple[str, str, int, str | None, str | None, str, str | None, Any]
LOCK = ("This object cannot be accessed right now because another API request or Stripe process is "
        "currently accessing it.")  # fmt: skip
# mode: fits, repeated (low, high), [(method, route, status, code, param, message, id prefix, body)]
SIMPLE: dict[str, tuple[str, float, int, int, list[Shape]]] = {
    "AUTH-05": ("live", 1.4, 4, 40, [("GET", "/v1/payouts", 403, None, None, "The provided key 'rk_live_*********{tail}' does not have the required permissions for this endpoint on account '{acct}'. Having the 'rak_payout_read' permission would allow this request to continue.", None, None), ("POST", "/v1/refunds", 403, None, None, "The provided key 'rk_live_*********{tail}' does not have the required permissions for this endpoint on account '{acct}'. Having the 'rak_charge_write' permission would allow this request to continue.", None, {"charge": "ch"})]),
    "VER-03": ("own", 1.2, 4, 40, [("POST", "/v1/subscriptions", 400, "parameter_unknown", "coupon", "Received unknown parameter: coupon", None, {"coupon": "SPRING"}), ("POST", "/v1/payment_intents", 400, "parameter_unknown", "source", "Received unknown parameter: source", None, {"amount": 2400, "source": "tok_x"}), ("POST", "/v1/invoices/create_preview", 400, "parameter_unknown", "subscription_details[billing_mode]", "Received unknown parameter: subscription_details[billing_mode]", None, {})]),
    "REQ-01": ("live", 2.0, 4, 60, [("POST", "/v1/payment_intents", 400, "parameter_unknown", "curency", "Received unknown parameter: curency. Did you mean currency?", None, {"amount": 1900, "curency": "eur"}), ("POST", "/v1/checkout/sessions", 400, "parameter_missing", "success_url", "Missing required param: success_url.", None, {"mode": "payment"}), ("POST", "/v1/checkout/sessions", 400, "parameter_invalid_empty", "line_items[0][price]", "You passed an empty string for 'line_items[0][price]'. We assume empty values are an attempt to unset a parameter; however 'line_items[0][price]' cannot be unset.", None, {"line_items": [{"price": ""}]}), ("POST", "/v1/payment_intents", 400, "parameter_unknown", "customer_email", "Received unknown parameter: customer_email", None, {"amount": 4500, "customer_email": "x"})]),
    "RATE-02": ("live", 1.2, 6, 40, [("POST", "/v1/customers/:id", 429, "lock_timeout", None, LOCK, "cus_", {"metadata": {"synced": "1"}})]),
    "CUR-02": ("live", 1.3, 3, 25, [("POST", "/v1/payment_intents", 400, "amount_too_small", "amount", "Amount must be at least $0.50 usd", None, {"amount": 19, "currency": "usd"}), ("POST", "/v1/checkout/sessions", 400, "amount_too_small", None, "The Checkout Session's total amount due must add up to at least $0.50 usd", None, {"line_items": [{"price_data": {"unit_amount": 29}}]})]),
    "CUR-03": ("live", 1.3, 3, 40, [("POST", "/v1/payment_intents", 400, "parameter_invalid_integer", "amount", "Invalid integer: 1998.9999999999998", None, {"amount": 1998.9999999999998}), ("POST", "/v1/payment_intents", 400, "parameter_invalid_integer", "amount", "Invalid integer: 49.90", None, {"amount": "49.90"})]),
    "CL-05": ("live", 1.2, 3, 20, [("POST", "/v1/charges", 400, "token_already_used", "source", "You cannot use a Stripe token more than once: tok_1{tail}.", None, {"source": "tok_1", "amount": 2500}), ("POST", "/v1/customers", 400, "token_already_used", "source", "You cannot use a Stripe token more than once: tok_1{tail}.", None, {"source": "tok_1"})]),
    "CL-07": ("live", 1.2, 3, 30, [("POST", "/v1/payment_methods", 402, None, None, "Sending credit card numbers directly to the Stripe API is generally unsafe. To continue processing use Stripe.js, the Stripe mobile bindings, or Stripe Elements. If you are qualified to handle card data directly, see https://support.stripe.com/questions/enabling-access-to-raw-card-data-apis.", None, {"type": "card", "card": {"number": "[REDACTED]"}}), ("POST", "/v1/tokens", 402, None, None, "Sending credit card numbers directly to the Stripe API is generally unsafe. We suggest you use test tokens that map to the test card you are using, see https://stripe.com/docs/testing.", None, {"card": {"number": "[REDACTED]"}})]),
    "ACC-03": ("live", 1.4, 3, 30, [("POST", "/v1/payment_intents", 400, "payment_intent_invalid_parameter", "payment_method_types", 'The payment method type "klarna" is invalid. Please ensure the provided type is activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and your account is enabled for any preview features that you are trying to use.', None, {"payment_method_types": ["klarna"]}), ("POST", "/v1/checkout/sessions", 400, "payment_method_unactivated", "payment_method_types", "The payment method type provided: giropay is invalid. This payment method is not activated for your account.", None, {"payment_method_types": ["card", "giropay"]})]),
    "SUB-12": ("billing", 1.2, 2, 12, [("POST", "/v1/subscriptions", 400, None, None, "You cannot combine currencies on a single customer. This customer has an active subscription, subscription schedule, discount, quote, or invoice item with currency usd", None, {"items": [{"price": "price_x"}]})]),
    "SUB-13": ("billing", 1.2, 2, 12, [("POST", "/v1/subscriptions", 400, "resource_missing", None, "This customer has no attached payment source or default payment method. Please consider adding a default payment method. For more information, visit https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.", None, {"items": [{"price": "price_x"}]})]),
    "SUB-14": ("billing", 1.3, 2, 14, [("POST", "/v1/subscriptions", 400, "coupon_expired", "coupon", "Coupon expired: WELCOME10", None, {"coupon": "WELCOME10"}), ("POST", "/v1/subscriptions/:id", 400, "resource_missing", "promotion_code", "No such promotion code: 'AUTUMN'", "sub_1", {"promotion_code": "AUTUMN"})]),
    "TAX-01": ("billing", 1.3, 2, 16, [("POST", "/v1/subscriptions", 400, "customer_tax_location_invalid", "customer", "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.", None, {"automatic_tax": {"enabled": True}})]),
    "SDK-01": ("own", 1.0, 6, 40, [("POST", "/v1/charges", 401, "tls_version_unsupported", None, "Stripe no longer supports API requests made with TLS 1.0. Please initiate HTTPS connections with TLS 1.2 or later. You can learn more about this at https://stripe.com/blog/upgrading-tls.", None, {})]),
    "CON-05": ("platform", 1.2, 2, 6, [("POST", "/oauth/token", 400, "invalid_grant", None, "This authorization code has already been used. All tokens issued with this code have been revoked.", None, {"grant_type": "authorization_code", "code": "ac_{tail}"})]),
    "CON-07": ("platform", 1.2, 3, 12, [("POST", "/v1/transfers", 400, None, "destination", "Funds can't be sent to accounts located in BR when the account is under the full service agreement. You may want to try the recipient service agreement.", None, {"amount": 12000}), ("POST", "/v1/payment_intents", 400, None, "transfer_data[destination]", "Cannot create a destination charge for connected accounts in TH because funds would be settled on the platform and the connected account is outside the platform's region. You may use the `on_behalf_of` parameter.", None, {"amount": 8000})]),
    "CON-08": ("platform", 1.2, 3, 20, [("POST", "/v1/payment_intents", 400, "application_fees_not_allowed", "application_fee_amount", "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment (using an OAuth key or Stripe-Account header) or destination payment (using `transfer_data[destination]`).", None, {"amount": 9000, "application_fee_amount": 900})]),
    "CON-03": ("destined", 1.2, 3, 14, [("POST", "/v1/transfers", 400, "balance_insufficient", None, "You have insufficient available funds in your Stripe account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card.", None, {"amount": 45000, "currency": "eur"})]),
    "PAY-09": ("live", 1.3, 1, 5, [("POST", "/v1/payouts", 400, "balance_insufficient", None, "You have insufficient funds in your Stripe account for this transfer. Your card balance is too low.", None, {"amount": 250000}), ("POST", "/v1/payouts", 400, "instant_payouts_unsupported", None, "This account isn't eligible for instant payouts.", None, {"method": "instant", "amount": 60000})]),
    "PAY-08": ("live", 1.0, 1, 3, [("POST", "/v1/payouts", 400, "amount_too_small", "amount", "Amount must be no less than 1.00", None, {"amount": 40})]),
    "AUTH-04": ("live", 1.3, 3, 30, [("POST", "/v1/customers", 403, "secret_key_required", None, "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.", None, {}), ("GET", "/v1/charges", 401, "secret_key_required", None, "This API call cannot be made with a publishable API key. Please use a secret API key.", None, None)]),
    "AUTH-01": ("own", 1.5, 5, 60, [("POST", "/v1/payment_intents", 401, None, None, "Invalid API Key provided: sk_live_****{tail}\"", None, None), ("GET", "/v1/balance", 401, None, None, "Invalid API Key provided: <sk_li***{tail}>", None, None), ("POST", "/v1/checkout/sessions", 401, None, None, "Invalid API Key provided: pi_3****_secret_**{tail}", None, None)]),
    "RATE-03": ("live", 1.0, 2, 8, [("POST", "/v1/payment_intents/:id/confirm", 402, "card_decline_rate_limit_exceeded", None, "This card has been declined too many times. You can try to charge this card again after 24 hours.", "pi_3", {}), ("POST", "/v1/payment_intents/:id/confirm", 400, "payment_intent_rate_limit_exceeded", None, "The PaymentIntent has been confirmed too many times. Try again later.", "pi_3", {})]),
}  # fmt: skip


def _before(c: Case, mode: str, shape: Shape) -> dict[str, Any]:
    """What else the cause leaves beside its requests; extra columns of them."""
    w, extra = c.world, {}
    if mode == "AUTH-05":
        key = w.add("api_keys", id=w.id("mk_1", 20), account_id=c.a.actor.id, type="restricted",
                    livemode=True, name=w.pick(["orders service", "erp", "bot"]), status="active",
                    masked=f"rk_live_...{w.id('', 4)}", permissions='["customer_write"]',
                    created=c.onset - timedelta(minutes=20), last_used_at=c.when)  # fmt: skip
        extra["api_key_id"] = key["id"]
        for t in c.moments(4):
            request(w, c.a, t, "GET", "/v1/customers", query="?limit=10", api_key_id=key["id"])
    if mode in ("AUTH-01", "SDK-01"):
        extra |= {"api_key_id": None, "source_ip": w.address(), "idempotency_key": None}
    if mode == "SDK-01":
        extra["user_agent"] = "Stripe/v1 PhpBindings/3.23.0 PHP/5.4.16 OpenSSL/0.9.8e"
    if mode == "AUTH-04":
        extra["api_key_id"] = c.a.actor.keys["pk"]
    if mode.startswith("RATE"):
        extra["should_retry"] = mode != "RATE-03"
        extra["error_type"] = "card_error" if mode == "RATE-03" else "invalid_request_error"
    if mode == "CON-05":
        extra["error_type"] = None
    return extra


def _maker(mode: str, low: int, high: int, shapes: list[Shape]) -> Callable[[Case], Steps]:
    def make(c: Case) -> Steps:
        yield
        w, shape = c.world, c.world.pick(shapes)
        method, route, status, code, param, message, kind, body = shape
        tail = w.id("", 4)
        message = message.replace("{tail}", tail).replace("{acct}", c.a.actor.id)
        yield
        extra = _before(c, mode, shape)
        oid = _object(c, kind)
        rows = [request(w, c.a, t, method, route, oid=oid, status=status, code=code, param=param,
                        message=message, body=body, **extra)
                for t in c.moments(w.whole(low, high))]  # fmt: skip
        if mode == "RATE-02" and oid:
            for row in list(rows):
                request(w, c.a, row["created"] - timedelta(milliseconds=300), method, route, oid=oid,
                        body={"metadata": {"seen": "1"}}, duration_ms=w.whole(900, 4000))  # fmt: skip
        facts = {"error": message, "req": rows[-1]["id"], "date": day(rows[0]["created"]), "n":
                 str(len(rows)), "route": route, "time": f"{rows[-1]['created']:%H:%M}"}  # fmt: skip
        return Truth([oid or rows[-1]["id"], rows[-1]["id"]], facts | ({"oid": oid} if oid else {}))

    return make


def _object(c: Case, kind: str | None) -> str | None:
    table = {"cus_": "customers", "sub_1": "subscriptions", "pi_3": "payment_intents"}.get(
        kind or ""
    )
    if table is None:
        return None
    where = "AND status = 'requires_payment_method'" if kind == "pi_3" else ""
    row = c.world.one(f"SELECT id FROM {table} WHERE account_id = ? AND livemode {where} "
                      "ORDER BY created DESC LIMIT 1", c.a.id)  # fmt: skip
    return row["id"] if row else c.world.id(kind or "", 14)


for _mode, (_fits, _weight, _low, _high, _shapes) in SIMPLE.items():
    plant(_mode, _fits, _weight)(_maker(_mode, _low, _high, _shapes))


@plant("AUTH-02", "live", 1.5)
def expired_key(c: Case) -> Steps:
    """One server still has the key that was rolled."""
    w = c.world
    old = w.add("api_keys", id=w.id("mk_1", 20), account_id=c.a.actor.id, type="secret",
                livemode=True, name="old server", masked=f"sk_live_...{w.id('', 4)}", status="expired",
                created=c.a.created, expired_at=c.onset, last_used_at=c.when)  # fmt: skip
    yield
    yield
    ip = w.address()
    rows = [request(w, c.a, t, w.pick(["POST", "GET"]), w.pick(["/v1/customers", "/v1/charges"]),
            status=401, code="api_key_expired", message=f"Expired API Key provided: {old['masked']}",
            api_key_id=old["id"], source_ip=ip, idempotency_key=None)
            for t in c.moments(w.whole(8, 120))]  # fmt: skip
    return Truth([old["id"], rows[-1]["id"]], {"date": day(c.onset), "req": rows[-1]["id"],
                 "error": rows[-1]["error_message"], "ip": ip})  # fmt: skip


@plant("RATE-01", "own", 1.5)
def too_many(c: Case) -> Steps:
    """A job that asks for everything at once."""
    yield
    yield
    w, ids = c.world, []
    route = w.pick(["/v1/customers/:id", "/v1/invoices/:id", "/v1/charges/:id"])
    kind = {"/v1/customers/:id": "cus_", "/v1/invoices/:id": "in_1", "/v1/charges/:id": "ch_3"}[
        route
    ]
    for t in c.moments(w.whole(1, 4)):
        for k in range(w.whole(150, 420)):
            spot = t + timedelta(seconds=float(w.rng.random()) * 3)
            full = k > 90 and w.chance(0.7)
            row = request(w, c.a, min(spot, c.when), "GET", route, oid=w.id(kind, 14),
                status=429 if full else 200, code="rate_limit" if full else None, message="Request "
                "rate limit exceeded. Learn more about rate limits here "
                "https://stripe.com/docs/rate-limits." if full else None,
                should_retry=True if full else None)  # fmt: skip
            if full:
                ids.append(row["id"])
    return Truth(ids[-3:], {"date": day(c.onset), "req": ids[-1], "route": route})


@plant("MODE-01", "own", 1.6)
def other_mode(c: Case) -> Steps:
    """Ids of test mode with the live key, or the reverse."""
    w = c.world
    row = w.one("SELECT id FROM customers WHERE account_id = ? AND NOT livemode LIMIT 1", c.a.id)
    oid = row["id"] if row else patron(w, c.a, c.onset - timedelta(hours=5), live=False).id
    yield
    yield
    message = (f"No such customer: '{oid}'; a similar object exists in test mode, but a live mode "
               "key was used to make this request.")  # fmt: skip
    rows = [request(w, c.a, t, "POST", "/v1/payment_intents", status=400, code="resource_missing",
            param="customer", message=message, body={"customer": oid, "amount": 2000}, object_id=oid)
            if w.chance(0.5) else request(w, c.a, t, "GET", "/v1/customers/:id", oid=oid, status=404,
            code="resource_missing", param="id", message=message)
            for t in c.moments(w.whole(3, 25))]  # fmt: skip
    return Truth([oid, rows[-1]["id"]], {"cus": oid, "error": message, "req": rows[-1]["id"],
                                         "date": day(c.onset)})  # fmt: skip


@plant("MODE-04", "direct", 1.3)
def other_account(c: Case) -> Steps:
    """Ids that belong to another account of the same people."""
    w = c.world
    yield
    yield
    row = w.one("""SELECT id, account_id FROM customers WHERE account_id <> ? AND livemode AND
        account_id IN (SELECT id FROM accounts WHERE parent_platform_id IS NULL) ORDER BY hash(id ||
        ?) LIMIT 1""", c.a.id, c.a.id)  # fmt: skip
    assert row is not None
    message = f"No such customer: '{row['id']}'"
    rows = [request(w, c.a, t, "GET", "/v1/customers/:id", oid=row["id"], status=404, param="id",
            code="resource_missing", message=message) for t in c.moments(w.whole(3, 20))]  # fmt: skip
    return Truth([row["id"], rows[-1]["id"]], {"cus": row["id"], "error": message,
                 "req": rows[-1]["id"], "date": day(c.onset)})  # fmt: skip


@plant("REQ-08", "live", 1.2)
def wrong_kind(c: Case) -> Steps:
    """The id of one kind of object on the path of another."""
    yield
    yield
    w = c.world
    row = w.one("SELECT id, payment_intent_id AS pi FROM charges WHERE account_id = ? AND livemode "
                "ORDER BY created DESC LIMIT 1", c.a.id)  # fmt: skip
    oid, route, what = (row["id"], "/v1/payment_intents/:id", "payment_intent") if row else (
        w.id("cs_live_a1"), "/v1/subscriptions/:id", "subscription")  # fmt: skip
    rows = [request(w, c.a, t, "GET", route, oid=oid, status=404, code="resource_missing", param=
            "intent" if row else "id", message=f"No such {what}: '{oid}'")
            for t in c.moments(w.whole(4, 30))]  # fmt: skip
    return Truth([oid, rows[-1]["id"]], {"oid": oid, "error": rows[-1]["error_message"], "req":
                 rows[-1]["id"], "date": day(c.onset)})  # fmt: skip


@plant("IDEM-01", "own", 1.3)
def other_body(c: Case) -> Steps:
    """A key used again for a changed request."""
    yield
    yield
    w, ids, key = c.world, [], ""
    for t in c.moments(w.whole(2, 9)):
        key = f"order-{w.whole(1000, 99999)}"
        request(
            w, c.a, t, "POST", "/v1/payment_intents", body={"amount": 2500}, idempotency_key=key
        )
        ids.append(request(w, c.a, t + timedelta(minutes=w.whole(1, 300)), "POST",
            "/v1/payment_intents", status=400, body={"amount": 2900}, idempotency_key=key, 
            error_type="idempotency_error", message="Keys for "
            f"idempotent requests can only be used with the same parameters they were first used with."
            f" Try using a key other than '{key}' if you meant to execute a different request.")["id"])  # fmt: skip
    return Truth(ids[-2:], {"req": ids[-1], "key": key, "date": day(c.onset)})


@plant("IDEM-02", "own", 1.2)
def concurrent(c: Case) -> Steps:
    """The second request comes while the first is at work."""
    yield
    yield
    w, ids, key = c.world, [], ""
    for t in c.moments(w.whole(2, 9)):
        key = w.uuid()
        request(w, c.a, t, "POST", "/v1/payment_intents", body={"amount": 2500}, idempotency_key=key,
                duration_ms=w.whole(1500, 5000))  # fmt: skip
        ids.append(request(w, c.a, t + timedelta(milliseconds=w.whole(60, 900)), "POST",
            "/v1/payment_intents", status=409, body={"amount": 2500}, idempotency_key=key,
            code="idempotency_key_in_use", error_type="invalid_request_error", message="There is "
            "currently another in-progress request using this Idempotent Key (that probably means you "
            "submitted twice, and the other request is still going through)")["id"])  # fmt: skip
    return Truth(ids[-2:], {"req": ids[-1], "key": key, "date": day(c.onset)})


@plant("IDEM-04", "live", 1.2)
def replayed(c: Case) -> Steps:
    """The same refusal again and again, out of the store."""
    yield
    yield
    w = c.world
    t, key, text = c.moments(1)[0], w.uuid(), "Your card was declined."
    rows = [request(w, c.a, min(t + timedelta(minutes=7 * k), c.when), "POST", "/v1/payment_intents",
            status=402, code="card_declined", message=text, body={"amount": 4900, "confirm": True},
            idempotency_key=key, idempotent_replayed=k > 0, error_decline_code="insufficient_funds")
            for k in range(w.whole(4, 9))]  # fmt: skip
    return Truth([rows[-1]["id"], rows[0]["id"]], {"req": rows[-1]["id"], "key": key,
                 "date": day(t), "error": text})  # fmt: skip
