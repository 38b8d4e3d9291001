"""The case page: every button is one act of the cases room."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from headwater.accounts import acts as account_acts
from headwater.cases import acts, delivery
from headwater.cases.files import attach_file, remove_file
from headwater.cases.models import Case, Draft
from headwater.cases.queries import messages_of
from headwater.desk.forms import UNKNOWN_CAUSE, SolveForm
from headwater.desk.rephrasing import rephrasing_context
from headwater.desk.shelf import known_playbooks
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.snooze import snooze_until
from headwater.desk.views.cases import (
    composer_of,
    evidence_context,
    find_case,
    show_case,
)
from headwater.diagnosis.queries import latest_rephrasing
from headwater.diagnosis.rephrasing.acts import ask_rephrasing, take_plain_back
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError
from headwater.kit.redaction import masked

_Rest = ParamSpec("_Rest")


def changes_case(
    act: Callable[Concatenate[HttpRequest, Case, _Rest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A POST on a case the agent may see; what an act refuses is said above the conversation."""

    @login_required
    @require_POST
    @wraps(act)
    def view(
        request: HttpRequest, case_id: str, *args: _Rest.args, **kwargs: _Rest.kwargs
    ) -> HttpResponse:
        found = find_case(agent_of(request), case_id)
        try:
            return act(request, found, *args, **kwargs)
        except HeadwaterError as problem:
            return show_case(
                request,
                find_case(agent_of(request), case_id),
                compose=_typed(request, found),
                write_error=str(problem),
                status=problem.http_status,
            )

    return view


def _typed(request: HttpRequest, found: Case) -> dict[str, str] | None:
    """What was in the composer, so that a refusal never loses words."""
    if "reply_body" not in request.POST:
        return None
    compose = composer_of(found)
    for name in ("kind", "reply_body", "note_body"):
        compose[name] = request.POST.get(name, "")
    return compose


@changes_case
def write(request: HttpRequest, found: Case) -> HttpResponse:
    """Send, keep or rephrase the draft, go on to solving, add a note: as the button says."""
    agent, actor = agent_of(request), actor_of(request)
    action = request.POST.get("action", "save_draft")
    reply = request.POST.get("reply_body", "").replace("\r\n", "\n")
    if action != "note":
        _attach(request, found)
    if action == "note":
        note = request.POST.get("note_body", "").replace("\r\n", "\n")
        acts.add_note(found, note, agent=agent, actor=actor)
        messages.success(request, _("Note added. Only the team sees it."))
    elif action == "send":
        hold = settings.HEADWATER_UNDO_SECONDS
        acts.send_reply(found, reply, agent=agent, actor=actor, hold_seconds=hold)
        messages.success(request, _on_its_way(found, hold))
    elif action.startswith("remove_file:"):
        remove_file(found, action.partition(":")[2], actor=actor)
        _keep(request, found, reply)
    elif action == "rephrase":
        if not hasattr(found, "draft") or reply != found.draft.body.replace("\r\n", "\n"):
            _keep(request, found, reply)
        ask_rephrasing(found, agent=agent)
    elif action == "plain_draft":
        last = latest_rephrasing(found)
        if last is not None:
            take_plain_back(last, actor=actor)
    else:
        _keep(request, found, reply)
        if action == "send_solve":
            return _to_solve(found)
        messages.success(request, _("Draft saved. Colleagues see it in this case."))
    return redirect("desk:case", found.pk)


def _attach(request: HttpRequest, found: Case) -> None:
    """Keeps the chosen files with the draft, so that nothing chosen is lost by what follows."""
    for upload in request.FILES.getlist("files"):
        most = settings.HEADWATER_ATTACHMENT_MB
        if (upload.size or 0) > most * 1_000_000:
            raise HeadwaterError(
                _("%(name)s is larger than %(n)s MB.") % {"name": upload.name, "n": most},
                param="files",
                hint=_("Send a link instead."),
            )
        attach_file(
            found,
            name=upload.name or "",
            data=upload.read(),
            agent=agent_of(request),
            actor=actor_of(request),
        )


def _keep(request: HttpRequest, found: Case, reply: str) -> None:
    based_on = found.draft.based_on if hasattr(found, "draft") else ""
    acts.save_draft(
        found, reply, author=Draft.Author.AGENT, actor=actor_of(request), based_on=based_on
    )


def _on_its_way(found: Case, hold: int) -> str:
    if not hold:
        return _("Reply is on its way to %s.") % found.person.email
    words = _("Reply to %(email)s leaves in %(n)s seconds. Until then you can take it back.")
    return words % {"email": found.person.email, "n": hold}


def _to_solve(found: Case) -> HttpResponse:
    response = redirect("desk:solve", found.pk)
    response["Location"] += "?send=1"
    return response


@changes_case
def assign(request: HttpRequest, found: Case) -> HttpResponse:
    """Assign the case to whoever presses."""
    acts.assign_case(found, agent_of(request), actor=actor_of(request))
    return redirect("desk:case", found.pk)


@changes_case
def snooze(request: HttpRequest, found: Case) -> HttpResponse:
    """Out of sight until the chosen time."""
    until = snooze_until(request.POST.get("for", ""), utc_now())
    if until is None:
        raise HeadwaterError(_("Choose one of the offered times."), param="for")
    acts.snooze_case(found, until, actor=actor_of(request))
    messages.success(request, _("Snoozed. A mail of the user wakes it earlier."))
    return redirect("desk:case", found.pk)


