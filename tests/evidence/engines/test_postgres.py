"""PostgreSQL behind the seam: the whole suite, and what protects the database."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from headwater.evidence.contract import load_contract
from headwater.evidence.engines.dialects.letters import NEWEST
from headwater.evidence.engines.postgres import PostgresBackend
from headwater.evidence.errors import QueryFailed, QueryRefused, QueryTimeout, StoreNotFound
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Scope
from tests.evidence.engines.checks import run_suite
from tests.evidence.engines.letters import check_letters
from tests.evidence.engines.pages import Pages, ask_pages

PURPOSE = Purpose(who="tester", entrance="cli", reason="a test")


@pytest.mark.slow
def test_the_suite_gives_the_answers_of_duckdb(postgres_url: str, small_world: Path) -> None:
    verdicts = run_suite(postgres_url, small_world, "postgres", loud={"json/json-object-as-text"})
    assert sum(verdict == "pass" for verdict in verdicts.values()) >= 200


@pytest.mark.slow
def test_every_playbook_gives_the_rows_of_duckdb(postgres_url: str, pages: Pages) -> None:
    assert ask_pages(postgres_url, pages, pages.by_id) == {}


@pytest.mark.slow
def test_every_letter_changes_its_case_as_on_duckdb(postgres_url: str, tmp_path: Path) -> None:
    check_letters(postgres_url, tmp_path, NEWEST)


@pytest.fixture(scope="module")
def warehouse(postgres_url: str) -> Iterator[str]:
    """A warehouse in its own shape, and a role that may only read it."""
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute("CREATE SCHEMA shop")
        owner.execute(
            "CREATE TABLE shop.charges (id varchar(40), account_id text, amount numeric(20,0), "
            "created timestamptz, metadata jsonb, secret text)"
        )
        owner.execute(
            "INSERT INTO shop.charges SELECT 'ch_' || i, 'acct_' || i % 3, i * 10, "
            "TIMESTAMPTZ '2026-11-01 00:00:00+02' + i * INTERVAL '1 hour', '{\"a\": 1}', 'x' "
            "FROM generate_series(1, 30) AS g(i)"
        )
        owner.execute("CREATE ROLE evidence_reader LOGIN")
        owner.execute("GRANT USAGE ON SCHEMA shop TO evidence_reader")
        owner.execute("GRANT SELECT ON ALL TABLES IN SCHEMA shop TO evidence_reader")
        yield postgres_url.replace("headwater@", "evidence_reader@") + "?schema=shop"
        owner.execute("DROP SCHEMA shop CASCADE")
        owner.execute("DROP ROLE evidence_reader")


@pytest.fixture
def store(warehouse: str, tmp_path: Path) -> Iterator[EvidenceStore]:
    found = open_store(warehouse, recorder=FileRecorder(tmp_path / "runs.jsonl"))
    yield found
    found.close()


def test_a_warehouse_in_its_own_types(store: EvidenceStore) -> None:
    state = store.tables()["charges"]
    assert state.present and "currency" in state.missing_columns
    assert set(state.cast_columns) == {"amount", "created", "metadata"}
    assert state.as_of == datetime(2026, 11, 2, 4, 0)
    result = store.query(
        "SELECT id, amount, created, currency, amount / 4 AS quarter FROM charges "
        "WHERE created >= $since ORDER BY id LIMIT 2",
        purpose=PURPOSE,
        scope=Scope(("acct_1",)),
        params={"since": datetime(2026, 11, 1)},
    )
    assert result.types == ("text", "bigint", "timestamp", "text", "double")
    assert result.rows[0] == ("ch_10", 100, datetime(2026, 11, 1, 8, 0), None, 25.0)
    assert result.truncated is False


def test_the_scope_holds_whatever_the_query_says(store: EvidenceStore) -> None:
    result = store.query(
        "SELECT account_id, count(*) AS n FROM charges WHERE account_id = 'acct_2' OR 1 = 1 "
        "GROUP BY account_id",
        purpose=PURPOSE,
        scope=Scope(("acct_1",)),
    )
    assert result.rows == (("acct_1", 10),)


@pytest.mark.parametrize(
    "value", ["x' OR '1'='1", "\\' OR 1=1 --", "$$; DROP TABLE shop.charges", "%s"]
)
def test_a_value_stays_a_value(store: EvidenceStore, value: str) -> None:
    found = store.query(
        "SELECT $text AS t, count(*) AS n FROM charges WHERE id = $text",
        purpose=PURPOSE,
        scope=Scope((value,)),
        params={"text": value},
    )
    assert found.rows == ((value, 0),)


def test_what_is_not_proven_is_refused_by_name(store: EvidenceStore) -> None:
    with pytest.raises(QueryRefused, match=r"mode \(text\) is not proven .* PostgreSQL") as refusal:
        store.query("SELECT mode(id) FROM charges", purpose=PURPOSE, scope=Scope(None))
    assert refusal.value.hint
    with pytest.raises(QueryRefused, match="last_value"):
        store.query(
            "SELECT last_value(id IGNORE NULLS) OVER (ORDER BY created) FROM charges",
            purpose=PURPOSE,
            scope=Scope(None),
        )


def test_a_wrong_name_is_refused_in_the_words_of_the_reference(store: EvidenceStore) -> None:
    with pytest.raises(QueryFailed, match="amuont"):
        store.query("SELECT amuont FROM charges", purpose=PURPOSE, scope=Scope(None))
    with pytest.raises(QueryRefused, match="no table payouts"):
        store.query("SELECT id FROM payouts", purpose=PURPOSE, scope=Scope(None))


def test_an_optional_table_stands_empty(store: EvidenceStore) -> None:
    found = store.query(
        "SELECT c.id, p.status FROM charges AS c LEFT JOIN payouts AS p ON p.id = c.id "
        "ORDER BY c.id LIMIT 1",
        purpose=PURPOSE,
        scope=Scope(None),
        optional=frozenset(["payouts"]),
    )
    assert found.rows == (("ch_1", None),)


def test_the_deadline_stops_the_statement(store: EvidenceStore) -> None:
    with pytest.raises(QueryTimeout):
        store.query(
            "SELECT count(*) AS n FROM charges AS a, charges AS b, charges AS c, charges AS d, "
            "charges AS e, charges AS f",
            purpose=PURPOSE,
            scope=Scope(None),
            limits=Limits(seconds=0.5),
        )


def test_a_role_that_may_write_is_not_used(postgres_url: str, tmp_path: Path) -> None:
    found = open_store(postgres_url, recorder=FileRecorder(tmp_path / "runs.jsonl"))
    with pytest.raises((StoreNotFound, QueryFailed), match="may write"):
        found.tables()
    found.close()


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    url = "postgresql://u:s3cret@127.0.0.1:1/none"
    found = open_store(url, recorder=FileRecorder(tmp_path / "runs.jsonl"))
    assert "s3cret" not in found.location
    with pytest.raises(QueryFailed, match="does not answer") as failure:
        found.tables()
    assert "s3cret" not in str(failure.value)
    found.close()


def test_a_columns_own_collation_does_not_make_texts_equal(postgres_url: str) -> None:
    """The relation compares by bytes whatever the column says."""
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute("CREATE SCHEMA own")
        owner.execute('CREATE TABLE own.charges (id text COLLATE "POSIX", account_id text)')
        try:
            backend = PostgresBackend(f"{postgres_url}?schema=own", load_contract(), may_write=True)
            text = backend.relation("charges").sql("postgres", identify=True)
            assert '"id" COLLATE "C" AS "id"' in text and '"account_id" COLLATE' not in text
            backend.close()
        finally:
            owner.execute("DROP SCHEMA own CASCADE")
