"""Rows that meet no condition of a query's sieve cannot change its answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwater.evidence import slices
from headwater.evidence.contract import load_contract
from headwater.evidence.engine import Engine
from headwater.evidence.guard import compile_query

CONTRACT = load_contract()
CONDITIONS = {
    "select id from charges": None,
    "select id from charges where status = 'failed'": ["(\"status\" = 'failed')"],
    "select id from charges where created > $since": None,
    "select id from charges where created > $since and amount > 5": ['("amount" > 5)'],
    "select id from charges where amount > 5 or status = 'failed'": [
        '("amount" > 5 OR "status" = \'failed\')'
    ],
    "select a.id from charges a join charges b on b.amount = a.amount and b.paid"
    " where a.status = 'failed'": ['("paid")', "(\"status\" = 'failed')"],
    # Without its match a row would stand there with NULLs: the test of NULL must see it.
    "select c.id from refunds c left join charges r on r.id = c.charge_id where r.id is null": None,
    "select c.id from refunds c left join charges r on r.id = c.charge_id and r.paid": ['("paid")'],
    "select c.id from charges c right join refunds r on r.charge_id = c.id where c.paid": None,
    "select c.id from charges c full join refunds r on r.charge_id = c.id and c.paid": None,
    "select id from refunds where charge_id in (select id from charges where paid)": ['("paid")'],
    "select id from refunds r where not exists"
    " (select 1 from charges c where c.id = r.charge_id and c.paid)": ['("paid")'],
    "select id from charges where amount > (select max(amount) from refunds)": None,
    "select c.id from charges c, refunds r where c.amount > r.amount and c.paid": ['("paid")'],
    "select count(*) from charges having count(*) filter (where paid) > 0": None,
    "with c as (select * from charges where paid) select * from c union all"
    " select * from charges where amount > 5": ['("amount" > 5)', '("paid")'],
    "with c as (select * from charges where paid) select * from c union all"
    " select * from charges": None,
}


@pytest.mark.parametrize("sql", CONDITIONS)
def test_what_a_row_has_to_fulfil(sql: str) -> None:
    found = compile_query(sql, CONTRACT, scoped=True).sieves.get("charges")
    assert (sorted(found) if found else None) == CONDITIONS[sql]


_MAYBE = st.sampled_from([None, 0, 1, 2])
_ROWS = st.lists(st.tuples(_MAYBE, _MAYBE, _MAYBE), max_size=7)
ASKED = [
    *(sql for sql in CONDITIONS if "$since" not in sql),
    "select id, status from charges where coalesce(amount, 7) > 5 and status is null",
    "select r.id, c.amount from refunds r left join charges c on c.id = r.charge_id"
    " and c.status is null where r.amount > 0",
    "select c.id, count(r.id) as n from charges c left join refunds r on r.charge_id = c.id"
    " where c.status <> '1' group by 1",
    "select id, row_number() over (order by id, amount, status) as n from charges where amount = 1",
    "select status, sum(amount) as n from charges where paid group by 1",
    "select id from charges c where exists (select 1 from charges d where d.status = '1')"
    " and c.amount = 2",
    "select c.id from charges c anti join refunds d on d.charge_id = c.id and c.paid",
    "select c.id from charges c semi join refunds d on d.charge_id = c.id and d.amount = 1"
    " where not c.paid",
]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(charges=_ROWS, refunds=_ROWS, sql=st.sampled_from(ASKED))
def test_rows_outside_the_sieve_change_nothing(
    charges: list[tuple[Any, ...]], refunds: list[tuple[Any, ...]], sql: str
) -> None:
    template = compile_query(sql, CONTRACT, scoped=False)
    with duckdb.connect() as db:
        db.execute("CREATE TABLE charges (id VARCHAR, amount BIGINT, status VARCHAR, paid BOOLEAN)")
        db.execute("CREATE TABLE refunds (id VARCHAR, amount BIGINT, charge_id VARCHAR)")
        for one, amount, status in charges:
            row = [one, amount, status, None if status is None else amount != 1]
            db.execute("INSERT INTO charges VALUES (?, ?, ?, ?)", row)
        for row in refunds:
            db.execute("INSERT INTO refunds VALUES (?, ?, ?)", list(row))
        before = sorted(map(repr, db.execute(sql).fetchall()))
        for table, conditions in template.sieves.items():
            kept = " OR ".join(f"({each})" for each in conditions)
            db.execute(f"DELETE FROM {table} WHERE ({kept}) IS NOT TRUE")
        assert sorted(map(repr, db.execute(sql).fetchall())) == before


@pytest.fixture
def engine(lake: Path) -> Iterator[Engine]:
    made = Engine(lake, threads=1, memory_bytes=500_000_000)
    yield made
    made._connection.close()


def answer(engine: Engine, sql: str) -> Any:
    return sorted(map(repr, engine.query(sql, {}, ("acct_4",), 5_000, 30.0)["rows"]))


def test_of_too_many_rows_those_are_kept_that_sparing_queries_can_use(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sparing = "select id, amount from charges where amount = 1040"
    never = "select id from charges where amount = -1"
    needing = "select c.id from charges c join charges d on d.amount > c.amount where c.amount = -2"
    greedy = "select count(*) as n, max(amount) as most from charges"
    asked = [sparing, never, needing, greedy]
    before = {sql: answer(engine, sql) for sql in asked}
    assert len(before[sparing]) < len(answer(engine, "select id from charges")) == 40
    monkeypatch.setattr(slices, "MAX_ROWS", 10)
    engine.prepare(asked, {}, ("acct_4",), 30.0)
    (held,) = engine._slices._passes.values()
    assert not held.sources
    relation = held.sieved["charges"][0].relation
    kept = engine._connection.execute(f"select distinct amount from {relation}").fetchall()
    assert kept == ([(1040,)] if before[sparing] else [])
    assert {sql: answer(engine, sql) for sql in asked} == before
    fruitless = {
        sql for sql in asked
        if engine._slices.fruitless(compile_query(sql, CONTRACT, scoped=True), ("acct_4",), {})
    }  # fmt: skip
    assert fruitless == {never, needing}


def test_of_all_accounts_a_sample_tells_what_is_rare(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare, common = (
        f"select id, account_id from charges where amount {n}" for n in ("= 1040", "> 5")
    )
    never = "select id from charges where amount = -1"
    asked = [rare, common, never]

    def answers() -> list[Any]:
        replies = (engine.query(sql, {}, None, 5_000, 30.0)["rows"] for sql in asked)
        return [sorted(map(repr, rows)) for rows in replies]

    before = answers()
    assert len(before[0]) == 1 and len(before[1]) == 199
    monkeypatch.setattr(slices, "MAX_ROWS_OF_ALL", 20)
    monkeypatch.setattr(slices, "_SAMPLE", 100)
    engine.prepare(asked, {}, None, 30.0)
    (held,) = engine._slices._passes.values()
    queries = held.sieved["charges"][1].queries
    assert queries == {compile_query(sql, CONTRACT, scoped=False) for sql in (rare, never)}
    assert answers() == before
