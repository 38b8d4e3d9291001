"""Requests: what servers, browsers and jobs send, out of the objects that are there."""

# ruff: noqa: E501 (statements, rows and letters)

import hashlib
import json
from datetime import datetime
from typing import Any

from benchmarks.examiner.base import World
from benchmarks.examiner.people import Account
from benchmarks.examiner.vocabulary import BROWSERS

# acct, t, live, client, method, path, route, oid, req, resp, status, error columns, k
DONE = "'succeeded', 'requires_capture', 'processing'"
FLOWS = """
SELECT i.account_id AS acct, i.created AS t, i.livemode AS live, 'server' AS client,
  'POST' AS method, '/v1/payment_intents' AS route, i.id AS oid,
  '{"amount":"' || i.amount || '","currency":"' || i.currency || '","customer":"' ||
  coalesce(i.customer_id, '') || CASE WHEN i.capture_method = 'manual' THEN
  '","capture_method":"manual' ELSE '' END || '","metadata":' || i.metadata || '}' AS req,
  '{"id":"' || i.id || '","object":"payment_intent","amount":' || i.amount || ',"currency":"' ||
  i.currency || '","status":"requires_payment_method"' || CASE WHEN x.ver < '2022-11-15' THEN
  ',"charges":{"object":"list","data":[]}' ELSE ',"latest_charge":null' END || '}' AS resp,
  200 AS status, NULL AS ch, 'pc' || i.id AS k
FROM payment_intents i JOIN x_acct x ON x.id = i.account_id WHERE x.style <> 'server' AND
  x.style <> 'checkout' AND i.invoice_id IS NULL
UNION ALL BY NAME
SELECT i.account_id AS acct, i.created - secs(1) AS t, i.livemode AS live, 'js' AS client,
  'GET' AS method, '/v1/elements/sessions' AS route, NULL AS oid, 200 AS status, 'es' || i.id AS k
FROM payment_intents i JOIN x_acct x ON x.id = i.account_id WHERE x.style = 'elements' AND
  i.invoice_id IS NULL AND i.id NOT IN (FROM x_quiet)
UNION ALL BY NAME
SELECT i.account_id AS acct, c.created - secs(1) AS t, i.livemode AS live,
  CASE x.style WHEN 'server' THEN 'server' ELSE 'js' END AS client, 'POST' AS method,
  CASE x.style WHEN 'server' THEN '/v1/payment_intents' WHEN 'checkout' THEN
  '/v1/payment_pages/:id/confirm' ELSE '/v1/payment_intents/:id/confirm' END AS route, i.id AS oid,
  CASE x.style WHEN 'server' THEN '{"amount":"' || i.amount || '","currency":"' || i.currency ||
  '","customer":"' || coalesce(i.customer_id, '') || '","payment_method":"' ||
  coalesce(i.payment_method_id, '') || '","confirm":"true","off_session":"true","metadata":' ||
  i.metadata || '}' ELSE '{"payment_method":"' || coalesce(i.payment_method_id, '') ||
  '","return_url":"https://' || x.domain || '/thanks"}' END AS req,
  CASE WHEN c.status = 'failed' THEN 402 ELSE 200 END AS status, CASE WHEN c.status = 'failed'
  THEN c.id END AS ch, 'cf' || c.id AS k
FROM charges c JOIN payment_intents i ON i.id = c.payment_intent_id JOIN x_acct x ON
  x.id = i.account_id WHERE i.invoice_id IS NULL
UNION ALL BY NAME
SELECT i.account_id AS acct, coalesce(c.created, i.created) + secs(g.k * 2 + u('gg' || i.id)) AS t,
  i.livemode AS live, CASE WHEN g.k = 1 THEN 'js' ELSE 'server' END AS client, 'GET' AS method,
  '/v1/payment_intents/:id' AS route, i.id AS oid, CASE WHEN g.k = 2 THEN '{"id":"' || i.id ||
  '","object":"payment_intent","amount":' || i.amount || ',"currency":"' || i.currency ||
  '","status":"' || i.status || '"' || CASE WHEN x.ver < '2022-11-15' THEN
  ',"charges":{"object":"list","data":[{"id":"' || coalesce(i.latest_charge_id, '') || '"}]}' ELSE
  ',"latest_charge":"' || coalesce(i.latest_charge_id, '') || '"' END || '}' END AS resp,
  200 AS status, 'g' || g.k || i.id AS k
FROM payment_intents i JOIN x_acct x ON x.id = i.account_id JOIN generate_series(1, 3) g(k)
  ON u('gp' || g.k || i.id) < .75 LEFT JOIN charges c ON c.id = i.latest_charge_id
WHERE i.invoice_id IS NULL AND i.status IN ('succeeded', 'requires_capture', 'processing')
UNION ALL BY NAME
SELECT s.account_id AS acct, s.created AS t, s.livemode AS live, 'server' AS client,
  'POST' AS method, '/v1/checkout/sessions' AS route, s.id AS oid, '{"mode":"' || s.mode ||
  '","success_url":"https://' || x.domain || '/ok","metadata":' || coalesce(s.metadata, '{}') ||
  CASE WHEN s.mode = 'payment' AND p.metadata <> '{}' THEN ',"payment_intent_data":{"metadata":' ||
  p.metadata || '}' ELSE '' END || '}' AS req, 200 AS status, 'cs' || s.id AS k
FROM checkout_sessions s JOIN x_acct x ON x.id = s.account_id LEFT JOIN payment_intents p ON
  p.id = s.payment_intent_id
UNION ALL BY NAME
SELECT s.account_id AS acct, s.created + secs(60 + 90 * u('gs' || s.id)) AS t, s.livemode AS live,
  'server' AS client, 'GET' AS method, '/v1/checkout/sessions/:id' AS route, s.id AS oid,
  200 AS status, 'gs' || s.id AS k FROM checkout_sessions s WHERE s.status = 'complete'
UNION ALL BY NAME
SELECT c.account_id AS acct, c.created AS t, c.livemode AS live, 'server' AS client,
  'POST' AS method, '/v1/customers' AS route, c.id AS oid, '{"email":"' || c.email || '","name":"'
  || c.name || '"}' AS req, '{"id":"' || c.id || '","object":"customer"}' AS resp, 200 AS status,
  'cu' || c.id AS k FROM customers c WHERE c.created > from_()
UNION ALL BY NAME
SELECT r.account_id AS acct, r.created - secs(1) AS t, r.livemode AS live,
  CASE WHEN u('rd' || r.account_id) < .5 THEN 'dash' ELSE 'server' END AS client, 'POST' AS method,
  '/v1/refunds' AS route, r.id AS oid, '{"payment_intent":"' || coalesce(r.payment_intent_id, '') ||
  '","amount":"' || r.amount || '"}' AS req, 200 AS status, 'rf' || r.id AS k FROM refunds r
UNION ALL BY NAME
SELECT s.account_id AS acct, s.created - secs(1) AS t, s.livemode AS live, 'server' AS client,
  'POST' AS method, '/v1/subscriptions' AS route, s.id AS oid, '{"customer":"' || s.customer_id ||
  '","items":[{"price":"' || coalesce(n.price_id, '') || '"}]}' AS req, 200 AS status,
  'su' || s.id AS k FROM subscriptions s LEFT JOIN (SELECT subscription_id, min(price_id) AS
  price_id FROM subscription_items GROUP BY 1) n ON n.subscription_id = s.id
  WHERE s.created > from_()
UNION ALL BY NAME
SELECT i.account_id AS acct, c.created + secs(3600 * 20 * u('kp' || c.id) + 60) AS t, i.livemode AS
  live, 'server' AS client, 'POST' AS method, '/v1/payment_intents/:id/capture' AS route, i.id AS
  oid, 200 AS status, 'kp' || i.id AS k FROM payment_intents i JOIN charges c ON c.id =
  i.latest_charge_id WHERE i.capture_method = 'manual' AND i.status = 'succeeded'
UNION ALL BY NAME
SELECT account_id AS acct, canceled_at AS t, livemode AS live, 'server' AS client, 'POST' AS method,
  '/v1/payment_intents/:id/cancel' AS route, id AS oid, 200 AS status, 'ca' || id AS k
  FROM payment_intents WHERE status = 'canceled' AND coalesce(cancellation_reason, '') NOT IN
  ('automatic', 'expired')
UNION ALL BY NAME
SELECT t.account_id AS acct, t.created AS t, t.livemode AS live, 'server' AS client, 'POST' AS
  method, '/v1/transfers' AS route, t.id AS oid, '{"amount":"' || t.amount || '","destination":"' ||
  t.destination_account_id || '","source_transaction":"' || t.source_transaction_id || '"}' AS req,
  200 AS status, 'tr' || t.id AS k FROM transfers t JOIN x_acct x ON x.id = t.account_id AND
  x.routing = 'separate'
UNION ALL BY NAME
SELECT x.id AS acct, h.t + secs(3600 * u(x.id || h.t || p.k)) AS t, NOT x.test_only AS live,
  'server' AS client, 'GET' AS method, pick(['/v1/balance', '/v1/charges', '/v1/events',
  '/v1/customers', '/v1/payouts', '/v1/payment_intents', '/v1/invoices', '/v1/account'],
  'r' || x.id || h.t || p.k) AS route, NULL AS oid, 200 AS status, 'po' || x.id || h.t || p.k AS k
FROM x_acct x, (SELECT unnest(generate_series(from_(), until(), INTERVAL 1 HOUR)) AS t) h,
  generate_series(1, 6) p(k) WHERE x.sa IS NULL AND NOT x.dormant AND u('pp' || x.id || h.t || p.k)
  < least(x.polls * .13, .85)
"""


