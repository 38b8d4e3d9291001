-- case: basics
SELECT DISTINCT route, length(route) AS l, substr(route, 5, 3) AS s, replace(route, '/v1', '') AS r, left(route, 3) AS lf, right(route, 4) AS rt, lpad(route, 20, '.') AS lp, strpos(route, 'charges') AS pos FROM api_request_logs ORDER BY route
-- case: split-part
SELECT DISTINCT route, split_part(route, '/', 3) AS p, split_part(route, '/', 9) AS none FROM api_request_logs ORDER BY route
-- case: case-and-accents
SELECT id, business_name, upper(business_name) AS u, lower(business_name) AS l, length(business_name) AS n, reverse(business_name) AS r FROM accounts ORDER BY id
-- case: case-comparison
SELECT a.id, b.id AS other FROM accounts AS a JOIN accounts AS b ON lower(a.business_name) = lower(b.business_name) AND a.id < b.id ORDER BY a.id, b.id
-- case: accent-comparison
SELECT id, business_name = 'emile & co' AS same, business_name < 'b' AS before, business_name > 'Z' AS after FROM accounts ORDER BY id
-- case: text-order
SELECT business_name, id FROM accounts ORDER BY business_name, id
-- case: text-order-descending
SELECT business_name, id FROM accounts ORDER BY business_name DESC, id
-- case: text-order-codes
SELECT DISTINCT error_code, route FROM api_request_logs ORDER BY error_code, route
-- case: concatenation
SELECT id, error_code || '!' AS a, concat(error_code, '!') AS b, concat_ws('-', error_code, method) AS c, concat_ws(',', idempotency_key, error_code) AS d FROM api_request_logs WHERE id < 'req_00040' ORDER BY id
-- case: regex-match
SELECT DISTINCT route, regexp_matches(route, '^/v[0-9]+/c') AS m, regexp_matches(route, 'ts$') AS e FROM api_request_logs ORDER BY route
-- case: regex-replace
SELECT DISTINCT route, regexp_replace(route, ':[a-z]+', '*') AS r, regexp_replace(route, '[aeiou]', '_', 'g') AS g FROM api_request_logs ORDER BY route
-- case: regex-extract
SELECT DISTINCT route, regexp_extract(route, '/v1/([a-z]+)', 1) AS e, regexp_extract(route, '[0-9]+') AS n FROM api_request_logs ORDER BY route
-- case: regex-lines
SELECT DISTINCT error_message, regexp_matches(error_message, 'one.line') AS d, regexp_matches(error_message, 'one$') AS e, regexp_matches(error_message, '^line two') AS b FROM api_request_logs ORDER BY error_message
-- case: like
SELECT count(*) FILTER (WHERE route LIKE '/v1/%') AS a, count(*) FILTER (WHERE route LIKE '/_1/c%') AS b, count(*) FILTER (WHERE error_code LIKE '%\_%' ESCAPE '\') AS c, count(*) FILTER (WHERE error_code NOT LIKE 'card%') AS d FROM api_request_logs
-- case: like-backslash
SELECT count(*) FILTER (WHERE error_message LIKE 'a\b%') AS a, count(*) FILTER (WHERE error_message LIKE 'a\%') AS b, count(*) FILTER (WHERE error_message LIKE '%c\_d') AS c FROM api_request_logs
-- case: ilike
SELECT count(*) FILTER (WHERE route ILIKE '/v1/%') AS a, count(*) FILTER (WHERE route ILIKE '/V1/ÉTÉ') AS b FROM api_request_logs
-- case: starts-and-contains
SELECT count(*) FILTER (WHERE starts_with(route, '/v1')) AS a, count(*) FILTER (WHERE contains(route, 'harge')) AS b, count(*) FILTER (WHERE suffix(route, 'ts')) AS c FROM api_request_logs
-- case: ends-with
SELECT DISTINCT route, ends_with(route, 'ts') AS e FROM api_request_logs ORDER BY route
-- case: empty-text-is-not-null
SELECT id, error_code IS NULL AS n, error_code = '' AS e, coalesce(error_code, 'none') AS c, nullif(error_code, '') AS x FROM api_request_logs WHERE id < 'req_00030' ORDER BY id
-- case: trim
SELECT id, trim('  ' || id || ' ') AS t, ltrim('  ' || id) AS l, rtrim(id || '  ') AS r FROM accounts ORDER BY id
-- case: quotes-and-escapes
SELECT id, business_name = 'O''Hara' AS a, 'back\slash' AS b, 'percent%' AS c, 'quote"d' AS d FROM accounts ORDER BY id
-- case: string-split-unnest
SELECT id, u FROM (SELECT id, unnest(string_split(route, '/')) AS u FROM api_request_logs WHERE id < 'req_00030') AS t WHERE u <> '' ORDER BY id, u
-- case: hash
SELECT md5(id) AS m FROM accounts ORDER BY 1
-- case: cast-number-to-text
SELECT id, CAST(amount AS VARCHAR) AS a, CAST(outcome_risk_score AS VARCHAR) AS b FROM charges ORDER BY id
-- case: cast-decimal-to-text
SELECT id, CAST(CAST(amount AS DECIMAL(18, 2)) AS VARCHAR) AS a FROM charges WHERE amount < 100000 ORDER BY id
-- case: cast-boolean-to-text
SELECT id, CAST(charges_enabled AS VARCHAR) AS b FROM accounts ORDER BY id
-- case: cast-moment-to-text
SELECT id, CAST(created AS VARCHAR) AS a, CAST(CAST(created AS DATE) AS VARCHAR) AS b FROM charges WHERE id < 'ch_00020' ORDER BY id
-- case: cast-double-to-text
SELECT id, CAST(outcome_risk_score / 2 AS VARCHAR) AS a FROM charges WHERE id < 'ch_00020' ORDER BY id
-- case: cast-text-to-number
SELECT id, CAST(substr(id, 5) AS INTEGER) AS i, CAST(substr(id, 5) AS BIGINT) + 1 AS j FROM api_request_logs WHERE id < 'req_00020' ORDER BY id
-- case: try-cast
SELECT id, try_cast(error_code AS INTEGER) AS i, try_cast(substr(id, 5) AS INTEGER) AS j, try_cast(error_message AS BIGINT) AS k FROM api_request_logs WHERE id < 'req_00030' ORDER BY id
-- case: try-cast-double
SELECT id, try_cast(error_message AS DOUBLE) AS k FROM api_request_logs WHERE id < 'req_00030' ORDER BY id
-- case: in-list
SELECT id FROM accounts WHERE business_name IN ('zebra', 'Åse', 'nobody') OR country NOT IN ('US', 'DE') ORDER BY id
-- case: text-functions-null
SELECT id, upper(error_code) AS u, length(error_code) AS l, replace(error_code, '_', '-') AS r, substr(error_code, 2) AS s FROM api_request_logs WHERE id < 'req_00020' ORDER BY id
-- case: repeat-and-pad
SELECT id, repeat('ab', 3) AS r, rpad(id, 12, '-') AS p, lpad(id, 4, 'x') AS cut FROM accounts ORDER BY id
-- case: lower-joined-with-text
SELECT a.currency, a.n, b.n AS m FROM (SELECT max(currency) AS currency, count(*) AS n FROM charges GROUP BY currency) AS a JOIN (SELECT lower(upper(currency)) AS currency, count(*) AS n FROM payouts GROUP BY lower(upper(currency))) AS b ON b.currency = a.currency ORDER BY a.currency
-- case: regex-extract-of-alternatives
SELECT id, regexp_extract(path, '(ch|cs)_[0-9]+') AS a, regexp_extract(path, '/v1/(charges|payouts)/(ch|po)_([0-9]+)', 3) AS b, regexp_extract(coalesce(error_message, ''), 'l?ine"? ?(one|two)', 1) AS c, regexp_replace(path, '(ch|ci)_', '=', 'g') AS d FROM api_request_logs ORDER BY id
-- case: upper-and-lower-beyond-ascii
SELECT t.x, upper(t.x) AS u, lower(t.x) AS l, lower(t.x) = 'straße' AS e, upper(t.x) LIKE '%É%' AS k, t.x ILIKE 'ÉCOLE' AS i FROM (SELECT 'straße' AS x UNION ALL SELECT 'STRASSE' UNION ALL SELECT 'İstanbul' UNION ALL SELECT 'ısparta' UNION ALL SELECT 'IRMAK' UNION ALL SELECT 'École' UNION ALL SELECT 'école' UNION ALL SELECT 'Ὀδυσσεύς' UNION ALL SELECT 'ΌΣΟΣ' UNION ALL SELECT 'ŉ ǆ ﬁ' UNION ALL SELECT 'ДОМ' UNION ALL SELECT 'ǅ Ǆ ẞ') AS t ORDER BY t.x
-- case: left-and-right
SELECT id, left(route, 4) AS a, right(route, 3) AS b, left(error_code, 30) AS c, right('', 2) AS d FROM api_request_logs ORDER BY id
-- case: split-and-join
SELECT id, split_part(path, '/', 4) AS a, split_part(coalesce(error_code, ''), '_', 2) AS b, path || '?' || error_code AS c, concat_ws('-', error_code, method, idempotency_key) AS d, split_part(error_code, '_', 9) AS e FROM api_request_logs ORDER BY id
