"""Files without rows of the asked time are left out, and no answer changes by it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headwater.evidence.engine import Engine
from headwater.evidence.types import Reader, Role
from tests.evidence.conftest import write_parquet

START = datetime(2026, 9, 1)
# Hours after the start, file by file: overlapping, out of order, with NULL, and nothing at all.
FILES: list[list[int | None]] = [
    [0, 5, 23], [24, 30, 47], [20, 50, 71], [72, None, 90], [None, None], [96, 96], [3, 300], [],
]  # fmt: skip
HOURS = [hour for file in FILES for hour in file]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    root = tmp_path_factory.mktemp("spans")
    for number, hours in enumerate(FILES):
        times = [
            "NULL" if hour is None else f"'{START + timedelta(hours=hour)}'" for hour in hours
        ] or ["NULL"]
        rows = ", ".join(f"({time})" for time in times)
        write_parquet(
            root / "charges" / f"dt=2026-01-{number + 1:02}" / "part.parquet",
            f"SELECT 'acct_' || (i % 2) AS account_id, t::TIMESTAMP AS created, 1 AS amount FROM "
            f"(SELECT unnest(range({len(times)})) AS i, unnest([{rows}]) AS t)"
            + ("" if hours else " WHERE false"),
        )
    yield Engine(root, threads=1, memory_bytes=200_000_000)


def read_files(engine: Engine) -> set[int]:
    views: dict[Any, Any] = engine._catalogue._narrow
    return {len(files) for _, files in views}


moments = st.integers(-10, 310)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(low=moments, length=st.integers(0, 200), person=st.booleans(), half=st.booleans())
def test_no_answer_changes(engine: Engine, low: int, length: int, person: bool, half: bool) -> None:
    high = low + length
    params = {"a": START + timedelta(hours=low), "b": START + timedelta(hours=high)}
    upper = "" if half else " AND created < $b"
    accounts = ("acct_0", "acct_1") if person else None
    sql = f"SELECT count(*) FROM charges WHERE created >= $a{upper}"
    reader = Reader(Role.SPECIALIST if person else Role.SYSTEM)
    found = engine.query(sql, params, accounts, 10, 20.0, reader=reader)["rows"]
    wanted = [h for h in HOURS if h is not None and h >= low and (half or h < high)]
    assert found == [[len(wanted)]]


def test_a_day_opens_the_files_of_that_day(engine: Engine) -> None:
    engine._catalogue._narrow.clear()
    params = {"a": START + timedelta(hours=24), "b": START + timedelta(hours=48)}
    sql = "SELECT max(created) FROM charges WHERE created >= $a AND created <= $b"
    engine.query(sql, params, None, 10, 20.0)
    assert read_files(engine) == {3}
    joined = (
        "SELECT count(*) FROM charges AS a LEFT JOIN charges AS b ON a.created = b.created "
        "WHERE a.created >= $a AND a.created <= $b"
    )
    # One of the two is not bounded, so nothing is left out.
    engine.query(joined, params, None, 10, 20.0)
    assert read_files(engine) == {3}


def test_a_bound_that_fails_is_the_query_s_own_error(engine: Engine) -> None:
    sql = "SELECT count(*) FROM charges WHERE created >= CAST($x AS TIMESTAMP)"
    with pytest.raises(Exception, match=r"(?i)conver|timestamp"):
        engine.query(sql, {"x": "no time"}, None, 10, 20.0)
