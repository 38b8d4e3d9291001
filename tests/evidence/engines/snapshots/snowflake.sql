-- What the seam writes for Snowflake, query by query of the conformance suite. Not run there: each
-- construct is refused until `headwater evidence verify --engine URL` has proven it.
-- Renew: headwater evidence engines --sql snowflake > tests/evidence/engines/snapshots/snowflake.sql

-- case: aggregates/count-by-group
SELECT "api_request_logs"."status" AS "status", COUNT(*) AS "n", COUNT(DISTINCT "api_request_logs"."account_id") AS "accounts", COUNT("api_request_logs"."error_code") AS "codes"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."created" >= CAST('2026-10-25 00:00:00' AS TIMESTAMPNTZ) AND "api_request_logs"."created" < CAST('2026-10-28 00:00:00' AS TIMESTAMPNTZ)
GROUP BY "api_request_logs"."status"
ORDER BY "status"
LIMIT 2000

-- case: aggregates/truncate-and-filter
SELECT DATE_TRUNC('HOUR', "api_request_logs"."created") AS "h", COUNT(*) AS "n", COUNT(CASE WHEN ("api_request_logs"."status" >= 500) THEN 1 END) AS "e5", MAX(CASE WHEN ("api_request_logs"."status" = 429) THEN "api_request_logs"."duration_ms" END) AS "m"
FROM "api_request_logs" AS "api_request_logs"
GROUP BY DATE_TRUNC('HOUR', "api_request_logs"."created")
ORDER BY "h"
LIMIT 100

-- case: aggregates/sum-min-max-avg
SELECT "charges"."currency" AS "currency", SUM("charges"."amount") AS "s", MIN("charges"."amount") AS "lo", MAX("charges"."amount") AS "hi", AVG(CAST("charges"."amount_refunded" AS DOUBLE)) AS "a", AVG(CAST("charges"."outcome_risk_score" AS DOUBLE)) AS "r"
FROM "charges" AS "charges"
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: aggregates/empty-groups
SELECT COUNT(*) AS "n", COUNT("disputes"."id") AS "c", SUM("disputes"."amount") AS "s", MIN("disputes"."amount") AS "lo", MAX("disputes"."created") AS "m", AVG(CAST("disputes"."amount" AS DOUBLE)) AS "a", COALESCE(SUM("disputes"."amount"), 0) AS "z"
FROM "disputes" AS "disputes"
LIMIT 2000

-- case: aggregates/empty-groups-filter
SELECT "charges"."currency" AS "currency", SUM(CASE WHEN ("charges"."amount" < -1000000) THEN "charges"."amount" END) AS "s", COUNT(CASE WHEN ("charges"."amount" < -1000000) THEN 1 END) AS "n", MIN(CASE WHEN ("charges"."amount" < -1000000) THEN "charges"."id" END) AS "t"
FROM "charges" AS "charges"
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: aggregates/group-nothing
SELECT "charges"."currency" AS "currency", COUNT(*) AS "n"
FROM "charges" AS "charges"
WHERE "charges"."amount" < -1000000
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: aggregates/percentile-continuous
SELECT "api_request_logs"."route" AS "route", PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST("api_request_logs"."duration_ms" AS DOUBLE)) AS "p50", PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY CAST("api_request_logs"."duration_ms" AS DOUBLE)) AS "p95"
FROM "api_request_logs" AS "api_request_logs"
GROUP BY "api_request_logs"."route"
ORDER BY "route"
LIMIT 2000

-- case: aggregates/median
SELECT "charges"."currency" AS "currency", PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST("charges"."amount_refunded" AS DOUBLE)) AS "m"
FROM "charges" AS "charges"
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: aggregates/quantile-discrete
SELECT "api_request_logs"."route" AS "route", PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY "api_request_logs"."duration_ms") AS "p90"
FROM "api_request_logs" AS "api_request_logs"
GROUP BY "api_request_logs"."route"
ORDER BY "route"
LIMIT 2000

-- case: aggregates/group-by-all
SELECT "charges"."currency" AS "currency", DATE_TRUNC('DAY', "charges"."created") AS "d", SUM("charges"."amount") AS "s"
FROM "charges" AS "charges"
GROUP BY "charges"."currency", DATE_TRUNC('DAY', "charges"."created")
HAVING COUNT(*) > 5
ORDER BY "currency", "d", "s"
LIMIT 2000

-- case: aggregates/rollup
SELECT "charges"."currency" AS "currency", "charges"."status" AS "status", COUNT(*) AS "n", GROUPING("charges"."currency") AS "g"
FROM "charges" AS "charges"
GROUP BY ROLLUP ("charges"."currency", "charges"."status")
ORDER BY "g", "currency", "status", "n"
LIMIT 2000

-- case: aggregates/string-agg-ordered
SELECT "charges"."account_id" AS "account_id", CASE WHEN COUNT("charges"."id") > 0 THEN LISTAGG("charges"."id", ',') WITHIN GROUP (ORDER BY CASE WHEN "charges"."created" IS NULL THEN 1 ELSE 0 END, "charges"."created", CASE WHEN "charges"."id" IS NULL THEN 1 ELSE 0 END, "charges"."id") END AS "ids"
FROM "charges" AS "charges"
WHERE "charges"."amount" > 40000
GROUP BY "charges"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: aggregates/string-agg-filter
SELECT "charges"."account_id" AS "account_id", CASE WHEN COUNT((CASE WHEN ("charges"."status" = 'failed') THEN "charges"."id" END)) > 0 THEN LISTAGG(CASE WHEN ("charges"."status" = 'failed') THEN "charges"."id" END, ',') WITHIN GROUP (ORDER BY CASE WHEN "charges"."id" IS NULL THEN 1 ELSE 0 END, "charges"."id") END AS "ids"
FROM "charges" AS "charges"
WHERE "charges"."account_id" < 'acct_004'
GROUP BY "charges"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: aggregates/string-agg-distinct
SELECT "charges"."account_id" AS "account_id", CASE WHEN COUNT("charges"."currency") > 0 THEN LISTAGG(DISTINCT "charges"."currency", ',') WITHIN GROUP (ORDER BY "charges"."currency") END AS "c"
FROM "charges" AS "charges"
GROUP BY "charges"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: aggregates/string-agg-descending
SELECT "charges"."currency" AS "currency", CASE WHEN COUNT("charges"."failure_code") > 0 THEN LISTAGG("charges"."failure_code", '|') WITHIN GROUP (ORDER BY CASE WHEN "charges"."created" IS NULL THEN 1 ELSE 0 END, "charges"."created" DESC, CASE WHEN "charges"."id" IS NULL THEN 1 ELSE 0 END, "charges"."id") END AS "codes"
FROM "charges" AS "charges"
WHERE "charges"."amount" > 45000
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: aggregates/arg-max-min
SELECT "charges"."account_id" AS "account_id", MAX_BY("charges"."id", CASE WHEN NOT "charges"."id" IS NULL THEN "charges"."amount" END) AS "top", MIN_BY("charges"."id", CASE WHEN NOT "charges"."id" IS NULL THEN "charges"."amount" END) AS "low"
FROM "charges" AS "charges"
GROUP BY "charges"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: aggregates/arg-max-time
SELECT "charges"."account_id" AS "account_id", MAX_BY("charges"."status", CASE WHEN NOT "charges"."status" IS NULL THEN "charges"."created" END) AS "latest", MAX_BY("charges"."amount", CASE WHEN NOT "charges"."amount" IS NULL THEN "charges"."created" END) AS "amount"
FROM "charges" AS "charges"
GROUP BY "charges"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: aggregates/boolean-aggregates
SELECT "api_request_logs"."account_id" AS "account_id", BOOLOR_AGG("api_request_logs"."livemode") AS "b", BOOLAND_AGG("api_request_logs"."livemode") AS "c", COUNT_IF("api_request_logs"."status" = 200) AS "n", SUM(CASE WHEN "api_request_logs"."livemode" THEN 1 ELSE 0 END) AS "s"
FROM "api_request_logs" AS "api_request_logs"
GROUP BY "api_request_logs"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: aggregates/boolean-aggregates-null
SELECT "accounts"."type" AS "type", BOOLOR_AGG("accounts"."charges_enabled") AS "b", BOOLAND_AGG("accounts"."charges_enabled") AS "c"
FROM "accounts" AS "accounts"
GROUP BY "accounts"."type"
ORDER BY "type"
LIMIT 2000

-- case: aggregates/statistics
SELECT "charges"."currency" AS "currency", STDDEV_SAMP(CAST("charges"."outcome_risk_score" AS DOUBLE)) AS "sd", STDDEV_POP(CAST("charges"."outcome_risk_score" AS DOUBLE)) AS "sp", VARIANCE(CAST("charges"."outcome_risk_score" AS DOUBLE)) AS "v", CORR(CAST("charges"."amount_refunded" AS DOUBLE), CAST("charges"."outcome_risk_score" AS DOUBLE)) AS "co"
FROM "charges" AS "charges"
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: aggregates/statistics-of-one
SELECT STDDEV_SAMP(CAST("charges"."amount" AS DOUBLE)) AS "sd", VARIANCE(CAST("charges"."amount" AS DOUBLE)) AS "v", STDDEV_POP(CAST("charges"."amount" AS DOUBLE)) AS "sp"
FROM "charges" AS "charges"
WHERE "charges"."id" = 'ch_00003'
LIMIT 2000

-- case: aggregates/ntile-groups
SELECT "t"."q" AS "q", MIN("t"."amount") AS "lo", MAX("t"."amount") AS "hi", COUNT(*) AS "n"
FROM (SELECT "charges"."amount" AS "amount", NTILE(4) OVER (ORDER BY "charges"."amount", "charges"."id") AS "q"
FROM "charges" AS "charges") AS "t"
GROUP BY "t"."q"
ORDER BY "q"
LIMIT 2000

-- case: aggregates/having-null
SELECT "charges"."failure_code" AS "failure_code", COUNT(*) AS "n"
FROM "charges" AS "charges"
GROUP BY "charges"."failure_code"
HAVING COUNT(*) > 1
ORDER BY "failure_code"
LIMIT 2000

-- case: aggregates/min-max-text
SELECT "charges"."currency" AS "currency", MIN("charges"."id") AS "a", MAX("charges"."failure_code") AS "b", MIN("charges"."card_brand") AS "c"
FROM "charges" AS "charges"
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: aggregates/min-max-text-accents
SELECT MIN("accounts"."business_name") AS "lo", MAX("accounts"."business_name") AS "hi"
FROM "accounts" AS "accounts"
LIMIT 2000

-- case: aggregates/sum-double
SELECT "charges"."currency" AS "currency", SUM("charges"."outcome_risk_score" * CAST(0.1 AS DECIMAL(2, 1))) AS "s", SUM(CAST("charges"."outcome_risk_score" AS DOUBLE)) AS "d", AVG(CAST("charges"."outcome_risk_score" AS DOUBLE)) AS "a"
FROM "charges" AS "charges"
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: aggregates/any-value-constant
SELECT "charges"."currency" AS "currency", MIN("charges"."currency") AS "v", COUNT(*) AS "n"
FROM "charges" AS "charges"
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: aggregates/min-max-moment
SELECT "events"."account_id" AS "account_id", MIN("events"."created") AS "first_seen", MAX("events"."created") AS "last_seen"
FROM "events" AS "events"
GROUP BY "events"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: aggregates/min-max-date
SELECT "payouts"."status" AS "status", MIN("payouts"."arrival_date") AS "a", MAX("payouts"."arrival_date") AS "b"
FROM "payouts" AS "payouts"
GROUP BY "payouts"."status"
ORDER BY "status"
LIMIT 2000

-- case: aggregates/group-by-expression
SELECT CASE WHEN "api_request_logs"."status" >= 500 THEN 'server' WHEN "api_request_logs"."status" >= 400 THEN 'client' ELSE 'fine' END AS "kind", COUNT(*) AS "n"
FROM "api_request_logs" AS "api_request_logs"
GROUP BY CASE WHEN "api_request_logs"."status" >= 500 THEN 'server' WHEN "api_request_logs"."status" >= 400 THEN 'client' ELSE 'fine' END
ORDER BY "kind"
LIMIT 2000

-- case: aggregates/sum-of-case
SELECT "charges"."account_id" AS "account_id", SUM(CASE WHEN "charges"."status" = 'failed' THEN "charges"."amount" END) AS "failed", MAX(CASE WHEN "charges"."status" = 'succeeded' THEN "charges"."created" END) AS "last_good"
FROM "charges" AS "charges"
GROUP BY "charges"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: aggregates/list-size
-- refused: A list cannot be answered the same on Snowflake. Use string_agg, or count.

-- case: aggregates/extremes-of-booleans
SELECT "charges"."account_id" AS "account_id", BOOLAND_AGG("charges"."livemode") AS "every_one", BOOLOR_AGG("charges"."livemode") AS "any_one", BOOLOR_AGG(CASE WHEN ("charges"."amount" > 5000) THEN "charges"."livemode" END) AS "big"
FROM "charges" AS "charges"
GROUP BY "charges"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: aggregates/extremes-of-doubles
SELECT "charges"."currency" AS "currency", MAX(CAST("charges"."amount_refunded" AS DOUBLE) / CAST(4 AS DOUBLE)) AS "hi", MIN(CAST("charges"."amount_refunded" AS DOUBLE) / CAST(4 AS DOUBLE)) AS "lo"
FROM "charges" AS "charges"
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: aggregates/median-of-decimals
SELECT "charges"."currency" AS "currency", PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY CAST(CAST("charges"."amount" AS DECIMAL(18, 2)) AS DOUBLE)) AS "m"
FROM "charges" AS "charges"
WHERE "charges"."id" > 'ch_00010'
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: aggregates/having-filter-of-a-column-named-as-a-result
SELECT "charges"."account_id" AS "account_id", MAX("charges"."created") AS "created", MAX("charges"."amount") AS "amount"
FROM "charges" AS "charges"
GROUP BY "charges"."account_id"
HAVING COUNT(CASE WHEN ("charges"."created" > CAST('2026-10-30 00:00:00' AS TIMESTAMPNTZ) AND "charges"."amount" > 10000) THEN 1 END) >= 5
ORDER BY "account_id"
LIMIT 2000

