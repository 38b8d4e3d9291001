"""A change of a macro as two short texts for people: how it was, and how it will be."""

from typing import Any

from headwater.cases.models import Case
from headwater.cases.queries import queue_by_id
from headwater.macros.queries import agent_name
from headwater.macros.running import Change


def shown(change: Change) -> tuple[str, str]:
    """Before and after; "" for nothing."""
    return _words(change.what, change.before), _words(change.what, change.after)


def _words(what: str, value: Any) -> str:
    if not value:
        return ""
    if what == "queue":
        queue = queue_by_id(value)
        return queue.name if queue else str(value)
    if what == "assignee":
        return agent_name(value)
    if what == "priority":
        return str(Case.Priority(value[0]).label)
    if what == "tags":
        return ", ".join(value)
    if what == "draft":
        return str(value.get("body", ""))
    if what == "turn":
        return _turn(value)
    return str(value)


def _turn(value: dict[str, Any]) -> str:
    word = str(Case.State(value["state"]).label)
    if value["state"] == Case.State.SNOOZED:
        until = value["snoozed_until"]
        return f"{word}: {until[:16].replace('T', ' ') + ' UTC' if until else value['snoozed_for']}"
    if value["state"] == Case.State.SOLVED:
        return f"{word}: {value['cause']}"
    return word
