"""Weak forms of every sign, for everyone: strays that no one would write about."""

# ruff: noqa: E501 (tables read better in one line a row)

from datetime import timedelta
from typing import Any

from benchmarks.examiner import operations
from benchmarks.examiner.base import World
from benchmarks.examiner.people import Account
from benchmarks.examiner.traffic import request

# (method, route, status, code, message, param, id prefix)
STRAYS: list[tuple[str, str, int, str | None, str, str | None, str | None]] = [
    ("GET", "/v1/customers/:id", 404, "resource_missing", "No such customer: '{id}'", "id", "cus_"),
    ("GET", "/v1/payment_intents/:id", 404, "resource_missing", "No such payment_intent: '{id}'", "intent", "pi_3"),
    ("GET", "/v1/charges/:id", 404, "resource_missing", "No such charge: '{id}'", "id", "ch_3"),
    ("POST", "/v1/payment_intents/:id/confirm", 400, "payment_intent_unexpected_state", "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.", None, "old"),
    ("POST", "/v1/payment_intents/:id/cancel", 400, "payment_intent_unexpected_state", "You cannot cancel this PaymentIntent because it has a status of succeeded.", None, "old"),
    ("POST", "/v1/payment_intents", 400, "parameter_missing", "Missing required param: amount.", "amount", None),
    ("POST", "/v1/payment_intents", 400, "parameter_unknown", "Received unknown parameter: recipt_email. Did you mean receipt_email?", "recipt_email", None),
    ("POST", "/v1/payment_intents", 400, "amount_too_small", "Amount must be at least 50 cents", "amount", None),
    ("POST", "/v1/payment_intents", 400, "parameter_invalid_integer", "Invalid integer: 24.5", "amount", None),
    ("POST", "/v1/customers", 400, "email_invalid", "Invalid email address: n/a", "email", None),
    ("POST", "/v1/refunds", 400, "charge_already_refunded", "Charge {id} has already been refunded.", None, "ch_3"),
    ("POST", "/v1/refunds", 400, None, "Refund amount (5000) is greater than unrefunded amount on charge (2000)", "amount", None),
    ("POST", "/v1/checkout/sessions", 400, "url_invalid", "Not a valid URL", "success_url", None),
    ("POST", "/v1/subscriptions", 400, "resource_missing", "No such price: '{id}'", "items[0][price]", "price_1"),
    ("GET", "/v1/customers/:id", 429, "rate_limit", "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.", None, "cus_"),
    ("POST", "/v1/customers/:id", 429, "lock_timeout", "This object cannot be accessed right now because another API request or Stripe process is currently accessing it.", None, "cus_"),
    ("GET", "/v1/balance", 500, None, "An unknown error occurred", None, None),
    ("POST", "/v1/tokens", 402, "incorrect_number", "Your card number is incorrect.", "number", None),
    ("POST", "/v1/coupons", 400, "resource_already_exists", "Coupon already exists.", "id", None),
    ("POST", "/v1/payouts", 400, "balance_insufficient", "You have insufficient funds in your Stripe account for this transfer.", None, None),
]  # fmt: skip


def build(world: World) -> None:
    """A few strays for everyone by size, replays that went well, an old key now and then."""
    world.incidents = operations.incidents(world)
    for a in world.accounts:
        if a.dormant:
            continue
        for _ in range(int(world.rng.poisson(min(3 + 900 * a.weight, 26) * world.days / 40))):
            _stray(world, a)
        if world.chance(0.05):
            _old_key(world, a)
        if world.chance(0.04):
            for _ in range(world.whole(1, 2)):
                request(world, a, world.between(world.start, world.end), "GET", "/v1/charges",
                        status=401, message="Invalid API Key provided: sk_live_****"
                        f"{world.id('', 4)}", api_key_id=None)  # fmt: skip
    world.flush()
    world.run("""INSERT INTO api_request_logs BY NAME SELECT * REPLACE (id || 'r' AS id,
        created + secs(1.4) AS created, true AS idempotent_replayed, 38 AS duration_ms) FROM
        api_request_logs WHERE method = 'POST' AND status = 200 AND idempotency_key IS NOT NULL AND
        u('rp' || id) < .0012 AND created < until() - INTERVAL 1 MINUTE""")


def _stray(world: World, a: Account) -> None:
    method, route, status, code, message, param, kind = world.pick(STRAYS)
    if route == "/v1/subscriptions" and not a.billing:
        return
    at = world.between(world.start, world.end - timedelta(minutes=3))
    oid: str | None = world.id(kind, 14) if kind and kind != "old" else None
    if kind == "old":
        oid = world.id("pi_3")
    on_path = oid if ":id" in route else None
    live = None if world.chance(0.8) else False
    extra: dict[str, Any] = {"should_retry": True} if status in (429, 500) else {}
    if status == 429 and code == "rate_limit":
        extra["error_type"] = "invalid_request_error"
    request(world, a, at, method, route, oid=on_path, status=status, code=code, param=param,
            message=message.replace("{id}", oid or ""), live=live, **extra)  # fmt: skip
    if status in (429, 500) and world.chance(0.8):
        request(world, a, at + timedelta(seconds=2), method, route, oid=on_path, live=live)


def _old_key(world: World, a: Account) -> None:
    old = world.one("SELECT id, masked FROM api_keys WHERE account_id = ? AND status = 'expired'",
                    a.actor.id)  # fmt: skip
    if old:
        at = world.between(world.start, world.end)
        for k in range(world.whole(1, 2)):
            request(world, a, at + timedelta(seconds=7 * k), "GET", "/v1/balance", status=401,
                    code="api_key_expired", message=f"Expired API Key provided: {old['masked']}",
                    api_key_id=old["id"])  # fmt: skip
