"""Where the index is kept, what it was made of, and opening it, building it where need be."""

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headwater.kit.errors import HeadwaterError
from headwater.knowledge.errors import KnowledgeMissing
from headwater.knowledge.guide import guide_hash, id_prefixes, synonyms, with_guide
from headwater.knowledge.index import FORMAT, spelled, write_index
from headwater.knowledge.openapi import read_openapi
from headwater.knowledge.pages import read_pages
from headwater.knowledge.records import Record
from headwater.knowledge.sdk import find_sdk, read_sdk
from headwater.knowledge.search import Hit, Searcher

DEFAULT_SDK = "stripe"
_FILE = "docs.sqlite"
_RECORD = "SELECT id, kind, title, text, place, url, source, lists FROM record AS r"


@dataclass(frozen=True, slots=True)
class Sources:
    """What an index is made of, beside the shipped guide."""

    sdk: str | None = DEFAULT_SDK
    openapi: tuple[Path, ...] = ()
    pages: tuple[Path, ...] = ()

    def dumped(self) -> str:
        """As the index remembers it."""
        return json.dumps(
            {
                "sdk": self.sdk,
                "openapi": [str(path) for path in self.openapi],
                "pages": [str(path) for path in self.pages],
            }
        )

    @staticmethod
    def loaded(text: str) -> "Sources":
        """The sources that `dumped` wrote."""
        held = json.loads(text)
        return Sources(
            held["sdk"], tuple(map(Path, held["openapi"])), tuple(map(Path, held["pages"]))
        )


def default_index() -> Path:
    """Where the index is kept: in Headwater's data folder."""
    home = os.environ.get("HEADWATER_HOME")
    if home:
        return Path(home).expanduser() / _FILE
    base = os.environ.get("XDG_DATA_HOME")
    data = Path(base) if base else Path.home() / ".local" / "share"
    return data / "headwater" / _FILE


def gathered(sources: Sources) -> tuple[list[Record], str]:
    """All records of the sources and the guide, and a sentence on what is missing, or "".

    Raises KnowledgeInvalid for a source that cannot be read and KnowledgeMissing for one that is
    not there; only the default SDK may be missing.
    """
    records: list[Record] = []
    note = ""
    if sources.sdk:
        try:
            records += read_sdk(find_sdk(sources.sdk))
        except KnowledgeMissing as missing:
            if sources.sdk != DEFAULT_SDK:
                raise
            note = str(missing)
    for path in sources.openapi:
        records += read_openapi(path)
    for folder in sources.pages:
        records += read_pages(folder)
    unique = {record.id: record for record in reversed(with_guide(records))}
    return list(unique.values())[::-1], note


def build_index(sources: Sources, path: Path | None = None) -> int:
    """Indexes the sources anew; how many records there are. Raises as `gathered` does."""
    records, note = gathered(sources)
    about = {"sources": sources.dumped(), "note": note, "state": _state(sources)}
    return write_index(path or default_index(), records, about)


def _state(sources: Sources) -> str:
    """Changes when a source does, as far as that can be seen without reading it."""
    seen = [FORMAT, guide_hash(), sources.dumped()]
    if sources.sdk:
        try:
            seen.append(find_sdk(sources.sdk).version)
        except KnowledgeMissing:
            seen.append("none")
    for path in (*sources.openapi, *sources.pages):
        try:
            seen.append(str(path.stat().st_mtime_ns))
        except OSError:
            seen.append("gone")
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]


_opened: dict[Path, tuple[int, "Knowledge"]] = {}
# States of the sources that could not be read, so that no request tries them again.
_refused: dict[Path, str] = {}
_opening = threading.Lock()


def open_knowledge(path: Path | None = None) -> "Knowledge":
    """The index, built from the installed SDK on first use and anew when a source changed.

    A source that is gone or broken leaves the index as it is: what it held can still be looked up.
    """
    path = path or default_index()
    with _opening:
        about = _about(path)
        sources = Sources() if about is None else Sources.loaded(about["sources"])
        there = all(each.exists() for each in (*sources.openapi, *sources.pages))
        state = _state(sources)
        if about is None:
            build_index(sources, path)
        elif there and state not in (about.get("state"), _refused.get(path)):
            try:
                build_index(sources, path)
            except HeadwaterError:
                _refused[path] = state
        changed = path.stat().st_mtime_ns
        if path not in _opened or _opened[path][0] != changed:
            _opened[path] = changed, Knowledge(path)
        return _opened[path][1]


def _about(path: Path) -> dict[str, str] | None:
    """What the index says about itself; None where there is none that this release can read."""
    if not path.is_file():
        return None
    try:
        db = _connect(path)
        try:
            about = dict(db.execute("SELECT key, value FROM about"))
        finally:
            db.close()
        Sources.loaded(about["sources"])
    except (sqlite3.Error, KeyError, ValueError, TypeError):
        return None
    return about if about.get("format") == FORMAT else None


def _connect(path: Path) -> sqlite3.Connection:
    # A finished index never changes: it is replaced as a whole, so no locks are needed.
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


class Knowledge:
    """An open index. Safe to use from several threads: each has its own connection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self.about: Mapping[str, str] = _about(path) or {}

    @property
    def note(self) -> str:
        """A sentence on what is missing from the index and how to get it, or ""."""
        return self.about.get("note", "")

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """The best records for a question, an error message or a field name; best first."""
        return self._searcher().search(text, limit)

    def get(self, record_id: str) -> Record:
        """The record of that id, or the one that answers for it. Raises KnowledgeMissing."""
        found = self.find(record_id)
        if found is None:
            near = [hit.id for hit in self.search(record_id.replace("/", " "), 3)]
            raise KnowledgeMissing(
                f"The index holds no {record_id!r}.",
                param="ID",
                hint=f"Near it are: {', '.join(near)}." if near else "Try `headwater docs search`.",
            )
        return found

    def find(self, record_id: str) -> Record | None:
        """The record of that id, the one that answers for it, or the page of that address."""
        db = self._searcher().db
        row = db.execute(f"{_RECORD} WHERE id = ?", (record_id,)).fetchone()
        if row is None:
            row = db.execute(
                f"{_RECORD} JOIN name USING (n) WHERE name.name = ?"
                " AND (how = 'also' OR (how = 'name' AND kind = 'page')) LIMIT 1",
                (spelled(record_id),),
            ).fetchone()
        return _record(row) if row else None

    def _searcher(self) -> Searcher:
        if not hasattr(self._local, "searcher"):
            self._local.searcher = Searcher(_connect(self.path), synonyms(), id_prefixes())
        searcher: Searcher = self._local.searcher
        return searcher


def _record(row: tuple[Any, ...]) -> Record:
    kept, kind, title, text, place, url, source, lists = row
    listed = json.loads(lists)
    values, also = tuple(listed["values"]), tuple(listed["also"])
    return Record(kept, kind, title, text, place, source, url, values=values, also=also)
