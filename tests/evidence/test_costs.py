"""What a query would read is told before it runs, and nobody holds all the workers."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import duckdb
import pytest

from headwater.evidence.errors import QueryLimit, QueryRefused
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import ParquetStore, open_store
from headwater.evidence.types import Limits, Purpose, Reader, Role, Scope
from headwater.kit.errors import HeadwaterError

BEGIN = datetime(2026, 11, 1)
WINDOW = "created >= $window_start and created < $window_end"
SLOW = "select count(*) from api_request_logs a, api_request_logs b, api_request_logs c"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ParquetStore]:
    lake = tmp_path_factory.mktemp("costs")
    with duckdb.connect() as engine:
        for day in range(4):
            folder = lake / "api_request_logs" / f"dt=2026-11-0{day + 1}"
            folder.mkdir(parents=True)
            engine.execute(
                "COPY (SELECT 'req_' || i AS id, 'acct_' || (i // 4096) AS account_id, "
                f"timestamp '2026-11-0{day + 1}' + interval (i % 80000) second AS created, 200 AS "
                f"status, repeat('x', 50) || i AS path FROM range(16384) t(i)) "
                f"TO '{folder}/a.parquet' (ROW_GROUP_SIZE 4096)"
            )
    opened = open_store(lake, recorder=FileRecorder(lake / "_r.jsonl"), threads=1, workers=3)
    assert isinstance(opened, ParquetStore)
    yield opened
    opened.close()


def days(number: int) -> dict[str, datetime]:
    return {"window_start": BEGIN, "window_end": BEGIN + timedelta(days=number)}


def test_the_estimate_follows_account_time_and_columns(store: ParquetStore) -> None:
    sql = f"select count(*), max(status) from api_request_logs where {WINDOW}"
    everything = store.estimate(sql, scope=Scope(None), params=days(4))["api_request_logs"]
    assert everything.rows == 4 * 16384
    half = store.estimate(sql, scope=Scope(None), params=days(2))["api_request_logs"]
    assert 2 * 16384 <= half.rows <= 2 * 16384 + 4096  # a group that begins at the end
    one = store.estimate(sql, scope=Scope(("acct_1",)), params=days(4))["api_request_logs"]
    assert one.rows == 4 * 4096
    wide = store.estimate(
        f"select * from api_request_logs where {WINDOW}", scope=Scope(None), params=days(4)
    )["api_request_logs"]
    assert wide.bytes > 2 * everything.bytes
    twice = f"select count(*) from api_request_logs where {WINDOW} union all {sql.replace(', max(status)', '')}"  # noqa: E501
    both = store.estimate(twice, scope=Scope(None), params=days(4))["api_request_logs"]
    assert both.rows == 2 * everything.rows


def test_an_estimate_passes_the_guard_and_names_missing_parameters(store: ParquetStore) -> None:
    with pytest.raises(QueryRefused):
        store.estimate("select * from read_csv('/etc/passwd')", scope=Scope(None))
    with pytest.raises(QueryRefused, match="window_end"):
        store.estimate(f"select id from api_request_logs where {WINDOW}", scope=Scope(None))


def test_one_person_cannot_hold_all_workers(store: ParquetStore) -> None:
    told: list[str] = []

    def ask(ticket: str) -> None:
        try:
            store.query(
                SLOW,
                purpose=Purpose("ada", "desk", "holding on"),
                scope=Scope(None, Reader(Role.SPECIALIST)),
                limits=Limits(seconds=20),
                ticket=ticket,
            )
        except HeadwaterError as error:
            told.append(type(error).__name__)

    threads = [threading.Thread(target=ask, args=(f"t{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    while store._running["ada"] < 2:
        threads[0].join(0.05)
    with pytest.raises(QueryLimit, match="2 queries running"):
        store.query(
            "select 1 as one",
            purpose=Purpose("ada", "desk", "a third"),
            scope=Scope(None, Reader(Role.SPECIALIST)),
        )
    other = Purpose("bea", "desk", "somebody else")
    assert store.query("select 1 as one", purpose=other, scope=Scope(None)).rows == ((1,),)
    for n in range(2):
        store.cancel(f"t{n}")
    for thread in threads:
        thread.join(10)
    assert told == ["QueryCancelled"] * 2
    assert store._running["ada"] == 0
