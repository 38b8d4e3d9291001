"""Which regular expressions have one way to match, so that no engine's preferences matter.

DuckDB prefers the alternative written first, POSIX engines the longest match. Where at most one
step is possible at each character (the Glushkov automaton is deterministic) both find the same
text and the same groups.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

_TOP = 0x10FFFF
_MOST_PLACES = 300
# Characters that a place in a pattern stands for: ranges of code points, sorted.
Ranges = tuple[tuple[int, int], ...]


class Unclear(Exception):
    """The pattern may match in more than one way, or cannot be read here."""


def has_one_way(text: str) -> bool:
    """Whether a pattern (of the kinds that `pattern` lets through) can match in one way only."""
    try:
        _Automaton().check(_Parser(text).whole())
    except Unclear:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Any:
    """One character of a set."""

    of: Ranges


@dataclass(frozen=True, slots=True)
class _Row:
    """Parts one after another."""

    parts: tuple["_Node", ...]


@dataclass(frozen=True, slots=True)
class _Either:
    """One of several."""

    parts: tuple["_Node", ...]


@dataclass(frozen=True, slots=True)
class _Many:
    """A part `least` to `most` times; None has no end."""

    part: "_Node"
    least: int
    most: int | None


_Node = _Any | _Row | _Either | _Many


class _Parser:
    """Plain characters, classes, groups, alternatives, * + ? {n,m}, ^ first and $ last."""

    def __init__(self, text: str) -> None:
        self._text = text.removeprefix("^")
        if self._text.endswith("$") and not self._text.endswith("\\$"):
            self._text = self._text[:-1]
        self._at = 0

    def whole(self) -> _Node:
        node = self._either()
        if self._at < len(self._text):
            raise Unclear
        return node

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _next(self) -> str:
        if self._at >= len(self._text):
            raise Unclear
        self._at += 1
        return self._text[self._at - 1]

    def _either(self) -> _Node:
        parts = [self._row()]
        while self._peek() == "|":
            self._next()
            parts.append(self._row())
        return parts[0] if len(parts) == 1 else _merged([_flat(part) for part in parts])

    def _row(self) -> _Node:
        parts: list[_Node] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._counted(self._one()))
        return _Row(tuple(parts))

    def _one(self) -> _Node:
        char = self._next()
        if char == "(":
            inner = self._either()
            if self._next() != ")":
                raise Unclear
            return inner
        if char == "[":
            return _Any(self._class())
        if char == ".":
            return _Any(_without([(10, 10)]))
        if char in "^$*+?{":
            raise Unclear
        return _Any(_single(self._next() if char == "\\" else char))

    def _counted(self, part: _Node) -> _Node:
        match self._peek():
            case "*":
                least, most = 0, None
            case "+":
                least, most = 1, None
            case "?":
                least, most = 0, 1
            case "{":
                end = self._text.find("}", self._at)
                low, comma, high = self._text[self._at + 1 : end].partition(",")
                if end < 0 or not low.isdigit() or (high and not high.isdigit()):
                    raise Unclear
                self._at = end
                return self._after(_Many(part, int(low), _most(low, comma, high)))
            case _:
                return part
        return self._after(_Many(part, least, most))

    def _after(self, made: _Node) -> _Node:
        self._next()
        return made

    def _class(self) -> Ranges:
        negated = self._peek() == "^"
        if negated:
            self._next()
        found: list[tuple[int, int]] = []
        while (char := self._next()) != "]":
            low = ord(self._next() if char == "\\" else char)
            high = low
            if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
                self._next()
                char = self._next()
                high = ord(self._next() if char == "\\" else char)
            found.append((low, high))
        return _without(found) if negated else tuple(sorted(found))


def _most(low: str, comma: str, high: str) -> int | None:
    if not comma:
        return int(low)
    return int(high) if high else None


def _single(char: str) -> Ranges:
    return ((ord(char), ord(char)),)


def _without(ranges: list[tuple[int, int]]) -> Ranges:
    left, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            left.append((start, low - 1))
        start = max(start, high + 1)
    if start <= _TOP:
        left.append((start, _TOP))
    return tuple(left)


def _flat(node: _Node) -> tuple[_Node, ...]:
    return node.parts if isinstance(node, _Row) else (node,)


def _merged(rows: list[tuple[_Node, ...]]) -> _Node:
    """Alternatives with the beginnings that they share written once, as in a trie."""
    if any(not row for row in rows):
        raise Unclear
    by_first: dict[_Node, list[tuple[_Node, ...]]] = defaultdict(list)
    for row in rows:
        by_first[row[0]].append(row[1:])
    made: list[_Node] = []
    for first, rests in by_first.items():
        rest = _merged(rests) if len(rests) > 1 else _Row(rests[0])
        made.append(_Row((first, rest)))
    return made[0] if len(made) == 1 else _Either(tuple(made))


@dataclass(slots=True)
class _Piece:
    """What a part begins and ends with, and whether it may be empty."""

    first: list[int]
    last: list[int]
    empty: bool


@dataclass(slots=True)
class _Automaton:
    """Places of the pattern and the steps between them."""

    places: list[Ranges] = field(default_factory=list)
    steps: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def check(self, node: _Node) -> None:
        """Raises Unclear where two steps are possible on one character."""
        piece = self._piece(node)
        for choices in (piece.first, *self.steps.values()):
            taken = sorted(each for place in choices for each in self.places[place])
            for (_, end), (start, _) in pairwise(taken):
                if start <= end:
                    raise Unclear

    def _piece(self, node: _Node) -> _Piece:
        match node:
            case _Any(of):
                if len(self.places) >= _MOST_PLACES:
                    raise Unclear
                # Overlapping ranges within one class are one place, not a choice.
                self.places.append(_united(of))
                return _Piece([len(self.places) - 1], [len(self.places) - 1], empty=False)
            case _Row(parts):
                made = _Piece([], [], empty=True)
                for part in parts:
                    made = self._joined(made, self._piece(part))
                return made
            case _Either(parts):
                pieces = [self._piece(part) for part in parts]
                if any(piece.empty for piece in pieces):
                    raise Unclear
                return _Piece(
                    [each for piece in pieces for each in piece.first],
                    [each for piece in pieces for each in piece.last],
                    empty=False,
                )
            case _Many(part, least, most):
                return self._repeated(part, least, most)

    def _joined(self, left: _Piece, right: _Piece) -> _Piece:
        for place in left.last:
            self.steps[place].extend(right.first)
        return _Piece(
            [*left.first, *(right.first if left.empty else [])],
            [*right.last, *(left.last if right.empty else [])],
            empty=left.empty and right.empty,
        )

    def _repeated(self, part: _Node, least: int, most: int | None) -> _Piece:
        """Copies of a part, each reached from the one before; a loop in a loop is a choice."""
        made = _Piece([], [], empty=least == 0)
        before: _Piece | None = None
        for count in range(max(least, 1) if most is None else most):
            piece = self._piece(part)
            if piece.empty:
                raise Unclear
            if before is None:
                made.first = piece.first
            for place in before.last if before else ():
                self.steps[place].extend(piece.first)
            if count + 1 >= least:
                made.last.extend(piece.last)
            before = piece
        if most is None and before is not None:
            for place in before.last:
                self.steps[place].extend(before.first)
        return made


def _united(ranges: Ranges) -> Ranges:
    made: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if made and low <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], high))
        else:
            made.append((low, high))
    return tuple(made)
