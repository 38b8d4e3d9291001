"""Whether users were satisfied: who was asked, who not and why, and what they said."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError
from headwater.metrics.statistics.intervals import share
from headwater.surveys import acts, queries

_MOST = 200
_DAYS = 30


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The latest offers, and the figures of the last 30 days."""
    now = utc_now()
    found = queries.satisfaction(now - timedelta(days=_DAYS), now)
    offers = queries.visible_offers(agent_of(request))
    if request.GET.get("all") != "1":
        offers = offers.filter(state="offered")
    context = {
        "offers": offers[:_MOST],
        "everything": request.GET.get("all") == "1",
        "days": _DAYS,
        "found": found,
        "sure": share(found.satisfied, found.answered),
        "rate": round(100 * found.answered / found.asked) if found.asked else None,
    }
    return render_page(request, "desk/surveys.html", context, section="surveys")


@login_required
@require_POST
def withdraw(request: HttpRequest, offer_id: str) -> HttpResponse:
    """Nobody can answer this one any more."""
    offer = queries.visible_offers(agent_of(request)).filter(pk=offer_id).first()
    if offer is None:
        raise Http404
    try:
        acts.withdraw(offer.pk, reason=request.POST.get("reason", ""), actor=actor_of(request))
        messages.success(request, _("Withdrawn: the links of that mail no longer take an answer."))
    except HeadwaterError as problem:
        messages.error(request, f"{problem.message} {problem.hint or ''}")
    return redirect("desk:surveys")
