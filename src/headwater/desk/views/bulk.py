"""Many cases at once: choose, look at what would happen, have it done, undo it."""

import json
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from headwater.accounts.queries import active_agents
from headwater.cases.errors import CaseError
from headwater.cases.handling import bulk
from headwater.cases.handling.changes import CHANGED, REFUSED, SAME, Changes
from headwater.cases.handling.choosing import Choice, chosen_cases
from headwater.cases.handling.tags import known_tags
from headwater.cases.handling.words import tags_in
from headwater.cases.models import BulkItem, Case
from headwater.cases.queries import active_queues
from headwater.desk.shelf import playbook_titles
from headwater.desk.shell import agent_of, render_page, writes_nothing
from headwater.kit.errors import HeadwaterError

_SHOWN = 200
_ITEMS = 500
_OPEN = Choice(state="open")


@login_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The cases that fit what is asked for, to tick, and what can be changed on them."""
    return _choose(request)


def _choose(request: HttpRequest, problem: HeadwaterError | None = None) -> HttpResponse:
    choice = _choice(request)
    try:
        cases = chosen_cases(agent_of(request), choice).select_related("person", "assignee")
    except CaseError as refusal:
        problem, choice = refusal, _OPEN
        cases = chosen_cases(agent_of(request), choice).select_related("person", "assignee")
    context = {
        "choice": choice,
        "cases": list(cases[:_SHOWN]),
        "total": cases.count(),
        "most": bulk.MOST,
        "ticked": request.POST.getlist("case"),
        "typed": request.POST,
        "states": [("open", _("Open")), *Case.State.choices[:5]],
        "priorities": Case.Priority.choices,
        "queues": active_queues(),
        "known_tags": known_tags(),
        "agents": list(active_agents()),
        "causes": sorted(playbook_titles().items(), key=lambda item: item[1]),
        "latest": bulk.latest_bulks(5),
        "problem": problem,
    }
    status = problem.http_status if problem is not None else 200
    return render_page(request, "desk/bulk/choose.html", context, section="cases", status=status)


@login_required
@require_POST
@writes_nothing
def preview(request: HttpRequest) -> HttpResponse:
    """What would happen to each of the chosen cases; nothing is changed."""
    agent = agent_of(request)
    try:
        changes = _changes(request)
        ids, chosen_by = _ids(request)
        plans = bulk.preview(agent, ids, changes)
        if not plans:
            raise CaseError(_("No case was chosen."), hint=_("Tick at least one."))
    except HeadwaterError as problem:
        return _choose(request, problem)
    words = {CHANGED: _("Would change"), SAME: _("Is so already"), REFUSED: _("Refused")}
    context = {
        "plans": [{"plan": plan, "word": words[plan.state]} for plan in plans[:_ITEMS]],
        "counts": {state: sum(plan.state == state for plan in plans) for state in words},
        "total": len(plans),
        "ids": " ".join(plan.case.pk for plan in plans),
        "changes": json.dumps(changes.as_json()),
        "chosen_by": chosen_by,
    }
    return render_page(request, "desk/bulk/preview.html", context, section="cases")


@login_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Has done what the preview showed; what changed meanwhile is looked at again, case by case."""
    try:
        changes = Changes.read(json.loads(request.POST.get("changes", "")))
        made = bulk.start_bulk(
            agent_of(request),
            request.POST.get("ids", "").split(),
            changes,
            entrance="desk",
            chosen_by=request.POST.get("chosen_by", ""),
        )
    except (ValueError, TypeError, AttributeError):
        return _choose(request, HeadwaterError(_("That cannot be read."), hint=_("Start again.")))
    except HeadwaterError as problem:
        return _choose(request, problem)
    return redirect("desk:bulk_act", made.pk)


@login_required
@require_safe
def show(request: HttpRequest, bulk_id: str) -> HttpResponse:
    """How far a bulk act is, and what it did to each case."""
    try:
        found = bulk.bulk_by_id(bulk_id)
    except CaseError as error:
        raise Http404 from error
    counts = bulk.counts_of(found)
    context = {
        "bulk": found,
        "changes": bulk.described(Changes.read(found.changes)),
        "counts": [(BulkItem.State(state).label, n) for state, n in counts.items()],
        "items": list(bulk.items_of(found)[:_ITEMS]),
        "total": sum(counts.values()),
        "may_undo": found.state in ("running", "done") and counts.get("changed", 0) > 0,
        "works": found.state in ("running", "undoing"),
    }
    return render_page(request, "desk/bulk/show.html", context, section="cases")


@login_required
@require_POST
def act(request: HttpRequest, bulk_id: str) -> HttpResponse:
    """Undo it, or ask again for what is left to do."""
    try:
        if request.POST.get("action") == "go_on":
            bulk.go_on(bulk_id)
            messages.success(request, _("The rest is asked for again."))
        else:
            bulk.undo_bulk(bulk_id, agent=agent_of(request), entrance="desk")
            messages.success(request, _("It is being undone."))
    except CaseError as problem:
        messages.error(request, str(problem))
        return redirect("desk:bulk")
    return redirect("desk:bulk_act", bulk_id)


def _choice(request: HttpRequest) -> Choice:
    given = {
        name: request.GET[name].strip()
        for name in Choice.__dataclass_fields__
        if name in request.GET
    }
    return Choice(**given) if given else _OPEN


def _ids(request: HttpRequest) -> tuple[list[str], str]:
    """The ticked cases, or all that fit; and what chose them."""
    if request.POST.get("all") != "1":
        return request.POST.getlist("case"), _("ticked one by one")
    choice = _choice(request)
    found = chosen_cases(agent_of(request), choice).values_list("pk", flat=True)
    return list(found[: bulk.MOST + 1]), str(choice)


def _changes(request: HttpRequest) -> Changes:
    """What the form asks for; "-" in a list leaves a thing as it is, "" takes it away."""
    data = request.POST
    kept: dict[str, Any] = {
        name: None if data.get(name, "-") == "-" else data[name]
        for name in ("assignee", "queue", "priority")
    }
    move = data.get("move", "-")
    return Changes(
        **kept,
        add_tags=tuple(tags_in(data.get("add_tags", ""))),
        remove_tags=tuple(tags_in(data.get("remove_tags", ""))),
        snooze=_until(data.get("until", ""))
        if move == "time"
        else move
        if move in Case.SnoozedFor.values
        else None,
        solve=data.get("cause", "") if move == "solve" else None,
        area=data.get("area", "").strip().lower() if move == "solve" else "",
        reason=data.get("reason", ""),
    )


def _until(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise CaseError(_("Until when?"), param="until", hint=_("Choose a time.")) from error
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()
