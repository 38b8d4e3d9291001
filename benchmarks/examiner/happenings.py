"""Events out of the objects, and their deliveries to the endpoints."""

# ruff: noqa: E501 (statements, rows and letters)

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from benchmarks.examiner.base import World

EVENTS = """
SELECT account_id AS acct, created AS t, livemode AS live, 'payment_intent.created' AS type,
  'payment_intent' AS otype, id AS oid, amount, currency, 'requires_payment_method' AS st,
  'pc' || id AS rk FROM payment_intents WHERE invoice_id IS NULL
UNION ALL BY NAME SELECT i.account_id AS acct, coalesce(c.created, i.created) + secs(1) AS t,
  i.livemode AS live, 'payment_intent.' || CASE i.status WHEN 'requires_capture' THEN
  'amount_capturable_updated' ELSE i.status END AS type, 'payment_intent' AS otype, i.id AS oid,
  i.amount, i.currency, i.status AS st, 'cf' || c.id AS rk FROM payment_intents i LEFT JOIN charges
  c ON c.id = i.latest_charge_id WHERE i.status IN ('succeeded', 'processing', 'requires_capture',
  'requires_action')
UNION ALL BY NAME SELECT account_id AS acct, canceled_at AS t, livemode AS live,
  'payment_intent.canceled' AS type, 'payment_intent' AS otype, id AS oid, amount, currency,
  status AS st FROM payment_intents WHERE status = 'canceled'
UNION ALL BY NAME SELECT account_id AS acct, created AS t, livemode AS live,
  'payment_intent.payment_failed' AS type, 'payment_intent' AS otype, payment_intent_id AS oid,
  amount, currency, 'requires_payment_method' AS st, 'cf' || id AS rk FROM charges WHERE
  status = 'failed'
UNION ALL BY NAME SELECT account_id AS acct, created AS t, livemode AS live, 'charge.' || status AS
  type, 'charge' AS otype, id AS oid, amount, currency, status AS st, 'cf' || id AS rk FROM charges
UNION ALL BY NAME SELECT c.account_id AS acct, c.created + secs(4 + 8 * u('cu' || c.id)) AS t,
  c.livemode AS live, 'charge.updated' AS type, 'charge' AS otype, c.id AS oid, c.amount,
  c.currency, c.status AS st FROM charges c JOIN payment_intents i ON i.id = c.payment_intent_id
  WHERE i.capture_method = 'automatic_async' AND c.status = 'succeeded'
UNION ALL BY NAME SELECT c.account_id AS acct, i.canceled_at AS t, c.livemode AS live,
  'charge.expired' AS type, 'charge' AS otype, c.id AS oid, c.amount, c.currency, c.status AS st
  FROM charges c JOIN payment_intents i ON i.id = c.payment_intent_id WHERE i.capture_method =
  'manual' AND i.status = 'canceled' AND i.cancellation_reason IN ('automatic', 'expired')
UNION ALL BY NAME SELECT account_id AS acct, created + secs(1) AS t, livemode AS live,
  'charge.refunded' AS type, 'charge' AS otype, charge_id AS oid, amount, currency, 'succeeded'
  AS st, 'rf' || id AS rk FROM refunds
UNION ALL BY NAME SELECT account_id AS acct, created + INTERVAL 80 HOUR AS t, livemode AS live,
  unnest(['refund.failed', 'charge.refund.updated']) AS type, 'refund' AS otype, id AS oid, amount,
  currency, status AS st FROM refunds WHERE status = 'failed'
UNION ALL BY NAME SELECT account_id AS acct, created AS t, livemode AS live,
  'charge.dispute.created' AS type, 'dispute' AS otype, id AS oid, amount, currency,
  'needs_response' AS st FROM disputes
UNION ALL BY NAME SELECT account_id AS acct, created + INTERVAL 11 DAY AS t, livemode AS live,
  'charge.dispute.closed' AS type, 'dispute' AS otype, id AS oid, amount, currency, status AS st
  FROM disputes WHERE status IN ('won', 'lost')
UNION ALL BY NAME SELECT account_id AS acct, created AS t, livemode AS live,
  'radar.early_fraud_warning.created' AS type, 'radar.early_fraud_warning' AS otype, id AS oid
  FROM early_fraud_warnings
UNION ALL BY NAME SELECT account_id AS acct, created AS t, livemode AS live, 'review.opened' AS
  type, 'review' AS otype, id AS oid FROM reviews
UNION ALL BY NAME SELECT account_id AS acct, created AS t, livemode AS live, 'customer.created' AS
  type, 'customer' AS otype, id AS oid, 'cu' || id AS rk FROM customers
UNION ALL BY NAME SELECT account_id AS acct, created + secs(90) AS t, livemode AS live,
  'checkout.session.completed' AS type, 'checkout.session' AS otype, id AS oid, amount_total AS
  amount, currency, status AS st FROM checkout_sessions WHERE status = 'complete'
UNION ALL BY NAME SELECT account_id AS acct, expires_at AS t, livemode AS live,
  'checkout.session.expired' AS type, 'checkout.session' AS otype, id AS oid, amount_total AS
  amount, currency, status AS st FROM checkout_sessions WHERE status = 'expired'
UNION ALL BY NAME SELECT account_id AS acct, created AS t, livemode AS live, 'invoice.created' AS
  type, 'invoice' AS otype, id AS oid, total AS amount, currency, 'draft' AS st FROM invoices
UNION ALL BY NAME SELECT account_id AS acct, finalized_at AS t, livemode AS live,
  'invoice.finalized' AS type, 'invoice' AS otype, id AS oid, total AS amount, currency, 'open' AS
  st FROM invoices WHERE finalized_at IS NOT NULL
UNION ALL BY NAME SELECT account_id AS acct, paid_at AS t, livemode AS live,
  unnest(['invoice.paid', 'invoice.payment_succeeded']) AS type, 'invoice' AS otype, id AS oid,
  total AS amount, currency, 'paid' AS st FROM invoices WHERE paid_at IS NOT NULL
UNION ALL BY NAME SELECT account_id AS acct, created AS t, livemode AS live,
  'invoice.payment_failed' AS type, 'invoice' AS otype, invoice_id AS oid, amount, currency,
  'open' AS st FROM charges WHERE invoice_id IS NOT NULL AND status = 'failed'
UNION ALL BY NAME SELECT account_id AS acct, created AS t, livemode AS live,
  'customer.subscription.created' AS type, 'subscription' AS otype, id AS oid, 'su' || id AS rk,
  CASE WHEN status IN ('incomplete', 'incomplete_expired') THEN 'incomplete' WHEN trial_start IS
  NOT NULL THEN 'trialing' ELSE 'active' END AS st FROM subscriptions
UNION ALL BY NAME SELECT s.account_id AS acct, i.paid_at AS t, s.livemode AS live,
  'customer.subscription.updated' AS type, 'subscription' AS otype, s.id AS oid, 'active' AS st
  FROM invoices i JOIN subscriptions s ON s.id = i.subscription_id WHERE i.billing_reason =
  'subscription_cycle' AND i.paid_at IS NOT NULL
UNION ALL BY NAME SELECT s.account_id AS acct, min(c.created) + secs(2) AS t, s.livemode AS live,
  'customer.subscription.updated' AS type, 'subscription' AS otype, s.id AS oid, 'past_due' AS st
  FROM charges c JOIN invoices i ON i.id = c.invoice_id JOIN subscriptions s ON s.id =
  i.subscription_id WHERE c.status = 'failed' GROUP BY ALL
UNION ALL BY NAME SELECT account_id AS acct, ended_at AS t, livemode AS live,
  'customer.subscription.deleted' AS type, 'subscription' AS otype, id AS oid, 'canceled' AS st
  FROM subscriptions WHERE ended_at IS NOT NULL
UNION ALL BY NAME SELECT account_id AS acct, created AS t, livemode AS live, 'payout.created' AS
  type, 'payout' AS otype, id AS oid, amount, currency, 'pending' AS st FROM payouts
UNION ALL BY NAME SELECT account_id AS acct, arrival_date::TIMESTAMP + secs(3600 * (2 + 8 *
  u('pp' || id))) AS t, livemode AS live, 'payout.' || status AS type, 'payout' AS otype, id AS oid,
  amount, currency, status AS st FROM payouts WHERE status IN ('paid', 'failed')
UNION ALL BY NAME SELECT account_id AS acct, created AS t, livemode AS live, 'transfer.created' AS
  type, 'transfer' AS otype, id AS oid, amount, currency FROM transfers
UNION ALL BY NAME SELECT platform_account_id AS acct, created AS t, livemode AS live,
  'application_fee.created' AS type, 'application_fee' AS otype, id AS oid, amount, currency
  FROM application_fees
"""


