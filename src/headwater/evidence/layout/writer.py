"""Writes a lake so that readers see every commit whole or not at all.

New files are written under names nobody reads, then one manifest puts them in force. A crash
leaves at most files that no manifest names; they are swept later. One writer at a time.
"""

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import duckdb

from headwater.evidence.contract import ENGINE_TYPES, Contract, Table, load_contract
from headwater.evidence.errors import WriteRefused
from headwater.evidence.layout import whose
from headwater.evidence.layout.changes import Append, Change, Delete, Expire, Replace
from headwater.evidence.layout.files import by_day, copy_options, sort_order
from headwater.evidence.layout.manifest import (
    FOLDER,
    FileEntry,
    Manifest,
    read_manifest,
    sync_folder,
    write_manifest,
)
from headwater.evidence.objects.address import SCHEMES

# A reader that began before a commit may still open the files that were live then.
GRACE_SECONDS = 900.0
# From so many files a day is worth writing again as one.
COMPACT_FROM = 4

Entries = tuple[FileEntry, ...]


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did: days rewritten, files before and after, old files deleted."""

    days: int
    files_before: int
    files_after: int
    swept: int


class LakeWriter:
    """The one writer of the lake in `root`. Use it as a context manager.

    Raises WriteRefused when another writer is at work, or rows cannot be taken.
    """

    def __init__(
        self,
        root: Path,
        contract: Contract | None = None,
        *,
        clock: Callable[[], float] = time.time,
        memory_bytes: int = 1_000_000_000,
    ) -> None:
        self._root = root
        self._contract = contract or load_contract()
        self._clock = clock
        self._memory = memory_bytes
        self._lock: IO[bytes] | None = None
        self._engine: Any = None

    def __enter__(self) -> "LakeWriter":
        # A path has lost one of an address's slashes; a folder of that name would be made here.
        if str(self._root).partition(":/")[0] in SCHEMES:
            raise WriteRefused(
                f"{self._root} is in an object store, and a lake is written on this machine.",
                param="evidence",
                hint="Give a folder here, and copy it there with its manifest last.",
            )
        folder = self._root / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise WriteRefused(
                f"Another process is writing to the lake {self._root}.",
                hint="Wait until it has ended; the lock goes with the process.",
            ) from error
        self._lock = lock
        self._engine = duckdb.connect(":memory:")
        self._engine.execute(f"SET memory_limit = '{self._memory}B'")
        self._engine.execute("SET TimeZone = 'UTC'")
        self._engine.execute("SET enable_progress_bar = false")
        self._engine.execute("SET preserve_insertion_order = true")
        self._engine.execute(f"SET temp_directory = {_quoted(folder / 'spill')}")
        return self

    def __exit__(self, *_: object) -> None:
        if self._engine is not None:
            self._engine.close()
        if self._lock is not None:
            self._lock.close()
        self._engine = self._lock = None

    def progress(self, name: str) -> Any:
        """What the last commit stored for `name`, or None."""
        return self._manifest().progress.get(name)

    def commit(
        self, changes: Mapping[str, Change], progress: Mapping[str, Any] | None = None
    ) -> Manifest:
        """Makes all changes and all progress visible together. Raises WriteRefused.

        Nothing is visible, and nothing is lost, when it raises or is killed.
        """
        before = self._managed(changes)
        tables = {
            name: self._changed(self._contract.tables[name], change, before.tables.get(name, ()))
            for name, change in changes.items()
        }
        after = before.next(tables, progress or {}, self._clock())
        write_manifest(self._root, after)
        return after

    def compact(self, *, grace: float = GRACE_SECONDS) -> Compacted:
        """Writes days of many small files as one sorted file, then deletes what nobody reads."""
        days = before = after = 0
        for name, entries in self._manifest().tables.items():
            groups = _by_day(entries)
            crowded = {day: files for day, files in groups.items() if len(files) >= COMPACT_FROM}
            for files in crowded.values():
                days += 1
                before += len(files)
                table = self._contract.tables[name]
                merged = self._write(table, self._stored(files), files[0].day)
                after += len(merged)
                manifest = self._manifest()
                kept = tuple(each for each in manifest.tables[name] if each not in files)
                write_manifest(self._root, manifest.next({name: kept + merged}, {}, self._clock()))
        return Compacted(days, before, after, self.sweep(grace=grace))

    def sweep(self, *, grace: float = GRACE_SECONDS) -> int:
        """Deletes files out of use for `grace` seconds, and leftovers of a crash. Counts them."""
        manifest = self._manifest()
        now = self._clock()
        old = {path for path, when in manifest.retired.items() if now - when >= grace}
        live = {entry.path for entries in manifest.tables.values() for entry in entries}
        for name in manifest.tables:
            for found in (self._root / name).rglob("*.parquet"):
                path = found.relative_to(self._root).as_posix()
                known = path in live or path in manifest.retired
                if not known and now - found.stat().st_mtime >= grace:
                    old.add(path)
        for path in old:
            (self._root / path).unlink(missing_ok=True)
        if old & manifest.retired.keys():
            write_manifest(self._root, manifest.without(old))
        return len(old)

    def _manifest(self) -> Manifest:
        if self._lock is None:
            raise RuntimeError("Use LakeWriter as a context manager.")
        return read_manifest(self._root) or Manifest()

    def _managed(self, changes: Mapping[str, Change]) -> Manifest:
        """The manifest with every table of `changes` in it, so that no reader lists its folder."""
        manifest = self._manifest()
        new = [name for name in changes if name not in manifest.tables]
        for name in new:
            if name not in self._contract.tables:
                near = self._contract.nearest(name)
                raise WriteRefused(
                    f"There is no table {name!r} in the evidence contract.",
                    param=name,
                    hint=f"Did you mean {near}?" if near else None,
                )
            single, folder = self._root / f"{name}.parquet", self._root / name
            if single.exists() or any(folder.rglob("*.parquet")):
                raise WriteRefused(
                    f"The lake has {name} already, written by something else.",
                    param=name,
                    hint=f"Move {single.name} or the folder {name}/ away, then import it.",
                )
        if new:
            manifest = manifest.next(dict.fromkeys(new, ()), {}, self._clock())
            write_manifest(self._root, manifest)
        return manifest

    def _changed(self, table: Table, change: Change, entries: Entries) -> Entries:
        if isinstance(change, Expire):
            return tuple(each for each in entries if not each.day or each.day >= change.before)
        if isinstance(change, Delete):
            return self._without_account(table, change.account_id, entries)
        self._stage(table, change.source)
        groups = _by_day(entries)
        counted = self._engine.execute("SELECT day, count(*) FROM staged GROUP BY 1 ORDER BY 1")
        for day, _ in counted.fetchall():
            groups[day] = self._day(table, change, day, groups.get(day, ()))
        return tuple(entry for day in sorted(groups) for entry in groups[day])

    def _day(self, table: Table, change: Change, day: str, files: Entries) -> Entries:
        fresh = f"(SELECT * EXCLUDE (day) FROM staged WHERE day = {_quoted(day)})"
        match change:
            case Append():
                return files + self._write(table, fresh, day)
            case Replace():
                return self._write(table, fresh, day)
            case _:
                return self._write(table, self._latest(table, fresh, files), day)

    def _latest(self, table: Table, fresh: str, files: Entries) -> str:
        keys = ", ".join(f'"{name}"' for name in table.key)
        stored = f"SELECT *, 0 AS place FROM {self._stored(files)} UNION ALL " if files else ""
        return (
            f"(SELECT * EXCLUDE (place) FROM ({stored}SELECT * FROM {fresh}) "
            f"QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY place DESC) = 1)"
        )

    def _without_account(self, table: Table, account_id: str, entries: Entries) -> Entries:
        if table.account is None:
            return entries
        kept: list[FileEntry] = []
        # What leads to the account is looked up as it was before this commit.
        managed = self._manifest().tables
        condition = whose.condition(table.name, account_id, self._root, managed, self._contract)
        for entry in entries:
            stored = self._stored((entry,))
            found = self._engine.execute(
                f"SELECT count(*) FROM {stored} WHERE {condition}"
            ).fetchall()
            if not found[0][0]:
                kept.append(entry)
                continue
            rest = f"(SELECT * FROM {stored} WHERE ({condition}) IS NOT TRUE)"
            kept.extend(self._write(table, rest, entry.day))
        return tuple(kept)

    def _stage(self, table: Table, source: Path) -> None:
        """The source's rows in the contract's columns and types, numbered, with their day."""
        reader = self._reader(source, table)
        try:
            described = self._engine.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()
            there = {row[0] for row in described}
            columns = [
                f'CAST("{name}" AS {ENGINE_TYPES[kind]}) AS "{name}"'
                if name in there
                else f'CAST(NULL AS {ENGINE_TYPES[kind]}) AS "{name}"'
                for name, kind in table.columns.items()
            ]
            day = f"coalesce(strftime(\"{table.time}\", '%Y-%m-%d'), '')" if by_day(table) else "''"
            self._engine.execute(
                "CREATE OR REPLACE TEMP TABLE staged AS "
                f"SELECT *, row_number() OVER () AS place, {day} AS day "
                f"FROM (SELECT {', '.join(columns)} FROM {reader})"
            )
        except duckdb.Error as error:
            raise WriteRefused(
                f"The rows for {table.name} do not fit the contract: "
                f"{str(error).splitlines()[0].rstrip('.')}.",
                param=table.name,
            ) from error
        self._check_keys(table)

    def _check_keys(self, table: Table) -> None:
        for name in table.key:
            found = self._engine.execute(
                f'SELECT count(*) FROM staged WHERE "{name}" IS NULL'
            ).fetchall()
            if found[0][0]:
                raise WriteRefused(
                    f"{found[0][0]} rows for {table.name} lack {name}, which is part of its key.",
                    param=f"{table.name}.{name}",
                )

    @staticmethod
    def _reader(source: Path, table: Table) -> str:
        if source.suffix == ".jsonl":
            kinds = ", ".join(
                f"{_quoted(name)}: {_quoted(ENGINE_TYPES[kind])}"
                for name, kind in table.columns.items()
            )
            return (
                f"read_json({_quoted(source)}, format = 'newline_delimited', columns = {{{kinds}}})"
            )
        return f"read_parquet({_quoted(source)}, hive_partitioning = false)"

    def _stored(self, files: Entries) -> str:
        listed = ", ".join(_quoted(self._root / each.path) for each in files)
        return f"read_parquet([{listed}], hive_partitioning = false, union_by_name = true)"

    def _write(self, table: Table, relation: str, day: str) -> Entries:
        """Writes one file; no rows give no file."""
        folder = self._root / table.name / f"dt={day}" if day else self._root / table.name
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"part-{secrets.token_hex(8)}.parquet"
        columns = ", ".join(f'"{name}"' for name in table.columns)
        order = ", ".join(f'"{name}"' for name in sort_order(table)) or "ALL"
        options = ", ".join(f"{name} {value}" for name, value in copy_options().items())
        rows = self._engine.execute(
            f"COPY (SELECT {columns} FROM {relation} ORDER BY {order}) "
            f"TO {_quoted(path)} ({options})"
        ).fetchall()[0][0]
        if not rows:
            path.unlink()
            return ()
        with path.open("rb") as file, contextlib.suppress(OSError):
            os.fsync(file.fileno())
        sync_folder(folder)
        relative = path.relative_to(self._root).as_posix()
        return (FileEntry(relative, day, int(rows), path.stat().st_size),)


def _by_day(entries: Entries) -> dict[str, Entries]:
    groups: dict[str, Entries] = {}
    for entry in entries:
        groups[entry.day] = (*groups.get(entry.day, ()), entry)
    return groups


def _quoted(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def staged_rows(folder: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """A JSON-lines file of `rows` to hand to a change. Times are ISO 8601, naive UTC."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"rows-{secrets.token_hex(8)}.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
    return path
