"""Rules as values, and what they decide; pure. docs/routing.md has the order."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

PRIORITIES: Final = ("low", "normal", "high", "urgent")
# What of somebody's capacity a case takes that is ours to act, by its priority.
WEIGHTS: Final = {"low": 1, "normal": 1, "high": 2, "urgent": 3}
# Conditions that hold when the case's value is among those listed.
LISTED: Final = ("area", "cause", "tier", "language", "channel", "identity", "queue", "country")
CONDITIONS: Final = (*LISTED, "subject", "incident", "contacts_at_least")
HOW: Final = ("load", "round_robin", "")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules may ask of a case; "" where it is not known.

    `contacts` is how many cases the account or person has opened in seven days, this one included.
    """

    area: str = ""
    cause: str = ""
    tier: str = ""
    language: str = ""
    channel: str = ""
    identity: str = ""
    queue: str = ""
    country: str = ""
    subject: str = ""
    incident: bool = False
    contacts: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """`then` (a queue or a priority) where everything in `when` holds, because of `name`."""

    name: str
    then: str
    when: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, facts: Facts) -> bool:
        """Whether it is for such a case."""
        return all(_holds(name, value, facts) for name, value in self.when.items())


@dataclass(frozen=True, slots=True)
class QueueRules:
    """How a queue's cases find somebody: by `how`, among those with all these skills."""

    name: str
    how: str = ""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Queues, rules in order, and calendars (frozen). `id` names the content."""

    id: str
    queues: Mapping[str, QueueRules]
    routes: tuple[Rule, ...]
    priorities: tuple[Rule, ...]
    calendars: Mapping[str, Mapping[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """For the store."""
        return {
            "queues": {name: asdict(queue) for name, queue in self.queues.items()},
            "order": list(self.queues),
            "routes": [asdict(rule) for rule in self.routes],
            "priorities": [asdict(rule) for rule in self.priorities],
            "calendars": dict(self.calendars),
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a case belongs and how much it presses; None where no rule says so."""

    queue: Rule | None
    priority: Rule | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could get a case. `load` is what they have, weighed by priority."""

    id: str
    name: str
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int | None
    load: int
    works_now: bool
    last_given_at: datetime | None


def decide(rules: RuleSet, facts: Facts) -> Decision:
    """The first route that holds; of the priorities that hold the highest, the first of those."""
    queue = next((rule for rule in rules.routes if rule.holds(facts)), None)
    holding = [rule for rule in rules.priorities if rule.holds(facts)]
    order = PRIORITIES.index
    priority = max(holding, key=lambda rule: order(rule.then), default=None)
    return Decision(queue, priority)


def why_not(one: Candidate, queue: QueueRules, language: str, weight: int) -> str:
    """Why somebody cannot get a case of this queue now; "" if they can."""
    if one.capacity is None:
        return "takes cases themselves"
    missing = [skill for skill in queue.skills if skill not in one.skills]
    if missing:
        return f"lacks {', '.join(missing)}"
    if language and one.languages and language not in one.languages:
        return f"does not speak {language}"
    if not one.works_now:
        return "does not work now"
    if one.load + weight > one.capacity:
        return f"has {one.load} of {one.capacity}"
    return ""


def choose(
    candidates: Sequence[Candidate], queue: QueueRules, language: str, weight: int
) -> Candidate | None:
    """Who gets the case; None where nobody can.

    By load: who has the smallest share of their capacity, then as round robin. Round robin: who
    got one longest ago. The last tie is the id, so that equal facts decide equally.
    """
    able = [one for one in candidates if not why_not(one, queue, language, weight)]

    def turn(one: Candidate) -> tuple[Any, ...]:
        last = one.last_given_at.timestamp() if one.last_given_at else 0.0
        share = one.load / (one.capacity or 1) if queue.how == "load" else 0.0
        return (share, last, one.id)

    return min(able, key=turn, default=None)


def rule_set_from(content: Mapping[str, Any]) -> RuleSet:
    """The rules that `RuleSet.as_json` wrote down."""
    queues = {
        name: QueueRules(
            content["queues"][name]["name"],
            content["queues"][name]["how"],
            tuple(content["queues"][name]["skills"]),
        )
        for name in content["order"]
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return RuleSet(
        hashlib.sha256(text.encode()).hexdigest()[:12],
        queues,
        tuple(Rule(**rule) for rule in content["routes"]),
        tuple(Rule(**rule) for rule in content["priorities"]),
        content["calendars"],
    )


def _holds(name: str, value: Any, facts: Facts) -> bool:
    if name == "subject":
        return any(word.lower() in facts.subject.lower() for word in value)
    if name == "incident":
        return facts.incident is value
    if name == "contacts_at_least":
        return bool(facts.contacts >= value)
    return getattr(facts, name) in value
