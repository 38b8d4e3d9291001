"""What a text claims in particular: numbers, amounts, dates, ids, addresses, codes. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

_MONTHS: Final = (
    "january february march april may june july august september october november december".split()
)
_MONTH: Final = {name[:n]: i for i, name in enumerate(_MONTHS, 1) for n in (3, 4, len(name))}
_MONTH_WORD: Final = (
    r"(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
)
_DATES: Final = (
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})\b"),
    re.compile(
        rf"(?i)\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH_WORD}"
        r"(?:,? (?P<year>\d{4}))?\b"
    ),
    re.compile(
        rf"(?i)\b{_MONTH_WORD} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? (?P<year>\d{{4}}))?"
    ),
)
_URL: Final = re.compile(r"(?i)\b(?:https?://|www\.)[^\s<>\"')\]]+")
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_PATH: Final = re.compile(r"(?<![\w/])/[A-Za-z0-9_:{}.-]+(?:/[A-Za-z0-9_:{}.-]+)*")
# Ids and names of fields: an underscore within; also ids of hosts such as shop.example.
_CODE: Final = re.compile(
    r"(?<![\w])[A-Za-z][A-Za-z0-9]*(?:[_.][A-Za-z0-9*\[\]]+)+(?:_[A-Za-z0-9]+)*"
)
_QUOTED: Final = re.compile(r"`([^`\n]{1,200})`|\"([^\"\n]{1,200})\"|“([^”\n]{1,200})”")
_CAPITALS: Final = re.compile(r"\b[A-Z][A-Z0-9]{1,9}(?:-[A-Z0-9]+)*\b")
_TIME: Final = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(am|pm)?\b", re.I)
_NUMBER: Final = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?:\.\d+)?")
_UNITS: Final = (
    "second minute hour day week month year percent time attempt request payment refund event"
).split()
_UNIT: Final = re.compile(
    rf"^[ -]?(?:(?P<percent>%|percent\b)|(?P<currency>[A-Z]{{3}}\b|[€$£¥])|"
    rf"(?P<unit>{'|'.join(_UNITS)})s?\b|(?P<ms>ms)\b)",
)
_SYMBOLS: Final = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_WORDS: Final[dict[str, Decimal]] = {
    word: Decimal(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {
    word: Decimal(number)
    for word, number in (
        ("thirty", "30"), ("forty", "40"), ("fifty", "50"), ("sixty", "60"), ("seventy", "70"),
        ("eighty", "80"), ("ninety", "90"), ("hundred", "100"), ("thousand", "1000"),
        ("million", "1000000"), ("dozen", "12"), ("twice", "2"), ("thrice", "3"), ("half", "0.5"),
    )
}  # fmt: skip
# "One" is a pronoun more often than a number.
_NUMBER_WORD: Final = re.compile(rf"(?i)\b({'|'.join(w for w in _WORDS if w != 'one')})\b")
_WHEN: Final = re.compile(
    r"(?i)\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today|tomorrow|"
    r"tonight|weekend|midnight|noon|last week|next week|last month|next month)\b"
)


_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Claims:
    """The particulars of a text, in one spelling each: `1,200` and `1200` are the same number."""

    ids: frozenset[str]
    urls: frozenset[str]
    dates: frozenset[tuple[int, int, int]]
    times: frozenset[str]
    amounts: frozenset[tuple[Decimal, str]]
    numbers: frozenset[Decimal]
    codes: frozenset[str]
    quoted: frozenset[str]
    relative: frozenset[str]


def claims_of(text: str) -> Claims:
    """Every particular of `text`. A day without a year has the year 0."""
    rest = text
    urls, rest = _taken(_URL, rest, lambda m: m[0].rstrip(".,;:!?"))
    emails, rest = _taken(_EMAIL, rest, lambda m: m[0].lower())
    quoted = frozenset(next(g for g in m.groups() if g).strip() for m in _QUOTED.finditer(rest))
    paths, rest = _taken(_PATH, rest, lambda m: m[0].rstrip(".,:"))
    codes, rest = _taken(_CODE, rest, lambda m: m[0].rstrip("."))
    found: set[tuple[int, int, int]] = set()
    for pattern in _DATES:
        dates, rest = _taken(pattern, rest, _date)
        found |= dates
    times, rest = _taken(_TIME, rest, _clock)
    amounts, numbers = _measured(rest)
    ids = {each for each in codes if "_" in each and any(c.isdigit() for c in each)}
    capitals = {m[0] for m in _CAPITALS.finditer(rest)} - {"PM", "AM", "OK", "ID", "IDS"}
    return Claims(
        ids=frozenset(ids),
        urls=frozenset(urls | emails),
        dates=frozenset(found),
        times=frozenset(times),
        amounts=frozenset(amounts),
        numbers=frozenset(numbers),
        codes=frozenset((codes - ids) | paths | capitals),
        quoted=quoted,
        relative=frozenset(m[0].lower() for m in _WHEN.finditer(rest)),
    )


def _taken(
    pattern: re.Pattern[str], text: str, value: Callable[[re.Match[str]], _Value]
) -> tuple[set[_Value], str]:
    """What the pattern finds, and the text without it: no digit of a date is a number besides."""
    return {value(m) for m in pattern.finditer(text)}, pattern.sub(" ¦ ", text)


def _date(found: re.Match[str]) -> tuple[int, int, int]:
    parts = found.groupdict()
    month = int(parts["number"]) if parts.get("number") else _MONTH[parts["month"].lower()[:3]]
    return int(parts.get("year") or 0), month, int(parts["day"])


def _clock(found: re.Match[str]) -> str:
    hour = int(found[1]) % 12 + 12 if (found[4] or "").lower() == "pm" else int(found[1])
    return f"{hour:02}:{found[2]}" + (f":{found[3]}" if found[3] else "")


def _measured(text: str) -> tuple[set[tuple[Decimal, str]], set[Decimal]]:
    """Numbers with their currency or unit, and all numbers."""
    amounts: set[tuple[Decimal, str]] = set()
    numbers: set[Decimal] = set()
    for number, start, end in _numbers(text):
        numbers.add(number)
        before = text[max(start - 1, 0) : start]
        after = _UNIT.match(text[end : end + 12])
        if before in _SYMBOLS:
            amounts.add((number, _SYMBOLS[before]))
        elif after:
            unit = after["currency"] or after["unit"] or ("ms" if after["ms"] else "percent")
            amounts.add((number, _SYMBOLS.get(unit, unit)))
    return amounts, numbers


def _numbers(text: str) -> Iterator[tuple[Decimal, int, int]]:
    for found in _NUMBER.finditer(text):
        try:
            yield Decimal(_plain(found[0])).normalize(), found.start(), found.end()
        except InvalidOperation:
            continue
    for found in _NUMBER_WORD.finditer(text):
        yield _WORDS[found[0].lower()], found.start(), found.end()


def _plain(number: str) -> str:
    """`1,200.50` as `1200.50`; a comma before one or two last digits is a decimal sign."""
    head, comma, tail = number.rpartition(",")
    if comma and len(tail) in (1, 2) and "." not in tail:
        return head.replace(",", "").replace(".", "") + "." + tail
    return number.replace(",", "")
