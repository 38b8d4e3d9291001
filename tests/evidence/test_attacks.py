"""No hostile query reads a file, leaves the scope, changes anything, or hangs."""

import re
import time
from pathlib import Path

import pytest

from headwater.evidence.errors import QueryFailed, QueryRefused
from headwater.evidence.store import ParquetStore
from headwater.evidence.types import Limits
from headwater.kit.errors import HeadwaterError
from tests.evidence.attacks import CONFINED, HOSTILE_VALUES, REFUSED, parser_bombs
from tests.evidence.conftest import ask

REFUSED_CASES = [(kind, sql) for kind, texts in REFUSED.items() for sql in texts]


@pytest.mark.parametrize(("kind", "sql"), REFUSED_CASES)
def test_hostile_query_is_refused(store: ParquetStore, lake: Path, kind: str, sql: str) -> None:
    before = sorted(path.name for path in lake.parent.rglob("*"))
    text = sql.replace("LAKE", str(lake)).replace("OUTSIDE", str(lake.parent))
    with pytest.raises(QueryRefused) as refused:
        ask(store, text)
    assert refused.value.hint, "a refusal says what to write instead"
    assert sorted(path.name for path in lake.parent.rglob("*")) == before


@pytest.mark.parametrize("sql", CONFINED)
def test_query_never_leaves_its_scope(store: ParquetStore, sql: str) -> None:
    try:
        result = ask(store, sql, "acct_2")
    except (QueryRefused, QueryFailed):
        return
    assert set(re.findall(r"acct_\d+", repr(result.rows))) <= {"acct_2"}


@pytest.mark.parametrize("value", HOSTILE_VALUES)
def test_a_parameter_is_only_ever_a_value(store: ParquetStore, value: str) -> None:
    same = "select $v as v, count(*) from charges where id = $v or account_id = $v group by all"
    assert set(ask(store, same, "acct_2", v=value).rows) <= {(value, 0)}
    within = "select $v || '/' || account_id from charges where account_id = 'acct_2' limit 1"
    assert ask(store, within, "acct_2", v=value).rows == ((f"{value}/acct_2",),)


@pytest.mark.parametrize("value", HOSTILE_VALUES)
def test_an_account_is_only_ever_a_value(store: ParquetStore, value: str) -> None:
    assert ask(store, "select count(*) from charges", value).rows == ((0,),)


def test_most_confined_queries_do_run(store: ParquetStore) -> None:
    ran = 0
    for sql in CONFINED:
        try:
            ask(store, sql, "acct_2")
            ran += 1
        except HeadwaterError:
            continue
    assert ran >= 36


def test_unnamed_results_do_not_show_the_inner_sql(store: ParquetStore) -> None:
    result = ask(store, "select (select max(account_id) from charges), count(*) from events")
    assert result.columns == ("(SELECT MAX(account_id) FROM charges)", "count_star()")
    assert result.rows == (("acct_4", 100),)


def test_parser_bombs_end_quickly(store: ParquetStore) -> None:
    for sql in parser_bombs():
        started = time.monotonic()
        try:
            ask(store, sql, limits=Limits(seconds=5))
        except HeadwaterError as error:
            assert len(str(error)) < 2_000
        assert time.monotonic() - started < 30


def test_the_store_still_answers_after_all_of_it(store: ParquetStore) -> None:
    assert ask(store, "select count(*) from charges").rows == ((200,),)
