"""A writer killed anywhere leaves a whole lake, and readers never see half a commit."""

import threading
import time
from pathlib import Path

import duckdb
import pytest

from headwater.evidence.folders import LocalFolder
from headwater.evidence.lake import scan
from headwater.evidence.layout import LakeWriter, Upsert
from headwater.evidence.layout.writer import staged_rows
from tests.evidence.killing import kill_again_and_again

# Each commit raises every amount by one and says so in its progress.
WORK = """
from pathlib import Path
from headwater.evidence.layout import LakeWriter, Upsert
from headwater.evidence.layout.writer import staged_rows

root, last = Path({root!r}), {last}

def work():
    with LakeWriter(root) as writer:
        done = (writer.progress("work") or {{"done": 0}})["done"]
        while done < last:
            done += 1
            rows = [
                {{"id": f"ch_{{n:03}}", "account_id": f"acct_{{n % 3}}", "amount": done,
                 "created": f"2026-11-{{1 + n % 4:02}}T10:00:00"}}
                for n in range(40)
            ]
            refunds = [{{**row, "id": "re" + row["id"]}} for row in rows]
            folder = root / "_headwater" / "staged"
            writer.commit(
                {{"charges": Upsert(staged_rows(folder, rows)),
                 "refunds": Upsert(staged_rows(folder, refunds))}},
                {{"work": {{"done": done}}}},
            )
            if done % 7 == 0:
                writer.compact(grace=0)
"""


def amounts(root: Path) -> set[int]:
    """The amounts of every row of both tables in one scan of the lake."""
    files = scan(LocalFolder(root), ["charges", "refunds"]).files
    listed = [path for paths in files.values() for path in paths]
    if not listed:
        return set()
    with duckdb.connect() as engine:
        rows = engine.execute("SELECT DISTINCT amount FROM read_parquet($files)", {"files": listed})
        return {row[0] for row in rows.fetchall()}


@pytest.mark.slow
def test_a_writer_killed_again_and_again_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    root, last = tmp_path / "lake", 30

    def whole() -> None:
        assert len(amounts(root)) <= 1, "a commit was seen in half"

    work = WORK.format(root=str(root), last=last)
    lives = kill_again_and_again(work, root, kills=12, seed=4, check=whole)
    assert lives.kills == 12
    assert len(set(lives.versions)) >= 5, "the kills came at different commits"
    assert amounts(root) == {last}
    with LakeWriter(root) as writer:
        assert writer.progress("work") == {"done": last}
        writer.sweep(grace=0)
    files = scan(LocalFolder(root), ["charges", "refunds"]).files
    assert sum(map(len, files.values())) == len(list(root.rglob("part-*.parquet"))) == 8


@pytest.mark.slow
def test_readers_see_every_commit_whole(tmp_path: Path) -> None:
    root = tmp_path / "lake"
    seen: list[set[int]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(amounts(root))
            time.sleep(0.002)

    with LakeWriter(root) as writer:
        first = [
            {"id": f"ch_{n}", "account_id": "a", "amount": 0, "created": f"2026-11-0{1 + n % 9}"}
            for n in range(45)
        ]
        writer.commit({"charges": Upsert(staged_rows(tmp_path, first))})
        reader = threading.Thread(target=read)
        reader.start()
        for number in range(1, 15):
            rows = [{**row, "amount": number} for row in first]
            writer.commit({"charges": Upsert(staged_rows(tmp_path, rows))})
        stop.set()
        reader.join()
    assert all(len(each) == 1 for each in seen)
    assert len({next(iter(each)) for each in seen}) > 3
