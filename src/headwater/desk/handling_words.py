"""What was done to a case's tags, fields and followers, in one short sentence each."""

from collections.abc import Callable
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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


def _mentions(event: CaseEvent) -> str:
    names = ", ".join(str(one.get("name", "")) for one in event.data.get("agents", []))
    return _("%(actor)s mentioned %(names)s") % _about(event, names=names)


def _time_corrected(event: CaseEvent) -> str:
    words = _("%(actor)s corrected the time spent by %(n)+d minutes: %(reason)s")
    minutes = round(int(event.data.get("seconds", 0)) / 60)
    return words % _about(event, n=minutes, reason=str(event.data.get("reason", "")))


def _unfollowed(event: CaseEvent) -> str:
    return _("%(name)s no longer follows it") % {"name": str(event.data.get("name", ""))}


def _linked(event: CaseEvent) -> str:
    """That two cases have to do with each other; `earlier` is told by the later of the two."""
    data = event.data
    kind, earlier = str(data.get("kind")), bool(data.get("earlier"))
    reason = str(data.get("reason", ""))
    if (kind, earlier) in _LINKED:
        said = str(_LINKED[kind, earlier])
        return f"{said}: {reason}" if reason and kind not in ("follow_up", "split") else said
    if earlier:
        words = _("It refers to another case. Kept apart: %(reason)s")
    else:
        words = _("Another case refers to this one. Kept apart: %(reason)s")
    return words % {"reason": reason}


def _unlinked(event: CaseEvent) -> str:
    return _("%(actor)s took a link to another case back") % _about(event)


def _split(event: CaseEvent) -> str:
    words = _("%(actor)s split %(n)d messages off into a case of their own")
    return words % _about(event, n=len(event.data.get("message_ids", [])))


def _split_off(event: CaseEvent) -> str:
    words = _("%(actor)s made this case of %(n)d messages of another, where they stay")
    return words % _about(event, n=len(event.data.get("message_ids", [])))


_LINKED: Final[dict[tuple[str, bool], str | Promise]] = {
    ("follow_up", True): gettext_lazy("It goes on from a case that was solved long ago"),
    ("follow_up", False): gettext_lazy(
        "The user wrote again long after it was solved; a follow-up case was opened"
    ),
    ("duplicate", True): gettext_lazy("It tells the same as another case"),
    ("duplicate", False): gettext_lazy("Another case tells the same"),
    ("problem", True): gettext_lazy("It is caused by the problem of another case"),
    ("problem", False): gettext_lazy("It stands for the problem of another case"),
    ("split", True): gettext_lazy("It was split from another case"),
    ("split", False): gettext_lazy("Another case was split from it"),
}


def _about(event: CaseEvent, **more: str | int) -> dict[str, Any]:
    return {"actor": event.actor_name, **more}


SENTENCES: Final[dict[str, Callable[[CaseEvent], str]]] = {
    "case.tagged": _tagged,
    "case.untagged": _untagged,
    "case.field_set": _field_set,
    "case.followed": _followed,
    "case.unfollowed": _unfollowed,
    "note.mentions": _mentions,
    "time.corrected": _time_corrected,
    "case.linked": _linked,
    "case.unlinked": _unlinked,
    "case.split": _split,
    "case.split_off": _split_off,
}
