"""What is sold: customers, payment intents, charges and what follows from them."""

# ruff: noqa: E501 (statements, rows and letters)

from typing import Any

import numpy as np
import pyarrow as pa
from benchmarks.examiner.base import World
from benchmarks.examiner.people import shares
from benchmarks.examiner.vocabulary import COUNTRIES, DECLINES, FIRST, LAST, PER_DOLLAR

OK, RETRIED, DECLINED, ABANDONED, ACTION, CANCELED, HELD, HOLD, DELAYED, BLOCKED, RULE, REVIEW = (
    range(12)
)
STORIES = [0.868, 0.03, 0.0, 0.04, 0.008, 0.012, 0.0, 0.0, 0.012, 0.003, 0.002, 0.002]


def build(world: World) -> None:
    """Customers and one-off payments of everyone, with refunds, disputes and reviews."""
    _rules(world)
    _core(world)
    _customers(world)
    _intents(world)
    _charges(world)
    _checkouts(world)
    _refunds(world)
    _disputes(world)
    _radar(world)


def _rules(world: World) -> None:
    for a in world.accounts:
        if world.chance(0.22):
            world.add(
                "radar_rules", id=world.id("ssr_1", 18), account_id=a.id, action="block",
                predicate=world.pick([":card_country: != :ip_country:", ":risk_score: > 85",
                "@blocked_emails", ":total_charges_per_card_number_hourly: > 3",
                ":card_funding: = 'prepaid'", ":amount_in_usd: > 2500"]),
                created=world.between(a.created, world.start), livemode=True,
            )  # fmt: skip
        if world.chance(0.1):
            world.add("radar_rules", id=world.id("ssr_1", 18), account_id=a.id, action="review",
                      predicate=":amount_in_usd: > 1500", livemode=True,
                      created=world.between(a.created, world.start))  # fmt: skip
    world.flush()
    world.run("""CREATE TABLE x_rule AS SELECT account_id, action, min(id) AS id FROM radar_rules
                 GROUP BY ALL""")


def _moments(world: World, a: Any, n: int, rng: np.random.Generator) -> np.ndarray:
    """Seconds after the start: by weekday, by hour in the account's zone, with bursts."""
    base = np.array([(world.start.weekday() + k) % 7 for k in range(world.days)])
    shape = rng.choice([0, 1, 2])
    week = np.array([[1, 1, 1, 1, 1, 0.5, 0.4], [0.7, 0.7, 0.8, 0.9, 1.3, 1.6, 1.2],
                     [1.2, 1, 1, 1, 0.9, 0.2, 0.15]])[shape]  # fmt: skip
    days = week[base] * rng.lognormal(0, 0.35, world.days)
    if rng.random() < 0.25:
        days[rng.integers(0, world.days)] *= rng.uniform(3, 9)
    hours = np.array([1, 0.6, 0.4, 0.3, 0.3, 0.5, 1, 2, 4, 6, 7, 7, 7, 6, 6, 6, 6, 6, 6, 7, 7, 6, 4,
                      2]) if shape != 2 else np.array([0.3] * 7 + [2, 6, 9, 9, 8, 5, 7, 8, 8, 6, 3]
                                                      + [1] * 6)  # fmt: skip
    day = rng.choice(world.days, n, p=days / days.sum())
    hour = (rng.choice(24, n, p=hours / hours.sum()) - COUNTRIES[a.country][2]) % 24
    origin = world.start.hour * 3600 + world.start.minute * 60
    seconds = (day * 86400 + hour * 3600 + rng.random(n) * 3600 - origin) % (world.days * 86400)
    bursts = rng.random(n) < 0.02
    seconds[bursts] = np.round(seconds[bursts] / 7200) * 7200 + rng.random(bursts.sum()) * 240
    return np.clip(seconds, 0, world.days * 86400 - 900)


