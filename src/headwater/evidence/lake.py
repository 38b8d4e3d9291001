"""The files of a lake: which belong to which table, and a fingerprint of them all."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from headwater.evidence.errors import StoreNotFound
from headwater.evidence.layout.manifest import read_manifest


@dataclass(frozen=True, slots=True)
class Lake:
    """A scan of a folder: `files[table]` are absolute paths, sorted; `unknown` are left over."""

    root: Path
    files: dict[str, tuple[str, ...]]
    unknown: tuple[str, ...]
    fingerprint: str
    bytes_of: dict[str, int]
    both: frozenset[str] = field(default_factory=frozenset)


def find_root(location: str | Path) -> Path:
    """The lake's folder, absolute. Raises StoreNotFound where it cannot be read."""
    text = str(location)
    if "://" in text and not text.startswith("file://"):
        raise StoreNotFound(
            f"{text} is not a folder on this machine.",
            param="evidence",
            hint="Give the folder that holds the Parquet files of the evidence store.",
        )
    root = Path(text.removeprefix("file://")).expanduser().resolve()
    if not root.is_dir():
        raise StoreNotFound(
            f"There is no evidence folder at {root}.",
            param="evidence",
            hint="Give a folder with one Parquet file or one folder of Parquet files per table.",
        )
    return root


def scan(root: Path, tables: Iterable[str]) -> Lake:
    """What lies in `root` now. Hidden files and those that start with `_` are not data.

    A managed table has the files that the manifest names, and no others. Raises LakeDamaged.
    """
    found: dict[str, list[str]] = {}
    unknown: list[str] = []
    both: set[str] = set()
    known = set(tables)
    sizes: dict[str, int] = {}
    digest = hashlib.blake2b(digest_size=16)
    manifest = read_manifest(root)
    managed = {} if manifest is None else manifest.tables
    for name, entries in managed.items():
        found[name] = sorted(f"{root}/{each.path}" for each in entries)
        sizes[name] = sum(each.bytes for each in entries)
        digest.update("\n".join(found[name]).encode())  # a file's name stands for its content
    for entry in sorted(os.scandir(root), key=lambda entry: entry.name):
        if entry.name.startswith((".", "_")):
            continue
        name = entry.name if entry.is_dir() else entry.name.removesuffix(".parquet")
        if name in managed:
            continue
        is_data = entry.is_dir() or entry.name.endswith(".parquet")
        if name not in known or not is_data:
            unknown.append(entry.name)
            continue
        paths = _parquet_below(entry.path) if entry.is_dir() else [entry.path]
        if paths and name in found:
            both.add(name)
        found.setdefault(name, []).extend(paths)
        for path in paths:
            state = os.stat(path)  # noqa: PTH116 (thousands of files; Path costs three times more)
            sizes[name] = sizes.get(name, 0) + state.st_size
            digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    files = {name: tuple(paths) for name, paths in found.items() if paths}
    return Lake(root, files, tuple(unknown), digest.hexdigest(), sizes, frozenset(both))


def _parquet_below(folder: str) -> list[str]:
    paths: list[str] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        paths += [
            f"{parent}/{name}"
            for name in sorted(names)
            if name.endswith(".parquet") and not name.startswith((".", "_"))
        ]
    return paths
