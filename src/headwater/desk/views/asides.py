"""Side conversations of a case: mail with teams, banks and others that the user never sees."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from headwater.cases.handling.snoozing import snooze_for
from headwater.cases.models import Case
from headwater.channels.asides import acts
from headwater.channels.asides.models import Aside, AsideMessage
from headwater.channels.asides.queries import aside_of, asides_of
from headwater.channels.attached import bytes_in
from headwater.channels.errors import MailNotFound, RevealRefused
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.views.attached import served
from headwater.desk.views.cases import find_case
from headwater.kit.errors import HeadwaterError
from headwater.kit.outbox.queries import outgoing_by_id

_TYPED = ("party", "to", "subject", "body")


@login_required
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, case_id: str) -> HttpResponse:
    """The conversations, and every change that the page's forms make."""
    found = find_case(agent_of(request), case_id)
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("action", ""))
        try:
            if act is None:
                raise HeadwaterError(_("There is no such change."), hint=_("Reload the page."))
            act(request, found)
        except HeadwaterError as problem:
            return _show(request, found, problem)
        return redirect("desk:asides", found.pk)
    return _show(request, found)


def _show(request: HttpRequest, found: Case, problem: HeadwaterError | None = None) -> HttpResponse:
    asides = asides_of(found)
    mails = [one.outgoing_id for each in asides for one in each.messages.all() if one.outgoing_id]
    typed = {name: request.POST.get(name, "") for name in _TYPED} if problem else {}
    context = {
        "case": found,
        "asides": asides,
        "outgoing": outgoing_by_id(mails),
        "parties": Aside.Party.choices,
        "problem": problem,
        "typed": typed,
        "at": request.POST.get("aside", "") if problem else "",
    }
    status = problem.http_status if problem else 200
    return render_page(request, "desk/cases/asides.html", context, section="cases", status=status)


def _files(request: HttpRequest) -> list[tuple[str, bytes]]:
    return [(one.name or "", one.read()) for one in request.FILES.getlist("files")]


def _open(request: HttpRequest, found: Case) -> None:
    post = request.POST
    acts.open_aside(
        found,
        party=post.get("party", ""),
        to=post.get("to", ""),
        subject=post.get("subject", ""),
        body=post.get("body", ""),
        agent=agent_of(request),
        actor=actor_of(request),
        files=_files(request),
    )
    if post.get("wait") == "1":
        snooze_for(found, Case.SnoozedFor.ASIDE, actor=actor_of(request))
    messages.success(request, _("On its way. The user sees nothing of it."))


def _write(request: HttpRequest, found: Case) -> None:
    aside, body = _chosen(request, found), request.POST.get("body", "")
    acts.write_aside(
        aside, body, agent=agent_of(request), actor=actor_of(request), files=_files(request)
    )
    messages.success(request, _("On its way. The user sees nothing of it."))


def _close(request: HttpRequest, found: Case) -> None:
    acts.close_aside(_chosen(request, found), actor=actor_of(request))


def _reopen(request: HttpRequest, found: Case) -> None:
    acts.reopen_aside(_chosen(request, found), actor=actor_of(request))


def _chosen(request: HttpRequest, found: Case) -> Aside:
    aside = aside_of(found, request.POST.get("aside", ""))
    if aside is None:
        raise HeadwaterError(_("There is no such side conversation here."), param="aside")
    return aside


_ACTS: dict[str, Callable[[HttpRequest, Case], None]] = {
    "open": _open,
    "write": _write,
    "close": _close,
    "reopen": _reopen,
}


@login_required
@require_safe
def file(
    request: HttpRequest, case_id: str, aside_id: str, message_id: str, place: int
) -> HttpResponse:
    """A file that came with an answer, to be saved."""
    aside = aside_of(find_case(agent_of(request), case_id), aside_id)
    message = aside.messages.filter(pk=message_id).first() if aside else None
    if message is None:
        raise Http404
    try:
        return served(_name(message, place), bytes_in(message.mail, message.attachments, place))
    except (MailNotFound, RevealRefused) as missing:
        raise Http404 from missing


def _name(message: AsideMessage, place: int) -> str:
    known = message.attachments[place]["name"] if place < len(message.attachments) else ""
    return known or f"{message.pk}-{place + 1}"
