"""For how long a case can be snoozed from the desk."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

CHOICES = (
    {"key": "4h", "title": _("For 4 hours")},
    {"key": "1d", "title": _("Until tomorrow")},
    {"key": "3d", "title": _("For 3 days")},
    {"key": "7d", "title": _("For a week")},
)
_SPANS = {
    "4h": timedelta(hours=4),
    "1d": timedelta(days=1),
    "3d": timedelta(days=3),
    "7d": timedelta(days=7),
}


def snooze_until(key: str, now: datetime) -> datetime | None:
    """When a choice ends, aware UTC; None for a choice that does not exist."""
    span = _SPANS.get(key)
    return now + span if span else None
