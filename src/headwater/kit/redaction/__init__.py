"""Secrets and card numbers in a text: where they are, and the text without them. Pure.

Publishable keys and object ids stay readable: support needs them, and they open nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from headwater.kit.redaction.cards import cards_in
from headwater.kit.redaction.exposure import Exposure, exposures_of
from headwater.kit.redaction.keys import keys_in
from headwater.kit.redaction.markup import masked_markup
from headwater.kit.redaction.personal import emails_in, ibans_in
from headwater.kit.redaction.spans import Kind, Span, merged

# What nobody outside needs to answer a question.
SECRETS: Final = frozenset({Kind.SECRET, Kind.CARD, Kind.CVC})
# And what is somebody's own: for text that goes to another company.
PERSONAL: Final = SECRETS | {Kind.IBAN, Kind.EMAIL}

# Soft hyphens, zero-width spaces and joiners: chats and editors put them where lines may break.
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
# Nothing that is looked for is shorter (a@b.c).
_SHORTEST: Final = 5
_REMEMBERED: Final = 20_000

_MASK: Final = re.compile(
    r"\[(?:(?:card|IBAN) \*{4} [0-9A-Z]{4}|[A-Za-z][A-Za-z -]{2,40} removed)\]"
)


def find(text: str, kinds: frozenset[Kind] = SECRETS) -> tuple[Span, ...]:
    """What of `kinds` stands in `text`: spans in order that do not overlap. Linear in its length.

    Masks that `masked` wrote are not looked at again.
    """
    if len(text) < _SHORTEST:
        return ()
    return _find(text, kinds) if len(text) > _REMEMBERED else _find_again(text, kinds)


def _find(text: str, kinds: frozenset[Kind]) -> tuple[Span, ...]:
    if _UNSEEN.search(text):
        return _seen_through(text, kinds)
    # As long as before, so that places stay places.
    plain = _MASK.sub(lambda mask: "\0" * len(mask[0]), _ascii_digits(text))
    found = keys_in(plain)
    if Kind.CARD in kinds or Kind.CVC in kinds:
        found += cards_in(plain)
    if Kind.IBAN in kinds:
        found += ibans_in(plain)
    if Kind.EMAIL in kinds:
        found += emails_in(plain)
    chosen = [_within(span, plain) for span in found if span.kind in kinds]
    return merged(span for span in chosen if span.start < span.end)


# The same text is looked through when a batch of mails is read, and again when it is filed.
_find_again = lru_cache(maxsize=1_000)(_find)


def masked(text: str, kinds: frozenset[Kind] = SECRETS) -> str:
    """`text` with a mask in the place of every span; masking it again changes nothing.

    A card keeps its last four digits, so that a person can still tell which one is meant.
    """
    # What a mask cuts free may be something of its own; each round leaves less.
    while spans := find(text, kinds):
        parts, end = [], 0
        for span in spans:
            parts += [text[end : span.start], span.mask]
            end = span.end
        text = "".join([*parts, text[end:]])
    return text


def exposures(text: str, kinds: frozenset[Kind] = SECRETS) -> list[Exposure]:
    """What `text` gives away, without the secrets themselves."""
    return exposures_of(text, find(text, kinds))


def masked_html(html: str, kinds: frozenset[Kind] = SECRETS) -> tuple[str, list[Exposure]]:
    """Sanitised HTML with masks, also where tags run through a secret, and what they hid."""
    return masked_markup(html, find, kinds)


def masked_values(value: Any, kinds: frozenset[Kind] = SECRETS) -> Any:
    """The same JSON value with every text in it masked, names of fields excepted."""
    if isinstance(value, str):
        return masked(value, kinds)
    if isinstance(value, Mapping):
        return {name: masked_values(each, kinds) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [masked_values(each, kinds) for each in value]
    return value


def _seen_through(text: str, kinds: frozenset[Kind]) -> tuple[Span, ...]:
    """As `find`, where characters that nobody sees may stand within a secret."""
    places = [at for at, letter in enumerate(text) if not _UNSEEN.match(letter)]
    spans = find("".join(text[at] for at in places), kinds)
    return tuple(
        replace(span, start=places[span.start], end=places[span.end - 1] + 1) for span in spans
    )


def _within(span: Span, plain: str) -> Span:
    """The span without masks at its ends; empty where it holds nothing else."""
    held = plain[span.start : span.end]
    left = len(held) - len(held.lstrip("\0"))
    return replace(
        span, start=span.start + left, end=span.start + max(len(held.rstrip("\0")), left)
    )


def _ascii_digits(text: str) -> str:
    """The same places with every decimal digit of any script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(int(each)) if each.isdecimal() else each for each in text)


__all__ = [
    "PERSONAL",
    "SECRETS",
    "Exposure",
    "Kind",
    "Span",
    "exposures",
    "find",
    "masked",
    "masked_html",
    "masked_values",
]
