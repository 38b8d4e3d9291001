"""What can stand in an answer, in words; and what was done with the library, for the timeline."""

from collections.abc import Callable, Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from headwater.cases.models import CaseEvent
from headwater.macros.filling import FIELD, NAMES

_WORDS: Final[dict[str, Promise]] = {
    "person.name": gettext_lazy("the user's name"),
    "person.first_name": gettext_lazy("the first word of it"),
    "person.email": gettext_lazy("the user's address"),
    "account.name": gettext_lazy("the verified account's name"),
    "account.id": gettext_lazy("its id"),
    "account.country": gettext_lazy("its country"),
    "account.tier": gettext_lazy("its tier"),
    "case.id": gettext_lazy("the case's id"),
    "case.subject": gettext_lazy("what it is about"),
    "case.opened": gettext_lazy("the day on which it came in"),
    "agent.name": gettext_lazy("your name"),
    "agent.first_name": gettext_lazy("the first word of it"),
    "today": gettext_lazy("today's date"),
    "finding.title": gettext_lazy("the cause that the evidence shows"),
    "finding.words": gettext_lazy("its explanation for the user"),
    "finding.table": gettext_lazy("its rows, one line each"),
    "finding.ids": gettext_lazy("the ids that prove it"),
    "finding.first_seen": gettext_lazy("since when"),
    "finding.last_seen": gettext_lazy("when it was last seen"),
}


def places(fields: Iterable[str]) -> list[tuple[str, str]]:
    """Every place as it is written, and what fills it."""
    own = [(name, str(_WORDS[name])) for name in NAMES]
    own += [(FIELD + each, _("what stands in the field")) for each in fields]
    return [(f"{{{{ {name} }}}}", words) for name, words in own]


# What macros change: names of `recipes.KEYS` and of `running.Change`.
_CHANGES: Final[dict[str, Promise]] = {
    "queue": gettext_lazy("Queue"),
    "priority": gettext_lazy("Priority"),
    "assign": gettext_lazy("Owner"),
    "assignee": gettext_lazy("Owner"),
    "add_tags": gettext_lazy("Tags put on"),
    "remove_tags": gettext_lazy("Tags taken off"),
    "tags": gettext_lazy("Tags"),
    "fields": gettext_lazy("Fields"),
    "answer": gettext_lazy("Answer"),
    "texts": gettext_lazy("Text"),
    "draft": gettext_lazy("Draft"),
    "turn": gettext_lazy("Whose turn"),
    "until": gettext_lazy("Until"),
    "cause": gettext_lazy("Cause"),
    "area": gettext_lazy("Area"),
}


def change_word(what: str) -> str:
    """What a macro changes, in a word; a field by its id."""
    if what.startswith(FIELD):
        return _("Field %(id)s") % {"id": what.removeprefix(FIELD)}
    return str(_CHANGES.get(what, what))


def turns() -> list[tuple[str, str]]:
    """Whose turn a macro can make it."""
    return [
        ("ours", _("Ours to act")),
        ("waiting_engineering", _("Waiting on engineering")),
        ("snoozed", _("Snoozed")),
        ("solved", _("Solved")),
    ]


def _answered(event: CaseEvent) -> str:
    words = _("%(actor)s put the answer “%(title)s” into the draft")
    return words % {"actor": event.actor_name, "title": str(event.data.get("title", ""))}


def _taken_out(event: CaseEvent) -> str:
    words = _("%(actor)s took the answer “%(title)s” back")
    return words % {"actor": event.actor_name, "title": str(event.data.get("title", ""))}


def _ran(event: CaseEvent) -> str:
    words = _("%(actor)s ran the macro “%(title)s”")
    return words % {"actor": event.actor_name, "title": str(event.data.get("title", ""))}


def _taken_back(event: CaseEvent) -> str:
    about = {"actor": event.actor_name, "title": str(event.data.get("title", ""))}
    if event.data.get("left"):
        words = _("%(actor)s undid the macro “%(title)s” as far as nobody had changed it since")
        return words % about
    return _("%(actor)s undid the macro “%(title)s”") % about


SENTENCES: Final[dict[str, Callable[[CaseEvent], str]]] = {
    "answer.used": _answered,
    "answer.undone": _taken_out,
    "macro.ran": _ran,
    "macro.undone": _taken_back,
}
