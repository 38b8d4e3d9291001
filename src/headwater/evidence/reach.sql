-- Grain: one row per kind of account, mode and size of the sign; `accounts` says how many.
-- `matches` stands for the query whose accounts are counted. Sizes are half octaves, so that a
-- few numbers describe millions of accounts.
SELECT kind, mode, often, strong, count(*) AS accounts
FROM (
    SELECT
        kind,
        mode,
        CASE WHEN coalesce(size, 0) < 1 THEN 0
             ELSE CAST(floor(2 * ln(size) / ln(2)) AS INTEGER) END AS often,
        CASE WHEN coalesce(grade, 0) < 1 THEN 0
             ELSE CAST(floor(2 * ln(grade) / ln(2)) AS INTEGER) END AS strong
    FROM (
        SELECT
            m.account_id,
            CASE WHEN a.parent_platform_id IS NULL THEN 'direct' ELSE 'connected' END AS kind,
            coalesce(m.mode, '') AS mode,
            max(m.occurrences) AS size,
            max(m.strength) * 1000 AS grade
        FROM matches AS m
        LEFT JOIN accounts AS a ON a.id = m.account_id
        GROUP BY 1, 2, 3
    ) AS per_account
) AS sized
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
