-- grain: one row per pair; working microseconds from started_at to ended_at on a calendar
--
-- pairs(pair, calendar, started_at, ended_at): UTC instants; calendar is its number.
-- working_days(key, worked, open_1, close_1, … open_4, close_4): one row per calendar and UTC day;
-- key is calendar * 1,000,000 + days since 1970; worked is what was worked before that day, and the
-- rest are that day's openings; all in microseconds, an absent opening is 0 to 0.
--
-- Of an instant one row knows everything: what was worked before its day, and how far into each of
-- the day's openings it lies. So two look-ups by one whole number answer a pair, however long it is.
-- A pair that a day is missing for is NULL, never wrong; one that is still open too.
SELECT
  pairs.pair,
  (
    until_day.worked
    + greatest(least(until_at, until_day.close_1) - until_day.open_1, 0)
    + greatest(least(until_at, until_day.close_2) - until_day.open_2, 0)
    + greatest(least(until_at, until_day.close_3) - until_day.open_3, 0)
    + greatest(least(until_at, until_day.close_4) - until_day.open_4, 0)
  ) - (
    from_day.worked
    + greatest(least(from_at, from_day.close_1) - from_day.open_1, 0)
    + greatest(least(from_at, from_day.close_2) - from_day.open_2, 0)
    + greatest(least(from_at, from_day.close_3) - from_day.open_3, 0)
    + greatest(least(from_at, from_day.close_4) - from_day.open_4, 0)
  ) AS working_us
FROM (
  SELECT
    pair,
    calendar,
    epoch_us(started_at) AS from_at,
    epoch_us(ended_at) AS until_at
  FROM pairs
) AS pairs
LEFT JOIN working_days AS from_day
  ON from_day.key = pairs.calendar * 1000000 + from_at // 86400000000
LEFT JOIN working_days AS until_day
  ON until_day.key = pairs.calendar * 1000000 + until_at // 86400000000
