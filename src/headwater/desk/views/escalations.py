"""What other teams have to do: for one case on its page, and for all on another."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from headwater.cases.models import Case
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.views.cases import find_case
from headwater.escalation import acts, queries, rules
from headwater.escalation.models import Escalation
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError

_WITHIN: Final = (
    (2, gettext_lazy("2 hours")),
    (4, gettext_lazy("4 hours")),
    (8, gettext_lazy("8 hours")),
    (24, gettext_lazy("1 day")),
    (48, gettext_lazy("2 days")),
    (168, gettext_lazy("1 week")),
)


@login_required
@require_safe
def escalation_list(request: HttpRequest) -> HttpResponse:
    """The live ones, what is promised first on top."""
    context = {"escalations": queries.visible_escalations(agent_of(request)), "now": utc_now()}
    return render_page(request, "desk/escalations.html", context, section="escalations")


@login_required
@require_http_methods(["GET", "POST"])
def escalations(request: HttpRequest, case_id: str) -> HttpResponse:
    """The page of a case, and each change that its forms make; refusals are said above them."""
    found = find_case(agent_of(request), case_id)
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("action", ""))
        try:
            if act is None:
                raise HeadwaterError(_("There is no such change."), hint=_("Reload the page."))
            act(request, found)
        except HeadwaterError as problem:
            return _page(request, found, problem=problem)
        return redirect("desk:escalations", found.pk)
    return _page(request, found)


def _page(request: HttpRequest, found: Case, problem: HeadwaterError | None = None) -> HttpResponse:
    known = queries.escalations_of(found)
    teams = [
        {"key": key, "title": title, "tracker": getattr(queries.tracker_for_team(key), "name", "")}
        for key, title in rules.TEAMS.items()
    ]
    context = {
        "case": found,
        "shown": [{"one": each, "talk": queries.comments_of(each)} for each in known],
        "joinable": queries.joinable(found),
        "teams": teams,
        "severities": rules.SEVERITIES.items(),
        "within": _WITHIN,
        "now": utc_now(),
        "typed": request.POST if problem is not None else {},
        "problem": problem,
    }
    status = problem.http_status if problem is not None else 200
    template = "desk/cases/escalations.html"
    return render_page(request, template, context, section="cases", status=status)


def _open(request: HttpRequest, found: Case) -> None:
    made = acts.open_escalation(
        found,
        team=request.POST.get("team", ""),
        severity=request.POST.get("severity", ""),
        next_update_at=_promised(request),
        ask=request.POST.get("ask", "").replace("\r\n", "\n"),
        agent=agent_of(request),
        actor=actor_of(request),
    )
    words = _("%(team)s has it now. The case waits on them.")
    messages.success(request, words % {"team": made.get_team_display()})


def _join(request: HttpRequest, found: Case) -> None:
    wanted = request.POST.get("escalation", "")
    chosen = next((each for each in queries.joinable(found) if each.pk == wanted), None)
    if chosen is None:
        raise HeadwaterError(_("Choose one of the escalations shown."), param="escalation")
    acts.join_escalation(chosen, found, actor=actor_of(request))


def _leave(request: HttpRequest, found: Case) -> None:
    acts.leave_escalation(_chosen(request, found), found, actor=actor_of(request))


def _comment(request: HttpRequest, found: Case) -> None:
    body = request.POST.get("body", "").replace("\r\n", "\n")
    agent, actor = agent_of(request), actor_of(request)
    acts.send_comment(_chosen(request, found), body, agent=agent, actor=actor)
    messages.success(request, _("The comment is on its way."))


def _promise(request: HttpRequest, found: Case) -> None:
    acts.promise_update(_chosen(request, found), _promised(request), actor=actor_of(request))


def _withdraw(request: HttpRequest, found: Case) -> None:
    reason = request.POST.get("reason", "")
    acts.withdraw_escalation(_chosen(request, found), reason=reason, actor=actor_of(request))


def _reopen(request: HttpRequest, found: Case) -> None:
    acts.reopen_escalation(_chosen(request, found), actor=actor_of(request))


def _fixed(request: HttpRequest, found: Case) -> None:
    acts.finish_by_hand(_chosen(request, found), rules.FIXED, actor=actor_of(request))


def _declined(request: HttpRequest, found: Case) -> None:
    acts.finish_by_hand(_chosen(request, found), rules.DECLINED, actor=actor_of(request))


def _retry(request: HttpRequest, found: Case) -> None:
    acts.retry_escalation(_chosen(request, found), actor=actor_of(request))


def _chosen(request: HttpRequest, found: Case) -> Escalation:
    chosen = queries.escalation_of_case(found, request.POST.get("escalation", ""))
    if chosen is None:
        raise HeadwaterError(_("This case has no such escalation."), hint=_("Reload the page."))
    return chosen


def _promised(request: HttpRequest) -> datetime:
    """The exact time where one is given (UTC, as browsers send it), else so many hours from now."""
    text, hours = request.POST.get("at", ""), request.POST.get("within", "")
    if text:
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise HeadwaterError(_("That is no time."), param="at") from error
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at
    if hours not in {str(each) for each, _title in _WITHIN}:
        raise HeadwaterError(_("By when does the team speak again?"), param="within")
    return utc_now() + timedelta(hours=int(hours))


_ACTS: dict[str, Callable[[HttpRequest, Case], Any]] = {
    "open": _open,
    "join": _join,
    "leave": _leave,
    "comment": _comment,
    "promise": _promise,
    "withdraw": _withdraw,
    "reopen": _reopen,
    "fixed": _fixed,
    "declined": _declined,
    "retry": _retry,
}
