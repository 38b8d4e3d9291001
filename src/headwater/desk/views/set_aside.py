"""Mail that was set aside: why, how it looks, reading it again, leaving it out."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from headwater.channels import quarantine
from headwater.channels.errors import MailNotFound, RevealRefused
from headwater.channels.queries import mail as mail_by_id
from headwater.channels.revealing import source_of
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.kit.errors import HeadwaterError

_PAGE = 50
_STATES = ("quarantined", "discarded")
_READING = "to read a mail that was set aside"


@login_required
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The list: what was set aside, or what was discarded of it."""
    state = request.GET.get("state", "")
    state = state if state in _STATES else _STATES[0]
    counts = {name: quarantine.count(name) for name in _STATES}
    number = request.GET.get("page", "1")
    last = max(1, -(-counts[state] // _PAGE))
    page = min(int(number), last) if number.isdecimal() and number != "0" else 1
    context: dict[str, Any] = {
        "state": state,
        "counts": counts,
        "mails": quarantine.listed(state, start=(page - 1) * _PAGE, count=_PAGE),
        "page": page,
        "before": page - 1 if page > 1 else None,
        "after": page + 1 if page < last else None,
    }
    return render_page(request, "desk/set_aside/list.html", context, section="set_aside")


@login_required
@require_safe
def mail(request: HttpRequest, mail_id: str) -> HttpResponse:
    """One mail: the reason, what was decided before, and the start of its source as text."""
    try:
        found = mail_by_id(mail_id)
    except MailNotFound as error:
        raise Http404 from error
    if found.status not in _STATES:
        # In a case it is seen through the case.
        raise Http404
    context = {
        "mail": found,
        "events": list(found.events.all()),
        "source": quarantine.source_text(found),
        "cut": found.size > quarantine.SHOWN_BYTES,
        "shown_bytes": quarantine.SHOWN_BYTES,
    }
    return render_page(request, "desk/set_aside/mail.html", context, section="set_aside")


@login_required
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Reads the chosen mails again, or discards them: as the pressed button says."""
    chosen = list(dict.fromkeys(request.POST.getlist("mail")))[:1_000]
    actor = actor_of(request)
    if not chosen:
        messages.error(request, _("Nothing was chosen. Tick at least one mail."))
        return redirect("desk:set_aside")
    try:
        if request.POST.get("action") == "discard":
            why = request.POST.get("why", "")
            number = quarantine.discard_mails(chosen, actor=actor, why=why)
            words = ngettext("%d mail was discarded.", "%d mails were discarded.", number)
        else:
            number = quarantine.replay_mails(chosen, actor=actor)
            words = ngettext("%d mail is read again.", "%d mails are read again.", number)
        messages.success(request, words % number)
    except HeadwaterError as problem:
        messages.error(request, str(problem))
    return redirect("desk:set_aside")


@login_required
@require_POST
def source(request: HttpRequest, mail_id: str) -> HttpResponse:
    """The bytes as a text file. That they were taken is written down, for they may hold secrets."""
    try:
        found = mail_by_id(mail_id)
        if found.message_id is not None:
            raise Http404  # in a case it is seen through the case
        raw = source_of(found, reason=_READING, agent=agent_of(request), actor=actor_of(request))
    except RevealRefused as refused:
        messages.error(request, str(refused))
        return redirect("desk:set_aside_mail", mail_id)
    except HeadwaterError as error:
        raise Http404 from error
    response = HttpResponse(raw, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{mail_id}.txt"'
    response["Content-Security-Policy"] = "sandbox"
    return response
