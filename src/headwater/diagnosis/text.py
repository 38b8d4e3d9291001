"""What a text says about each playbook: BM25 over the playbooks' own words (SQLite FTS5)."""

import math
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import nlargest
from importlib.resources import files

from headwater.diagnosis.ids import nouns_of
from headwater.diagnosis.playbooks import Playbook
from headwater.diagnosis.playbooks.loader import mode_titles
from headwater.diagnosis.said import every_term, fresh, meant, tells_of_trouble, terms
from headwater.knowledge.lexicon import plain

_WORD = re.compile(r"[^\W_]{2,}")
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_LITERAL = re.compile(r"'([a-z][a-z_]{3,}|[45]\d\d)'|\b(4\d\d|5\d\d)\b")
_MAX_TERMS = 120
# What a phrase may mean weighs less than what was written.
_MEANT_WEIGHT = 0.3
_MAX_PIECES = 600
_PIECE_WEIGHT = 0.15
# A page's three nearest phrases count as one of three times the length would.
_PHRASES = 3
_PHRASE_WEIGHT = 0.75 / math.sqrt(_PHRASES)
# Stands for a page where a phrase is an everyday question.
_ORDINARY = ""
_ASK = {
    "page": "SELECT rowid, bm25(page, 1.0, 1.5, 1.5, 0.5, 1.5) FROM page WHERE page MATCH ?",
    "phrase": "SELECT of, bm25(phrase) FROM phrase WHERE phrase MATCH ?",
    "piece": "SELECT rowid, bm25(piece) FROM piece WHERE piece MATCH ?",
}
# How much nearer one kind of phrase may be said to be, in either direction.
_ORDINARY_BOUND = 1.5


@dataclass(frozen=True, slots=True)
class MailText:
    """What a mail's words say.

    `scores`: closeness to every playbook, 0.0 where nothing is shared. `ordinary`: how much nearer
    the mail is to something that people write when nothing is wrong than to any symptom, as a
    logarithm. `calm`: no word of the mail tells of trouble, and it names no object.
    """

    scores: Mapping[str, float] = field(default_factory=dict)
    ordinary: float = 0.0
    calm: bool = False


class TextIndex:
    """Playbooks, searchable by a user's words. Build once, ask for every case.

    Three indexes are asked: words by their roots in whole pages; pieces of four letters, which
    find misspelt words, compounds and other forms of a word; and each page's nearest phrases.
    """

    def __init__(self, playbooks: Mapping[str, Playbook]) -> None:
        self._ids = sorted(playbooks)
        pages = [_page(playbooks[name]) for name in self._ids]
        self._vocabulary = frozenset(
            word.lower() for page in pages for part in page for word in _WORD.findall(part)
        )
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(
            "CREATE VIRTUAL TABLE page USING fts5"
            "(title, symptoms, phrases, answer, codes,"
            " tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        self._db.execute("CREATE VIRTUAL TABLE piece USING fts5(pieces, tokenize = 'ascii')")
        self._db.execute(
            "CREATE VIRTUAL TABLE phrase USING fts5"
            "(words, of UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        self._db.executemany("INSERT INTO phrase VALUES (?, ?)", _phrases(playbooks))
        self._db.executemany(
            "INSERT INTO page(rowid, title, symptoms, phrases, answer, codes)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            ((n, *page) for n, page in enumerate(pages, start=1)),
        )
        self._db.executemany(
            "INSERT INTO piece(rowid, pieces) VALUES (?, ?)",
            (
                (n, " ".join(_pieces(terms(" ".join(page)))))
                for n, page in enumerate(pages, start=1)
            ),
        )

    def scores(self, text: str) -> dict[str, float]:
        """How close `text` is to every playbook; higher is closer, 0.0 where nothing is shared."""
        found = dict.fromkeys(self._ids, 0.0)
        own = fresh(text)
        # A bare id says as much as the word for what it is the id of.
        said = terms(own, self._vocabulary) + nouns_of(own)
        # Each word is asked for once with its repeats as weight: FTS5 itself ignores repeats.
        for weight, words in (*_by_repeats(said), (_MEANT_WEIGHT, meant(own, said))):
            self._add(found, "page", words, weight)
        for weight, pieces in _by_repeats(_pieces(said), _MAX_PIECES):
            self._add(found, "piece", pieces, weight * _PIECE_WEIGHT)
        for name, near in self._phrases_near(said).items():
            if name:
                found[name] += _PHRASE_WEIGHT * sum(nlargest(_PHRASES, near))
        return found

    def read(self, text: str) -> MailText:
        """All that the words of a mail say."""
        own = fresh(text)
        near = self._phrases_near(every_term(own, self._vocabulary))
        everyday = max(near.pop(_ORDINARY, [0.0]))
        symptom = max((max(each) for each in near.values()), default=0.0)
        nearer = math.log((everyday + 1.0) / (symptom + 1.0))
        return MailText(
            scores=self.scores(text),
            ordinary=max(-_ORDINARY_BOUND, min(_ORDINARY_BOUND, nearer)),
            calm=not tells_of_trouble(own, self._vocabulary),
        )

    def _phrases_near(self, words: Iterable[str]) -> dict[str, list[float]]:
        """How near each page's phrases are; under "" those of everyday questions."""
        found: dict[str, list[float]] = defaultdict(list)
        query = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        if query:
            for name, score in self._db.execute(_ASK["phrase"], (query,)):
                found[name].append(-float(score))
        return found

    def _add(self, found: dict[str, float], table: str, words: list[str], weight: float) -> None:
        if not words:
            return
        query = " OR ".join(f'"{word}"' for word in words)
        for rowid, score in self._db.execute(_ASK[table], (query,)):
            found[self._ids[rowid - 1]] += -float(score) * weight


def _pieces(words: Iterable[str]) -> list[str]:
    """Four letters at a time of every word, its two ends marked."""
    return [
        padded[n : n + 4] for word in words for padded in (f"0{plain(word)}0",)
        for n in range(len(padded) - 3)
    ]  # fmt: skip


def _by_repeats(words: Iterable[str], most: int = _MAX_TERMS) -> list[tuple[float, list[str]]]:
    counted = Counter(words).most_common(most)
    grouped: dict[int, list[str]] = {}
    for word, times in counted:
        grouped.setdefault(min(times, 3), []).append(word)
    # Saturates like BM25 itself: a word said three times counts 1.5, not 3.
    return [(1.0 + 0.25 * (times - 1), found) for times, found in sorted(grouped.items())]


def _page(playbook: Playbook) -> tuple[str, str, str, str, str]:
    answer = _TEMPLATE.sub(" ", playbook.user_template)
    codes = " ".join(sorted({a or b for a, b in _LITERAL.findall(playbook.sql)}))
    titles = mode_titles()
    title = "\n".join([playbook.title, *(titles[mode] for mode in playbook.covers)])
    return title, "\n".join(playbook.symptoms), "\n".join(playbook.phrases), answer, codes


def _phrases(playbooks: Mapping[str, Playbook]) -> Iterator[tuple[str, str]]:
    """Single phrases, each with its page."""
    ordinary = files("headwater.diagnosis").joinpath("ordinary.txt").read_text("utf-8")
    for line in ordinary.splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip(), _ORDINARY
    titles = mode_titles()
    for each in playbooks.values():
        modes = (titles[mode] for mode in each.covers)
        for words in (each.title, *each.symptoms, *each.phrases, *modes):
            yield words, each.id
