"""Places in a text, such as {{ person.first_name | "there" }}, and what fills them. Pure.

What fills a place is never read as a text with places again: a user may be called anything.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from headwater.macros.errors import CannotFill, LibraryRefused

NAMES: Final = (
    "person.name",
    "person.first_name",
    "person.email",
    "account.name",
    "account.id",
    "account.country",
    "account.tier",
    "case.id",
    "case.subject",
    "case.opened",
    "agent.name",
    "agent.first_name",
    "today",
    "finding.title",
    "finding.words",
    "finding.table",
    "finding.ids",
    "finding.first_seen",
    "finding.last_seen",
)
FIELD: Final = "field."
FINDING: Final = "finding."
_PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_INSIDE = re.compile(r'\s*([a-z_]+(?:\.[a-z0-9_-]+)?)\s*(?:\|\s*"([^"{}]*)"\s*)?')


@dataclass(frozen=True, slots=True)
class Place:
    """One place: what stands in it, and what to write where the case does not know that."""

    name: str
    otherwise: str = ""


def places_in(text: str) -> list[Place]:
    """Every place in order. Raises LibraryRefused for one that is not understood."""
    found = [_place(match[1]) for match in _PLACE.finditer(text)]
    rest = _PLACE.sub("", text)
    if "{{" in rest:
        start = rest[rest.index("{{") :][:30]
        raise LibraryRefused(
            f"A place is begun and not closed: {start!r}.",
            param="text",
            hint="Write {{ name }}; single braces stand for themselves.",
        )
    return found


def check_places(text: str, fields: Iterable[str]) -> None:
    """Raises LibraryRefused for a place that nothing can ever fill; `fields`: ids of fields."""
    known = [*NAMES, *(FIELD + each for each in fields)]
    for place in places_in(text):
        if place.name not in known:
            near = difflib.get_close_matches(place.name, known, n=2, cutoff=0.6)
            raise LibraryRefused(
                f"Nothing is called {{{{ {place.name} }}}}.",
                param="text",
                hint=f"Did you mean {' or '.join(near)}?"
                if near
                else f"There are: {', '.join(known)}.",
            )


def needed(texts: Iterable[str]) -> set[str]:
    """The names of all places in these texts."""
    return {place.name for text in texts for place in places_in(text)}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every place filled. Raises CannotFill that names all that are not known."""
    missing = [
        place.name
        for place in places_in(text)
        if not (values.get(place.name, "").strip() or place.otherwise)
    ]
    if missing:
        raise CannotFill(
            f"This case does not know {', '.join(dict.fromkeys(missing))}.",
            param="text",
            hint='Fill it in first, or have a lead write {{ name | "something else" }}.',
        )

    def put(match: re.Match[str]) -> str:
        place = _place(match[1])
        return values.get(place.name, "").strip() or place.otherwise

    return _PLACE.sub(put, text)


def _place(inside: str) -> Place:
    match = _INSIDE.fullmatch(inside)
    if match is None or match[2] == "":
        raise LibraryRefused(
            f"{{{{{inside}}}}} is no place.",
            param="text",
            hint='Write {{ person.name }}, or {{ person.name | "there" }} for when it is unknown.',
        )
    return Place(match[1], match[2] or "")