def events(world: World) -> None:
    """Writes the events of all that is in the tables; planted ones are kept."""
    world.run(f"CREATE TABLE x_ev AS {EVENTS}")
    world.run("""INSERT INTO events BY NAME SELECT sid('evt_1', e.type || e.oid || e.t) AS id,
        acct AS account_id, type, t AS created, live AS livemode, x.acctver AS api_version,
        otype AS data_object_type, oid AS data_object_id, '{"object":{"id":"' || oid ||
        '","object":"' || otype || '"' || coalesce(',"amount":' || amount, '') ||
        coalesce(',"currency":"' || currency || '"', '') || coalesce(',"status":"' || st || '"', '')
        || CASE WHEN otype = 'payment_intent' THEN CASE WHEN x.acctver < '2022-11-15' THEN
        ',"charges":{"object":"list"}' ELSE ',"latest_charge":"ch"' END WHEN otype = 'invoice'
        THEN CASE WHEN x.acctver < '2025-03-31' THEN ',"subscription":"sub","payment_intent":"pi"'
        ELSE ',"parent":{"type":"subscription_details"}' END ELSE '' END || '}}' AS data,
        sid('req_', rk) AS request_id FROM x_ev e JOIN x_acct x ON x.id = e.acct
        WHERE t BETWEEN from_() AND until()""")
    world.run("""UPDATE events SET request_idempotency_key = r.idempotency_key FROM
        api_request_logs r WHERE r.id = events.request_id""")
    world.run("DROP TABLE x_ev")


