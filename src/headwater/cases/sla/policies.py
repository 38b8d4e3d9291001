"""Policies as values: which one holds for a case, and what it promises. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from headwater.cases.clocks import Promise

# What a policy can ask of a case; each is a list of values of which one must be the case's.
ASKED = ("queue", "tier", "priority", "cause")


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a case decides its policy; "" where it is not known."""

    queue: str = ""
    tier: str = ""
    priority: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class OnBreach:
    """What happens to a case whose promise was broken; "" leaves things as they are."""

    priority: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """What is promised to the cases that it holds for, by target."""

    name: str
    promises: Mapping[str, Promise]
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    on_breach: OnBreach = OnBreach()

    def holds(self, facts: Facts) -> bool:
        """Whether it is for such a case."""
        return all(getattr(facts, name) in values for name, values in self.when.items())


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Policies in order, and the calendars they count by, frozen. `id` names the content."""

    id: str
    policies: tuple[Policy, ...]
    calendars: Mapping[str, Mapping[str, Any]]

    def policy_for(self, facts: Facts) -> Policy | None:
        """The first that holds; None where nothing is promised."""
        return next((each for each in self.policies if each.holds(facts)), None)

    def named(self, name: str) -> Policy | None:
        """The policy of that name."""
        return next((each for each in self.policies if each.name == name), None)

    def as_json(self) -> dict[str, Any]:
        """For the store."""
        return {
            "policies": [
                {
                    "name": each.name,
                    "when": {name: list(values) for name, values in each.when.items()},
                    "promises": {name: asdict(value) for name, value in each.promises.items()},
                    "on_breach": asdict(each.on_breach),
                }
                for each in self.policies
            ],
            "calendars": dict(self.calendars),
        }


def policy_set_from(content: Mapping[str, Any]) -> PolicySet:
    """The set that `PolicySet.as_json` wrote down."""
    policies = tuple(
        Policy(
            each["name"],
            {name: Promise(**value) for name, value in each["promises"].items()},
            {name: tuple(values) for name, values in each["when"].items()},
            OnBreach(**each["on_breach"]),
        )
        for each in content["policies"]
    )
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    name = hashlib.sha256(text.encode()).hexdigest()[:12]
    return PolicySet(name, policies, content["calendars"])
