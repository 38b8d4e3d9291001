"""What may stand in a field, and how it is written down: text in, one spelling out. Pure."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from headwater.cases.handling.errors import FieldRefused
from headwater.cases.rules import storable
from headwater.kit.redaction import masked

TEXT_LENGTH: Final = 2_000
_NUMBER = re.compile(r"[+-]?([0-9]{1,20}(\.[0-9]{1,10})?|\.[0-9]{1,10})")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:\-]{1,99}")
_YES: Final = {"yes", "y", "true", "1", "on", "ja"}
_NO: Final = {"no", "n", "false", "0", "off", "nein"}


def written(kind: str, label: str, allowed: Sequence[str], text: str) -> str:
    """`text` in the one spelling of its kind; "" stays "". Raises FieldRefused.

    Numbers lose needless zeros, dates are ISO 8601, yes and no are those words.
    """
    plain = storable(text).strip()
    return _KINDS[kind](label, allowed, plain) if plain else ""


def _text(label: str, allowed: Sequence[str], text: str) -> str:
    if len(text) > TEXT_LENGTH:
        raise _refused(
            label, f"is longer than {TEXT_LENGTH} characters", "Put the rest into a note."
        )
    return masked(text)


def _number(label: str, allowed: Sequence[str], text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise _refused(
            label,
            f"is a number, and {text[:40]!r} is none",
            "Write digits with a point before the decimals, such as 1250.50.",
        )
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise _refused(label, f"is a number, and {text[:40]!r} is none", "") from error
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


def _choice(label: str, allowed: Sequence[str], text: str) -> str:
    for each in allowed:
        if each.casefold() == text.casefold():
            return each
    raise _refused(label, f"does not offer {text[:40]!r}", f"Choose one of {', '.join(allowed)}.")


def _date(label: str, allowed: Sequence[str], text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise _refused(
            label, f"is a date, and {text[:40]!r} is none", "Write it as 2026-11-23."
        ) from error


def _yes_no(label: str, allowed: Sequence[str], text: str) -> str:
    word = text.casefold()
    if word not in _YES | _NO:
        raise _refused(label, f"is yes or no, not {text[:40]!r}", "Write yes or no.")
    return "yes" if word in _YES else "no"


def _reference(label: str, allowed: Sequence[str], text: str) -> str:
    if masked(text) != text:
        raise _refused(label, "must not hold a secret", "Write the object's id alone.")
    if not _ID.fullmatch(text):
        raise _refused(
            label, f"is the id of an object, and {text[:40]!r} is none", "Copy it without spaces."
        )
    if allowed and not text.startswith(tuple(allowed)):
        raise _refused(
            label, f"does not take {text[:40]!r}", f"Its ids begin with {' or '.join(allowed)}."
        )
    return text


_KINDS: Final[dict[str, Callable[[str, Sequence[str], str], str]]] = {
    "text": _text,
    "number": _number,
    "choice": _choice,
    "date": _date,
    "yes_no": _yes_no,
    "reference": _reference,
}


def _refused(label: str, what: str, hint: str) -> FieldRefused:
    return FieldRefused(f"{label} {what}.", param="value", hint=hint or None)
