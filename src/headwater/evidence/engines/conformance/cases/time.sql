-- case: interval-arithmetic
SELECT id, created + INTERVAL 1 DAY AS a, created - INTERVAL 90 MINUTE AS b, created + INTERVAL 1 MONTH AS c, created - INTERVAL 1 YEAR AS d FROM payouts ORDER BY id
-- case: interval-multiplied
SELECT id, created - amount % 5 * INTERVAL 1 DAY AS a, created + payout_n * INTERVAL 1 HOUR AS b FROM (SELECT id, created, abs(amount) AS amount, amount % 3 AS payout_n FROM payouts) AS t ORDER BY id
-- case: interval-parameters
SELECT count(*) AS n FROM events WHERE created >= $since - INTERVAL 2 DAY AND created < $until
-- case: leap-days
SELECT CAST('2024-02-29' AS DATE) + INTERVAL 1 YEAR AS a, CAST('2024-01-31' AS DATE) + INTERVAL 1 MONTH AS b, CAST('2023-01-31' AS DATE) + INTERVAL 1 MONTH AS c, TIMESTAMP '2024-02-28 12:00:00' + INTERVAL 1 DAY AS d, TIMESTAMP '2024-03-31 00:00:00' - INTERVAL 1 MONTH AS e
-- case: date-arithmetic
SELECT id, arrival_date + 1 AS a, arrival_date - 1 AS b, arrival_date - CAST('2024-02-01' AS DATE) AS c FROM payouts ORDER BY id
-- case: date-compare
SELECT id, arrival_date > CAST('2024-03-05' AS DATE) AS a, CAST(created AS DATE) = arrival_date AS b FROM payouts ORDER BY id
-- case: date-diff
SELECT id, date_diff('hour', created, TIMESTAMP '2024-03-10 00:30:00') AS h, date_diff('day', created, TIMESTAMP '2024-03-10 00:30:00') AS d, date_diff('minute', created, TIMESTAMP '2024-03-10 00:30:59') AS m, date_diff('second', created, TIMESTAMP '2024-03-10 00:30:59') AS s FROM payouts ORDER BY id
-- case: date-diff-long
SELECT id, date_diff('month', created, TIMESTAMP '2025-03-10 00:30:00') AS mo, date_diff('year', created, TIMESTAMP '2025-03-10 00:30:00') AS y, date_diff('week', created, TIMESTAMP '2024-03-11 00:00:00') AS w FROM payouts ORDER BY id
-- case: date-diff-dates
SELECT id, date_diff('day', arrival_date, CAST('2024-03-10' AS DATE)) AS d FROM payouts ORDER BY id
-- case: epoch
SELECT id, epoch(created) AS e, epoch(created) - epoch(TIMESTAMP '2024-01-01 00:00:00') AS since FROM payouts ORDER BY id
-- case: epoch-fraction
SELECT id, epoch(created) AS e FROM charges WHERE id < 'ch_00010' ORDER BY id
-- case: parts
SELECT id, extract(year FROM created) AS y, extract(month FROM created) AS m, extract(day FROM created) AS d, extract(hour FROM created) AS h, extract(minute FROM created) AS mi, extract(second FROM created) AS s FROM charges WHERE id < 'ch_00060' ORDER BY id
-- case: day-of-week
SELECT id, extract(dow FROM created) AS dow, extract(isodow FROM created) AS iso, dayofweek(created) AS w FROM payouts ORDER BY id
-- case: week-and-quarter
SELECT id, extract(week FROM created) AS wk, extract(quarter FROM created) AS q, extract(doy FROM created) AS y FROM accounts ORDER BY id
-- case: day-names
SELECT id, dayname(created) AS d, monthname(created) AS m FROM payouts ORDER BY id
-- case: strftime
SELECT id, strftime(created, '%Y-%m-%d %H:%M:%S') AS f, strftime(created, '%Y-%m') AS m, strftime(created, '%H') AS h FROM payouts ORDER BY id
-- case: strftime-names
SELECT id, strftime(created, '%a %b %-d') AS f FROM payouts ORDER BY id
-- case: truncate-units
SELECT id, date_trunc('day', created) AS d, date_trunc('week', created) AS w, date_trunc('month', created) AS m, date_trunc('year', created) AS y, date_trunc('minute', created) AS mi, date_trunc('quarter', created) AS q FROM payouts ORDER BY id
-- case: truncate-date
SELECT id, date_trunc('month', arrival_date) AS m, date_trunc('week', arrival_date) AS w FROM payouts ORDER BY id
-- case: time-bucket
SELECT time_bucket(INTERVAL 15 MINUTE, created) AS b, count(*) AS n FROM api_request_logs GROUP BY 1 ORDER BY 1 LIMIT 50
-- case: time-bucket-hours
SELECT time_bucket(INTERVAL 6 HOUR, created) AS b, count(*) AS n FROM api_request_logs GROUP BY 1 ORDER BY 1
-- case: zone-day
SELECT date_trunc('day', created AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York') AS d, count(*) AS n FROM api_request_logs GROUP BY 1 ORDER BY 1
-- case: zone-clock-change
SELECT id, created AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Berlin' AS berlin, created AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York' AS york FROM api_request_logs ORDER BY id
-- case: zone-to-utc
SELECT id, created AT TIME ZONE 'America/New_York' AT TIME ZONE 'UTC' AS utc FROM payouts ORDER BY id
-- case: zone-hour
SELECT extract(hour FROM created AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Tokyo') AS h, count(*) AS n FROM api_request_logs GROUP BY 1 ORDER BY 1
-- case: cast-to-date
SELECT CAST(created AS DATE) AS d, count(*) AS n FROM events GROUP BY CAST(created AS DATE) ORDER BY d
-- case: cast-text-to-moment
SELECT id, CAST('2026-10-20 01:02:03' AS TIMESTAMP) AS a, CAST('2026-02-28' AS DATE) AS b FROM accounts ORDER BY id
-- case: cast-date-to-moment
SELECT id, CAST(arrival_date AS TIMESTAMP) AS a FROM payouts ORDER BY id
-- case: moment-difference
SELECT id, epoch(TIMESTAMP '2024-03-10 00:00:00' - created) AS s FROM payouts ORDER BY id
-- case: to-seconds
SELECT id, created + to_seconds(30) AS a, created + to_hours(2) AS b, created + to_days(3) AS c, created + to_minutes(5) AS d FROM payouts ORDER BY id
-- case: day-spine
SELECT g.d, count(r.id) AS n FROM (SELECT unnest(generate_series(TIMESTAMP '2026-10-22 00:00:00', TIMESTAMP '2026-11-05 00:00:00', INTERVAL 1 DAY)) AS d) AS g LEFT JOIN api_request_logs AS r ON date_trunc('day', r.created) = g.d GROUP BY 1 ORDER BY 1
-- case: compare-moments
SELECT count(*) FILTER (WHERE created >= TIMESTAMP '2026-10-25 01:00:00') AS a, count(*) FILTER (WHERE created BETWEEN TIMESTAMP '2026-10-25 00:00:00' AND TIMESTAMP '2026-10-26 00:00:00') AS b FROM api_request_logs
-- case: greatest-moment
SELECT account_id, greatest(max(created), TIMESTAMP '2026-10-30 00:00:00') AS g, least(min(created), TIMESTAMP '2026-10-24 01:00:00') AS l FROM events GROUP BY account_id ORDER BY account_id
-- case: coalesce-moment
SELECT id, coalesce(arrival_date, CAST(created AS DATE)) AS d FROM payouts ORDER BY id
