-- Grain: one row per account that a query finds, the biggest first. `matches` stands for the query.
-- Volume is what was charged in the account's busiest currency of the window, in its minor units:
-- amounts of several currencies do not add up.
WITH found AS (
    SELECT
        m.account_id,
        min(coalesce(m.first_seen, m.last_seen)) AS first_seen,
        max(coalesce(m.last_seen, m.first_seen)) AS last_seen,
        sum(m.occurrences) AS occurrences,
        string_agg(DISTINCT m.mode, ' ' ORDER BY m.mode) AS modes
    FROM matches AS m
    GROUP BY m.account_id
),
charged AS (
    SELECT c.account_id, c.currency, count(*) AS payments, sum(c.amount) AS volume
    FROM charges AS c
    WHERE c.created >= $window_start AND c.created < $window_end AND c.status = 'succeeded'
    GROUP BY c.account_id, c.currency
),
sized AS (
    SELECT
        account_id,
        payments,
        volume,
        currency,
        sum(payments) OVER (PARTITION BY account_id) AS all_payments,
        row_number() OVER (PARTITION BY account_id ORDER BY payments DESC, currency) AS place
    FROM charged
)
SELECT
    found.account_id,
    CASE WHEN a.parent_platform_id IS NULL THEN 'direct' ELSE 'connected' END AS kind,
    a.country,
    found.modes,
    found.first_seen,
    found.last_seen,
    found.occurrences,
    coalesce(sized.all_payments, 0) AS payments,
    coalesce(sized.volume, 0) AS volume,
    sized.currency
FROM found
LEFT JOIN accounts AS a ON a.id = found.account_id
LEFT JOIN sized ON sized.account_id = found.account_id AND sized.place = 1
ORDER BY payments DESC, found.occurrences DESC, found.account_id
