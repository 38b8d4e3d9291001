"""Keys, tokens and passwords in a text, by the rules of `rules.toml`. Pure."""

import base64
import binascii
import math
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

from headwater.kit.redaction.spans import Kind, Span, removed

_PEM: Final = re.compile(r"-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PEM_END: Final = re.compile(r"-----END[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PEM_BODY: Final = re.compile(r"(?:\s|\\n|[A-Za-z0-9+/=]{16,})*+")
# What follows a name such as `api_key` and is no secret: a variable, a sample, an object's id.
_PLACEHOLDER: Final = re.compile(
    r"(?i)^(?:[.*xX_\-]+|<.*|\$.*|%.*|\{.*|your.*|my[_-].*|example.*|none|null|nil|true|false|"
    r"undefined|os\.environ.*|process\.env.*|env[.\[(].*|getenv.*|secrets?\..*|settings\..*|"
    r"config.*|self\..*|missing.*|invalid.*|expired.*)$"
)
_OBJECT_ID: Final = re.compile(
    r"^(?:[a-z]{2,8}_(?:test_|live_)?[A-Za-z0-9]{6,64}|tok_[a-z_]+|pk_(?:test|live)_\w+)$"
)


# A name in a program, or the beginning of a call.
_CODE: Final = re.compile(r"[A-Za-z_][\w.]*\(|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$")


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a secret looks. `words` must stand in the text (lower case) for it to be."""

    label: str
    words: tuple[str, ...]
    pattern: re.Pattern[str]
    check: str


def keys_in(text: str) -> list[Span]:
    """Every secret that a rule knows; a rule's group `secret` narrows what is masked."""
    lowered = text.lower()
    spans = _private_keys(text) if "private key" in lowered else []
    for rule in _rules():
        # A loop of its own: every text of every mail comes through here.
        for word in rule.words:
            if word in lowered:
                break
        else:
            continue
        for found in rule.pattern.finditer(text):
            start, end = found.span("secret")
            if _CHECKS[rule.check](text[start:end]):
                spans.append(removed(start, end, Kind.SECRET, rule.label))
    return spans


def entropy(text: str) -> float:
    """Shannon's entropy in bits a letter: words lie below 3, random keys above."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


@lru_cache(maxsize=1)
def _rules() -> tuple[Rule, ...]:
    raw = resources.files("headwater.kit.redaction").joinpath("rules.toml").read_text("utf-8")
    return tuple(
        Rule(each["label"], tuple(each["words"]), re.compile(each["pattern"]),
             each.get("check", "any"))
        for each in tomllib.loads(raw)["rule"]
    )  # fmt: skip


def _private_keys(text: str) -> list[Span]:
    spans, place, closed = [], 0, True
    while begin := _PEM.search(text, place):
        end = _PEM_END.search(text, begin.end()) if closed else None
        closed = end is not None
        # Cut off in the mail: the lines that look like the key go all the same.
        body = _PEM_BODY.match(text, begin.end())
        place = end.end() if end else (body.end() if body else begin.end())
        spans.append(removed(begin.start(), place, Kind.SECRET, "private key"))
    return spans


def _harmless(value: str) -> bool:
    return bool(_PLACEHOLDER.match(value) or _OBJECT_ID.match(value) or _CODE.match(value))


def _random(value: str) -> bool:
    """Letters and digits mixed as nobody writes words."""
    if _harmless(value):
        return False
    return (
        any(c.isdigit() for c in value) and any(c.isalpha() for c in value) and entropy(value) > 3
    )


def _password(value: str) -> bool:
    """What a person might have chosen: a word of prose is not one."""
    if _harmless(value):
        return False
    return any(c.isdigit() for c in value) or any(c in "!#$%^&*@?" for c in value[:-1])


def _basic(value: str) -> bool:
    """Base64 of `user:password`."""
    try:
        decoded = base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return b":" in decoded and decoded.isascii()


_CHECKS: Final = {
    "any": lambda value: True,
    "random": _random,
    "password": _password,
    "basic": _basic,
}
