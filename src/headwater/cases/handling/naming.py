"""Whom a note names with `@`; pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# An address such as ada@shop.example names nobody.
_AT = re.compile(r"(?<![\w@.+-])@(?=\w)")
_WORD_GOES_ON = re.compile(r"[\w-]")


@dataclass(frozen=True, slots=True)
class Nameable:
    """Somebody, or the people of a queue, by every word that names them, in lower case."""

    words: tuple[str, ...]
    agent_ids: tuple[str, ...]


def named_in(text: str, known: Iterable[Nameable]) -> list[str]:
    """The ids of the agents that `text` names, in the order in which it does, each once.

    The longest name that fits counts: `@Ann Lee` is not `@Ann`. Whoever shares a name is named
    with it.
    """
    by_word: dict[str, list[str]] = {}
    for one in known:
        for word in one.words:
            by_word.setdefault(word, []).extend(one.agent_ids)
    longest = sorted(by_word, key=len, reverse=True)
    lower, found = text.lower(), dict[str, None]()
    for match in _AT.finditer(lower):
        for word in longest:
            end = match.end() + len(word)
            if lower.startswith(word, match.end()) and not _WORD_GOES_ON.match(
                lower[end : end + 1]
            ):
                found.update(dict.fromkeys(by_word[word]))
                break
    return list(found)
