"""Queues: how full they are, what lies in them, and why a case lies where it lies."""

from datetime import datetime
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from headwater.cases import placement
from headwater.cases.models import Case
from headwater.cases.queries import clocks_of_cases, visible_cases, what_breaks_first
from headwater.cases.routing.queries import explain, known_queues, sizes
from headwater.desk.queue_rows import queue_row
from headwater.desk.shelf import playbook_titles
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.views.cases import find_case
from headwater.desk.views.changes import changes_case
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError

_MOST = 200
_WORDS: Final = {
    "case.queued": gettext_lazy("Queue"),
    "case.prioritised": gettext_lazy("Priority"),
    "case.assigned": gettext_lazy("Owner"),
    "route.waits": gettext_lazy("Waits"),
}
# The address of the cases that no rule and no person has placed.
NOWHERE = "-"


@login_required
@require_safe
def queues(request: HttpRequest) -> HttpResponse:
    """Every queue with its counts."""
    found = sizes(visible_cases(agent_of(request)), utc_now())
    context = {"sizes": found, "nowhere": NOWHERE}
    return render_page(request, "desk/queues.html", context, section="queues")


@login_required
@require_safe
def one_queue(request: HttpRequest, queue_id: str) -> HttpResponse:
    """The open cases of a queue, what breaks first on top."""
    queue = next((one for one in known_queues() if one.pk == queue_id), None)
    if queue is None and queue_id != NOWHERE:
        raise Http404
    now, titles = utc_now(), playbook_titles()
    cases = what_breaks_first(visible_cases(agent_of(request)).filter(queue=queue))
    shown = list(cases[: _MOST + 1])
    clocks = clocks_of_cases(shown)
    context = {
        "queue": queue,
        "rows": [
            (case, queue_row(case, clocks.get(case.pk, []), titles, now)) for case in shown[:_MOST]
        ],
        "more": len(shown) > _MOST,
    }
    return render_page(request, "desk/one_queue.html", context, section="queues")


@login_required
@require_safe
def explain_case(request: HttpRequest, case_id: str) -> HttpResponse:
    """Why the case lies where it lies, and the form that places it by hand."""
    found = find_case(agent_of(request), case_id)
    told = explain(found, utc_now())
    steps = [
        {**step, "at": datetime.fromisoformat(step["at"]), "word": _WORDS[step["kind"]]}
        for step in told["history"]
    ]
    context = {
        "case": found,
        "told": told,
        "steps": steps,
        "queues": [queue for queue in known_queues() if queue.is_active],
        "priorities": Case.Priority.choices,
    }
    return render_page(request, "desk/cases/routing.html", context, section="cases")


@changes_case
def place(request: HttpRequest, found: Case) -> HttpResponse:
    """Queue and priority as a person wants them; rules leave them alone from then on."""
    actor, reason = actor_of(request), request.POST.get("reason", "")
    name = request.POST.get("queue", "")
    queue = next((one for one in known_queues() if one.pk == name), None)
    if name and queue is None:
        raise HeadwaterError(_("There is no such queue."), param="queue")
    placement.move_to_queue(found, queue, reason=reason, actor=actor)
    priority = request.POST.get("priority", found.priority)
    placement.set_priority(found, priority, reason=reason, actor=actor)
    messages.success(request, _("Placed. Rules leave what you chose as it is."))
    return redirect("desk:case", found.pk)