-- case: json/json-path
SELECT "api_request_logs"."id" AS "id", CASE WHEN (REGEXP_INSTR(TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error.code'))), '^(\\{|\\[|-?[0-9]+[.eE]|-?[0-9]{16})') > 0) THEN CAST(CAST('a JSON fraction, object or array as text: ' || TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error.code'))) AS BIGINT) AS VARCHAR) ELSE CAST((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error.code')) AS VARCHAR) END AS "code", CASE WHEN (REGEXP_INSTR(TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'items[0].id'))), '^(\\{|\\[|-?[0-9]+[.eE]|-?[0-9]{16})') > 0) THEN CAST(CAST('a JSON fraction, object or array as text: ' || TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'items[0].id'))) AS BIGINT) AS VARCHAR) ELSE CAST((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'items[0].id')) AS VARCHAR) END AS "i0", CASE WHEN (REGEXP_INSTR(TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'missing'))), '^(\\{|\\[|-?[0-9]+[.eE]|-?[0-9]{16})') > 0) THEN CAST(CAST('a JSON fraction, object or array as text: ' || TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'missing'))) AS BIGINT) AS VARCHAR) ELSE CAST((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'missing')) AS VARCHAR) END AS "m", CASE WHEN (REGEXP_INSTR(TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'z'))), '^(\\{|\\[|-?[0-9]+[.eE]|-?[0-9]{16})') > 0) THEN CAST(CAST('a JSON fraction, object or array as text: ' || TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'z'))) AS BIGINT) AS VARCHAR) ELSE CAST((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'z')) AS VARCHAR) END AS "z", CASE WHEN (REGEXP_INSTR(TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'ok'))), '^(\\{|\\[|-?[0-9]+[.eE]|-?[0-9]{16})') > 0) THEN CAST(CAST('a JSON fraction, object or array as text: ' || TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'ok'))) AS BIGINT) AS VARCHAR) ELSE CAST((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'ok')) AS VARCHAR) END AS "ok"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."id" < 'req_00060'
ORDER BY "id"
LIMIT 2000

-- case: json/json-cast
SELECT "api_request_logs"."id" AS "id", CAST(CASE WHEN (REGEXP_INSTR(TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error.n'))), '^(\\{|\\[|-?[0-9]+[.eE]|-?[0-9]{16})') > 0) THEN CAST(CAST('a JSON fraction, object or array as text: ' || TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error.n'))) AS BIGINT) AS VARCHAR) ELSE CAST((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error.n')) AS VARCHAR) END AS INT) AS "n"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."id" < 'req_00060'
ORDER BY "id"
LIMIT 2000

-- case: json/json-group
SELECT CASE WHEN (REGEXP_INSTR(TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error.code'))), '^(\\{|\\[|-?[0-9]+[.eE]|-?[0-9]{16})') > 0) THEN CAST(CAST('a JSON fraction, object or array as text: ' || TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error.code'))) AS BIGINT) AS VARCHAR) ELSE CAST((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error.code')) AS VARCHAR) END AS "code", SUM(CAST(CASE WHEN (REGEXP_INSTR(TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'items[0].amt'))), '^(\\{|\\[|-?[0-9]+[.eE]|-?[0-9]{16})') > 0) THEN CAST(CAST('a JSON fraction, object or array as text: ' || TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'items[0].amt'))) AS BIGINT) AS VARCHAR) ELSE CAST((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'items[0].amt')) AS VARCHAR) END AS BIGINT)) AS "s"
FROM "api_request_logs" AS "api_request_logs"
WHERE NOT "api_request_logs"."response_body" IS NULL
GROUP BY CASE WHEN (REGEXP_INSTR(TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error.code'))), '^(\\{|\\[|-?[0-9]+[.eE]|-?[0-9]{16})') > 0) THEN CAST(CAST('a JSON fraction, object or array as text: ' || TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error.code'))) AS BIGINT) AS VARCHAR) ELSE CAST((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error.code')) AS VARCHAR) END
ORDER BY "code"
LIMIT 2000

-- case: json/json-key
SELECT "api_request_logs"."id" AS "id", CASE WHEN (REGEXP_INSTR(TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'ok'))), '^(\\{|\\[|-?[0-9]+[.eE]|-?[0-9]{16})') > 0) THEN CAST(CAST('a JSON fraction, object or array as text: ' || TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'ok'))) AS BIGINT) AS VARCHAR) ELSE CAST((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'ok')) AS VARCHAR) END AS "ok"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."id" < 'req_00030'
ORDER BY "id"
LIMIT 2000

-- case: json/json-nested-text
SELECT "api_request_logs"."id" AS "id", CASE WHEN (REGEXP_INSTR(TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'deep.a.b'))), '^(\\{|\\[|-?[0-9]+[.eE]|-?[0-9]{16})') > 0) THEN CAST(CAST('a JSON fraction, object or array as text: ' || TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'deep.a.b'))) AS BIGINT) AS VARCHAR) ELSE CAST((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'deep.a.b')) AS VARCHAR) END AS "b"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."id" < 'req_00030'
ORDER BY "id"
LIMIT 2000

-- case: json/json-object-as-text
SELECT "api_request_logs"."id" AS "id", CASE WHEN (REGEXP_INSTR(TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error'))), '^(\\{|\\[|-?[0-9]+[.eE]|-?[0-9]{16})') > 0) THEN CAST(CAST('a JSON fraction, object or array as text: ' || TO_JSON((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error'))) AS BIGINT) AS VARCHAR) ELSE CAST((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'error')) AS VARCHAR) END AS "o"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."id" < 'req_00030'
ORDER BY "id"
LIMIT 2000

-- case: json/json-array-length
SELECT "api_request_logs"."id" AS "id", COALESCE(ARRAY_SIZE((GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'items'))), CASE WHEN NOT (GET_PATH(PARSE_JSON("api_request_logs"."response_body"), 'items')) IS NULL THEN 0 END) AS "n"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."id" < 'req_00030'
ORDER BY "id"
LIMIT 2000

