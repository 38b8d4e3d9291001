"""What happened between us and another team, in one short sentence each."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from headwater.cases.models import CaseEvent
from headwater.escalation.models import Escalation

_TEAMS: Final = dict(Escalation.Team.choices)
_STATES: Final = dict(Escalation.State.choices)


def _about(event: CaseEvent) -> dict[str, str]:
    data = event.data
    due = data.get("next_update_at")
    at = localtime(datetime.fromisoformat(due)) if due else None
    return {
        "actor": event.actor_name,
        "team": str(_TEAMS.get(str(data.get("team")), data.get("team", ""))),
        "issue": str(data.get("issue") or ""),
        "state": str(_STATES.get(str(data.get("state")), data.get("state", ""))),
        "due": f"{date_format(at, 'j M, H:i')} UTC" if at else "",
        "who": str(data.get("assignee") or ""),
        "why": str(data.get("reason") or data.get("problem") or ""),
    }


def _opened(event: CaseEvent) -> str:
    if event.data.get("joined"):
        return _("%(actor)s has it wait for %(team)s too; next update by %(due)s") % _about(event)
    return _("%(actor)s escalated it to %(team)s; next update by %(due)s") % _about(event)


def _updated(event: CaseEvent) -> str:
    by = event.data.get("by")
    if by == "comment":
        return _("%(team)s wrote to us; next update by %(due)s") % _about(event)
    if by == "reopened":
        return _("%(team)s has it again; next update by %(due)s") % _about(event)
    return _("%(actor)s: %(team)s speaks again by %(due)s") % _about(event)


def _noted(event: CaseEvent) -> str:
    words = {
        "issue": _("%(team)s has it as %(issue)s"),
        "assignee": _("%(team)s: assigned to %(who)s")
        if event.data.get("assignee")
        else _("%(team)s: nobody is assigned any more"),
        "state": _("%(team)s: %(state)s"),
        "comment": _("%(team)s wrote to us"),
        "comment_sent": _("%(actor)s wrote to %(team)s"),
        "problem": _("The tracker of %(team)s could not be served: %(why)s"),
        "retry": _("%(actor)s has the tracker of %(team)s tried again"),
    }.get(str(event.data.get("by")), event.kind)
    return words % _about(event)


def _closed(event: CaseEvent) -> str:
    state = event.data.get("state")
    if event.data.get("left"):
        return _("%(actor)s has it wait for %(team)s no more") % _about(event)
    if state == "fixed":
        return _("%(team)s is done: fixed") % _about(event)
    if state == "declined":
        return _("%(team)s closed it without a change") % _about(event)
    if event.data.get("reason"):
        return _("%(actor)s took it back from %(team)s: %(why)s") % _about(event)
    return _("%(actor)s took it back from %(team)s") % _about(event)


SENTENCES: Final[dict[str, Callable[[CaseEvent], str]]] = {
    "escalation.opened": _opened,
    "escalation.updated": _updated,
    "escalation.noted": _noted,
    "escalation.closed": _closed,
}
ICONS: Final = dict.fromkeys(SENTENCES, "wrench")
