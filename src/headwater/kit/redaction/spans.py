"""A place in a text that must not be read by everybody."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """What a span holds."""

    SECRET = "secret"  # noqa: S105 (the name of a kind)
    CARD = "card"
    CVC = "cvc"
    IBAN = "iban"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]`, what it is, and what stands in its place once it is masked."""

    start: int
    end: int
    kind: Kind
    label: str
    mask: str


def removed(start: int, end: int, kind: Kind, label: str) -> Span:
    """A span of which nothing is kept."""
    return Span(start, end, kind, label, f"[{label} removed]")


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order; those that overlap become one of the first one's kind."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if out and span.start < out[-1].end:
            out[-1] = replace(out[-1], end=max(out[-1].end, span.end))
        else:
            out.append(span)
    return tuple(out)
