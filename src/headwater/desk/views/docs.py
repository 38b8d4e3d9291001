"""The API's reference and the help pages: find the record that answers, and read it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from headwater.cases.queries import visible_cases
from headwater.desk.shell import agent_of, render_page
from headwater.kit.errors import HeadwaterError
from headwater.knowledge import Knowledge, open_knowledge

_SHOWN = 12
_LONGEST = 500


@login_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The search box, and what was found for `q`; `case` leads back to the case it came from."""
    question = request.GET.get("q", "").strip()[:_LONGEST]
    context: dict[str, Any] = {"question": question, **_came_from(request)}
    if question:
        try:
            knowledge = _knowledge()
            context |= {"hits": knowledge.search(question, _SHOWN), "note": knowledge.note}
        except HeadwaterError as problem:
            context["problem"] = problem
    return render_page(request, "desk/docs/search.html", context, section="docs")


@login_required
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """One record, named by `id`: its own, one that it answers for, or the address of a page."""
    found = _knowledge().find(request.GET.get("id", "")[:_LONGEST])
    if found is None:
        raise Http404
    question = request.GET.get("q", "")[:_LONGEST]
    context = {"record": found, "question": question, **_came_from(request)}
    return render_page(request, "desk/docs/record.html", context, section="docs")


def _knowledge() -> Knowledge:
    return open_knowledge(Path(settings.HEADWATER_HOME) / "docs.sqlite")


def _came_from(request: HttpRequest) -> dict[str, Any]:
    case_id = request.GET.get("case", "")
    case = visible_cases(agent_of(request)).filter(pk=case_id).first() if case_id else None
    return {"came_from": case}
