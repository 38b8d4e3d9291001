"""What a text gave away, in words that may be kept and shown. Pure."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from headwater.kit.redaction.spans import Kind, Span

_MODE = re.compile(r"_(live|test)_")
_MASKED_CARD = re.compile(r"\*{4} ([0-9A-Z]{4})")


@dataclass(frozen=True, slots=True, order=True)
class Exposure:
    """One secret or card number without itself.

    `kind` is a `Kind`, `label` says what it is ("secret key"), `mode` is "live", "test" or "" where
    its form does not tell, `tail` the last four characters of a card number, `place` "file" where
    it stands in a file that came along.
    """

    kind: str
    label: str
    mode: str = ""
    tail: str = ""
    place: str = ""

    def as_json(self) -> dict[str, str]:
        """The same as a JSON object."""
        return asdict(self)


def exposures_of(text: str, spans: Iterable[Span]) -> list[Exposure]:
    """Each thing that `spans` of `text` give away, once, in order of appearance."""
    found: dict[Exposure, None] = {}
    for span in spans:
        held = text[span.start : span.end]
        mode = _MODE.search(held) if span.kind == Kind.SECRET else None
        tail = _MASKED_CARD.search(span.mask) if span.kind == Kind.CARD else None
        one = Exposure(
            span.kind.value, span.label, mode[1] if mode else "", tail[1] if tail else ""
        )
        found[one] = None
    return list(found)
