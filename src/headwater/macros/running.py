"""Macros on a case: shown beforehand, run as a whole or not at all, undone as a whole.

The preview is the run itself, taken back before anything can see it: so it says exactly what a
run would change, and refuses exactly what a run would refuse.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from headwater.accounts.models import Agent
from headwater.accounts.queries import agent_by_email
from headwater.cases import acts as case_acts
from headwater.cases import placement
from headwater.cases.handling import fields, restoring, snoozing, tags
from headwater.cases.handling.noting import hold, note
from headwater.cases.models import Case
from headwater.cases.queries import case_for_system, queue_by_id
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError
from headwater.macros import queries
from headwater.macros.errors import CannotUse, LibraryRefused
from headwater.macros.models import LibraryEntry, LibraryUse
from headwater.macros.recipes import LIKELY, ME, NO_QUEUE, NOBODY, span_of
from headwater.macros.using import (
    answer_text,
    close_use,
    draft_state,
    joined,
    open_use,
    restore_draft,
    undo_answer,
    write_draft,
)

# They differ from one second to the next.
_MOMENTS = {"state_since", "snoozed_until"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a macro changes, as plain values; `what` is queue, field.ID, draft, ..."""

    what: str
    before: Any
    after: Any


@dataclass(slots=True)
class Done:
    """What a run changed. `seen` names exactly that: a run may be asked to do nothing else."""

    entry: LibraryEntry
    case: Case
    before: dict[str, Any]
    after: dict[str, Any]
    language: str = ""
    answer: LibraryEntry | None = None
    seen: str = ""
    changes: list[Change] = field(default_factory=list)


class _TakenBack(Exception):
    pass


def preview(case: Case, name: str, *, agent: Agent, language: str = "", finding: int = 1) -> Done:
    """What the macro would change in the case now; nothing is changed.

    Raises as `run_macro` does.
    """
    found: list[Done] = []
    try:
        with transaction.atomic():
            found.append(_do(case, name, agent, agent.actor(), language, finding))
            raise _TakenBack
    except _TakenBack:
        return found[0]


def run_macro(
    case: Case,
    name: str,
    *,
    agent: Agent,
    actor: Actor,
    language: str = "",
    finding: int = 1,
    seen: str = "",
) -> LibraryUse:
    """All of it, or nothing. With `seen` (of a preview) nothing where it would do something else.

    Raises CannotUse, also where there is nothing to change, CannotFill, NotInLibrary, and what
    the acts themselves refuse.
    """
    with transaction.atomic():
        done = _do(case, name, agent, actor, language, finding)
        if seen and seen != done.seen:
            raise CannotUse(
                "The case or the macro changed since you looked.",
                param="seen",
                hint="Look at what it would do now.",
            )
        if not done.changes:
            raise CannotUse("There is nothing that it would change.", param="macro")
        use = _record(done, actor)
        data = {
            "use_id": use.pk,
            "title": done.entry.title,
            "version": done.entry.version,
            "changed": [each.what for each in done.changes],
        }
        note(done.case, "macro.ran", data, actor=actor)
    return use


def undo_macro(use_id: str, *, actor: Actor) -> LibraryUse:
    """Puts back whatever is still as the macro left it; `left` says what is not, and why."""
    with transaction.atomic():
        use = open_use(use_id)
        before, after = use.before, use.after
        hold(use.case_id)
        own = {"draft", "fields"}
        left = restoring.restore(
            use.case_id,
            {name: value for name, value in before.items() if name not in own},
            {name: value for name, value in after.items() if name not in own},
            actor=actor,
        )
        case = case_for_system(use.case_id)
        if case.merged_into_id is None:
            left += _restore_fields(case, before, after, actor)
            if "draft" in before:
                left += restore_draft(case, before["draft"], after["draft"], actor=actor)
        close_use(use, left, actor)
        data = {"use_id": use.pk, "title": use.entry.title, "left": left}
        note(case, "macro.undone", data, actor=actor)
    return use


def undo(use_id: str, *, actor: Actor) -> LibraryUse:
    """Takes back what was used, an answer or a macro. Raises CannotUse where that was done."""
    if queries.use_by_id(use_id).entry.kind == queries.MACRO:
        return undo_macro(use_id, actor=actor)
    return undo_answer(use_id, actor=actor)


def check_references(content: Mapping[str, Any], answers: frozenset[str] = frozenset()) -> None:
    """Raises LibraryRefused where a macro names what there is not; `answers` will be there."""
    try:
        if content.get("queue", NO_QUEUE) != NO_QUEUE and queue_by_id(content["queue"]) is None:
            raise LibraryRefused(f"There is no queue {content['queue']!r}.", param="queue")
        if content.get("assign", ME) not in (ME, NOBODY):
            _agent(content["assign"])
        tags.check_known(content.get("add_tags", []))
        if "answer" in content and content["answer"] not in answers:
            queries.in_use(queries.ANSWER, content["answer"])
    except LibraryRefused:
        raise
    except HeadwaterError as error:
        raise LibraryRefused(error.message, param=error.param, hint=error.hint) from error


def _do(case: Case, name: str, agent: Agent, actor: Actor, language: str, finding: int) -> Done:
    entry = queries.in_use(queries.MACRO, name)
    held = hold(case.pk)
    before, does = _snapshot(held), entry.content
    _place(held, does, entry.title, agent, actor)
    if "fields" in does:
        fields.set_fields(held, does["fields"], actor=actor)
    chosen, answer = _write(held, does, agent, actor, language, finding)
    _turn(held, does, actor)
    after = _snapshot(hold(held.pk))
    old, new = restoring.difference(before, after)
    changes = _changes(old, new)
    stable = json.dumps(
        [entry.version, _stable(old), _stable(new)], sort_keys=True, ensure_ascii=False
    )
    seen = hashlib.sha256(stable.encode()).hexdigest()[:32]
    return Done(entry, held, old, new, chosen, answer, seen, changes)


