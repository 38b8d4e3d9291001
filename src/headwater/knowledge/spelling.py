"""The word that was meant where one is misspelt."""

from collections import defaultdict
from collections.abc import Mapping

_LOOKED_AT = 60


class Spelling:
    """The nearest known word to one that the index does not hold."""

    def __init__(self, known: Mapping[str, int]) -> None:
        self._known = known
        self._by_gram: dict[str, list[str]] = defaultdict(list)
        for word in known:
            if len(word) > 3 and not word.isdigit():
                for gram in _grams(word):
                    self._by_gram[gram].append(word)

    def nearest(self, word: str) -> str | None:
        """A word within one slip (two from eight letters on); the commonest of the nearest."""
        if len(word) < 4 or any(letter.isdigit() for letter in word):
            return None
        shared: dict[str, int] = defaultdict(int)
        for gram in _grams(word):
            for other in self._by_gram.get(gram, ()):
                shared[other] += 1
        allowed = 2 if len(word) >= 8 else 1
        near = sorted(shared, key=lambda other: (-shared[other], other))[:_LOOKED_AT]
        scored = [(slips(word, other, allowed), -self._known[other], other) for other in near]
        best = min((each for each in scored if each[0] <= allowed), default=None)
        return best[2] if best else None


def _grams(word: str) -> set[str]:
    padded = f"^{word}$"
    return {padded[n : n + 3] for n in range(len(padded) - 2)} | {padded[:2], padded[-2:]}


def slips(one: str, other: str, most: int) -> int:
    """Slips of the keys between two words: a letter more, less, other, or two swapped.

    Counts no further than `most` + 1.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, theirs in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != theirs))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == theirs:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
