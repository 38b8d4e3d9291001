"""Who did what to a case, and how long it took."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from headwater.accounts.queries import active_agents
from headwater.cases.effort.acts import correct_time, note_activity
from headwater.cases.effort.queries import seconds_of, time_spent
from headwater.cases.handling.history import Line, as_csv, as_json, history
from headwater.cases.handling.mentioning import nameable
from headwater.cases.models import Case
from headwater.desk.shelf import playbook_titles
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.timeline import event_text
from headwater.desk.views.cases import find_case
from headwater.desk.views.handling import event_words
from headwater.kit.errors import HeadwaterError

_MOST = 1000
_FILTERS = ("kind", "who", "entrance")
# What the conversation leaves out.
_WORDS: Final = {
    "case.opened": gettext_lazy("The case was opened"),
    "clock.started": gettext_lazy("A promise began"),
    "draft.saved": gettext_lazy("A draft was kept"),
    "reply.held": gettext_lazy("A reply waits for its moment of taking back"),
    "file.attached": gettext_lazy("A file was attached"),
    "file.removed": gettext_lazy("A file was taken off"),
    "delivery.sent": gettext_lazy("The mail server took a reply"),
    "secret.masked": gettext_lazy("A secret was masked"),
    "sla.changed": gettext_lazy("Another policy holds"),
}


@login_required
@require_safe
def page(request: HttpRequest, case_id: str) -> HttpResponse | StreamingHttpResponse:
    """The log of the case with its filters; `?as=csv` or `?as=json` hands it out."""
    found = find_case(agent_of(request), case_id)
    chosen = {name: request.GET.get(name, "") for name in _FILTERS}
    lines = history(found, **chosen)
    form = request.GET.get("as", "")
    if form == "json":
        return JsonResponse({"case": found.pk, "history": as_json(lines)})
    if form == "csv":
        answer = StreamingHttpResponse(as_csv(lines), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{found.pk}.csv"'
        return answer
    return _show(request, found, lines, chosen)


def _show(
    request: HttpRequest,
    found: Case,
    lines: list[Line],
    chosen: dict[str, str],
    problem: HeadwaterError | None = None,
) -> HttpResponse:
    every, titles = history(found) if any(chosen.values()) else lines, playbook_titles()
    context = {
        "case": found,
        "lines": [(line, _text(line, titles)) for line in lines[-_MOST:]],
        "more": len(lines) > _MOST,
        "chosen": chosen,
        "kinds": sorted({line.kind for line in every}),
        "people": sorted({line.who for line in every if line.who}),
        "entrances": sorted({line.entrance for line in every if line.entrance}),
        "spent": time_spent(found),
        "problem": problem,
        "typed": request.POST,
    }
    status = problem.http_status if problem else 200
    return render_page(request, "desk/cases/history.html", context, section="cases", status=status)


def _text(line: Line, titles: dict[str, str]) -> str:
    if line.event is None:
        words = _("read evidence: %(reason)s (%(outcome)s, %(rows)s rows)")
        return words % {name: line.data[name] for name in ("reason", "outcome", "rows")}
    words = event_words(line.kind) or str(_WORDS.get(line.kind, ""))
    return words or event_text(line.event, titles)


@login_required
@require_POST
def correct(request: HttpRequest, case_id: str) -> HttpResponse:
    """Minutes put on or taken off what was measured for the signed-in agent."""
    agent = agent_of(request)
    found = find_case(agent, case_id)
    try:
        minutes = request.POST.get("minutes", "").strip()
        if not minutes.lstrip("+-").isdigit():
            raise HeadwaterError(_("How many minutes?"), param="minutes", hint=_("A whole number."))
        reason = request.POST.get("reason", "")
        correct_time(found, agent, int(minutes) * 60, reason=reason, actor=actor_of(request))
    except HeadwaterError as problem:
        return _show(request, found, history(found), dict.fromkeys(_FILTERS, ""), problem)
    messages.success(request, _("Corrected."))
    return redirect("desk:history", found.pk)


@login_required
@require_POST
def here(request: HttpRequest, case_id: str) -> HttpResponse:
    """A sign that the agent is at work on the case; says how long everybody was."""
    agent = agent_of(request)
    found = find_case(agent, case_id)
    note_activity(found, agent)
    return JsonResponse({"seconds": round(seconds_of(found))})


@login_required
@require_safe
def colleagues(request: HttpRequest) -> HttpResponse:
    """Whom a note can name: agents and queues."""
    agents = list(active_agents().order_by("name", "pk"))
    names = [one.name for one in agents]
    queues = [one.words[0] for one in nameable(agents)[len(agents) :]]
    return JsonResponse({"names": [*dict.fromkeys([*names, *queues])]})
