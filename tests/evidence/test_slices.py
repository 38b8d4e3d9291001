"""Reading an account's rows from memory gives the same answers as reading the files."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headwater.evidence import slices
from headwater.evidence.engine import Engine
from headwater.evidence.errors import QueryRefused
from headwater.evidence.types import EvidenceStore, Purpose, Result, Scope
from headwater.kit.errors import HeadwaterError
from tests.evidence.attacks import CONFINED

MEMORY = 500_000_000
QUESTIONS = [
    *CONFINED,
    "select id, amount from charges",
    "select status, count(*) as n from charges group by 1",
    "select amount, currency, paid from charges where created > timestamp '2026-11-02'",
    "select c.id, r.id from charges c left join refunds r on r.charge_id = c.id",
    "select id from charges c where exists (select 1 from events where data_object_id = c.id)",
    "select id, (select max(created) from events where data_object_id = c.id) as m from charges c",
    "select * exclude (created) from events",
    "select e from events e",
]


@pytest.fixture
def engine(lake: Path) -> Iterator[Engine]:
    made = Engine(lake, threads=1, memory_bytes=MEMORY)
    yield made
    made._connection.close()


def answer(engine: Engine, sql: str, *accounts: str, **params: datetime) -> Any:
    try:
        reply = engine.query(sql, params, accounts, 5_000, 30.0)
    except HeadwaterError as error:
        return type(error).__name__
    # A query without ORDER BY, or with a LIMIT, promises no particular rows.
    rows = sorted(map(repr, reply["rows"]))
    # What has no rows need not say of which types they would be.
    types = reply["types"] if rows else None
    return reply["columns"], types, len(rows) if "limit" in sql else rows


def slices_made(engine: Engine) -> int:
    count = "select count(*) from duckdb_tables() where temporary"
    return int(engine._connection.execute(count).fetchall()[0][0])


@pytest.mark.slow
def test_a_pass_changes_no_answer(engine: Engine, lake: Path) -> None:
    plain = Engine(lake, threads=1, memory_bytes=MEMORY)
    for accounts in (("acct_1",), ("acct_2", "acct_3"), ("acct_1",), ("nobody",)):
        engine.prepare(QUESTIONS, {}, accounts, 30.0)
        assert slices_made(engine) > 2
        for sql in QUESTIONS:
            assert answer(engine, sql, *accounts) == answer(plain, sql, *accounts), sql


WINDOWED = [
    "select id from charges where created >= $low and created < $high",
    "select id from charges where created between $low and $high and amount > 0",
    "select id from charges where $low < created and $high >= created",
    "select id from charges where created >= $low - interval 3 day and created < $high",
    "select id from charges where created >= $low or amount > 500",
    "select id from charges where not (created >= $low)",
    "select c.id, r.id from charges c left join refunds r on r.charge_id = c.id"
    " and r.created >= $low where c.created < $high",
    "select c.id, r.id from charges c left join refunds r on r.charge_id = c.id"
    " where r.created >= $low",
    "select c.id, e.id from charges c asof left join events e on e.account_id = c.account_id"
    " and e.created >= c.created where e.created >= $low",
    "with recent as (select * from charges where created >= $low) select count(*) from recent"
    " union all select count(*) from charges where created < $high",
    "select count(*) from charges where created >= (select max(created) from events)",
]


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    chosen=st.lists(st.sampled_from(WINDOWED), min_size=1, max_size=4, unique=True),
    hours=st.tuples(st.integers(-200, 900), st.integers(-200, 900)),
)
def test_a_pass_bounded_in_time_changes_no_answer(
    engine: Engine, lake: Path, chosen: list[str], hours: tuple[int, int]
) -> None:
    begin = datetime(2026, 11, 1)
    asked = {"low": begin + timedelta(hours=hours[0]), "high": begin + timedelta(hours=hours[1])}
    plain = {sql: answer(engine, sql, "acct_1", **asked) for sql in chosen}
    assert not any(isinstance(each, str) for each in plain.values()), plain
    engine.prepare(chosen, asked, ("acct_1",), 30.0)
    assert slices_made(engine)
    for sql in chosen:
        assert answer(engine, sql, "acct_1", **asked) == plain[sql], sql
    engine._slices.clear()


def test_a_query_outside_the_pass_reads_the_files(engine: Engine) -> None:
    engine.prepare(["select type from events"], {}, ("acct_1",), 30.0)
    late = "select pending_webhooks, livemode, type from events"
    columns, _, rows = answer(engine, late, "acct_1")
    assert columns == ["pending_webhooks", "livemode", "type"] and len(rows) == 20
    assert len(answer(engine, "select type from events", "acct_2")[2]) == 20


def test_an_account_with_too_many_rows_is_read_from_the_files(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "MAX_ROWS", 10)
    engine.prepare(["select id from charges"], {}, ("acct_4",), 30.0)
    assert slices_made(engine) == 0
    assert answer(engine, "select id from charges", "acct_4")[2] == sorted(
        repr([f"ch_{i}"]) for i in range(4, 200, 5)
    )


def test_few_passes_are_kept_and_all_tables_go(engine: Engine) -> None:
    for number in range(5):
        engine.prepare(["select id from charges"], {}, (f"acct_{number}",), 30.0)
    assert slices_made(engine) == slices._MAX_PASSES
    engine._slices.clear()
    assert slices_made(engine) == 0


def test_refused_queries_do_not_stop_a_pass(store: EvidenceStore) -> None:
    answers = store.query_many(
        {"good": "select id from charges", "bad": "drop table charges", "odd": "select nope"},
        purpose=Purpose("tests", "cli", "a pass"),
        scope=Scope(("acct_1",)),
    )
    assert isinstance(answers["good"], Result) and len(answers["good"].rows) == 40
    assert isinstance(answers["bad"], QueryRefused)
    assert isinstance(answers["odd"], HeadwaterError)
