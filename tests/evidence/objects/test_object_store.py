"""A lake in an object store: the same answers, one snapshot, and nothing else within reach."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from headwater.evidence.engine import Engine
from headwater.evidence.engines.interface import find_place
from headwater.evidence.errors import QueryFailed, StoreNotFound
from headwater.evidence.layout import Append, LakeWriter
from headwater.evidence.objects.address import environment_for, may_speak_plainly
from headwater.evidence.objects.blocks import Blocks
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import ParquetStore, open_store
from tests.evidence.conftest import ask, write_parquet
from tests.evidence.objects.conftest import SECRET, Bucket

QUERIES = [
    "SELECT count(*) AS n, sum(amount) AS s, max(created) AS m FROM charges",
    "SELECT status, count(*) AS n FROM api_request_logs GROUP BY ALL ORDER BY ALL",
    "SELECT r.id, c.amount FROM refunds r JOIN charges c ON c.id = r.charge_id ORDER BY r.id",
    "SELECT id, created FROM events ORDER BY created DESC LIMIT 7",
    "SELECT id, email FROM accounts ORDER BY id",
]


@pytest.fixture(scope="module")
def remote(
    bucket: Bucket, lake: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ParquetStore]:
    address = bucket.upload(lake, "lakes/first")
    journal = tmp_path_factory.mktemp("journal") / "runs.jsonl"
    opened = open_store(address, recorder=FileRecorder(journal), threads=2, workers=1)
    assert isinstance(opened, ParquetStore)
    yield opened
    opened.close()


@pytest.mark.parametrize("sql", QUERIES)
@pytest.mark.parametrize("accounts", [(), ("acct_1", "acct_3")])
def test_the_rows_are_those_of_the_folder(
    store: ParquetStore, remote: ParquetStore, sql: str, accounts: tuple[str, ...]
) -> None:
    here, there = ask(store, sql, *accounts), ask(remote, sql, *accounts)
    assert there.rows == here.rows
    assert there.rows
    assert (there.columns, there.types) == (here.columns, here.types)


def test_what_is_there_is_what_the_folder_has(store: ParquetStore, remote: ParquetStore) -> None:
    assert remote.tables() == store.tables()
    assert remote.unknown_files() == store.unknown_files()
    assert remote.location == "s3://evidence/lakes/first"


def test_the_fingerprint_follows_the_objects(bucket: Bucket, tmp_path: Path) -> None:
    write_parquet(tmp_path / "accounts.parquet", "SELECT 'acct_1' AS id")
    address = bucket.upload(tmp_path, "lakes/changing")
    opened = open_store(address, recorder=FileRecorder(tmp_path / "runs"))
    before = opened.fingerprint()
    assert opened.fingerprint() == before
    write_parquet(tmp_path / "accounts.parquet", "SELECT 'acct_2' AS id")
    bucket.upload(tmp_path, "lakes/changing")
    assert opened.fingerprint() != before


def _request(number: int) -> str:
    return (
        f"SELECT 'req_{number}' AS id, 'acct_1' AS account_id, 200 AS status, "
        f"TIMESTAMP '2026-11-0{number} 10:00:00' AS created"
    )


def _commit(lake: Path, source: Path, number: int) -> None:
    write_parquet(source, _request(number))
    with LakeWriter(lake) as writer:
        writer.commit({"api_request_logs": Append(source)})


def _engine(address: str, monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine(address, threads=2, memory_bytes=300_000_000)
    monkeypatch.setattr(engine._folder, "rescan_seconds", 0.0)
    return engine


def _ids(engine: Engine) -> list[str]:
    answer = engine.query("SELECT id FROM api_request_logs ORDER BY id", {}, None, 100, 30.0)
    return [row[0] for row in answer["rows"]]


def test_a_commit_is_seen_when_its_manifest_is(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, source = tmp_path / "lake", tmp_path / "rows.parquet"
    _commit(lake, source, 1)
    engine = _engine(bucket.upload(lake, "lakes/managed"), monkeypatch)
    assert _ids(engine) == ["req_1"]
    _commit(lake, source, 2)
    bucket.upload(lake, "lakes/managed", without="manifest")
    assert _ids(engine) == ["req_1"]
    bucket.upload(lake, "lakes/managed")
    assert _ids(engine) == ["req_1", "req_2"]


def test_a_web_server_gives_what_the_manifest_names(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, source = tmp_path / "lake", tmp_path / "rows.parquet"
    _commit(lake, source, 3)
    bucket.upload(lake, "lakes/served")
    engine = _engine(f"{bucket.endpoint}/evidence/lakes/served", monkeypatch)
    assert _ids(engine) == ["req_3"]
    with pytest.raises(StoreNotFound, match="cannot be listed"):
        _engine(f"{bucket.endpoint}/evidence/lakes/nothing", monkeypatch)


def test_an_object_that_changes_under_a_reader_is_an_error_once(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "SELECT 'req_' || i AS id, 'acct_1' AS account_id FROM range({}) t(i)"
    write_parquet(tmp_path / "api_request_logs.parquet", rows.format(3))
    engine = _engine(bucket.upload(tmp_path, "lakes/replaced"), monkeypatch)
    assert len(_ids(engine)) == 3
    monkeypatch.setattr(engine._folder, "rescan_seconds", 1_000.0)
    write_parquet(tmp_path / "api_request_logs.parquet", rows.format(5))
    bucket.upload(tmp_path, "lakes/replaced")
    assert len(_ids(engine)) == 3  # what was read of the old one is kept
    monkeypatch.setattr(engine._folder, "_blocks", Blocks())
    with pytest.raises(QueryFailed, match="was replaced") as caught:
        _ids(engine)
    assert "Traceback" not in str(caught.value)
    assert len(_ids(engine)) == 5


HOSTILE = [
    "SELECT * FROM read_parquet('lake://objects/../other/accounts.parquet')",
    "SELECT * FROM read_parquet('lake://objects/charges/../../../other/accounts.parquet')",
    "SELECT * FROM read_parquet('lake://elsewhere/accounts.parquet')",
    "SELECT * FROM read_parquet('lake://accounts.parquet')",
    "SELECT * FROM read_parquet('s3://evidence/lakes/other/accounts.parquet')",
    "SELECT * FROM read_parquet('s3://evidence/lakes/first/accounts.parquet')",
    "SELECT * FROM read_parquet('ENDPOINT/evidence/lakes/first/accounts.parquet')",
    "SELECT * FROM read_parquet('lake://objects/*.parquet')",
    "SELECT * FROM read_parquet('lake://objects/**')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_text('/proc/self/environ')",
    "SELECT * FROM read_text('file:///etc/passwd')",
    "COPY (SELECT 1) TO 'lake://objects/new.parquet' (FORMAT parquet)",
    "COPY (SELECT 1) TO 'lake://objects/accounts.parquet' (FORMAT parquet)",
    "COPY (SELECT 1) TO '/tmp/new.parquet' (FORMAT parquet)",
    "ATTACH '/tmp/new.db' AS x",
    "ATTACH 'lake://elsewhere/accounts.parquet' AS x",
    "EXPORT DATABASE 'lake://objects/dump'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET allowed_directories = ['/']",
    "SET enable_external_access = true",
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
]


@pytest.fixture(scope="module")
def beneath(remote: ParquetStore) -> Iterator[Engine]:
    yield Engine(remote.location, threads=1, memory_bytes=300_000_000)


@pytest.mark.parametrize("sql", HOSTILE)
def test_beneath_the_guard_only_listed_objects_can_be_read(
    beneath: Engine, bucket: Bucket, tmp_path: Path, sql: str
) -> None:
    write_parquet(tmp_path / "accounts.parquet", "SELECT 'acct_other' AS id")
    bucket.upload(tmp_path, "lakes/other")
    engine = beneath._connection
    listed = "SELECT count(*) FROM read_parquet('lake://objects/accounts.parquet')"
    assert engine.execute(listed).fetchall() == [(5,)]
    with pytest.raises((duckdb.Error, OSError)):
        engine.execute(sql.replace("ENDPOINT", bucket.endpoint)).fetchall()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM glob('lake://objects/*')",
        "SELECT content FROM read_text('lake://objects/notes.txt')",
        "SELECT content FROM read_blob('lake://objects/api_request_logs/*')",
    ],
)
def test_what_was_not_listed_is_not_there(beneath: Engine, sql: str) -> None:
    assert beneath._connection.execute(sql).fetchall() == []


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO 'lake://objects/w.parquet'",
        "ATTACH 'lake://objects/w.db' AS w; CREATE TABLE w.t AS SELECT 1; CHECKPOINT w",
    ],
)
def test_nothing_can_be_written(beneath: Engine, bucket: Bucket, sql: str) -> None:
    with contextlib.suppress(duckdb.Error):
        beneath._connection.execute(sql)
    paths = [each["path"] for part in bucket.store.list("lakes/first") for each in part]
    assert not [path for path in paths if "/w." in path]
    assert len(paths) > 5


def test_credentials_are_neither_shown_nor_recorded(remote: ParquetStore, bucket: Bucket) -> None:
    ask(remote, "SELECT count(*) FROM charges")
    pids = [worker.pid for worker in remote._pool._idle]
    assert pids
    for pid in pids:
        for kind in ("cmdline", "environ"):
            assert SECRET.encode() not in Path(f"/proc/{pid}/{kind}").read_bytes()
    assert environment_for(remote.location)["AWS_SECRET_ACCESS_KEY"] == SECRET
    with pytest.raises(StoreNotFound) as caught:
        open_store("s3://no-such-bucket/x", recorder=remote._recorder).fingerprint()
    assert str(caught.value).startswith(
        "s3://no-such-bucket/x cannot be read: the store answers NoSuchBucket. "
    )
    journal = remote._recorder.path.read_text("utf-8")  # type: ignore[attr-defined]
    assert "FROM charges" in journal
    assert SECRET not in journal


def test_a_lake_that_is_not_there(remote: ParquetStore, bucket: Bucket) -> None:
    with pytest.raises(StoreNotFound, match="There is nothing at s3://evidence/lakes/nowhere"):
        open_store("s3://evidence/lakes/nowhere/", recorder=remote._recorder).fingerprint()
    opened = open_store("s3://evidence/lakes/nowhere/", recorder=remote._recorder)
    with pytest.raises(QueryFailed, match="There is nothing at"):
        ask(opened, "SELECT count(*) FROM charges")  # type: ignore[arg-type]


def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATESTS")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    with pytest.raises(StoreNotFound, match="no answer"):
        Engine("s3://evidence/x", threads=1, memory_bytes=300_000_000)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("s3://key:secret@bucket/lake", "without a key"),
        ("s3://key@bucket/lake", "without a key"),
        ("az://box/lake?sig=abc", "without a key"),
        ("s3:///lake", "names no bucket"),
        ("s3://bucket/a/../../b", "leads out"),
        ("http://example.com/lake", "without encryption"),
        ("r2://bucket/lake", "no address"),
        ("abfss://box@account/lake", "no address"),
    ],
)
def test_addresses_that_are_not_taken(address: str, said: str) -> None:
    with pytest.raises(StoreNotFound, match=said) as caught:
        find_place(address)
    assert "secret" not in str(caught.value)
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "name", "value", "plainly"),
    [
        ("s3://b/x", "AWS_ENDPOINT_URL", "http://127.0.0.1:9000", True),
        ("s3://b/x", "AWS_ENDPOINT_URL", "http://store.example.com", False),
        ("s3://b/x", "AWS_ALLOW_HTTP", "true", True),
        ("s3://b/x", "AZURE_ALLOW_HTTP", "true", False),
        ("https://example.com/x", "AWS_ALLOW_HTTP", "true", False),
        ("http://localhost:8000/x", "", "", True),
    ],
)
def test_encryption_is_left_out_only_where_it_may(
    address: str, name: str, value: str, plainly: bool
) -> None:
    assert may_speak_plainly(address, {name: value}) is plainly


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    for name in ("folder", "filesystem"):
        monkeypatch.delitem(sys.modules, f"headwater.evidence.objects.{name}", raising=False)
    with pytest.raises(StoreNotFound, match="obstore") as caught:
        Engine("s3://bucket/lake", threads=1, memory_bytes=300_000_000)
    assert "headwater[objectstore]" in str(caught.value.hint)
