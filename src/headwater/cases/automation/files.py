"""Reads automations from a TOML or YAML file and refuses what it does not understand."""

import re
import string
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from headwater.cases.automation.rules import (
    ACTIONS,
    CONDITIONS,
    EVENTS,
    PLACES,
    Automation,
    AutomationSet,
    automation_set_from,
)
from headwater.cases.errors import AutomationRefused
from headwater.cases.rules import STATES

_SPAN: Final = re.compile(r"(?:(\d{1,4})d)?\s*(?:(\d{1,5})h)?\s*(?:(\d{1,6})m)?", re.ASCII)
_PRIORITIES: Final = ("low", "normal", "high", "urgent")


def read_automations(path: Path) -> AutomationSet:
    """The automations in a `.toml`, `.yaml` or `.yml` file. Raises AutomationRefused."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
    except OSError as error:
        raise AutomationRefused(
            f"{path} cannot be read: {error.strerror}.", param="file"
        ) from error
    except (ValueError, yaml.YAMLError) as error:
        raise AutomationRefused(
            f"{path} is not well-formed: {' '.join(str(error).split())}.",
            param="file",
            hint="Automations are TOML (.toml) or YAML (.yaml).",
        ) from error
    try:
        return automations_from(content)
    except AutomationRefused as error:
        raise AutomationRefused(
            f"{path}: {error.message}", param=error.param, hint=error.hint
        ) from error


def automations_from(content: Any) -> AutomationSet:
    """The automations that a file's keys describe. Raises AutomationRefused."""
    listed = _table(content, "the file", {"automation"}).get("automation")
    if not isinstance(listed, list):
        raise AutomationRefused(
            "There are no automations.", param="automation", hint="Begin one with [[automation]]."
        )
    found = tuple(_automation(each, n) for n, each in enumerate(listed, start=1))
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise AutomationRefused(f"Two automations are called {name!r}.", param="automation")
    return automation_set_from(AutomationSet("", found).as_json())


def _automation(value: Any, number: int) -> Automation:
    where = f"automation[{number}]"
    keys = _table(value, where, {"name", "on", "after", "when", "unless", "then"})
    name = keys.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > 60:
        raise AutomationRefused(f"{where} needs a name of up to 60 letters.", param=f"{where}.name")
    if ("on" in keys) == ("after" in keys):
        raise AutomationRefused(
            f"{where} needs either `on` or `after`.",
            param=where,
            hint='Write on = ["breached"], or after = { state = "waiting_user", for = "5d" }.',
        )
    on = _words(keys.get("on", []), f"{where}.on", tuple(EVENTS))
    state, seconds = _after(keys["after"], f"{where}.after") if "after" in keys else ("", 0)
    return Automation(
        name.strip(),
        _actions(keys.get("then"), f"{where}.then"),
        on,
        state,
        seconds,
        _conditions(keys.get("when", {}), f"{where}.when"),
        _conditions(keys.get("unless", {}), f"{where}.unless"),
    )


def _after(value: Any, where: str) -> tuple[str, int]:
    keys = _table(value, where, {"state", "for"})
    if keys.get("state") not in STATES:
        raise AutomationRefused(
            f"{where} names no state.", param=where, hint=f"There are: {', '.join(STATES)}."
        )
    span = keys.get("for")
    match = _SPAN.fullmatch(span.strip()) if isinstance(span, str) else None
    days, hours, minutes = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    seconds = (days * 24 + hours) * 3600 + minutes * 60
    if not 0 < seconds <= 400 * 86400:
        raise AutomationRefused(
            f"{where} holds {span!r}, which is no span of time.",
            param=where,
            hint='Write for = "30m", "4h" or "5d".',
        )
    return keys["state"], seconds


def _conditions(value: Any, where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, given in _table(value, where, set(CONDITIONS)).items():
        place = f"{where}.{name}"
        if name == "assigned":
            if not isinstance(given, bool):
                raise AutomationRefused(f"{place} must be true or false.", param=place)
            found[name] = given
        elif name == "probability_at_least":
            if not isinstance(given, int | float) or isinstance(given, bool) or not 0 <= given <= 1:
                raise AutomationRefused(f"{place} must be from 0 to 1.", param=place)
            found[name] = float(given)
        else:
            allowed = {"state": STATES, "priority": _PRIORITIES}.get(name)
            listed = [given] if isinstance(given, str) else given
            found[name] = list(_words(listed, place, allowed))
    return found


def _actions(value: Any, where: str) -> dict[str, Any]:
    given = _table(value, where, set(ACTIONS))
    if not given:
        raise AutomationRefused(
            f"{where} does nothing.", param=where, hint=f"Known are: {', '.join(ACTIONS)}."
        )
    found: dict[str, Any] = {}
    # In the order in which they are done, whatever the file's is.
    for name in [each for each in ACTIONS if each in given]:
        place, what = f"{where}.{name}", given[name]
        if name == "priority":
            _words([what], place, _PRIORITIES)
        elif name in ("take_back", "solve"):
            if what is not True:
                raise AutomationRefused(f"{place} can only be true.", param=place)
        elif name == "tag":
            what = list(_words([what] if isinstance(what, str) else what, place))
        elif name == "draft":
            what = _texts(what, place)
        elif not isinstance(what, str):
            raise AutomationRefused(f"{place} must be a word.", param=place)
        found[name] = what
    return found


def _texts(value: Any, where: str) -> dict[str, str]:
    texts = {"en": value} if isinstance(value, str) else value
    if not isinstance(texts, Mapping) or "en" not in texts:
        raise AutomationRefused(
            f"{where} needs a text in English.", param=where, hint='Write draft = { en = "…" }.'
        )
    for language, text in texts.items():
        if not re.fullmatch("[a-z]{2}", str(language)) or not isinstance(text, str) or not text:
            raise AutomationRefused(f"{where} must hold texts by language.", param=where)
        try:
            parts = list(string.Formatter().parse(text))
        except ValueError as error:
            raise AutomationRefused(
                f"{where}.{language} has a brace without its partner.",
                param=where,
                hint="Write {{ and }} for braces that stand for themselves.",
            ) from error
        for _, name, form, conversion in parts:
            if name is not None and (name not in PLACES or form or conversion):
                raise AutomationRefused(
                    f"{where}.{language} knows no place {{{name}}}.",
                    param=where,
                    hint=f"There are: {', '.join('{' + each + '}' for each in PLACES)}.",
                )
    return {str(language): text for language, text in texts.items()}


def _words(value: Any, where: str, allowed: tuple[str, ...] | None = None) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise AutomationRefused(f"{where} must be a list of words.", param=where)
    for each in value:
        if allowed is not None and each not in allowed:
            raise AutomationRefused(
                f"{where} does not know {each!r}.",
                param=where,
                hint=f"Known are: {', '.join(allowed)}.",
            )
    return tuple(value)


def _table(value: Any, where: str, allowed: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise AutomationRefused(f"{where} must hold keys and values.", param=where)
    unknown = sorted(str(key) for key in value if key not in allowed)
    if unknown:
        raise AutomationRefused(
            f"{where} does not know {unknown[0]!r}.",
            param=where,
            hint=f"Known are: {', '.join(sorted(allowed))}.",
        )
    return value
