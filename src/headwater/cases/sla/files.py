"""Reads policies from a TOML or YAML file and refuses what it does not understand."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from headwater.cases.clocks import PROMISED, Promise
from headwater.cases.errors import PolicyRefused
from headwater.cases.sla.policies import ASKED, OnBreach, Policy, PolicySet, policy_set_from
from headwater.kit.calendars.errors import CalendarRefused, InstantRefused
from headwater.kit.calendars.files import calendar_from, read_calendar
from headwater.kit.calendars.frozen import frozen, thawed
from headwater.kit.calendars.rules import Calendar
from headwater.kit.calendars.working_time import WorkingTime

_SPAN: Final = re.compile(r"(?:(\d{1,4})d)?\s*(?:(\d{1,5})h)?\s*(?:(\d{1,6})m)?", re.ASCII)
_PRIORITIES: Final = ("low", "normal", "high", "urgent")


def read_policies(path: Path, now: datetime) -> PolicySet:
    """The policies in a `.toml`, `.yaml` or `.yml` file, calendars frozen. Raises PolicyRefused."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
    except OSError as error:
        raise PolicyRefused(f"{path} cannot be read: {error.strerror}.", param="file") from error
    except (ValueError, yaml.YAMLError) as error:
        raise PolicyRefused(
            f"{path} is not well-formed: {' '.join(str(error).split())}.",
            param="file",
            hint="Policies are TOML (.toml) or YAML (.yaml).",
        ) from error
    try:
        return policies_from(content, path.parent, now)
    except (PolicyRefused, CalendarRefused) as error:
        raise PolicyRefused(
            f"{path}: {error.message}", param=error.param, hint=error.hint
        ) from error


def policies_from(content: Any, folder: Path, now: datetime) -> PolicySet:
    """The policies that a file's keys describe. Raises PolicyRefused or CalendarRefused."""
    keys = _table(content, "the file", {"calendars", "policies"})
    given = keys.get("calendars", {})
    if not isinstance(given, Mapping):
        raise PolicyRefused("calendars must hold names and calendars.", param="calendars")
    calendars = {
        str(name): frozen(_calendar(value, str(name), folder, now), year=now.year)
        for name, value in given.items()
    }
    listed = keys.get("policies")
    if not isinstance(listed, list) or not listed:
        raise PolicyRefused(
            "There are no policies.", param="policies", hint="Begin one with [[policies]]."
        )
    policies = [_policy(each, n, calendars) for n, each in enumerate(listed, start=1)]
    _demand_reachable(policies)
    return policy_set_from(PolicySet("", tuple(policies), calendars).as_json())


def _calendar(value: Any, name: str, folder: Path, now: datetime) -> Calendar:
    if not re.fullmatch(r"[a-z0-9_-]{1,40}", name):
        raise PolicyRefused(
            f"{name!r} is no name for a calendar.",
            param="calendars",
            hint="Use small letters, digits, - and _.",
        )
    if isinstance(value, str):
        calendar = read_calendar(folder / value)
    else:
        calendar = calendar_from(value, name)
    try:
        WorkingTime(thawed(frozen(calendar, year=now.year))).add(now, timedelta(days=30))
    except InstantRefused as error:
        raise PolicyRefused(
            f"By the calendar {name!r} nothing would ever be due: {error.message}",
            param=f"calendars.{name}",
            hint="Give it weekly hours.",
        ) from error
    return calendar


def _policy(value: Any, number: int, calendars: Mapping[str, Any]) -> Policy:
    where = f"policies[{number}]"
    keys = _table(value, where, {"name", "when", "calendar", "on_breach", *PROMISED})
    name = keys.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > 80:
        raise PolicyRefused(f"{where} needs a name of up to 80 letters.", param=f"{where}.name")
    common = keys.get("calendar", "")
    promises = {
        target: _promise(keys[target], f"{where}.{target}", common, calendars)
        for target in PROMISED
        if target in keys
    }
    return Policy(name.strip(), promises, _when(keys, where), _on_breach(keys, where))


