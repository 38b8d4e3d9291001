"""Commits to a lake are whole, last, and seen by the store at once."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwater.evidence.errors import LakeDamaged, WriteRefused
from headwater.evidence.folders import LocalFolder
from headwater.evidence.lake import scan
from headwater.evidence.layout import Append, Delete, LakeWriter, Replace, Upsert
from headwater.evidence.layout.writer import staged_rows
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Purpose, Scope
from tests.evidence.conftest import write_parquet

Row = Mapping[str, Any]


def charge(number: int, day: int = 1, account: str = "acct_1", **more: Any) -> Row:
    return {
        "id": f"ch_{number:03}",
        "account_id": account,
        "created": f"2026-11-{day:02}T10:00:00",
        "amount": 100,
        **more,
    }


def rows_in(root: Path, table: str = "charges") -> list[tuple[Any, ...]]:
    store: EvidenceStore = open_store(root, recorder=FileRecorder(root / "_runs.jsonl"), threads=1)
    try:
        return list(
            store.query(
                f"select id, account_id, amount from {table} order by id",
                purpose=Purpose("tests", "cli", "what was written"),
                scope=Scope(None),
            ).rows
        )
    finally:
        store.close()


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[LakeWriter]:
    with LakeWriter(tmp_path / "lake") as made:
        yield made


def source(tmp_path: Path, *rows: Row) -> Path:
    return staged_rows(tmp_path / "staged", rows)


def test_an_upsert_keeps_the_last_of_a_key(tmp_path: Path, writer: LakeWriter) -> None:
    lake = tmp_path / "lake"
    first = source(tmp_path, charge(1), charge(2), charge(1, amount=150))
    writer.commit({"charges": Upsert(first)}, {"stripe": {"cursor": "evt_1"}})
    assert rows_in(lake) == [("ch_001", "acct_1", 150), ("ch_002", "acct_1", 100)]
    second = source(tmp_path, charge(2, amount=7), charge(3, day=2))
    writer.commit({"charges": Upsert(second)}, {"stripe": {"cursor": "evt_2"}})
    assert [row[2] for row in rows_in(lake)] == [150, 7, 100]
    assert writer.progress("stripe") == {"cursor": "evt_2"}
    found = scan(LocalFolder(lake), ["charges"])
    assert len(found.files["charges"]) == 2, "one live file a day"


def test_a_file_is_laid_out_as_decided(tmp_path: Path, writer: LakeWriter) -> None:
    rows = tmp_path / "rows.parquet"
    write_parquet(
        rows,
        "SELECT 'ch_' || hash(i) AS id, 'acct_' || hash(i) % 50 AS account_id, "
        "TIMESTAMP '2026-11-01' + to_seconds(i) AS created, i AS amount FROM range(40000) t(i)",
    )
    writer.commit({"charges": Append(rows)})
    (file,) = scan(LocalFolder(tmp_path / "lake"), ["charges"]).files["charges"]
    with duckdb.connect() as engine:
        found = engine.execute(
            "SELECT path_in_schema, bool_and(compression = 'ZSTD'), max(row_group_num_rows), "
            "count(*), count(bloom_filter_offset) FROM parquet_metadata($file) "
            "WHERE path_in_schema IN ('id', 'account_id', 'created') GROUP BY ALL ORDER BY ALL",
            {"file": file},
        ).fetchall()
        order = "SELECT account_id, created, id FROM read_parquet($file)"
        kept = engine.execute(order, {"file": file}).fetchall()
    assert found == [
        ("account_id", True, 16_384, 3, 3),
        ("created", True, 16_384, 3, 0),
        ("id", True, 16_384, 3, 0),
    ]
    assert kept == sorted(kept)


def test_an_object_store_is_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WriteRefused, match="object store"), LakeWriter(Path("s3://bucket/lake")):
        pass
    assert list(tmp_path.iterdir()) == []


def test_appended_days_are_compacted_and_swept(tmp_path: Path, writer: LakeWriter) -> None:
    lake = tmp_path / "lake"
    for number in range(6):
        writer.commit({"charges": Append(source(tmp_path, charge(number)))})
    assert len(scan(LocalFolder(lake), ["charges"]).files["charges"]) == 6
    done = writer.compact(grace=0)
    assert (done.days, done.files_before, done.files_after, done.swept) == (1, 6, 1, 6)
    assert len(rows_in(lake)) == 6
    assert len(list((lake / "charges").rglob("*.parquet"))) == 1


def test_replacing_a_day_leaves_the_others(tmp_path: Path, writer: LakeWriter) -> None:
    writer.commit({"charges": Append(source(tmp_path, charge(1), charge(2), charge(3, day=2)))})
    writer.commit({"charges": Replace(source(tmp_path, charge(9)))})
    assert [row[0] for row in rows_in(tmp_path / "lake")] == ["ch_003", "ch_009"]


def test_an_account_is_erased_from_every_file(tmp_path: Path, writer: LakeWriter) -> None:
    mixed = [charge(n, day=1 + n % 3, account=f"acct_{n % 2}") for n in range(12)]
    writer.commit({"charges": Append(source(tmp_path, *mixed))})
    writer.commit({"charges": Delete("acct_1")})
    writer.sweep(grace=0)
    assert {row[1] for row in rows_in(tmp_path / "lake")} == {"acct_0"}
    assert len(rows_in(tmp_path / "lake")) == 6


def test_a_second_writer_is_refused(tmp_path: Path, writer: LakeWriter) -> None:
    with pytest.raises(WriteRefused, match="Another process"), LakeWriter(tmp_path / "lake"):
        pass


def test_rows_without_a_key_or_of_another_kind_change_nothing(
    tmp_path: Path, writer: LakeWriter
) -> None:
    writer.commit({"charges": Append(source(tmp_path, charge(1)))})
    for bad in ({"id": None}, {"amount": "many"}, {"created": "yesterday"}):
        with pytest.raises(WriteRefused):
            writer.commit({"charges": Append(source(tmp_path, {**charge(2), **bad}))}, {"a": 1})
    assert len(rows_in(tmp_path / "lake")) == 1
    assert writer.progress("a") is None


def test_files_of_somebody_else_are_left_alone(tmp_path: Path, writer: LakeWriter) -> None:
    theirs = tmp_path / "lake" / "charges" / "x.parquet"
    theirs.parent.mkdir()
    theirs.write_bytes(b"not ours")
    with pytest.raises(WriteRefused, match="written by something else"):
        writer.commit({"charges": Append(source(tmp_path, charge(1)))})
    assert theirs.read_bytes() == b"not ours"


def test_a_damaged_manifest_is_named_not_guessed(tmp_path: Path, writer: LakeWriter) -> None:
    writer.commit({"charges": Append(source(tmp_path, charge(1)))})
    manifest = tmp_path / "lake" / "_headwater" / "manifest.json"
    manifest.write_text(manifest.read_text()[:-20])
    with pytest.raises(LakeDamaged, match=r"manifest\.json"):
        scan(LocalFolder(tmp_path / "lake"), ["charges"])


def test_leftovers_of_a_crash_are_not_read_and_go(tmp_path: Path, writer: LakeWriter) -> None:
    lake = tmp_path / "lake"
    writer.commit({"charges": Append(source(tmp_path, charge(1)))})
    live = next((lake / "charges").rglob("*.parquet"))
    (live.parent / "part-left.parquet").write_bytes(live.read_bytes())
    assert len(rows_in(lake)) == 1
    assert writer.sweep() == 0, "too young to be sure"
    assert writer.sweep(grace=0) == 1 and live.exists()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["upsert", "replace", "compact"]),
        st.lists(
            st.tuples(st.integers(0, 12), st.integers(0, 999)), min_size=1, max_size=6
        ),
    ),
    max_size=6,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(steps=STEPS)
def test_a_lake_equals_the_dictionary_it_stands_for(
    steps: list[tuple[str, list[tuple[int, int]]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("model")
    wanted: dict[str, int] = {}
    with LakeWriter(folder / "lake") as writer:
        for kind, numbers in steps:
            if kind == "compact":
                writer.compact(grace=0)
                continue
            batch = [charge(n, day=1 + n % 3, amount=amount) for n, amount in numbers]
            change = Upsert if kind == "upsert" else Replace
            if kind == "replace":
                batch = list({row["id"]: row for row in batch}.values())
                days = {row["created"] for row in batch}
                wanted = {k: v for k, v in wanted.items() if charge_day(k) not in days}
            writer.commit({"charges": change(source(folder, *batch))})
            wanted.update({row["id"]: row["amount"] for row in batch})
    found = rows_in(folder / "lake") if wanted else []
    assert {row[0]: row[2] for row in found} == wanted and len(found) == len(wanted)


def charge_day(key: str) -> str:
    return f"2026-11-{1 + int(key.removeprefix('ch_')) % 3:02}T10:00:00"
