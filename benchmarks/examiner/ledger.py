"""Money: what charges, refunds and disputes put on the balance, and the payouts made of it."""

# ruff: noqa: E501 (statements and rows)

import pyarrow as pa
from benchmarks.examiner.base import World
from benchmarks.examiner.vocabulary import PER_DOLLAR, ZERO_DECIMAL


def build(world: World) -> None:
    """The ledger of everyone, out of the rows that are there."""
    unit = {key: value * (1 if key in ZERO_DECIMAL else 100) for key, value in PER_DOLLAR.items()}
    world.con.register("incoming", pa.table({"ccy": list(unit), "per": list(unit.values())}))
    world.run("CREATE TABLE x_rate AS SELECT * FROM incoming")
    world.con.unregister("incoming")
    world.run(f"CREATE MACRO until() AS TIMESTAMP '{world.end}'")
    _sales(world)
    _connect(world)
    _refunds(world)
    _disputes(world)
    _status(world)
    _payouts(world)


def _sales(world: World) -> None:
    world.run("""CREATE TABLE x_bt AS SELECT c.id AS ch, c.account_id, c.created, c.livemode,
        c.amount AS paid, c.currency AS paid_ccy, x.ccy, CASE WHEN c.currency = x.ccy THEN NULL ELSE
        round(y.per / z.per, 6) END AS rate, CAST(round(c.amount * y.per / z.per) AS BIGINT)
        AS amount, coalesce(x.bps, 290) AS bps, coalesce(x.fixed, 30) AS fixed, x.delay,
        c.card_country <> x.country AND c.card_country IS NOT NULL AS abroad,
        CASE WHEN x.sa IS NOT NULL THEN coalesce(c.application_fee_amount, 0) ELSE 0 END AS appfee,
        CASE WHEN c.payment_method_type = 'card' THEN 'charge' ELSE 'payment' END AS type, x.parent
        FROM charges c JOIN x_acct x ON x.id = c.account_id JOIN x_rate y ON y.ccy = x.ccy
        JOIN x_rate z ON z.ccy = c.currency WHERE c.status = 'succeeded' AND c.captured""")
    world.run("""CREATE TABLE x_fee AS SELECT 'stripe_fee' AS type, ch, CAST(round(amount * bps
        / 10000.0) AS BIGINT) + fixed AS amount, ccy, 'Stripe processing fees' AS description,
        NULL AS application FROM x_bt UNION ALL SELECT 'stripe_fee', ch, CAST(round(amount * .015)
        AS BIGINT), ccy, 'International card surcharge', NULL FROM x_bt WHERE abroad UNION ALL
        SELECT 'stripe_fee', ch, CAST(round(amount * .01) AS BIGINT), ccy,
        'Currency conversion fee', NULL FROM x_bt WHERE rate IS NOT NULL UNION ALL
        SELECT 'application_fee', ch, appfee, ccy, 'Application fee', parent FROM x_bt
        WHERE appfee > 0""")
    world.run("""INSERT INTO balance_transactions BY NAME SELECT sid('txn_3', 'ch' || b.ch) AS id,
        account_id, created + secs(2) AS created, date_trunc('day', created) + to_days(delay::INT)
        AS available_on, amount, f.fee, amount - f.fee AS net, ccy AS currency,
        rate AS exchange_rate, type, type AS reporting_category, 'payments' AS balance_type,
        b.ch AS source_id, livemode FROM x_bt b JOIN (SELECT ch, sum(amount) AS fee FROM x_fee
        GROUP BY 1) f ON f.ch = b.ch""")
    world.run("UPDATE balance_transactions SET reporting_category = 'charge'")
    world.run("""INSERT INTO balance_transaction_fee_details BY NAME SELECT sid('txn_3', 'ch' || f.ch)
        AS balance_transaction_id, b.account_id, f.type, f.amount, f.ccy AS currency,
        f.description, application, b.livemode FROM x_fee f JOIN x_bt b ON b.ch = f.ch""")
    world.run("""UPDATE charges SET balance_transaction_id = sid('txn_3', 'ch' || id)
        WHERE status = 'succeeded' AND captured""")


