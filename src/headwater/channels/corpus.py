"""Mails against what they should be read as: the rules of `headwater mail check`. Pure.

An expectation is a JSON object with any of the keys of `mail_json`. A list of objects is compared
one by one, each object only in the keys that are given. For texts, `KEY_contains` and `KEY_lacks`
hold one text or several that must, or must not, be part of KEY. `refused` holds a part of the
reason for which the mail is not read at all.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from headwater.channels.errors import MailRefused
from headwater.channels.mail_json import mail_json
from headwater.channels.parse import parse_mail

KEYS = frozenset(
    "message_id in_reply_to references date from to cc reply_to subject text quoted html "
    "attachments language kind bounce".split()
)
_LONGEST_SHOWN = 400


def differences(raw: bytes, expectation: bytes) -> list[str]:
    """What differs between a mail and its expectation, in words; empty where nothing does."""
    try:
        expected = json.loads(expectation)
    except ValueError as error:
        return [f"the expectation is not valid JSON: {error}"]
    if not isinstance(expected, dict) or not expected:
        return ["the expectation is no JSON object, or an empty one"]
    try:
        actual = mail_json(parse_mail(raw))
    except MailRefused as refusal:
        return _refusal(str(refusal), expected.get("refused"))
    if "refused" in expected:
        return [f"it was read, and should be refused: {expected['refused']!r}"]
    return [one for key, value in expected.items() for one in _compare(key, value, actual)]


def _refusal(reason: str, expected: object) -> list[str]:
    if isinstance(expected, str) and expected in reason:
        return []
    return [f"it was refused: {reason}"]


def _compare(key: str, expected: object, actual: Mapping[str, Any]) -> Iterator[str]:
    name, _, how = key.rpartition("_")
    if key in KEYS:
        yield from _unlike(key, expected, actual[key])
    elif how in {"contains", "lacks"} and isinstance(actual.get(name), str):
        for piece in [expected] if isinstance(expected, str) else _texts(expected):
            if (piece in actual[name]) != (how == "contains"):
                verb = "lacks" if how == "contains" else "contains"
                yield f"{name} {verb} {piece!r}: {_shown(actual[name])}"
    else:
        yield f"the expectation has an unknown key {key!r}"


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _unlike(where: str, expected: object, actual: object) -> Iterator[str]:
    """Differences between an expected value and the actual one, objects only in given keys."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            if key not in actual:
                yield f"{where} has no {key!r}"
            else:
                yield from _unlike(f"{where}.{key}", value, actual[key])
    elif isinstance(expected, list) and isinstance(actual, list | tuple):
        if len(expected) != len(actual):
            yield f"{where} has {len(actual)} items, not {len(expected)}: {_shown(actual)}"
            return
        for at, (left, right) in enumerate(zip(expected, actual, strict=True)):
            yield from _unlike(f"{where}[{at}]", left, right)
    elif expected != actual:
        yield f"{where} is {_shown(actual)}, not {_shown(expected)}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