def _place(case: Case, does: Mapping[str, Any], title: str, agent: Agent, actor: Actor) -> None:
    if "queue" in does:
        queue = queue_by_id(does["queue"]) if does["queue"] != NO_QUEUE else None
        if queue is None and does["queue"] != NO_QUEUE:
            raise CannotUse(f"There is no queue {does['queue']!r} any more.", param="queue")
        placement.move_to_queue(case, queue, reason=title, actor=actor)
    if "priority" in does:
        placement.set_priority(case, does["priority"], reason=title, actor=actor)
    if "add_tags" in does:
        tags.add_tags(case, does["add_tags"], actor=actor)
    if "remove_tags" in does:
        tags.remove_tags(case, does["remove_tags"], actor=actor)
    if "assign" in does:
        word = does["assign"]
        owner = agent if word == ME else None if word == NOBODY else _agent(word)
        case_acts.assign_case(case, owner, actor=actor)


def _agent(address: str) -> Agent:
    found = agent_by_email(address)
    if found is None or not found.is_active:
        raise CannotUse(f"There is no active agent {address}.", param="assign")
    return found


def _write(
    case: Case, does: Mapping[str, Any], agent: Agent, actor: Actor, language: str, finding: int
) -> tuple[str, LibraryEntry | None]:
    """Writes the draft, if the macro does; returns its language and the answer it is from."""
    answer = queries.in_use(queries.ANSWER, does["answer"]) if "answer" in does else None
    texts = answer.content["texts"] if answer else does.get("texts")
    if texts is None:
        return "", None
    fresh = case_for_system(case.pk)
    before = draft_state(fresh)
    chosen, text, cited = answer_text(fresh, texts, language, agent, finding)
    body = joined(before, text, None, replace=does.get("draft") == "replace")
    write_draft(fresh, body, cited, before, actor=actor)
    return chosen, answer


def _turn(case: Case, does: Mapping[str, Any], actor: Actor) -> None:
    turn, state = does.get("turn"), hold(case.pk).state
    if turn is None or (turn == state and turn != Case.State.SNOOZED):
        return
    if turn == Case.State.OURS:
        # Refuses a solved case: to reopen one is a decision of its own.
        case_acts.take_back(case, actor=actor)
    elif turn == Case.State.WAITING_ENGINEERING:
        case_acts.wait_on_engineering(case, actor=actor)
    elif turn == Case.State.SNOOZED:
        span = span_of(does["until"])
        if span is not None:
            case_acts.snooze_case(case, utc_now() + span, actor=actor)
        else:
            snoozing.snooze_for(case, does["until"], actor=actor)
    else:
        now = hold(case.pk)
        cause, area = does["cause"], does.get("area", "")
        if cause == LIKELY:
            cause, area = now.likely_cause, area or now.likely_area
            if not cause:
                raise CannotUse("The evidence points to no cause yet.", param="cause")
        case_acts.solve_case(case, cause=cause, area=area, actor=actor)


def _snapshot(case: Case) -> dict[str, Any]:
    """The case as far as macros can change it, as JSON values."""
    held = {each.field.pk: each.value for each in fields.fields_of(case) if each.value}
    return {**restoring.snapshot(case), "fields": held, "draft": draft_state(case)}


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What differs, one by one, in the order of a case's page."""
    found = []
    for name in ("queue", "priority", "assignee", "tags", "turn", "draft"):
        if name in old:
            found.append(Change(name, old[name], new[name]))
    if "fields" in old:
        before, after = old["fields"], new["fields"]
        found += [
            Change(f"field.{name}", before.get(name, ""), after.get(name, ""))
            for name in sorted({*before, *after})
            if before.get(name) != after.get(name)
        ]
    return found


def _stable(values: Mapping[str, Any]) -> dict[str, Any]:
    turn = values.get("turn")
    if turn is None:
        return dict(values)
    return {**values, "turn": {name: turn[name] for name in turn if name not in _MOMENTS}}


def _record(done: Done, actor: Actor) -> LibraryUse:
    shared = {
        "case": done.case,
        "language": done.language,
        "actor_id": actor.id,
        "actor_name": actor.name[:200],
        "entrance": actor.entrance,
        "used_at": utc_now(),
    }
    use = LibraryUse.objects.create(
        entry=done.entry, number=done.entry.version, before=done.before, after=done.after, **shared
    )
    if done.answer is not None:
        LibraryUse.objects.create(
            entry=done.answer, number=done.answer.version, part_of=use, **shared
        )
    return use


def _restore_fields(
    case: Case, before: Mapping[str, Any], after: Mapping[str, Any], actor: Actor
) -> list[str]:
    left = []
    old, new = before.get("fields", {}), after.get("fields", {})
    now = {each.field.pk: each for each in fields.fields_of(case)}
    for name in sorted({*old, *new}):
        if old.get(name) == new.get(name):
            continue
        held = now[name].value if name in now else ""
        if held != new.get(name, ""):
            label = now[name].field.label if name in now else name
            left.append(f"Somebody changed {label} since.")
            continue
        try:
            with transaction.atomic():
                fields.set_fields(case, {name: old.get(name, "")}, actor=actor)
        except HeadwaterError as refusal:
            left.append(refusal.message)
    return left