def behave(world: World, endpoint: str, since: datetime, until: datetime | None = None, *,
           status: int | None = None, error: str | None = None, body: str | None = None,
           location: str | None = None, share: float = 1.0, low: int = 40, high: int = 400,
           first_only: bool = False, types: str = "%", delay: int = 0) -> None:  # fmt: skip
    """How an endpoint answers between two moments; `delay` (s) holds back first attempts."""
    world.behaviours.append({
        "ep": endpoint, "since": since, "till": until or world.end + timedelta(days=1),
        "b_status": status, "b_error": error, "b_body": body, "b_loc": location, "share": share,
        "low": low, "high": high, "first_only": first_only, "types": types, "delay": delay,
    })  # fmt: skip


WAITS = [0, 320, 1900, 7600, 18500, 36500, 73000, 130000]
SCHEMA = pa.schema([("ep", pa.string()), ("since", pa.timestamp("us")), ("till", pa.timestamp("us")),
    ("b_status", pa.int32()), ("b_error", pa.string()), ("b_body", pa.string()),
    ("b_loc", pa.string()), ("share", pa.float64()), ("low", pa.int32()), ("high", pa.int32()),
    ("first_only", pa.bool_()), ("types", pa.string()), ("delay", pa.int32())])  # fmt: skip


def deliveries(world: World) -> None:
    """Attempts of every event at every endpoint that wants it, with retries while they fail."""
    data: list[dict[str, Any]] = world.behaviours
    world.con.register("incoming", pa.Table.from_pylist(data, SCHEMA))
    world.run("CREATE TABLE x_beh AS SELECT * FROM incoming")
    world.con.unregister("incoming")
    world.run("""CREATE TABLE x_del AS SELECT e.id AS ev, e.account_id, w.id AS ep, e.type, e.livemode,
        e.created, e.created + secs(.6 + 3 * power(u('dl' || e.id || w.id), 5) * 6) + secs(coalesce(
        (SELECT max(b.delay * (.3 + u('dd' || e.id))) FROM x_beh b WHERE (b.ep = w.id OR b.ep = '*')
        AND b.delay > 0 AND e.created BETWEEN b.since AND b.till), 0)) AS first
        FROM events e JOIN x_acct x ON x.id = e.account_id JOIN webhook_endpoints w ON
        w.livemode = e.livemode AND ((w.account_id = e.account_id AND NOT w.is_connect) OR
        (w.is_connect AND w.account_id = x.parent)) WHERE (w.enabled_events = '["*"]' OR
        contains(w.enabled_events, '"' || e.type || '"')) AND e.created > w.created AND
        (w.disabled_at IS NULL OR e.created < w.disabled_at)""")
    world.run("CREATE TABLE x_now AS SELECT *, first AS moment FROM x_del WHERE first < until()")
    for k, _wait in enumerate(WAITS, start=1):
        following = WAITS[k] if k < len(WAITS) else None
        _attempts(world, k, following)
    world.run("""UPDATE events SET pending_webhooks = coalesce(p.n, 0) FROM (SELECT e.id, p.n FROM
        events e LEFT JOIN (SELECT ev, count(*) AS n FROM x_del d WHERE NOT EXISTS (FROM
        webhook_delivery_attempts a WHERE a.event_id = d.ev AND a.webhook_endpoint_id = d.ep AND
        a.status = 'succeeded') GROUP BY 1) p ON p.ev = e.id) p WHERE p.id = events.id""")


