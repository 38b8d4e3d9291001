"""Automations as values: when they are meant, and for which cases; pure."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

# What an automation can wait for, and the events of a case that mean it.
EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "opened": ("case.opened",),
    "user_wrote": ("message.received",),
    "replied": ("reply.sent",),
    "diagnosed": ("diagnosis.ready",),
    "queued": ("case.queued",),
    "prioritised": ("case.prioritised",),
    "assigned": ("case.assigned",),
    "tagged": ("case.tagged",),
    "solved": ("case.solved",),
    "warned": ("clock.warned",),
    "breached": ("clock.breached",),
    "escalation_moved": ("escalation.updated", "escalation.closed"),
    "rated": ("survey.answered",),
}
LISTED: Final = (
    "state", "queue", "priority", "tier", "language", "channel", "identity", "cause"
)  # fmt: skip
CONDITIONS: Final = (*LISTED, "tag", "subject", "assigned", "probability_at_least")
ACTIONS: Final = ("queue", "priority", "tag", "assign", "draft", "take_back", "solve")
PLACES: Final = ("person", "account", "case", "subject")
# More of it in an hour is held back: by then something is wrong with the rules.
MOST_AN_HOUR: Final = 20


@dataclass(frozen=True, slots=True)
class Facts:
    """What conditions may ask of a case; "" where it is not known."""

    state: str = "ours"
    queue: str = ""
    priority: str = "normal"
    tier: str = ""
    language: str = ""
    channel: str = ""
    identity: str = ""
    cause: str = ""
    subject: str = ""
    tags: frozenset[str] = frozenset()
    assigned: bool = False
    probability: float = 0.0


@dataclass(frozen=True, slots=True)
class Automation:
    """`then` is done when one of `on` happened, or `state` has lasted for `seconds`,
    to cases of which everything in `when` holds and not everything in `unless`."""

    name: str
    then: Mapping[str, Any]
    on: tuple[str, ...] = ()
    state: str = ""
    seconds: int = 0
    when: Mapping[str, Any] = field(default_factory=dict)
    unless: Mapping[str, Any] = field(default_factory=dict)

    def hears(self, kind: str) -> bool:
        """Whether that kind of event is one that it waits for."""
        return any(kind in EVENTS[word] for word in self.on)

    def holds(self, facts: Facts) -> bool:
        """Whether it is for such a case."""
        kept_off = bool(self.unless) and _all(self.unless, facts)
        return _all(self.when, facts) and not kept_off


@dataclass(frozen=True, slots=True)
class AutomationSet:
    """Automations in order. `id` names the content."""

    id: str
    automations: tuple[Automation, ...]

    def as_json(self) -> dict[str, Any]:
        """For the store."""
        return {"automations": [asdict(each) for each in self.automations]}

    def kinds(self) -> set[str]:
        """Every kind of event that one of them waits for."""
        words = {word for each in self.automations for word in each.on}
        return {kind for word in words for kind in EVENTS[word]}


@dataclass(frozen=True, slots=True)
class Past:
    """A line of a case's log."""

    kind: str
    at: datetime
    data: Mapping[str, Any]
    by_automation: bool = False


def automation_set_from(content: Mapping[str, Any]) -> AutomationSet:
    """The set that `AutomationSet.as_json` wrote down."""
    found = tuple(
        Automation(**{**each, "on": tuple(each["on"])}) for each in content["automations"]
    )
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return AutomationSet(hashlib.sha256(text.encode()).hexdigest()[:12], found)


def would_run(
    each: Automation, log: Sequence[Past], start: Facts, now: datetime
) -> Iterator[datetime]:
    """When it would have run over a case's log: with what the log says the case was then.

    `start` holds what the log does not tell (tier, language, channel, subject).
    """
    facts, since = start, log[0].at if log else now
    for line in log:
        if each.state and facts.state == each.state:
            due = since + timedelta(seconds=each.seconds)
            if due <= line.at and line.kind == "state.changed" and each.holds(facts):
                yield due
        facts = _after(facts, line)
        since = line.at if line.kind == "state.changed" else since
        if each.hears(line.kind) and not line.by_automation and each.holds(facts):
            yield line.at
    if each.state and facts.state == each.state:
        due = since + timedelta(seconds=each.seconds)
        if due <= now and each.holds(facts):
            yield due


def _after(facts: Facts, line: Past) -> Facts:
    values = asdict(facts)
    data = line.data
    if line.kind == "state.changed":
        values["state"] = data["to"]
    elif line.kind == "case.queued":
        values["queue"] = data.get("to") or ""
    elif line.kind == "case.prioritised":
        values["priority"] = data["to"]
    elif line.kind == "case.assigned":
        values["assigned"] = bool(data.get("to"))
    elif line.kind == "identity.matched":
        values["identity"] = data.get("identity", "")
    elif line.kind == "diagnosis.ready":
        values["cause"] = data.get("cause") or ""
        values["probability"] = data.get("probability") or 0.0
    elif line.kind == "case.tagged":
        values["tags"] = facts.tags | set(data.get("tags", ()))
    elif line.kind == "case.untagged":
        values["tags"] = facts.tags - set(data.get("tags", ()))
    return Facts(**values)


def _all(conditions: Mapping[str, Any], facts: Facts) -> bool:
    return all(_holds(name, value, facts) for name, value in conditions.items())


def _holds(name: str, value: Any, facts: Facts) -> bool:
    if name == "tag":
        return bool(facts.tags & set(value))
    if name == "subject":
        return any(word.lower() in facts.subject.lower() for word in value)
    if name == "assigned":
        return facts.assigned is value
    if name == "probability_at_least":
        return bool(facts.probability >= value)
    return getattr(facts, name) in value
