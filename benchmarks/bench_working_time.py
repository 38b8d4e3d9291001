"""Working time of many pairs: `python benchmarks/bench_working_time.py [PAIRS]` (10 million).

Four calendars with holidays and daylight saving; half of the pairs some hours, 40 % some days, 10 %
weeks apart. Prints nanoseconds a pair for ours, for SQL that writes a row for each week of a pair
and sums it up, and for Python libraries where they are installed (`businesstimedelta`,
`business_duration`), each over as many pairs as it can do in reasonable time; and how many of each
differ from `kit.calendars`.
"""

import importlib.util
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from headwater.kit.calendars.files import calendar_from
from headwater.kit.calendars.working_time import WorkingTime
from headwater.metrics.working.days import BETWEEN, make_table

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
CALENDARS = [
    calendar_from({"time_zone": zone, "hours": hours, "holidays": [{"country": country}]}, zone)
    for zone, country, hours in (
        ("America/New_York", "US", {day: ["09:00-17:00"] for day in WEEK}),
        ("Europe/Dublin", "IE", {day: ["09:00-17:30"] for day in WEEK}),
        ("Asia/Singapore", "SG", {day: ["09:00-18:00"] for day in WEEK}),
        (
            "America/Los_Angeles",
            "US",
            {day: ["08:00-12:00", "13:00-18:00"] for day in (*WEEK, "saturday")},
        ),
    )
]
FIRST, LAST = 2023, 2027
PAIRS = """
CREATE TABLE pairs AS
SELECT
  i AS pair,
  (hash(i, 1) % 4)::INTEGER AS calendar,
  started_at,
  started_at + to_microseconds((-ln(1 - u) * CASE WHEN k < 50 THEN 14400 WHEN k < 90 THEN 216000
    ELSE 1036800 END * 1000000)::BIGINT) AS ended_at
FROM (
  SELECT
    i,
    TIMESTAMP '2023-02-01' + to_microseconds((hash(i, 2) % 86400000000000)::BIGINT) AS started_at,
    (hash(i, 3) % 1000000) / 1000001.0 AS u,
    hash(i, 4) % 100 AS k
  FROM range(?) AS r(i)
)
"""
# As common packages do it: a row for each week of a pair, joined to the week's windows.
EXPLODED = """
SELECT sum(us) FROM (
  SELECT p.pair, sum(greatest(
    least(epoch_us(p.ended_at), w.closes) - greatest(epoch_us(p.started_at), w.opens), 0)) AS us
  FROM (
    SELECT pair, calendar, started_at, ended_at,
      unnest(range(epoch_us(started_at) // 604800000000, epoch_us(ended_at) // 604800000000 + 1))
        AS week
    FROM pairs WHERE pair < ?
  ) AS p
  LEFT JOIN windows AS w ON w.calendar = p.calendar AND w.week = p.week
  GROUP BY p.pair
)
"""


