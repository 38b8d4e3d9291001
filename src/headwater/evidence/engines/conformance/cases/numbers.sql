-- case: division-of-integers
SELECT account_id, sum(amount) / count(*) AS mean, 7 / 2 AS c, -7 / 2 AS d FROM charges WHERE amount < 100000 GROUP BY account_id ORDER BY account_id
-- case: integer-division
SELECT 7 // 2 AS a, -7 // 2 AS b, 7 % 3 AS c, -7 % 3 AS d, sum(amount) // count(*) AS e FROM charges WHERE account_id < 'acct_005'
-- case: division-by-zero
SELECT account_id, sum(amount_refunded) / sum(CASE WHEN currency = 'zzz' THEN 1 ELSE 0 END) AS r FROM charges GROUP BY account_id ORDER BY account_id
-- case: zero-by-zero
SELECT id, (outcome_risk_score - outcome_risk_score) / (amount - amount) AS n, amount_refunded / 0 AS p FROM charges WHERE id < 'ch_00012' ORDER BY id
-- case: division-nullif
SELECT account_id, sum(amount_refunded) / nullif(sum(CASE WHEN currency = 'zzz' THEN 1 ELSE 0 END), 0) AS r FROM charges GROUP BY account_id ORDER BY account_id
-- case: decimal-literals
SELECT id, amount * 1.5 AS a, amount + 0.25 AS b, amount - 0.5 AS c, amount / 4.0 AS d FROM charges WHERE amount < 100000 AND id < 'ch_00040' ORDER BY id
-- case: share-of-group
SELECT route, count(*) FILTER (WHERE status >= 500) * 1.0 / count(*) AS share FROM api_request_logs GROUP BY route ORDER BY route
-- case: round-half
SELECT round(2.5) AS a, round(-2.5) AS b, round(3.14159, 2) AS c, floor(-1.5) AS d, ceil(1.2) AS e
-- case: round-double
SELECT id, round(outcome_risk_score / 8, 1) AS a, round(outcome_risk_score / 2) AS b, round(-outcome_risk_score / 8, 2) AS c FROM charges ORDER BY id
-- case: round-average
SELECT currency, round(avg(outcome_risk_score), 2) AS a, round(avg(amount_refunded), 0) AS b FROM charges GROUP BY currency ORDER BY currency
-- case: floor-ceil
SELECT id, floor(outcome_risk_score / 8) AS f, ceil(outcome_risk_score / 8) AS c, abs(-outcome_risk_score) AS a FROM charges WHERE id < 'ch_00060' ORDER BY id
-- case: roots-and-powers
SELECT id, sqrt(outcome_risk_score) AS s, power(outcome_risk_score, 2) AS p, ln(outcome_risk_score + 1) AS l, exp(outcome_risk_score / 50) AS e FROM charges WHERE id < 'ch_00060' ORDER BY id
-- case: greatest-least
SELECT id, greatest(amount_refunded, 10) AS g, least(amount_refunded, amount) AS l, coalesce(amount_refunded, -1) AS c, nullif(currency, 'usd') AS n, amount_refunded IS DISTINCT FROM amount AS dd FROM charges WHERE id < 'ch_00040' ORDER BY id
-- case: decimals
SELECT id, CAST(amount AS DECIMAL(18, 2)) AS a, CAST(amount_refunded AS DECIMAL(18, 2)) * 2 AS b FROM charges WHERE amount < 100000 AND id < 'ch_00040' ORDER BY id
-- case: decimal-sum
SELECT currency, sum(CAST(amount_refunded AS DECIMAL(18, 2))) AS s FROM charges GROUP BY currency ORDER BY currency
-- case: big-integers
SELECT id, amount, amount + 1 AS more, amount * 2 AS twice FROM charges WHERE amount > 1000000000 ORDER BY id
-- case: negative-numbers
SELECT id, -amount AS n, abs(amount) AS a, amount % 7 AS m FROM charges WHERE id < 'ch_00020' ORDER BY id
-- case: cast-number-to-integer
SELECT id, CAST(outcome_risk_score / 2 AS INTEGER) AS a, CAST(-outcome_risk_score / 2 AS BIGINT) AS b FROM charges ORDER BY id
-- case: cast-decimal-to-integer
SELECT id, CAST(outcome_risk_score * 0.5 AS INTEGER) AS a, CAST(outcome_risk_score * -0.5 AS BIGINT) AS b FROM charges ORDER BY id
-- case: compare-numbers
SELECT id, amount > 20000 AS a, outcome_risk_score / 2 < 10.5 AS b, amount BETWEEN 100 AND 5000 AS c, amount <> 103 AS d FROM charges WHERE id < 'ch_00050' ORDER BY id
-- case: sign-and-mod
SELECT id, sign(amount) AS s, amount // 100 AS h FROM charges WHERE id < 'ch_00020' ORDER BY id
-- case: quotients-rounded
SELECT id, round(amount / 365.0, 1) AS a, round(amount / 4, 2) AS b, round(amount * 0.5 / 3, 2) AS c, round(CAST(amount AS DECIMAL(18, 2)) / 7, 1) AS d FROM charges WHERE amount < 100000 ORDER BY id
-- case: quotients-in-their-places
SELECT account_id, coalesce(avg(amount) / 3, 0) AS a, median(amount / 4) AS b, 0.5 * (sum(amount) / 8) AS c, 2.5 * median(amount / 2) AS d, least(0.5, sum(amount_refunded) / sum(amount)) AS e, greatest(1, sum(amount) / 7) AS f FROM charges WHERE amount < 100000 GROUP BY account_id ORDER BY account_id
