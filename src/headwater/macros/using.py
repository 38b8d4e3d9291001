"""Puts an answer into a case's draft, and takes back what was used on a case."""

from typing import Any

from django.db import transaction

from headwater.accounts.models import Agent
from headwater.cases import acts as case_acts
from headwater.cases import rules
from headwater.cases.handling.noting import hold, note
from headwater.cases.models import Case, Draft
from headwater.cases.queries import case_for_system, draft_of
from headwater.diagnosis.models import Finding
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.redaction import masked
from headwater.macros import queries
from headwater.macros.contents import text_for
from headwater.macros.errors import CannotUse
from headwater.macros.filling import fill, needed
from headwater.macros.models import LibraryEntry, LibraryUse


def use_answer(
    case: Case,
    name: str,
    *,
    agent: Agent,
    actor: Actor,
    language: str = "",
    finding: int = 1,
    around: tuple[str, str] | None = None,
    replace: bool = False,
) -> LibraryUse:
    """Writes the answer into the case's draft, filled from the case; nothing is sent.

    It comes behind what the draft holds, or between the two texts `around`, or with `replace` in
    place of everything. `language` is the user's where it is "". Raises CannotUse, CannotFill,
    NotInLibrary; then nothing is changed.
    """
    with transaction.atomic():
        held = case_for_system(hold(case.pk).pk)
        entry = queries.in_use(queries.ANSWER, name)
        before = draft_state(held)
        chosen, text, cited = answer_text(held, entry.content["texts"], language, agent, finding)
        body = joined(before, text, around, replace=replace)
        write_draft(held, body, cited, before, actor=actor)
        use = _record(entry, held, chosen, before, actor)
        note(
            held,
            "answer.used",
            {"use_id": use.pk, "title": entry.title, "version": entry.version, "language": chosen},
            actor=actor,
        )
    return use


def answer_text(
    case: Case, texts: dict[str, str], language: str, agent: Agent | None, rank: int
) -> tuple[str, str, Finding | None]:
    """The language, the filled text, and the finding that it cites, if any."""
    chosen, text = text_for(texts, language or case.language)
    cited = queries.finding_of(case, rank) if queries.cites([text]) else None
    values = queries.values_for(case, agent, needed([text]), cited)
    # What a user put into a field of the platform may be a key: it is not sent about.
    return chosen, masked(fill(text, values)), cited


def joined(
    before: dict[str, Any], text: str, around: tuple[str, str] | None, *, replace: bool
) -> str:
    """The draft with the text in it."""
    if around is not None:
        return rules.storable(around[0] + text + around[1])
    old = "" if replace else before.get("body", "").rstrip()
    return f"{old}\n\n{text}\n" if old else f"{text}\n"


def write_draft(
    case: Case, body: str, cited: Finding | None, before: dict[str, Any], *, actor: Actor
) -> None:
    """The draft is an agent's from now on."""
    based_on = cited.playbook if cited else before.get("based_on", "")
    case_acts.save_draft(case, body, author=Draft.Author.AGENT, actor=actor, based_on=based_on)


def draft_state(case: Case) -> dict[str, Any]:
    """The case's draft as JSON values; empty where there is none."""
    found = draft_of(case)
    if found is None:
        return {}
    return {"body": found.body, "based_on": found.based_on, "author": found.author}


def restore_draft(
    case: Case, before: dict[str, Any], after: dict[str, Any], *, actor: Actor
) -> list[str]:
    """Puts the draft back where it is still as it was left; else a sentence that says so."""
    now = draft_state(case)
    if now == before:
        return []
    if now != after:
        return ["Somebody wrote on the draft since, so it was left."]
    case_acts.discard_draft(case, actor=actor)
    if before:
        case_acts.save_draft(
            case, before["body"], author=before["author"], based_on=before["based_on"], actor=actor
        )
    return []


def undo_answer(use_id: str, *, actor: Actor) -> LibraryUse:
    """The draft is as it was before the answer came in; `left` says why not. Raises CannotUse."""
    with transaction.atomic():
        use = open_use(use_id)
        case = case_for_system(hold(use.case_id).pk)
        if case.pk != use.case_id:
            left = ["The case was merged into another, whose draft was left alone."]
        else:
            left = restore_draft(case, use.before["draft"], use.after["draft"], actor=actor)
        close_use(use, left, actor)
        data = {"use_id": use.pk, "title": use.entry.title, "left": left}
        note(case, "answer.undone", data, actor=actor)
    return use


def _record(
    entry: LibraryEntry, case: Case, language: str, before: dict[str, Any], actor: Actor
) -> LibraryUse:
    return LibraryUse.objects.create(
        entry=entry,
        number=entry.version,
        case=case,
        language=language,
        actor_id=actor.id,
        actor_name=actor.name[:200],
        entrance=actor.entrance,
        used_at=utc_now(),
        before={"draft": before},
        after={"draft": draft_state(case)},
    )


def open_use(use_id: str) -> LibraryUse:
    """The use, alone among those who would undo it. Raises CannotUse where it is undone."""
    queries.use_by_id(use_id)
    use = LibraryUse.objects.select_for_update().get(pk=use_id)
    if use.undone_at is not None:
        raise CannotUse("That was undone already.", param="use")
    if use.part_of_id is not None:
        raise CannotUse(
            "It is a part of a macro.", param="use", hint=f"Undo the macro: {use.part_of_id}."
        )
    return use


def close_use(use: LibraryUse, left: list[str], actor: Actor) -> None:
    use.undone_at, use.undone_by = utc_now(), actor.name[:200]
    use.undone_entrance, use.left = actor.entrance, left
    use.save()
    use.parts.update(
        undone_at=use.undone_at, undone_by=use.undone_by, undone_entrance=use.undone_entrance
    )
