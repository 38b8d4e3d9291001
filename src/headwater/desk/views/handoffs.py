"""The hand-off to Engineering: made by one click, read on a page, taken along as a file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from headwater.cases.models import Case
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.views.cases import find_case
from headwater.desk.views.changes import changes_case
from headwater.diagnosis.acts import escalate_case
from headwater.diagnosis.models import EngineeringHandoff
from headwater.diagnosis.queries import handoffs_of


@changes_case
def escalate(request: HttpRequest, found: Case) -> HttpResponse:
    """Make the hand-off, and let the case wait for Engineering."""
    made = escalate_case(found, agent=agent_of(request), actor=actor_of(request))
    messages.success(request, _("The hand-off is ready. The case waits on engineering."))
    return redirect("desk:handoff", found.pk, made.pk)


@login_required
@require_safe
def handoff(request: HttpRequest, case_id: str, handoff_id: str) -> HttpResponse:
    """One hand-off as a page."""
    found, made = _handoff(request, case_id, handoff_id)
    return render_page(
        request, "desk/cases/handoff.html", {"case": found, "handoff": made}, section="cases"
    )


@login_required
@require_safe
def handoff_file(request: HttpRequest, case_id: str, handoff_id: str, form: str) -> HttpResponse:
    """The same as a file, Markdown or JSON. Raises Http404 for another form."""
    if form not in ("md", "json"):
        raise Http404
    _found, made = _handoff(request, case_id, handoff_id)
    response: HttpResponse = (
        JsonResponse(made.content, json_dumps_params={"indent": 2, "ensure_ascii": False})
        if form == "json"
        else HttpResponse(made.page, content_type="text/markdown; charset=utf-8")
    )
    response["Content-Disposition"] = f'attachment; filename="{made.pk}.{form}"'
    return response


def _handoff(
    request: HttpRequest, case_id: str, handoff_id: str
) -> tuple[Case, EngineeringHandoff]:
    found = find_case(agent_of(request), case_id)
    made = handoffs_of(found).filter(pk=handoff_id).first()
    if made is None:
        raise Http404
    return found, made