def _core(world: World) -> None:
    total = int(150_000 * (world.size / 600) ** 0.9 * (world.days / 40))
    counts = shares(world, total)
    parts: list[dict[str, np.ndarray]] = []
    children: dict[int, list[int]] = {}
    for a in world.accounts:
        if a.parent:
            children.setdefault(a.parent.n, []).append(a.n)
    for a, n in zip(world.accounts, counts, strict=True):
        if n == 0:
            continue
        rng = np.random.default_rng([world.seed, 77, a.n])
        parts.append(_sales(world, a, int(n), rng, children.get(a.n, [])))
    merged = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    merged["n"] = np.arange(len(merged["a"]))
    merged["t"] = np.datetime64(world.start, "us") + (merged["t"] * 1e6).astype("timedelta64[us]")
    world.con.register("incoming", pa.table(merged))
    world.run("""CREATE TABLE x_pay AS SELECT p.*, x.id AS account_id, x.ccy, x.country, x.style,
                 sid('pi_3', 'pi' || p.n) AS pi,
                 CASE WHEN u('ccy' || p.n) < CASE WHEN x.several THEN .3 ELSE .012 END
                 THEN pick(['usd','eur','gbp'], 'c' || p.n) ELSE x.ccy END AS currency
                 FROM incoming p JOIN x_acct x ON x.n = p.a""")
    world.con.unregister("incoming")


def _sales(world: World, a: Any, n: int, rng: np.random.Generator, sellers: list[int]) -> dict[
    str, np.ndarray
]:  # fmt: skip
    story = rng.choice(12, n, p=np.array(STORIES) / sum(STORIES))
    bad = rng.random(n) < a.decline_rate
    story[bad & (story == OK)] = DECLINED
    if a.currency != "eur":
        story[story == DELAYED] = OK
    if a.manual:
        story[(story == OK) & (rng.random(n) < 0.8)] = HELD
        story[(story == HELD) & (rng.random(n) < 0.03)] = HOLD
    points = np.round(np.exp(rng.normal(3.6, 1.0, 6)), 1) + 3
    dollars = np.where(rng.random(n) < 0.6, points[rng.integers(0, 6, n)],
                       np.exp(rng.normal(3.7, 0.8, n)) + 1)  # fmt: skip
    rate = PER_DOLLAR[a.currency] * (1 if a.currency == "jpy" else 100)
    weights = np.array([each[1] for each in DECLINES])
    dest = np.full(n, -1)
    if sellers and a.routing in ("destination", "separate"):
        dest = np.where(rng.random(n) < 0.85, rng.choice(sellers, n), -1)
    return {
        "a": np.full(n, a.n), "t": _moments(world, a, n, rng), "story": story,
        "amount": np.maximum(np.round(dollars * rate), 60 if a.currency != "jpy" else 100
                             ).astype(np.int64),
        "cust": (rng.zipf(1.6, n) * 7 + rng.integers(0, max(3, int(n * 0.7)), n))
        % max(4, int(n * 0.6)),
        "decline": rng.choice(len(DECLINES), n, p=weights / weights.sum()),
        "tries": np.where(story == RETRIED, 2 + (rng.random(n) < 0.15), np.where(
            story == DECLINED, 1 + (rng.random(n) < 0.2), 1)),
        "gap": rng.exponential(260, n) + 25, "dest": dest,
        "live": np.full(n, False) if a.test_only else rng.random(n) > 0.03,
        "risk": np.clip(rng.gamma(1.7, 11, n), 0, 64).astype(np.int32),
    }  # fmt: skip


