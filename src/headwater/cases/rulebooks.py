"""The three kinds of rules that a team writes (promises, routing, automations), as one thing.

A rulebook is read from text, shown against the one in force before it holds, and every version that
ever held can hold again.
"""

import difflib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml

from headwater.cases.automation import acts as automation_acts
from headwater.cases.automation import queries as automation_queries
from headwater.cases.automation.files import automations_from
from headwater.cases.automation.rules import automation_set_from
from headwater.cases.errors import RulebookRefused
from headwater.cases.models import AutomationVersion, PolicyVersion, RoutingVersion
from headwater.cases.routing import acts as routing_acts
from headwater.cases.routing import queries as routing_queries
from headwater.cases.routing.files import rules_from
from headwater.cases.routing.rules import rule_set_from
from headwater.cases.sla import acts as sla_acts
from headwater.cases.sla import queries as sla_queries
from headwater.cases.sla.files import policies_from
from headwater.cases.sla.policies import policy_set_from
from headwater.kit.actors import Actor

LONGEST: Final = 200_000
Version = PolicyVersion | RoutingVersion | AutomationVersion
# Text from a browser names no files.
_NOWHERE: Final = Path("/nonexistent")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rulebook: how it is read from a file's content, applied, and read from the store.

    The sets that `read` and `restore` return have an `id` and `as_json`.
    """

    key: str
    read: Callable[[Any, datetime], Any]
    restore: Callable[[Mapping[str, Any]], Any]
    in_force: Callable[[], Any]
    apply: Callable[..., Version | None]
    model: type[Version]


KINDS: Final = {
    kind.key: kind
    for kind in (
        Kind(
            "sla",
            lambda content, now: policies_from(content, _NOWHERE, now),
            policy_set_from,
            sla_queries.in_force,
            sla_acts.apply_policies,
            PolicyVersion,
        ),
        Kind(
            "routing",
            lambda content, now: rules_from(content, _NOWHERE, now),
            rule_set_from,
            routing_queries.in_force,
            routing_acts.apply_rules,
            RoutingVersion,
        ),
        Kind(
            "automations",
            lambda content, now: automations_from(content),
            automation_set_from,
            automation_queries.in_force,
            automation_acts.apply_automations,
            AutomationVersion,
        ),
    )
}


def read_text(kind: Kind, text: str, now: datetime) -> Any:
    """The rulebook in `text`, TOML or YAML. Raises RulebookRefused and what the kind refuses with.

    Calendars must stand in the text itself: a browser has no files on our disk to name.
    """
    if len(text) > LONGEST:
        raise RulebookRefused(
            "The text is too long.", param="text", hint="200,000 letters at most."
        )
    content = _parsed(text)
    calendars = content.get("calendars", {}) if isinstance(content, Mapping) else {}
    named = [name for name, value in _items(calendars) if not isinstance(value, Mapping)]
    if named:
        raise RulebookRefused(
            f"The calendar {named[0]} is not in the text.",
            param="calendars",
            hint="Write it out here, or apply a file with the command line.",
        )
    return kind.read(content, now)


def _parsed(text: str) -> Any:
    try:
        return tomllib.loads(text)
    except ValueError as error:
        as_toml = str(error)
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        as_yaml = " ".join(str(error).split())
        raise RulebookRefused(
            f"It is neither TOML ({as_toml}) nor YAML ({as_yaml}).", param="text"
        ) from error
    if not isinstance(content, Mapping):
        raise RulebookRefused(f"It is not well-formed: {as_toml}.", param="text")
    return content


def _items(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items()) if isinstance(value, Mapping) else []


def apply_text(kind: Kind, text: str, *, now: datetime, actor: Actor) -> Version | None:
    """The rulebook in `text` holds from now on; None where it holds already. Raises as
    `read_text`."""
    return kind.apply(read_text(kind, text, now), actor=actor, source=text)


def apply_again(kind: Kind, version_id: int, *, actor: Actor) -> Version | None:
    """A version that once held does so again; None where it holds. Raises RulebookRefused."""
    row = kind.model.objects.filter(pk=version_id).first()
    if row is None:
        raise RulebookRefused("There is no such version.", param="version")
    return kind.apply(kind.restore(row.content), actor=actor, source=row.source)


def versions(kind: Kind, most: int = 50) -> list[Version]:
    """What held when, the latest first."""
    return list(kind.model.objects.order_by("-pk")[:most])


def difference(kind: Kind, wanted: Any) -> list[str]:
    """Lines of what would change against what holds, each with `+` or `-`; empty for nothing."""
    now = kind.in_force()
    before = _lines(now.as_json()) if now else []
    return [
        line
        for line in difflib.unified_diff(before, _lines(wanted.as_json()), lineterm="", n=2)
        if not line.startswith(("---", "+++"))
    ]


def _lines(content: Mapping[str, Any]) -> list[str]:
    # Calendars are frozen to years of opening hours, which nobody reads.
    shown = {name: value for name, value in content.items() if name != "calendars"}
    shown["calendars"] = sorted(content.get("calendars", {}))
    return yaml.safe_dump(json.loads(json.dumps(shown)), sort_keys=True).splitlines()
