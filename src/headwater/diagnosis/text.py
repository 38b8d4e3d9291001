"""What a text says about each playbook: BM25 over the playbooks' own words (SQLite FTS5)."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping

from headwater.diagnosis.playbooks import Playbook
from headwater.diagnosis.playbooks.loader import mode_titles
from headwater.knowledge.guide import synonyms

_WORD = re.compile(r"[^\W_]{2,}")
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_LITERAL = re.compile(r"'([a-z][a-z_]{3,}|[45]\d\d)'|\b(4\d\d|5\d\d)\b")
_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_REPLY_HEAD = re.compile(r"^(On .{5,120} wrote:|-{2,} ?Original Message ?-{2,})\s*$", re.MULTILINE)
# Words of courtesy and glue. They match by accident in a corpus of a few dozen short pages.
_GLUE = frozenset(
    """a about after again all also am an and any are as at be because been before but by can
    cannot could did do does don doing down each else even every few for from get got had
    has have hello help her here hey hi him his how however if in into is it its itself just
    know let like ll look looking many may me might more most much must my need no nor not
    now of off ok on once one only or other our out over please pls really regards re s same
    see seem seems she should since so some something still such sure t thank thanks than
    that the their them then there these they thing things think this those through to today
    too try trying under until up us use using ve very was way we well were what when where
    which while who why will with would yesterday yet you your team support best dear kind
    morning afternoon guys anyone sincerely cheers""".split()
)
_MAX_TERMS = 120
_PART = re.compile(r"[^\W_]{3,}")
# What a phrase may mean weighs less than what was written.
_MEANT_WEIGHT = 0.3


class TextIndex:
    """Playbooks, searchable by a user's words. Build once, ask for every case."""

    def __init__(self, playbooks: Mapping[str, Playbook]) -> None:
        self._ids = sorted(playbooks)
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute(
            "CREATE VIRTUAL TABLE page USING fts5"
            "(title, symptoms, phrases, answer, codes,"
            " tokenize = 'porter unicode61 remove_diacritics 2')"
        )
        self._db.executemany(
            "INSERT INTO page(rowid, title, symptoms, phrases, answer, codes)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            ((n, *_page(playbooks[name])) for n, name in enumerate(self._ids, start=1)),
        )

    def scores(self, text: str) -> dict[str, float]:
        """BM25 of `text` against every playbook; higher is closer, 0.0 where no word is shared."""
        found = dict.fromkeys(self._ids, 0.0)
        said = terms(text)
        # Each word is asked for once with its repeats as weight: FTS5 itself ignores repeats.
        for weight, words in (*_by_repeats(said), (_MEANT_WEIGHT, meant(text, said))):
            if not words:
                continue
            query = " OR ".join(f'"{word}"' for word in words)
            rows = self._db.execute(
                "SELECT rowid, bm25(page, 1.0, 1.5, 1.5, 0.5, 1.5) FROM page WHERE page MATCH ?",
                (query,),
            )
            for rowid, score in rows:
                found[self._ids[rowid - 1]] += -float(score) * weight
        return found


def terms(text: str) -> list[str]:
    """The words of `text` that can tell playbooks apart, in order, without quoted older mails."""
    fresh = _QUOTED.sub(" ", _REPLY_HEAD.split(text, maxsplit=1)[0])
    words = (word.lower() for word in _WORD.findall(fresh))
    return [word for word in words if word not in _GLUE and not _opaque(word)]


def meant(text: str, said: Iterable[str]) -> list[str]:
    """The reference's words for users' phrases, but those that the text says itself."""
    fresh = _QUOTED.sub(" ", _REPLY_HEAD.split(text, maxsplit=1)[0])
    words = (word.lower() for phrase in synonyms().means(fresh) for word in _PART.findall(phrase))
    return sorted({word for word in words if word not in _GLUE} - set(said))


def _opaque(word: str) -> bool:
    # Ids and hashes: long, and letters mixed with digits. Names of errors are long too, but words.
    return len(word) > 40 or (
        len(word) > 8 and any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
    )


def _by_repeats(words: Iterable[str]) -> list[tuple[float, list[str]]]:
    counted = Counter(words).most_common(_MAX_TERMS)
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
    symptoms, phrases = "\n".join(playbook.symptoms), "\n".join(playbook.phrases)
    return title, symptoms, phrases, answer, codes
