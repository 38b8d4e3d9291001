-- case: window-lag
SELECT id, lag(created) OVER w AS prev, row_number() OVER w AS rn, sum(duration_ms) OVER (PARTITION BY account_id ORDER BY created, id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS s FROM api_request_logs WHERE account_id = 'acct_004' WINDOW w AS (PARTITION BY account_id ORDER BY created, id) ORDER BY created, id
-- case: window-lead-text
SELECT id, lead(status) OVER (PARTITION BY account_id ORDER BY created, id) AS nxt, lag(amount, 2) OVER (PARTITION BY account_id ORDER BY created, id) AS two FROM charges ORDER BY id
-- case: window-range
SELECT id, count(*) OVER (PARTITION BY account_id ORDER BY created RANGE BETWEEN INTERVAL 1 HOUR PRECEDING AND CURRENT ROW) AS n FROM charges ORDER BY id
-- case: window-running
SELECT id, count(*) OVER (PARTITION BY account_id ORDER BY created, id) AS n, sum(amount) OVER (PARTITION BY currency ORDER BY created, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS s, max(amount) OVER (PARTITION BY currency) AS m FROM charges WHERE amount < 100000 ORDER BY id
-- case: window-ranks
SELECT id, rank() OVER (ORDER BY currency) AS r, dense_rank() OVER (ORDER BY currency) AS d, row_number() OVER (ORDER BY currency DESC, id) AS n FROM charges ORDER BY id
-- case: window-order-null
SELECT id, row_number() OVER (ORDER BY amount_refunded, id) AS up, row_number() OVER (ORDER BY amount_refunded DESC, id) AS down FROM charges ORDER BY id
-- case: window-order-text
SELECT id, row_number() OVER (ORDER BY business_name, id) AS n FROM accounts ORDER BY id
-- case: window-over-group
SELECT account_id, currency, sum(amount) AS s, row_number() OVER (PARTITION BY account_id ORDER BY sum(amount) DESC, currency) AS place FROM charges GROUP BY account_id, currency ORDER BY account_id, currency
-- case: first-value
SELECT id, first_value(amount) OVER (PARTITION BY account_id ORDER BY created, id) AS f, last_value(amount) OVER (PARTITION BY account_id ORDER BY created, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS l FROM charges ORDER BY id
-- case: ignore-nulls
SELECT id, last_value(error_code IGNORE NULLS) OVER (PARTITION BY account_id ORDER BY created, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS le FROM api_request_logs WHERE account_id = 'acct_007' ORDER BY created, id
-- case: window-filter
SELECT id, count(*) FILTER (WHERE status = 'failed') OVER (PARTITION BY account_id ORDER BY created, id) AS n FROM charges ORDER BY id
-- case: qualify
SELECT account_id, id, status FROM api_request_logs WHERE status >= 400 QUALIFY row_number() OVER (PARTITION BY account_id ORDER BY created DESC, id) = 1 ORDER BY account_id LIMIT 100
-- case: qualify-named
SELECT account_id, id, row_number() OVER (PARTITION BY account_id ORDER BY amount DESC, id) AS place FROM charges QUALIFY place <= 2 ORDER BY account_id, place
-- case: qualify-group
SELECT account_id, currency, count(*) AS n FROM charges GROUP BY account_id, currency QUALIFY row_number() OVER (PARTITION BY account_id ORDER BY count(*) DESC, currency) = 1 ORDER BY account_id
-- case: qualify-limit
SELECT id, amount FROM charges QUALIFY row_number() OVER (PARTITION BY currency ORDER BY created, id) <= 5 ORDER BY amount DESC, id LIMIT 7
-- case: distinct-on
SELECT DISTINCT ON (account_id) account_id, id, amount FROM charges ORDER BY account_id, amount DESC, id LIMIT 50
-- case: distinct-rows
SELECT DISTINCT currency, status FROM charges ORDER BY currency, status
-- case: asof-join
SELECT d.id, e.id AS event FROM webhook_delivery_attempts AS d ASOF LEFT JOIN events AS e ON d.account_id = e.account_id AND d.attempted_at >= e.created ORDER BY d.id
-- case: asof-inner
SELECT d.id, e.created FROM webhook_delivery_attempts AS d ASOF JOIN events AS e ON d.account_id = e.account_id AND d.attempted_at > e.created ORDER BY d.id
-- case: joins
SELECT a.id, c.id AS charge, e.type FROM accounts AS a LEFT JOIN charges AS c ON c.account_id = a.id AND c.amount > 45000 LEFT JOIN events AS e ON e.data_object_id = c.id ORDER BY a.id, c.id, e.type
-- case: full-join
SELECT a.id, d.id AS dispute FROM accounts AS a FULL JOIN disputes AS d ON d.account_id = a.id ORDER BY a.id
-- case: join-using
SELECT account_id, c.id, e.id AS event FROM charges AS c JOIN events AS e USING (account_id) WHERE c.id < 'ch_00006' AND e.id < 'evt_00020' ORDER BY account_id, c.id, e.id
-- case: cross-join
SELECT a.id, p.days FROM accounts AS a CROSS JOIN (SELECT 1 AS days UNION ALL SELECT 3) AS p ORDER BY a.id, p.days
-- case: exists
SELECT a.id FROM accounts AS a WHERE EXISTS (SELECT 1 FROM charges AS c WHERE c.account_id = a.id AND c.amount > 45000) AND NOT EXISTS (SELECT 1 FROM events AS e WHERE e.account_id = a.id AND e.type = 'payout.paid') ORDER BY a.id
-- case: in-subquery
SELECT id FROM accounts WHERE id IN (SELECT account_id FROM charges WHERE status = 'failed') ORDER BY id
-- case: not-in-null
SELECT count(*) AS n FROM api_request_logs WHERE error_code NOT IN (SELECT failure_code FROM charges)
-- case: scalar-subquery
SELECT id, (SELECT max(amount) FROM charges AS c WHERE c.account_id = a.id) AS top FROM accounts AS a ORDER BY id
-- case: lateral-top
SELECT a.id, x.charge, x.amount FROM accounts AS a, LATERAL (SELECT c.id AS charge, c.amount FROM charges AS c WHERE c.account_id = a.id ORDER BY c.amount DESC, c.id LIMIT 2) AS x ORDER BY 1, 3 DESC, 2
-- case: set-operations
SELECT account_id FROM charges WHERE status = 'failed' EXCEPT SELECT account_id FROM events WHERE type = 'payout.paid' ORDER BY account_id
-- case: union-all
SELECT id, created FROM payouts WHERE status = 'failed' UNION ALL SELECT id, created FROM events WHERE type = 'payout.paid' ORDER BY created, id LIMIT 40
-- case: union-null
SELECT id, country FROM accounts UNION ALL SELECT id, NULL FROM payouts WHERE amount > 30000 ORDER BY id
-- case: union-distinct
SELECT currency FROM charges UNION SELECT currency FROM payouts ORDER BY currency
-- case: intersect
SELECT account_id FROM charges WHERE amount > 40000 INTERSECT SELECT account_id FROM events WHERE type = 'charge.failed' ORDER BY account_id
-- case: null-order
SELECT error_code, duration_ms, id FROM api_request_logs WHERE account_id = 'acct_007' ORDER BY duration_ms DESC, error_code, id LIMIT 60
-- case: null-order-first
SELECT id, amount_refunded FROM charges ORDER BY amount_refunded NULLS FIRST, id LIMIT 120
-- case: exclude-replace
SELECT * EXCLUDE (response_body, livemode) REPLACE (upper(method) AS method) FROM (SELECT id, method, response_body, livemode FROM api_request_logs) AS t ORDER BY id LIMIT 20
-- case: limit-offset
SELECT id FROM charges ORDER BY id LIMIT 5 OFFSET 10
-- case: limit-inside
SELECT count(*) AS n, min(id) AS lo FROM (SELECT id FROM charges ORDER BY amount DESC, id LIMIT 10) AS t
-- case: ctes
WITH failed AS (SELECT account_id, count(*) AS n FROM charges WHERE status = 'failed' GROUP BY account_id), busy AS (SELECT account_id FROM failed WHERE n > 3) SELECT f.account_id, f.n, b.account_id IS NOT NULL AS busy FROM failed AS f LEFT JOIN busy AS b ON b.account_id = f.account_id ORDER BY f.account_id
-- case: cte-shadows-table
WITH charges AS (SELECT 1 AS n UNION ALL SELECT 2) SELECT n FROM charges ORDER BY n
-- case: values
SELECT v.a, v.b FROM (VALUES (1, 'x'), (2, 'y')) AS v(a, b) ORDER BY v.a
-- case: boolean-logic
SELECT id, refunded AND livemode AS a, refunded OR livemode AS b, NOT refunded AS c, refunded IS TRUE AS d, refunded IS NOT FALSE AS e FROM charges ORDER BY id
-- case: null-logic
SELECT id, amount_refunded = NULL AS a, amount_refunded IS NULL AS b, amount_refunded IS NOT DISTINCT FROM NULL AS c, NOT (amount_refunded > 100) AS d FROM charges WHERE id < 'ch_00020' ORDER BY id
-- case: case-simple
SELECT id, CASE currency WHEN 'usd' THEN 1 WHEN 'eur' THEN 2 END AS c, if(amount > 1000, 'big', 'small') AS size FROM charges ORDER BY id