@changes_case
def wait_engineering(request: HttpRequest, found: Case) -> HttpResponse:
    """Engineers have to act first."""
    acts.wait_on_engineering(found, actor=actor_of(request))
    messages.success(request, _("Waiting on engineering. The clocks run on: the user still waits."))
    return redirect("desk:case", found.pk)


@changes_case
def take_back(request: HttpRequest, found: Case) -> HttpResponse:
    """Our turn again; a solved case is reopened."""
    if found.state == Case.State.SOLVED:
        acts.reopen_case(found, actor=actor_of(request))
    else:
        acts.take_back(found, actor=actor_of(request))
    return redirect("desk:case", found.pk)


@changes_case
def resend(request: HttpRequest, found: Case, message_id: str) -> HttpResponse:
    """Try a reply that was refused once more."""
    message = messages_of(found).filter(pk=message_id).first()
    if message is None:
        raise Http404
    delivery.resend_reply(message, actor=actor_of(request))
    return redirect("desk:case", found.pk)


@changes_case
def ask_verification(request: HttpRequest, found: Case) -> HttpResponse:
    """Mail a confirm link to the claimed account's registered address."""
    if found.account is None or found.identity != Case.Identity.UNVERIFIED:
        raise HeadwaterError(_("There is no claimed account to confirm."), param="account")
    account_acts.start_verification(
        found.person, found.account, actor=actor_of(request), case_id=found.pk
    )
    messages.success(request, _("A confirm link goes to the account's registered address."))
    return redirect("desk:case", found.pk)


@changes_case
def use_finding(request: HttpRequest, found: Case, rank: int) -> HttpResponse:
    """Refill the draft with a finding's words for the user; only for a verified sender."""
    if found.identity != Case.Identity.VERIFIED:
        raise HeadwaterError(
            _("The sender is not verified, so no finding may be sent."),
            hint=_("Ask for the confirmation first."),
        )
    findings = evidence_context(found, agent_of(request))["findings"]
    finding = next((one for one in findings if one.rank == rank), None)
    if finding is None:
        raise Http404
    body = reply_text(found, finding.explanation_user, agent_of(request).get_short_name())
    acts.save_draft(
        found,
        body,
        author=Draft.Author.AGENT,
        actor=actor_of(request),
        based_on=finding.playbook,
    )
    found = find_case(agent_of(request), found.pk)
    if request.headers.get("HX-Request"):
        context = {"case": found, "compose": composer_of(found), **rephrasing_context(found)}
        return render(request, "desk/cases/_composer.html", context)
    return redirect("desk:case", found.pk)


def reply_text(found: Case, explanation: str, agent_name: str) -> str:
    """A letter around a finding's words."""
    name = found.person.name.split(" ")[0] if found.person.name else ""
    greeting = _("Hello %s,") % name if name else _("Hello,")
    return f"{greeting}\n\n{masked(explanation.strip())}\n\n{_('Kind regards')}\n{agent_name}\n"


@login_required
@require_http_methods(["GET", "POST"])
def solve(request: HttpRequest, case_id: str) -> HttpResponse:
    """Ask for cause and area; with `?send=1` the saved reply goes out in the same step."""
    agent = agent_of(request)
    found = find_case(agent, case_id)
    playbooks = known_playbooks()
    context = evidence_context(found, agent_of(request))
    likely = [finding.playbook for finding in context["findings"]]
    sending = request.GET.get("send") == "1"
    cause = likely[0] if likely else UNKNOWN_CAUSE
    initial = {
        "cause": cause,
        "area": playbooks[cause].area if cause in playbooks else "",
        "reply_body": composer_of(found)["reply_body"],
    }
    form = SolveForm(
        request.POST or None, initial=initial, playbooks=playbooks, likely=likely, sending=sending
    )
    if request.method == "POST" and form.is_valid():
        try:
            _solve(request, found, form, likely_modes(context, form.cleaned_data["cause"]))
        except HeadwaterError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Solved."))
            return redirect("desk:case", found.pk)
    status = 422 if form.errors else 200
    context |= {"form": form, "sending": sending}
    return render_page(request, "desk/cases/solve.html", context, section="cases", status=status)


def likely_modes(context: dict[str, list[object]], cause: str) -> str:
    """The failure mode that the finding of this cause showed, or nothing."""
    for finding in context["findings"]:
        if getattr(finding, "playbook", "") == cause:
            return next(iter(getattr(finding, "modes", [])), "")
    return ""


def _solve(request: HttpRequest, found: Case, form: SolveForm, mode: str) -> None:
    cause, area = form.cleaned_data["cause"], form.cleaned_data["area"].strip().lower()
    actor = actor_of(request)
    if form.sending:
        acts.send_reply(
            found,
            form.cleaned_data["reply_body"].replace("\r\n", "\n"),
            agent=agent_of(request),
            actor=actor,
            solve=True,
            cause=cause,
            cause_mode=mode,
            area=area,
            hold_seconds=settings.HEADWATER_UNDO_SECONDS,
        )
    else:
        acts.solve_case(found, cause=cause, cause_mode=mode, area=area, actor=actor)
