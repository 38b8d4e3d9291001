"""What a text gave away, in words that may be kept and shown. Pure."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from headwater.kit.redaction.spans import Kind, Span

_MODE = re.compile(r"_(live|test)_")
# Dashboards name keys by their last characters; of short ones nothing is kept.
_KEYS_WITH_TAIL = frozenset({"secret key", "webhook secret"})
_LONG = 24
_MASKED_CARD = re.compile(r"\*{4} ([0-9A-Z]{4})")


@dataclass(frozen=True, slots=True, order=True)
class Exposure:
    """One secret or card number without itself.

    `kind` is a `Kind`, `label` says what it is ("secret key"), `mode` is "live", "test" or "" where
    its form does not tell, `tail` the last four characters of a card number or a long key, `place`
    "file" where it stands in a file that came along.
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
        one = Exposure(span.kind.value, span.label, mode[1] if mode else "", _tail(span, held))
        found[one] = None
    return list(found)


def _tail(span: Span, held: str) -> str:
    """What tells a card or a key from another one, and does not help to guess it."""
    if span.kind == Kind.CARD:
        card = _MASKED_CARD.search(span.mask)
        return card[1] if card else ""
    is_long = span.label in _KEYS_WITH_TAIL and len(held) >= _LONG
    return held[-4:] if is_long and held[-4:].isalnum() else ""
