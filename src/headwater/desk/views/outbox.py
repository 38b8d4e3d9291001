"""Mail on its way out: what has not left, and taking a reply back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from headwater.cases.delivery import cancel_reply
from headwater.cases.files import file_of
from headwater.cases.models import Case
from headwater.cases.queries import cases_of_messages, messages_of
from headwater.channels.marks import clear_mark
from headwater.channels.outgoing import cancel_mail, retry_mail
from headwater.desk.delivery import delivery_of
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.views.cases import find_case
from headwater.desk.views.changes import changes_case
from headwater.kit.clock import utc_now
from headwater.kit.errors import HeadwaterError
from headwater.kit.outbox import queries
from headwater.kit.outbox.rules import CANCELLABLE, REPEATABLE

_MOST = 200


@changes_case
def undo(request: HttpRequest, found: Case, message_id: str) -> HttpResponse:
    """Take a reply back that has not begun to leave; its text is in the reply box again."""
    message = messages_of(found).filter(pk=message_id).first()
    if message is None:
        raise Http404
    cancel_reply(message, actor=actor_of(request))
    messages.success(request, _("Taken back. Nothing was sent; the text is in the reply box."))
    return redirect("desk:case", found.pk)


@changes_case
def clear(request: HttpRequest, found: Case) -> HttpResponse:
    """An agent knows that mail to the person arrives again."""
    clear_mark(found.person.email, actor=actor_of(request))
    return redirect("desk:case", found.pk)


@login_required
@require_safe
def delivery(request: HttpRequest, case_id: str, message_id: str) -> HttpResponse:
    """How far one reply has come, for the conversation's own refresh."""
    found = find_case(agent_of(request), case_id)
    message = messages_of(found).filter(pk=message_id).first()
    if message is None:
        raise Http404
    context = {
        "case": found,
        "message": message,
        "delivery": delivery_of(message, queries.outgoing_about(message.pk)),
    }
    return render_page(request, "desk/cases/_delivery.html", context)


@login_required
@require_safe
def file(request: HttpRequest, case_id: str, file_id: str) -> HttpResponse:
    """A file that goes out with a reply, to be saved: nothing of it is run or shown here."""
    found = find_case(agent_of(request), case_id)
    kept = file_of(found, file_id)
    if kept is None:
        raise Http404
    response = HttpResponse(bytes(kept.content.data), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, kept.name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What has not left yet, or was asked for lately with `?all=1`, and why."""
    everything = request.GET.get("all") == "1"
    rows = list((queries.latest() if everything else queries.unsent())[:_MOST])
    cases = cases_of_messages(agent_of(request), [row.about for row in rows if row.about])
    context = {
        "rows": [
            {
                "mail": row,
                "case": cases.get(row.about),
                "may_retry": row.state in REPEATABLE,
                "may_cancel": row.state in CANCELLABLE,
            }
            for row in rows
        ],
        "everything": everything,
        "attention": queries.needs_a_person(utc_now()).count(),
    }
    return render_page(request, "desk/outbox.html", context, section="outbox")


@login_required
@require_POST
def act(request: HttpRequest, outgoing_id: str) -> HttpResponse:
    """Try one mail again now, or take it back."""
    try:
        if request.POST.get("action") == "cancel":
            cancel_mail(outgoing_id, actor=actor_of(request))
            messages.success(request, _("Taken back."))
        else:
            retry_mail(outgoing_id, actor=actor_of(request))
            messages.success(request, _("It is tried again now."))
    except HeadwaterError as problem:
        messages.error(request, str(problem))
    return redirect("desk:outbox")