def _customers(world: World) -> None:
    names = {"f": list(FIRST), "l": list(LAST)}
    world.run("""CREATE TABLE x_cust AS SELECT p.a, p.cust, p.live, x.id AS account_id, p.t, sid('cus_', 'cu' || p.a || '-' || p.cust || p.live) AS id,
        sid('pm_1', 'pm' || p.a || '-' || p.cust || p.live) AS pm,
        pick(['visa','visa','visa','mastercard','mastercard','amex'], 'b' || p.a || p.cust)
            AS brand,
        lpad(CAST(hash('4' || p.a || '-' || p.cust) % 10000 AS VARCHAR), 4, '0') AS last4,
        CASE WHEN u('cc' || p.a || '-' || p.cust) < .86 THEN x.country ELSE
            pick(['US','GB','DE','FR','BR','IT','IN','CA','CH','TR'], p.a || 'q' || p.cust) END
            AS country,
        left(md5('fp' || p.a || '-' || p.cust), 16) AS fp, x.ccy
        FROM (SELECT a, cust, live, min(t) AS t FROM x_pay GROUP BY 1, 2, 3) p JOIN x_acct x ON
        x.n = p.a""")
    world.run(
        """INSERT INTO customers BY NAME SELECT id, account_id, t - secs(30 + 4e6 *
        u('cr' || id) * u('cs' || id)) AS created, live AS livemode, lower(f) || '.' || lower(l)
        || (hash(id) % 90) || '@' || pick(['gmail.com','outlook.com','icloud.com','gmx.de',
        'orange.fr','yahoo.co.jp','proton.me'], 'm' || id) AS email, f || ' ' || l AS name,
        NULL AS currency, 0 AS balance, u('dl' || id) < .004 AS delinquent,
        CASE WHEN u('ad' || id) < .7 THEN country END AS address_country,
        CASE WHEN u('ad' || id) < .7 THEN CAST(10000 + hash(id) % 89999 AS VARCHAR) END
        AS address_postal_code, 'none' AS tax_exempt, CASE WHEN u('ad' || id) < .7 THEN 'supported'
        ELSE 'unrecognized_location' END AS tax_location_status, '{}' AS metadata,
        u('del' || id) < .006 AS deleted FROM (SELECT *, pick($f, 'f' || id) AS f,
        pick($l, 'l' || id) AS l FROM x_cust)""".replace("$f", repr(names["f"])).replace(
            "$l", repr(names["l"])
        )
    )
    world.run("""INSERT INTO payment_methods BY NAME SELECT pm AS id, account_id,
        CASE WHEN u('moment' || id) < .45 THEN id END AS customer_id, 'card' AS type,
        t - secs(5) AS created, live AS livemode, brand AS card_brand, last4 AS card_last4,
        country AS card_country, fp AS card_fingerprint,
        pick(['credit','debit','debit','prepaid'], 'fu' || id) AS card_funding,
        1 + hash(id) % 12 AS card_exp_month, 2026 + hash('y' || id) % 5 AS card_exp_year
        FROM x_cust""")


def _intents(world: World) -> None:
    world.run(
        """INSERT INTO payment_intents BY NAME
        SELECT p.pi AS id, p.account_id, c.id AS customer_id, p.t AS created, p.live AS livemode,
        p.amount, CASE WHEN story = 7 AND $1 - p.t < INTERVAL 7 DAY THEN p.amount ELSE 0 END
        AS amount_capturable, CASE WHEN story IN (0, 1, 6, 11) OR (story = 8 AND $1 - p.t >
        INTERVAL 6 DAY) THEN p.amount ELSE 0 END AS amount_received, p.currency,
        CASE WHEN story IN (0, 1, 6, 11) THEN 'succeeded' WHEN story = 8 THEN
          CASE WHEN $1 - p.t > INTERVAL 6 DAY THEN 'succeeded' ELSE 'processing' END
          WHEN story IN (2, 3, 9, 10) THEN 'requires_payment_method' WHEN story = 4 THEN
          'requires_action' WHEN story = 5 THEN 'canceled' WHEN $1 - p.t < INTERVAL 7 DAY
          THEN 'requires_capture' ELSE 'canceled' END AS status,
        CASE WHEN story IN (6, 7) THEN 'manual' WHEN x.asy THEN 'automatic_async' ELSE 'automatic'
        END AS capture_method, 'automatic' AS confirmation_method,
        CASE WHEN u('sf' || p.n) < .2 THEN 'off_session' END AS setup_future_usage,
        CASE WHEN story <> 3 THEN c.pm END AS payment_method_id,
        CASE WHEN story NOT IN (3, 4, 5) THEN sid('ch_3', 'ch' || p.n || '-' || p.tries) END
        AS latest_charge_id, CASE WHEN story = 4 THEN 'use_stripe_sdk' END AS next_action_type,
        CASE WHEN story = 5 THEN p.t + secs(400 + 90000 * u('ca' || p.n)) WHEN story = 7 AND
        $1 - p.t >= INTERVAL 7 DAY THEN p.t + INTERVAL 7 DAY END AS canceled_at,
        CASE WHEN story = 5 THEN pick(['requested_by_customer','abandoned','duplicate'], 'cr' ||
        p.n) WHEN story = 7 AND $1 - p.t >= INTERVAL 7 DAY THEN 'automatic' END
        AS cancellation_reason, CASE WHEN x.orders THEN '{"order_id":"' || (10000 + p.n * 7 % 800000)
        || '"}' ELSE '{}' END AS metadata, d.id AS transfer_data_destination,
        CASE WHEN d.id IS NOT NULL THEN CAST(p.amount * .1 AS BIGINT) WHEN x.sa IS NOT NULL
        THEN CAST(p.amount * .08 AS BIGINT) END AS application_fee_amount
        FROM x_pay p JOIN x_acct x ON x.n = p.a JOIN x_cust c ON c.a = p.a AND c.cust = p.cust
        AND c.live = p.live LEFT JOIN x_acct d ON d.n = p.dest AND x.routing = 'destination'""".replace(
            "$1", f"TIMESTAMP '{world.end}'"
        )
    )


