"""Tags as words: one spelling for each, and which known one was probably meant. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from headwater.cases.handling.errors import TagRefused

LONGEST: Final = 40
_APART = re.compile(r"[\s_/\-]+")
_FORBIDDEN = re.compile(r"[^\w:.\-]")

# Why a case cannot sleep until that without a time, by the word of `Case.SnoozedFor`.
NOTHING_WAKES: Final[dict[str, str]] = {
    "escalation": "This case was never escalated, so nothing would wake it.",
    "aside": "Nobody was written to beside the user, so nothing would wake it.",
}


def normal_tag(text: str) -> str:
    """The one spelling: lower case, words joined by hyphens. Raises TagRefused."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip().removeprefix("#")
    tag = unicodedata.normalize("NFC", _APART.sub("-", plain)).strip("-")
    if not tag:
        raise TagRefused("The tag is empty.", param="tag", hint="Write a word such as payouts.")
    wrong = _FORBIDDEN.search(tag)
    if wrong:
        raise TagRefused(
            f"The tag {tag!r} holds {wrong[0]!r}.",
            param="tag",
            hint="Use letters, digits, hyphens, dots and colons; separate tags by commas.",
        )
    if len(tag) > LONGEST:
        raise TagRefused(
            f"The tag {tag[:20]}… is longer than {LONGEST} characters.",
            param="tag",
            hint="Choose a shorter word; details belong into a note.",
        )
    return tag


def tags_in(text: str) -> list[str]:
    """The tags that a line names, separated by commas, each once. Raises TagRefused."""
    return list(dict.fromkeys(normal_tag(part) for part in text.split(",") if part.strip()))


def near(tag: str, known: Iterable[str]) -> list[str]:
    """Up to three known tags that look like it, the nearest first."""
    return difflib.get_close_matches(tag, list(known), n=3, cutoff=0.7)