def _when(keys: Mapping[str, Any], where: str) -> dict[str, tuple[str, ...]]:
    when = _table(keys.get("when", {}), f"{where}.when", set(ASKED))
    found = {}
    for name, values in when.items():
        values = [values] if isinstance(values, str) else values
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise PolicyRefused(
                f"{where}.when.{name} must be a word or a list of words.",
                param=f"{where}.when.{name}",
            )
        if name == "priority":
            _demand_priorities(values, f"{where}.when.priority")
        found[name] = tuple(values)
    return found


def _on_breach(keys: Mapping[str, Any], where: str) -> OnBreach:
    values = _table(keys.get("on_breach", {}), f"{where}.on_breach", {"priority", "queue"})
    found = OnBreach(str(values.get("priority", "")), str(values.get("queue", "")))
    if found.priority:
        _demand_priorities([found.priority], f"{where}.on_breach.priority")
    return found


def _demand_priorities(values: list[str], where: str) -> None:
    unknown = [each for each in values if each not in _PRIORITIES]
    if unknown:
        raise PolicyRefused(
            f"{where} does not know {unknown[0]!r}.",
            param=where,
            hint=f"Known are: {', '.join(_PRIORITIES)}.",
        )


def _promise(value: Any, where: str, common: Any, calendars: Mapping[str, Any]) -> Promise:
    values: Mapping[str, Any] = {"within": value} if isinstance(value, str) else value
    values = _table(values, where, {"within", "calendar", "warn"})
    calendar = values.get("calendar", common)
    if calendar and calendar not in calendars:
        raise PolicyRefused(
            f"{where} counts by {calendar!r}, which is no calendar of this file.",
            param=where,
            hint=f'There are: {", ".join(sorted(calendars)) or "none"}; "" is around the clock.',
        )
    seconds = _span(values.get("within"), where, working=bool(calendar))
    # A quarter of the time is left when somebody is warned, unless the file says otherwise.
    warn = (
        _span(values["warn"], f"{where}.warn", bool(calendar)) if "warn" in values else seconds // 4
    )
    if warn >= seconds:
        raise PolicyRefused(
            f"{where} warns before its clock has begun.",
            param=f"{where}.warn",
            hint="The warning must be shorter than the promise.",
        )
    return Promise(seconds, str(calendar or ""), warn)


def _span(value: Any, where: str, working: bool) -> int:
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    days, hours, minutes = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    if days and working:
        raise PolicyRefused(
            f"{where} counts days by a calendar, where a day can be of any length.",
            param=where,
            hint='Write hours, such as "16h" for two days of eight hours.',
        )
    seconds = (days * 24 + hours) * 3600 + minutes * 60
    if not 0 < seconds <= 5 * 366 * 86400:
        raise PolicyRefused(
            f"{where} holds {value!r}, which is no span of time.",
            param=where,
            hint='Write "30m", "4h", "1h 30m" or, around the clock, "2d".',
        )
    return seconds


def _demand_reachable(policies: list[Policy]) -> None:
    names = [each.name for each in policies]
    for name in names:
        if names.count(name) > 1:
            raise PolicyRefused(f"Two policies are called {name!r}.", param="policies")
    for number, each in enumerate(policies[:-1], start=1):
        if not each.when:
            raise PolicyRefused(
                f"{each.name!r} holds for every case, so those after it never do.",
                param=f"policies[{number}]",
                hint="Put the policy without `when` at the end.",
            )


def _table(value: Any, where: str, allowed: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise PolicyRefused(f"{where} must hold keys and values.", param=where)
    unknown = sorted(str(key) for key in value if key not in allowed)
    if unknown:
        raise PolicyRefused(
            f"{where} does not know {unknown[0]!r}.",
            param=where,
            hint=f"Known are: {', '.join(sorted(allowed))}.",
        )
    return value


def lines(policies: PolicySet) -> list[dict[str, Any]]:
    """Each policy with its promises, for people: seconds, calendar and warning as given."""
    return [
        {
            "name": each.name,
            "when": {name: list(each.when[name]) for name in ASKED if name in each.when},
            **{target: asdict(promise) for target, promise in each.promises.items()},
            "on_breach": {k: v for k, v in asdict(each.on_breach).items() if v},
        }
        for each in policies.policies
    ]
