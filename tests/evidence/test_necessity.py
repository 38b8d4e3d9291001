"""A query is only passed over where an empty table really leaves nothing."""

from datetime import datetime

import duckdb
import pytest
from sqlglot import parse_one

from headwater.diagnosis.playbooks import load_playbooks
from headwater.evidence.contract import ENGINE_TYPES, load_contract
from headwater.evidence.necessity import Need, needs_of

CASES = {
    "select id from charges": {"charges"},
    "select count(*) from charges": set(),
    "select count(*) from charges group by currency": {"charges"},
    "select currency, count(*) from charges group by rollup (currency)": set(),
    "select currency, count(*) from charges group by all": set(),
    "select c.id from charges c join refunds r on r.charge_id = c.id": {"charges", "refunds"},
    "select c.id from charges c, refunds r": {"charges", "refunds"},
    "select c.id from charges c left join refunds r on r.charge_id = c.id": {"charges"},
    "select c.id from charges c right join refunds r on r.charge_id = c.id": {"refunds"},
    "select c.id from charges c full join refunds r on r.charge_id = c.id": set(),
    "select c.id from charges c semi join refunds r on r.charge_id = c.id": {"charges", "refunds"},
    "select c.id from charges c anti join refunds r on r.charge_id = c.id": {"charges"},
    "select id from charges union all select id from refunds": set(),
    "select id from charges union all select charge_id from refunds join charges on true": {
        "charges"
    },
    "select id from charges except select id from refunds": {"charges"},
    "select id from charges intersect select id from refunds": {"charges", "refunds"},
    "with c as (select id from charges) select * from c join refunds on true": {
        "charges",
        "refunds",
    },
    "with charges as (select id from refunds) select * from charges": {"refunds"},
    "with n as (select count(*) as n from charges) select n from n join refunds on true": {
        "refunds"
    },
    "select (select count(*) from refunds) as n, id from charges": {"charges"},
    "select max(amount) over () from charges": {"charges"},
    "select id from (select id from charges) as q where exists (select 1 from refunds)": {
        "charges"
    },
    "select 1 as one": set(),
    "select id from charges having count(*) > 0": set(),
}


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    """Every table of the contract with three rows that join in many ways."""
    made = duckdb.connect()
    for table in load_contract().tables.values():
        values = {
            "text": "'x'",
            "timestamp": "TIMESTAMP '2026-06-10'",
            "date": "DATE '2026-06-10'",
            "boolean": "i % 2 = 0",
        }
        columns = ", ".join(
            f'CAST({values.get(kind, "i")} AS {ENGINE_TYPES[kind]}) AS "{name}"'
            for name, kind in table.columns.items()
        )
        made.execute(f'CREATE TABLE "{table.name}" AS SELECT {columns} FROM range(3) t(i)')
    return made


def left_without(engine: duckdb.DuckDBPyConnection, sql: str, need: Need) -> int:
    """Rows of `sql` when no row of the table fulfils the condition."""
    engine.execute("BEGIN")
    try:
        params = {"window_start": datetime(2026, 6, 1), "window_end": datetime(2026, 7, 1)}
        given = {name: value for name, value in params.items() if f"${name}" in need.condition}
        test = need.condition or "TRUE"
        engine.execute(f'DELETE FROM "{need.table}" WHERE {test}', given or None)
        given = {name: value for name, value in params.items() if f"${name}" in sql}
        return len(engine.execute(sql, given or None).fetchall())
    finally:
        engine.execute("ROLLBACK")


@pytest.mark.parametrize(("sql", "tables"), CASES.items())
def test_the_tables_without_which_nothing_is_left(
    engine: duckdb.DuckDBPyConnection, sql: str, tables: set[str]
) -> None:
    found = needs_of(parse_one(sql, read="duckdb"))
    assert {need.table for need in found} == tables
    for need in found:
        assert left_without(engine, sql, need) == 0


@pytest.mark.parametrize("name", sorted(load_playbooks()))
def test_every_playbook_is_silent_without_what_it_needs(
    engine: duckdb.DuckDBPyConnection, name: str
) -> None:
    sql = load_playbooks()[name].sql
    for need in needs_of(parse_one(sql, read="duckdb")):
        assert left_without(engine, sql, need) == 0


@pytest.mark.parametrize(
    ("sql", "condition"),
    [
        ("select id from charges where amount > 1", '("amount" > 1)'),
        ("select id from charges c where c.paid and c.amount > 1", '("amount" > 1) AND ("paid")'),
        ("select c.id from charges c join refunds r on true where c.paid and r.amount > 1",
         '("paid")'),
        ("select c.id from charges c join refunds r on true where amount > 1", ""),
        ("select c.id from charges c join refunds r on true where c.amount > r.amount", ""),
        ("select id from charges where amount > (select 1)", ""),
        ("select id from charges where paid or amount > 1", '("paid" OR "amount" > 1)'),
        ("select id from charges where 1 = 1", ""),
    ],
)  # fmt: skip
def test_the_condition_that_one_row_has_to_fulfil(sql: str, condition: str) -> None:
    found = {need for need in needs_of(parse_one(sql, read="duckdb")) if need.table == "charges"}
    assert found == {Need("charges", condition)}