def _connect(world: World) -> None:
    """Fees, and transfers of destination and separate charges to the sellers."""
    world.run("""INSERT INTO application_fees BY NAME SELECT sid('fee_1', 'af' || c.id) AS id,
        coalesce(c.destination_account_id, c.account_id) AS account_id, CASE WHEN x.sa IS NULL THEN
        c.account_id ELSE x.parent END AS platform_account_id, c.id AS charge_id, c.created,
        c.application_fee_amount AS amount, 0 AS amount_refunded, c.currency, sid('txn_1', 'af'
        || c.id) AS balance_transaction_id, c.livemode FROM charges c JOIN x_acct x ON x.id =
        c.account_id WHERE c.status = 'succeeded' AND c.application_fee_amount > 0 AND
        (x.sa IS NOT NULL OR c.destination_account_id IS NOT NULL)""")
    world.run("UPDATE charges SET application_fee_id = f.id FROM application_fees f WHERE "
              "f.charge_id = charges.id")  # fmt: skip
    world.run("""INSERT INTO balance_transactions BY NAME SELECT balance_transaction_id AS id,
        platform_account_id AS account_id, created + secs(2) AS created, date_trunc('day', created)
        + INTERVAL 3 DAY AS available_on, amount, 0 AS fee, amount AS net, currency,
        'application_fee' AS type, 'platform_earning' AS reporting_category, 'payments' AS
        balance_type, id AS source_id, livemode FROM application_fees""")
    world.run("""INSERT INTO transfers BY NAME SELECT sid('tr_3', 'tr' || c.id) AS id, c.account_id,
        coalesce(c.destination_account_id, d.id) AS destination_account_id, c.created + secs(4)
        AS created, CASE WHEN c.destination_account_id IS NOT NULL THEN c.amount ELSE
        CAST(c.amount * .88 AS BIGINT) END AS amount, 0 AS amount_reversed, c.currency,
        false AS reversed, c.id AS source_transaction_id, sid('py_1', 'tr' || c.id)
        AS destination_payment_id, coalesce(c.transfer_group, 'group_' || c.payment_intent_id)
        AS transfer_group, sid('txn_1', 'tr' || c.id) AS balance_transaction_id, c.livemode
        FROM charges c LEFT JOIN (SELECT p.pi, y.id FROM x_pay p JOIN x_acct x ON x.n = p.a AND
        x.routing = 'separate' JOIN x_acct y ON y.n = p.dest) d ON d.pi = c.payment_intent_id
        WHERE c.status = 'succeeded' AND c.captured AND coalesce(c.destination_account_id, d.id)
        IS NOT NULL""")
    world.run("""UPDATE charges SET transfer_id = t.id, transfer_group = t.transfer_group
        FROM transfers t WHERE t.source_transaction_id = charges.id""")
    world.run("""INSERT INTO balance_transactions BY NAME SELECT balance_transaction_id AS id,
        account_id, created, date_trunc('day', created) + INTERVAL 4 DAY AS available_on, -amount
        AS amount, 0 AS fee, -amount AS net, currency, 'transfer' AS type, 'transfer' AS
        reporting_category, 'payments' AS balance_type, id AS source_id, livemode FROM transfers""")
    world.run("""INSERT INTO balance_transactions BY NAME SELECT sid('txn_1', 'py' || t.id) AS id,
        t.destination_account_id AS account_id, t.created, date_trunc('day', t.created) + INTERVAL
        3 DAY AS available_on, t.amount, coalesce(c.application_fee_amount, 0) AS fee,
        t.amount - coalesce(c.application_fee_amount, 0) AS net, t.currency, 'payment' AS type,
        'charge' AS reporting_category, 'payments' AS balance_type, destination_payment_id
        AS source_id, t.livemode FROM transfers t JOIN charges c ON c.id =
        t.source_transaction_id""")


