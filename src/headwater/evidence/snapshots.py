"""Rows that an answer cites, kept as they were: Parquet files named by the hash of their content.

The platform's own rows go after 30 or 90 days; what was told to a user must be provable for longer.
A file is verified whenever it is read, so nobody can change what was cited. Free of Django.
"""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from headwater.evidence.contract import ENGINE_TYPES
from headwater.evidence.errors import SnapshotDamaged, SnapshotMissing
from headwater.evidence.tabular import Rows, write_parquet
from headwater.evidence.types import Value

_NAME = re.compile(r"[0-9a-f]{64}\Z")
_CONTRACT_TYPES = {engine: kind for kind, engine in ENGINE_TYPES.items()}
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Kept rows. `types` are contract types; times are naive UTC."""

    id: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


class SnapshotFolder:
    """Snapshots under `root`, as `<first two>/<sha256>.parquet`, readable by their owner only."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, identity: str) -> Path:
        """Where the snapshot lies, or would. Raises SnapshotMissing for what is no such name."""
        if not _NAME.match(identity):
            raise SnapshotMissing(f"{identity!r} is not the name of a snapshot.", param="snapshot")
        return self.root / identity[:2] / f"{identity}.parquet"

    def put(self, columns: Sequence[str], types: Sequence[str], rows: Rows) -> tuple[str, int]:
        """Keeps the rows; their name and size in bytes. The same rows are kept once."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self.root, prefix=".new-") as folder:
            ready = Path(folder) / "rows.parquet"
            write_parquet(ready, columns, types, rows)
            identity, size = _hash(ready), ready.stat().st_size
            path = self.path(identity)
            path.parent.mkdir(exist_ok=True, mode=0o700)
            ready.chmod(0o400)
            with ready.open("rb") as file:
                os.fsync(file.fileno())
            ready.replace(path)
        return identity, size

    def get(self, identity: str) -> Snapshot:
        """The kept rows. Raises SnapshotMissing, and SnapshotDamaged where the hash differs."""
        path = self.path(identity)
        if not path.is_file():
            raise SnapshotMissing(
                f"There is no snapshot {identity}.",
                param="snapshot",
                hint="It may have been removed: `headwater evidence show` on its run says so.",
            )
        if _hash(path) != identity:
            raise SnapshotDamaged(
                f"The snapshot {identity} is not what was kept: its content has another hash.",
                param="snapshot",
                hint="Restore the file from a backup; do not rely on what it says now.",
            )
        with duckdb.connect() as connection:
            source = str(path).replace("'", "''")
            result = connection.execute(f"SELECT * FROM read_parquet('{source}')")  # noqa: S608
            described = result.description
            rows = tuple(tuple(map(_value, row)) for row in result.fetchall())
        kinds = [str(column[1]) for column in described]
        types = tuple(_CONTRACT_TYPES.get(kind, kind.lower()) for kind in kinds)
        return Snapshot(identity, tuple(str(column[0]) for column in described), types, rows)

    def ages(self) -> list[tuple[str, float]]:
        """Every snapshot's name and how many seconds ago its file was written."""
        now = time.time()
        return [(path.stem, now - path.stat().st_mtime) for path in self.root.glob("??/*.parquet")]

    def drop(self, identity: str) -> None:
        """Removes a snapshot's file. Whoever calls keeps the tombstone."""
        self.path(identity).unlink(missing_ok=True)


def types_of(columns: Sequence[str], rows: Sequence[dict[str, object]]) -> tuple[str, ...]:
    """Contract types for rows that travelled as JSON, by what all values of a column are."""
    return tuple(_type_of([row.get(name) for row in rows]) for name in columns)


def from_json(kind: str, value: object) -> Value:
    """A value of a JSON row as its contract type has it."""
    if kind == "timestamp" and isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=None)
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)


def _type_of(values: Sequence[object]) -> str:
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, bool) for value in known):
        return "boolean"
    if known and all(isinstance(v, int) and not isinstance(v, bool) for v in known):
        return "bigint"
    if known and all(isinstance(v, int | float) and not isinstance(v, bool) for v in known):
        return "double"
    if known and all(_is_moment(value) for value in known):
        return "timestamp"
    return "text"


def _is_moment(value: object) -> bool:
    if not (isinstance(value, str) and _MOMENT.match(value)):
        return False
    try:
        offset = datetime.fromisoformat(value).utcoffset()
    except ValueError:
        return False
    return not offset  # none, or UTC


def _value(value: object) -> Value:
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 (naive UTC)
    if value is None or isinstance(value, str | int | float | datetime):
        return value
    return str(value)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
