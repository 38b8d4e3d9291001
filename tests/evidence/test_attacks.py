"""No hostile query reads a file, leaves the scope, changes anything, or hangs."""

import re
import time
from pathlib import Path

import pytest

from headwater.evidence.errors import QueryFailed, QueryRefused
from headwater.evidence.store import ParquetStore
from headwater.evidence.types import Limits
from headwater.kit.errors import HeadwaterError
from tests.evidence.attacks import CONFINED, REFUSED, parser_bombs
from tests.evidence.conftest import ask

REFUSED_CASES = [(kind, sql) for kind, texts in REFUSED.items() for sql in texts]


@pytest.mark.parametrize(("kind", "sql"), REFUSED_CASES)
def test_hostile_query_is_refused(store: ParquetStore, lake: Path, kind: str, sql: str) -> None:
    before = sorted(path.name for path in lake.parent.rglob("*"))
    text = sql.replace("LAKE", str(lake)).replace("OUTSIDE", str(lake.parent))
    with pytest.raises(QueryRefused):
        ask(store, text)
    assert sorted(path.name for path in lake.parent.rglob("*")) == before


@pytest.mark.parametrize("sql", CONFINED)
def test_query_never_leaves_its_scope(store: ParquetStore, sql: str) -> None:
    try:
        result = ask(store, sql, "acct_2")
    except (QueryRefused, QueryFailed):
        return
    assert set(re.findall(r"acct_\d+", repr(result.rows))) <= {"acct_2"}


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
        assert time.monotonic() - started < 8


def test_the_store_still_answers_after_all_of_it(store: ParquetStore) -> None:
    assert ask(store, "select count(*) from charges").rows == ((200,),)
