-- The small world of the conformance suite: written once by DuckDB, loaded into every engine.
-- Deterministic, and full of what engines disagree about: NULLs, empty text, accents, case,
-- line breaks, ties, leap days, clocks that jump, negative and very large amounts.

CREATE TABLE accounts AS
SELECT
  'acct_' || lpad(CAST(i AS VARCHAR), 3, '0') AS id,
  CASE WHEN i % 4 = 0 THEN NULL ELSE 'acct_000' END AS parent_platform_id,
  ['standard', 'express', 'custom'][i % 3 + 1] AS type,
  ['US', 'DE', 'FR', 'JP', NULL][i % 5 + 1] AS country,
  ['Émile & Co', 'emile & co', 'EMILE & CO', 'zebra', 'Ärger GmbH', 'apple', 'Åse', '', NULL, '東京', 'O''Hara', '_x%'][i + 1] AS business_name,
  TIMESTAMP '2024-02-29 23:59:59.5' + to_days(CAST(i * 37 AS INTEGER)) AS created,
  CASE WHEN i % 3 = 0 THEN NULL ELSE i % 2 = 0 END AS charges_enabled,
  CASE WHEN i = 3 THEN NULL ELSE i * 2 END AS payout_schedule_delay_days,
  ['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Tokyo'][i % 4 + 1] AS timezone
FROM range(12) AS t(i);

CREATE TABLE api_request_logs AS
SELECT
  'req_' || lpad(CAST(i AS VARCHAR), 5, '0') AS id,
  'acct_' || lpad(CAST((i * 7) % 12 AS VARCHAR), 3, '0') AS account_id,
  TIMESTAMP '2026-10-24 20:00:00' + to_minutes(CAST((i * 37) % 14400 AS INTEGER)) AS created,
  i % 10 <> 0 AS livemode,
  ['GET', 'POST', 'DELETE'][i % 3 + 1] AS method,
  ['/v1/charges', '/v1/charges/:id', '/v1/payouts', '/V1/Events', '/v1/payment_intents', '/v1/été'][i % 6 + 1] AS route,
  '/v1/charges/ch_' || CAST(i AS VARCHAR) AS path,
  [200, 200, 200, 402, 429, 500, 503][i % 7 + 1] AS status,
  CASE WHEN i % 11 = 0 THEN NULL ELSE (i * i) % 1777 END AS duration_ms,
  CASE i % 7 WHEN 3 THEN 'card_declined' WHEN 4 THEN 'rate_limit' WHEN 5 THEN 'Überlast' WHEN 6 THEN '' END AS error_code,
  CASE WHEN i % 7 = 3 THEN 'line one' || chr(10) || 'line two' WHEN i % 7 = 4 THEN '12' WHEN i % 7 = 5 THEN 'a\b%c_d' END AS error_message,
  CASE
    WHEN i % 5 = 0 THEN NULL
    WHEN i % 5 = 1 THEN '{"error": {"code": "c' || CAST(i % 3 AS VARCHAR) || '", "n": ' || CAST(i AS VARCHAR) || '}, "items": [{"id": "it_' || CAST(i AS VARCHAR) || '", "amt": ' || CAST(i * 100 AS VARCHAR) || '}], "ok": false, "z": null}'
    WHEN i % 5 = 2 THEN '{"error": {}, "items": [], "ok": true, "deep": {"a": {"b": "é\"q"}}}'
    WHEN i % 5 = 3 THEN '{}'
    ELSE '{"ok": true, "items": [{"id": "x", "amt": 5}, {"id": "y", "amt": 6}]}'
  END AS response_body,
  CASE WHEN i % 4 = 0 THEN 'key_' || CAST(i % 9 AS VARCHAR) END AS idempotency_key
FROM range(600) AS t(i);