-- case: numbers/division-of-integers
SELECT "charges"."account_id" AS "account_id", CASE WHEN CAST(COUNT(*) AS DOUBLE) = 0 THEN CASE WHEN CAST(SUM("charges"."amount") AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST(SUM("charges"."amount") AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST(SUM("charges"."amount") AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST(SUM("charges"."amount") AS DOUBLE) / CAST(COUNT(*) AS DOUBLE) END AS "mean", CAST(7 AS DOUBLE) / CAST(2 AS DOUBLE) AS "c", CAST((-7) AS DOUBLE) / CAST(2 AS DOUBLE) AS "d"
FROM "charges" AS "charges"
WHERE "charges"."amount" < 100000
GROUP BY "charges"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: numbers/integer-division
SELECT CAST((7 - 7 % 2) / 2 AS BIGINT) AS "a", CAST(((-7) - (-7) % 2) / 2 AS BIGINT) AS "b", MOD(7, 3) AS "c", MOD(-7, 3) AS "d", CAST((SUM("charges"."amount") - SUM("charges"."amount") % COUNT(*)) / COUNT(*) AS BIGINT) AS "e"
FROM "charges" AS "charges"
WHERE "charges"."account_id" < 'acct_005'
LIMIT 2000

-- case: numbers/division-by-zero
SELECT "charges"."account_id" AS "account_id", CASE WHEN CAST(SUM(CASE WHEN "charges"."currency" = 'zzz' THEN 1 ELSE 0 END) AS DOUBLE) = 0 THEN CASE WHEN CAST(SUM("charges"."amount_refunded") AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST(SUM("charges"."amount_refunded") AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST(SUM("charges"."amount_refunded") AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST(SUM("charges"."amount_refunded") AS DOUBLE) / CAST(SUM(CASE WHEN "charges"."currency" = 'zzz' THEN 1 ELSE 0 END) AS DOUBLE) END AS "r"
FROM "charges" AS "charges"
GROUP BY "charges"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: numbers/zero-by-zero
SELECT "charges"."id" AS "id", CASE WHEN CAST(("charges"."amount" - "charges"."amount") AS DOUBLE) = 0 THEN CASE WHEN CAST(("charges"."outcome_risk_score" - "charges"."outcome_risk_score") AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST(("charges"."outcome_risk_score" - "charges"."outcome_risk_score") AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST(("charges"."outcome_risk_score" - "charges"."outcome_risk_score") AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST(("charges"."outcome_risk_score" - "charges"."outcome_risk_score") AS DOUBLE) / CAST(("charges"."amount" - "charges"."amount") AS DOUBLE) END AS "n", CASE WHEN CAST(0 AS DOUBLE) = 0 THEN CASE WHEN CAST("charges"."amount_refunded" AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST("charges"."amount_refunded" AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST("charges"."amount_refunded" AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST("charges"."amount_refunded" AS DOUBLE) / CAST(0 AS DOUBLE) END AS "p"
FROM "charges" AS "charges"
WHERE "charges"."id" < 'ch_00012'
ORDER BY "id"
LIMIT 2000

-- case: numbers/division-nullif
SELECT "charges"."account_id" AS "account_id", CAST(SUM("charges"."amount_refunded") AS DOUBLE) / CAST(NULLIF(SUM(CASE WHEN "charges"."currency" = 'zzz' THEN 1 ELSE 0 END), 0) AS DOUBLE) AS "r"
FROM "charges" AS "charges"
GROUP BY "charges"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: numbers/decimal-literals
SELECT "charges"."id" AS "id", "charges"."amount" * CAST(1.5 AS DECIMAL(2, 1)) AS "a", "charges"."amount" + CAST(0.25 AS DECIMAL(3, 2)) AS "b", "charges"."amount" - CAST(0.5 AS DECIMAL(2, 1)) AS "c", CASE WHEN CAST(CAST(4.0 AS DECIMAL(2, 1)) AS DOUBLE) = 0 THEN CASE WHEN CAST("charges"."amount" AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST("charges"."amount" AS DOUBLE) / CAST(CAST(4.0 AS DECIMAL(2, 1)) AS DOUBLE) END AS "d"
FROM "charges" AS "charges"
WHERE "charges"."amount" < 100000 AND "charges"."id" < 'ch_00040'
ORDER BY "id"
LIMIT 2000

-- case: numbers/share-of-group
SELECT "api_request_logs"."route" AS "route", CASE WHEN CAST(COUNT(*) AS DOUBLE) = 0 THEN CASE WHEN CAST((COUNT(CASE WHEN ("api_request_logs"."status" >= 500) THEN 1 END) * CAST(1.0 AS DECIMAL(2, 1))) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((COUNT(CASE WHEN ("api_request_logs"."status" >= 500) THEN 1 END) * CAST(1.0 AS DECIMAL(2, 1))) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((COUNT(CASE WHEN ("api_request_logs"."status" >= 500) THEN 1 END) * CAST(1.0 AS DECIMAL(2, 1))) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((COUNT(CASE WHEN ("api_request_logs"."status" >= 500) THEN 1 END) * CAST(1.0 AS DECIMAL(2, 1))) AS DOUBLE) / CAST(COUNT(*) AS DOUBLE) END AS "share"
FROM "api_request_logs" AS "api_request_logs"
GROUP BY "api_request_logs"."route"
ORDER BY "route"
LIMIT 2000

-- case: numbers/round-half
SELECT ROUND(CAST(2.5 AS DECIMAL(2, 1))) AS "a", ROUND(-CAST(2.5 AS DECIMAL(2, 1))) AS "b", ROUND(CAST(3.14159 AS DECIMAL(6, 5)), 2) AS "c", FLOOR(-CAST(1.5 AS DECIMAL(2, 1))) AS "d", CEIL(CAST(1.2 AS DECIMAL(2, 1))) AS "e"
LIMIT 2000

-- case: numbers/round-double
SELECT "charges"."id" AS "id", (CASE WHEN ABS(((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) * 10)) < 4503599627370496 THEN SIGN(((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) * 10)) * (FLOOR(ABS(((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) * 10))) + CASE WHEN ABS(((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) * 10)) - FLOOR(ABS(((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) * 10))) >= 0.5 THEN 1 ELSE 0 END) ELSE ((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) * 10) END) / 10 AS "a", (CASE WHEN ABS((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(2 AS DOUBLE))) < 4503599627370496 THEN SIGN((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(2 AS DOUBLE))) * (FLOOR(ABS((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(2 AS DOUBLE)))) + CASE WHEN ABS((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(2 AS DOUBLE))) - FLOOR(ABS((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(2 AS DOUBLE)))) >= 0.5 THEN 1 ELSE 0 END) ELSE (CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(2 AS DOUBLE)) END) AS "b", (CASE WHEN ABS(((CAST((-"charges"."outcome_risk_score") AS DOUBLE) / CAST(8 AS DOUBLE)) * 100)) < 4503599627370496 THEN SIGN(((CAST((-"charges"."outcome_risk_score") AS DOUBLE) / CAST(8 AS DOUBLE)) * 100)) * (FLOOR(ABS(((CAST((-"charges"."outcome_risk_score") AS DOUBLE) / CAST(8 AS DOUBLE)) * 100))) + CASE WHEN ABS(((CAST((-"charges"."outcome_risk_score") AS DOUBLE) / CAST(8 AS DOUBLE)) * 100)) - FLOOR(ABS(((CAST((-"charges"."outcome_risk_score") AS DOUBLE) / CAST(8 AS DOUBLE)) * 100))) >= 0.5 THEN 1 ELSE 0 END) ELSE ((CAST((-"charges"."outcome_risk_score") AS DOUBLE) / CAST(8 AS DOUBLE)) * 100) END) / 100 AS "c"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: numbers/round-average
SELECT "charges"."currency" AS "currency", (CASE WHEN ABS((AVG(CAST("charges"."outcome_risk_score" AS DOUBLE)) * 100)) < 4503599627370496 THEN SIGN((AVG(CAST("charges"."outcome_risk_score" AS DOUBLE)) * 100)) * (FLOOR(ABS((AVG(CAST("charges"."outcome_risk_score" AS DOUBLE)) * 100))) + CASE WHEN ABS((AVG(CAST("charges"."outcome_risk_score" AS DOUBLE)) * 100)) - FLOOR(ABS((AVG(CAST("charges"."outcome_risk_score" AS DOUBLE)) * 100))) >= 0.5 THEN 1 ELSE 0 END) ELSE (AVG(CAST("charges"."outcome_risk_score" AS DOUBLE)) * 100) END) / 100 AS "a", (CASE WHEN ABS(AVG(CAST("charges"."amount_refunded" AS DOUBLE))) < 4503599627370496 THEN SIGN(AVG(CAST("charges"."amount_refunded" AS DOUBLE))) * (FLOOR(ABS(AVG(CAST("charges"."amount_refunded" AS DOUBLE)))) + CASE WHEN ABS(AVG(CAST("charges"."amount_refunded" AS DOUBLE))) - FLOOR(ABS(AVG(CAST("charges"."amount_refunded" AS DOUBLE)))) >= 0.5 THEN 1 ELSE 0 END) ELSE AVG(CAST("charges"."amount_refunded" AS DOUBLE)) END) AS "b"
FROM "charges" AS "charges"
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: numbers/floor-ceil
SELECT "charges"."id" AS "id", FLOOR(CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS "f", CEIL(CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS "c", ABS(-"charges"."outcome_risk_score") AS "a"
FROM "charges" AS "charges"
WHERE "charges"."id" < 'ch_00060'
ORDER BY "id"
LIMIT 2000

-- case: numbers/roots-and-powers
SELECT "charges"."id" AS "id", CASE WHEN CAST("charges"."outcome_risk_score" AS DOUBLE) < 0 THEN CAST(CAST('sqrt out of its range: ' || CAST("charges"."outcome_risk_score" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE SQRT(CAST("charges"."outcome_risk_score" AS DOUBLE)) END AS "s", POWER(CAST("charges"."outcome_risk_score" AS DOUBLE), CAST(2 AS DOUBLE)) AS "p", CASE WHEN CAST(("charges"."outcome_risk_score" + 1) AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(("charges"."outcome_risk_score" + 1) AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(("charges"."outcome_risk_score" + 1) AS DOUBLE)) END AS "l", EXP(CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(50 AS DOUBLE)) AS DOUBLE)) AS "e"
FROM "charges" AS "charges"
WHERE "charges"."id" < 'ch_00060'
ORDER BY "id"
LIMIT 2000

-- case: numbers/greatest-least
SELECT "charges"."id" AS "id", COALESCE(GREATEST("charges"."amount_refunded", 10), "charges"."amount_refunded", 10) AS "g", COALESCE(LEAST("charges"."amount_refunded", "charges"."amount"), "charges"."amount_refunded", "charges"."amount") AS "l", COALESCE("charges"."amount_refunded", -1) AS "c", NULLIF("charges"."currency", 'usd') AS "n", "charges"."amount_refunded" IS DISTINCT
FROM "charges"."amount" AS "dd"
FROM "charges" AS "charges"
WHERE "charges"."id" < 'ch_00040'
ORDER BY "id"
LIMIT 2000

-- case: numbers/decimals
SELECT "charges"."id" AS "id", CAST("charges"."amount" AS DECIMAL(18, 2)) AS "a", CAST("charges"."amount_refunded" AS DECIMAL(18, 2)) * 2 AS "b"
FROM "charges" AS "charges"
WHERE "charges"."amount" < 100000 AND "charges"."id" < 'ch_00040'
ORDER BY "id"
LIMIT 2000

-- case: numbers/decimal-sum
SELECT "charges"."currency" AS "currency", SUM(CAST("charges"."amount_refunded" AS DECIMAL(18, 2))) AS "s"
FROM "charges" AS "charges"
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: numbers/big-integers
SELECT "charges"."id" AS "id", "charges"."amount" AS "amount", "charges"."amount" + 1 AS "more", "charges"."amount" * 2 AS "twice"
FROM "charges" AS "charges"
WHERE "charges"."amount" > 1000000000
ORDER BY "id"
LIMIT 2000

-- case: numbers/negative-numbers
SELECT "charges"."id" AS "id", -"charges"."amount" AS "n", ABS("charges"."amount") AS "a", MOD("charges"."amount", 7) AS "m"
FROM "charges" AS "charges"
WHERE "charges"."id" < 'ch_00020'
ORDER BY "id"
LIMIT 2000

-- case: numbers/cast-number-to-integer
SELECT "charges"."id" AS "id", CAST(CASE WHEN ABS((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(2 AS DOUBLE)) - FLOOR((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(2 AS DOUBLE))) - 0.5) = 0 THEN 2 * ROUND((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(2 AS DOUBLE)) / 2) ELSE ROUND((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(2 AS DOUBLE))) END AS BIGINT) AS "a", CAST(CASE WHEN ABS((CAST((-"charges"."outcome_risk_score") AS DOUBLE) / CAST(2 AS DOUBLE)) - FLOOR((CAST((-"charges"."outcome_risk_score") AS DOUBLE) / CAST(2 AS DOUBLE))) - 0.5) = 0 THEN 2 * ROUND((CAST((-"charges"."outcome_risk_score") AS DOUBLE) / CAST(2 AS DOUBLE)) / 2) ELSE ROUND((CAST((-"charges"."outcome_risk_score") AS DOUBLE) / CAST(2 AS DOUBLE))) END AS BIGINT) AS "b"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: numbers/cast-decimal-to-integer
SELECT "charges"."id" AS "id", CAST("charges"."outcome_risk_score" * CAST(0.5 AS DECIMAL(2, 1)) AS INT) AS "a", CAST("charges"."outcome_risk_score" * -CAST(0.5 AS DECIMAL(2, 1)) AS BIGINT) AS "b"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: numbers/compare-numbers
SELECT "charges"."id" AS "id", "charges"."amount" > 20000 AS "a", CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(2 AS DOUBLE) < CAST(10.5 AS DECIMAL(3, 1)) AS "b", "charges"."amount" BETWEEN 100 AND 5000 AS "c", "charges"."amount" <> 103 AS "d"
FROM "charges" AS "charges"
WHERE "charges"."id" < 'ch_00050'
ORDER BY "id"
LIMIT 2000

-- case: numbers/sign-and-mod
SELECT "charges"."id" AS "id", SIGN("charges"."amount") AS "s", CAST(("charges"."amount" - "charges"."amount" % 100) / 100 AS BIGINT) AS "h"
FROM "charges" AS "charges"
WHERE "charges"."id" < 'ch_00020'
ORDER BY "id"
LIMIT 2000

-- case: numbers/quotients-rounded
SELECT "charges"."id" AS "id", (CASE WHEN ABS(((CASE WHEN CAST(CAST(365.0 AS DECIMAL(4, 1)) AS DOUBLE) = 0 THEN CASE WHEN CAST("charges"."amount" AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST("charges"."amount" AS DOUBLE) / CAST(CAST(365.0 AS DECIMAL(4, 1)) AS DOUBLE) END) * 10)) < 4503599627370496 THEN SIGN(((CASE WHEN CAST(CAST(365.0 AS DECIMAL(4, 1)) AS DOUBLE) = 0 THEN CASE WHEN CAST("charges"."amount" AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST("charges"."amount" AS DOUBLE) / CAST(CAST(365.0 AS DECIMAL(4, 1)) AS DOUBLE) END) * 10)) * (FLOOR(ABS(((CASE WHEN CAST(CAST(365.0 AS DECIMAL(4, 1)) AS DOUBLE) = 0 THEN CASE WHEN CAST("charges"."amount" AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST("charges"."amount" AS DOUBLE) / CAST(CAST(365.0 AS DECIMAL(4, 1)) AS DOUBLE) END) * 10))) + CASE WHEN ABS(((CASE WHEN CAST(CAST(365.0 AS DECIMAL(4, 1)) AS DOUBLE) = 0 THEN CASE WHEN CAST("charges"."amount" AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST("charges"."amount" AS DOUBLE) / CAST(CAST(365.0 AS DECIMAL(4, 1)) AS DOUBLE) END) * 10)) - FLOOR(ABS(((CASE WHEN CAST(CAST(365.0 AS DECIMAL(4, 1)) AS DOUBLE) = 0 THEN CASE WHEN CAST("charges"."amount" AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST("charges"."amount" AS DOUBLE) / CAST(CAST(365.0 AS DECIMAL(4, 1)) AS DOUBLE) END) * 10))) >= 0.5 THEN 1 ELSE 0 END) ELSE ((CASE WHEN CAST(CAST(365.0 AS DECIMAL(4, 1)) AS DOUBLE) = 0 THEN CASE WHEN CAST("charges"."amount" AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST("charges"."amount" AS DOUBLE) / CAST(CAST(365.0 AS DECIMAL(4, 1)) AS DOUBLE) END) * 10) END) / 10 AS "a", (CASE WHEN ABS(((CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE)) * 100)) < 4503599627370496 THEN SIGN(((CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE)) * 100)) * (FLOOR(ABS(((CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE)) * 100))) + CASE WHEN ABS(((CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE)) * 100)) - FLOOR(ABS(((CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE)) * 100))) >= 0.5 THEN 1 ELSE 0 END) ELSE ((CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE)) * 100) END) / 100 AS "b", (CASE WHEN ABS(((CAST(("charges"."amount" * CAST(0.5 AS DECIMAL(2, 1))) AS DOUBLE) / CAST(3 AS DOUBLE)) * 100)) < 4503599627370496 THEN SIGN(((CAST(("charges"."amount" * CAST(0.5 AS DECIMAL(2, 1))) AS DOUBLE) / CAST(3 AS DOUBLE)) * 100)) * (FLOOR(ABS(((CAST(("charges"."amount" * CAST(0.5 AS DECIMAL(2, 1))) AS DOUBLE) / CAST(3 AS DOUBLE)) * 100))) + CASE WHEN ABS(((CAST(("charges"."amount" * CAST(0.5 AS DECIMAL(2, 1))) AS DOUBLE) / CAST(3 AS DOUBLE)) * 100)) - FLOOR(ABS(((CAST(("charges"."amount" * CAST(0.5 AS DECIMAL(2, 1))) AS DOUBLE) / CAST(3 AS DOUBLE)) * 100))) >= 0.5 THEN 1 ELSE 0 END) ELSE ((CAST(("charges"."amount" * CAST(0.5 AS DECIMAL(2, 1))) AS DOUBLE) / CAST(3 AS DOUBLE)) * 100) END) / 100 AS "c", (CASE WHEN ABS(((CAST(CAST("charges"."amount" AS DECIMAL(18, 2)) AS DOUBLE) / CAST(7 AS DOUBLE)) * 10)) < 4503599627370496 THEN SIGN(((CAST(CAST("charges"."amount" AS DECIMAL(18, 2)) AS DOUBLE) / CAST(7 AS DOUBLE)) * 10)) * (FLOOR(ABS(((CAST(CAST("charges"."amount" AS DECIMAL(18, 2)) AS DOUBLE) / CAST(7 AS DOUBLE)) * 10))) + CASE WHEN ABS(((CAST(CAST("charges"."amount" AS DECIMAL(18, 2)) AS DOUBLE) / CAST(7 AS DOUBLE)) * 10)) - FLOOR(ABS(((CAST(CAST("charges"."amount" AS DECIMAL(18, 2)) AS DOUBLE) / CAST(7 AS DOUBLE)) * 10))) >= 0.5 THEN 1 ELSE 0 END) ELSE ((CAST(CAST("charges"."amount" AS DECIMAL(18, 2)) AS DOUBLE) / CAST(7 AS DOUBLE)) * 10) END) / 10 AS "d"
FROM "charges" AS "charges"
WHERE "charges"."amount" < 100000
ORDER BY "id"
LIMIT 2000

-- case: numbers/quotients-in-their-places
SELECT "charges"."account_id" AS "account_id", COALESCE(CAST(AVG(CAST("charges"."amount" AS DOUBLE)) AS DOUBLE) / CAST(3 AS DOUBLE), CAST(0 AS DOUBLE)) AS "a", PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY (CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE))) AS "b", CAST(0.5 AS DECIMAL(2, 1)) * (CAST(SUM("charges"."amount") AS DOUBLE) / CAST(8 AS DOUBLE)) AS "c", CAST(2.5 AS DECIMAL(2, 1)) * PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY (CAST("charges"."amount" AS DOUBLE) / CAST(2 AS DOUBLE))) AS "d", COALESCE(LEAST(CAST(CAST(0.5 AS DECIMAL(2, 1)) AS DOUBLE), CASE WHEN CAST(SUM("charges"."amount") AS DOUBLE) = 0 THEN CASE WHEN CAST(SUM("charges"."amount_refunded") AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST(SUM("charges"."amount_refunded") AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST(SUM("charges"."amount_refunded") AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST(SUM("charges"."amount_refunded") AS DOUBLE) / CAST(SUM("charges"."amount") AS DOUBLE) END), CAST(CAST(0.5 AS DECIMAL(2, 1)) AS DOUBLE), CASE WHEN CAST(SUM("charges"."amount") AS DOUBLE) = 0 THEN CASE WHEN CAST(SUM("charges"."amount_refunded") AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST(SUM("charges"."amount_refunded") AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST(SUM("charges"."amount_refunded") AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST(SUM("charges"."amount_refunded") AS DOUBLE) / CAST(SUM("charges"."amount") AS DOUBLE) END) AS "e", COALESCE(GREATEST(CAST(1 AS DOUBLE), CAST(SUM("charges"."amount") AS DOUBLE) / CAST(7 AS DOUBLE)), CAST(1 AS DOUBLE), CAST(SUM("charges"."amount") AS DOUBLE) / CAST(7 AS DOUBLE)) AS "f"
FROM "charges" AS "charges"
WHERE "charges"."amount" < 100000
GROUP BY "charges"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: rows/window-lag
SELECT "api_request_logs"."id" AS "id", LAG("api_request_logs"."created") OVER (PARTITION BY "api_request_logs"."account_id"
ORDER BY "api_request_logs"."created", "api_request_logs"."id") AS "prev", ROW_NUMBER() OVER (PARTITION BY "api_request_logs"."account_id"
ORDER BY "api_request_logs"."created", "api_request_logs"."id") AS "rn", SUM("api_request_logs"."duration_ms") OVER (PARTITION BY "api_request_logs"."account_id"
ORDER BY "api_request_logs"."created", "api_request_logs"."id" ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS "s"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."account_id" = 'acct_004'
ORDER BY "api_request_logs"."created", "id"
LIMIT 2000

-- case: rows/window-lead-text
SELECT "charges"."id" AS "id", LEAD("charges"."status") OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."created", "charges"."id") AS "nxt", LAG("charges"."amount", 2) OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."created", "charges"."id") AS "two"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: rows/window-range
SELECT "charges"."id" AS "id", COUNT(*) OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."created" RANGE BETWEEN INTERVAL '1 HOUR' PRECEDING AND CURRENT ROW) AS "n"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: rows/window-running
SELECT "charges"."id" AS "id", COUNT(*) OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."created", "charges"."id") AS "n", SUM("charges"."amount") OVER (PARTITION BY "charges"."currency"
ORDER BY "charges"."created", "charges"."id" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "s", MAX("charges"."amount") OVER (PARTITION BY "charges"."currency") AS "m"
FROM "charges" AS "charges"
WHERE "charges"."amount" < 100000
ORDER BY "id"
LIMIT 2000

-- case: rows/window-ranks
SELECT "charges"."id" AS "id", RANK() OVER (ORDER BY "charges"."currency") AS "r", DENSE_RANK() OVER (ORDER BY "charges"."currency") AS "d", ROW_NUMBER() OVER (ORDER BY "charges"."currency" DESC NULLS LAST, "charges"."id") AS "n"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: rows/window-order-null
SELECT "charges"."id" AS "id", ROW_NUMBER() OVER (ORDER BY "charges"."amount_refunded", "charges"."id") AS "up", ROW_NUMBER() OVER (ORDER BY "charges"."amount_refunded" DESC NULLS LAST, "charges"."id") AS "down"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: rows/window-order-text
SELECT "accounts"."id" AS "id", ROW_NUMBER() OVER (ORDER BY "accounts"."business_name", "accounts"."id") AS "n"
FROM "accounts" AS "accounts"
ORDER BY "id"
LIMIT 2000

-- case: rows/window-over-group
SELECT "charges"."account_id" AS "account_id", "charges"."currency" AS "currency", SUM("charges"."amount") AS "s", ROW_NUMBER() OVER (PARTITION BY "charges"."account_id"
ORDER BY SUM("charges"."amount") DESC NULLS LAST, "charges"."currency") AS "place"
FROM "charges" AS "charges"
GROUP BY "charges"."account_id", "charges"."currency"
ORDER BY "account_id", "currency"
LIMIT 2000

-- case: rows/first-value
SELECT "charges"."id" AS "id", FIRST_VALUE("charges"."amount") OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."created", "charges"."id" RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "f", LAST_VALUE("charges"."amount") OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."created", "charges"."id") AS "l"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: rows/ignore-nulls
SELECT "api_request_logs"."id" AS "id", LAST_VALUE("api_request_logs"."error_code") IGNORE NULLS OVER (PARTITION BY "api_request_logs"."account_id"
ORDER BY "api_request_logs"."created", "api_request_logs"."id" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS "le"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."account_id" = 'acct_007'
ORDER BY "api_request_logs"."created", "id"
LIMIT 2000

-- case: rows/window-filter
SELECT "charges"."id" AS "id", COUNT(CASE WHEN ("charges"."status" = 'failed') THEN 1 END) OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."created", "charges"."id") AS "n"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: rows/qualify
SELECT "hw_q"."account_id" AS "account_id", "hw_q"."id" AS "id", "hw_q"."status" AS "status"
FROM (SELECT "api_request_logs"."account_id" AS "account_id", "api_request_logs"."id" AS "id", "api_request_logs"."status" AS "status", ROW_NUMBER() OVER (PARTITION BY "api_request_logs"."account_id"
ORDER BY "api_request_logs"."created" DESC NULLS LAST, "api_request_logs"."id") = 1 AS "hw_keep", "api_request_logs"."account_id" AS "hw_sort0"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."status" >= 400) AS "hw_q"
WHERE "hw_q"."hw_keep"
ORDER BY "hw_q"."hw_sort0"
LIMIT 100

-- case: rows/qualify-named
SELECT "hw_q"."account_id" AS "account_id", "hw_q"."id" AS "id", "hw_q"."place" AS "place"
FROM (SELECT "charges"."account_id" AS "account_id", "charges"."id" AS "id", ROW_NUMBER() OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."amount" DESC NULLS LAST, "charges"."id") AS "place", ROW_NUMBER() OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."amount" DESC NULLS LAST, "charges"."id") <= 2 AS "hw_keep", "charges"."account_id" AS "hw_sort0", ROW_NUMBER() OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."amount" DESC NULLS LAST, "charges"."id") AS "hw_sort1"
FROM "charges" AS "charges") AS "hw_q"
WHERE "hw_q"."hw_keep"
ORDER BY "hw_q"."hw_sort0", "hw_q"."hw_sort1"
LIMIT 2000

-- case: rows/qualify-group
SELECT "hw_q"."account_id" AS "account_id", "hw_q"."currency" AS "currency", "hw_q"."n" AS "n"
FROM (SELECT "charges"."account_id" AS "account_id", "charges"."currency" AS "currency", COUNT(*) AS "n", ROW_NUMBER() OVER (PARTITION BY "charges"."account_id"
ORDER BY COUNT(*) DESC NULLS LAST, "charges"."currency") = 1 AS "hw_keep", "charges"."account_id" AS "hw_sort0"
FROM "charges" AS "charges"
GROUP BY "charges"."account_id", "charges"."currency") AS "hw_q"
WHERE "hw_q"."hw_keep"
ORDER BY "hw_q"."hw_sort0"
LIMIT 2000

-- case: rows/qualify-limit
SELECT "hw_q"."id" AS "id", "hw_q"."amount" AS "amount"
FROM (SELECT "charges"."id" AS "id", "charges"."amount" AS "amount", ROW_NUMBER() OVER (PARTITION BY "charges"."currency"
ORDER BY "charges"."created", "charges"."id") <= 5 AS "hw_keep", "charges"."amount" AS "hw_sort0", "charges"."id" AS "hw_sort1"
FROM "charges" AS "charges") AS "hw_q"
WHERE "hw_q"."hw_keep"
ORDER BY "hw_q"."hw_sort0" DESC NULLS LAST, "hw_q"."hw_sort1"
LIMIT 7

-- case: rows/distinct-on
SELECT "hw_q"."account_id" AS "account_id", "hw_q"."id" AS "id", "hw_q"."amount" AS "amount"
FROM (SELECT "charges"."account_id" AS "account_id", "charges"."id" AS "id", "charges"."amount" AS "amount", ROW_NUMBER() OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."account_id", "charges"."amount" DESC NULLS LAST, "charges"."id") AS "hw_place", "charges"."account_id" AS "hw_sort0", "charges"."amount" AS "hw_sort1", "charges"."id" AS "hw_sort2"
FROM "charges" AS "charges") AS "hw_q"
WHERE "hw_q"."hw_place" = 1
ORDER BY "hw_q"."hw_sort0", "hw_q"."hw_sort1" DESC NULLS LAST, "hw_q"."hw_sort2"
LIMIT 50

-- case: rows/distinct-rows
SELECT "hw_o"."currency" AS "currency", "hw_o"."status" AS "status"
FROM (SELECT DISTINCT "charges"."currency" AS "currency", "charges"."status" AS "status"
FROM "charges" AS "charges") AS "hw_o"
ORDER BY "currency", "status"
LIMIT 2000

-- case: rows/asof-join
SELECT "d"."id" AS "id", "e"."id" AS "event"
FROM "webhook_delivery_attempts" AS "d"
ASOF
JOIN "events" AS "e" MATCH_CONDITION ("d"."attempted_at" >= "e"."created") ON "d"."account_id" = "e"."account_id"
ORDER BY "id"
LIMIT 2000

-- case: rows/asof-inner
SELECT "d"."id" AS "id", "e"."created" AS "created"
FROM "webhook_delivery_attempts" AS "d"
ASOF
JOIN "events" AS "e" MATCH_CONDITION ("d"."attempted_at" > "e"."created") ON "d"."account_id" = "e"."account_id"
WHERE NOT "e"."created" IS NULL
ORDER BY "id"
LIMIT 2000

-- case: rows/joins
SELECT "a"."id" AS "id", "c"."id" AS "charge", "e"."type" AS "type"
FROM "accounts" AS "a"
LEFT
JOIN "charges" AS "c" ON "c"."account_id" = "a"."id" AND "c"."amount" > 45000
LEFT
JOIN "events" AS "e" ON "e"."data_object_id" = "c"."id"
ORDER BY "id", "charge", "type"
LIMIT 2000

-- case: rows/full-join
SELECT "a"."id" AS "id", "d"."id" AS "dispute"
FROM "accounts" AS "a"
FULL
JOIN "disputes" AS "d" ON "d"."account_id" = "a"."id"
ORDER BY "id"
LIMIT 2000

-- case: rows/join-using
SELECT COALESCE("c"."account_id", "e"."account_id") AS "account_id", "c"."id" AS "id", "e"."id" AS "event"
FROM "charges" AS "c"
JOIN "events" AS "e" ON "c"."account_id" = "e"."account_id"
WHERE "c"."id" < 'ch_00006' AND "e"."id" < 'evt_00020'
ORDER BY "account_id", "id", "event"
LIMIT 2000

-- case: rows/cross-join
SELECT "a"."id" AS "id", "p"."days" AS "days"
FROM "accounts" AS "a"
CROSS
JOIN (SELECT 1 AS "days"
UNION ALL SELECT 3 AS "3") AS "p"
ORDER BY "id", "days"
LIMIT 2000

-- case: rows/exists
SELECT "a"."id" AS "id"
FROM "accounts" AS "a"
WHERE EXISTS(SELECT 1 AS "1"
FROM "charges" AS "c"
WHERE "c"."account_id" = "a"."id" AND "c"."amount" > 45000) AND NOT EXISTS(SELECT 1 AS "1"
FROM "events" AS "e"
WHERE "e"."account_id" = "a"."id" AND "e"."type" = 'payout.paid')
ORDER BY "id"
LIMIT 2000

-- case: rows/in-subquery
SELECT "accounts"."id" AS "id"
FROM "accounts" AS "accounts"
WHERE "accounts"."id" IN (SELECT "charges"."account_id" AS "account_id"
FROM "charges" AS "charges"
WHERE "charges"."status" = 'failed')
ORDER BY "id"
LIMIT 2000

-- case: rows/not-in-null
SELECT COUNT(*) AS "n"
FROM "api_request_logs" AS "api_request_logs"
WHERE NOT "api_request_logs"."error_code" IN (SELECT "charges"."failure_code" AS "failure_code"
FROM "charges" AS "charges")
LIMIT 2000

-- case: rows/scalar-subquery
SELECT "a"."id" AS "id", (SELECT MAX("c"."amount") AS "_col_0"
FROM "charges" AS "c"
WHERE "c"."account_id" = "a"."id") AS "top"
FROM "accounts" AS "a"
ORDER BY "id"
LIMIT 2000

-- case: rows/lateral-top
-- refused: LATERAL cannot be answered the same on Snowflake. Number the rows with row_number() in a CTE and join to it.

-- case: rows/set-operations
SELECT "hw_o"."account_id" AS "account_id"
FROM (SELECT "charges"."account_id" AS "account_id"
FROM "charges" AS "charges"
WHERE "charges"."status" = 'failed'
EXCEPT SELECT "events"."account_id" AS "account_id"
FROM "events" AS "events"
WHERE "events"."type" = 'payout.paid') AS "hw_o"
ORDER BY "account_id"
LIMIT 2000

-- case: rows/union-all
SELECT "hw_o"."id" AS "id", "hw_o"."created" AS "created"
FROM (SELECT "payouts"."id" AS "id", "payouts"."created" AS "created"
FROM "payouts" AS "payouts"
WHERE "payouts"."status" = 'failed'
UNION ALL SELECT "events"."id" AS "id", "events"."created" AS "created"
FROM "events" AS "events"
WHERE "events"."type" = 'payout.paid') AS "hw_o"
ORDER BY "created", "id"
LIMIT 40

-- case: rows/union-null
SELECT "hw_o"."id" AS "id", "hw_o"."country" AS "country"
FROM (SELECT "accounts"."id" AS "id", "accounts"."country" AS "country"
FROM "accounts" AS "accounts"
UNION ALL SELECT "payouts"."id" AS "id", NULL AS "_col_1"
FROM "payouts" AS "payouts"
WHERE "payouts"."amount" > 30000) AS "hw_o"
ORDER BY "id"
LIMIT 2000

-- case: rows/union-distinct
SELECT "hw_o"."currency" AS "currency"
FROM (SELECT "charges"."currency" AS "currency"
FROM "charges" AS "charges"
UNION SELECT "payouts"."currency" AS "currency"
FROM "payouts" AS "payouts") AS "hw_o"
ORDER BY "currency"
LIMIT 2000

-- case: rows/intersect
SELECT "hw_o"."account_id" AS "account_id"
FROM (SELECT "charges"."account_id" AS "account_id"
FROM "charges" AS "charges"
WHERE "charges"."amount" > 40000
INTERSECT SELECT "events"."account_id" AS "account_id"
FROM "events" AS "events"
WHERE "events"."type" = 'charge.failed') AS "hw_o"
ORDER BY "account_id"
LIMIT 2000

-- case: rows/null-order
SELECT "api_request_logs"."error_code" AS "error_code", "api_request_logs"."duration_ms" AS "duration_ms", "api_request_logs"."id" AS "id"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."account_id" = 'acct_007'
ORDER BY "duration_ms" DESC NULLS LAST, "error_code", "id"
LIMIT 60

-- case: rows/null-order-first
SELECT "charges"."id" AS "id", "charges"."amount_refunded" AS "amount_refunded"
FROM "charges" AS "charges"
ORDER BY "amount_refunded" NULLS FIRST, "id"
LIMIT 120

-- case: rows/exclude-replace
SELECT "t"."id" AS "id", CASE WHEN TRANSLATE("t"."method", '‹letters›', '') <> "t"."method" THEN CAST(CAST('upper of a letter without a settled case: ' || "t"."method" AS BIGINT) AS VARCHAR) ELSE UPPER("t"."method") END AS "method"
FROM (SELECT "api_request_logs"."id" AS "id", "api_request_logs"."method" AS "method", "api_request_logs"."response_body" AS "response_body", "api_request_logs"."livemode" AS "livemode"
FROM "api_request_logs" AS "api_request_logs") AS "t"
ORDER BY "id"
LIMIT 20

-- case: rows/limit-offset
SELECT "charges"."id" AS "id"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 5
OFFSET 10

-- case: rows/limit-inside
SELECT COUNT(*) AS "n", MIN("t"."id") AS "lo"
FROM (SELECT "charges"."id" AS "id"
FROM "charges" AS "charges"
ORDER BY "charges"."amount" DESC NULLS LAST, "id"
LIMIT 10) AS "t"
LIMIT 2000

-- case: rows/ctes
WITH "failed" AS (SELECT "charges"."account_id" AS "account_id", COUNT(*) AS "n"
FROM "charges" AS "charges"
WHERE "charges"."status" = 'failed'
GROUP BY "charges"."account_id"), "busy" AS (SELECT "failed"."account_id" AS "account_id"
FROM "failed" AS "failed"
WHERE "failed"."n" > 3) SELECT "f"."account_id" AS "account_id", "f"."n" AS "n", NOT "b"."account_id" IS NULL AS "busy"
FROM "failed" AS "f"
LEFT
JOIN "busy" AS "b" ON "b"."account_id" = "f"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: rows/cte-shadows-table
WITH "charges" AS (SELECT 1 AS "n"
UNION ALL SELECT 2 AS "2") SELECT "charges"."n" AS "n"
FROM "charges" AS "charges"
ORDER BY "n"
LIMIT 2000

-- case: rows/values
SELECT "v"."a" AS "a", "v"."b" AS "b"
FROM (VALUES (1, 'x'), (2, 'y')) AS "v"("a", "b")
ORDER BY "a"
LIMIT 2000

-- case: rows/boolean-logic
SELECT "charges"."id" AS "id", "charges"."refunded" AND "charges"."livemode" AS "a", "charges"."refunded" OR "charges"."livemode" AS "b", NOT "charges"."refunded" AS "c", COALESCE(("charges"."refunded"), FALSE) AS "d", NOT COALESCE(NOT ("charges"."refunded"), FALSE) AS "e"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: rows/null-logic
SELECT "charges"."id" AS "id", "charges"."amount_refunded" = NULL AS "a", "charges"."amount_refunded" IS NULL AS "b", "charges"."amount_refunded" IS NOT DISTINCT
FROM NULL AS "c", NOT ("charges"."amount_refunded" > 100) AS "d"
FROM "charges" AS "charges"
WHERE "charges"."id" < 'ch_00020'
ORDER BY "id"
LIMIT 2000

-- case: rows/case-simple
SELECT "charges"."id" AS "id", CASE "charges"."currency" WHEN 'usd' THEN 1 WHEN 'eur' THEN 2 END AS "c", IFF("charges"."amount" > 1000, 'big', 'small') AS "size"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: text/basics
SELECT "hw_o"."route" AS "route", "hw_o"."l" AS "l", "hw_o"."s" AS "s", "hw_o"."r" AS "r", "hw_o"."lf" AS "lf", "hw_o"."rt" AS "rt", "hw_o"."lp" AS "lp", "hw_o"."pos" AS "pos"
FROM (SELECT DISTINCT "api_request_logs"."route" AS "route", LENGTH("api_request_logs"."route") AS "l", SUBSTRING("api_request_logs"."route", 5, 3) AS "s", REPLACE("api_request_logs"."route", '/v1', '') AS "r", LEFT("api_request_logs"."route", 3) AS "lf", RIGHT("api_request_logs"."route", 4) AS "rt", LPAD("api_request_logs"."route", 20, '.') AS "lp", CHARINDEX('charges', "api_request_logs"."route") AS "pos"
FROM "api_request_logs" AS "api_request_logs") AS "hw_o"
ORDER BY "route"
LIMIT 2000

-- case: text/split-part
SELECT "hw_o"."route" AS "route", "hw_o"."p" AS "p", "hw_o"."none" AS "none"
FROM (SELECT DISTINCT "api_request_logs"."route" AS "route", SPLIT_PART("api_request_logs"."route", '/', 3) AS "p", SPLIT_PART("api_request_logs"."route", '/', 9) AS "none"
FROM "api_request_logs" AS "api_request_logs") AS "hw_o"
ORDER BY "route"
LIMIT 2000

-- case: text/case-and-accents
SELECT "accounts"."id" AS "id", "accounts"."business_name" AS "business_name", CASE WHEN TRANSLATE("accounts"."business_name", '‹letters›', '') <> "accounts"."business_name" THEN CAST(CAST('upper of a letter without a settled case: ' || "accounts"."business_name" AS BIGINT) AS VARCHAR) ELSE UPPER("accounts"."business_name") END AS "u", CASE WHEN TRANSLATE("accounts"."business_name", '‹letters›', '') <> "accounts"."business_name" THEN CAST(CAST('lower of a letter without a settled case: ' || "accounts"."business_name" AS BIGINT) AS VARCHAR) ELSE LOWER("accounts"."business_name") END AS "l", LENGTH("accounts"."business_name") AS "n", REVERSE("accounts"."business_name") AS "r"
FROM "accounts" AS "accounts"
ORDER BY "id"
LIMIT 2000

-- case: text/case-comparison
SELECT "a"."id" AS "id", "b"."id" AS "other"
FROM "accounts" AS "a"
JOIN "accounts" AS "b" ON CASE WHEN TRANSLATE("a"."business_name", '‹letters›', '') <> "a"."business_name" THEN CAST(CAST('lower of a letter without a settled case: ' || "a"."business_name" AS BIGINT) AS VARCHAR) ELSE LOWER("a"."business_name") END = CASE WHEN TRANSLATE("b"."business_name", '‹letters›', '') <> "b"."business_name" THEN CAST(CAST('lower of a letter without a settled case: ' || "b"."business_name" AS BIGINT) AS VARCHAR) ELSE LOWER("b"."business_name") END AND "a"."id" < "b"."id"
ORDER BY "id", "other"
LIMIT 2000

-- case: text/accent-comparison
SELECT "accounts"."id" AS "id", "accounts"."business_name" = 'emile & co' AS "same", "accounts"."business_name" < 'b' AS "before", "accounts"."business_name" > 'Z' AS "after"
FROM "accounts" AS "accounts"
ORDER BY "id"
LIMIT 2000

-- case: text/text-order
SELECT "accounts"."business_name" AS "business_name", "accounts"."id" AS "id"
FROM "accounts" AS "accounts"
ORDER BY "business_name", "id"
LIMIT 2000

-- case: text/text-order-descending
SELECT "accounts"."business_name" AS "business_name", "accounts"."id" AS "id"
FROM "accounts" AS "accounts"
ORDER BY "business_name" DESC NULLS LAST, "id"
LIMIT 2000

-- case: text/text-order-codes
SELECT "hw_o"."error_code" AS "error_code", "hw_o"."route" AS "route"
FROM (SELECT DISTINCT "api_request_logs"."error_code" AS "error_code", "api_request_logs"."route" AS "route"
FROM "api_request_logs" AS "api_request_logs") AS "hw_o"
ORDER BY "error_code", "route"
LIMIT 2000

-- case: text/concatenation
SELECT "api_request_logs"."id" AS "id", "api_request_logs"."error_code" || '!' AS "a", (COALESCE("api_request_logs"."error_code", '') || COALESCE('!', '')) AS "b", ARRAY_TO_STRING(ARRAY_CONSTRUCT_COMPACT("api_request_logs"."error_code", "api_request_logs"."method"), '-') AS "c", ARRAY_TO_STRING(ARRAY_CONSTRUCT_COMPACT("api_request_logs"."idempotency_key", "api_request_logs"."error_code"), ',') AS "d"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."id" < 'req_00040'
ORDER BY "id"
LIMIT 2000

-- case: text/regex-match
SELECT "hw_o"."route" AS "route", "hw_o"."m" AS "m", "hw_o"."e" AS "e"
FROM (SELECT DISTINCT "api_request_logs"."route" AS "route", REGEXP_INSTR("api_request_logs"."route", '^/v[0-9]+/c') > 0 AS "m", REGEXP_LIKE("api_request_logs"."route", '(.|\n)*(ts)') AS "e"
FROM "api_request_logs" AS "api_request_logs") AS "hw_o"
ORDER BY "route"
LIMIT 2000

-- case: text/regex-replace
SELECT "hw_o"."route" AS "route", "hw_o"."r" AS "r", "hw_o"."g" AS "g"
FROM (SELECT DISTINCT "api_request_logs"."route" AS "route", REGEXP_REPLACE("api_request_logs"."route", ':[a-z]+', '*', 1, 1) AS "r", REGEXP_REPLACE("api_request_logs"."route", '[aeiou]', '_', 1, 0) AS "g"
FROM "api_request_logs" AS "api_request_logs") AS "hw_o"
ORDER BY "route"
LIMIT 2000

-- case: text/regex-extract
SELECT "hw_o"."route" AS "route", "hw_o"."e" AS "e", "hw_o"."n" AS "n"
FROM (SELECT DISTINCT "api_request_logs"."route" AS "route", CASE WHEN NOT "api_request_logs"."route" IS NULL THEN COALESCE(REGEXP_SUBSTR("api_request_logs"."route", '/v1/([a-z]+)', 1, 1, 'e', 1), '') END AS "e", CASE WHEN NOT "api_request_logs"."route" IS NULL THEN COALESCE(REGEXP_SUBSTR("api_request_logs"."route", '[0-9]+', 1, 1), '') END AS "n"
FROM "api_request_logs" AS "api_request_logs") AS "hw_o"
ORDER BY "route"
LIMIT 2000

-- case: text/regex-lines
SELECT "hw_o"."error_message" AS "error_message", "hw_o"."d" AS "d", "hw_o"."e" AS "e", "hw_o"."b" AS "b"
FROM (SELECT DISTINCT "api_request_logs"."error_message" AS "error_message", REGEXP_INSTR("api_request_logs"."error_message", 'one.line') > 0 AS "d", REGEXP_LIKE("api_request_logs"."error_message", '(.|\n)*(one)') AS "e", REGEXP_INSTR("api_request_logs"."error_message", '^line two') > 0 AS "b"
FROM "api_request_logs" AS "api_request_logs") AS "hw_o"
ORDER BY "error_message"
LIMIT 2000

-- case: text/like
SELECT COUNT(CASE WHEN ("api_request_logs"."route" LIKE '/v1/%') THEN 1 END) AS "a", COUNT(CASE WHEN ("api_request_logs"."route" LIKE '/_1/c%') THEN 1 END) AS "b", COUNT(CASE WHEN ("api_request_logs"."error_code" LIKE '%\\_%' ESCAPE '\\') THEN 1 END) AS "c", COUNT(CASE WHEN ("api_request_logs"."error_code" NOT LIKE 'card%') THEN 1 END) AS "d"
FROM "api_request_logs" AS "api_request_logs"
LIMIT 2000

-- case: text/like-backslash
SELECT COUNT(CASE WHEN ("api_request_logs"."error_message" LIKE 'a\\b%') THEN 1 END) AS "a", COUNT(CASE WHEN ("api_request_logs"."error_message" LIKE 'a\\%') THEN 1 END) AS "b", COUNT(CASE WHEN ("api_request_logs"."error_message" LIKE '%c\\_d') THEN 1 END) AS "c"
FROM "api_request_logs" AS "api_request_logs"
LIMIT 2000

-- case: text/ilike
SELECT COUNT(CASE WHEN (CASE WHEN TRANSLATE("api_request_logs"."route", '‹letters›', '') <> "api_request_logs"."route" THEN CAST(CAST('lower of a letter without a settled case: ' || "api_request_logs"."route" AS BIGINT) AS VARCHAR) ELSE LOWER("api_request_logs"."route") END LIKE CASE WHEN TRANSLATE('/v1/%', '‹letters›', '') <> '/v1/%' THEN CAST(CAST('lower of a letter without a settled case: ' || '/v1/%' AS BIGINT) AS VARCHAR) ELSE LOWER('/v1/%') END) THEN 1 END) AS "a", COUNT(CASE WHEN (CASE WHEN TRANSLATE("api_request_logs"."route", '‹letters›', '') <> "api_request_logs"."route" THEN CAST(CAST('lower of a letter without a settled case: ' || "api_request_logs"."route" AS BIGINT) AS VARCHAR) ELSE LOWER("api_request_logs"."route") END LIKE CASE WHEN TRANSLATE('/V1/ÉTÉ', '‹letters›', '') <> '/V1/ÉTÉ' THEN CAST(CAST('lower of a letter without a settled case: ' || '/V1/ÉTÉ' AS BIGINT) AS VARCHAR) ELSE LOWER('/V1/ÉTÉ') END) THEN 1 END) AS "b"
FROM "api_request_logs" AS "api_request_logs"
LIMIT 2000

-- case: text/starts-and-contains
SELECT COUNT(CASE WHEN STARTSWITH("api_request_logs"."route", '/v1') THEN 1 END) AS "a", COUNT(CASE WHEN CONTAINS("api_request_logs"."route", 'harge') THEN 1 END) AS "b", COUNT(CASE WHEN LENGTH('ts') <= LENGTH("api_request_logs"."route") AND SUBSTRING("api_request_logs"."route", LENGTH("api_request_logs"."route") - LENGTH('ts') + 1) = 'ts' THEN 1 END) AS "c"
FROM "api_request_logs" AS "api_request_logs"
LIMIT 2000

-- case: text/ends-with
SELECT "hw_o"."route" AS "route", "hw_o"."e" AS "e"
FROM (SELECT DISTINCT "api_request_logs"."route" AS "route", ENDSWITH("api_request_logs"."route", 'ts') AS "e"
FROM "api_request_logs" AS "api_request_logs") AS "hw_o"
ORDER BY "route"
LIMIT 2000

-- case: text/empty-text-is-not-null
SELECT "api_request_logs"."id" AS "id", "api_request_logs"."error_code" IS NULL AS "n", "api_request_logs"."error_code" = '' AS "e", COALESCE("api_request_logs"."error_code", 'none') AS "c", NULLIF("api_request_logs"."error_code", '') AS "x"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."id" < 'req_00030'
ORDER BY "id"
LIMIT 2000

-- case: text/trim
SELECT "accounts"."id" AS "id", TRIM('  ' || "accounts"."id" || ' ', '                　') AS "t", LTRIM('  ' || "accounts"."id", '                　') AS "l", RTRIM("accounts"."id" || '  ', '                　') AS "r"
FROM "accounts" AS "accounts"
ORDER BY "id"
LIMIT 2000

-- case: text/quotes-and-escapes
SELECT "accounts"."id" AS "id", "accounts"."business_name" = 'O\'Hara' AS "a", 'back\\slash' AS "b", 'percent%' AS "c", 'quote"d' AS "d"
FROM "accounts" AS "accounts"
ORDER BY "id"
LIMIT 2000

-- case: text/string-split-unnest
SELECT "t"."id" AS "id", "t"."u" AS "u"
FROM (SELECT "api_request_logs"."id" AS "id", CAST("hw_u"."VALUE" AS VARCHAR) AS "u"
FROM "api_request_logs" AS "api_request_logs", LATERAL FLATTEN(INPUT => SPLIT("api_request_logs"."route", '/')) AS "hw_u"("SEQ", "KEY", "PATH", "INDEX", "VALUE", "THIS")
WHERE "api_request_logs"."id" < 'req_00030') AS "t"
WHERE "t"."u" <> ''
ORDER BY "id", "u"
LIMIT 2000

-- case: text/hash
SELECT MD5("accounts"."id") AS "m"
FROM "accounts" AS "accounts"
ORDER BY "m"
LIMIT 2000

-- case: text/cast-number-to-text
SELECT "charges"."id" AS "id", CAST("charges"."amount" AS VARCHAR) AS "a", CAST("charges"."outcome_risk_score" AS VARCHAR) AS "b"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: text/cast-decimal-to-text
SELECT "charges"."id" AS "id", CAST(CAST("charges"."amount" AS DECIMAL(18, 2)) AS VARCHAR) AS "a"
FROM "charges" AS "charges"
WHERE "charges"."amount" < 100000
ORDER BY "id"
LIMIT 2000

-- case: text/cast-boolean-to-text
SELECT "accounts"."id" AS "id", CAST("accounts"."charges_enabled" AS VARCHAR) AS "b"
FROM "accounts" AS "accounts"
ORDER BY "id"
LIMIT 2000

-- case: text/cast-moment-to-text
SELECT "charges"."id" AS "id", RTRIM(RTRIM(TO_CHAR("charges"."created", 'YYYY-MM-DD HH24:MI:SS.FF6'), '0'), '.') AS "a", CAST(CAST("charges"."created" AS DATE) AS VARCHAR) AS "b"
FROM "charges" AS "charges"
WHERE "charges"."id" < 'ch_00020'
ORDER BY "id"
LIMIT 2000

-- case: text/cast-double-to-text
-- refused: A double as text cannot be answered the same on Snowflake. Return the number itself.

-- case: text/cast-text-to-number
SELECT "api_request_logs"."id" AS "id", CAST(SUBSTRING("api_request_logs"."id", 5) AS INT) AS "i", CAST(SUBSTRING("api_request_logs"."id", 5) AS BIGINT) + 1 AS "j"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."id" < 'req_00020'
ORDER BY "id"
LIMIT 2000

-- case: text/try-cast
SELECT "api_request_logs"."id" AS "id", CASE WHEN (REGEXP_LIKE("api_request_logs"."error_code", ' *[-+]?[0-9]{1,30} *')) THEN CASE WHEN TRY_CAST(TRIM("api_request_logs"."error_code") AS BIGINT) >= -2147483648 AND TRY_CAST(TRIM("api_request_logs"."error_code") AS BIGINT) < 2147483648 THEN TRY_CAST(TRIM("api_request_logs"."error_code") AS BIGINT) END WHEN (REGEXP_LIKE("api_request_logs"."error_code", '\\s*[-+.]?[0-9][-+0-9_.eExXa-fA-F]*\\s*')) THEN CAST('no plain number: ' || "api_request_logs"."error_code" AS BIGINT) END AS "i", CASE WHEN (REGEXP_LIKE(SUBSTRING("api_request_logs"."id", 5), ' *[-+]?[0-9]{1,30} *')) THEN CASE WHEN TRY_CAST(TRIM(SUBSTRING("api_request_logs"."id", 5)) AS BIGINT) >= -2147483648 AND TRY_CAST(TRIM(SUBSTRING("api_request_logs"."id", 5)) AS BIGINT) < 2147483648 THEN TRY_CAST(TRIM(SUBSTRING("api_request_logs"."id", 5)) AS BIGINT) END WHEN (REGEXP_LIKE(SUBSTRING("api_request_logs"."id", 5), '\\s*[-+.]?[0-9][-+0-9_.eExXa-fA-F]*\\s*')) THEN CAST('no plain number: ' || SUBSTRING("api_request_logs"."id", 5) AS BIGINT) END AS "j", CASE WHEN (REGEXP_LIKE("api_request_logs"."error_message", ' *[-+]?[0-9]{1,30} *')) THEN CASE WHEN TRY_CAST(TRIM("api_request_logs"."error_message") AS BIGINT) >= -9223372036854775808 AND TRY_CAST(TRIM("api_request_logs"."error_message") AS BIGINT) < 9223372036854775808 THEN TRY_CAST(TRIM("api_request_logs"."error_message") AS BIGINT) END WHEN (REGEXP_LIKE("api_request_logs"."error_message", '\\s*[-+.]?[0-9][-+0-9_.eExXa-fA-F]*\\s*')) THEN CAST('no plain number: ' || "api_request_logs"."error_message" AS BIGINT) END AS "k"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."id" < 'req_00030'
ORDER BY "id"
LIMIT 2000

-- case: text/try-cast-double
-- refused: try_cast to DOUBLE from text cannot be answered the same on Snowflake. Try a cast from text to a whole number or a date.

-- case: text/in-list
SELECT "accounts"."id" AS "id"
FROM "accounts" AS "accounts"
WHERE "accounts"."business_name" IN ('zebra', 'Åse', 'nobody') OR NOT "accounts"."country" IN ('US', 'DE')
ORDER BY "id"
LIMIT 2000

-- case: text/text-functions-null
SELECT "api_request_logs"."id" AS "id", CASE WHEN TRANSLATE("api_request_logs"."error_code", '‹letters›', '') <> "api_request_logs"."error_code" THEN CAST(CAST('upper of a letter without a settled case: ' || "api_request_logs"."error_code" AS BIGINT) AS VARCHAR) ELSE UPPER("api_request_logs"."error_code") END AS "u", LENGTH("api_request_logs"."error_code") AS "l", REPLACE("api_request_logs"."error_code", '_', '-') AS "r", SUBSTRING("api_request_logs"."error_code", 2) AS "s"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."id" < 'req_00020'
ORDER BY "id"
LIMIT 2000

-- case: text/repeat-and-pad
SELECT "accounts"."id" AS "id", REPEAT('ab', 3) AS "r", RPAD("accounts"."id", 12, '-') AS "p", LPAD("accounts"."id", 4, 'x') AS "cut"
FROM "accounts" AS "accounts"
ORDER BY "id"
LIMIT 2000

-- case: text/lower-joined-with-text
SELECT "a"."currency" AS "currency", "a"."n" AS "n", "b"."n" AS "m"
FROM (SELECT MAX("charges"."currency") AS "currency", COUNT(*) AS "n"
FROM "charges" AS "charges"
GROUP BY "charges"."currency") AS "a"
JOIN (SELECT CASE WHEN TRANSLATE((CASE WHEN TRANSLATE("payouts"."currency", '‹letters›', '') <> "payouts"."currency" THEN CAST(CAST('upper of a letter without a settled case: ' || "payouts"."currency" AS BIGINT) AS VARCHAR) ELSE UPPER("payouts"."currency") END), '‹letters›', '') <> (CASE WHEN TRANSLATE("payouts"."currency", '‹letters›', '') <> "payouts"."currency" THEN CAST(CAST('upper of a letter without a settled case: ' || "payouts"."currency" AS BIGINT) AS VARCHAR) ELSE UPPER("payouts"."currency") END) THEN CAST(CAST('lower of a letter without a settled case: ' || (CASE WHEN TRANSLATE("payouts"."currency", '‹letters›', '') <> "payouts"."currency" THEN CAST(CAST('upper of a letter without a settled case: ' || "payouts"."currency" AS BIGINT) AS VARCHAR) ELSE UPPER("payouts"."currency") END) AS BIGINT) AS VARCHAR) ELSE LOWER((CASE WHEN TRANSLATE("payouts"."currency", '‹letters›', '') <> "payouts"."currency" THEN CAST(CAST('upper of a letter without a settled case: ' || "payouts"."currency" AS BIGINT) AS VARCHAR) ELSE UPPER("payouts"."currency") END)) END AS "currency", COUNT(*) AS "n"
FROM "payouts" AS "payouts"
GROUP BY CASE WHEN TRANSLATE((CASE WHEN TRANSLATE("payouts"."currency", '‹letters›', '') <> "payouts"."currency" THEN CAST(CAST('upper of a letter without a settled case: ' || "payouts"."currency" AS BIGINT) AS VARCHAR) ELSE UPPER("payouts"."currency") END), '‹letters›', '') <> (CASE WHEN TRANSLATE("payouts"."currency", '‹letters›', '') <> "payouts"."currency" THEN CAST(CAST('upper of a letter without a settled case: ' || "payouts"."currency" AS BIGINT) AS VARCHAR) ELSE UPPER("payouts"."currency") END) THEN CAST(CAST('lower of a letter without a settled case: ' || (CASE WHEN TRANSLATE("payouts"."currency", '‹letters›', '') <> "payouts"."currency" THEN CAST(CAST('upper of a letter without a settled case: ' || "payouts"."currency" AS BIGINT) AS VARCHAR) ELSE UPPER("payouts"."currency") END) AS BIGINT) AS VARCHAR) ELSE LOWER((CASE WHEN TRANSLATE("payouts"."currency", '‹letters›', '') <> "payouts"."currency" THEN CAST(CAST('upper of a letter without a settled case: ' || "payouts"."currency" AS BIGINT) AS VARCHAR) ELSE UPPER("payouts"."currency") END)) END) AS "b" ON "b"."currency" = "a"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: text/regex-extract-of-alternatives
SELECT "api_request_logs"."id" AS "id", CASE WHEN NOT "api_request_logs"."path" IS NULL THEN COALESCE(REGEXP_SUBSTR("api_request_logs"."path", '(ch|cs)_[0-9]+', 1, 1), '') END AS "a", CASE WHEN NOT "api_request_logs"."path" IS NULL THEN COALESCE(REGEXP_SUBSTR("api_request_logs"."path", '/v1/(charges|payouts)/(ch|po)_([0-9]+)', 1, 1, 'e', 3), '') END AS "b", CASE WHEN NOT COALESCE("api_request_logs"."error_message", '') IS NULL THEN COALESCE(REGEXP_SUBSTR(COALESCE("api_request_logs"."error_message", ''), 'l?ine"? ?(one|two)', 1, 1, 'e', 1), '') END AS "c", REGEXP_REPLACE("api_request_logs"."path", '(ch|ci)_', '=', 1, 0) AS "d"
FROM "api_request_logs" AS "api_request_logs"
ORDER BY "id"
LIMIT 2000

-- case: text/upper-and-lower-beyond-ascii
SELECT "t"."x" AS "x", CASE WHEN TRANSLATE("t"."x", '‹letters›', '') <> "t"."x" THEN CAST(CAST('upper of a letter without a settled case: ' || "t"."x" AS BIGINT) AS VARCHAR) ELSE UPPER("t"."x") END AS "u", CASE WHEN TRANSLATE("t"."x", '‹letters›', '') <> "t"."x" THEN CAST(CAST('lower of a letter without a settled case: ' || "t"."x" AS BIGINT) AS VARCHAR) ELSE LOWER("t"."x") END AS "l", CASE WHEN TRANSLATE("t"."x", '‹letters›', '') <> "t"."x" THEN CAST(CAST('lower of a letter without a settled case: ' || "t"."x" AS BIGINT) AS VARCHAR) ELSE LOWER("t"."x") END = 'straße' AS "e", CASE WHEN TRANSLATE("t"."x", '‹letters›', '') <> "t"."x" THEN CAST(CAST('upper of a letter without a settled case: ' || "t"."x" AS BIGINT) AS VARCHAR) ELSE UPPER("t"."x") END LIKE '%É%' AS "k", CASE WHEN TRANSLATE("t"."x", '‹letters›', '') <> "t"."x" THEN CAST(CAST('lower of a letter without a settled case: ' || "t"."x" AS BIGINT) AS VARCHAR) ELSE LOWER("t"."x") END LIKE CASE WHEN TRANSLATE('ÉCOLE', '‹letters›', '') <> 'ÉCOLE' THEN CAST(CAST('lower of a letter without a settled case: ' || 'ÉCOLE' AS BIGINT) AS VARCHAR) ELSE LOWER('ÉCOLE') END AS "i"
FROM (SELECT 'straße' AS "x"
UNION ALL SELECT 'STRASSE' AS "strasse"
UNION ALL SELECT 'İstanbul' AS "İstanbul"
UNION ALL SELECT 'ısparta' AS "ısparta"
UNION ALL SELECT 'IRMAK' AS "irmak"
UNION ALL SELECT 'École' AS "École"
UNION ALL SELECT 'école' AS "école"
UNION ALL SELECT 'Ὀδυσσεύς' AS "Ὀδυσσεύς"
UNION ALL SELECT 'ΌΣΟΣ' AS "ΌΣΟΣ"
UNION ALL SELECT 'ŉ ǆ ﬁ' AS "ŉ ǆ ﬁ"
UNION ALL SELECT 'ДОМ' AS "ДОМ"
UNION ALL SELECT 'ǅ Ǆ ẞ' AS "ǅ Ǆ ẞ") AS "t"
ORDER BY "x"
LIMIT 2000

-- case: text/left-and-right
SELECT "api_request_logs"."id" AS "id", LEFT("api_request_logs"."route", 4) AS "a", RIGHT("api_request_logs"."route", 3) AS "b", LEFT("api_request_logs"."error_code", 30) AS "c", RIGHT('', 2) AS "d"
FROM "api_request_logs" AS "api_request_logs"
ORDER BY "id"
LIMIT 2000

-- case: text/split-and-join
SELECT "api_request_logs"."id" AS "id", SPLIT_PART("api_request_logs"."path", '/', 4) AS "a", SPLIT_PART(COALESCE("api_request_logs"."error_code", ''), '_', 2) AS "b", "api_request_logs"."path" || '?' || "api_request_logs"."error_code" AS "c", ARRAY_TO_STRING(ARRAY_CONSTRUCT_COMPACT("api_request_logs"."error_code", "api_request_logs"."method", "api_request_logs"."idempotency_key"), '-') AS "d", SPLIT_PART("api_request_logs"."error_code", '_', 9) AS "e"
FROM "api_request_logs" AS "api_request_logs"
ORDER BY "id"
LIMIT 2000

-- case: time/interval-arithmetic
SELECT "payouts"."id" AS "id", DATEADD(DAY, 1, "payouts"."created") AS "a", DATEADD(MINUTE, (-90), "payouts"."created") AS "b", DATEADD(MONTH, 1, "payouts"."created") AS "c", DATEADD(YEAR, (-1), "payouts"."created") AS "d"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/interval-multiplied
SELECT "t"."id" AS "id", DATEADD(DAY, (-(MOD("t"."amount", 5))), "t"."created") AS "a", DATEADD(HOUR, "t"."payout_n", "t"."created") AS "b"
FROM (SELECT "payouts"."id" AS "id", "payouts"."created" AS "created", ABS("payouts"."amount") AS "amount", MOD("payouts"."amount", 3) AS "payout_n"
FROM "payouts" AS "payouts") AS "t"
ORDER BY "id"
LIMIT 2000

-- case: time/interval-parameters
SELECT COUNT(*) AS "n"
FROM "events" AS "events"
WHERE "events"."created" >= DATEADD(DAY, (-2), CAST('2026-10-26 00:00:00' AS TIMESTAMPNTZ)) AND "events"."created" < CAST('2026-10-28 00:00:00' AS TIMESTAMPNTZ)
LIMIT 2000

-- case: time/leap-days
SELECT DATEADD(YEAR, 1, CAST(CAST('2024-02-29' AS DATE) AS TIMESTAMPNTZ)) AS "a", DATEADD(MONTH, 1, CAST(CAST('2024-01-31' AS DATE) AS TIMESTAMPNTZ)) AS "b", DATEADD(MONTH, 1, CAST(CAST('2023-01-31' AS DATE) AS TIMESTAMPNTZ)) AS "c", DATEADD(DAY, 1, CAST('2024-02-28 12:00:00' AS TIMESTAMPNTZ)) AS "d", DATEADD(MONTH, (-1), CAST('2024-03-31 00:00:00' AS TIMESTAMPNTZ)) AS "e"
LIMIT 2000

-- case: time/date-arithmetic
SELECT "payouts"."id" AS "id", CAST(DATEADD(DAY, 1, CAST("payouts"."arrival_date" AS TIMESTAMPNTZ)) AS DATE) AS "a", CAST(DATEADD(DAY, (-1), CAST("payouts"."arrival_date" AS TIMESTAMPNTZ)) AS DATE) AS "b", CAST(DATEDIFF(DAY, CAST(CAST('2024-02-01' AS DATE) AS TIMESTAMPNTZ), CAST("payouts"."arrival_date" AS TIMESTAMPNTZ)) AS BIGINT) AS "c"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/date-compare
SELECT "payouts"."id" AS "id", "payouts"."arrival_date" > CAST('2024-03-05' AS DATE) AS "a", CAST("payouts"."created" AS DATE) = "payouts"."arrival_date" AS "b"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/date-diff
SELECT "payouts"."id" AS "id", CAST(DATEDIFF(HOUR, "payouts"."created", CAST('2024-03-10 00:30:00' AS TIMESTAMPNTZ)) AS BIGINT) AS "h", CAST(DATEDIFF(DAY, "payouts"."created", CAST('2024-03-10 00:30:00' AS TIMESTAMPNTZ)) AS BIGINT) AS "d", CAST(DATEDIFF(MINUTE, "payouts"."created", CAST('2024-03-10 00:30:59' AS TIMESTAMPNTZ)) AS BIGINT) AS "m", CAST(DATEDIFF(SECOND, "payouts"."created", CAST('2024-03-10 00:30:59' AS TIMESTAMPNTZ)) AS BIGINT) AS "s"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/date-diff-long
-- refused: date_diff by week cannot be answered the same on Snowflake. Use second, minute, hour, day, month, year.

-- case: time/date-diff-dates
SELECT "payouts"."id" AS "id", CAST(DATEDIFF(DAY, CAST("payouts"."arrival_date" AS TIMESTAMPNTZ), CAST(CAST('2024-03-10' AS DATE) AS TIMESTAMPNTZ)) AS BIGINT) AS "d"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/epoch
SELECT "payouts"."id" AS "id", CAST(DATE_PART(EPOCH_MICROSECOND, "payouts"."created") AS DOUBLE) / 1000000 AS "e", CAST(DATE_PART(EPOCH_MICROSECOND, "payouts"."created") AS DOUBLE) / 1000000 - CAST(DATE_PART(EPOCH_MICROSECOND, CAST('2024-01-01 00:00:00' AS TIMESTAMPNTZ)) AS DOUBLE) / 1000000 AS "since"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/epoch-fraction
SELECT "charges"."id" AS "id", CAST(DATE_PART(EPOCH_MICROSECOND, "charges"."created") AS DOUBLE) / 1000000 AS "e"
FROM "charges" AS "charges"
WHERE "charges"."id" < 'ch_00010'
ORDER BY "id"
LIMIT 2000

-- case: time/parts
SELECT "charges"."id" AS "id", CAST(YEAR("charges"."created") AS BIGINT) AS "y", CAST(MONTH("charges"."created") AS BIGINT) AS "m", CAST(DAY("charges"."created") AS BIGINT) AS "d", CAST(HOUR("charges"."created") AS BIGINT) AS "h", CAST(MINUTE("charges"."created") AS BIGINT) AS "mi", CAST(SECOND("charges"."created") AS BIGINT) AS "s"
FROM "charges" AS "charges"
WHERE "charges"."id" < 'ch_00060'
ORDER BY "id"
LIMIT 2000

-- case: time/day-of-week
SELECT "payouts"."id" AS "id", CAST(DAYOFWEEKISO("payouts"."created") % 7 AS BIGINT) AS "dow", CAST(DAYOFWEEKISO("payouts"."created") AS BIGINT) AS "iso", CAST(DAYOFWEEKISO("payouts"."created") % 7 AS BIGINT) AS "w"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/week-and-quarter
SELECT "accounts"."id" AS "id", CAST(WEEKISO("accounts"."created") AS BIGINT) AS "wk", CAST(QUARTER("accounts"."created") AS BIGINT) AS "q", CAST(DAYOFYEAR("accounts"."created") AS BIGINT) AS "y"
FROM "accounts" AS "accounts"
ORDER BY "id"
LIMIT 2000

-- case: time/day-names
SELECT "payouts"."id" AS "id", CASE DAYOFWEEKISO("payouts"."created") WHEN 1 THEN 'Monday' WHEN 2 THEN 'Tuesday' WHEN 3 THEN 'Wednesday' WHEN 4 THEN 'Thursday' WHEN 5 THEN 'Friday' WHEN 6 THEN 'Saturday' WHEN 7 THEN 'Sunday' END AS "d", TO_CHAR("payouts"."created", 'MMMM') AS "m"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/strftime
SELECT "payouts"."id" AS "id", TO_CHAR("payouts"."created", 'YYYY-MM-DD HH24:MI:SS') AS "f", TO_CHAR("payouts"."created", 'YYYY-MM') AS "m", TO_CHAR("payouts"."created", 'HH24') AS "h"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/strftime-names
-- refused: strftime's %-d cannot be answered the same on Snowflake. Use %Y %m %d %H %M %S %y %B %b %a only.

-- case: time/truncate-units
SELECT "payouts"."id" AS "id", DATE_TRUNC('DAY', "payouts"."created") AS "d", DATE_TRUNC('WEEK', "payouts"."created") AS "w", DATE_TRUNC('MONTH', "payouts"."created") AS "m", DATE_TRUNC('YEAR', "payouts"."created") AS "y", DATE_TRUNC('MINUTE', "payouts"."created") AS "mi", DATE_TRUNC('QUARTER', "payouts"."created") AS "q"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/truncate-date
SELECT "payouts"."id" AS "id", DATE_TRUNC('MONTH', CAST("payouts"."arrival_date" AS TIMESTAMPNTZ)) AS "m", DATE_TRUNC('WEEK', CAST("payouts"."arrival_date" AS TIMESTAMPNTZ)) AS "w"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/time-bucket
SELECT DATEADD(SECOND, (-((DATEDIFF(SECOND, CAST('2000-01-03 00:00:00' AS TIMESTAMPNTZ), DATE_TRUNC('SECOND', "api_request_logs"."created")) % 900 + 900) % 900)), DATE_TRUNC('SECOND', "api_request_logs"."created")) AS "b", COUNT(*) AS "n"
FROM "api_request_logs" AS "api_request_logs"
GROUP BY DATEADD(SECOND, (-((DATEDIFF(SECOND, CAST('2000-01-03 00:00:00' AS TIMESTAMPNTZ), DATE_TRUNC('SECOND', "api_request_logs"."created")) % 900 + 900) % 900)), DATE_TRUNC('SECOND', "api_request_logs"."created"))
ORDER BY "b"
LIMIT 50

-- case: time/time-bucket-hours
SELECT DATEADD(SECOND, (-((DATEDIFF(SECOND, CAST('2000-01-03 00:00:00' AS TIMESTAMPNTZ), DATE_TRUNC('SECOND', "api_request_logs"."created")) % 21600 + 21600) % 21600)), DATE_TRUNC('SECOND', "api_request_logs"."created")) AS "b", COUNT(*) AS "n"
FROM "api_request_logs" AS "api_request_logs"
GROUP BY DATEADD(SECOND, (-((DATEDIFF(SECOND, CAST('2000-01-03 00:00:00' AS TIMESTAMPNTZ), DATE_TRUNC('SECOND', "api_request_logs"."created")) % 21600 + 21600) % 21600)), DATE_TRUNC('SECOND', "api_request_logs"."created"))
ORDER BY "b"
LIMIT 2000

-- case: time/zone-day
SELECT DATE_TRUNC('DAY', CONVERT_TIMEZONE('UTC', 'America/New_York', "api_request_logs"."created")) AS "d", COUNT(*) AS "n"
FROM "api_request_logs" AS "api_request_logs"
GROUP BY DATE_TRUNC('DAY', CONVERT_TIMEZONE('UTC', 'America/New_York', "api_request_logs"."created"))
ORDER BY "d"
LIMIT 2000

-- case: time/zone-clock-change
SELECT "api_request_logs"."id" AS "id", CONVERT_TIMEZONE('UTC', 'Europe/Berlin', "api_request_logs"."created") AS "berlin", CONVERT_TIMEZONE('UTC', 'America/New_York', "api_request_logs"."created") AS "york"
FROM "api_request_logs" AS "api_request_logs"
ORDER BY "id"
LIMIT 2000

-- case: time/zone-to-utc
-- refused: A local time taken to another zone cannot be answered the same on Snowflake. Keep times in UTC.

-- case: time/zone-hour
SELECT CAST(HOUR(CONVERT_TIMEZONE('UTC', 'Asia/Tokyo', "api_request_logs"."created")) AS BIGINT) AS "h", COUNT(*) AS "n"
FROM "api_request_logs" AS "api_request_logs"
GROUP BY CAST(HOUR(CONVERT_TIMEZONE('UTC', 'Asia/Tokyo', "api_request_logs"."created")) AS BIGINT)
ORDER BY "h"
LIMIT 2000

-- case: time/cast-to-date
SELECT CAST("events"."created" AS DATE) AS "d", COUNT(*) AS "n"
FROM "events" AS "events"
GROUP BY CAST("events"."created" AS DATE)
ORDER BY "d"
LIMIT 2000

-- case: time/cast-text-to-moment
SELECT "accounts"."id" AS "id", CAST('2026-10-20 01:02:03' AS TIMESTAMPNTZ) AS "a", CAST('2026-02-28' AS DATE) AS "b"
FROM "accounts" AS "accounts"
ORDER BY "id"
LIMIT 2000

-- case: time/cast-date-to-moment
SELECT "payouts"."id" AS "id", CAST("payouts"."arrival_date" AS TIMESTAMPNTZ) AS "a"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/moment-difference
-- refused: The difference of two times cannot be answered the same on Snowflake. Use date_diff, or their epochs.

-- case: time/to-seconds
SELECT "payouts"."id" AS "id", DATEADD(SECOND, 30, "payouts"."created") AS "a", DATEADD(HOUR, 2, "payouts"."created") AS "b", DATEADD(DAY, 3, "payouts"."created") AS "c", DATEADD(MINUTE, 5, "payouts"."created") AS "d"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: time/day-spine
SELECT "g"."d" AS "d", COUNT("r"."id") AS "n"
FROM (SELECT DATEADD(MICROSECOND, CAST("hw_u"."VALUE" AS BIGINT), CAST('1970-01-01' AS TIMESTAMPNTZ)) AS "d"
FROM LATERAL FLATTEN(INPUT => ARRAY_GENERATE_RANGE(DATE_PART(EPOCH_MICROSECOND, CAST('2026-10-22 00:00:00' AS TIMESTAMPNTZ)), DATE_PART(EPOCH_MICROSECOND, CAST('2026-11-05 00:00:00' AS TIMESTAMPNTZ)) + 1, 86400000000)) AS "hw_u"("SEQ", "KEY", "PATH", "INDEX", "VALUE", "THIS")) AS "g"
LEFT
JOIN "api_request_logs" AS "r" ON DATE_TRUNC('DAY', "r"."created") = "g"."d"
GROUP BY "g"."d"
ORDER BY "d"
LIMIT 2000

-- case: time/compare-moments
SELECT COUNT(CASE WHEN ("api_request_logs"."created" >= CAST('2026-10-25 01:00:00' AS TIMESTAMPNTZ)) THEN 1 END) AS "a", COUNT(CASE WHEN ("api_request_logs"."created" BETWEEN CAST('2026-10-25 00:00:00' AS TIMESTAMPNTZ) AND CAST('2026-10-26 00:00:00' AS TIMESTAMPNTZ)) THEN 1 END) AS "b"
FROM "api_request_logs" AS "api_request_logs"
LIMIT 2000

-- case: time/greatest-moment
SELECT "events"."account_id" AS "account_id", COALESCE(GREATEST(MAX("events"."created"), CAST('2026-10-30 00:00:00' AS TIMESTAMPNTZ)), MAX("events"."created"), CAST('2026-10-30 00:00:00' AS TIMESTAMPNTZ)) AS "g", COALESCE(LEAST(MIN("events"."created"), CAST('2026-10-24 01:00:00' AS TIMESTAMPNTZ)), MIN("events"."created"), CAST('2026-10-24 01:00:00' AS TIMESTAMPNTZ)) AS "l"
FROM "events" AS "events"
GROUP BY "events"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: time/coalesce-moment
SELECT "payouts"."id" AS "id", COALESCE("payouts"."arrival_date", CAST("payouts"."created" AS DATE)) AS "d"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: types/case-of-each-type
SELECT "payouts"."id" AS "id", CASE WHEN "payouts"."amount" > 500 THEN CAST(0.7 AS DECIMAL(2, 1)) ELSE CAST(1.0 AS DECIMAL(2, 1)) END AS "d", CASE WHEN "payouts"."amount" > 500 THEN "payouts"."arrival_date" END AS "day", CASE WHEN "payouts"."amount" > 500 THEN CAST("payouts"."amount" AS DOUBLE) / CAST(4 AS DOUBLE) ELSE CAST(CAST(0.5 AS DECIMAL(2, 1)) AS DOUBLE) END AS "f", CASE WHEN "payouts"."amount" > 500 THEN "payouts"."amount" > 900 ELSE FALSE END AS "b", IFF("payouts"."amount" > 500, CAST(0.25 AS DECIMAL(3, 2)), CAST(1.5 AS DECIMAL(2, 1))) AS "i"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: types/coalesce-of-each-type
SELECT "charges"."id" AS "id", COALESCE("charges"."refunded", TRUE) AS "b", COALESCE(CAST("charges"."amount_refunded" AS DOUBLE) / CAST(2 AS DOUBLE), CAST(CAST(0.5 AS DECIMAL(2, 1)) AS DOUBLE)) AS "f", COALESCE(CAST("charges"."amount_refunded" AS DECIMAL(18, 2)), 0) AS "d", COALESCE("charges"."failure_code", "charges"."card_brand", 'x') AS "t"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: types/coalesce-moments
SELECT "payouts"."id" AS "id", COALESCE(CASE WHEN "payouts"."amount" > 500 THEN "payouts"."created" END, CAST('2024-01-01 00:00:00' AS TIMESTAMPNTZ)) AS "c"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: types/compare-booleans
SELECT "charges"."id" AS "id", "charges"."livemode" = FALSE AS "a", "charges"."livemode" <> "charges"."refunded" AS "b", COALESCE("charges"."refunded", TRUE) = FALSE AS "c"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: types/compare-mixed-moments
SELECT "payouts"."id" AS "id", CAST("payouts"."arrival_date" AS TIMESTAMPNTZ) < CAST('2024-03-05 12:00:00' AS TIMESTAMPNTZ) AS "a", "payouts"."created" >= CAST("payouts"."arrival_date" AS TIMESTAMPNTZ) AS "b", "payouts"."created" <= CAST("payouts"."arrival_date" AS TIMESTAMPNTZ) AS "c", CAST("payouts"."arrival_date" AS TIMESTAMPNTZ) > "payouts"."created" AS "d", CAST("payouts"."arrival_date" AS TIMESTAMPNTZ) = "payouts"."created" AS "e"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: types/compare-moments-each-way
SELECT "payouts"."id" AS "id", "payouts"."created" <= CAST('2024-03-01 00:00:00' AS TIMESTAMPNTZ) AS "a", "payouts"."created" = CAST('2024-02-26 22:30:00' AS TIMESTAMPNTZ) AS "b", "payouts"."created" <> CAST('2024-02-26 22:30:00' AS TIMESTAMPNTZ) AS "c", "payouts"."created" IS NOT DISTINCT
FROM CAST('2024-02-26 22:30:00' AS TIMESTAMPNTZ) AS "d"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: types/compare-dates-each-way
SELECT "payouts"."id" AS "id", "payouts"."arrival_date" <= CAST('2024-03-01' AS DATE) AS "a", "payouts"."arrival_date" BETWEEN CAST('2024-03-01' AS DATE) AND CAST('2024-03-09' AS DATE) AS "b", "payouts"."arrival_date" <> CAST('2024-03-01' AS DATE) AS "c", "payouts"."arrival_date" < CAST('2024-03-02' AS DATE) AS "d", "payouts"."arrival_date" >= CAST('2024-03-02' AS DATE) AS "e"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: types/compare-text-each-way
SELECT "accounts"."id" AS "id", "accounts"."business_name" <= 'b' AS "a", "accounts"."business_name" >= 'a' AS "b", "accounts"."business_name" BETWEEN 'a' AND 'f' AS "c", "accounts"."business_name" <> 'zebra' AS "d", "accounts"."business_name" IS DISTINCT
FROM 'zebra' AS "e"
FROM "accounts" AS "accounts"
ORDER BY "id"
LIMIT 2000

-- case: types/in-numbers
SELECT "charges"."id" AS "id"
FROM "charges" AS "charges"
WHERE "charges"."outcome_risk_score" IN (1, 32, 63, 94) OR NOT "charges"."amount" IN (103, 8022) AND "charges"."id" < 'ch_00020'
ORDER BY "id"
LIMIT 2000

-- case: types/in-booleans-and-moments
SELECT "payouts"."id" AS "id"
FROM "payouts" AS "payouts"
WHERE "payouts"."arrival_date" IN (CAST('2024-03-01' AS DATE), CAST('2024-02-29' AS DATE)) OR "payouts"."created" IN (CAST('2024-02-26 22:30:00' AS TIMESTAMPNTZ))
ORDER BY "id"
LIMIT 2000

-- case: types/order-by-each-type
SELECT "charges"."id" AS "id"
FROM "charges" AS "charges"
ORDER BY "charges"."refunded", CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) DESC NULLS LAST, "charges"."created" DESC NULLS LAST, "id"
LIMIT 2000

-- case: types/order-by-boolean-descending
SELECT "charges"."id" AS "id", "charges"."livemode" AS "livemode"
FROM "charges" AS "charges"
ORDER BY "livemode" DESC NULLS LAST, "charges"."refunded" NULLS FIRST, "id"
LIMIT 2000

-- case: types/order-by-decimal-and-date
SELECT "payouts"."id" AS "id"
FROM "payouts" AS "payouts"
ORDER BY "payouts"."arrival_date" DESC NULLS LAST, CAST("payouts"."amount" AS DECIMAL(18, 2)) * CAST(0.5 AS DECIMAL(2, 1)), "id"
LIMIT 2000

-- case: types/windows-over-each-type
SELECT "charges"."id" AS "id", LAG("charges"."id") OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."created", "charges"."id") AS "a", LEAD("charges"."created") OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."created", "charges"."id") AS "b", LAG("charges"."refunded") OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."created", "charges"."id") AS "c", MIN("charges"."created") OVER (PARTITION BY "charges"."account_id") AS "d", MAX("charges"."id") OVER (PARTITION BY "charges"."currency") AS "e", MIN("charges"."amount") OVER (PARTITION BY "charges"."account_id") AS "f", AVG(CAST("charges"."outcome_risk_score" AS DOUBLE)) OVER (PARTITION BY "charges"."currency") AS "g"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: types/windows-ordered-by-each-type
SELECT "charges"."id" AS "id", ROW_NUMBER() OVER (ORDER BY "charges"."refunded", "charges"."id") AS "a", ROW_NUMBER() OVER (ORDER BY CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(3 AS DOUBLE) DESC NULLS LAST, "charges"."id") AS "b", ROW_NUMBER() OVER (ORDER BY "charges"."created" DESC NULLS LAST, "charges"."id" DESC NULLS LAST) AS "c", ROW_NUMBER() OVER (PARTITION BY "charges"."refunded"
ORDER BY CAST("charges"."amount" AS DECIMAL(18, 2)), "charges"."id") AS "d"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: types/string-agg-by-number
SELECT "t"."account_id" AS "account_id", CASE WHEN COUNT("t"."id") > 0 THEN LISTAGG("t"."id", ', ') WITHIN GROUP (ORDER BY CASE WHEN "t"."amount" IS NULL THEN 1 ELSE 0 END, "t"."amount" DESC, CASE WHEN "t"."id" IS NULL THEN 1 ELSE 0 END, "t"."id") END AS "a", CASE WHEN COUNT((CASE WHEN ("t"."place" <= 3) THEN "t"."id" END)) > 0 THEN LISTAGG(CASE WHEN ("t"."place" <= 3) THEN "t"."id" END, ',') WITHIN GROUP (ORDER BY CASE WHEN "t"."place" IS NULL THEN 1 ELSE 0 END, "t"."place") END AS "b"
FROM (SELECT "charges"."account_id" AS "account_id", "charges"."id" AS "id", "charges"."amount" AS "amount", ROW_NUMBER() OVER (PARTITION BY "charges"."account_id"
ORDER BY "charges"."created", "charges"."id") AS "place"
FROM "charges" AS "charges") AS "t"
GROUP BY "t"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: types/extremes-of-each-type
SELECT "charges"."currency" AS "currency", MAX("charges"."outcome_risk_score" * CAST(0.5 AS DECIMAL(2, 1))) AS "a", MIN(CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(7 AS DOUBLE)) AS "b", MAX(CAST("charges"."amount_refunded" AS DECIMAL(18, 2))) AS "c"
FROM "charges" AS "charges"
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: types/greatest-of-each-type
SELECT "charges"."id" AS "id", COALESCE(LEAST(CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE), CAST(CAST(10.5 AS DECIMAL(3, 1)) AS DOUBLE)), CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE), CAST(CAST(10.5 AS DECIMAL(3, 1)) AS DOUBLE)) AS "a", COALESCE(GREATEST("charges"."amount" * CAST(0.5 AS DECIMAL(2, 1)), 100), "charges"."amount" * CAST(0.5 AS DECIMAL(2, 1)), 100) AS "b", COALESCE(LEAST(CAST(1.0 AS DECIMAL(2, 1)), "charges"."amount" * CAST(0.001 AS DECIMAL(4, 3))), CAST(1.0 AS DECIMAL(2, 1)), "charges"."amount" * CAST(0.001 AS DECIMAL(4, 3))) AS "c", COALESCE(LEAST("charges"."id", 'ch_00010'), "charges"."id", 'ch_00010') AS "d", COALESCE(GREATEST("charges"."currency", 'f'), "charges"."currency", 'f') AS "e"
FROM "charges" AS "charges"
WHERE "charges"."amount" < 100000
ORDER BY "id"
LIMIT 2000

-- case: types/arithmetic-of-decimals
SELECT "charges"."id" AS "id", CASE WHEN CAST(("charges"."outcome_risk_score" + CAST(50.0 AS DECIMAL(3, 1))) AS DOUBLE) = 0 THEN CASE WHEN CAST(("charges"."amount" + CAST(4.0 AS DECIMAL(2, 1))) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST(("charges"."amount" + CAST(4.0 AS DECIMAL(2, 1))) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST(("charges"."amount" + CAST(4.0 AS DECIMAL(2, 1))) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST(("charges"."amount" + CAST(4.0 AS DECIMAL(2, 1))) AS DOUBLE) / CAST(("charges"."outcome_risk_score" + CAST(50.0 AS DECIMAL(3, 1))) AS DOUBLE) END AS "a", (CAST(1.5 AS DECIMAL(2, 1)) - CAST(0.25 AS DECIMAL(3, 2))) * ("charges"."amount" + CAST(0.5 AS DECIMAL(2, 1))) AS "b", 2 * (CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS "c", ("charges"."outcome_risk_score" + CAST(0.5 AS DECIMAL(2, 1))) - ("charges"."amount" - CAST(0.25 AS DECIMAL(3, 2))) AS "d", 1 - CASE WHEN CAST(("charges"."amount" + CAST(1000.0 AS DECIMAL(5, 1))) AS DOUBLE) = 0 THEN CASE WHEN CAST(("charges"."outcome_risk_score" + CAST(4.0 AS DECIMAL(2, 1))) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST(("charges"."outcome_risk_score" + CAST(4.0 AS DECIMAL(2, 1))) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST(("charges"."outcome_risk_score" + CAST(4.0 AS DECIMAL(2, 1))) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST(("charges"."outcome_risk_score" + CAST(4.0 AS DECIMAL(2, 1))) AS DOUBLE) / CAST(("charges"."amount" + CAST(1000.0 AS DECIMAL(5, 1))) AS DOUBLE) END AS "e"
FROM "charges" AS "charges"
WHERE "charges"."amount" < 100000
ORDER BY "id"
LIMIT 2000

-- case: types/arithmetic-of-doubles
SELECT "charges"."id" AS "id", CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) + CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(4 AS DOUBLE) AS "a", CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) - 1 AS "b", CASE WHEN CAST((CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE)) AS DOUBLE) = 0 THEN CASE WHEN CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS DOUBLE) / CAST((CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE)) AS DOUBLE) END AS "c", CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) * (CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE)) AS "d", "charges"."amount" - CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) AS "e", CASE WHEN CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) + 1) AS DOUBLE) = 0 THEN CASE WHEN CAST("charges"."amount" AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST("charges"."amount" AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST("charges"."amount" AS DOUBLE) / CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) + 1) AS DOUBLE) END AS "f", CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS DOUBLE) / CAST(2 AS DOUBLE) AS "g", (CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) * 2 AS "h", -(CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS "i"
FROM "charges" AS "charges"
WHERE "charges"."amount" < 100000
ORDER BY "id"
LIMIT 2000

-- case: types/doubles-and-decimals
SELECT "charges"."id" AS "id", CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) * CAST(1.5 AS DECIMAL(2, 1)) AS "a", CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) + CAST(0.5 AS DECIMAL(2, 1)) AS "b", CAST(0.5 AS DECIMAL(2, 1)) - CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) AS "c", CASE WHEN CAST(CAST(2.5 AS DECIMAL(2, 1)) AS DOUBLE) = 0 THEN CASE WHEN CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS DOUBLE) / CAST(CAST(2.5 AS DECIMAL(2, 1)) AS DOUBLE) END AS "d", CASE WHEN CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) + 1) AS DOUBLE) = 0 THEN CASE WHEN CAST(("charges"."amount" + CAST(0.5 AS DECIMAL(2, 1))) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST(("charges"."amount" + CAST(0.5 AS DECIMAL(2, 1))) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST(("charges"."amount" + CAST(0.5 AS DECIMAL(2, 1))) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST(("charges"."amount" + CAST(0.5 AS DECIMAL(2, 1))) AS DOUBLE) / CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) + 1) AS DOUBLE) END AS "e", CAST(("charges"."amount" * CAST(0.5 AS DECIMAL(2, 1))) AS DOUBLE) / CAST(3 AS DOUBLE) AS "f", CAST((CAST(100.0 AS DECIMAL(4, 1)) * "charges"."amount") AS DOUBLE) / CAST(7 AS DOUBLE) AS "g"
FROM "charges" AS "charges"
WHERE "charges"."amount" < 100000
ORDER BY "id"
LIMIT 2000

