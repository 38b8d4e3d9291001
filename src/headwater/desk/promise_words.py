"""Events about promises, queue, priority and merging as sentences of the timeline."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from headwater.cases.models import Case, CaseEvent
from headwater.desk.chips import TARGET_WORDS

_REASONS: Final[dict[str, str | Promise]] = {
    "pause": gettext_lazy("it was the user's turn"),
    "case.prioritised": gettext_lazy("the priority changed"),
    "case.queued": gettext_lazy("it went to another queue"),
    "diagnosis.ready": gettext_lazy("the likely cause changed"),
    "identity.matched": gettext_lazy("the account became known"),
}
_PRIORITIES: Final = dict(Case.Priority.choices)


def _moved(event: CaseEvent) -> str:
    because = str(event.data.get("because", ""))
    words = _("%(target)s is due %(due)s instead of %(before)s: %(why)s")
    return words % {
        "target": _target(event.data),
        "due": _moment(event.data["due_at"]),
        "before": _moment(event.data["from"]),
        "why": str(_REASONS.get(because, because)),
    }


def _warned(event: CaseEvent) -> str:
    words = _("%(target)s will be late after %(due)s")
    return words % {"target": _target(event.data), "due": _moment(event.data["due_at"])}


def _queued(event: CaseEvent) -> str:
    told = {
        "actor": event.actor_name,
        "queue": str(event.data.get("to") or ""),
        "why": str(event.data.get("reason") or ""),
    }
    if not told["queue"]:
        return _("%(actor)s took it out of its queue: %(why)s") % told
    return _("%(actor)s moved it to the queue %(queue)s: %(why)s") % told


def _prioritised(event: CaseEvent) -> str:
    told = {
        "actor": event.actor_name,
        "priority": str(_PRIORITIES.get(str(event.data.get("to")), event.data.get("to"))),
        "why": str(event.data.get("reason") or ""),
    }
    return _("%(actor)s set the priority to %(priority)s: %(why)s") % told


def _target(data: dict[str, Any]) -> str:
    return str(TARGET_WORDS.get(str(data.get("target", "")), data.get("target", "")))


def _moment(text: str) -> str:
    return date_format(localtime(datetime.fromisoformat(text)), "j M H:i")


def _merging(words: str | Promise) -> Callable[[CaseEvent], str]:
    def tell(event: CaseEvent) -> str:
        reason = str(event.data.get("reason") or "")
        told = str(words) % {"actor": event.actor_name}
        return f"{told}: {reason}" if reason else told

    return tell


def _problem(event: CaseEvent) -> str:
    if event.data.get("incident"):
        return _("It belongs to an incident of the platform")
    return _("It belongs to a problem that many have")


def _waits(event: CaseEvent) -> str:
    return str(event.data.get("reason") or "")


def _answered(event: CaseEvent) -> str:
    told = {"who": event.actor_name, "score": int(event.data.get("score") or 0)}
    words = _("%(who)s says of our help: %(score)s of 5") % told
    comment = str(event.data.get("comment") or "")
    return f"{words}. “{comment}”" if comment else words


def _asked(event: CaseEvent) -> str:
    return _("The user was asked whether they were satisfied")


def _withdrawn(event: CaseEvent) -> str:
    told = {"actor": event.actor_name, "why": str(event.data.get("reason") or "")}
    return _("%(actor)s withdrew the question about satisfaction: %(why)s") % told


SENTENCES: Final[dict[str, Callable[[CaseEvent], str]]] = {
    "clock.moved": _moved,
    "clock.warned": _warned,
    "case.queued": _queued,
    "case.prioritised": _prioritised,
    "survey.offered": _asked,
    "survey.answered": _answered,
    "survey.withdrawn": _withdrawn,
    "problem.linked": _problem,
    "route.waits": _waits,
    "case.merged": _merging(gettext_lazy("%(actor)s merged it into another case")),
    "case.absorbed": _merging(gettext_lazy("%(actor)s merged another case into this one")),
    "case.unmerged": _merging(gettext_lazy("%(actor)s undid the merge")),
    "case.released": _merging(gettext_lazy("%(actor)s took a merged case out again")),
}
