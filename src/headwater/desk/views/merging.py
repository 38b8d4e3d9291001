"""Making one case of two, and undoing it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from headwater.cases import merging
from headwater.cases.models import Case
from headwater.cases.queries import other_cases_of, standing_for, visible_cases
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.views.cases import find_case
from headwater.desk.views.changes import changes_case
from headwater.kit.errors import HeadwaterError

_MOST = 50


@login_required
@require_safe
def choose(request: HttpRequest, case_id: str) -> HttpResponse:
    """The same person's other cases, to choose the one that goes on."""
    agent = agent_of(request)
    found = find_case(agent, case_id)
    others = other_cases_of(found.person, but=found) & visible_cases(agent)
    context = {"case": found, "others": list(others[:_MOST])}
    return render_page(request, "desk/cases/merge.html", context, section="cases")


@changes_case
def merge(request: HttpRequest, found: Case) -> HttpResponse:
    """The chosen case stands for both from now on."""
    into = visible_cases(agent_of(request)).filter(pk=request.POST.get("into", "").strip()).first()
    if into is None:
        raise HeadwaterError(
            _("Choose the case that goes on."), param="into", hint=_("Or write its id.")
        )
    reason = request.POST.get("reason", "")
    into = merging.merge_case(found, into, reason=reason, actor=actor_of(request))
    messages.success(request, _("Merged. This case stands for both now; it can be undone below."))
    return redirect("desk:case", into.pk)


@changes_case
def unmerge(request: HttpRequest, found: Case) -> HttpResponse:
    """The case stands for itself again."""
    case = merging.unmerge_case(found, actor=actor_of(request))
    messages.success(
        request, _("Undone. What was written meanwhile stays in the case it was written in.")
    )
    return redirect("desk:case", standing_for(case.pk).pk)
