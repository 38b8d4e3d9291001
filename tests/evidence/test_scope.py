"""A scoped query sees exactly what a lake of only those accounts would hold.

The oracle is plain DuckDB over tables filtered beforehand, running the original text.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headwater.evidence.errors import QueryRefused
from headwater.evidence.store import ParquetStore
from tests.evidence.conftest import ask

COLUMNS = {
    "charges": ["id", "account_id", "payment_intent_id", "created", "amount", "status"],
    "events": ["id", "account_id", "type", "created", "data_object_id"],
    "api_request_logs": ["id", "account_id", "status", "created", "path"],
}
accounts = st.lists(
    st.sampled_from([f"acct_{i}" for i in range(7)]), min_size=1, max_size=3, unique=True
)


@pytest.fixture(scope="module")
def plain(lake: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same lake in DuckDB without Headwater; scope goes into a variable."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for name, columns in COLUMNS.items():
        source = lake / (
            f"{name}.parquet" if name != "api_request_logs" else f"{name}/**/*.parquet"
        )
        picked = ", ".join(
            "created::TIMESTAMP AS created" if column == "created" else column for column in columns
        )
        connection.execute(
            f"CREATE VIEW {name} AS SELECT {picked} FROM '{source}' "
            "WHERE list_contains(getvariable('scope'), account_id)"
        )
    yield connection
    connection.close()


tables = st.sampled_from(sorted(COLUMNS))


@st.composite
def selects(draw: st.DrawFn, depth: int = 2) -> str:
    """A SELECT that yields (account_id, id), through some mix of constructs."""
    if depth == 0:
        return f"select account_id, id from {draw(tables)}"
    inner = selects(depth=depth - 1)
    kind = draw(st.sampled_from("cte shadow join union exists lateral in window sub alias".split()))
    table, other = draw(tables), draw(tables)
    match kind:
        case "cte":
            return f"with x as ({draw(inner)}) select account_id, id from x"
        case "shadow":
            return f"with {table} as ({draw(inner)}) select account_id, id from {table}"
        case "join":
            return (
                f"select a.account_id, max(b.id) as id from {table} a join ({draw(inner)}) b "
                "on a.account_id >= b.account_id group by 1"
            )
        case "union":
            return f"({draw(inner)}) union all ({draw(inner)})"
        case "exists":
            return (
                f"select account_id, id from {table} t where exists "
                f"(select 1 from ({draw(inner)}) q where q.account_id <> t.account_id)"
            )
        case "lateral":
            return (
                f"select x.account_id, x.id from {table} t, lateral (select account_id, "
                f"max(id) as id from ({draw(inner)}) q where q.id <> t.id group by 1) x"
            )
        case "in":
            return (
                f"select account_id, id from {table} where account_id in "
                f"(select account_id from ({draw(inner)}) q)"
            )
        case "window":
            return (
                f"select account_id, id from ({draw(inner)}) q "
                "qualify row_number() over (partition by account_id order by id) <= 3"
            )
        case "alias":
            return f"select {other}.account_id, {other}.id from {table} as {other}"
    return f"select (select max(account_id) from {table}) as account_id, id from ({draw(inner)}) q"


@pytest.mark.slow
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sql=selects(), scope=accounts)
def test_scope_equals_prefiltered_tables(
    store: ParquetStore, plain: duckdb.DuckDBPyConnection, sql: str, scope: list[str]
) -> None:
    counted = (
        "select count(*), count(distinct account_id), min(account_id), max(account_id), "
        f"min(id), max(id) from ({sql}) answer"
    )
    listed = ", ".join(f"'{account}'" for account in scope)
    plain.execute(f"SET VARIABLE scope = [{listed}]")
    assert list(ask(store, counted, *scope).rows) == plain.execute(counted).fetchall()


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(text=st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_text_parameters_come_back_unchanged(store: ParquetStore, text: str) -> None:
    result = ask(store, "select $x as x, $x = $y as same", x=text, y=text)
    assert result.rows == ((text, True),)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(scope=st.text(alphabet="acct_0'1;-) or", min_size=1, max_size=20))
def test_account_ids_cannot_break_out(store: ParquetStore, scope: str) -> None:
    result = ask(store, "select distinct account_id from charges", scope)
    assert {row[0] for row in result.rows} <= {scope}


def test_typed_parameters(store: ParquetStore) -> None:
    moment = datetime(2026, 11, 2, 3, 4, 5, 678)
    result = ask(store, "select $t as t, 10 - $n as n, $s as s", t=moment, n=-5, s="$n")
    assert result.rows == ((moment, 15, "$n"),)
    assert result.types == ("timestamp", "integer", "text")


def test_a_missing_parameter_is_named(store: ParquetStore) -> None:
    with pytest.raises(QueryRefused, match=r"\$window_start.*\$window_end"):
        ask(store, "select 1 where $window_start is null", window_end=datetime(2026, 1, 1))


def test_empty_scope_sees_nothing(store: ParquetStore) -> None:
    assert ask(store, "select count(*) from charges", "acct_none").rows == ((0,),)


def test_tables_without_accounts_are_for_everyone(store: ParquetStore) -> None:
    assert ask(store, "select id from incidents", "acct_1").rows == (("inc_1",),)