def _charges(world: World) -> None:
    table = {key: [each[k] for each in DECLINES] for k, key in
             ((0, "code"), (2, "failure"), (3, "message"), (4, "network"), (5, "advice"))}  # fmt: skip
    table["k"] = list(range(len(DECLINES)))
    world.con.register("incoming", pa.table(table))
    world.run("CREATE TABLE x_decline AS SELECT * FROM incoming")
    world.con.unregister("incoming")
    world.run(
        """CREATE TABLE x_try AS SELECT p.*, s.k AS try, p.t + secs(3 + 9 * u('tt' || p.n) +
        p.gap * (s.k - 1)) AS moment, (s.k < p.tries OR story IN (2, 9, 10)) AS failed,
        sid('ch_3', 'ch' || p.n || '-' || s.k) AS ch FROM x_pay p, generate_series(1, 4) s(k)
        WHERE s.k <= p.tries AND story NOT IN (3, 4, 5)"""
    )
    world.run("""INSERT INTO charges BY NAME
        SELECT ch AS id, t.account_id, t.pi AS payment_intent_id, c.id AS customer_id,
        moment AS created, t.live AS livemode, t.amount, CASE WHEN failed OR story = 7 OR i.status =
        'processing' THEN 0 ELSE t.amount END AS amount_captured, CASE WHEN story = 7 AND i.status
        = 'canceled' THEN t.amount ELSE 0 END AS amount_refunded, t.currency,
        CASE WHEN failed THEN 'failed' WHEN i.status = 'processing' THEN 'pending' ELSE 'succeeded'
        END AS status, NOT failed AND i.status <> 'processing' AS paid,
        NOT failed AND story <> 7 AS captured, story = 7 AND i.status = 'canceled' AS refunded,
        false AS disputed,
        CASE WHEN story IN (9, 10) THEN 'card_declined' WHEN failed THEN d.failure END
        AS failure_code, CASE WHEN story IN (9, 10) THEN 'Your card was declined.' WHEN failed
        THEN d.message END AS failure_message,
        CASE WHEN story IN (9, 10) THEN 'blocked' WHEN failed THEN 'issuer_declined'
        WHEN story = 11 THEN 'manual_review' ELSE 'authorized' END AS outcome_type,
        CASE WHEN story IN (9, 10) THEN 'not_sent_to_network' WHEN failed THEN
        'declined_by_network' ELSE 'approved_by_network' END AS outcome_network_status,
        CASE WHEN story = 9 THEN CASE WHEN u('lp' || t.n) < .25 THEN 'low_probability_of_authorization'
        ELSE 'highest_risk_level' END WHEN story = 10 THEN CASE WHEN rb.id IS NULL
        THEN 'highest_risk_level' ELSE 'rule' END WHEN story = 11 THEN CASE WHEN rr.id IS NULL THEN
        'elevated_risk_level' ELSE 'rule' END WHEN failed THEN d.code END AS outcome_reason,
        CASE WHEN story IN (9, 10) AND NOT (story = 10 AND rb.id IS NOT NULL) THEN 'highest'
        WHEN story = 11 THEN 'elevated' ELSE 'normal' END AS outcome_risk_level,
        CASE WHEN story IN (9, 10) AND NOT (story = 10 AND rb.id IS NOT NULL) THEN 76 + t.risk % 22
        WHEN story = 11 THEN 66 + t.risk % 8 ELSE t.risk END AS outcome_risk_score,
        CASE WHEN story = 10 THEN rb.id WHEN story = 11 THEN rr.id END AS outcome_rule_id,
        CASE WHEN failed AND story NOT IN (9, 10) THEN d.advice END AS outcome_advice_code,
        CASE WHEN failed AND story NOT IN (9, 10) THEN d.network END
        AS outcome_network_decline_code,
        c.pm AS payment_method_id, CASE WHEN story = 8 THEN 'sepa_debit' ELSE 'card' END
        AS payment_method_type, CASE WHEN story <> 8 THEN c.brand END AS card_brand,
        CASE WHEN story <> 8 THEN CASE WHEN story = 1 AND try = tries AND u('oc' || t.n) < .5 THEN
        lpad(CAST(hash(t.n) % 10000 AS VARCHAR), 4, '0') ELSE c.last4 END END AS card_last4,
        CASE WHEN story <> 8 THEN c.country END AS card_country,
        CASE WHEN story <> 8 THEN CASE WHEN story = 1 AND try = tries AND u('oc' || t.n) < .5 THEN
        left(md5('o' || t.n), 16) ELSE c.fp END END AS card_fingerprint,
        CASE WHEN failed AND d.failure = 'incorrect_cvc' THEN 'fail' WHEN story <> 8 THEN 'pass' END
        AS card_cvc_check, CASE WHEN failed AND d.failure = 'incorrect_zip' THEN 'fail'
        WHEN u('z' || t.n) < .02 THEN 'fail' WHEN u('z' || t.n) < .6 THEN 'pass' END
        AS card_address_zip_check,
        CASE WHEN u('3d' || t.n) < .12 AND NOT failed THEN 'authenticated' END
        AS card_three_d_secure_result,
        i.application_fee_amount, i.transfer_data_destination AS destination_account_id,
        upper(split_part(x.domain, '.', 1)) AS statement_descriptor,
        (11 + hash(c.id) % 190) || '.' || hash('a' || c.id) % 250 || '.' || hash('b' || c.id) % 250
        || '.' || (1 + hash('c' || c.id) % 250) AS client_ip, i.metadata
        FROM x_try t JOIN payment_intents i ON i.id = t.pi JOIN x_acct x ON x.n = t.a
        JOIN x_cust c ON c.a = t.a AND c.cust = t.cust AND c.live = t.live
        JOIN x_decline d ON d.k = t.decline LEFT JOIN x_rule rb ON rb.account_id = t.account_id
        AND rb.action = 'block' LEFT JOIN x_rule rr ON rr.account_id = t.account_id AND rr.action
        = 'review'""")
    world.run("""UPDATE payment_intents SET last_payment_error_code = c.failure_code,
        last_payment_error_decline_code = CASE WHEN c.outcome_type = 'blocked' THEN
        'generic_decline' ELSE c.outcome_reason END, last_payment_error_message = c.failure_message
        FROM charges c WHERE c.id = payment_intents.latest_charge_id AND c.status = 'failed'""")