CREATE TABLE charges AS
SELECT
  'ch_' || lpad(CAST(i AS VARCHAR), 5, '0') AS id,
  'acct_' || lpad(CAST((i * 5) % 12 AS VARCHAR), 3, '0') AS account_id,
  CASE WHEN i % 6 = 0 THEN NULL ELSE 'pi_' || CAST(i // 2 AS VARCHAR) END AS payment_intent_id,
  TIMESTAMP '2026-10-20 00:00:00.25' + to_minutes(CAST((i * 91) % 20160 AS INTEGER)) AS created,
  i % 8 <> 0 AS livemode,
  CASE WHEN i = 7 THEN 9007199254740993 WHEN i = 8 THEN -250 ELSE 100 + (i * 7919) % 50000 END AS amount,
  CASE WHEN i % 3 = 0 THEN NULL ELSE (i * 13) % 900 END AS amount_refunded,
  ['usd', 'eur', 'jpy'][i % 3 + 1] AS currency,
  CASE WHEN i % 4 = 0 THEN 'failed' ELSE 'succeeded' END AS status,
  CASE WHEN i % 4 = 0 THEN ['card_declined', 'expired_card', NULL][i % 3 + 1] END AS failure_code,
  CASE WHEN i % 9 = 0 THEN NULL ELSE (i * 31) % 100 END AS outcome_risk_score,
  ['visa', 'mastercard', 'amex', NULL][i % 4 + 1] AS card_brand,
  CASE WHEN i % 5 = 0 THEN NULL ELSE i % 2 = 0 END AS refunded
FROM range(300) AS t(i);

CREATE TABLE events AS
SELECT
  'evt_' || lpad(CAST(i AS VARCHAR), 5, '0') AS id,
  'acct_' || lpad(CAST((i * 11) % 12 AS VARCHAR), 3, '0') AS account_id,
  ['charge.failed', 'charge.succeeded', 'payout.paid', 'account.updated'][i % 4 + 1] AS type,
  TIMESTAMP '2026-10-24 00:00:00' + to_minutes(CAST(i * 53 AS INTEGER)) AS created,
  'ch_' || lpad(CAST(i AS VARCHAR), 5, '0') AS data_object_id
FROM range(200) AS t(i);

CREATE TABLE webhook_delivery_attempts AS
SELECT
  'wda_' || lpad(CAST(i AS VARCHAR), 5, '0') AS id,
  'acct_' || lpad(CAST((i * 11) % 12 AS VARCHAR), 3, '0') AS account_id,
  'evt_' || lpad(CAST(i % 200 AS VARCHAR), 5, '0') AS event_id,
  CAST(1 + i % 4 AS INTEGER) AS attempt,
  TIMESTAMP '2026-10-24 00:07:00' + to_minutes(CAST(i * 41 AS INTEGER)) AS attempted_at,
  CASE WHEN i % 6 = 0 THEN NULL ELSE [200, 500, 410][i % 3 + 1] END AS response_status,
  CASE WHEN i % 3 = 0 THEN 'succeeded' ELSE 'failed' END AS status
FROM range(240) AS t(i);

CREATE TABLE payouts AS
SELECT
  'po_' || lpad(CAST(i AS VARCHAR), 3, '0') AS id,
  'acct_' || lpad(CAST(i % 12 AS VARCHAR), 3, '0') AS account_id,
  TIMESTAMP '2024-02-26 22:30:00' + to_hours(CAST(i * 9 AS INTEGER)) AS created,
  CASE WHEN i = 5 THEN NULL ELSE CAST(TIMESTAMP '2024-02-27' + to_days(CAST(i AS INTEGER)) AS DATE) END AS arrival_date,
  i * 1001 - 5000 AS amount,
  ['usd', 'eur'][i % 2 + 1] AS currency,
  CASE WHEN i % 5 = 0 THEN 'failed' ELSE 'paid' END AS status
FROM range(40) AS t(i);

-- A table of the contract that has no rows: empty groups.
CREATE TABLE disputes AS
SELECT 'dp_1' AS id, 'acct_001' AS account_id, TIMESTAMP '2026-01-01' AS created, 1 AS amount WHERE 1 = 0;