def _refunds(world: World) -> None:
    world.run("""CREATE TABLE x_rbt AS SELECT r.*, CAST(round(r.amount * y.per / z.per) AS BIGINT)
        AS mine, x.ccy FROM refunds r JOIN x_acct x ON x.id = r.account_id JOIN x_rate y ON
        y.ccy = x.ccy JOIN x_rate z ON z.ccy = r.currency WHERE r.status IN ('succeeded','failed')""")
    world.run("""INSERT INTO balance_transactions BY NAME SELECT sid('txn_3', 'rf' || id) AS id,
        account_id, created + secs(1) AS created, date_trunc('day', created) + INTERVAL 1 DAY AS
        available_on, -mine AS amount, 0 AS fee, -mine AS net, ccy AS currency, 'refund' AS type,
        'refund' AS reporting_category, 'payments' AS balance_type, id AS source_id,
        'REFUND FOR CHARGE' AS description, livemode FROM x_rbt
        UNION ALL BY NAME SELECT sid('txn_3', 'rff' || id) AS id, account_id, created + INTERVAL
        80 HOUR AS created, date_trunc('day', created) + INTERVAL 4 DAY AS available_on, mine AS
        amount, 0 AS fee, mine AS net, ccy AS currency, 'refund_failure' AS type, 'refund_failure'
        AS reporting_category, 'payments' AS balance_type, id AS source_id, 'REFUND FAILURE' AS
        description, livemode FROM x_rbt WHERE status = 'failed' AND created < until() - INTERVAL
        80 HOUR""")
    world.run("""UPDATE refunds SET balance_transaction_id = sid('txn_3', 'rf' || id),
        failure_balance_transaction_id = CASE WHEN status = 'failed' AND created < until() -
        INTERVAL 80 HOUR THEN sid('txn_3', 'rff' || id) END WHERE status IN ('succeeded','failed')""")
    # most platforms take the seller's part back with the refund
    world.run("""INSERT INTO transfer_reversals BY NAME SELECT sid('trr_1', r.id) AS id,
        t.account_id, t.id AS transfer_id, r.id AS refund_id, r.created + secs(1) AS created,
        least(r.amount, t.amount) AS amount, r.currency, sid('txn_1', 'trr' || r.id)
        AS balance_transaction_id, r.livemode FROM refunds r JOIN transfers t ON
        t.source_transaction_id = r.charge_id WHERE r.status = 'succeeded' AND NOT EXISTS (FROM
        x_short s WHERE s.charge_id = r.charge_id)""")
    world.run("""UPDATE refunds SET transfer_reversal_id = v.id FROM transfer_reversals v WHERE
        v.refund_id = refunds.id""")
    world.run("""UPDATE transfers SET amount_reversed = s.a, reversed = s.a >= transfers.amount FROM
        (SELECT transfer_id, sum(amount) AS a FROM transfer_reversals GROUP BY 1) s WHERE
        s.transfer_id = transfers.id""")
    world.run("""INSERT INTO balance_transactions BY NAME SELECT v.balance_transaction_id AS id,
        v.account_id, v.created, date_trunc('day', v.created) + INTERVAL 1 DAY AS available_on,
        v.amount, 0 AS fee, v.amount AS net, v.currency, 'transfer_refund' AS type,
        'transfer_reversal' AS reporting_category, 'payments' AS balance_type, v.id AS source_id,
        v.livemode FROM transfer_reversals v UNION ALL BY NAME SELECT sid('txn_1', 'pyr' || v.id)
        AS id, t.destination_account_id AS account_id, v.created, date_trunc('day', v.created) +
        INTERVAL 1 DAY AS available_on, -v.amount AS amount, 0 AS fee, -v.amount AS net,
        v.currency, 'payment_refund' AS type, 'refund' AS reporting_category, 'payments' AS
        balance_type, sid('pyr_1', v.id) AS source_id, v.livemode FROM transfer_reversals v JOIN
        transfers t ON t.id = v.transfer_id""")


def _disputes(world: World) -> None:
    world.run("""INSERT INTO balance_transactions BY NAME SELECT sid('txn_1', 'dp' || d.id) AS id,
        d.account_id, d.created + secs(3) AS created, date_trunc('day', d.created) AS available_on,
        -CAST(round(d.amount * y.per / z.per) AS BIGINT) AS amount, CAST(15 * y.per AS BIGINT)
        AS fee, -CAST(round(d.amount * y.per / z.per) AS BIGINT) - CAST(15 * y.per AS BIGINT) AS
        net, x.ccy AS currency, 'adjustment' AS type, 'dispute' AS reporting_category, 'payments'
        AS balance_type, d.id AS source_id, 'Chargeback withdrawal for ' || d.charge_id AS
        description, d.livemode FROM disputes d JOIN x_acct x ON x.id = d.account_id JOIN x_rate y
        ON y.ccy = x.ccy JOIN x_rate z ON z.ccy = d.currency WHERE d.status NOT LIKE 'warning%'""")
    world.run("""INSERT INTO balance_transaction_fee_details BY NAME SELECT id AS
        balance_transaction_id, account_id, 'stripe_fee' AS type, fee AS amount, currency,
        'Dispute fee' AS description, livemode FROM balance_transactions WHERE
        reporting_category = 'dispute'""")
    world.run("""INSERT INTO balance_transactions BY NAME SELECT sid('txn_1', 'dw' || d.id) AS id,
        d.account_id, d.created + INTERVAL 11 DAY AS created, date_trunc('day', d.created) +
        INTERVAL 11 DAY AS available_on, -b.amount AS amount, 0 AS fee, -b.amount AS net,
        b.currency, 'adjustment' AS type, 'dispute_reversal' AS reporting_category, 'payments' AS
        balance_type, d.id AS source_id, 'Chargeback reversal for ' || d.charge_id AS description,
        d.livemode FROM disputes d JOIN balance_transactions b ON b.source_id = d.id WHERE d.status
        = 'won' AND d.created + INTERVAL 11 DAY < until()""")


def _status(world: World) -> None:
    world.run("DELETE FROM balance_transactions WHERE created > until()")
    world.run("""UPDATE balance_transactions SET status = CASE WHEN available_on > until() THEN
        'pending' ELSE 'available' END WHERE status IS NULL""")


