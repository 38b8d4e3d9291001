"""The platform's own: incidents, the changelog, freshness, scores of every payment."""

# ruff: noqa: E501 (tables read better in one line a row)

from datetime import timedelta
from typing import Any

from benchmarks.examiner.base import World, contract_tables
from benchmarks.examiner.happenings import behave

CHANGES = [
    ("2022-08-01", "2022-08-01", "Checkout creates a Customer only when required", "checkout.session", "customer"),
    ("2022-11-15", "2022-11-15", "The charges property is removed from PaymentIntent", "payment_intent", "charges"),
    ("2023-08-16", "2023-08-16", "automatic_payment_methods is on by default", "payment_intent", "automatic_payment_methods"),
    ("2024-04-10", "2024-04-10", "capture_method defaults to automatic_async", "payment_intent", "capture_method"),
    ("2025-03-31.basil", "basil", "current_period_start and current_period_end move to subscription items", "subscription", "current_period_end"),
    ("2025-03-31.basil", "basil", "payment_intent, charge and subscription are removed from Invoice", "invoice", "payment_intent"),
    ("2025-03-31.basil", "basil", "coupon is replaced by discounts", "subscription", "coupon"),
    ("2025-09-30.clover", "clover", "iterations is removed from subscription schedule phases", "subscription_schedule", "iterations"),
]  # fmt: skip


def incidents(world: World) -> dict[str, Any]:
    """When the platform failed; drawn once. Returns windows for requests and webhooks."""
    api = world.end - timedelta(days=1, hours=world.whole(2, 9))
    slow = world.end - timedelta(hours=world.whole(8, 15))
    old = world.start + (world.end - world.start) * 0.4
    return {
        "api": (world.id("inc_", 12), api, api + timedelta(minutes=world.whole(26, 50)), 0.5),
        "hooks": (world.id("inc_", 12), slow, slow + timedelta(minutes=world.whole(70, 130)), 0.6),
        "old": (world.id("inc_", 12), old, old + timedelta(minutes=18), 0.3),
    }


def build(world: World) -> None:
    """Failing requests during incidents and rows about them; deliveries are held back too."""
    text = {"api": "Elevated error rates on the API", "hooks": "Delayed webhook deliveries",
            "old": "Elevated API errors for some users"}  # fmt: skip
    for name, (key, since, until, share) in world.incidents.items():
        world.add("incidents", id=key, started_at=since, ended_at=until, component="webhooks"
                  if name == "hooks" else "api", severity="major" if name != "old" else "minor",
                  public_text=text[name], scope="cells 3 and 7")  # fmt: skip
        if name == "hooks":
            behave(world, "*", since, until, delay=4200)
            continue
        world.run("""UPDATE api_request_logs SET status = CASE WHEN u('st' || id) < .7 THEN 500 ELSE
            503 END, error_type = 'api_error', error_code = NULL, should_retry = true,
            error_decline_code = NULL, error_charge_id = NULL, error_param = NULL, duration_ms =
            4000 + duration_ms * 9, error_message = 'An unknown error occurred',
            response_body = '{"error":{"type":"api_error","message":"An unknown error occurred"}}'
            WHERE created BETWEEN ? AND ? AND method || route NOT IN ('POST/v1/payment_intents',
            'POST/v1/customers', 'POST/v1/refunds') AND route NOT LIKE '%confirm' AND u('in' || id)
            < ? AND u('ia' || coalesce(stripe_account, account_id)) < .8 AND status = 200""",
            since, until, share)  # fmt: skip
        # writes that failed came again: the failed try is its own row
        world.run("""INSERT INTO api_request_logs BY NAME SELECT * REPLACE (id || 'x' AS id,
            created - secs(2.5) AS created, 500 AS status, 'api_error' AS error_type, NULL AS
            object_id, true AS should_retry, 'An unknown error occurred' AS error_message,
            '{"error":{"type":"api_error","message":"An unknown error occurred"}}' AS response_body)
            FROM api_request_logs WHERE created BETWEEN ? AND ? AND method = 'POST' AND status = 200
            AND u('iw' || id) < ?""", since, until, share)  # fmt: skip
    world.run("""INSERT INTO incident_impacts BY NAME SELECT i.id AS incident_id,
        r.account_id, count(*) AS requests_failed, 0 AS webhooks_delayed FROM incidents i JOIN
        api_request_logs r ON r.status >= 500 AND r.created BETWEEN i.started_at AND i.ended_at
        WHERE i.component = 'api' GROUP BY ALL""")
    world.flush()


def finish(world: World) -> None:
    """What is derived from everything else."""
    world.run("""INSERT INTO incident_impacts BY NAME SELECT i.id AS incident_id, a.account_id,
        0 AS requests_failed, count(*) AS webhooks_delayed FROM incidents i JOIN events e ON
        e.created BETWEEN i.started_at AND i.ended_at JOIN webhook_delivery_attempts a ON
        a.event_id = e.id AND a.attempt = 1 AND a.attempted_at - e.created > INTERVAL 15 MINUTE
        WHERE i.component = 'webhooks' GROUP BY ALL""")
    world.run("""INSERT INTO incident_impacts BY NAME SELECT i.id AS incident_id, r.account_id,
        count(*) AS requests_failed, 0 AS webhooks_delayed FROM incidents i JOIN api_request_logs r
        ON r.status >= 500 AND r.created BETWEEN i.started_at AND i.ended_at WHERE i.component =
        'api' AND NOT EXISTS (FROM incident_impacts p WHERE p.incident_id = i.id AND p.account_id =
        r.account_id) GROUP BY ALL""")
    world.run("""INSERT INTO radar_evaluations BY NAME SELECT sid('rev_', id) AS id, account_id,
        id AS charge_id, created, outcome_risk_score AS risk_score, outcome_risk_level AS
        risk_level, CASE outcome_type WHEN 'blocked' THEN 'block' WHEN 'manual_review' THEN 'review'
        ELSE 'allow' END AS decision, outcome_rule_id AS matched_rule_id, client_ip,
        card_country AS ip_country, '{"velocity":' || hash(id) % 9 || '}' AS internal_features,
        livemode FROM charges WHERE livemode AND payment_method_type = 'card'""")
    for version, release, change, thing, name in CHANGES:
        world.add("api_changelog", version=version, release=release, change=change, object=thing,
                  field=name, breaking=True, doc_url=f"https://docs.stripe.com/changelog/{release}")  # fmt: skip
    for table in contract_tables():
        lag = world.whole(1, 9) if table in ("api_request_logs", "events") else world.whole(8, 50)
        world.add("table_freshness", table_name=table, as_of=world.end - timedelta(minutes=lag))
    for a in world.accounts:
        if world.chance(0.08):
            world.add("support_cases", id=f"old_{world.hex(8)}", account_id=a.id, channel="email",
                      opened_at=world.between(world.start, world.end - timedelta(days=6)),
                      subject=world.pick(["Question about invoices", "Change of address", "VAT id",
                                          "Refund question"]), body="", status="solved",
                      resolution="Answered.")  # fmt: skip
    world.flush()
