"""What a macro does, checked; pure. It is kept as a mapping of only what it does."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from headwater.cases.errors import CaseError
from headwater.cases.handling.words import normal_tag
from headwater.cases.models import Case
from headwater.macros.contents import Written, checked_name, checked_texts, checked_title
from headwater.macros.errors import LibraryRefused

ME: Final = "me"
NOBODY: Final = "nobody"
NO_QUEUE: Final = "none"
# Stands for the cause that the evidence points to.
LIKELY: Final = "likely"
TURNS: Final = ("ours", "waiting_engineering", "snoozed", "solved")
DRAFTS: Final = ("behind", "replace")
# In the order in which they are done.
KEYS: Final = (
    "queue", "priority", "assign", "add_tags", "remove_tags", "fields", "answer", "texts", "draft",
    "turn", "until", "cause", "area",
)  # fmt: skip
_SPAN = re.compile(r"(?:(\d{1,3})d)?\s*(?:(\d{1,4})h)?\s*(?:(\d{1,5})m)?", re.ASCII)


def macro(name: str, title: str, keys: Mapping[str, Any], *, fields: Iterable[str]) -> Written:
    """A macro; empty keys count as not given. Raises LibraryRefused."""
    named = checked_name(name)
    given = {key: value for key, value in keys.items() if value not in ("", None, [], {})}
    _known(given, KEYS, "A macro")
    known_fields = list(fields)
    content: dict[str, Any] = {}
    for key in ("queue", "assign", "answer", "area"):
        if key in given:
            content[key] = _word(given[key], key)
    if "priority" in given:
        content["priority"] = _one_of(given["priority"], Case.Priority.values, "priority")
    for key in ("add_tags", "remove_tags"):
        if key in given:
            content[key] = _tags(given[key], key)
    if "fields" in given:
        content["fields"] = _fields(given["fields"], known_fields)
    if "texts" in given:
        content["texts"] = checked_texts(given["texts"], known_fields)
    content |= _draft(given, content) | _turn(given)
    if not set(content) - {"area"}:
        raise LibraryRefused(
            f"{named} does nothing.", param="macro", hint=f"It can hold: {', '.join(KEYS)}."
        )
    _check_together(content)
    return Written("macro", named, checked_title(title, named), ordered(content))


def ordered(content: Mapping[str, Any]) -> dict[str, Any]:
    """What it does in the order in which it is done; stores keep an order of their own."""
    return {key: content[key] for key in KEYS if key in content}


def span_of(text: str) -> timedelta | None:
    """`3d`, `4h`, `1d 12h` as a span; None for what is none."""
    match = _SPAN.fullmatch(text.strip())
    days, hours, minutes = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return timedelta(days=days, hours=hours, minutes=minutes) or None


def _draft(given: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    if "draft" not in given:
        return {}
    if "answer" not in content and "texts" not in content:
        raise LibraryRefused("There is no text for the draft.", param="draft", hint="Give one.")
    chosen = _one_of(given["draft"], DRAFTS, "draft")
    return {"draft": chosen} if chosen != DRAFTS[0] else {}


def _turn(given: Mapping[str, Any]) -> dict[str, Any]:
    turn = _one_of(given["turn"], TURNS, "turn") if "turn" in given else ""
    for key, of in (("until", "snoozed"), ("cause", "solved"), ("area", "solved")):
        if key in given and turn != of:
            raise LibraryRefused(
                f"{key} says nothing unless the turn is {of}.", param=key, hint="Leave one out."
            )
    if not turn:
        return {}
    found = {"turn": turn}
    if turn == "snoozed":
        until = _word(given.get("until", ""), "until")
        if until not in Case.SnoozedFor.values and span_of(until) is None:
            raise LibraryRefused(
                f"{until!r} is no time.",
                param="until",
                hint="Write 4h, 3d, reply or escalation.",
            )
        found["until"] = until
    if turn == "solved":
        found["cause"] = _word(given.get("cause", ""), "cause")
    return found


def _check_together(content: Mapping[str, Any]) -> None:
    if "answer" in content and "texts" in content:
        raise LibraryRefused("It holds an answer and texts.", param="answer", hint="Choose one.")
    both = set(content.get("add_tags", ())) & set(content.get("remove_tags", ()))
    if both:
        raise LibraryRefused(f"The tag {min(both)} is added and removed.", param="tags")
    writes = "answer" in content or "texts" in content
    if writes and content.get("turn") == "solved":
        raise LibraryRefused(
            "It writes a draft and solves the case, so the draft would never leave.",
            param="turn",
            hint="Leave the turn out: “Send and solve” does both once somebody read the draft.",
        )


def _tags(value: Any, key: str) -> list[str]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise LibraryRefused(f"{key} must be a list of words.", param=key)
    try:
        return list(dict.fromkeys(normal_tag(each) for each in listed))
    except CaseError as error:
        raise LibraryRefused(error.message, param=key, hint=error.hint) from error


def _fields(value: Any, known: list[str]) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise LibraryRefused("fields must be values by the id of a field.", param="fields")
    for name, text in value.items():
        if name not in known:
            raise LibraryRefused(
                f"There is no field {name!r}.",
                param="fields",
                hint=f"There are: {', '.join(known)}." if known else "Define it first.",
            )
        if not isinstance(text, str):
            raise LibraryRefused(f"The value of {name} must be a text.", param="fields")
    return {str(name): text for name, text in value.items()}


def _known(given: Mapping[str, Any], allowed: Iterable[str], what: str) -> None:
    unknown = sorted(key for key in given if key not in allowed)
    if unknown:
        raise LibraryRefused(
            f"{what} does not know {unknown[0]!r}.",
            param=unknown[0],
            hint=f"Known are: {', '.join(allowed)}.",
        )


def _one_of(value: Any, allowed: Iterable[str], key: str) -> str:
    if value not in tuple(allowed):
        raise LibraryRefused(
            f"{value!r} is no {key}.", param=key, hint=f"Choose one of {', '.join(allowed)}."
        )
    return str(value)


def _word(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 320:
        raise LibraryRefused(f"{key} must be a word.", param=key)
    return value.strip()
