"""Words as the index keeps them: whole identifiers and their parts, roots, users' synonyms."""

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:_+[^\W_]+)*")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST = 40
# Words of asking and of courtesy. They match by accident and tell no two records apart.
GLUE = frozenset(
    """a about after again all also am an and any are aren as at be because been being both but by
    can cannot can't could couldn did didn do does doesn doing don down each either even ever
    every for from get gets getting go goes going gone got had has hasn have haven having he hello
    help her here hers hey hi him his how however i if in into is isn it its itself just keep
    keeps know let like ll look looking make makes many may me might mine more most much must my
    myself need needs no nor not now of off ok on once one only or other our ours out over own
    please put really s same say says see seem seems she should shouldn since so some somehow
    something still such sure t tell than thank thanks that the their them then there these they
    thing things think this those through to too tried try trying under until up us use uses
    using ve very want wants was wasn way we were weren what whatever when where whether which
    while who whose why will with without won work works would wouldn yet you your yours give
    gives given exactly actually anyone someone somebody people person user users stripe
    api""".split()
)
_ENDINGS = (
    ("isations", "iz"), ("izations", "iz"), ("isation", "iz"), ("ization", "iz"), ("ations", ""),
    ("ation", ""), ("ising", "iz"), ("ised", "iz"), ("ies", "y"), ("ing", ""), ("ed", ""),
    ("es", ""), ("s", ""),
)  # fmt: skip


@lru_cache(maxsize=100_000)
def _parts(word: str) -> tuple[str, ...]:
    parts = [p.lower() for chunk in word.split("_") for p in _HUMP.split(chunk) if p]
    return ("".join(parts), *parts) if len(parts) > 1 else tuple(parts)


def tokens(text: str) -> list[str]:
    """The words of a text, lower case: an identifier once whole without its seams, then its parts.

    `setup_future_usage`, `setupFutureUsage` and `SetupFutureUsage` give the same words.
    """
    found = [part for word in _WORD.findall(text) for part in _parts(word)]
    return [part for part in found if len(part) < _LONGEST]


def snake(name: str) -> str:
    """`setupFutureUsage` as `setup_future_usage`; other names, and names of classes, unchanged."""
    return _HUMP.sub("_", name) if name[:1].islower() and "_" not in name else name


def roots(text: str) -> list[str]:
    """The roots of the words of a text, in order, with repeats."""
    return [root(word) for word in tokens(text)]


def asked(text: str) -> list[str]:
    """The roots of a question's words that can find something, each once, in order."""
    words = (word for word in tokens(text) if word not in GLUE and len(word) > 1)
    return [word for word in dict.fromkeys(map(root, words)) if word not in _GLUE_ROOTS]


@lru_cache(maxsize=100_000)
def root(word: str) -> str:
    """A word without the endings that users vary: refunded, refunds and refunding are one."""
    for ending, rest in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + rest
            break
    if word.endswith("ise") and len(word) > 6:
        word = word[:-3] + "iz"
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    # cancelled and shipped have one letter more than cancel and ship.
    doubled = len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou0123456789"
    return word[:-1] if doubled else word


_GLUE_ROOTS = frozenset(map(root, GLUE))


class Synonyms:
    """Users' phrases and the reference's words for them."""

    def __init__(self, pairs: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        self._means: dict[tuple[str, ...], tuple[str, ...]] = {}
        for phrase, means in pairs:
            key = tuple(_plain(phrase))
            self._means[key] = tuple(dict.fromkeys((*self._means.get(key, ()), *means)))
        self._longest = max((len(key) for key in self._means), default=0)

    def expand(self, text: str) -> list[str]:
        """Roots of the reference's words for what the text says, each once."""
        return list(dict.fromkeys(part for each in self.means(text) for part in roots(each)))

    def means(self, text: str) -> list[str]:
        """The reference's words for what the text says, each once; longer phrases win."""
        words = _plain(text)
        found: dict[str, None] = {}
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                means = self._means.get(tuple(words[at : at + length]))
                if means:
                    found.update(dict.fromkeys(means))
                    at += length - 1
                    break
            at += 1
        return list(found)


def _plain(text: str) -> list[str]:
    return [root(part.lower()) for part in re.findall(r"[^\W_]+", text)]
