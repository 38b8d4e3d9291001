"""How well `headwater docs search` finds the record that answers a question, and how fast.

Prints recall@5, mean reciprocal rank and time per question for the search, and for plain BM25
(SQLite FTS5, porter stemming) in the same run, over the same records and over what the SDK alone
says. The questions are split by a hash of their words: weights and synonyms may be tuned on one
half, the other says how good it is.

    python benchmarks/bench_docs.py [--misses] [--repeat 3]
"""

import argparse
import re
import sqlite3
import tempfile
import time
import zlib
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from statistics import mean, quantiles

from headwater.knowledge import Sources, build_index, open_knowledge
from headwater.knowledge.records import Record
from headwater.knowledge.sdk import find_sdk, read_sdk
from headwater.knowledge.shelf import DEFAULT_SDK, gathered

QUESTIONS = Path(__file__).parent / "docs_questions.txt"
Search = Callable[[str], list[str]]


def questions() -> list[tuple[str, list[str]]]:
    """Each question with the ids that answer it."""
    rows = [line for line in QUESTIONS.read_text().splitlines() if "=>" in line and line[0] != "#"]
    pairs = (row.rsplit("=>", 1) for row in rows)
    return [(ask.strip(), [each.strip() for each in ids.split(",")]) for ask, ids in pairs]


def tuning(question: str) -> bool:
    """Whether the question belongs to the half that weights may be tuned on."""
    return zlib.crc32(question.encode()) % 2 == 0


def plain_bm25(records: list[Record]) -> Search:
    """BM25 as it comes: all words of a record in one text, all words of a question joined by OR."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE said USING fts5(text, tokenize = 'porter unicode61')")
    texts = (" ".join([r.id, r.title, r.text, r.words, *r.values]) for r in records)
    db.executemany("INSERT INTO said VALUES (?)", ((text,) for text in texts))
    ids = [record.id for record in records]

    def search(question: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        sql = "SELECT rowid FROM said WHERE said MATCH ? ORDER BY bm25(said) LIMIT 10"
        return [ids[n - 1] for (n,) in db.execute(sql, (words,))]

    return search


def place(found: list[str], wanted: list[str]) -> int:
    """The first place, from 1, of an id that answers; 0 where none does."""
    hits = (n for n, each in enumerate(found, 1) if any(fnmatchcase(each, w) for w in wanted))
    return next(hits, 0)


def measured(
    search: Search, asked: list[tuple[str, list[str]]], repeat: int
) -> dict[str, list[float]]:
    """Place and milliseconds of each question; the first pass warms up and is not timed."""
    places = [float(place(search(ask), wanted)) for ask, wanted in asked]
    times = []
    for _ in range(repeat):
        for ask, _wanted in asked:
            started = time.perf_counter()
            search(ask)
            times.append(1000 * (time.perf_counter() - started))
    return {"places": places, "times": times}


def report(name: str, half: str, got: dict[str, list[float]]) -> None:
    """One line of the table."""
    places, cuts = got["places"], quantiles(got["times"], n=20)
    first = mean(p == 1 for p in places)
    recall = mean(0 < p <= 5 for p in places)
    rank = mean(1 / p if p else 0.0 for p in places)
    print(
        f"{name:<12} {half:<9} {len(places):>4} {recall:>9.3f} {first:>7.3f} {rank:>7.3f}"
        f" {cuts[9]:>8.1f} {cuts[18]:>8.1f}"
    )


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="what the tuning half misses")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    asked = questions()
    records, note = gathered(Sources())
    if note:
        raise SystemExit(note)
    lost = [w for _, ids in asked for w in ids if not any(fnmatchcase(r.id, w) for r in records)]
    if lost:
        print(f"no record is called {sorted(set(lost))}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "docs.sqlite"
        started = time.perf_counter()
        count = build_index(Sources(), path)
        size = path.stat().st_size / 1e6
        seconds = time.perf_counter() - started
        print(f"{count:,} records, built in {seconds:.1f} s, {size:.0f} MB; {len(asked)} questions")
        knowledge = open_knowledge(path)
        ours: Search = lambda text: [hit.id for hit in knowledge.search(text, 10)]  # noqa: E731
        halves = {"tuning": True, "held out": False}
        print(f"{'':<12} {'half':<9} {'n':>4} recall@5   top-1     MRR   p50 ms   p95 ms")
        searches = {
            "headwater": ours,
            "plain BM25": plain_bm25(records),
            # What the reference alone gives: without the guide's words, codes and pages.
            "BM25, SDK": plain_bm25(read_sdk(find_sdk(DEFAULT_SDK))),
        }
        for name, search in searches.items():
            for half, kind in halves.items():
                some = [each for each in asked if tuning(each[0]) is kind]
                report(name, half, measured(search, some, options.repeat))
        if options.misses:
            for ask, wanted in (each for each in asked if tuning(each[0])):
                found = ours(ask)
                if not 0 < place(found, wanted) <= 5:
                    print(f"\n{ask}\n  wanted {', '.join(wanted)[:160]}")
                    print("  found  " + "\n         ".join(found[:5]))


if __name__ == "__main__":
    main()
