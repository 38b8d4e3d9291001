-- case: case-of-each-type
SELECT id, CASE WHEN amount > 500 THEN 0.7 ELSE 1.0 END AS d, CASE WHEN amount > 500 THEN arrival_date END AS day, CASE WHEN amount > 500 THEN amount / 4 ELSE 0.5 END AS f, CASE WHEN amount > 500 THEN amount > 900 ELSE false END AS b, if(amount > 500, 0.25, 1.5) AS i FROM payouts ORDER BY id
-- case: coalesce-of-each-type
SELECT id, coalesce(refunded, true) AS b, coalesce(amount_refunded / 2, 0.5) AS f, coalesce(CAST(amount_refunded AS DECIMAL(18, 2)), 0) AS d, coalesce(failure_code, card_brand, 'x') AS t FROM charges ORDER BY id
-- case: coalesce-moments
SELECT id, coalesce(CASE WHEN amount > 500 THEN created END, TIMESTAMP '2024-01-01 00:00:00') AS c FROM payouts ORDER BY id
-- case: compare-booleans
SELECT id, livemode = false AS a, livemode <> refunded AS b, coalesce(refunded, true) = false AS c FROM charges ORDER BY id
-- case: compare-mixed-moments
SELECT id, arrival_date < TIMESTAMP '2024-03-05 12:00:00' AS a, created >= arrival_date AS b, created <= arrival_date AS c, arrival_date > created AS d, arrival_date = created AS e FROM payouts ORDER BY id
-- case: compare-moments-each-way
SELECT id, created <= TIMESTAMP '2024-03-01 00:00:00' AS a, created = TIMESTAMP '2024-02-26 22:30:00' AS b, created <> TIMESTAMP '2024-02-26 22:30:00' AS c, created IS NOT DISTINCT FROM TIMESTAMP '2024-02-26 22:30:00' AS d FROM payouts ORDER BY id
-- case: compare-dates-each-way
SELECT id, arrival_date <= CAST('2024-03-01' AS DATE) AS a, arrival_date BETWEEN CAST('2024-03-01' AS DATE) AND CAST('2024-03-09' AS DATE) AS b, arrival_date <> CAST('2024-03-01' AS DATE) AS c, arrival_date < CAST('2024-03-02' AS DATE) AS d, arrival_date >= CAST('2024-03-02' AS DATE) AS e FROM payouts ORDER BY id
-- case: compare-text-each-way
SELECT id, business_name <= 'b' AS a, business_name >= 'a' AS b, business_name BETWEEN 'a' AND 'f' AS c, business_name <> 'zebra' AS d, business_name IS DISTINCT FROM 'zebra' AS e FROM accounts ORDER BY id
-- case: in-numbers
SELECT id FROM charges WHERE outcome_risk_score IN (1, 32, 63, 94) OR amount NOT IN (103, 8022) AND id < 'ch_00020' ORDER BY id
-- case: in-booleans-and-moments
SELECT id FROM payouts WHERE arrival_date IN (CAST('2024-03-01' AS DATE), CAST('2024-02-29' AS DATE)) OR created IN (TIMESTAMP '2024-02-26 22:30:00') ORDER BY id
-- case: order-by-each-type
SELECT id FROM charges ORDER BY refunded, outcome_risk_score / 8 DESC, created DESC, id
-- case: order-by-boolean-descending
SELECT id, livemode FROM charges ORDER BY livemode DESC, refunded NULLS FIRST, id
-- case: order-by-decimal-and-date
SELECT id FROM payouts ORDER BY arrival_date DESC, CAST(amount AS DECIMAL(18, 2)) * 0.5, id
-- case: windows-over-each-type
SELECT id, lag(id) OVER w AS a, lead(created) OVER w AS b, lag(refunded) OVER w AS c, min(created) OVER (PARTITION BY account_id) AS d, max(id) OVER (PARTITION BY currency) AS e, min(amount) OVER (PARTITION BY account_id) AS f, avg(outcome_risk_score) OVER (PARTITION BY currency) AS g FROM charges WINDOW w AS (PARTITION BY account_id ORDER BY created, id) ORDER BY id
-- case: windows-ordered-by-each-type
SELECT id, row_number() OVER (ORDER BY refunded, id) AS a, row_number() OVER (ORDER BY outcome_risk_score / 3 DESC, id) AS b, row_number() OVER (ORDER BY created DESC, id DESC) AS c, row_number() OVER (PARTITION BY refunded ORDER BY CAST(amount AS DECIMAL(18, 2)), id) AS d FROM charges ORDER BY id
-- case: string-agg-by-number
SELECT account_id, string_agg(id, ', ' ORDER BY amount DESC, id) AS a, string_agg(id, ',' ORDER BY place) FILTER (WHERE place <= 3) AS b FROM (SELECT account_id, id, amount, row_number() OVER (PARTITION BY account_id ORDER BY created, id) AS place FROM charges) AS t GROUP BY account_id ORDER BY account_id
-- case: extremes-of-each-type
SELECT currency, max(outcome_risk_score * 0.5) AS a, min(outcome_risk_score / 7) AS b, max(CAST(amount_refunded AS DECIMAL(18, 2))) AS c FROM charges GROUP BY currency ORDER BY currency
-- case: greatest-of-each-type
SELECT id, least(amount / 4, 10.5) AS a, greatest(amount * 0.5, 100) AS b, least(1.0, amount * 0.001) AS c, least(id, 'ch_00010') AS d, greatest(currency, 'f') AS e FROM charges WHERE amount < 100000 ORDER BY id
-- case: arithmetic-of-decimals
SELECT id, (amount + 4.0) / (outcome_risk_score + 50.0) AS a, (1.5 - 0.25) * (amount + 0.5) AS b, 2 * (outcome_risk_score / 8) AS c, (outcome_risk_score + 0.5) - (amount - 0.25) AS d, 1 - (outcome_risk_score + 4.0) / (amount + 1000.0) AS e FROM charges WHERE amount < 100000 ORDER BY id
-- case: arithmetic-of-doubles
SELECT id, outcome_risk_score / 8 + outcome_risk_score / 4 AS a, outcome_risk_score / 8 - 1 AS b, (outcome_risk_score / 8) / (amount / 4) AS c, outcome_risk_score / 8 * (amount / 4) AS d, amount - outcome_risk_score / 8 AS e, amount / (outcome_risk_score / 8 + 1) AS f, (outcome_risk_score / 8) / 2 AS g, (outcome_risk_score / 8) * 2 AS h, -(outcome_risk_score / 8) AS i FROM charges WHERE amount < 100000 ORDER BY id
-- case: doubles-and-decimals
SELECT id, outcome_risk_score / 8 * 1.5 AS a, outcome_risk_score / 8 + 0.5 AS b, 0.5 - outcome_risk_score / 8 AS c, (outcome_risk_score / 8) / 2.5 AS d, (amount + 0.5) / (outcome_risk_score / 8 + 1) AS e, (amount * 0.5) / 3 AS f, 100.0 * amount / 7 AS g FROM charges WHERE amount < 100000 ORDER BY id
-- case: roots-of-each-type
SELECT id, sqrt(outcome_risk_score + 0.25) AS a, sqrt(outcome_risk_score / 8) AS b, ln(outcome_risk_score + 1.5) AS c, ln(outcome_risk_score / 8 + 1) AS d, abs(-outcome_risk_score / 8) AS e, abs(-1.5 * outcome_risk_score) AS f, floor(2 * ln(outcome_risk_score + 1) / ln(2)) AS g FROM charges ORDER BY id
-- case: size-classes
SELECT CAST(floor(2 * ln(amount) / ln(2)) AS INTEGER) AS size, count(*) AS n FROM charges WHERE amount > 0 GROUP BY 1 ORDER BY 1
-- case: size-classes-of-decimals
SELECT CASE WHEN coalesce(grade, 0) < 1 THEN 0 ELSE CAST(floor(2 * ln(grade) / ln(2)) AS INTEGER) END AS size, count(*) AS n FROM (SELECT max(amount * 0.5) * 1000 AS grade FROM charges GROUP BY id) AS t GROUP BY 1 ORDER BY 1
-- case: dates-and-intervals
SELECT id, arrival_date - INTERVAL 3 DAY AS a, arrival_date + INTERVAL 2 MONTH AS b, arrival_date < created - INTERVAL 1 DAY AS c, TIMESTAMP '2024-02-29 00:00:00' - arrival_date AS d FROM payouts ORDER BY id
-- case: truncate-second
SELECT date_trunc('second', created) AS s, count(*) AS n FROM charges GROUP BY 1 ORDER BY 1 LIMIT 60
-- case: try-cast-date
SELECT id, try_cast(text AS DATE) AS d FROM (SELECT id, CASE WHEN id < 'acct_003' THEN '2024-02-29' WHEN id < 'acct_006' THEN '2023-02-29' WHEN id < 'acct_009' THEN 'soon' ELSE left(CAST(created AS VARCHAR), 10) END AS text FROM accounts) AS t ORDER BY id
-- case: json-valid
SELECT id, json_valid(response_body) AS a, json_valid(error_message) AS b FROM api_request_logs WHERE id < 'req_00040' ORDER BY id
-- case: nullif-each-type
SELECT id, nullif(amount, 103) AS a, nullif(outcome_risk_score / 2, 0) AS b, nullif(created, TIMESTAMP '2026-10-20 00:00:00.25') AS c FROM charges WHERE id < 'ch_00030' ORDER BY id
-- case: concat-lists
SELECT account_id, concat_ws(',', string_agg(id, ',' ORDER BY id) FILTER (WHERE status = 'failed'), string_agg(id, ',' ORDER BY id) FILTER (WHERE amount > 40000)) AS ids FROM charges GROUP BY account_id ORDER BY account_id
-- case: not-like-lists
SELECT id FROM api_request_logs WHERE coalesce(error_code, '') NOT LIKE 'rate%' AND coalesce(error_code, '') NOT IN ('card_declined', 'x') AND NOT (error_code = '') ORDER BY id LIMIT 100
-- case: between-timestamps-of-columns
SELECT a.id, e.id AS event FROM accounts AS a JOIN events AS e ON e.account_id = a.id AND e.created >= TIMESTAMP '2026-10-25 00:00:00' AND e.created < TIMESTAMP '2026-10-25 00:00:00' + INTERVAL 12 HOUR ORDER BY a.id, e.id
-- case: ambiguous-clock
SELECT TIMESTAMP '2026-11-01 01:30:00' AT TIME ZONE 'America/New_York' AT TIME ZONE 'UTC' AS twice, TIMESTAMP '2026-03-08 02:30:00' AT TIME ZONE 'America/New_York' AT TIME ZONE 'UTC' AS never, TIMESTAMP '2026-10-25 02:30:00' AT TIME ZONE 'Europe/Berlin' AT TIME ZONE 'UTC' AS berlin
-- case: sum-of-windows
SELECT account_id, sum(n) AS n FROM (SELECT account_id, count(*) OVER (PARTITION BY account_id) AS n FROM events) AS t GROUP BY account_id ORDER BY account_id
-- case: distinct-counts
SELECT currency, count(DISTINCT coalesce(payment_intent_id, id)) AS a, count(DISTINCT amount) AS b, count(DISTINCT created) AS c FROM charges GROUP BY currency ORDER BY currency
-- case: text-in-group
SELECT upper(currency) AS c, lower(status) AS s, count(*) AS n FROM charges WHERE lower(currency) IN ('usd', 'eur') GROUP BY upper(currency), lower(status) ORDER BY c, s
-- case: case-of-doubles
SELECT id, CASE WHEN currency = 'usd' THEN amount / 100 WHEN currency = 'eur' THEN amount / 4 END AS part FROM charges ORDER BY id
-- case: cast-moment-as-moment
SELECT id, CAST($since AS TIMESTAMP) AS since, date_diff('day', created, CAST($since AS TIMESTAMP)) AS days FROM charges ORDER BY id
-- case: moments-after
SELECT id, created > TIMESTAMP '2026-10-22 12:00:00' AS later FROM charges WHERE created > TIMESTAMP '2026-10-21 00:00:00' ORDER BY id
-- case: add-decimals
SELECT id, CAST(amount AS DECIMAL(18, 2)) + CAST(0.25 AS DECIMAL(18, 2)) AS more FROM charges WHERE id > 'ch_00010' ORDER BY id
-- case: try-cast-text-as-double
SELECT id, TRY_CAST(error_message AS DOUBLE) AS value FROM api_request_logs ORDER BY id
-- case: day-before-date
SELECT id, arrival_date - INTERVAL 30 DAY AS earlier FROM payouts ORDER BY id
-- case: try-cast-text-as-date
SELECT id, try_cast(text AS DATE) AS d FROM (SELECT id, CASE WHEN id < 'acct_003' THEN '2024-02-29' WHEN id < 'acct_006' THEN '2023-02-29' WHEN id < 'acct_008' THEN 'soon' WHEN id < 'acct_010' THEN '2026-02-30' ELSE '' END AS text FROM accounts) AS t ORDER BY id
