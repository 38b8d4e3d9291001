"""Reads routing rules from a TOML or YAML file and refuses what it does not understand."""

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml

from headwater.cases.errors import RoutingRefused
from headwater.cases.routing.rules import (
    CONDITIONS,
    HOW,
    PRIORITIES,
    QueueRules,
    Rule,
    RuleSet,
    rule_set_from,
)
from headwater.kit.calendars.errors import CalendarRefused
from headwater.kit.calendars.files import calendar_from, read_calendar
from headwater.kit.calendars.frozen import frozen

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def read_rules(path: Path, now: datetime) -> RuleSet:
    """The rules in a `.toml`, `.yaml` or `.yml` file, calendars frozen. Raises RoutingRefused."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
    except OSError as error:
        raise RoutingRefused(f"{path} cannot be read: {error.strerror}.", param="file") from error
    except (ValueError, yaml.YAMLError) as error:
        raise RoutingRefused(
            f"{path} is not well-formed: {' '.join(str(error).split())}.",
            param="file",
            hint="Routing rules are TOML (.toml) or YAML (.yaml).",
        ) from error
    try:
        return rules_from(content, path.parent, now)
    except (RoutingRefused, CalendarRefused) as error:
        raise RoutingRefused(
            f"{path}: {error.message}", param=error.param, hint=error.hint
        ) from error


def rules_from(content: Any, folder: Path, now: datetime) -> RuleSet:
    """The rules that a file's keys describe. Raises RoutingRefused or CalendarRefused."""
    keys = _table(content, "the file", {"queues", "route", "priority", "calendars"})
    queues = {
        _slug(name, "queues"): _queue(value, f"queues.{name}")
        for name, value in _mapping(keys.get("queues", {}), "queues").items()
    }
    routes = [
        _rule(value, f"route[{n}]", "queue", tuple(queues))
        for n, value in enumerate(_list(keys.get("route", []), "route"), start=1)
    ]
    priorities = [
        _rule(value, f"priority[{n}]", "priority", PRIORITIES)
        for n, value in enumerate(_list(keys.get("priority", []), "priority"), start=1)
    ]
    for number, rule in enumerate(routes[:-1], start=1):
        if not rule.when:
            raise RoutingRefused(
                f"route[{number}] holds for every case, so those after it never do.",
                param=f"route[{number}]",
                hint="Put the route without `when` at the end.",
            )
    calendars = {}
    for name, value in _mapping(keys.get("calendars", {}), "calendars").items():
        given = isinstance(value, str)
        calendar = read_calendar(folder / value) if given else calendar_from(value, str(name))
        calendars[_slug(name, "calendars")] = frozen(calendar, year=now.year)
    made = RuleSet("", queues, tuple(routes), tuple(priorities), calendars)
    return rule_set_from(made.as_json())


def _queue(value: Any, where: str) -> QueueRules:
    keys = _table(value, where, {"name", "assign", "skills"})
    name, how = keys.get("name", where.split(".", 1)[1]), keys.get("assign", "")
    if how not in HOW:
        raise RoutingRefused(
            f"{where}.assign knows no {how!r}.",
            param=f"{where}.assign",
            hint='Write "load", "round_robin", or "" to let people take cases themselves.',
        )
    return QueueRules(str(name)[:100], how, _words(keys.get("skills", []), f"{where}.skills"))


def _rule(value: Any, where: str, then: str, allowed: tuple[str, ...]) -> Rule:
    keys = _table(value, where, {then, "name", "when"})
    chosen = keys.get(then)
    if chosen not in allowed:
        raise RoutingRefused(
            f"{where} names {chosen!r}, which is no {then} of this file."
            if then == "queue"
            else f"{where} knows no priority {chosen!r}.",
            param=where,
            hint=f"There are: {', '.join(allowed) or 'none'}.",
        )
    name = keys.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > 100:
        raise RoutingRefused(
            f"{where} needs a name of up to 100 letters.",
            param=f"{where}.name",
            hint="It is what people read as the reason.",
        )
    when = _table(keys.get("when", {}), f"{where}.when", set(CONDITIONS))
    return Rule(name.strip(), chosen, {key: _condition(key, when[key], where) for key in when})


def _condition(name: str, value: Any, where: str) -> Any:
    place = f"{where}.when.{name}"
    if name == "incident":
        if not isinstance(value, bool):
            raise RoutingRefused(f"{place} must be true or false.", param=place)
        return value
    if name == "contacts_at_least":
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise RoutingRefused(f"{place} must be a whole number from 1 on.", param=place)
        return value
    return list(_words([value] if isinstance(value, str) else value, place))


def _words(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise RoutingRefused(f"{where} must be a list of words.", param=where)
    return tuple(value)


def _slug(name: Any, where: str) -> str:
    if not isinstance(name, str) or not _SLUG.fullmatch(name):
        raise RoutingRefused(
            f"{name!r} is no name for one of the {where}.",
            param=where,
            hint="Use small letters, digits, - and _.",
        )
    return name


def _mapping(value: Any, where: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise RoutingRefused(f"{where} must hold names and their keys.", param=where)
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise RoutingRefused(f"{where} must be a list.", param=where, hint=f"Write [[{where}]].")
    return value


def _table(value: Any, where: str, allowed: set[str]) -> Mapping[str, Any]:
    unknown = sorted(str(key) for key in _mapping(value, where) if key not in allowed)
    if unknown:
        raise RoutingRefused(
            f"{where} does not know {unknown[0]!r}.",
            param=where,
            hint=f"Known are: {', '.join(sorted(allowed))}.",
        )
    return value  # type: ignore[no-any-return]