def _checkouts(world: World) -> None:
    world.run("""INSERT INTO checkout_sessions BY NAME
        SELECT sid(CASE WHEN i.livemode THEN 'cs_live_a1' ELSE 'cs_test_a1' END, 'cs' || i.id)
        AS id, i.account_id, 'payment' AS mode, CASE WHEN i.status IN ('succeeded', 'processing',
        'requires_capture') THEN 'complete' ELSE 'expired' END AS status, CASE WHEN i.status IN
        ('succeeded') THEN 'paid' ELSE 'unpaid' END AS payment_status, i.created - secs(20 + 300 *
        u('cst' || i.id)) AS created, i.created + INTERVAL 24 HOUR AS expires_at, i.livemode,
        i.customer_id, c.email AS customer_email, i.id AS payment_intent_id, i.currency,
        i.amount AS amount_total, i.metadata FROM payment_intents i JOIN x_acct x ON x.id =
        i.account_id JOIN customers c ON c.id = i.customer_id WHERE x.style = 'checkout'""")


def _refunds(world: World) -> None:
    world.run(
        """CREATE TABLE x_ref AS SELECT *, created + secs(600 + 86400 * 12 * power(u('rt' || id), 2))
        AS moment, CASE WHEN u('rp' || id) < .75 THEN amount ELSE CAST(ceil(amount * (.1 + .7 *
        u('ra' || id))) AS BIGINT) END AS back FROM charges WHERE status = 'succeeded' AND captured
        AND u('rf' || id) < .015 + .06 * u('rr' || account_id)"""
    )
    world.run(
        """INSERT INTO refunds BY NAME SELECT sid('re_3', 'rf' || id) AS id, account_id,
        id AS charge_id, payment_intent_id, moment AS created, back AS amount, currency, CASE
        WHEN u('rs' || id) < .012 THEN 'failed' ELSE 'succeeded' END AS status,
        CASE WHEN u('rs' || id) < .012 THEN pick(['expired_or_canceled_card','declined',
        'lost_or_stolen_card'], 'rfr' || id) END AS failure_reason,
        pick(['requested_by_customer', 'requested_by_customer', 'duplicate', NULL], 'rz' || id)
        AS reason, 'card' AS destination_details_type, CASE WHEN moment - created < INTERVAL 20 HOUR
        THEN 'reversal' ELSE 'refund' END AS destination_details_card_type,
        CASE WHEN $1 - moment > INTERVAL 2 DAY THEN '7' || lpad(CAST(hash(id) % 10000000000 AS VARCHAR),
        22, '4') END AS destination_details_reference, CASE WHEN $1 - moment > INTERVAL 2 DAY THEN
        'available' ELSE 'pending' END AS destination_details_reference_status, '{}' AS metadata,
        livemode FROM x_ref WHERE moment < $1""".replace("$1", f"TIMESTAMP '{world.end}'")
    )
    world.run("""UPDATE charges SET amount_refunded = r.s, refunded = (r.s >= charges.amount) FROM
        (SELECT charge_id, sum(amount) AS s FROM refunds WHERE status <> 'failed' GROUP BY 1) r
        WHERE r.charge_id = charges.id""")