def build(world: World) -> None:
    """Writes the request log of everything that is in the tables so far."""
    world.run(f"CREATE MACRO from_() AS TIMESTAMP '{world.start}'")
    world.run(f"CREATE TABLE x_req AS {FLOWS}")
    world.run(f"""INSERT INTO api_request_logs BY NAME SELECT sid('req_', r.k) AS id,
        x.actor AS account_id, x.sa AS stripe_account, t AS created, r.live AS livemode,
        CASE client WHEN 'js' THEN CASE WHEN r.live THEN pk ELSE tpk END WHEN 'server' THEN
        CASE WHEN r.live THEN sk ELSE tsk END END AS api_key_id, CASE client WHEN 'js' THEN
        'stripe_js' WHEN 'dash' THEN 'dashboard' ELSE 'api' END AS source, method,
        replace(route, ':id', coalesce(oid, '')) || CASE WHEN oid IS NULL AND method = 'GET' AND
        route NOT IN ('/v1/balance', '/v1/account', '/v1/elements/sessions') THEN '?limit=' ||
        pick(['100', '100', '10', '25', '3'], 'li' || x.actor) ELSE '' END AS path, route,
        oid AS object_id, CASE client WHEN 'js' THEN '2025-09-30.clover' ELSE ver END AS
        api_version, CASE client WHEN 'js' THEN 'stripe.js' WHEN 'server' THEN sdk END AS sdk,
        CASE client WHEN 'js' THEN 'v3' WHEN 'server' THEN sdkv END AS sdk_version,
        CASE client WHEN 'server' THEN ua ELSE pick({BROWSERS!r}, 'br' || k) END AS user_agent,
        CASE client WHEN 'server' THEN pick(ips, k) ELSE (11 + hash(k) % 190) || '.' ||
        hash('i' || k) % 250 || '.' || hash('j' || k) % 250 || '.7' END AS source_ip,
        CASE WHEN client = 'server' AND method = 'POST' AND idem THEN left(md5(k), 8) || '-' ||
        substr(md5(k), 9, 4) || '-4' || substr(md5(k), 13, 3) || '-b' || substr(md5(k), 17, 3) || '-'
        || substr(md5(k), 21, 12) END AS idempotency_key, false AS idempotent_replayed,
        CASE WHEN method = 'POST' THEN left(md5(route || coalesce(req, k)), 16) END AS params_hash,
        req AS request_body, CASE WHEN ch.id IS NOT NULL THEN '{{"error":{{"code":"' ||
        ch.failure_code || '","message":"' || ch.failure_message || '","type":"card_error"}}}}'
        WHEN resp IS NOT NULL THEN resp WHEN oid IS NULL AND method = 'GET' AND route NOT IN
        ('/v1/balance', '/v1/account', '/v1/elements/sessions') THEN
        '{{"object":"list","data":[],"has_more":false,"url":"' || route || '"}}' END AS response_body,
        r.status, CAST(60 + 240 * power(u('d' || k), 3) + CASE WHEN method = 'POST' THEN 180 + 900 *
        power(u('e' || k), 4) ELSE 0 END + CASE WHEN u('sl' || k) < .0004 THEN 9000 ELSE 0 END
        AS INTEGER) AS duration_ms, CASE WHEN r.status >= 400 THEN false END AS should_retry,
        CASE WHEN ch.id IS NOT NULL THEN 'card_error' END AS error_type,
        ch.failure_code AS error_code, CASE WHEN ch.outcome_type = 'blocked' THEN 'generic_decline'
        WHEN ch.failure_code = 'card_declined' THEN ch.outcome_reason END AS error_decline_code,
        ch.failure_message AS error_message, ch.outcome_advice_code AS error_advice_code,
        ch.outcome_network_decline_code AS error_network_decline_code, CASE WHEN ch.id IS NOT NULL
        THEN 'https://stripe.com/docs/error-codes/' || replace(ch.failure_code, '_', '-') END
        AS error_doc_url, ch.id AS error_charge_id
        FROM x_req r JOIN x_acct x ON x.id = r.acct LEFT JOIN charges ch ON ch.id = r.ch
        WHERE t BETWEEN from_() AND until()""")
    world.run("DROP TABLE x_req")