def _attempts(world: World, k: int, following: int | None) -> None:
    world.run(f"""CREATE OR REPLACE TABLE x_fate AS SELECT n.*, b.* EXCLUDE (ep, types, delay, since,
        till, share), u('f{k}' || n.ev || n.ep) AS luck, .002 + .012 * u('w' || n.ep) AS bad
        FROM x_now n LEFT JOIN x_beh b ON b.ep = n.ep AND n.moment BETWEEN b.since AND b.till
        AND b.delay = 0 AND n.type LIKE b.types AND u('h{k}' || n.ev || n.ep) < b.share
        AND NOT (b.first_only AND {k} > 1)""")
    world.run(f"""CREATE OR REPLACE TABLE x_fate AS SELECT *, CASE WHEN low IS NOT NULL THEN b_status
        WHEN luck < bad THEN pick([500, 500, 502, 503, 504, 408, NULL], 's{k}' || ev || ep)
        ELSE 200 END AS rs FROM x_fate QUALIFY row_number() OVER (PARTITION BY ev, ep ORDER BY
        b_status, b_error) = 1""")
    world.run(f"""INSERT INTO webhook_delivery_attempts BY NAME SELECT sid('wda_', ev || ep || '{k}')
        AS id, account_id, ev AS event_id, ep AS webhook_endpoint_id, {k} AS attempt,
        'automatic' AS trigger, moment AS attempted_at, CAST(CASE WHEN low IS NOT NULL THEN low +
        (high - low) * u('t{k}' || ev) WHEN rs IS NULL THEN 20000 ELSE 30 + 90 * u('m' || ep) * 6 +
        700 * power(u('t{k}' || ev || ep), 6) END AS INTEGER) AS duration_ms, rs AS response_status,
        CASE WHEN low IS NOT NULL THEN b_body WHEN rs = 200 THEN pick(['', 'ok', '{{"received":true}}',
        'OK'], 'bo' || ep) WHEN rs = 500 THEN 'Internal Server Error' WHEN rs IN (502, 504, 503)
        THEN '<html><head><title>' || rs || '</title></head><body>nginx</body></html>' END AS
        response_body_excerpt, b_loc AS response_location, CASE WHEN low IS NOT NULL THEN b_error
        WHEN rs IS NULL THEN 'timeout' END AS error_type, CASE WHEN rs BETWEEN 200 AND 299 THEN
        'succeeded' ELSE 'failed' END AS status, CASE WHEN rs BETWEEN 200 AND 299 THEN NULL ELSE
        first + secs({following or "NULL"}) END AS next_attempt_at, livemode FROM x_fate""")
    if following is None:
        return
    world.run(f"""CREATE OR REPLACE TABLE x_now AS SELECT ev, account_id, ep, type, livemode, created,
        first, first + secs({following} * (.9 + .2 * u('n{k}' || ev))) AS moment FROM x_fate f WHERE
        (rs IS NULL OR rs NOT BETWEEN 200 AND 299) AND first + secs({following} * (.9 + .2 *
        u('n{k}' || ev))) < until() AND NOT (NOT livemode AND {k} >= 3) AND NOT EXISTS (FROM
        webhook_endpoints w WHERE w.id = f.ep AND w.disabled_at < first + secs({following}))""")
