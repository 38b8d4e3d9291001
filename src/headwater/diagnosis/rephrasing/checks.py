"""Whether a rephrased draft still says the same in every particular. Pure.

What cannot be shown to be the same is refused: the plain draft is always there.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, Final

from headwater.diagnosis.rephrasing.tokens import Claims, claims_of
from headwater.kit.redaction import find

_STEP: Final = re.compile(r"^\s*(\d+)[.)]\s+(.*)$", re.M)
_QUOTATION: Final = re.compile(r"\"[^\"\n]{1,500}\"|“[^”\n]{1,500}”")
_WORD: Final = re.compile(r"[a-z]{4,}")
_NOT: Final = re.compile(
    r"(?i)\b(?:not|no|never|nothing|nobody|none|without|cannot|neither|nor|un[a-z]{4,}|avoid|stop|"
    r"refuse[ds]?|instead|only|unless|before)\b|n['’]t\b"
)
# Words that promise, blame or disclose. A rephrasing may keep them, never bring them in.
_GRAVE: Final = (
    "refund reimburs compensat guarante promis waiv credit discount goodwill voucher free liab "
    "legal lawyer sue lawsuit court fraud stolen lost criminal police hack breach leak risk "
    "suspicious password secret confirm approv escalat manager engineer immediately forever always "
    "bank-account iban wire transfer call phone click download attach"
).split()
_MARKUP: Final = re.compile(r"<[a-z/!][^>]*>|\]\(|```|^#{1,6} |\*\*", re.I | re.M)
# Nothing that a reader cannot see, or that turns the direction of what they see.
_HIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_LONGEST, _SHORTEST = 2.0, 0.3
_LEAST_SHARED = 0.25


def objections(draft: str, text: str, *, evidence: Iterable[str] = ()) -> list[str]:
    """Why `text` must not stand for `draft`, each reason a sentence; empty where nothing speaks
    against it. `evidence` is what else may be shown of the case: ids and figures in it are known.
    """
    found = [*_form(draft, text), *_quotations(draft, text)]
    # What the draft quotes was written by somebody else: it may be repeated as a quotation, and
    # allows nothing to be said in our own name.
    for quoted in _quoted(draft):
        draft, text = draft.replace(quoted, ""), text.replace(quoted, "")
    # A step's own number is no figure of the case.
    said, told = (claims_of(_STEP.sub(r"\2", each)) for each in (draft, text))
    known = _together([said, *map(claims_of, evidence)])
    found += _foreign(told, known, draft)
    found += _missing(said, told)
    found += _steps(draft, text)
    found += _grave(draft, text)
    return found


def _form(draft: str, text: str) -> list[str]:
    out = []
    if len(text) > _LONGEST * len(draft) + 200 or len(text) < _SHORTEST * len(draft):
        out.append(f"Its length ({len(text)} characters) is far from the draft's ({len(draft)}).")
    if _MARKUP.search(text) and not _MARKUP.search(draft):
        out.append("It holds markup, which a mail does not show.")
    if _HIDDEN.search(text):
        out.append("It holds characters that cannot be seen.")
    if find(text):
        out.append("It holds what looks like a secret or a card number.")
    return out


def _quoted(draft: str) -> list[str]:
    return [m[0] for m in _QUOTATION.finditer(draft) if " " in m[0].strip()]


def _quotations(draft: str, text: str) -> list[str]:
    lost = [each for each in _quoted(draft) if each not in text]
    return [f"It changed or lost a quotation: {', '.join(lost)}."] if lost else []


def _together(all_claims: Sequence[Claims]) -> Claims:
    every: dict[str, Any] = {
        each.name: frozenset().union(*(getattr(one, each.name) for one in all_claims))
        for each in fields(Claims)
    }
    return Claims(**every)


def _foreign(told: Claims, known: Claims, draft: str) -> list[str]:
    """Particulars that nobody gave the model."""
    days = {(month, day) for _, month, day in known.dates}
    dates = {
        each
        for each in told.dates
        if each not in known.dates and (each[0] != 0 or each[1:] not in days)
    }
    words = draft.lower()
    quoted = {each for each in told.quoted if each.lower() not in words}
    new: list[tuple[str, Iterable[object]]] = [
        ("ids", told.ids - known.ids),
        ("addresses", told.urls - known.urls),
        ("dates", {f"{y or ''}-{m:02}-{d:02}".lstrip("-") for y, m, d in dates}),
        ("times", told.times - known.times),
        ("numbers", {f"{each:f}" for each in told.numbers - known.numbers}),
        ("amounts", {f"{n:f} {unit}" for n, unit in told.amounts - known.amounts}),
        (
            "codes",
            {each for each in told.codes if each not in known.codes and each not in draft},
        ),
        ("quotations", quoted),
        ("days", told.relative - known.relative),
    ]
    return [
        f"It names {what} that the draft does not: {', '.join(sorted(map(str, each)))}."
        for what, each in new
        if each
    ]


def _missing(said: Claims, told: Claims) -> list[str]:
    """What a reader needs and the model dropped."""
    money = {each for each in said.amounts if re.fullmatch(r"[A-Z]{3}", each[1])}
    lost: list[tuple[str, Iterable[object]]] = [
        ("ids", said.ids - told.ids),
        ("addresses", said.urls - told.urls),
        ("amounts", {f"{n:f} {unit}" for n, unit in money - told.amounts}),
    ]
    return [f"It lost {what}: {', '.join(sorted(map(str, each)))}." for what, each in lost if each]


def _steps(draft: str, text: str) -> list[str]:
    """Every step in its place, about the same, and not turned into its opposite."""
    before, after = _STEP.findall(draft), _STEP.findall(text)
    if [n for n, _ in before] != [n for n, _ in after]:
        lost = [n for n, _ in before if n not in {m for m, _ in after}]
        named = f"; it lost {', '.join(lost)}" if lost else ""
        return [f"The draft has {len(before)} steps and it has {len(after)}{named}."]
    out = []
    for (number, was), (_, now) in zip(before, after, strict=True):
        kept = _stems(was) & _stems(now)
        if _stems(was) and len(kept) < _LEAST_SHARED * len(_stems(was)):
            out.append(f"Step {number} no longer says the same.")
        elif bool(_NOT.search(was)) != bool(_NOT.search(now)):
            out.append(f"Step {number} may say the opposite: a “not” came or went.")
    return out


def _grave(draft: str, text: str) -> list[str]:
    was, now = draft.lower(), text.lower()
    new = [
        word for word in _GRAVE if re.search(rf"\b{word}", now) and not re.search(rf"\b{word}", was)
    ]
    found = [f"It brings in words that the draft does not use: {', '.join(new)}."] if new else []
    if len(_NOT.findall(now)) < len(_NOT.findall(was)) / 2:
        found.append("Most of what the draft says with “not” or “only” is gone.")
    return found


def _stems(text: str) -> set[str]:
    return {word[:5] for word in _WORD.findall(text.lower())}
