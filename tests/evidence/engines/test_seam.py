"""The seam without an engine: what it writes out, what it refuses, and what it keeps."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlglot import exp

from headwater.evidence.contract import load_contract
from headwater.evidence.engine import Engine
from headwater.evidence.engines.binding import bind
from headwater.evidence.engines.conformance import suite
from headwater.evidence.engines.dialects.postgres import POSTGRES
from headwater.evidence.engines.interface import find_place
from headwater.evidence.engines.normal import typed
from headwater.evidence.engines.page import engines_page
from headwater.evidence.engines.reference import Reference
from headwater.evidence.engines.seam import proven, translate
from headwater.evidence.errors import QueryFailed, QueryRefused, StoreNotFound
from headwater.evidence.guard import compile_query
from headwater.evidence.template import ParamValue
from headwater.evidence.types import Reader, Role

pytestmark = pytest.mark.slow

CONTRACT = load_contract()
ROOT = Path(__file__).parents[3]


def written(sql: str, accounts: tuple[str, ...] | None = None, **params: ParamValue) -> str:
    template = compile_query(sql, CONTRACT, scoped=accounts is not None)
    tree = bind(template, CONTRACT, params, accounts, 10)
    return translate(tree, CONTRACT, template.tables, POSTGRES, proven("postgres")).sql


def test_there_are_enough_cases_and_each_has_its_own_name() -> None:
    names = [case.name for case in suite.cases()]
    assert len(names) >= 200 and len(set(names)) == len(names)


@pytest.mark.slow
def test_the_written_out_form_means_the_same_on_duckdb(small_world: Path) -> None:
    """Every case as the seam writes it out for the others, run on DuckDB itself."""
    reference = Reference(CONTRACT)
    engine = Engine(small_world, threads=1, memory_bytes=500_000_000)
    for case in suite.cases():
        want = engine.query(case.sql, suite.PARAMS, None, 2_000, 60.0)
        template = compile_query(case.sql, CONTRACT, scoped=False)
        tree = bind(template, CONTRACT, suite.PARAMS, None, 2_000)
        full = typed(tree, CONTRACT, template.tables)
        assert reference.shape(full, template.tables) == reference.shape(tree, template.tables)
        text = full.sql("duckdb", identify=True)
        for name in template.tables:
            text = text.replace(
                f'"hw_src_{name}" AS', f'"{engine._catalogue.source(name).relation}" AS'
            )
        _, types, rows = engine._run(text)
        assert (types, repr(rows)) == (want["types"], repr(want["rows"])), case.name


@pytest.mark.parametrize("engine", ["postgres", "spark"])
def test_every_playbook_is_made_of_what_is_proven(engine: str) -> None:
    params = {"window_start": datetime(2026, 10, 1), "window_end": datetime(2026, 11, 1)}
    missing: dict[str, list[str]] = {}
    found = 0
    for page in sorted((ROOT / "playbooks").glob("*/*.md")):
        sql = page.read_text("utf-8").partition("```sql\n")[2].partition("```")[0]
        for name in suite.constructs_of(sql.strip().rstrip(";"), params) - proven(engine):
            missing.setdefault(name, []).append(page.stem)
        found += 1
    assert missing == {} and found >= 100


def test_a_value_is_escaped_by_the_dialect_it_goes_to() -> None:
    text = written("SELECT id FROM charges WHERE id = $x", ("a'b",), x="c'd\\")
    assert "'a''b'" in text and "'c''d\\'" in text


def test_a_bound_on_the_time_is_tested_with_the_scope() -> None:
    template = compile_query(
        "SELECT c.id FROM charges AS c LEFT JOIN refunds AS r ON r.charge_id = c.id "
        "AND r.created < c.created WHERE c.created >= $x AND $x > c.created AND c.amount > 5",
        CONTRACT,
        scoped=True,
    )
    person, since = Reader(Role.SPECIALIST), {"x": datetime(2026, 9, 1)}
    tree = bind(template, CONTRACT, since, ("acct_1",), 10, person)
    tests = [query.this.args["where"].sql() for query in tree.find_all(exp.Subquery)]
    time = "CAST('2026-09-01 00:00:00' AS TIMESTAMP)"
    scope = "account_id IN ('acct_1')"
    assert tests == [
        f'WHERE ({scope} AND "created" >= {time}) AND "created" < {time}',
        # What compares two rows, or stands in ON, is no bound.
        f"WHERE {scope}",
    ]
    assert tree.sql().count("OFFSET 0") == 2


def test_the_filter_of_qualify_comes_before_the_limit() -> None:
    text = written(
        "SELECT id FROM charges "
        "QUALIFY row_number() OVER (PARTITION BY account_id ORDER BY id) = 1 ORDER BY id LIMIT 3"
    )
    inner, _, outer = text.rpartition(") AS ")
    assert "LIMIT" not in inner and outer.rstrip().endswith("LIMIT 3")


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("SELECT mode(id) FROM charges", "mode"),
        ("SELECT list(id) FROM charges", "array_agg"),
        ("SELECT regexp_matches(id, '(?i)x') FROM charges", "regular expression"),
        ("SELECT regexp_matches(id, '\\d+') FROM charges", "regular expression"),
        ("SELECT regexp_extract(id, 'a|ab') FROM charges", "regexp_extract"),
        ("SELECT strftime(created, '%U') FROM charges", "%U"),
        ("SELECT date_diff('week', created, created) FROM charges", "week"),
        ("SELECT left(id, -1) FROM charges", "left"),
        ("SELECT CAST(amount / 3 AS VARCHAR) FROM charges", "cast double as text"),
        ("SELECT metadata ->> '$.a[*]' FROM charges", "jsonpathwildcard"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(sql: str, named: str) -> None:
    with pytest.raises(QueryRefused, match=named) as refusal:
        written(sql)
    assert refusal.value.hint


def test_a_wrong_column_fails_as_on_duckdb() -> None:
    template = compile_query("SELECT nope FROM charges", CONTRACT, scoped=False)
    tree = bind(template, CONTRACT, {}, None, 10)
    with pytest.raises(QueryFailed, match="nope"):
        Reference(CONTRACT).shape(tree, template.tables)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://h/d", "no engine for mysql"),
        ("s3://key:secret@bucket/lake", "without a key"),
        ("/nowhere/at/all", "no evidence folder"),
    ],
)
def test_an_address_without_an_engine_says_so(url: str, said: str) -> None:
    with pytest.raises(StoreNotFound, match=said):
        find_place(url)


def test_the_page_of_engines_is_current() -> None:
    assert (ROOT / "docs" / "evidence-engines.md").read_text("utf-8") == engines_page()
