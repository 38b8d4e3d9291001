"""The lead's board: who is on what, what breaks within hours, and one press that spreads it."""

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from headwater.cases.queries import clocks_of_cases, visible_cases
from headwater.cases.routing.board import board
from headwater.cases.routing.rebalancing import Move
from headwater.cases.routing.spreading import spread_cases, undo_spread
from headwater.desk.queue_rows import queue_row
from headwater.desk.shelf import playbook_titles
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError

SPANS: Final = (2, 4, 8, 24)


def for_leads(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the lead's: giving other people's work away is theirs."""

    @login_required
    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if agent_of(request).role != "lead":
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


def _hours(given: str | None) -> int:
    return int(given) if given in {str(each) for each in SPANS} else 4


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Everybody with their cases, what breaks soon, and what a press on "spread" would move."""
    agent, now, hours = agent_of(request), utc_now(), _hours(request.GET.get("hours"))
    found = board(visible_cases(agent), now, hours)
    clocks, titles = clocks_of_cases(found.pressing), playbook_titles()
    names = {one.agent.pk: one.agent.name for one in found.people}
    moves = {move.case_id: (move, names[move.to]) for move in found.moves}
    context = {
        "board": found,
        "hours": hours,
        "spans": SPANS,
        "is_lead": agent.role == "lead",
        "rows": [
            (
                case,
                queue_row(case, clocks.get(case.pk, []), titles, now),
                *moves.get(case.pk, (None, "")),
            )
            for case in found.pressing
        ],
        "undo": request.GET.get("undo", ""),
    }
    return render_page(request, "desk/board.html", context, section="board")


@for_leads
@require_POST
def spread(request: HttpRequest) -> HttpResponse:
    """The moves that were shown, each as far as its case is still where it was."""
    now, hours = utc_now(), _hours(request.POST.get("hours"))
    shown = set(request.POST.getlist("move"))
    planned: list[Move] = board(visible_cases(agent_of(request)), now, hours).moves
    moves = [move for move in planned if f"{move.case_id}:{move.to}" in shown]
    done = spread_cases(moves, actor=actor_of(request), now=now)
    if done is None:
        messages.info(request, _("Nothing was moved: things have changed. Look again."))
        return redirect("desk:board")
    count = len(done.moves)
    words = ngettext("%(n)s case changed hands.", "%(n)s cases changed hands.", count)
    messages.success(request, words % {"n": count})
    return redirect(f"{redirect('desk:board').url}?hours={hours}&undo={done.pk}")


@for_leads
@require_POST
def undo(request: HttpRequest, spread_id: str) -> HttpResponse:
    """Back to whom the cases came from, as far as nobody has touched them since."""
    try:
        back, stay = undo_spread(spread_id, actor=actor_of(request))
    except HeadwaterError as problem:
        messages.error(request, str(problem))
        return redirect("desk:board")
    words = _("%(back)s went back, %(stay)s stay, since they changed hands again.")
    messages.success(request, words % {"back": back, "stay": stay})
    return redirect("desk:board")
