"""Acts on the library: kept in versions, by leads only."""

from collections.abc import Iterable

from django.db import transaction

from headwater.accounts.models import Agent
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.macros import queries
from headwater.macros.contents import Written
from headwater.macros.errors import LibraryRefused, NotYours
from headwater.macros.models import LibraryEntry, LibraryVersion
from headwater.macros.running import check_references

EDITORS = ("lead", "admin")
ERASED = "Erased."


def may_edit(agent: Agent) -> bool:
    """Whether what everybody sends is theirs to change."""
    return agent.is_active and agent.role in EDITORS


def keep(written: Written, *, actor: Actor, based_on: int | None = None) -> LibraryEntry | None:
    """The entry reads so from now on, also one that was retired; None where it did already.

    `based_on` is the version that was read before writing (0: none): where another one holds by
    now, LibraryRefused. Raises NotYours.
    """
    _require_editor(actor)
    if written.kind == queries.MACRO:
        check_references(written.content)
    with transaction.atomic():
        entry = _held(written.kind, written.name, actor)
        if based_on is not None and entry.version != based_on:
            raise LibraryRefused(
                f"Somebody changed {written.name} meanwhile."
                if based_on
                else f"There is one called {written.name} already.",
                param="version" if based_on else "name",
                hint="Look at it again before you write over it.",
            )
        content = dict(written.content)
        if entry.is_active and (entry.title, entry.content) == (written.title, content):
            return None
        entry.title, entry.content, entry.is_active = written.title, content, True
        _store(entry, actor)
    return entry


def keep_all(listed: Iterable[Written], *, actor: Actor) -> list[LibraryEntry]:
    """Those of them that were changed by it: all are kept, or none."""
    with transaction.atomic():
        kept = [keep(each, actor=actor) for each in listed]
    return [entry for entry in kept if entry is not None]


def retire(kind: str, name: str, *, actor: Actor) -> LibraryEntry:
    """Nobody is offered it any more. Repeatable. Raises NotInLibrary, NotYours."""
    _require_editor(actor)
    with transaction.atomic():
        queries.entry_named(kind, name)
        entry = LibraryEntry.objects.select_for_update().get(kind=kind, name=name)
        if entry.is_active:
            entry.is_active = False
            _store(entry, actor)
    return entry


def bring_back(kind: str, name: str, number: int, *, actor: Actor) -> LibraryEntry | None:
    """It reads again as in that version, by a new one. Raises NotInLibrary, NotYours."""
    entry = queries.entry_named(kind, name)
    old = LibraryVersion.objects.filter(entry=entry, number=number).first()
    if old is None:
        raise LibraryRefused(
            f"{name} has no version {number}.",
            param="version",
            hint=f"It has 1 to {entry.version}.",
        )
    return keep(Written(kind, name, old.title, old.content), actor=actor)


def forget_account(account_id: str) -> int:
    """Drops the texts that were kept for undoing on an account's cases; returns how many.

    Such a use can no longer be undone.
    """
    found = 0
    with transaction.atomic():
        for use in queries.uses_about(account_id).select_for_update():
            if use.before or use.after:
                use.before, use.after, use.left = {}, {}, [ERASED]
                use.undone_at = use.undone_at or utc_now()
                use.save()
                found += 1
    return found


def _held(kind: str, name: str, actor: Actor) -> LibraryEntry:
    """The entry, alone among writers; made where there is none."""
    LibraryEntry.objects.get_or_create(
        kind=kind,
        name=name,
        defaults={
            "changed_at": utc_now(),
            "changed_by": actor.name[:200],
            "entrance": actor.entrance,
        },
    )
    return LibraryEntry.objects.select_for_update().get(kind=kind, name=name)


def _store(entry: LibraryEntry, actor: Actor) -> None:
    entry.version += 1
    entry.changed_at, entry.changed_by = utc_now(), actor.name[:200]
    entry.entrance = actor.entrance
    entry.save()
    LibraryVersion.objects.create(
        entry=entry,
        number=entry.version,
        title=entry.title,
        content=entry.content,
        is_active=entry.is_active,
        made_at=entry.changed_at,
        made_by=entry.changed_by,
        entrance=entry.entrance,
    )


def _require_editor(actor: Actor) -> None:
    """The system (a file applied by who runs the server) and leads. Raises NotYours."""
    if actor.kind == "system":
        return
    agent = Agent.objects.filter(pk=actor.id).first() if actor.kind == "agent" else None
    if agent is None or not may_edit(agent):
        raise NotYours(
            "Only leads change the library.", param="agent", hint="Tell a lead what to change."
        )
