"""Working-time questions a second: `python benchmarks/bench_calendar.py [PAIRS]`.

One calendar with lunch, holidays and daylight saving; random pairs up to sixty days apart. Prints
microseconds a question, and what compiling the years took.
"""

import random
import sys
import time
from datetime import UTC, datetime, timedelta

from headwater.kit.calendars.files import calendar_from
from headwater.kit.calendars.working_time import WorkingTime

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
CALENDAR = {
    "time_zone": "Europe/Berlin",
    "hours": {day: ["09:00-12:30", "13:30-17:30"] for day in DAYS},
    "holidays": [{"country": "DE", "region": "BY"}],
}


def main() -> None:
    """Measures `between` and `add` on the same pairs and checks one with the other."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    chance = random.Random(7)
    first = datetime(2025, 1, 1, tzinfo=UTC)
    starts = [first + timedelta(seconds=chance.randrange(2 * 365 * 86_400)) for _ in range(pairs)]
    ends = [start + timedelta(seconds=chance.randrange(60 * 86_400)) for start in starts]
    times = WorkingTime(calendar_from(CALENDAR, "benchmark"))

    began = time.perf_counter()
    times.between(first, datetime(2027, 12, 31, tzinfo=UTC))
    print(f"compile 3 years: {(time.perf_counter() - began) * 1e3:.1f} ms")

    began = time.perf_counter()
    passed = [times.between(start, end) for start, end in zip(starts, ends, strict=True)]
    print(f"between: {(time.perf_counter() - began) / pairs * 1e6:.2f} µs a question")

    began = time.perf_counter()
    dues = [times.add(start, amount) for start, amount in zip(starts, passed, strict=True)]
    print(f"add: {(time.perf_counter() - began) / pairs * 1e6:.2f} µs a question")

    again = [times.between(start, due) for start, due in zip(starts, dues, strict=True)]
    print(
        f"pairs where the two disagree: {sum(a != b for a, b in zip(again, passed, strict=True))}"
    )


if __name__ == "__main__":
    main()
