"""What is cited is kept by its hash, and refused when it is not what was kept."""

from datetime import datetime
from pathlib import Path

import pytest

from headwater.evidence.errors import SnapshotDamaged, SnapshotMissing
from headwater.evidence.snapshots import SnapshotFolder, from_json, types_of

COLUMNS = ("account_id", "n", "share", "ok", "at", "day", "note")
TYPES = ("text", "bigint", "double", "boolean", "timestamp", "date", "text")
ROWS = [
    ["acct_1", 2**40, 0.5, True, datetime(2026, 11, 1, 2, 3, 4, 5), datetime(2026, 11, 1), 'a"\n'],
    ["acct_2", None, None, None, None, None, None],
]


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path)
    identity, size = folder.put(COLUMNS, TYPES, ROWS)
    assert size == folder.path(identity).stat().st_size
    assert folder.path(identity).parent.name == identity[:2]
    kept = folder.get(identity)
    assert (kept.columns, kept.types) == (COLUMNS, TYPES)
    assert [list(row) for row in kept.rows] == ROWS


def test_the_same_rows_have_one_name_and_other_rows_another(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path)
    first, _ = folder.put(COLUMNS, TYPES, ROWS)
    again, _ = folder.put(COLUMNS, TYPES, [list(row) for row in ROWS])
    other, _ = folder.put(COLUMNS, TYPES, ROWS[:1])
    assert first == again != other
    assert len(list(tmp_path.rglob("*.parquet"))) == 2
    assert not list(tmp_path.glob(".new-*"))


def test_no_rows_can_be_kept(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path)
    identity, _ = folder.put(COLUMNS, TYPES, [])
    assert folder.get(identity).rows == ()
    assert folder.get(identity).types == TYPES


def test_a_changed_file_is_not_shown(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path)
    identity, _ = folder.put(COLUMNS, TYPES, ROWS)
    forged, _ = folder.put(COLUMNS, TYPES, ROWS[:1])
    folder.path(identity).chmod(0o600)
    folder.path(identity).write_bytes(folder.path(forged).read_bytes())
    with pytest.raises(SnapshotDamaged, match="another hash"):
        folder.get(identity)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "f" * 64])
def test_what_is_not_kept_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(SnapshotMissing):
        SnapshotFolder(tmp_path).get(name)


def test_rows_that_travelled_as_json_get_their_types_back() -> None:
    rows: list[dict[str, object]] = [
        {"a": 1, "b": 1, "c": True, "d": "2026-11-01T02:03:04Z", "e": "2026-11", "f": None},
        {"a": None, "b": 0.5, "c": False, "d": "2026-11-01T02:03:04.5", "e": "x", "f": None},
    ]
    kinds = types_of(tuple("abcdef"), rows)
    assert kinds == ("bigint", "double", "boolean", "timestamp", "text", "text")
    assert from_json("timestamp", rows[0]["d"]) == datetime(2026, 11, 1, 2, 3, 4)
    assert types_of(("d",), [{"d": "2026-11-01T02:03:04+05:00"}]) == ("text",)
