"""Reading an account's rows from memory gives the same answers as reading the files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headwater.evidence import slices
from headwater.evidence.engine import Engine
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
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "_MIN_BYTES", 0)


@pytest.fixture
def engine(lake: Path, always: None) -> Iterator[Engine]:
    made = Engine(lake, threads=1, memory_bytes=MEMORY)
    for sql in QUESTIONS:
        try:
            made.needs(sql)
        except HeadwaterError:
            continue
    yield made
    made._connection.close()
    made._parser.close()


def answer(engine: Engine, sql: str, *accounts: str) -> Any:
    try:
        reply = engine.query(sql, {}, accounts, 5_000, 30.0)
    except HeadwaterError as error:
        return type(error).__name__
    # A query without ORDER BY, or with a LIMIT, promises no particular rows.
    rows = sorted(map(repr, reply["rows"]))
    return reply["columns"], reply["types"], len(rows) if "limit" in sql else rows


@pytest.mark.slow
def test_slices_change_no_answer(engine: Engine, lake: Path) -> None:
    plain = Engine(lake, threads=1, memory_bytes=MEMORY)
    plain._slices.sources = lambda template, accounts: {}  # type: ignore[method-assign]
    for accounts in (("acct_1",), ("acct_2", "acct_3"), ("acct_1",), ("nobody",)):
        for sql in QUESTIONS:
            assert answer(engine, sql, *accounts) == answer(plain, sql, *accounts), sql
    held = engine._slices._scopes[("acct_1",)]
    assert {table for table, source in held.items() if source} >= {"charges", "events"}


def test_a_query_that_needs_more_columns_gets_them(engine: Engine) -> None:
    first = "select type from events"
    assert answer(engine, first, "acct_1") == answer(engine, first, "acct_1")
    late = "select pending_webhooks, livemode, type from events"
    columns, _, rows = answer(engine, late, "acct_1")
    assert columns == ["pending_webhooks", "livemode", "type"] and len(rows) == 20


def test_an_account_with_too_many_rows_is_read_from_the_files(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "MAX_ROWS", 10)
    assert answer(engine, "select id from charges", "acct_4")[2] == sorted(
        repr([f"ch_{i}"]) for i in range(4, 200, 5)
    )
    assert engine._slices._scopes[("acct_4",)]["charges"] is None


def test_few_scopes_are_kept_and_all_tables_go(engine: Engine) -> None:
    for number in range(5):
        answer(engine, "select id from charges", f"acct_{number}")
    assert len(engine._slices._scopes) == slices._MAX_SCOPES
    count = "select count(*) from duckdb_tables() where temporary"
    assert engine._connection.execute(count).fetchall()[0][0] <= 2 * slices._MAX_SCOPES
    engine._slices.clear()
    assert engine._connection.execute(count).fetchall() == [(0,)]