def _disputes(world: World) -> None:
    end = f"TIMESTAMP '{world.end}'"
    world.run(
        """CREATE TABLE x_dis AS SELECT *, created + secs(86400 * (2 + 25 * u('dt' || id))) AS moment
        FROM charges WHERE status = 'succeeded' AND captured AND livemode AND amount_refunded = 0
        AND payment_method_type = 'card' AND u('dp' || id) < .0015 + .006 * u('dr' || account_id)"""
    )
    world.run(
        """INSERT INTO disputes BY NAME SELECT sid('du_1', 'dp' || id) AS id, account_id, id AS
        charge_id, payment_intent_id, moment AS created, livemode, amount, currency,
        pick(['fraudulent','fraudulent','product_not_received','unrecognized',
        'subscription_canceled','product_unacceptable','duplicate'], 'dre' || id) AS reason,
        pick(['10.4','13.1','4853','4837','13.2'], 'dn' || id) AS network_reason_code, CASE
        WHEN u('dk' || id) < .08 THEN pick(['warning_needs_response','warning_closed'], id)
        WHEN $1 - moment < INTERVAL 7 DAY THEN 'needs_response' ELSE pick(['under_review','won','lost',
        'lost','needs_response'], 'ds' || id) END AS status, u('dk' || id) < .08
        AS is_charge_refundable, moment + INTERVAL 9 DAY AS evidence_due_by, false AS evidence_has_evidence,
        false AS evidence_past_due, 0 AS evidence_submission_count FROM x_dis WHERE moment < $1""".replace(
            "$1", end
        )
    )
    world.run(
        """UPDATE disputes SET status = CASE WHEN status = 'needs_response' AND evidence_due_by <
        $1 THEN 'under_review' ELSE status END, evidence_has_evidence = status IN ('under_review',
        'won', 'lost') OR (status = 'needs_response' AND evidence_due_by < $1),
        evidence_submission_count = CASE WHEN status IN ('under_review', 'won', 'lost') OR
        (status = 'needs_response' AND evidence_due_by < $1) THEN 1 ELSE 0 END""".replace("$1", end)
    )
    world.run("UPDATE charges SET disputed = true WHERE id IN (SELECT charge_id FROM disputes)")
    world.run(
        """INSERT INTO early_fraud_warnings BY NAME SELECT sid('issfr_1', 'ew' || id) AS id,
        account_id, id AS charge_id, payment_intent_id, created + secs(86400 * (1 + 6 *
        u('et' || id))) AS created, 'unauthorized_use_of_card' AS fraud_type, NOT refunded AND NOT
        disputed AS actionable, livemode FROM charges WHERE status = 'succeeded' AND livemode AND
        u('ew' || id) < .0012 AND created < $1 - INTERVAL 7 DAY AND NOT disputed""".replace(
            "$1", end
        )
    )


def _radar(world: World) -> None:
    world.run("""INSERT INTO reviews BY NAME SELECT sid('prv_1', 'rv' || id) AS id, account_id,
        id AS charge_id, payment_intent_id, created, false AS open, 'rule' AS opened_reason,
        pick(['approved', 'approved', 'refunded'], 'rvc' || id) AS closed_reason, 'approved' AS
        reason, livemode FROM charges WHERE outcome_type = 'manual_review'""")
    world.run("""UPDATE reviews SET reason = closed_reason""")
    world.run(
        """UPDATE charges SET review_id = r.id FROM reviews r WHERE r.charge_id = charges.id"""
    )
