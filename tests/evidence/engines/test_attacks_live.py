"""Attacks on each live engine: refused by the guard, and held by the engine when it is not there.

The second half sends the text to the engine as the guard never would.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from headwater.evidence.contract import load_contract
from headwater.evidence.engines.clickhouse import ClickHouseBackend
from headwater.evidence.engines.postgres import PostgresBackend
from headwater.evidence.errors import QueryFailed, QueryRefused, QueryTimeout, StoreNotFound
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Purpose, Reader, Role, Scope
from headwater.kit.errors import HeadwaterError
from tests.evidence.attacks import REFUSED
from tests.evidence.conftest import write_parquet
from tests.evidence.engines import hostile

PURPOSE = Purpose(who="tester", entrance="cli", reason="attacks")
PORTAL = Reader(Role.PORTAL)
# acct_0's rows can be cast and divided by; everybody else's cannot.
ROWS = (
    "SELECT 'ch_' || i AS id, 'acct_' || i % 5 AS account_id, CASE WHEN i % 5 = 0 THEN '5' ELSE "
    "'CANARY' END AS currency, CAST(i AS BIGINT) AS amount, TIMESTAMP '2026-11-01' AS created "
)
ORACLES = [
    "select count(*) as n from charges where cast(currency as integer) = 5",
    "select count(*) as n from charges where case when currency = 'CANARY' then "
    "cast(currency as integer) else 5 end = 5",
    "select count(*) as n from charges where amount >= 0 and cast(currency as integer) = 5",
    "select count(*) as n from (select cast(currency as integer) as k from charges) as c"
    " where k = 5",
]


@pytest.fixture(scope="module")
def warehouse(postgres_url: str) -> Iterator[str]:
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute("CREATE SCHEMA walls")
        owner.execute(f"CREATE TABLE walls.charges AS {ROWS} FROM generate_series(0, 499) AS g(i)")
        owner.execute("CREATE ROLE walls_reader LOGIN")
        owner.execute("GRANT USAGE ON SCHEMA walls TO walls_reader")
        owner.execute("GRANT SELECT ON ALL TABLES IN SCHEMA walls TO walls_reader")
        yield postgres_url.replace("headwater@", "walls_reader@") + "?schema=walls"
        owner.execute("DROP SCHEMA walls CASCADE")
        owner.execute("DROP ROLE walls_reader")


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("walls") / "lake"
    write_parquet(root / "charges.parquet", f"{ROWS} FROM range(500) AS g(i)")
    return root


@pytest.fixture(scope="module")
def postgres_store(
    warehouse: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EvidenceStore]:
    journal = tmp_path_factory.mktemp("journal") / "runs.jsonl"
    found = open_store(warehouse, recorder=FileRecorder(journal), workers=1)
    yield found
    found.close()


@pytest.fixture(scope="module")
def clickhouse_store(
    lake: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[EvidenceStore]:
    journal = tmp_path_factory.mktemp("journal") / "runs.jsonl"
    found = open_store(f"chdb://{lake}", recorder=FileRecorder(journal), workers=1)
    yield found
    found.close()


def refuse_all(store: EvidenceStore) -> None:
    answered = []
    for sql in (*hostile.POSTGRES, *hostile.CLICKHOUSE, *REFUSED["other engines"]):
        try:
            store.query(sql, purpose=PURPOSE, scope=Scope(None))
            answered.append(sql)
        except QueryRefused as refused:
            assert refused.hint, sql
        except QueryFailed as failed:
            # A name of the engine's that reads as a column: the reference does not know it.
            assert str(failed).startswith("Binder Error: Referenced"), sql
    assert not answered


def no_oracle(store: EvidenceStore, expected: int) -> None:
    """What the rows of others would do to a query does not happen to one within the scope."""
    answered = 0
    for sql in ORACLES:
        for accounts in (("acct_0",), ("acct_0", "nobody")):
            try:
                found = store.query(sql, purpose=PURPOSE, scope=Scope(accounts, PORTAL))
            except QueryRefused:
                continue  # not proven on this engine
            except HeadwaterError as error:
                raise AssertionError(f"{sql} told of another account: {error}") from error
            assert found.rows == ((100,),)
            answered += 1
    assert answered >= expected


def test_postgres_refuses_each_by_name(postgres_store: EvidenceStore) -> None:
    refuse_all(postgres_store)


def test_postgres_tests_the_scope_before_the_query(postgres_store: EvidenceStore) -> None:
    no_oracle(postgres_store, 8)


def test_views_over_files_are_refused_for_a_warehouse(warehouse: str, tmp_path: Path) -> None:
    recorder = FileRecorder(tmp_path / "runs.jsonl")
    with pytest.raises(StoreNotFound, match="map files only") as refused:
        open_store(warehouse, recorder=recorder, views=tmp_path)
    assert "schema=" in str(refused.value.hint)


def test_postgres_masks_numbers_too(postgres_store: EvidenceStore) -> None:
    sql = "select id, amount from charges order by id limit 1"
    found = postgres_store.query(sql, purpose=PURPOSE, scope=Scope(("acct_0",), PORTAL))
    assert found.rows == (("ch_0", 0),)


@pytest.mark.slow
def test_beneath_the_guard_postgres_holds(warehouse: str) -> None:
    backend = PostgresBackend(warehouse, load_contract(), may_write=False)
    for sql in hostile.POSTGRES_HELD:
        started = time.monotonic()
        with pytest.raises((QueryFailed, QueryTimeout)):
            backend.run(sql, 1.0)
        assert time.monotonic() - started < 15, sql
    for sql in hostile.POSTGRES_WITHOUT_EFFECT:
        try:
            backend.run(sql, 1.0)
        except QueryFailed:
            continue
    # Whatever was set is forgotten: the next query is read-only and has its deadline.
    assert backend.run("SHOW transaction_read_only", 1.0) == [("on",)]
    assert backend.run("SHOW statement_timeout", 1.0) == [("1s",)]
    with pytest.raises(QueryTimeout):
        backend.run("SELECT pg_sleep(30)", 1.0)
    assert backend.run("SELECT count(*) FROM walls.charges", 1.0) == [(500,)]
    backend.close()


def test_postgres_answers_again_after_its_connection_was_cut(
    warehouse: str, postgres_url: str
) -> None:
    backend = PostgresBackend(warehouse, load_contract(), may_write=False)
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'walls_reader'"
        )
    with pytest.raises(QueryFailed):
        backend.run("SELECT 1", 1.0)
    assert backend.run("SELECT 1", 1.0) == [(1,)]
    backend.close()


def test_postgres_answers_the_same_query_as_often_as_asked(warehouse: str) -> None:
    backend = PostgresBackend(warehouse, load_contract(), may_write=False)
    for _ in range(15):
        with pytest.raises(QueryFailed, match="division by zero"):
            backend.run("SELECT 1 / (count(*) - 500) FROM walls.charges", 1.0)
        assert backend.run("SELECT count(*) FROM walls.charges", 1.0) == [(500,)]
    backend.close()


@pytest.mark.slow
def test_clickhouse_refuses_each_by_name(clickhouse_store: EvidenceStore) -> None:
    refuse_all(clickhouse_store)
    no_oracle(clickhouse_store, 0)


@pytest.mark.slow
def test_beneath_the_guard_clickhouse_holds(lake: Path, tmp_path: Path) -> None:
    options = {"memory_bytes": 400_000_000}
    backend = ClickHouseBackend(f"chdb://{lake}", load_contract(), options)
    backend.relation("charges")
    for sql in hostile.CLICKHOUSE_HELD:
        with pytest.raises((QueryFailed, QueryRefused)):
            backend.run(sql.replace("OUTSIDE", str(tmp_path)), 2.0)
    assert not list(tmp_path.iterdir())
    bomb = "SELECT count() FROM hw_lake_charges AS a" + "".join(
        f" CROSS JOIN hw_lake_charges AS {name}" for name in "bcdef"
    )
    started = time.monotonic()
    with pytest.raises(QueryTimeout):
        backend.run(bomb, 1.0)
    assert time.monotonic() - started < 20
    assert backend.run("SELECT count(*) FROM hw_lake_charges", 2.0) == [(500,)]
    backend.close()
