"""Rows, time and memory are bounded, and a query that ignores its deadline dies alone."""

import time

import pytest

from headwater.evidence.errors import QueryFailed, QueryRefused, QueryTimeout
from headwater.evidence.store import ParquetStore
from headwater.evidence.types import Limits
from tests.evidence.conftest import ask

# One vector of this runs for minutes without looking at the interrupt flag.
DEAF = "select max(levenshtein(repeat('a', 9999) || id, repeat('b', 9999) || id)) from charges"
# This one looks.
LONG = (
    "select count(*) from api_request_logs a, api_request_logs b, api_request_logs c, "
    "api_request_logs d"
)


def worker_pids(store: ParquetStore) -> list[int]:
    return [worker.pid for worker in store._pool._idle]


def test_a_query_that_ignores_interrupts_is_killed(store: ParquetStore) -> None:
    ask(store, "select 1")
    before = worker_pids(store)
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match="killed"):
        ask(store, DEAF, limits=Limits(seconds=0.5))
    assert time.monotonic() - started < 20
    assert ask(store, "select count(*) from charges", "acct_1").rows == ((40,),)
    assert worker_pids(store) != before


def test_a_long_query_stops_at_its_deadline_and_the_worker_stays(store: ParquetStore) -> None:
    ask(store, "select 1")
    before = worker_pids(store)
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"0\.5 seconds"):
        ask(store, LONG, limits=Limits(seconds=0.5))
    assert time.monotonic() - started < 15
    assert worker_pids(store) == before


def test_memory_is_bounded(store: ParquetStore) -> None:
    hungry = "select list(a.id || b.id || c.id) from api_request_logs a, charges b, charges c"
    with pytest.raises(QueryFailed, match="memory"):
        ask(store, hungry, limits=Limits(memory_bytes=100_000_000, seconds=60))
    assert ask(store, "select 1").rows == ((1,),)


@pytest.mark.parametrize(
    ("tail", "rows", "truncated"),
    [("", 10, True), (" limit 3", 3, False), (" limit 10", 10, False), (" limit 500", 10, True)],
)
def test_rows_are_bounded(store: ParquetStore, tail: str, rows: int, truncated: bool) -> None:
    result = ask(store, f"select id from charges order by id{tail}", limits=Limits(rows=10))
    assert (len(result.rows), result.truncated) == (rows, truncated)


def test_a_limit_may_be_a_parameter(store: ParquetStore) -> None:
    assert len(ask(store, "select id from charges limit $n", n=7).rows) == 7
    with pytest.raises(QueryRefused, match="whole number"):
        ask(store, "select id from charges limit $n", n="7; drop")


def test_qualify_is_applied_before_the_limit(store: ParquetStore) -> None:
    latest = (
        "select account_id, id from charges qualify row_number() over "
        "(partition by account_id order by created desc) = 1 order by account_id"
    )
    assert len(ask(store, latest).rows) == 5
    assert len(ask(store, latest + " limit 100").rows) == 5
    assert [row[0] for row in ask(store, latest + " limit 2").rows] == ["acct_0", "acct_1"]


def test_distinct_on_is_applied_before_the_limit(store: ParquetStore) -> None:
    sql = "select distinct on (account_id) account_id, id from charges order by account_id, id"
    assert [row[0] for row in ask(store, sql + " limit 3").rows] == ["acct_0", "acct_1", "acct_2"]


def test_order_survives_the_guard(store: ParquetStore) -> None:
    ids = [row[0] for row in ask(store, "select id from charges order by amount desc").rows]
    assert ids == [f"ch_{i}" for i in range(199, -1, -1)]
