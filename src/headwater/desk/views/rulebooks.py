"""The team's rules and people's work, for leads: look, check, see what changes, apply, go back."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from headwater.accounts.acts import set_work
from headwater.accounts.queries import active_agents
from headwater.cases import rulebooks
from headwater.cases.routing.queries import in_force as routing_in_force
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.views.board import for_leads
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError

_TITLES = {
    "sla": gettext_lazy("Promises (SLA)"),
    "routing": gettext_lazy("Routing"),
    "automations": gettext_lazy("Automations"),
}


def _kind(key: str) -> rulebooks.Kind:
    kind = rulebooks.KINDS.get(key)
    if kind is None:
        raise Http404
    return kind


@login_required
@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """The rulebook that holds, and every version before it."""
    return _show(request, key)


@for_leads
@require_POST
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Checks a text and shows what would change; with `apply` it holds from now on."""
    kind, text, now = _kind(key), _text(request), utc_now()
    actor = actor_of(request)
    try:
        if request.POST.get("action") == "again":
            version = request.POST.get("version", "")
            done = rulebooks.apply_again(
                kind, int(version) if version.isdigit() else 0, actor=actor
            )
        elif request.POST.get("action") == "apply":
            done = rulebooks.apply_text(kind, text, now=now, actor=actor)
        else:
            difference = rulebooks.difference(kind, rulebooks.read_text(kind, text, now))
            return _show(request, key, text=text, difference=difference)
    except HeadwaterError as problem:
        return _show(request, key, text=text, problem=problem)
    said = _("It holds from now on.") if done else _("It holds already.")
    messages.success(request, said)
    return redirect("desk:rulebook", key)


def _text(request: HttpRequest) -> str:
    upload = request.FILES.get("file")
    if upload is not None and (upload.size or 0) <= rulebooks.LONGEST:
        return str(upload.read(), "utf-8-sig", "replace")
    return request.POST.get("text", "").replace("\r\n", "\n")


def _show(
    request: HttpRequest,
    key: str,
    *,
    text: str | None = None,
    difference: list[str] | None = None,
    problem: HeadwaterError | None = None,
) -> HttpResponse:
    kind = _kind(key)
    held = rulebooks.versions(kind)
    context: dict[str, Any] = {
        "key": key,
        "title": _TITLES[key],
        "titles": _TITLES,
        "versions": held,
        "text": text if text is not None else (held[0].source if held else ""),
        "difference": difference,
        "problem": problem,
        "is_lead": agent_of(request).role == "lead",
    }
    status = problem.http_status if problem else 200
    return render_page(request, "desk/rulebook.html", context, section="rulebooks", status=status)


@login_required
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Who can do what, and how much is given to them."""
    return _team(request)


@for_leads
@require_POST
def team_change(request: HttpRequest) -> HttpResponse:
    """What one agent can do and how much they get."""
    post = request.POST
    try:
        capacity, away = post.get("capacity", "").strip(), post.get("away_until", "").strip()
        if capacity and not capacity.isdigit():
            raise HeadwaterError(_("The capacity is a number."), param="capacity")
        found = set_work(
            post.get("email", ""),
            skills=_words(post.get("skills", "")),
            languages=_words(post.get("languages", "")),
            capacity=int(capacity or 0),
            calendar=post.get("calendar", ""),
            away_until=_instant(away) if away else None,
            here=not away,
        )
    except HeadwaterError as problem:
        return _team(request, problem)
    messages.success(request, _("Kept: %(name)s.") % {"name": found.name})
    return redirect("desk:team")


def _team(request: HttpRequest, problem: HeadwaterError | None = None) -> HttpResponse:
    rules = routing_in_force()
    context = {
        "agents": active_agents().order_by("name", "pk"),
        "calendars": sorted(rules.calendars) if rules else [],
        "problem": problem,
        "typed": request.POST,
        "is_lead": agent_of(request).role == "lead",
    }
    status = problem.http_status if problem else 200
    return render_page(request, "desk/team.html", context, section="team", status=status)


def _words(text: str) -> list[str]:
    return [one.strip() for one in text.replace(";", ",").split(",") if one.strip()]


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise HeadwaterError(_("That is no time."), param="away_until") from error
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
