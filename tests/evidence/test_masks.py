"""What a role may not see is masked before anything else of the query happens."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from headwater.evidence.contract import load_contract
from headwater.evidence.errors import QueryFailed
from headwater.evidence.masks import MASK, hidden_columns
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Purpose, Reader, Role, Scope

SPECIALIST = Reader(Role.SPECIALIST)
WHO = Purpose("tests", "cli", "masks")
CANARY = "ada.canary@secret.example"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    lake = tmp_path_factory.mktemp("masked")
    with duckdb.connect() as engine:
        engine.execute(
            f"COPY (SELECT 'acct_' || i AS id, '{CANARY}' AS email, 'Shop' AS business_name, "
            "timestamp '2026-01-01' AS created, 'DE' AS country FROM range(3) t(i)) "
            f"TO '{lake}/accounts.parquet'"
        )
        engine.execute(
            "COPY (SELECT 'key_' || i AS id, 'acct_' || i AS account_id, 'sk_CANARY' AS masked,"
            f" timestamp '2026-01-01' AS created FROM range(3) t(i)) TO '{lake}/api_keys.parquet'"
        )
        engine.execute(
            "COPY (SELECT 'ch_' || i AS id, 'acct_' || (i % 3) AS account_id, 10 * i AS amount, "
            f"'{CANARY}' AS receipt_email, 77 AS risk_score, "
            "timestamp '2026-01-01' AS created, CASE WHEN i = 4 THEN 'x-CANARY' ELSE '5' END AS "
            f"currency FROM range(9) t(i)) TO '{lake}/charges.parquet'"
        )
    opened = open_store(lake, recorder=FileRecorder(lake / "_runs.jsonl"), threads=1, workers=1)
    yield opened
    opened.close()


def rows(store: EvidenceStore, sql: str, reader: Reader, *accounts: str) -> list[tuple[Any, ...]]:
    return list(store.query(sql, purpose=WHO, scope=Scope(accounts or None, reader)).rows)


def test_personal_data_and_secrets_are_masked_for_a_specialist(store: EvidenceStore) -> None:
    sql = "select email, business_name, country from accounts limit 1"
    assert rows(store, sql, SPECIALIST) == [(MASK, MASK, "DE")]
    assert rows(store, sql, Reader(Role.SPECIALIST, personal=True)) == [(CANARY, "Shop", "DE")]
    assert rows(store, sql, Reader()) == [(CANARY, "Shop", "DE")]
    secret = "select distinct masked from api_keys"
    assert rows(store, secret, Reader(Role.ENGINEER, personal=True)) == [(MASK,)]


@pytest.mark.parametrize(
    "sql",
    [
        f"select count(*) from accounts where email = '{CANARY}'",
        "select count(*) from accounts where email like '%canary%'",
        "select count(*) from accounts where starts_with(email, 'ada')",
        "select count(*) from accounts a join charges c on a.email = c.receipt_email"
        f" where c.receipt_email = '{CANARY}'",
        "select count(distinct email) - 1 from accounts",
        "select sum(case when length(email) > 10 then 1 else 0 end) from accounts",
        f"select count(*) from accounts group by email having email = '{CANARY}'"
        " union all select 0",
        "select count(*) from (select email as e from accounts) where e <> '[masked]'",
        "with a as (select * from accounts) select count(*) from a where email <> '[masked]'",
        "select count(*) from accounts where upper(email) between 'ADA' and 'ADB'",
        "select count(*) from accounts where exists (select 1 where email ilike 'ada%')",
        "select count(*) from accounts where regexp_matches(email, 'secret')",
    ],
)
def test_no_condition_can_feel_a_masked_value(store: EvidenceStore, sql: str) -> None:
    assert rows(store, sql, SPECIALIST) == [(0,)]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from accounts",
        "select a from accounts a",
        "select to_json(a) from accounts a",
        "select max(email), min(receipt_email) from accounts, charges",
        "select string_agg(email, ',') from accounts",
        "select list(email order by email) from accounts",
        "select columns('.*mail.*') from accounts",
        "select unnest([email]) from accounts",
        "select hash(email), md5(email) from accounts",
        "select e from accounts as t(i, p, ty, co, cu, e)",
        "select cast(email as integer) from accounts",
        "select error(email) from accounts",
        "select strptime(email, '%Y') from accounts",
        "select json_extract(email, '$.a') from accounts",
    ],
)
def test_no_expression_prints_a_masked_value(store: EvidenceStore, sql: str) -> None:
    try:
        told = repr(store.query(sql, purpose=WHO, scope=Scope(None, SPECIALIST)))
    except Exception as error:
        told = repr(error) + str(error)
    assert "canary" not in told.lower().replace(sql.lower(), "")


def test_an_error_never_prints_a_value_of_another_account(store: EvidenceStore) -> None:
    sql = "select id from charges where cast(currency as integer) > 1"
    for account in ("acct_0", "acct_1"):
        try:
            store.query(sql, purpose=WHO, scope=Scope((account,), SPECIALIST))
        except QueryFailed as error:
            assert "CANARY" not in f"{error} {error.hint}"
    with pytest.raises(QueryFailed, match="TRY_CAST"):
        store.query(sql, purpose=WHO, scope=Scope(None, SPECIALIST))


def test_a_portal_user_sees_nothing_internal() -> None:
    contract = load_contract()
    for table in contract.tables.values():
        hidden = hidden_columns(table, Reader(Role.PORTAL, personal=True))
        assert hidden >= (table.internal | table.secret | table.personal) - {table.account}
        assert table.internal.isdisjoint(hidden_columns(table, SPECIALIST) - table.personal)


def test_the_record_says_through_whose_eyes(store: EvidenceStore, tmp_path: Path) -> None:
    rows(store, "select id from accounts", SPECIALIST)
    journal = Path(store.location) / "_runs.jsonl"
    assert '"role":"specialist"' in journal.read_text().splitlines()[-1]
