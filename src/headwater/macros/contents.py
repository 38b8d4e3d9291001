"""What an answer holds, checked; pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from headwater.cases import rules
from headwater.macros.errors import LibraryRefused
from headwater.macros.filling import check_places

ENGLISH: Final = "en"
LONGEST: Final = 20_000
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2}")
# Addresses of pages that are not entries.
_TAKEN: Final = {"new"}


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as somebody wrote it, in the form in which it is kept."""

    kind: str
    name: str
    title: str
    content: Mapping[str, Any]


def answer(name: str, title: str, texts: object, *, fields: Iterable[str]) -> Written:
    """An answer with its texts by language; English is what others fall back to.

    `fields` are the ids of fields that its places may name. Raises LibraryRefused.
    """
    named = checked_name(name)
    return Written(
        "answer", named, checked_title(title, named), {"texts": checked_texts(texts, fields)}
    )


def checked_name(name: object) -> str:
    """The name. Raises LibraryRefused for one that is no name."""
    if not isinstance(name, str) or not _NAME.fullmatch(name) or len(name) > 60 or name in _TAKEN:
        raise LibraryRefused(
            f"{name!r} is no name.",
            param="name",
            hint="Use up to 60 small letters, digits and hyphens, such as refund-at-bank.",
        )
    return name


def checked_title(title: object, name: str) -> str:
    """The title on one line. Raises LibraryRefused where there is none."""
    plain = rules.one_line(title, 120) if isinstance(title, str) else ""
    if not plain:
        raise LibraryRefused(f"{name} has no title.", param="title", hint="Say what it is for.")
    return plain


def checked_texts(texts: object, fields: Iterable[str]) -> dict[str, str]:
    """Texts by language, each with places that can be filled. Raises LibraryRefused."""
    if isinstance(texts, str):
        texts = {ENGLISH: texts}
    if not isinstance(texts, Mapping) or not str(texts.get(ENGLISH, "")).strip():
        raise LibraryRefused(
            "There is no text in English.",
            param="text.en",
            hint="English is sent to everybody whose language has no text.",
        )
    found, known = {}, list(fields)
    for language, text in texts.items():
        where = f"text.{language}"
        if not _LANGUAGE.fullmatch(str(language)):
            raise LibraryRefused(
                f"{language!r} is no language.", param=where, hint="Write two letters, such as de."
            )
        if not isinstance(text, str) or not text.strip():
            raise LibraryRefused(f"The text in {language} is empty.", param=where)
        if len(text) > LONGEST:
            raise LibraryRefused(
                f"The text in {language} is longer than {LONGEST} characters.", param=where
            )
        plain = rules.storable(text.replace("\r\n", "\n")).strip()
        try:
            check_places(plain, known)
        except LibraryRefused as error:
            raise LibraryRefused(
                f"In {language}: {error.message}", param=where, hint=error.hint
            ) from error
        found[str(language)] = plain
    return found


def spoken(texts: Mapping[str, str]) -> list[str]:
    """The languages of the texts, English first."""
    return sorted(texts, key=lambda each: (each != ENGLISH, each))


def text_for(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """The language that is used and its text: the user's own where there is one, else English."""
    chosen = language if language in texts else ENGLISH
    return chosen, texts[chosen]
