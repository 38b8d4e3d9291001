"""The SQL for engines that are not here: kept as text, and read again by the parser."""

from pathlib import Path

import pytest
import sqlglot

from headwater.evidence.contract import load_contract
from headwater.evidence.engines.binding import bind
from headwater.evidence.engines.constructs import EVERYTHING
from headwater.evidence.engines.generated import (
    GENERATED,
    dialect_of,
    generated,
    generated_page,
)
from headwater.evidence.engines.seam import Translated, translate
from headwater.evidence.errors import QueryRefused
from headwater.evidence.guard import compile_query
from headwater.evidence.template import ParamValue

pytestmark = pytest.mark.slow

CONTRACT = load_contract()
SNAPSHOTS = Path(__file__).parent / "snapshots"


def translated(
    engine: str, sql: str, accounts: tuple[str, ...] | None = None, **params: ParamValue
) -> Translated:
    template = compile_query(sql, CONTRACT, scoped=accounts is not None)
    tree = bind(template, CONTRACT, params, accounts, 10)
    return translate(tree, CONTRACT, template.tables, dialect_of(engine), EVERYTHING)


@pytest.mark.slow
@pytest.mark.parametrize("engine", GENERATED)
def test_the_sql_is_as_it_was_read(engine: str) -> None:
    """Renew with: headwater evidence engines --sql ENGINE > snapshots/ENGINE.sql, then read it."""
    kept = (SNAPSHOTS / f"{engine}.sql").read_text("utf-8")
    assert generated_page(engine) == kept


@pytest.mark.parametrize("engine", GENERATED)
def test_the_parser_takes_it_for_that_engines_sql(engine: str) -> None:
    found = [each for each in generated(engine).values() if isinstance(each, str)]
    assert len(found) >= 200
    for text in found:
        again = sqlglot.parse(text, read=engine)
        assert len(again) == 1 and isinstance(again[0], sqlglot.exp.Query), text


@pytest.mark.parametrize("engine", GENERATED)
def test_what_is_refused_says_where_and_what_to_write(engine: str) -> None:
    refused = [each for each in generated(engine).values() if isinstance(each, QueryRefused)]
    assert 5 <= len(refused) <= 20
    for each in refused:
        assert dialect_of(engine).title in each.message and each.hint


@pytest.mark.parametrize("engine", GENERATED)
def test_a_value_goes_apart_from_the_query(engine: str) -> None:
    hostile = "x' OR '1'='1' -- \\' ?"
    made = translated(
        engine,
        "SELECT id FROM charges WHERE status = $status AND id <> 'what?' AND amount > $least",
        ("acct_1", hostile),
        status=hostile,
        least=5,
    )
    assert made.values == ("acct_1", hostile, hostile)
    # The question mark of the query's own text is none of them.
    assert made.sql.count("?") == 4 and "OR" not in made.sql


@pytest.mark.parametrize("engine", GENERATED)
def test_beside_a_group_a_value_is_an_escaped_literal(engine: str) -> None:
    """Two placeholders are two expressions to an engine, and GROUP BY wants the same one."""
    made = translated(
        engine,
        "SELECT concat(status, $x) AS s, count(*) AS n FROM charges WHERE id = $x GROUP BY 1",
        x="it's",
    )
    assert made.values == ("it's",)
    escaped = "it\\'s" if engine != "trino" else "it''s"
    assert made.sql.count(f"'{escaped}'") == 2


@pytest.mark.parametrize("engine", ["snowflake", "bigquery", "trino"])
@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("SELECT date_diff('week', created, created) FROM charges", "week"),
        ("SELECT regexp_matches(id, '\\d+') FROM charges", "regular expression"),
        ("SELECT regexp_replace(id, 'a*', 'b') FROM charges", "regexp_replace of nothing"),
        ("SELECT replace(id, '', 'x') FROM charges", "replace"),
        ("SELECT left(id, -1) FROM charges", "left"),
        ("SELECT split_part(id, '_', -1) FROM charges", "split_part"),
        ("SELECT metadata ->> '$' FROM charges", "JSON"),
        ("SELECT created - created FROM charges", "difference of two times"),
        ("SELECT amount / 4 // 2 FROM charges", "//"),
        ("SELECT list(id) FROM charges", "list"),
        ("SELECT CAST(amount / 3 AS VARCHAR) FROM charges", "double as text"),
        ("SELECT created AT TIME ZONE 'UTC' FROM charges", "zone"),
        ("SELECT quantile_cont(amount, [0.1, 0.9]) FROM charges", "quantile"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(engine: str, sql: str, named: str) -> None:
    with pytest.raises(QueryRefused, match=named) as refusal:
        translated(engine, sql)
    assert refusal.value.hint


@pytest.mark.parametrize("engine", ["snowflake", "bigquery", "trino"])
def test_patterns_and_lengths_from_rows(engine: str) -> None:
    """LIKE has no escape of its own in DuckDB, and left of less than 0 counts from the end."""
    sql = "SELECT left(id, length(id) - 1) AS a FROM charges WHERE id LIKE '%' || status || '%'"
    text = translated(engine, sql).sql
    assert "< 0 THEN" in text and " LIKE " in text
    # Only BigQuery reads a backslash in a pattern, so there each one is doubled.
    assert ("REPLACE(" in text) == (engine == "bigquery")
