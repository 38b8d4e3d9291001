"""Every component on one page, to look at after a change of style."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from headwater.desk.chips import STATE_WORDS, due_chip, state_chip
from headwater.desk.forms import SignInForm
from headwater.desk.shell import render_page
from headwater.kit.clock import utc_now


@login_required
@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """The components in all their states."""
    now = utc_now()
    started = now - timedelta(hours=3)
    due = [
        due_chip(now + timedelta(hours=9), "first_reply", started, "ours", now),
        due_chip(now + timedelta(minutes=38), "first_reply", started, "ours", now),
        due_chip(now - timedelta(minutes=14), "resolution", started, "ours", now),
        due_chip(None, "", None, "waiting_user", now),
        due_chip(None, "", None, "solved", now),
    ]
    context = {
        "tones": ["ok", "warn", "bad", "mute", "info"],
        "surfaces": ["ok", "warn", "bad", "mute", "info", "note", "sunk"],
        "states": [state_chip(state) for state in STATE_WORDS],
        "due": due,
        "form": SignInForm({"email": "not an address", "password": ""}),
        "moment": started,
    }
    return render_page(request, "desk/patterns.html", context)
