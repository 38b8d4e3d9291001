-- Grain: one row per first day and last day on which a query sees an account; `accounts` says how
-- many. `matches` stands for the query. From these few numbers follow the accounts of every day.
SELECT first_day, last_day, count(*) AS accounts
FROM (
    SELECT
        m.account_id,
        date_trunc('day', min(coalesce(m.first_seen, m.last_seen))) AS first_day,
        date_trunc('day', max(coalesce(m.last_seen, m.first_seen))) AS last_day
    FROM matches AS m
    GROUP BY m.account_id
) AS per_account
WHERE first_day IS NOT NULL
GROUP BY first_day, last_day
ORDER BY first_day, last_day
