"""Where a lake lies: what is there, and how the engine is let in. Here, or in an object store."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from headwater.evidence.layout.manifest import Manifest, read_manifest
from headwater.evidence.objects.address import is_remote


@dataclass(frozen=True, slots=True)
class Entry:
    """A name directly in the lake."""

    name: str
    is_folder: bool


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file by the path that the engine reads it by. Another `stamp` means other content."""

    path: str
    bytes: int
    stamp: str


class Folder(Protocol):
    """A lake's folder. `root` is what every path of it begins with."""

    root: str
    rescan_seconds: float

    def manifest(self) -> Manifest | None:
        """The manifest; None where nothing is managed. Raises LakeDamaged, StoreNotFound."""
        ...

    def entries(self) -> list[Entry]:
        """What lies there directly, by name. Raises StoreNotFound."""
        ...

    def files(self, entry: Entry) -> list[DataFile]:
        """The Parquet files of an entry, sorted. Raises StoreNotFound."""
        ...

    def let_in(self, connection: Any) -> None:
        """Makes the folder readable for an engine that is not locked yet."""
        ...

    def trouble(self) -> str | None:
        """Why reading last failed, as a sentence; told once."""
        ...


class LocalFolder:
    """A folder of this machine."""

    rescan_seconds = 5.0

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self._path = root

    def manifest(self) -> Manifest | None:
        """The manifest as it is now. Raises LakeDamaged."""
        return read_manifest(self._path)

    def entries(self) -> list[Entry]:
        """What lies there directly, by name."""
        found = [Entry(each.name, each.is_dir()) for each in os.scandir(self.root)]
        return sorted(found, key=lambda each: each.name)

    def files(self, entry: Entry) -> list[DataFile]:
        """The Parquet files of an entry, sorted."""
        path = f"{self.root}/{entry.name}"
        return [_on_disk(each) for each in (_parquet_below(path) if entry.is_folder else [path])]

    def let_in(self, connection: Any) -> None:
        """Nothing to do: the engine reads this machine's files by itself."""

    def trouble(self) -> str | None:
        """The engine's own words say enough."""
        return None


def open_folder(location: str | Path) -> Folder:
    """The folder at an address that `find_place` has seen. Raises StoreNotFound."""
    if not is_remote(str(location)):
        return LocalFolder(Path(location))
    from headwater.evidence.objects import open_objects

    return open_objects(str(location))


def is_data(name: str) -> bool:
    """Whether a name counts: hidden ones and those that start with `_` do not."""
    return not name.startswith((".", "_"))


def _on_disk(path: str) -> DataFile:
    state = os.stat(path)  # noqa: PTH116 (thousands of files; Path costs three times more)
    return DataFile(path, state.st_size, str(state.st_mtime_ns))


def _parquet_below(folder: str) -> list[str]:
    paths: list[str] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if is_data(name))
        paths += [
            f"{parent}/{name}"
            for name in sorted(names)
            if name.endswith(".parquet") and is_data(name)
        ]
    return paths
