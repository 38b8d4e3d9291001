"""The index on disk: records, where each word stands, and the names that mean a record.

Words are kept as posting lists with their share of BM25F already worked out, so that a question
costs one read for each of its words. SQLite's own full-text search, with its columns weighed apart
and synonyms in a query of their own, took 40 ms of CPU a question over 19,000 records; this takes
9.
"""

import json
import os
import sqlite3
import sys
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from headwater.knowledge.errors import KnowledgeInvalid
from headwater.knowledge.records import Record
from headwater.knowledge.words import roots

# Raised when what the file holds changes its meaning, so that older files are built anew.
FORMAT = "2"
MOST_RECORDS = 100_000
# For each part of a record: how much a word in it counts, how many words are usual there, and how
# far a longer part makes each word count less (b of BM25F).
_PARTS = {
    "name": (2.2, 6, 0.4),
    "title": (1.4, 6, 0.4),
    "text": (1.0, 40, 0.6),
    "words": (1.6, 8, 0.3),
}
_SATURATION = 1.2
_SCHEMA = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (
  n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, title TEXT NOT NULL,
  text TEXT NOT NULL, place TEXT NOT NULL, url TEXT NOT NULL, source TEXT NOT NULL,
  lists TEXT NOT NULL, depth INTEGER NOT NULL, weight REAL NOT NULL,
  roots TEXT NOT NULL, gist TEXT NOT NULL
);
CREATE TABLE name (name TEXT NOT NULL, n INTEGER NOT NULL, how TEXT NOT NULL,
  PRIMARY KEY (name, n, how)) WITHOUT ROWID;
CREATE TABLE word (word TEXT PRIMARY KEY, records INTEGER NOT NULL, ns BLOB NOT NULL,
  shares BLOB NOT NULL);
"""


class _Words:
    """Posting lists while they grow: for each word the records and its share in each."""

    def __init__(self) -> None:
        self._ns: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self._shares: dict[str, array[float]] = defaultdict(lambda: array("f"))

    def add(self, n: int, parts: Mapping[str, list[str]]) -> None:
        """Counts the words of one record."""
        counted: dict[str, float] = defaultdict(float)
        for part, words in parts.items():
            weight, usual, b = _PARTS[part]
            each = weight / (1.0 - b + b * len(words) / usual)
            for word in words:
                counted[word] += each
        for word, count in counted.items():
            self._ns[word].append(n)
            self._shares[word].append(count / (_SATURATION + count))

    def rows(self) -> Iterable[tuple[str, int, bytes, bytes]]:
        """What the table of words holds."""
        for word, ns in sorted(self._ns.items()):
            yield word, len(ns), packed(ns), packed(self._shares[word])


def packed(numbers: "array[int] | array[float]") -> bytes:
    """The numbers, little end first on every machine."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def unpacked(kind: str, data: bytes) -> "array[int] | array[float]":
    """What `packed` wrote."""
    numbers: array[int] | array[float] = array(kind)
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def write_index(path: Path, records: Iterable[Record], about: Mapping[str, str]) -> int:
    """Writes all records into a new file that replaces `path` at once; how many there are.

    Raises KnowledgeInvalid where there are more than MOST_RECORDS.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".docs-", suffix=".sqlite", dir=path.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        db = sqlite3.connect(fresh)
        try:
            # The file is made whole or not at all, so nothing of it need survive a crash.
            db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
            count = _fill(db, records)
            rows = {**about, "format": FORMAT, "records": str(count)}
            db.executemany("INSERT INTO about VALUES (?, ?)", rows.items())
            db.commit()
        finally:
            db.close()
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return count


def _fill(db: sqlite3.Connection, records: Iterable[Record]) -> int:
    words = _Words()
    count = 0
    for record in records:
        count += 1
        if count > MOST_RECORDS:
            raise KnowledgeInvalid(
                f"The sources hold more than {MOST_RECORDS:,} records.",
                hint="Index fewer documents.",
            )
        _one(db, words, count, record)
    db.executemany("INSERT INTO word VALUES (?, ?, ?, ?)", words.rows())
    return count


def _one(db: sqlite3.Connection, words: _Words, n: int, record: Record) -> None:
    parts = {
        "name": roots(record.id.replace("/", " ")),
        "title": roots(record.title),
        "text": roots(record.text),
        "words": roots(" ".join([record.words, *record.values])),
    }
    words.add(n, parts)
    own = " ".join(sorted({*parts["name"], *parts["title"], *parts["words"]}))
    gist = " ".join(parts["text"][:40])
    lists = json.dumps({"values": record.values, "also": record.also})
    db.execute(
        "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            n, record.id, record.kind, record.title, record.text, record.where, record.url,
            record.source, lists, record.depth, record.weight, own, gist,
        ),
    )  # fmt: skip
    names = {(spelled(name), n, "name") for name in (record.id, *record.names)}
    names |= {(spelled(name), n, "value") for name in record.values}
    names |= {(spelled(name), n, "also") for name in record.also}
    db.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, ?)", names)


def spelled(name: str) -> str:
    """A name as the table of names keeps it."""
    return name.lower().strip()[:300]
