"""What a state or a clock looks like as a small labelled chip. Pure: `now` is passed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Chip:
    """A word, a tone (ok, warn, bad, mute, info) and an icon; colour never stands alone."""

    text: str
    tone: str
    icon: str


STATE_WORDS: dict[str, tuple[str | Promise, str, str]] = {
    "ours": (gettext_lazy("Ours to act"), "info", "circle-dot"),
    "waiting_user": (gettext_lazy("Waiting on user"), "mute", "pause"),
    "waiting_engineering": (gettext_lazy("Waiting on engineering"), "mute", "wrench"),
    "snoozed": (gettext_lazy("Snoozed"), "mute", "alarm-clock"),
    "solved": (gettext_lazy("Solved"), "ok", "circle-check"),
    "merged": (gettext_lazy("Merged"), "mute", "link"),
}

TARGET_WORDS: dict[str, str | Promise] = {
    "first_reply": gettext_lazy("Reply"),
    "next_reply": gettext_lazy("Next reply"),
    "update": gettext_lazy("Update"),
    "resolution": gettext_lazy("Solution"),
    "team_update": gettext_lazy("Word from the team"),
}


def state_chip(state: str) -> Chip:
    """The chip of a case state; an unknown state shows its own name."""
    text, tone, icon = STATE_WORDS.get(state, (state, "mute", "circle-dot"))
    return Chip(str(text), tone, icon)


def short_span(span: timedelta) -> str:
    """A positive span in its one or two largest units: `38m`, `2h 10m`, `3d 4h`."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, mins = divmod(rest, 60)
    if days:
        return f"{days}d {hours}h" if hours and days < 4 else f"{days}d"
    if hours:
        return f"{hours}h {mins}m" if mins else f"{hours}h"
    return f"{mins}m"


def due_chip(
    due_at: datetime | None,
    target: str,
    started_at: datetime | None,
    state: str,
    now: datetime,
    breaks_at: datetime | None = None,
) -> Chip:
    """The one SLA chip of a queue row.

    Warns in the last quarter of the time between `started_at` and `due_at`; without a running
    clock it says so in grey. Between `due_at` and `breaks_at` (its default: the same) nobody is
    late, since no working time passes. Times are aware UTC.
    """
    if due_at is None:
        return (
            Chip(_("Met"), "mute", "check")
            if state == "solved"
            else Chip(_("Paused"), "mute", "pause")
        )
    word = str(TARGET_WORDS.get(target, target))
    if due_at < now <= (breaks_at or due_at):
        return Chip(_("%(target)s due at opening") % {"target": word}, "warn", "clock")
    if due_at <= now:
        late = short_span(now - due_at)
        return Chip(
            _("%(target)s late by %(span)s") % {"target": word, "span": late}, "bad", "circle-alert"
        )
    left = due_at - now
    whole = due_at - started_at if started_at else timedelta(hours=8)
    tone = "warn" if left * 4 <= whole else "ok"
    text = _("%(target)s in %(span)s") % {"target": word, "span": short_span(left)}
    return Chip(text, tone, "clock")
