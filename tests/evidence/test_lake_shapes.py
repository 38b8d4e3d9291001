"""Lakes as companies have them: partitions, missing parts, other types, changing schemas."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from headwater.evidence.errors import QueryRefused, StoreNotFound
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import ParquetStore, open_store
from tests.evidence.conftest import ask, write_parquet

Opener = Callable[[], ParquetStore]


@pytest.fixture
def open_lake(tmp_path: Path) -> Iterator[Opener]:
    opened: list[ParquetStore] = []

    def opener() -> ParquetStore:
        found = open_store(tmp_path, recorder=FileRecorder(tmp_path / "_runs.jsonl"), threads=1)
        assert isinstance(found, ParquetStore)
        opened.append(found)
        return found

    yield opener
    for each in opened:
        each.close()


def test_what_is_there_and_what_is_missing(store: ParquetStore) -> None:
    tables = store.tables()
    assert len(tables) == 53
    assert not tables["payouts"].present
    assert tables["charges"].cast_columns == ("created",)
    assert "receipt_email" in tables["charges"].missing_columns
    assert tables["api_request_logs"].files == 5
    assert tables["refunds"].derived_columns == ("account_id",)
    assert store.unknown_files() == ("notes.txt",)


def test_a_missing_table_is_named_but_needs_still_works(store: ParquetStore) -> None:
    sql = "select p.id, amount from payouts p where p.created >= $window_start"
    with pytest.raises(QueryRefused, match="no table payouts"):
        ask(store, sql, window_start=datetime(2026, 1, 1))
    columns = {column for table, column in store.needs(sql) if table == "payouts"}
    assert columns == {"id", "amount", "created", "account_id"}


def test_an_unknown_table_gets_a_suggestion(store: ParquetStore) -> None:
    with pytest.raises(QueryRefused, match="mean webhook_endpoints"):
        ask(store, "select 1 from webhook_endpoint")


def test_missing_columns_are_typed_nulls(store: ParquetStore) -> None:
    result = ask(store, "select receipt_email, paid, amount_refunded + 1 as n from charges limit 1")
    assert result.rows == ((None, None, None),)
    assert result.types[:2] == ("text", "boolean")


def test_extra_columns_are_not_there(store: ParquetStore) -> None:
    columns = ask(store, "select * from charges limit 1").columns
    assert "not_in_the_contract" not in columns
    assert columns[:2] == ("id", "account_id")


def test_zoned_times_become_naive_utc(store: ParquetStore) -> None:
    result = ask(store, "select created, now() as n from charges where id = 'ch_1'")
    assert result.rows[0][0] == datetime(2026, 11, 1, 1)
    assert isinstance(result.rows[0][1], datetime) and result.rows[0][1].tzinfo is None


def test_the_account_is_derived_through_the_reference(store: ParquetStore) -> None:
    assert ask(store, "select id from refunds order by id limit 2", "acct_3").rows == (
        ("re_13",),
        ("re_18",),
    )
    assert ask(store, "select count(*), count(account_id) from refunds").rows == ((60, 60),)


def test_a_table_that_cannot_be_scoped_is_refused(tmp_path: Path, open_lake: Opener) -> None:
    write_parquet(tmp_path / "charges.parquet", "SELECT 'ch_1' AS id, 5 AS amount")
    opened = open_lake()
    with pytest.raises(QueryRefused, match="account"):
        ask(opened, "select id from charges", "acct_1")
    assert ask(opened, "select id from charges").rows == (("ch_1",),)


def test_other_types_are_cast_to_the_contract(tmp_path: Path, open_lake: Opener) -> None:
    write_parquet(
        tmp_path / "charges.parquet",
        "SELECT uuid() AS id, 'acct_1' AS account_id, '1200' AS amount, 1 AS paid, "
        "DATE '2026-11-02' AS created, encode('usd') AS currency",
    )
    opened = open_lake()
    result = ask(opened, "select amount, paid, created, currency, id from charges", "acct_1")
    assert result.rows[0][:4] == (1200, True, datetime(2026, 11, 2), "usd")
    assert result.types == ("bigint", "boolean", "timestamp", "text", "text")


@pytest.mark.parametrize(
    ("stored", "unit"),
    [("BIGINT", 1), ("BIGINT", 1_000), ("BIGINT", 1_000_000), ("INTEGER", 1), ("DOUBLE", 1)],
)
def test_times_as_numbers_count_from_1970(
    tmp_path: Path, open_lake: Opener, stored: str, unit: int
) -> None:
    write_parquet(
        tmp_path / "charges.parquet",
        f"SELECT 'ch_1' AS id, 'acct_A' AS account_id, CAST({1_793_577_600 * unit} AS {stored}) "
        "AS created UNION ALL SELECT 'ch_2', 'acct_A', NULL",
    )
    opened = open_lake()
    late = "SELECT id, created FROM charges WHERE created >= $window_start"
    found = ask(opened, late, window_start=datetime(2026, 11, 1))
    assert found.rows == (("ch_1", datetime(2026, 11, 2)),)
    state = opened.tables()["charges"]
    assert state.cast_columns == ("created",) and state.as_of == datetime(2026, 11, 2)


def test_structures_are_read_as_json(tmp_path: Path, open_lake: Opener) -> None:
    write_parquet(
        tmp_path / "charges.parquet",
        "SELECT 'ch_1' AS id, 'acct_A' AS account_id, MAP {'order': 'A-1'} AS metadata "
        "UNION ALL SELECT 'ch_2', 'acct_A', NULL",
    )
    found = ask(open_lake(), "SELECT metadata ->> '$.order' AS number FROM charges ORDER BY id")
    assert found.rows == (("A-1",), (None,))


@pytest.mark.parametrize("unit", ["TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP_NS", "TIMESTAMP_MS"])
def test_time_filters_skip_files(tmp_path: Path, open_lake: Opener, unit: str) -> None:
    for day in range(1, 10):
        write_parquet(
            tmp_path / f"events/dt=2026-11-0{day}/part-0.parquet",
            f"SELECT 'evt_' || i AS id, 'acct_1' AS account_id, "
            f"(TIMESTAMP '2026-11-0{day}' + to_minutes(i::INT))::{unit} AS created "
            "FROM range(1000) t(i)",
        )
    opened = open_lake()
    sql = "select count(*), min(created) from events where created >= $a and created < $b"
    window = {"a": datetime(2026, 11, 3, 1), "b": datetime(2026, 11, 4)}
    result = ask(opened, sql, "acct_1", **window)
    assert result.rows == ((940, datetime(2026, 11, 3, 1)),)
    # Damage the pages, not the footers, of every file outside the window: they are not read.
    for path in tmp_path.rglob("*.parquet"):
        if "11-03" not in str(path):
            data = bytearray(path.read_bytes())
            data[4:200] = b"\xff" * 196
            path.write_bytes(data)
    assert ask(open_lake(), sql, "acct_1", **window).rows == result.rows


def test_partition_folders_may_carry_contract_columns(tmp_path: Path, open_lake: Opener) -> None:
    for mode in ("true", "false"):
        write_parquet(
            tmp_path / f"charges/livemode={mode}/dt=2026-11-01/a.parquet",
            f"SELECT 'ch_{mode}' AS id, 'acct_1' AS account_id",
        )
    opened = open_lake()
    assert ask(opened, "select id from charges where livemode", "acct_1").rows == (("ch_true",),)


def test_columns_added_over_time(tmp_path: Path, open_lake: Opener) -> None:
    write_parquet(tmp_path / "charges/1.parquet", "SELECT 'ch_1' AS id, 'acct_1' AS account_id")
    write_parquet(
        tmp_path / "charges/2.parquet",
        "SELECT 'acct_1' AS account_id, 7::BIGINT AS amount, 'ch_2' AS id",
    )
    opened = open_lake()
    rows = ask(opened, "select id, amount from charges order by id", "acct_1").rows
    assert rows == (("ch_1", None), ("ch_2", 7))


def test_new_files_are_seen_and_change_the_fingerprint(tmp_path: Path, open_lake: Opener) -> None:
    write_parquet(tmp_path / "charges/1.parquet", "SELECT 'ch_1' AS id, 'acct_1' AS account_id")
    opened = open_lake()
    before = opened.fingerprint()
    assert before == opened.fingerprint()
    write_parquet(tmp_path / "charges/2.parquet", "SELECT 'ch_2' AS id, 'acct_1' AS account_id")
    assert opened.fingerprint() != before
    assert ask(opened, "select count(*) from charges").rows == ((2,),)


def test_a_damaged_table_is_reported_and_others_still_work(
    tmp_path: Path, open_lake: Opener
) -> None:
    (tmp_path / "events.parquet").write_bytes(b"not parquet at all")
    write_parquet(tmp_path / "charges.parquet", "SELECT 'ch_1' AS id, 'acct_1' AS account_id")
    opened = open_lake()
    state = opened.tables()["events"]
    assert not state.present and state.problem
    with pytest.raises(QueryRefused, match="events"):
        ask(opened, "select 1 from events")
    assert ask(opened, "select count(*) from charges").rows == ((1,),)


def test_file_and_folder_of_one_name_are_not_added_up(tmp_path: Path, open_lake: Opener) -> None:
    for name in ("charges.parquet", "charges/1.parquet"):
        write_parquet(tmp_path / name, "SELECT 'ch_1' AS id, 'acct_1' AS account_id")
    with pytest.raises(QueryRefused, match=r"both charges\.parquet and the folder"):
        ask(open_lake(), "select 1 from charges")


def test_freshness_is_declared_or_the_latest_row(tmp_path: Path, open_lake: Opener) -> None:
    for name in ("charges", "events"):
        write_parquet(
            tmp_path / f"{name}.parquet",
            "SELECT 'x' AS id, 'acct_1' AS account_id, "
            "TIMESTAMPTZ '2026-11-05 10:30:00+02' AS created",
        )
    write_parquet(
        tmp_path / "table_freshness.parquet",
        "SELECT 'charges' AS table_name, TIMESTAMP '2026-11-06 00:00:00' AS as_of",
    )
    tables = open_lake().tables()
    assert tables["charges"].as_of == datetime(2026, 11, 6)
    assert tables["events"].as_of == datetime(2026, 11, 5, 8, 30)


@pytest.mark.parametrize("location", ["/nowhere/at/all", "file:///nowhere/at/all"])
def test_a_store_that_is_not_there(location: str, tmp_path: Path) -> None:
    with pytest.raises(StoreNotFound, match="folder"):
        open_store(location, recorder=FileRecorder(tmp_path / "runs"))


def test_a_lake_path_with_quotes(tmp_path: Path) -> None:
    root = tmp_path / 'it\'s "a" lake'
    root.mkdir()
    write_parquet(tmp_path / "c.parquet", "SELECT 'ch_1' AS id, 'acct_1' AS account_id")
    (tmp_path / "c.parquet").rename(root / "charges.parquet")
    opened = open_store(root, recorder=FileRecorder(tmp_path / "runs"))
    assert isinstance(opened, ParquetStore)
    assert ask(opened, "select count(*) from charges", "acct_1").rows == ((1,),)
    opened.close()


def test_duckdb_itself_would_have_read_the_neighbour(lake: Path) -> None:
    """The attack tests mean something only if the forbidden file is readable at all."""
    rows = duckdb.execute(f"select * from '{lake.parent}/outside.csv'").fetchall()
    assert rows == [(1,)]


def test_an_account_column_that_was_never_filled_is_derived(
    tmp_path: Path, open_lake: Opener
) -> None:
    """As import writes it: every column of the contract, also those the source lacks."""
    write_parquet(tmp_path / "charges.parquet", "SELECT 'ch_1' AS id, 'acct_1' AS account_id")
    refund = "SELECT 're_{n}' AS id, CAST({owner} AS VARCHAR) AS account_id, 'ch_1' AS charge_id"
    write_parquet(tmp_path / "refunds" / "a.parquet", refund.format(n=1, owner="NULL"))
    store = open_lake()
    assert ask(store, "SELECT id, account_id FROM refunds", "acct_1").rows == (("re_1", "acct_1"),)
    assert store.tables()["refunds"].derived_columns == ("account_id",)
    # Where some rows say whose they are, all have to: a join on every row would cost every query.
    write_parquet(tmp_path / "refunds" / "b.parquet", refund.format(n=2, owner="'acct_1'"))
    again = open_lake()
    assert ask(again, "SELECT id FROM refunds", "acct_1").rows == (("re_2",),)
    assert again.tables()["refunds"].derived_columns == ()