TYPES = {400: "invalid_request_error", 401: "invalid_request_error", 402: "card_error",
         403: "invalid_request_error", 404: "invalid_request_error", 409: "idempotency_error",
         429: "invalid_request_error", 500: "api_error", 502: "api_error", 503: "api_error"}  # fmt: skip


def request(world: World, a: Account, t: datetime, method: str, route: str, *,
            oid: str | None = None, status: int = 200, code: str | None = None,
            message: str | None = None, param: str | None = None, body: Any = None,
            reply: Any = None, client: str = "server", live: bool | None = None,
            query: str = "", **over: Any) -> dict[str, Any]:  # fmt: skip
    """One request as `a`'s integration sends it; `over` replaces columns of the row."""
    by = a.actor
    live = (not by.test_only) if live is None else live
    key = {"server": "sk", "js": "pk"}.get(client)
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    if status >= 400 and reply is None:
        reply = {"error": {"type": over.get("error_type", TYPES.get(status)), "message": message}}
        reply["error"] |= {
            name: value for name, value in (("code", code), ("param", param)) if value
        }
    idem = world.uuid() if client == "server" and method == "POST" and by.idempotent else None
    row = {
        "id": world.id("req_"), "account_id": by.id, "stripe_account": a.id if by is not a else None,
        "created": t, "livemode": live, "api_key_id": by.keys[key if live else f"t{key}"]
        if key else None, "source": {"server": "api", "js": "stripe_js"}.get(client, "dashboard"),
        "method": method, "path": route.replace(":id", oid or "") + query, "route": route,
        "object_id": oid, "api_version": by.version if client == "server" else "2025-09-30.clover",
        "sdk": by.sdk if client == "server" else "stripe.js" if client == "js" else None,
        "sdk_version": by.sdk_version if client == "server" else "v3" if client == "js" else None,
        "user_agent": by.user_agent if client == "server" else world.pick(BROWSERS),
        "source_ip": world.pick(by.ips) if client == "server" else world.address(),
        "idempotency_key": idem, "idempotent_replayed": False,
        "params_hash": hashlib.md5(f"{route}{text}".encode()).hexdigest()[:16]
        if method == "POST" else None, "request_body": text,
        "response_body": json.dumps(reply, separators=(",", ":")) if reply is not None else None,
        "status": status, "duration_ms": int(45 + world.rng.gamma(1.6, 70)) if status >= 400
        else int(110 + world.rng.gamma(2, 130)), "should_retry": False if status >= 400 else None,
        "error_type": TYPES.get(status), "error_code": code, "error_param": param,
        "error_message": message, "error_doc_url": f"https://stripe.com/docs/error-codes/"
        f"{code.replace('_', '-')}" if code else None,
    } | over  # fmt: skip
    return world.add("api_request_logs", **row)
