"""A table that a query can do without stands empty; any other that is missing is refused."""

from pathlib import Path

import duckdb
import pytest

from headwater.evidence.errors import QueryFailed, QueryRefused
from headwater.evidence.reach import count_accounts, counting
from headwater.evidence.readiness import readiness
from headwater.evidence.store import ParquetStore
from headwater.evidence.types import Scope
from tests.evidence.conftest import PURPOSE, ask

JOINED = """
    SELECT c.id, d.reason, typeof(d.amount) AS kind FROM charges AS c
    LEFT JOIN disputes AS d ON d.charge_id = c.id WHERE c.id = 'ch_1'"""


def test_an_optional_table_stands_empty_with_its_types(store: ParquetStore) -> None:
    result = store.query(
        JOINED,
        purpose=PURPOSE,
        scope=Scope(("acct_1",)),
        optional=frozenset({"disputes", "payouts"}),
    )
    assert result.rows == (("ch_1", None, "NULL"),) or result.rows == (("ch_1", None, "BIGINT"),)
    empty = store.query(
        "SELECT amount, created FROM disputes",
        purpose=PURPOSE,
        scope=Scope(("acct_1",)),
        optional=frozenset({"disputes"}),
    )
    assert (empty.types, empty.rows) == (("bigint", "timestamp"), ())


@pytest.mark.parametrize("optional", [frozenset(), frozenset({"payouts"})])
def test_what_is_not_optional_is_refused_by_name(
    store: ParquetStore, optional: frozenset[str]
) -> None:
    with pytest.raises(QueryRefused, match="no table disputes"):
        store.query(JOINED, purpose=PURPOSE, scope=Scope(("acct_1",)), optional=optional)


def test_a_table_that_is_there_is_read_although_it_is_optional(store: ParquetStore) -> None:
    result = store.query(
        "SELECT count(*) FROM charges",
        purpose=PURPOSE,
        scope=Scope(("acct_1",)),
        optional=frozenset({"charges"}),
    )
    assert result.rows == ((40,),)


def test_accounts_are_counted_as_a_plain_computation_counts_them(
    store: ParquetStore, lake: Path
) -> None:
    sql = """
        SELECT account_id, CASE WHEN amount > 900 THEN 'big' END AS mode, count(*) AS occurrences,
               avg(amount) / 2000 AS strength
        FROM charges WHERE status = 'failed' AND amount > $least GROUP BY 1, 2;"""
    found = count_accounts(store, sql, purpose=PURPOSE, params={"least": 50})
    same = sql.replace("charges", f"'{lake}/charges.parquet'").replace("$least", "50")
    plain = duckdb.sql(f"""
        WITH matches AS ({same.rstrip(";")}),
        per AS (SELECT account_id, coalesce(mode, '') AS mode, occurrences AS o,
                       strength * 1000 AS s FROM matches)
        SELECT 'direct', mode, floor(2 * log2(o)), floor(2 * log2(s)), count(*)
        FROM per GROUP BY ALL ORDER BY ALL""").fetchall()
    assert [(a.kind, a.mode, a.often, a.strong, a.accounts) for a in found] == plain
    assert sum(count.accounts for count in found) > 5


def test_only_account_id_is_needed_and_each_account_counts_once(store: ParquetStore) -> None:
    (found,) = count_accounts(store, "SELECT account_id FROM events", purpose=PURPOSE)
    assert (found.kind, found.mode, found.often, found.strong, found.accounts) == (
        "direct",
        "",
        0,
        0,
        5,
    )


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("SELECT id FROM charges", "account_id"),
        ("SELECT 1 AS account_id; SELECT 2", "Exactly one"),
        ("DROP TABLE charges", "Exactly one"),
        ("SELECT account_id FROM charges) AS m; DROP TABLE charges --", "SQL"),
        ("SELECT account_id FROM read_parquet('/etc/passwd')", "not allowed|plain table"),
        ("SELECT account_id FROM (" * 200 + "charges" + ")" * 200, "."),
    ],
)
def test_a_counted_query_passes_the_same_guard(
    store: ParquetStore, sql: str, complaint: str
) -> None:
    with pytest.raises(QueryRefused, match=complaint):
        count_accounts(store, sql, purpose=PURPOSE)


def test_names_inside_a_counted_query_do_not_reach_the_counting_one(store: ParquetStore) -> None:
    """CTEs called like the outer query's own tables stay inside."""
    sql = """
        WITH accounts AS (SELECT 'acct_1' AS account_id), matches AS (SELECT * FROM accounts)
        SELECT account_id FROM matches"""
    assert [count.accounts for count in count_accounts(store, sql, purpose=PURPOSE)] == [1]
    with pytest.raises((QueryRefused, QueryFailed)):
        ask(store, counting("SELECT account_id FROM nowhere"))


def test_the_rule_says_full_part_or_none_and_why(store: ParquetStore) -> None:
    states = store.tables()
    full = readiness("a", "SELECT id FROM charges", store, states)
    assert (full.status, full.reason, full.as_dict()["runs"]) == ("full", "", True)
    part = readiness("b", JOINED, store, states, optional=["disputes"])
    assert (part.status, part.weaker_without) == ("part", ("disputes",))
    assert part.reason == "Runs without disputes."
    none = readiness("c", JOINED, store, states)
    assert (none.status, none.lacks) == ("none", ("disputes",))
    assert none.reason == "The evidence lacks the table disputes."
    column = readiness("d", "SELECT failure_code FROM charges", store, states)
    assert (column.status, column.lacks) == ("none", ("charges.failure_code",))
    refused = readiness("e", "DROP TABLE charges", store, states)
    assert refused.status == "none" and refused.problem == refused.reason
