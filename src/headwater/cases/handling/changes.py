"""What is to be changed on many cases, and what that means for one of them. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from headwater.cases import rules
from headwater.cases.errors import CaseError, TransitionRefused
from headwater.cases.handling.words import NOTHING_WAKES, normal_tag
from headwater.cases.models import Case

CHANGED: Final = "changed"
SAME: Final = "same"
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class Changes:
    """What to do to each case; None and empty leave a thing as it is, "" means nobody or none."""

    assignee: str | None = None
    queue: str | None = None
    priority: str | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    # An instant (ISO 8601), or a word of `Case.SnoozedFor`.
    snooze: str | None = None
    # The cause by which it is solved, and its area.
    solve: str | None = None
    area: str = ""
    # Why the cases lie in another queue or press differently.
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """For storing; `read` takes it back."""
        return {name: value for name, value in asdict(self).items() if value not in (None, (), "")
                or (name in ("assignee", "queue") and value == "")}  # fmt: skip

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Changes":
        """What `as_json` wrote."""
        tags = {name: tuple(values[name]) for name in ("add_tags", "remove_tags") if name in values}
        return cls(**{**values, **tags})

    def until(self) -> datetime | None:
        """The instant until which to snooze; None for a word."""
        if self.snooze is None or self.snooze in Case.SnoozedFor.values:
            return None
        return datetime.fromisoformat(self.snooze)


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan needs to know beside the case itself."""

    now: datetime
    # Names of the agents and queues that it may name, by id.
    agents: Mapping[str, str] = field(default_factory=dict)
    queues: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, list[str]] = field(default_factory=dict)
    # Labels of required fields that are empty once the case lies in its queue, by case.
    missing: Mapping[str, list[str]] = field(default_factory=dict)
    # The cases in which what is to wake them was begun.
    awaited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that would change, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen to one case: CHANGED with its steps, SAME, or REFUSED and why."""

    case: Case
    state: str
    steps: tuple[Step, ...] = ()
    reason: str = ""


def checked(changes: Changes) -> Changes:
    """The changes with their tags in one spelling. Raises CaseError where they make no sense."""
    tags = {
        name: tuple(dict.fromkeys(normal_tag(tag) for tag in getattr(changes, name)))
        for name in ("add_tags", "remove_tags")
    }
    changes = Changes(**{**_fields(changes), **tags})
    both = set(changes.add_tags) & set(changes.remove_tags)
    if both:
        raise _wrong(f"The tag {min(both)} cannot be added and removed.", "tags", "Choose one.")
    if changes.snooze is not None and changes.solve is not None:
        raise _wrong("A case cannot be snoozed and solved.", "snooze", "Choose one.")
    if changes.solve is not None and not changes.solve.strip():
        raise _wrong("By which cause are they solved?", "solve", "Name it, or write unknown.")
    if changes.priority is not None and changes.priority not in Case.Priority.values:
        names = ", ".join(Case.Priority.values)
        raise _wrong(f"{changes.priority!r} is no priority.", "priority", f"Choose one of {names}.")
    try:
        until = changes.until()
    except ValueError as error:
        raise _wrong(
            f"{changes.snooze!r} is no time.", "snooze", "Choose a time, reply or escalation."
        ) from error
    if until is not None and until.tzinfo is None:
        raise _wrong(f"{changes.snooze!r} has no offset.", "snooze", "Add +00:00, for example.")
    if not set(changes.as_json()) - {"area", "reason"}:
        raise _wrong("Nothing is to be changed.", "changes", "Choose at least one change.")
    return changes


def plan(case: Case, changes: Changes, known: Known) -> Plan:
    """What the changes mean for this case now; all of them are done to it, or none."""
    try:
        steps = _steps(case, changes, known)
    except CaseError as refusal:
        return Plan(case, REFUSED, reason=refusal.message)
    return Plan(case, CHANGED if steps else SAME, tuple(steps))


def _steps(case: Case, changes: Changes, known: Known) -> list[Step]:
    if case.merged_into_id is not None:
        raise CaseError(f"It is merged into {case.merged_into_id}.")
    steps: list[Step] = []
    if changes.queue is not None and (case.queue_id or "") != changes.queue:
        steps.append(_named("queue", case.queue_id, changes.queue, known.queues))
    if changes.priority is not None and case.priority != changes.priority:
        steps.append(Step("priority", case.priority, changes.priority))
    carried = known.tags.get(case.pk, [])
    tagged = sorted({*carried, *changes.add_tags} - set(changes.remove_tags))
    if tagged != sorted(carried):
        steps.append(Step("tags", ", ".join(carried), ", ".join(tagged)))
    if changes.assignee is not None and (case.assignee_id or "") != changes.assignee:
        steps.append(_named("assignee", case.assignee_id, changes.assignee, known.agents))
    return steps + _moves(case, changes, known)


def _moves(case: Case, changes: Changes, known: Known) -> list[Step]:
    """The step that changes whose turn it is, if any."""
    if changes.solve is not None and case.state != rules.SOLVED:
        rules.next_state(case.state, "solve")
        missing = known.missing.get(case.pk, [])
        if missing:
            raise TransitionRefused(f"Before it can be solved, fill in: {', '.join(missing)}.")
        return [Step("state", case.state, f"solved ({changes.solve})")]
    if changes.snooze is None:
        return []
    rules.next_state(case.state, "snooze")
    until = changes.until()
    if until is not None and until <= known.now:
        raise CaseError("The time until which it was to sleep has passed.")
    if changes.snooze in NOTHING_WAKES and case.pk not in known.awaited:
        raise CaseError(NOTHING_WAKES[changes.snooze])
    wanted = (until, "" if until else changes.snooze)
    if case.state == rules.SNOOZED and (case.snoozed_until, case.snoozed_for) == wanted:
        return []
    return [Step("state", case.state, f"snoozed until {changes.snooze}")]


def _named(what: str, before: str | None, after: str, names: Mapping[str, str]) -> Step:
    shown = [names.get(each, each) if each else "–" for each in (before or "", after)]
    return Step(what, *shown)


def _fields(changes: Changes) -> dict[str, Any]:
    return {name: getattr(changes, name) for name in Changes.__dataclass_fields__}


def _wrong(message: str, param: str, hint: str) -> CaseError:
    return CaseError(message, param=param, hint=hint)
