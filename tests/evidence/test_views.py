"""A company's own names: mapped by SELECTs that pass a guard, checked, and fast all the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from headwater.cli.main import cli
from headwater.evidence.engine import Engine
from headwater.evidence.errors import QueryRefused, StoreNotFound
from headwater.evidence.readiness import readiness
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import ParquetStore, open_store
from headwater.evidence.views import find_views
from tests.evidence.conftest import ask, write_parquet

PAYMENTS = """
    SELECT 'pay_' || i AS ref, 'acct_' || lpad((i // 3000)::VARCHAR, 2, '0') AS merchant,
           TIMESTAMP '2026-11-01' + to_minutes((i % 3000)::INT) AS happened,
           (i % 500) / 100.0 AS euros, i % 7 = 0 AS is_failed, 'no' AS unused
    FROM range({start}, {end}) t(i) ORDER BY merchant, happened"""
CHARGES_VIEW = """\
-- Our payments are charges.
SELECT
    p.ref AS id,
    p.merchant AS account_id,
    p.happened AS created,
    CAST(round(100 * p.euros) AS BIGINT) AS amount,
    CASE WHEN p.is_failed THEN 'failed' ELSE 'succeeded' END AS status
FROM payments AS p
"""


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """Files with the company's own names: ten accounts, one folder a day for the visits."""
    root = tmp_path / "lake"
    root.mkdir()
    with duckdb.connect() as connection:
        rows = PAYMENTS.format(start=0, end=30_000)
        connection.execute(
            f"COPY ({rows}) TO '{root}/payments.parquet' (FORMAT parquet, ROW_GROUP_SIZE 3000)"
        )
        connection.execute(f"""
            COPY (SELECT 'v' || i AS visit, 'acct_' || (i % 4) AS merchant,
                         TIMESTAMP '2026-11-01' + to_hours(i::INT) AS at_time,
                         strftime(at_time, '%Y-%m-%d') AS day
                  FROM range(240) t(i)) TO '{root}/visits'
            (FORMAT parquet, PARTITION_BY (day), WRITE_PARTITION_COLUMNS true)""")
    write_parquet(root / "accounts.parquet", "SELECT 'acct_00' AS id")
    return root


@pytest.fixture
def views(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence" / "views"
    folder.mkdir(parents=True)
    (folder / "charges.sql").write_text(CHARGES_VIEW)
    return folder


@pytest.fixture
def opened(lake: Path, views: Path, tmp_path: Path, request: Any) -> Callable[[], ParquetStore]:
    def make() -> ParquetStore:
        store = open_store(
            lake,
            recorder=FileRecorder(tmp_path / "runs.jsonl"),
            threads=1,
            workers=1,
            views=views,
        )
        request.addfinalizer(store.close)
        assert isinstance(store, ParquetStore)
        return store

    return make


def test_a_view_stands_for_the_table(opened: Callable[[], ParquetStore]) -> None:
    store = opened()
    result = ask(
        store,
        "SELECT count(*), sum(amount), count(*) FILTER (WHERE status = 'failed'), max(refunded) "
        "FROM charges",
        "acct_01",
    )
    assert result.rows == ((3000, 748500, 429, None),)
    states = store.tables()
    assert states["charges"].present and states["charges"].view
    assert "refunded" in states["charges"].missing_columns
    assert states["accounts"].present and states["accounts"].view is None
    assert str(states["charges"].as_of) == "2026-11-03 01:59:00"
    assert store.unknown_files() == ("visits",)
    assert store.view_problems() == ()


def test_the_scope_holds_inside_a_view(opened: Callable[[], ParquetStore], views: Path) -> None:
    (views / "charges.sql").write_text(
        "SELECT ref AS id, merchant AS account_id FROM payments "
        "UNION ALL SELECT 'x' || ref, merchant FROM payments"
    )
    found = ask(opened(), "SELECT DISTINCT account_id FROM charges", "acct_03")
    assert found.rows == (("acct_03",),)


def test_only_the_contract_is_reachable_not_the_files_behind_it(
    opened: Callable[[], ParquetStore],
) -> None:
    with pytest.raises(QueryRefused, match="no table 'payments'"):
        ask(opened(), "SELECT * FROM payments", "acct_01")


def scanned(engine: Engine, sql: str, params: dict[str, Any], accounts: tuple[str, ...]) -> str:
    template = engine._template(sql, scoped=True)
    engine._require(template, frozenset(), scoped=True)
    text = template.fill(params, accounts, 100, engine._catalogue.source)
    return str(engine._connection.execute("EXPLAIN ANALYZE " + text).fetchall()[0][1])


def test_account_and_day_reach_the_files_through_a_view(lake: Path, views: Path) -> None:
    """The plan filters while it reads, and reads only the row group and the days that can match."""
    (views / "api_request_logs.sql").write_text(
        "SELECT visit AS id, merchant AS account_id, at_time AS created FROM visits"
    )
    engine = Engine(lake, threads=1, memory_bytes=500_000_000, views=views)
    plan = scanned(engine, "SELECT count(*) FROM charges WHERE status = 'failed'", {}, ("acct_07",))
    assert "merchant = 'acct_07'" in plan and "Row Groups Scanned: 1 / 8" in plan, plan
    days = """SELECT count(*) FROM api_request_logs
              WHERE created >= $since AND created < TIMESTAMP '2026-11-04'"""
    plan = scanned(engine, days, {"since": "2026-11-03"}, ("acct_1",))
    assert "merchant = 'acct_1'" in plan and "at_time >= '2026-11-03 00:00:00'" in plan, plan
    assert "Row Groups Scanned: 1 / 10" in plan, plan


def test_a_changed_view_is_seen_and_changes_the_fingerprint(
    opened: Callable[[], ParquetStore], views: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened()
    before = store.fingerprint()
    (views / "charges.sql").write_text(CHARGES_VIEW.replace("'failed'", "'declined'"))
    assert store.fingerprint() != before
    assert ask(opened(), "SELECT DISTINCT status FROM charges ORDER BY 1", "acct_01").rows == (
        ("declined",),
        ("succeeded",),
    )


WRONG = {
    "unknown column": (
        "SELECT ref AS id,\n merchant AS account_id,\n happened AS creatd\nFROM payments",
        "charges.sql:3: charges has no column 'creatd'; did you mean created?",
    ),
    "wrong type": (
        "SELECT ref AS id, merchant AS account_id,\n\n '2026-11-01' AS created FROM payments",
        "charges.sql:3: created is VARCHAR, but the contract wants timestamp",
    ),
    "no account": (
        "SELECT ref AS id FROM payments",
        "charges.sql:1: the view returns no account_id",
    ),
    "no key": ("SELECT merchant AS account_id FROM payments", "the view returns no id"),
    "unknown file": (
        "SELECT ref AS id, merchant AS account_id\nFROM payment",
        "charges.sql:2: the lake has no file or folder 'payment'; did you mean payments?",
    ),
    "own column misnamed": (
        "SELECT reff AS id, merchant AS account_id FROM payments",
        'charges.sql:1: Binder Error: Referenced column "reff" not found',
    ),
    "not SQL": ("SELECT ref AS id,\nFROM\nWHERE", "charges.sql:3: the SQL does not parse"),
    "two statements": ("SELECT 1 AS id; SELECT 2", "Exactly one SELECT"),
    "not a SELECT": ("COPY payments TO '/tmp/x.csv'", "charges.sql:1:"),
    "a function that reads": (
        "SELECT ref AS id,\n merchant AS account_id\nFROM read_parquet('/etc/passwd')",
        "charges.sql:3:",
    ),
    "a file by path": ("SELECT a AS id FROM '/etc/passwd'", "charges.sql:1:"),
    "a schema": ("SELECT 1 AS id FROM main.payments", "not a plain table name"),
    "a function that is not listed": (
        "SELECT ref AS id, merchant AS account_id,\n getenv('HOME') AS status FROM payments",
        "charges.sql:2: The function getenv is not allowed",
    ),
    "a parameter": ("SELECT $x AS id, merchant AS account_id FROM payments", "no parameters"),
    "recursion": (
        "WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 1 FROM r) SELECT 1 AS id FROM r",
        "WITH RECURSIVE",
    ),
    "the engine's catalogue": ("SELECT 1 AS id FROM duckdb_settings", "no file or folder"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_view_is_named_with_file_and_line(
    opened: Callable[[], ParquetStore], views: Path, name: str
) -> None:
    sql, complaint = WRONG[name]
    (views / "charges.sql").write_text(sql)
    store = opened()
    (problem,) = store.view_problems()
    assert complaint in problem, problem
    state = store.tables()["charges"]
    assert not state.present and state.problem == problem
    with pytest.raises(QueryRefused, match="charges"):
        ask(store, "SELECT id FROM charges", "acct_01")
    ready = readiness("p", "SELECT id FROM charges", store, store.tables())
    assert ready.status == "none" and f"(there, but wrong: {problem})" in ready.reason
    assert ask(store, "SELECT id FROM accounts", "acct_00").rows == (("acct_00",),)


def test_a_view_for_a_table_the_contract_lacks(
    opened: Callable[[], ParquetStore], views: Path
) -> None:
    (views / "chargess.sql").write_text("SELECT 1 AS id")
    (problem,) = opened().view_problems()
    assert "chargess.sql:1: the contract has no table 'chargess'; did you mean charges?" in problem


@pytest.mark.slow
def test_check_tells_of_views(
    lake: Path, views: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEADWATER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)  # the current project has evidence/views
    run = CliRunner().invoke(cli, ["evidence", "check", "--evidence", str(lake), "--json"])
    assert run.exit_code == 0, run.output
    report = json.loads(run.stdout)
    charges = next(each for each in report["tables"] if each["name"] == "charges")
    assert charges["view"] == "evidence/views/charges.sql" and report["view_problems"] == []
    (views / "charges.sql").write_text("SELECT ref AS idd, merchant AS account_id FROM payments")
    (views / "refundz.sql").write_text("SELECT 1 AS id")
    run = CliRunner().invoke(
        cli, ["evidence", "check", "--evidence", str(lake), "--views", str(views)]
    )
    assert run.exit_code == 1
    shown = " ".join(run.output.split())
    assert "evidence/views/charges.sql:1: charges has no column 'idd'; did you mean id?" in shown
    assert "evidence/views/refundz.sql:1:" in shown and "did you mean refunds?" in shown


def test_where_views_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HEADWATER_EVIDENCE_VIEWS", raising=False)
    assert find_views() is None
    project, named = tmp_path / "evidence" / "views", tmp_path / "named"
    project.mkdir(parents=True)
    named.mkdir()
    assert find_views() == project
    monkeypatch.setenv("HEADWATER_EVIDENCE_VIEWS", str(named))
    assert find_views() == named
    assert find_views(project) == project
    assert find_views(False) is None
    with pytest.raises(StoreNotFound, match="no folder of views"):
        find_views(tmp_path / "nowhere")


@pytest.mark.parametrize("named", ["by the project", "by the environment"])
def test_a_warehouse_does_not_leave_views_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """Whoever keeps views and points at a warehouse hears of it, wherever the address came from."""
    folder = tmp_path / "evidence" / "views"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HEADWATER_EVIDENCE_VIEWS", raising=False)
    recorder = FileRecorder(tmp_path / "runs.jsonl")
    address = "postgresql://127.0.0.1:1/none"
    open_store(address, recorder=recorder).close()
    if named == "by the project":
        (folder / "charges.sql").write_text("SELECT 1 AS id")
    else:
        monkeypatch.setenv("HEADWATER_EVIDENCE_VIEWS", str(folder))
    with pytest.raises(StoreNotFound, match="evidence/views map files only") as refused:
        open_store(address, recorder=recorder)
    assert "move the folder away" in str(refused.value.hint)
    open_store(address, recorder=recorder, views=False).close()
