"""Bank accounts and e-mail addresses: nobody's secret, but somebody's own. Pure."""

import re
from typing import Final

from headwater.kit.redaction.spans import Kind, Span, removed

_IBAN: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?:[ \-]?[A-Z0-9]){11,30}(?![A-Za-z0-9])"
)
_EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}+@(?:[A-Za-z0-9\-]{1,63}\.){1,8}[A-Za-z]{2,24}"
)


def ibans_in(text: str) -> list[Span]:
    """International bank account numbers whose check digits fit, with or without spaces."""
    spans = []
    for found in _IBAN.finditer(text):
        end = found.end()
        # Words in capitals may follow: the longest beginning that checks is the number.
        while end - found.start() >= 15 and not _checks(text[found.start() : end]):
            end -= 1
        if end - found.start() >= 15:
            number = _bare(text[found.start() : end])
            spans.append(Span(found.start(), end, Kind.IBAN, "IBAN", f"[IBAN **** {number[-4:]}]"))
    return spans


def emails_in(text: str) -> list[Span]:
    """E-mail addresses."""
    if "@" not in text:
        return []
    return [
        removed(each.start(), each.end(), Kind.EMAIL, "e-mail address")
        for each in _EMAIL.finditer(text)
    ]


def _bare(text: str) -> str:
    return text.replace(" ", "").replace("-", "")


def _checks(text: str) -> bool:
    number = _bare(text)
    if not 15 <= len(number) <= 34 or not text[-1].isalnum():
        return False
    turned = number[4:] + number[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1
