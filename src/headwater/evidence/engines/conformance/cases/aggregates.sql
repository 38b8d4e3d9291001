-- case: count-by-group
SELECT status, count(*) AS n, count(DISTINCT account_id) AS accounts, count(error_code) AS codes FROM api_request_logs WHERE created >= TIMESTAMP '2026-10-25 00:00:00' AND created < TIMESTAMP '2026-10-28 00:00:00' GROUP BY status ORDER BY status
-- case: truncate-and-filter
SELECT date_trunc('hour', created) AS h, count(*) AS n, count(*) FILTER (WHERE status >= 500) AS e5, max(duration_ms) FILTER (WHERE status = 429) AS m FROM api_request_logs GROUP BY 1 ORDER BY 1 LIMIT 100
-- case: sum-min-max-avg
SELECT currency, sum(amount) AS s, min(amount) AS lo, max(amount) AS hi, avg(amount_refunded) AS a, avg(outcome_risk_score) AS r FROM charges GROUP BY currency ORDER BY currency
-- case: empty-groups
SELECT count(*) AS n, count(id) AS c, sum(amount) AS s, min(amount) AS lo, max(created) AS m, avg(amount) AS a, coalesce(sum(amount), 0) AS z FROM disputes
-- case: empty-groups-filter
SELECT currency, sum(amount) FILTER (WHERE amount < -1000000) AS s, count(*) FILTER (WHERE amount < -1000000) AS n, min(id) FILTER (WHERE amount < -1000000) AS t FROM charges GROUP BY currency ORDER BY currency
-- case: group-nothing
SELECT currency, count(*) AS n FROM charges WHERE amount < -1000000 GROUP BY currency ORDER BY currency
-- case: percentile-continuous
SELECT route, quantile_cont(duration_ms, 0.5) AS p50, quantile_cont(duration_ms, 0.95) AS p95 FROM api_request_logs GROUP BY route ORDER BY route
-- case: median
SELECT currency, median(amount_refunded) AS m FROM charges GROUP BY currency ORDER BY currency
-- case: quantile-discrete
SELECT route, quantile_disc(duration_ms, 0.9) AS p90 FROM api_request_logs GROUP BY route ORDER BY route
-- case: group-by-all
SELECT currency, date_trunc('day', created) AS d, sum(amount) AS s FROM charges GROUP BY ALL HAVING count(*) > 5 ORDER BY ALL
-- case: rollup
SELECT currency, status, count(*) AS n, grouping(currency) AS g FROM charges GROUP BY ROLLUP (currency, status) ORDER BY g, currency NULLS LAST, status NULLS LAST, n
-- case: string-agg-ordered
SELECT account_id, string_agg(id, ',' ORDER BY created, id) AS ids FROM charges WHERE amount > 40000 GROUP BY account_id ORDER BY account_id
-- case: string-agg-filter
SELECT account_id, string_agg(id, ',' ORDER BY id) FILTER (WHERE status = 'failed') AS ids FROM charges WHERE account_id < 'acct_004' GROUP BY account_id ORDER BY account_id
-- case: string-agg-distinct
SELECT account_id, string_agg(DISTINCT currency, ',' ORDER BY currency) AS c FROM charges GROUP BY account_id ORDER BY account_id
-- case: string-agg-descending
SELECT currency, string_agg(failure_code, '|' ORDER BY created DESC, id) AS codes FROM charges WHERE amount > 45000 GROUP BY currency ORDER BY currency
-- case: arg-max-min
SELECT account_id, arg_max(id, amount) AS top, arg_min(id, amount) AS low FROM charges GROUP BY account_id ORDER BY account_id
-- case: arg-max-time
SELECT account_id, arg_max(status, created) AS latest, arg_max(amount, created) AS amount FROM charges GROUP BY account_id ORDER BY account_id
-- case: boolean-aggregates
SELECT account_id, bool_or(livemode) AS b, bool_and(livemode) AS c, count_if(status = 200) AS n, sum(CASE WHEN livemode THEN 1 ELSE 0 END) AS s FROM api_request_logs GROUP BY account_id ORDER BY account_id
-- case: boolean-aggregates-null
SELECT type, bool_or(charges_enabled) AS b, bool_and(charges_enabled) AS c FROM accounts GROUP BY type ORDER BY type
-- case: statistics
SELECT currency, stddev_samp(outcome_risk_score) AS sd, stddev_pop(outcome_risk_score) AS sp, var_samp(outcome_risk_score) AS v, corr(amount_refunded, outcome_risk_score) AS co FROM charges GROUP BY currency ORDER BY currency
-- case: statistics-of-one
SELECT stddev_samp(amount) AS sd, var_samp(amount) AS v, stddev_pop(amount) AS sp FROM charges WHERE id = 'ch_00003'
-- case: ntile-groups
SELECT q, min(amount) AS lo, max(amount) AS hi, count(*) AS n FROM (SELECT amount, ntile(4) OVER (ORDER BY amount, id) AS q FROM charges) AS t GROUP BY q ORDER BY q
-- case: having-null
SELECT failure_code, count(*) AS n FROM charges GROUP BY failure_code HAVING count(*) > 1 ORDER BY failure_code
-- case: min-max-text
SELECT currency, min(id) AS a, max(failure_code) AS b, min(card_brand) AS c FROM charges GROUP BY currency ORDER BY currency
-- case: min-max-text-accents
SELECT min(business_name) AS lo, max(business_name) AS hi FROM accounts
-- case: sum-double
SELECT currency, sum(outcome_risk_score * 0.1) AS s, sum(CAST(outcome_risk_score AS DOUBLE)) AS d, avg(CAST(outcome_risk_score AS DOUBLE)) AS a FROM charges GROUP BY currency ORDER BY currency
-- case: any-value-constant
SELECT currency, any_value(currency) AS v, count(*) AS n FROM charges GROUP BY currency ORDER BY currency
-- case: min-max-moment
SELECT account_id, min(created) AS first_seen, max(created) AS last_seen FROM events GROUP BY account_id ORDER BY account_id
-- case: min-max-date
SELECT status, min(arrival_date) AS a, max(arrival_date) AS b FROM payouts GROUP BY status ORDER BY status
-- case: group-by-expression
SELECT CASE WHEN status >= 500 THEN 'server' WHEN status >= 400 THEN 'client' ELSE 'fine' END AS kind, count(*) AS n FROM api_request_logs GROUP BY CASE WHEN status >= 500 THEN 'server' WHEN status >= 400 THEN 'client' ELSE 'fine' END ORDER BY kind
-- case: sum-of-case
SELECT account_id, sum(CASE WHEN status = 'failed' THEN amount END) AS failed, max(CASE WHEN status = 'succeeded' THEN created END) AS last_good FROM charges GROUP BY account_id ORDER BY account_id
-- case: list-size
SELECT account_id, len(list(id ORDER BY id)) AS n FROM payouts GROUP BY account_id ORDER BY account_id
-- case: extremes-of-booleans
SELECT account_id, min(livemode) AS every_one, max(livemode) AS any_one, max(livemode) FILTER (WHERE amount > 5000) AS big FROM charges GROUP BY account_id ORDER BY account_id
-- case: extremes-of-doubles
SELECT currency, max(amount_refunded / 4) AS hi, min(amount_refunded / 4) AS lo FROM charges GROUP BY currency ORDER BY currency
-- case: median-of-decimals
SELECT currency, median(CAST(amount AS DECIMAL(18, 2))) AS m FROM charges WHERE id > 'ch_00010' GROUP BY currency ORDER BY currency
-- case: having-filter-of-a-column-named-as-a-result
SELECT account_id, max(created) AS created, max(amount) AS amount FROM charges GROUP BY account_id HAVING count(*) FILTER (WHERE created > TIMESTAMP '2026-10-30 00:00:00' AND amount > 10000) >= 5 ORDER BY account_id
