"""Filters of the desk's templates: times, ids, chips and safe prose."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from headwater.desk import chips
from headwater.desk import prose as prose_text
from headwater.kit.clock import utc_now

register = template.Library()


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago, in the shortest words; empty for None."""
    if moment is None:
        return ""
    seconds = (utc_now() - moment).total_seconds()
    if seconds < 0:
        return _("in %(span)s") % {"span": chips.short_span(moment - utc_now())}
    if seconds < 60:
        return _("now")
    return chips.short_span(utc_now() - moment).split(" ")[0]


@register.filter
def utc(moment: datetime | str | None) -> str:
    """Absolute time as `2026-11-20 09:24 UTC`: never a locale format."""
    if moment is None or moment == "":
        return ""
    if isinstance(moment, str):
        return moment.replace("T", " ")[:16] + " UTC"
    return moment.strftime("%Y-%m-%d %H:%M UTC")


@register.filter
def lookup(values: dict[str, Any], key: str) -> Any:
    """What stands under a key, or None."""
    return values.get(key)


@register.filter
def minutes(seconds: float) -> str:
    """Seconds as `12m` or `1h 5m`; under a minute `40s`."""
    if seconds < 60:
        return f"{round(seconds)}s"
    return chips.short_span(timedelta(seconds=seconds))


@register.filter
def percent(probability: float | None) -> str:
    """`0.873` as `87%`; never 0% or 100%, which a ranking cannot know."""
    if probability is None:
        return ""
    return f"{min(99, max(1, round(probability * 100)))}%"


@register.filter
def percent_of(part: float) -> str:
    """A share from 0 to 1 as whole percents, also 0% and 100%, which a count can know."""
    return f"{round(part * 100)}%"


@register.filter
def cell(value: Any) -> str:
    """One evidence value as text; nothing is reformatted but None and booleans."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


@register.filter
def span(seconds: int) -> str:
    """A number of seconds in its largest units."""
    return chips.short_span(timedelta(seconds=seconds))


@register.filter
def listed(value: Any) -> str:
    """A value of a rule's file for reading: a list with commas, a text as it is."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else cell(value)


@register.filter
def is_picture(kind: str) -> bool:
    """Whether a file says that it is a picture; its bytes decide when it is shown."""
    return kind in ("image/png", "image/jpeg", "image/gif", "image/webp")


@register.filter
def exposure(found: dict[str, str]) -> str:
    """What was masked, in words: "secret key (live) ending aB3d", "card number in a file"."""
    words = _(found.get("label", ""))
    if found.get("mode"):
        words = f"{words} ({found['mode']})"
    if found.get("tail"):
        words = _("%(label)s ending %(tail)s") % {"label": words, "tail": found["tail"]}
    return _("%(secret)s in a file") % {"secret": words} if found.get("place") == "file" else words


@register.filter
def thousands(number: int) -> str:
    """`1040190` as `1,040,190`."""
    return f"{number:,}"


@register.filter
def field_name(column: str) -> str:
    """`last_http_status` as `last http status`."""
    return column.replace("_", " ")


@register.filter
def prose(text: str | None) -> SafeString:
    """Safe paragraphs; see `headwater.desk.prose`."""
    return prose_text.prose(text or "")


@register.filter
def markdown(text: str | None) -> SafeString:
    """Safe Markdown; see `headwater.desk.prose`."""
    return prose_text.markdown(text or "")


@register.filter
def state_chip(state: str) -> chips.Chip:
    """The chip of a case state."""
    return chips.state_chip(state)


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    """`mapping[key]`, or None."""
    return mapping.get(key)
