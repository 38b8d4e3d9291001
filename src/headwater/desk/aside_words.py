"""What happened in side conversations, in one short sentence each."""

from collections.abc import Callable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from headwater.cases.models import CaseEvent

_WORDS: Final[dict[str, str | Promise]] = {
    "aside.opened": _("%(actor)s asked somebody else: %(subject)s (%(to)s)"),
    "aside.sent": _("%(actor)s wrote in a side conversation"),
    "aside.answered": _("%(sender)s answered in a side conversation"),
    "aside.auto": _("%(sender)s: an automatic answer in a side conversation"),
    "aside.failed": _("A mail of a side conversation could not be delivered: %(error)s"),
    "aside.closed": _("%(actor)s closed a side conversation"),
    "aside.reopened": _("%(actor)s opened a side conversation again"),
}


def _said(event: CaseEvent) -> str:
    data = event.data
    return str(_WORDS[event.kind]) % {
        "actor": event.actor_name,
        "subject": data.get("subject", ""),
        "to": ", ".join(data.get("to", [])),
        "sender": data.get("from", ""),
        "error": data.get("error", ""),
    }


SENTENCES: Final[dict[str, Callable[[CaseEvent], str]]] = dict.fromkeys(_WORDS, _said)
ICONS: Final = dict.fromkeys(_WORDS, "mail")
