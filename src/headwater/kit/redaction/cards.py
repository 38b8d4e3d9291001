"""Card numbers, and the security codes beside them. Pure.

A run of digits is a card number when its check digit fits and either an issuer has numbers that
begin so and are so long, or the words around it speak of a card. The check digit alone fits one
reference number in ten.
"""

import re
from collections.abc import Iterator
from typing import Final

from headwater.kit.redaction.spans import Kind, Span, removed

# Digits with up to three separators between them; not a part of an id, a phone number, a decimal.
_SEPARATOR: Final = r"[ \t\r\n\u00a0\u2007\u2009\u202f.+*_\-\u2010-\u2015/]"
_RUN: Final = re.compile(
    # A digit first: what stands before it is looked at only there, which is much faster.
    rf"[0-9](?<![0-9A-Za-z_+].)(?<![0-9][.,].)[0-9]*+(?:{_SEPARATOR}{{1,3}}+[0-9]++)*+"
    r"(?![0-9A-Za-z_])",
    re.DOTALL,
)
_GROUP: Final = re.compile(r"[0-9]+")
_SHORTEST, _LONGEST = 12, 19
# Issuers: first and last prefix, and the lengths in use.
_ISSUERS: Final[tuple[tuple[str, str, frozenset[int]], ...]] = (
    ("4", "4", frozenset({16, 19})),  # Visa
    ("51", "55", frozenset({16})),  # Mastercard
    ("2221", "2720", frozenset({16})),
    ("34", "34", frozenset({15})),  # American Express
    ("37", "37", frozenset({15})),
    ("300", "305", frozenset({14, 16, 19})),  # Diners Club
    ("3095", "3095", frozenset({14, 16, 19})),
    ("36", "36", frozenset({14, 16, 19})),
    ("38", "39", frozenset({14, 16, 19})),
    ("3528", "3589", frozenset({16, 19})),  # JCB
    ("6011", "6011", frozenset({16, 19})),  # Discover
    ("644", "659", frozenset({16, 19})),
    ("62", "62", frozenset({16, 17, 18, 19})),  # UnionPay
    ("81", "82", frozenset({16})),  # UnionPay, RuPay
    ("60", "60", frozenset({16})),  # RuPay, Hipercard
    ("2200", "2204", frozenset({16, 19})),  # Mir
    ("9792", "9792", frozenset({16})),  # Troy
    ("50", "50", frozenset({16, 18, 19})),  # Maestro, Elo, Verve
    ("56", "58", frozenset({16, 18, 19})),
    ("63", "63", frozenset({16, 18, 19})),
    ("67", "67", frozenset({16, 17, 18, 19})),  # Maestro, Bancontact
)
# How the digits of a card stand on it. Other groupings need the words.
_GROUPINGS: Final = re.compile(
    r"[0-9]+|4(?:,4){2}(?:,[0-9])|4(?:,4){3}(?:,[1-3])?|4,6,[45]|8,8|1(?:,1)+|6,1[03]"
)
_WORDS: Final = re.compile(
    r"(?i)\b(?:credit|debit|bank)?[ -]?(?:cards?|karte|kreditkarte|carte|tarjeta|pan|visa|amex|"
    r"master ?card|maestro|american express|discover|diners|jcb|unionpay|kartennummer)\b"
)
_AROUND: Final = 30
# Twice a digit, its own digits added up.
_DOUBLED: Final = dict(zip("0123456789", (0, 2, 4, 6, 8, 1, 3, 5, 7, 9), strict=True))
_CODE: Final = re.compile(
    r"[CcSsPpKk](?<![A-Za-z0-9_].)(?i:(?<=c)(?:vc2?|vv2?|vn|id|sc|ard code)|(?<=s)ecurity code|"
    r"(?<=p)r(?:ü|ue)f(?:nummer|ziffer)|(?<=k)artenpr(?:ü|ue)fnummer)\b[^0-9\n]{0,12}([0-9]{3,4})(?![0-9])",
    re.DOTALL,
)
# A code without a word, where it follows the number and the date that a card shows.
_CODE_AFTER: Final = re.compile(
    r"[^0-9\n]{1,12}(?:0?[1-9]|1[0-2]) ?[/\- ] ?(?:20)?[0-9]{2}[^0-9\n]{1,12}([0-9]{3,4})(?![0-9])"
)


def cards_in(text: str) -> list[Span]:
    """Card numbers and their security codes in `text` whose digits are 0 to 9."""
    text = text.replace("%20", "   ")  # in an address; places stay places
    spans: list[Span] = []
    for run in _RUN.finditer(text):
        if run.end() - run.start() >= _SHORTEST:
            spans += _cards_in_run(text, run.start(), run.end())
    spans += [removed(code.start(1), code.end(1), Kind.CVC, "security code")
              for code in _CODE.finditer(text)]  # fmt: skip
    for card in [span for span in spans if span.kind is Kind.CARD]:
        code = _CODE_AFTER.match(text, card.end)
        if code:
            spans.append(removed(code.start(1), code.end(1), Kind.CVC, "security code"))
    return spans


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it."""
    plain = sum(map(int, digits[-1::-2]))
    doubled = sum(map(_DOUBLED.__getitem__, digits[-2::-2]))
    return (plain + doubled) % 10 == 0 and digits.strip("0") != ""


def _cards_in_run(text: str, start: int, end: int) -> Iterator[Span]:
    """Every card number that whole groups of the run make; a date may stand on either side."""
    groups = [(each.start(), each.end()) for each in _GROUP.finditer(text, start, end)]
    last_end = -1
    for first in range(len(groups)):
        digits, sizes = "", []
        best: tuple[int, str] | None = None
        for begin, stop in groups[first:]:
            digits += text[begin:stop]
            sizes.append(stop - begin)
            if len(digits) > _LONGEST:
                break
            if len(digits) >= _SHORTEST and _is_card(text, groups[first][0], stop, digits, sizes):
                best = (stop, digits)
        if best and best[0] > last_end:
            last_end = best[0]
            mask = f"[card **** {best[1][-4:]}]"
            yield Span(groups[first][0], best[0], Kind.CARD, "card number", mask)


def _is_card(text: str, start: int, end: int, digits: str, sizes: list[int]) -> bool:
    if not passes_luhn(digits):
        return False
    if len(sizes) == 1 and text[start - 1 : start] in (".", ",") and text[start - 2].isdigit():
        return False  # what follows a decimal point
    grouping = ",".join(map(str, sizes))
    if _GROUPINGS.fullmatch(grouping) and _issued(digits):
        return True
    before, after = text[max(start - _AROUND, 0) : start], text[end : end + 12]
    return bool(_WORDS.search(before) or _WORDS.search(after))


def _issued(digits: str) -> bool:
    return any(
        low <= digits[: len(low)] <= high and len(digits) in lengths
        for low, high, lengths in _ISSUERS
    )
