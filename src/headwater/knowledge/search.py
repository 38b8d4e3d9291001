"""From a question in anybody's words to the records that answer it."""

import json
import math
import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import pairwise

from headwater.knowledge.index import spelled, unpacked
from headwater.knowledge.ranking import EXPANDED, Asked, Candidate, pick, ranked
from headwater.knowledge.spelling import Spelling
from headwater.knowledge.words import Synonyms, asked, root, roots, snake, tokens

_MOST_WORDS = 40
_MOST_TEXT = 4_000
_CANDIDATES = 200
# Words with a rarity below this stand in about every tenth record.
_COMMON = 2.3
_PLATFORM_ID = re.compile(r"\b([a-z]{2,8})_(?:test_|live_)?(?=[A-Za-z]*\d)[A-Za-z0-9]{6,}\b")
_WHICH_EVENT = re.compile(
    r"\b(which|what|an?) (event|webhook|hook|notification)s?\b"
    r"|\b(event|webhook|hook|notification)s? (do|does|is|says?|tells?|when|for|fires?|should)\b"
    r"|\b(tell|notify|inform|alert) (me|us) (when|if|about)\b",
    re.IGNORECASE,
)
_OF_EVENTS = frozenset(roots("event webhook hook notification endpoint webhook_endpoint"))
_INDEXES = re.compile(r"\[\s*\d*\s*\]")
_BRACKETS = re.compile(r"\[\s*['\"]?([A-Za-z_]\w*)['\"]?\s*\]")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*(?:[./:][A-Za-z_]\w*)+|[A-Za-z]+_\w+|[A-Za-z][a-z]+[A-Z]\w+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that answers, with its score (higher is better) and why it was found."""

    id: str
    kind: str
    title: str
    text: str
    where: str
    url: str
    source: str
    score: float
    why: str


class Searcher:
    """Searches one open index. Keeps its list of words in memory once a word is misspelt."""

    def __init__(
        self, db: sqlite3.Connection, synonyms: Synonyms, prefixes: Mapping[str, str]
    ) -> None:
        self.db = db
        self._synonyms = synonyms
        self._prefixes = prefixes

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """The best records for `text`, best first, no near-repeats; none where no word is known."""
        question = self.understood(text)
        best = pick(ranked(self._candidates(question), question), limit)
        return [self._hit(each) for each in best]

    def understood(self, text: str) -> Asked:
        """What of the text is searched for: names, words as said, words as the reference says."""
        text = text[:_MOST_TEXT]
        ids = [found for found in _PLATFORM_ID.findall(text) if found in self._prefixes]
        text = _PLATFORM_ID.sub(" ", text)
        words = self._known(text)[:_MOST_WORDS]
        meant = [*self._synonyms.expand(text)]
        meant += [part for found in ids for part in roots(self._prefixes[found])]
        wants = "event" if _WHICH_EVENT.search(text) else ""
        if wants:
            # What is asked for, not what it is about.
            words = [word for word in words if word not in _OF_EVENTS]
            meant = [word for word in meant if word not in _OF_EVENTS]
        more = [word for word in dict.fromkeys(meant) if word not in words][:_MOST_WORDS]
        idf = {word: self._idf(word) for word in (*words, *more)}
        return Asked(tuple(words), tuple(more), self._names(text), idf, wants)

    def _known(self, text: str) -> list[str]:
        """The words put right where misspelt, and pairs of them that are one word in the index."""
        found: dict[str, None] = {}
        for word in asked(text):
            near = None if self._count(word) else self._spelling.nearest(word)
            found[near or word] = None
        for one, two in pairwise(tokens(text)):
            joined = root(one + two)
            if len(joined) > 5 and self._count(joined):
                found[joined] = None
        return list(found)

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(dict(self.db.execute("SELECT word, records FROM word")))

    @cached_property
    def _size(self) -> int:
        (count,) = self.db.execute("SELECT count(*) FROM record").fetchone()
        return int(count)

    def _count(self, word: str) -> int:
        row = self.db.execute("SELECT records FROM word WHERE word = ?", (word,)).fetchone()
        return int(row[0]) if row else 0

    def _idf(self, word: str) -> float:
        count = self._count(word)
        return math.log(1 + (self._size - count + 0.5) / (count + 0.5)) if count else 0.0

    def _names(self, text: str) -> dict[int, float]:
        """Records that the text names outright, each with how surely (1.0 is one record only)."""
        text = _BRACKETS.sub(r".\1", _INDEXES.sub("", text))
        sure: dict[int, float] = {}
        for match in _IDENTIFIER.finditer(text):
            name = spelled(snake(match[0]))
            while name:
                rows = self.db.execute(
                    "SELECT n, how FROM name WHERE name = ? LIMIT 400", (name,)
                ).fetchall()
                share = 1.0 / (1.0 + math.log(len(rows))) if rows else 0.0
                for n, how in rows:
                    sure[n] = max(sure.get(n, 0.0), share * (0.6 if how == "value" else 1.0))
                # What stands before the first dot is often a variable of the user's program.
                name = "" if rows else name.partition(".")[2]
        return sure

    def _candidates(self, question: Asked) -> list[Candidate]:
        scores: dict[int, float] = defaultdict(float)
        self._add(scores, question.words, question.idf, 1.0)
        self._add(scores, question.more, question.idf, EXPANDED)
        best = nlargest(_CANDIDATES, scores, key=lambda n: (scores[n], -n))
        wanted = list({*best, *question.names})
        rows = self.db.execute(
            "SELECT n, id, kind, depth, weight, roots, gist FROM record"
            " WHERE n IN (SELECT value FROM json_each(?))",
            (json.dumps(wanted),),
        )
        return [
            Candidate(n, name, kind, depth, weight, own, gist, scores.get(n, 0.0))
            for n, name, kind, depth, weight, own, gist in rows
        ]

    def _add(
        self,
        scores: dict[int, float],
        words: Sequence[str],
        idf: Mapping[str, float],
        factor: float,
    ) -> None:
        rare = [word for word in words if idf[word] > _COMMON]
        # A word in every tenth record costs much time and tells little, once others are there.
        for word in rare if len(rare) > 1 else words:
            row = self.db.execute("SELECT ns, shares FROM word WHERE word = ?", (word,)).fetchone()
            if row:
                weight = factor * idf[word]
                for n, share in zip(unpacked("I", row[0]), unpacked("f", row[1]), strict=True):
                    scores[int(n)] += weight * share

    def _hit(self, each: Candidate) -> Hit:
        title, text, place, url, source = self.db.execute(
            "SELECT title, text, place, url, source FROM record WHERE n = ?", (each.n,)
        ).fetchone()
        score = round(each.score, 4)
        return Hit(each.id, each.kind, title, text, place, url, source, score, each.why)
