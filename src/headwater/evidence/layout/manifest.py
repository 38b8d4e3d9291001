"""The one file that says which files of a lake are live.

Replacing it replaces everything at once: rows of several tables and how far a source has been
read become visible together or not at all.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from headwater.evidence.errors import LakeDamaged

FOLDER = "_headwater"
_NAME = "manifest.json"
MANIFEST = f"{FOLDER}/{_NAME}"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A live file. `path` is relative to the lake; `day` is an ISO date, "" without time."""

    path: str
    day: str
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The live files of the managed tables, the progress of each source, and what was retired.

    `retired` maps a path to the time (UNIX seconds) at which it went out of use.
    """

    version: int = 0
    tables: Mapping[str, tuple[FileEntry, ...]] = field(default_factory=dict)
    progress: Mapping[str, Any] = field(default_factory=dict)
    retired: Mapping[str, float] = field(default_factory=dict)

    def next(
        self,
        tables: Mapping[str, tuple[FileEntry, ...]],
        progress: Mapping[str, Any],
        now: float,
    ) -> "Manifest":
        """The manifest after a commit; files that are live no more are retired at `now`."""
        merged = {**self.tables, **tables}
        live = {entry.path for entries in merged.values() for entry in entries}
        before = {entry.path for entries in self.tables.values() for entry in entries}
        retired = {path: when for path, when in self.retired.items() if path not in live}
        retired.update(dict.fromkeys(before - live, now))
        return Manifest(self.version + 1, merged, {**self.progress, **progress}, retired)

    def without(self, swept: set[str]) -> "Manifest":
        """The manifest after retired files were deleted."""
        kept = {path: when for path, when in self.retired.items() if path not in swept}
        return replace(self, version=self.version + 1, retired=kept)


def read_manifest(root: Path) -> Manifest | None:
    """The lake's manifest, or None where nothing in it is managed. Raises LakeDamaged."""
    path = root / MANIFEST
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(str(path)) from error
    return parse_manifest(text, str(path))


def parse_manifest(text: str, path: str) -> Manifest:
    """The manifest in a text that was read from `path`. Raises LakeDamaged."""
    try:
        data = json.loads(text)
        if data["format"] != _FORMAT:
            raise LakeDamaged(
                f"{path} was written by another version of Headwater.",
                hint="Update Headwater, or build the lake anew.",
            )
        return Manifest(
            version=data["version"],
            tables={
                name: tuple(FileEntry(*entry) for entry in entries)
                for name, entries in data["tables"].items()
            },
            progress=data["progress"],
            retired=data["retired"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(path) from error


def _unreadable(path: str) -> LakeDamaged:
    return LakeDamaged(
        f"{path} cannot be read, so it is unknown which files of the lake are live.",
        hint="Restore it from a backup, or build the lake anew.",
    )


def write_manifest(root: Path, manifest: Manifest) -> None:
    """Puts `manifest` in force at once; survives a crash at any point."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    data = {
        "format": _FORMAT,
        "version": manifest.version,
        "tables": {
            name: [[each.path, each.day, each.rows, each.bytes] for each in entries]
            for name, entries in sorted(manifest.tables.items())
        },
        "progress": dict(manifest.progress),
        "retired": dict(manifest.retired),
    }
    temporary = folder / f"{_NAME}.{os.getpid()}.part"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(data, file, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / _NAME)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Makes the names in `folder` durable, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)