def main() -> None:
    """Measures each way and checks it."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    store = duckdb.connect()
    store.execute("SET TimeZone = 'UTC'")
    began = time.perf_counter()
    make_table(store, CALENDARS, FIRST, LAST)
    print(f"the table of days, {LAST - FIRST + 1} years: {time.perf_counter() - began:.2f} s")
    _windows(store)
    store.execute(PAIRS, [number])
    for _ in range(3):
        took = _timed(lambda: store.execute(f"CREATE OR REPLACE TABLE found AS {BETWEEN}"))
        print(f"ours: {took / number * 1e9:.0f} ns a pair ({number:,} pairs, {took:.2f} s)")
    few = min(number, 1_000_000)
    took = _timed(lambda: store.execute(EXPLODED, [few]).fetchall())
    print(f"a row for each week: {took / few * 1e9:.0f} ns a pair ({few:,} pairs)")
    sample = _sample(store, 20_000)
    clocks = [WorkingTime(one) for one in CALENDARS]
    took = _timed(lambda: [clocks[c].between(a, b) for c, a, b, _ in sample])
    print(f"kit.calendars in Python: {took / len(sample) * 1e9:.0f} ns a pair")
    wrong = sum(
        clocks[c].between(a, b) // timedelta(microseconds=1) != us for c, a, b, us in sample
    )
    print(f"ours against it: {wrong} of {len(sample):,} differ")
    _libraries([one for one in sample if one[0] == 0][:2_000])


def _windows(store: duckdb.DuckDBPyConnection) -> None:
    rows = [
        (number, opens // 604_800_000_000, opens, closes)
        for number, one in enumerate(CALENDARS)
        for year in range(FIRST, LAST + 1)
        for opens, closes in one.spans(year)
    ]
    store.execute(
        "CREATE TABLE windows (calendar INTEGER, week BIGINT, opens BIGINT, closes BIGINT)"
    )
    store.execute(
        "INSERT INTO windows SELECT unnest(?), unnest(?), unnest(?), unnest(?)",
        [list(column) for column in zip(*rows, strict=True)],
    )


def _sample(store: duckdb.DuckDBPyConnection, number: int) -> list[tuple[int, Any, Any, int]]:
    rows = store.execute(
        "SELECT calendar, started_at, ended_at, working_us FROM pairs JOIN found USING (pair) "
        "USING SAMPLE reservoir(? ROWS) REPEATABLE (7)".replace("?", str(number))
    ).fetchall()
    return [(c, a.replace(tzinfo=UTC), b.replace(tzinfo=UTC), us) for c, a, b, us in rows]


def _libraries(sample: list[tuple[int, datetime, datetime, int]]) -> None:
    """The first calendar's pairs, by hand-installed libraries."""
    holidays = CALENDARS[0].holidays
    closed = {
        day for each in holidays for year in range(FIRST, LAST + 1) for day in each.dates(year)
    }
    if importlib.util.find_spec("businesstimedelta"):
        import businesstimedelta
        import pytz

        zone = pytz.timezone("America/New_York")
        rule = businesstimedelta.WorkDayRule(
            start_time=datetime(2000, 1, 1, 9).time(), end_time=datetime(2000, 1, 1, 17).time(),  # noqa: DTZ001
            working_days=[0, 1, 2, 3, 4], tz=zone,
        )  # fmt: skip
        rules = businesstimedelta.Rules([rule, businesstimedelta.HolidayRule(closed, tz=zone)])

        def ask(a: datetime, b: datetime) -> float:
            return float(rules.difference(a, b).timedelta.total_seconds())

        _library("businesstimedelta", ask, sample[:300])
    if importlib.util.find_spec("business_duration"):
        from zoneinfo import ZoneInfo

        from business_duration import businessDuration

        zone_of = ZoneInfo("America/New_York")

        def naive(a: datetime, b: datetime) -> float:
            local = [one.astimezone(zone_of).replace(tzinfo=None) for one in (a, b)]
            return float(
                businessDuration(
                    local[0], local[1], datetime(2000, 1, 1, 9).time(),  # noqa: DTZ001
                    datetime(2000, 1, 1, 17).time(), holidaylist=dict.fromkeys(closed, ""),  # noqa: DTZ001
                    unit="sec",
                )
            )  # fmt: skip

        _library("business_duration", naive, sample[:300])


def _library(
    name: str,
    ask: Callable[[datetime, datetime], float],
    sample: list[tuple[int, datetime, datetime, int]],
) -> None:
    found: list[float] = []
    took = _timed(lambda: found.extend(ask(a, b) for _, a, b, _ in sample))
    wrong = sum(abs(one - us / 1e6) > 1 for one, (_, _, _, us) in zip(found, sample, strict=True))
    print(f"{name}: {took / len(sample) * 1e9:,.0f} ns a pair, {wrong} of {len(sample)} differ")


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
