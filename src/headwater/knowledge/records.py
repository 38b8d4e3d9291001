"""One thing that can be looked up."""

from dataclasses import dataclass
from typing import Any

KINDS = (
    "object",
    "attribute",
    "operation",
    "parameter",
    "event",
    "error",
    "decline",
    "requirement",
    "exception",
    "page",
)
# Longer texts are cut: what a reference says after its first screen rarely tells records apart.
MAX_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Record:
    """One parameter, object, error code, event type or section of a page.

    `id` is stable over releases of its source, `where` the words a person finds it by, `url` empty
    where none is known. `names` are spellings that mean exactly this record, `values` the values
    it takes, `words` how users speak of it, `also` ids that are answered by this record, and
    `weight` how central its object is, 1.0 being usual.
    """

    id: str
    kind: str
    title: str
    text: str
    where: str
    source: str
    url: str = ""
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    words: str = ""
    also: tuple[str, ...] = ()
    depth: int = 1
    weight: float = 1.0

    def as_dict(self) -> dict[str, Any]:
        """What programs get: no search weights, no empty lists."""
        shown = {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "text": self.text,
            "where": self.where,
            "url": self.url or None,
            "source": self.source,
            "values": list(self.values),
            "also": list(self.also),
        }
        return {key: value for key, value in shown.items() if value != []}


def clipped(text: str) -> str:
    """The text, cut where it is longer than a record keeps."""
    text = text.strip()
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1].rstrip() + "…"
