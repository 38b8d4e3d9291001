"""Working time in SQL: exact against the calendars that clocks run on."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest

from headwater.kit.calendars.frozen import frozen, thawed
from headwater.kit.calendars.rules import Calendar, HolidaySet, Shift
from headwater.kit.calendars.working_time import WorkingTime
from headwater.metrics.working.days import BETWEEN, TooManyOpenings, make_table, working_days

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC", "Africa/Cairo")
Pair = tuple[int, int, datetime, datetime | None]


def random_calendar(chance: random.Random) -> Calendar:
    def shifts() -> tuple[Shift, ...]:
        cuts = sorted(chance.sample(range(0, 30 * 3600, 900), 2 * chance.randint(1, 2)))
        return tuple(Shift(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True))

    calendar = Calendar(
        name="random",
        zone=ZoneInfo(chance.choice(ZONES)),
        hours={day: shifts() for day in range(7) if chance.random() < 0.8},
        holidays=(HolidaySet("DE", "BE"),) if chance.random() < 0.5 else (),
        exceptions={date(2026, chance.randint(1, 12), 9): shifts() for _ in range(4)},
    )
    return thawed(frozen(calendar, year=2026))


def random_pairs(chance: random.Random, number: int, calendars: int) -> list[Pair]:
    found: list[Pair] = []
    for pair in range(number):
        start = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.uniform(0, 6e7))
        spans = (chance.expovariate(1 / 14_400), chance.expovariate(1 / 1_000_000), 86_400.0, 0.0)
        end = start + timedelta(seconds=chance.choice(spans))
        found.append((pair, chance.randrange(calendars), start, end))
    return found


def asked(calendars: list[Calendar], pairs: list[Pair]) -> dict[int, int | None]:
    with duckdb.connect() as store:
        store.execute("SET TimeZone = 'UTC'")
        make_table(store, calendars, 2024, 2027)
        store.execute(
            "CREATE TABLE pairs "
            "(pair BIGINT, calendar INTEGER, started_at TIMESTAMP, ended_at TIMESTAMP)"
        )
        columns = zip(
            *((n, c, a.replace(tzinfo=None), b and b.replace(tzinfo=None)) for n, c, a, b in pairs),
            strict=True,
        )
        store.execute(
            "INSERT INTO pairs SELECT unnest(?), unnest(?), unnest(?), unnest(?)",
            [list(column) for column in columns],
        )
        return dict(store.execute(BETWEEN).fetchall())


@pytest.mark.slow
def test_as_the_calendars_say_to_the_microsecond() -> None:
    chance = random.Random(8)
    calendars = [random_calendar(chance) for _ in range(8)]
    pairs = random_pairs(chance, 4_000, len(calendars))
    found = asked(calendars, pairs)
    clocks = [WorkingTime(one) for one in calendars]
    for pair, calendar, start, end in pairs:
        assert end is not None
        wanted = clocks[calendar].between(start, end) // timedelta(microseconds=1)
        assert found[pair] == wanted, (calendars[calendar], start, end)
    assert sum(1 for one in found.values() if one == 0) > 100  # they stay, as zero


OFFICE = Calendar(
    "office", ZoneInfo("Europe/Berlin"), {d: (Shift(32400, 61200),) for d in range(5)}
)


def test_what_is_open_or_beyond_the_table_is_not_known() -> None:
    monday = datetime(2026, 3, 30, 6, 0, tzinfo=UTC)  # the day after clocks went forward
    found = asked(
        [OFFICE],
        [
            (1, 0, monday, monday + timedelta(hours=2)),
            (2, 0, monday, None),
            (3, 0, monday, datetime(2029, 1, 1, tzinfo=UTC)),
            (4, 0, monday + timedelta(hours=4), monday),
            (5, 7, monday, monday),
        ],
    )
    assert found == {1: 3_600_000_000, 2: None, 3: None, 4: -10_800_000_000, 5: None}


def test_a_day_with_more_openings_than_there_is_room_for_is_refused() -> None:
    many = Calendar(
        "many", ZoneInfo("UTC"), {0: tuple(Shift(n * 7200, n * 7200 + 60) for n in range(5))}
    )
    with pytest.raises(TooManyOpenings, match="opens 5 times"):
        list(working_days([many], 2026, 2026))
