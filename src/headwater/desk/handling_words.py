"""What was done to a case's tags, fields and followers, in one short sentence each."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from headwater.cases.models import CaseEvent


def _tagged(event: CaseEvent) -> str:
    words = _("%(actor)s added the tags %(tags)s")
    return words % _about(event, tags=", ".join(event.data.get("tags", [])))


def _untagged(event: CaseEvent) -> str:
    words = _("%(actor)s removed the tags %(tags)s")
    return words % _about(event, tags=", ".join(event.data.get("tags", [])))


def _field_set(event: CaseEvent) -> str:
    label, value = str(event.data.get("label", "")), str(event.data.get("to", ""))
    if not value:
        return _("%(actor)s emptied %(label)s") % _about(event, label=label)
    return _("%(actor)s set %(label)s to %(value)s") % _about(event, label=label, value=value)


def _followed(event: CaseEvent) -> str:
    return _("%(name)s follows it") % {"name": str(event.data.get("name", ""))}


def _unfollowed(event: CaseEvent) -> str:
    return _("%(name)s no longer follows it") % {"name": str(event.data.get("name", ""))}


def _about(event: CaseEvent, **more: str) -> dict[str, Any]:
    return {"actor": event.actor_name, **more}


SENTENCES: Final[dict[str, Callable[[CaseEvent], str]]] = {
    "case.tagged": _tagged,
    "case.untagged": _untagged,
    "case.field_set": _field_set,
    "case.followed": _followed,
    "case.unfollowed": _unfollowed,
}
