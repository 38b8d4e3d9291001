"""The files of a lake: which belong to which table, and a fingerprint of them all."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from headwater.evidence.errors import StoreNotFound
from headwater.evidence.folders import Folder, is_data


@dataclass(frozen=True, slots=True)
class Lake:
    """A scan of a folder: `files[table]` are the engine's paths; `unknown` are left over."""

    root: str
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


def scan(folder: Folder, tables: Iterable[str]) -> Lake:
    """What lies in `folder` now. Hidden files and those that start with `_` are not data.

    A managed table has the files that the manifest names, and no others. Raises LakeDamaged,
    StoreNotFound.
    """
    found: dict[str, list[str]] = {}
    unknown: list[str] = []
    both: set[str] = set()
    known = set(tables)
    sizes: dict[str, int] = {}
    digest = hashlib.blake2b(digest_size=16)
    manifest = folder.manifest()
    managed = {} if manifest is None else manifest.tables
    for name, live in managed.items():
        found[name] = sorted(f"{folder.root}/{each.path}" for each in live)
        sizes[name] = sum(each.bytes for each in live)
        digest.update("\n".join(found[name]).encode())  # a file's name stands for its content
    for entry in folder.entries():
        name = entry.name if entry.is_folder else entry.name.removesuffix(".parquet")
        if not is_data(entry.name) or name in managed:
            continue
        if name not in known or not (entry.is_folder or entry.name.endswith(".parquet")):
            unknown.append(entry.name)
            continue
        files = folder.files(entry)
        if files and name in found:
            both.add(name)
        found.setdefault(name, []).extend(each.path for each in files)
        for each in files:
            sizes[name] = sizes.get(name, 0) + each.bytes
            digest.update(f"{each.path}\0{each.bytes}\0{each.stamp}\n".encode())
    kept = {name: tuple(paths) for name, paths in found.items() if paths}
    return Lake(folder.root, kept, tuple(unknown), digest.hexdigest(), sizes, frozenset(both))