def _payouts(world: World) -> None:
    world.run("""CREATE TABLE x_out AS SELECT b.id, b.account_id, b.currency, b.livemode, b.net,
        CASE a.payout_schedule_interval WHEN 'daily' THEN CASE isodow(b.available_on) WHEN 6 THEN
        b.available_on + INTERVAL 2 DAY WHEN 7 THEN b.available_on + INTERVAL 1 DAY ELSE
        b.available_on END WHEN 'weekly' THEN date_trunc('week', b.available_on) + INTERVAL 7 DAY
        ELSE date_trunc('month', b.available_on) + INTERVAL 1 MONTH END + secs(1200 + 5000 *
        u('po' || b.account_id)) AS moment FROM balance_transactions b JOIN accounts a ON a.id =
        b.account_id WHERE a.payout_schedule_interval <> 'manual' AND b.balance_type = 'payments'
        AND b.payout_id IS NULL""")
    for _ in range(7):  # days that end below zero are settled by the sales of the next ones
        world.run("""UPDATE x_out SET moment = n.later FROM (SELECT account_id, currency, livemode,
            moment AS was, sum(net) AS s, lead(moment) OVER (PARTITION BY account_id, currency,
            livemode ORDER BY moment) AS later FROM x_out GROUP BY account_id, currency, livemode,
            moment) n WHERE n.account_id =
            x_out.account_id AND n.currency = x_out.currency AND n.livemode = x_out.livemode AND
            n.was = x_out.moment AND n.s <= 100 AND n.later IS NOT NULL""")
    world.run("""CREATE TABLE x_paid AS SELECT o.account_id, o.currency, o.livemode, o.moment,
        sum(o.net) AS amount, sid('po_1', o.account_id || o.currency || o.livemode || o.moment) AS id
        FROM x_out o WHERE o.moment < until() AND NOT EXISTS (FROM x_hold h WHERE h.account_id =
        o.account_id AND o.moment BETWEEN h.since AND h.until) GROUP BY ALL HAVING sum(o.net) > 100""")
    world.run("""UPDATE balance_transactions SET payout_id = p.po FROM (SELECT o.id AS bt, p.id AS
        po FROM x_out o JOIN x_paid p USING (account_id, currency, livemode, moment)) p WHERE p.bt =
        balance_transactions.id""")
    world.run("""INSERT INTO payouts BY NAME SELECT p.id, p.account_id, p.moment AS created,
        CAST(p.moment + INTERVAL 2 DAY AS DATE) AS arrival_date, p.amount, p.currency, CASE WHEN
        u('pf' || p.id) < .002 AND p.moment < until() - INTERVAL 4 DAY THEN 'failed' WHEN p.moment < until()
        - INTERVAL 2 DAY THEN 'paid' WHEN p.moment < until() - INTERVAL 16 HOUR THEN 'in_transit' ELSE
        'pending' END AS status, true AS automatic, 'standard' AS method, 'bank_account' AS type,
        x.bank AS destination_id, x.last4 AS destination_last4, sid('txn_1', p.id) AS
        balance_transaction_id, CASE WHEN u('pf' || p.id) < .002 AND p.moment < until() - INTERVAL 4 DAY
        THEN pick(['could_not_process','account_frozen','debit_not_authorized'], p.id) END AS
        failure_code, 'completed' AS reconciliation_status, CASE WHEN p.moment < until() - INTERVAL
        2 DAY THEN upper(left(md5(p.id), 15)) END AS trace_id_value, CASE WHEN p.moment < until() -
        INTERVAL 2 DAY THEN 'supported' ELSE 'pending' END AS trace_id_status, p.livemode
        FROM x_paid p JOIN x_acct x ON x.id = p.account_id""")
    world.run("""UPDATE payouts SET failure_message = 'The bank could not process this payout.',
        failure_balance_transaction_id = sid('txn_1', 'pf' || id) WHERE status = 'failed'""")
    settle(world, "true")


def settle(world: World, where: str) -> None:
    """Ledger rows of payouts that have none yet and match `where` (written by this package)."""
    world.run(f"""INSERT INTO balance_transactions BY NAME SELECT balance_transaction_id AS id,
        account_id, created, date_trunc('day', created) AS available_on, -amount AS amount, 0 AS
        fee, -amount AS net, currency, 'payout' AS type, 'payout' AS reporting_category, 'payments'
        AS balance_type, id AS source_id, 'available' AS status,
        'STRIPE PAYOUT' AS description, livemode FROM payouts WHERE {where}
        UNION ALL BY NAME SELECT failure_balance_transaction_id AS id,
        account_id, created + INTERVAL 3 DAY AS created, date_trunc('day', created) + INTERVAL 3 DAY
        AS available_on, amount, 0 AS fee, amount AS net, currency, 'payout_failure' AS type,
        'payout_reversal' AS reporting_category, 'payments' AS balance_type, id AS source_id,
        'available' AS status, 'STRIPE PAYOUT FAILURE' AS description, livemode FROM payouts
        WHERE status = 'failed' AND {where}""")