-- case: types/roots-of-each-type
SELECT "charges"."id" AS "id", CASE WHEN CAST(("charges"."outcome_risk_score" + CAST(0.25 AS DECIMAL(3, 2))) AS DOUBLE) < 0 THEN CAST(CAST('sqrt out of its range: ' || CAST(("charges"."outcome_risk_score" + CAST(0.25 AS DECIMAL(3, 2))) AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE SQRT(CAST(("charges"."outcome_risk_score" + CAST(0.25 AS DECIMAL(3, 2))) AS DOUBLE)) END AS "a", CASE WHEN CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS DOUBLE) < 0 THEN CAST(CAST('sqrt out of its range: ' || CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE SQRT(CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE)) AS DOUBLE)) END AS "b", CASE WHEN CAST(("charges"."outcome_risk_score" + CAST(1.5 AS DECIMAL(2, 1))) AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(("charges"."outcome_risk_score" + CAST(1.5 AS DECIMAL(2, 1))) AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(("charges"."outcome_risk_score" + CAST(1.5 AS DECIMAL(2, 1))) AS DOUBLE)) END AS "c", CASE WHEN CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) + 1) AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) + 1) AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST((CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(8 AS DOUBLE) + 1) AS DOUBLE)) END AS "d", ABS(CAST((-"charges"."outcome_risk_score") AS DOUBLE) / CAST(8 AS DOUBLE)) AS "e", ABS(-CAST(1.5 AS DECIMAL(2, 1)) * "charges"."outcome_risk_score") AS "f", FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST(("charges"."outcome_risk_score" + 1) AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(("charges"."outcome_risk_score" + 1) AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(("charges"."outcome_risk_score" + 1) AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST(("charges"."outcome_risk_score" + 1) AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(("charges"."outcome_risk_score" + 1) AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(("charges"."outcome_risk_score" + 1) AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST(("charges"."outcome_risk_score" + 1) AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(("charges"."outcome_risk_score" + 1) AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(("charges"."outcome_risk_score" + 1) AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST(("charges"."outcome_risk_score" + 1) AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(("charges"."outcome_risk_score" + 1) AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(("charges"."outcome_risk_score" + 1) AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END) AS "g"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: types/size-classes
SELECT CAST(CASE WHEN ABS(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END) - FLOOR(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END)) - 0.5) = 0 THEN 2 * ROUND(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END) / 2) ELSE ROUND(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END)) END AS BIGINT) AS "size", COUNT(*) AS "n"
FROM "charges" AS "charges"
WHERE "charges"."amount" > 0
GROUP BY CAST(CASE WHEN ABS(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END) - FLOOR(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END)) - 0.5) = 0 THEN 2 * ROUND(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END) / 2) ELSE ROUND(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("charges"."amount" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("charges"."amount" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("charges"."amount" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END)) END AS BIGINT)
ORDER BY "size"
LIMIT 2000

-- case: types/size-classes-of-decimals
SELECT CASE WHEN COALESCE("t"."grade", 0) < 1 THEN 0 ELSE CAST(CASE WHEN ABS(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END) - FLOOR(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END)) - 0.5) = 0 THEN 2 * ROUND(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END) / 2) ELSE ROUND(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END)) END AS BIGINT) END AS "size", COUNT(*) AS "n"
FROM (SELECT MAX("charges"."amount" * CAST(0.5 AS DECIMAL(2, 1))) * 1000 AS "grade"
FROM "charges" AS "charges"
GROUP BY "charges"."id") AS "t"
GROUP BY CASE WHEN COALESCE("t"."grade", 0) < 1 THEN 0 ELSE CAST(CASE WHEN ABS(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END) - FLOOR(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END)) - 0.5) = 0 THEN 2 * ROUND(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END) / 2) ELSE ROUND(FLOOR(CASE WHEN CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) = 0 THEN CASE WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) > 0 THEN CAST('inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) < 0 THEN CAST('-inf' AS DOUBLE) WHEN CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) = 0 THEN CAST('NaN' AS DOUBLE) END ELSE CAST((2 * CASE WHEN CAST("t"."grade" AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST("t"."grade" AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST("t"."grade" AS DOUBLE)) END) AS DOUBLE) / CAST((CASE WHEN CAST(2 AS DOUBLE) <= 0 THEN CAST(CAST('ln out of its range: ' || CAST(2 AS VARCHAR) AS BIGINT) AS DOUBLE) ELSE LN(CAST(2 AS DOUBLE)) END) AS DOUBLE) END)) END AS BIGINT) END
ORDER BY "size"
LIMIT 2000

-- case: types/dates-and-intervals
-- refused: The difference of two times cannot be answered the same on Snowflake. Use date_diff, or their epochs.

-- case: types/truncate-second
SELECT DATE_TRUNC('SECOND', "charges"."created") AS "s", COUNT(*) AS "n"
FROM "charges" AS "charges"
GROUP BY DATE_TRUNC('SECOND', "charges"."created")
ORDER BY "s"
LIMIT 60

-- case: types/try-cast-date
SELECT "t"."id" AS "id", CASE WHEN (REGEXP_LIKE("t"."text", '[0-9]{4}-[0-9]{2}-[0-9]{2}')) THEN TRY_TO_DATE("t"."text", 'yyyy-mm-DD') WHEN (REGEXP_INSTR("t"."text", '^\\s*[-+]?[0-9]+[-/ \\\\][0-9]+[-/ \\\\][0-9]+') > 0) THEN CAST(CAST('no plain date: ' || "t"."text" AS BIGINT) AS DATE) END AS "d"
FROM (SELECT "accounts"."id" AS "id", CASE WHEN "accounts"."id" < 'acct_003' THEN '2024-02-29' WHEN "accounts"."id" < 'acct_006' THEN '2023-02-29' WHEN "accounts"."id" < 'acct_009' THEN 'soon' ELSE LEFT(RTRIM(RTRIM(TO_CHAR("accounts"."created", 'YYYY-MM-DD HH24:MI:SS.FF6'), '0'), '.'), 10) END AS "text"
FROM "accounts" AS "accounts") AS "t"
ORDER BY "id"
LIMIT 2000

-- case: types/json-valid
SELECT "api_request_logs"."id" AS "id", CASE WHEN NOT "api_request_logs"."response_body" IS NULL THEN NOT TRY_PARSE_JSON("api_request_logs"."response_body") IS NULL END AS "a", CASE WHEN NOT "api_request_logs"."error_message" IS NULL THEN NOT TRY_PARSE_JSON("api_request_logs"."error_message") IS NULL END AS "b"
FROM "api_request_logs" AS "api_request_logs"
WHERE "api_request_logs"."id" < 'req_00040'
ORDER BY "id"
LIMIT 2000

-- case: types/nullif-each-type
SELECT "charges"."id" AS "id", NULLIF("charges"."amount", 103) AS "a", NULLIF(CAST("charges"."outcome_risk_score" AS DOUBLE) / CAST(2 AS DOUBLE), 0) AS "b", NULLIF("charges"."created", CAST('2026-10-20 00:00:00.25' AS TIMESTAMPNTZ)) AS "c"
FROM "charges" AS "charges"
WHERE "charges"."id" < 'ch_00030'
ORDER BY "id"
LIMIT 2000

-- case: types/concat-lists
SELECT "charges"."account_id" AS "account_id", ARRAY_TO_STRING(ARRAY_CONSTRUCT_COMPACT(CASE WHEN COUNT((CASE WHEN ("charges"."status" = 'failed') THEN "charges"."id" END)) > 0 THEN LISTAGG(CASE WHEN ("charges"."status" = 'failed') THEN "charges"."id" END, ',') WITHIN GROUP (ORDER BY CASE WHEN "charges"."id" IS NULL THEN 1 ELSE 0 END, "charges"."id") END, CASE WHEN COUNT((CASE WHEN ("charges"."amount" > 40000) THEN "charges"."id" END)) > 0 THEN LISTAGG(CASE WHEN ("charges"."amount" > 40000) THEN "charges"."id" END, ',') WITHIN GROUP (ORDER BY CASE WHEN "charges"."id" IS NULL THEN 1 ELSE 0 END, "charges"."id") END), ',') AS "ids"
FROM "charges" AS "charges"
GROUP BY "charges"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: types/not-like-lists
SELECT "api_request_logs"."id" AS "id"
FROM "api_request_logs" AS "api_request_logs"
WHERE COALESCE("api_request_logs"."error_code", '') NOT LIKE 'rate%' AND NOT COALESCE("api_request_logs"."error_code", '') IN ('card_declined', 'x') AND NOT ("api_request_logs"."error_code" = '')
ORDER BY "id"
LIMIT 100

-- case: types/between-timestamps-of-columns
SELECT "a"."id" AS "id", "e"."id" AS "event"
FROM "accounts" AS "a"
JOIN "events" AS "e" ON "e"."account_id" = "a"."id" AND "e"."created" >= CAST('2026-10-25 00:00:00' AS TIMESTAMPNTZ) AND "e"."created" < DATEADD(HOUR, 12, CAST('2026-10-25 00:00:00' AS TIMESTAMPNTZ))
ORDER BY "id", "event"
LIMIT 2000

-- case: types/ambiguous-clock
-- refused: A local time taken to another zone cannot be answered the same on Snowflake. Keep times in UTC.

-- case: types/sum-of-windows
SELECT "t"."account_id" AS "account_id", SUM("t"."n") AS "n"
FROM (SELECT "events"."account_id" AS "account_id", COUNT(*) OVER (PARTITION BY "events"."account_id") AS "n"
FROM "events" AS "events") AS "t"
GROUP BY "t"."account_id"
ORDER BY "account_id"
LIMIT 2000

-- case: types/distinct-counts
SELECT "charges"."currency" AS "currency", COUNT(DISTINCT COALESCE("charges"."payment_intent_id", "charges"."id")) AS "a", COUNT(DISTINCT "charges"."amount") AS "b", COUNT(DISTINCT "charges"."created") AS "c"
FROM "charges" AS "charges"
GROUP BY "charges"."currency"
ORDER BY "currency"
LIMIT 2000

-- case: types/text-in-group
SELECT CASE WHEN TRANSLATE("charges"."currency", '‹letters›', '') <> "charges"."currency" THEN CAST(CAST('upper of a letter without a settled case: ' || "charges"."currency" AS BIGINT) AS VARCHAR) ELSE UPPER("charges"."currency") END AS "c", CASE WHEN TRANSLATE("charges"."status", '‹letters›', '') <> "charges"."status" THEN CAST(CAST('lower of a letter without a settled case: ' || "charges"."status" AS BIGINT) AS VARCHAR) ELSE LOWER("charges"."status") END AS "s", COUNT(*) AS "n"
FROM "charges" AS "charges"
WHERE CASE WHEN TRANSLATE("charges"."currency", '‹letters›', '') <> "charges"."currency" THEN CAST(CAST('lower of a letter without a settled case: ' || "charges"."currency" AS BIGINT) AS VARCHAR) ELSE LOWER("charges"."currency") END IN ('usd', 'eur')
GROUP BY CASE WHEN TRANSLATE("charges"."currency", '‹letters›', '') <> "charges"."currency" THEN CAST(CAST('upper of a letter without a settled case: ' || "charges"."currency" AS BIGINT) AS VARCHAR) ELSE UPPER("charges"."currency") END, CASE WHEN TRANSLATE("charges"."status", '‹letters›', '') <> "charges"."status" THEN CAST(CAST('lower of a letter without a settled case: ' || "charges"."status" AS BIGINT) AS VARCHAR) ELSE LOWER("charges"."status") END
ORDER BY "c", "s"
LIMIT 2000

-- case: types/case-of-doubles
SELECT "charges"."id" AS "id", CASE WHEN "charges"."currency" = 'usd' THEN CAST("charges"."amount" AS DOUBLE) / CAST(100 AS DOUBLE) WHEN "charges"."currency" = 'eur' THEN CAST("charges"."amount" AS DOUBLE) / CAST(4 AS DOUBLE) END AS "part"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: types/cast-moment-as-moment
SELECT "charges"."id" AS "id", CAST(CAST('2026-10-26 00:00:00' AS TIMESTAMPNTZ) AS TIMESTAMPNTZ) AS "since", CAST(DATEDIFF(DAY, "charges"."created", CAST(CAST('2026-10-26 00:00:00' AS TIMESTAMPNTZ) AS TIMESTAMPNTZ)) AS BIGINT) AS "days"
FROM "charges" AS "charges"
ORDER BY "id"
LIMIT 2000

-- case: types/moments-after
SELECT "charges"."id" AS "id", "charges"."created" > CAST('2026-10-22 12:00:00' AS TIMESTAMPNTZ) AS "later"
FROM "charges" AS "charges"
WHERE "charges"."created" > CAST('2026-10-21 00:00:00' AS TIMESTAMPNTZ)
ORDER BY "id"
LIMIT 2000

-- case: types/add-decimals
SELECT "charges"."id" AS "id", CAST("charges"."amount" AS DECIMAL(18, 2)) + CAST(0.25 AS DECIMAL(18, 2)) AS "more"
FROM "charges" AS "charges"
WHERE "charges"."id" > 'ch_00010'
ORDER BY "id"
LIMIT 2000

-- case: types/try-cast-text-as-double
-- refused: try_cast to DOUBLE from text cannot be answered the same on Snowflake. Try a cast from text to a whole number or a date.

-- case: types/day-before-date
SELECT "payouts"."id" AS "id", DATEADD(DAY, (-30), CAST("payouts"."arrival_date" AS TIMESTAMPNTZ)) AS "earlier"
FROM "payouts" AS "payouts"
ORDER BY "id"
LIMIT 2000

-- case: types/try-cast-text-as-date
SELECT "t"."id" AS "id", CASE WHEN (REGEXP_LIKE("t"."text", '[0-9]{4}-[0-9]{2}-[0-9]{2}')) THEN TRY_TO_DATE("t"."text", 'yyyy-mm-DD') WHEN (REGEXP_INSTR("t"."text", '^\\s*[-+]?[0-9]+[-/ \\\\][0-9]+[-/ \\\\][0-9]+') > 0) THEN CAST(CAST('no plain date: ' || "t"."text" AS BIGINT) AS DATE) END AS "d"
FROM (SELECT "accounts"."id" AS "id", CASE WHEN "accounts"."id" < 'acct_003' THEN '2024-02-29' WHEN "accounts"."id" < 'acct_006' THEN '2023-02-29' WHEN "accounts"."id" < 'acct_008' THEN 'soon' WHEN "accounts"."id" < 'acct_010' THEN '2026-02-30' ELSE '' END AS "text"
FROM "accounts" AS "accounts") AS "t"
ORDER BY "id"
LIMIT 2000
