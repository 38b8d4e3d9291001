"""The mail behind a message: as it came, or only for who may see what was masked in it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from headwater.cases.acts import save_draft
from headwater.cases.models import Case, Draft, Message
from headwater.cases.queries import messages_of
from headwater.cases.warnings import warning_for
from headwater.channels.errors import MailNotFound, RevealRefused
from headwater.channels.languages import language_of
from headwater.channels.models import RawMail
from headwater.channels.queries import raw_mail_of_case
from headwater.channels.revealing import found_in, holds_secrets, may_reveal, reveal_mail
from headwater.desk.shell import actor_of, agent_of, render_page
from headwater.desk.views.cases import find_case


@login_required
@require_safe
def raw_mail(request: HttpRequest, case_id: str, mail_id: str) -> HttpResponse:
    """The mail as a text file: nothing of it is ever run or rendered. Where something was masked
    in it, the question who wants to see it and why."""
    found = find_case(agent_of(request), case_id)
    mail = _mail(found, mail_id)
    if holds_secrets(mail):
        return _asked(request, found, mail)
    return _file(mail.pk, bytes(mail.raw))


@login_required
@never_cache
@require_POST
def reveal(request: HttpRequest, case_id: str, mail_id: str) -> HttpResponse:
    """The mail's words without masks, or the whole mail as a file. Written into the case."""
    found = find_case(agent_of(request), case_id)
    mail, reason = _mail(found, mail_id), request.POST.get("reason", "")
    try:
        shown = reveal_mail(
            found, mail_id, reason=reason, agent=agent_of(request), actor=actor_of(request)
        )
    except RevealRefused as refused:
        return _asked(request, found, mail, problem=str(refused), reason=reason, status=403)
    if request.POST.get("as") == "file":
        return _file(mail.pk, shown.raw)
    return _asked(request, found, mail, shown=shown, reason=reason)


@login_required
@require_POST
def warn(request: HttpRequest, case_id: str, message_id: str) -> HttpResponse:
    """Adds to the draft what its sender should do about what they gave away."""
    found = find_case(agent_of(request), case_id)
    message = next((one for one in messages_of(found) if one.pk == message_id), None)
    if message is None:
        raise Http404
    words = warning_of(message)
    draft = getattr(found, "draft", None)
    before = draft.body.rstrip() if draft else ""
    if words and words not in before:
        body = f"{before}\n\n{words}" if before else words
        save_draft(found, body, author=Draft.Author.AGENT, actor=actor_of(request),
                   based_on=draft.based_on if draft else "")  # fmt: skip
    messages.success(request, _("The words stand in the reply."))
    return redirect("desk:case", found.pk)


def warning_of(message: Message) -> str:
    """What to tell the sender of a message, in their language; "" where nothing was masked."""
    return warning_for(message.exposed, language_of(message.body) or "en")


def _mail(found: Case, mail_id: str) -> RawMail:
    try:
        return raw_mail_of_case(found, mail_id)
    except MailNotFound as missing:
        raise Http404 from missing


def _asked(
    request: HttpRequest, found: Case, mail: RawMail, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {
        "case": found, "mail": mail, "message": mail.message, "exposed": found_in(mail),
        "may_reveal": may_reveal(agent_of(request)), **more,
    }  # fmt: skip
    return render_page(request, "desk/cases/reveal.html", context, section="cases", status=status)


def _file(name: str, raw: bytes) -> HttpResponse:
    response = HttpResponse(raw, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.txt"'
    response["Content-Security-Policy"] = "sandbox"
    return response
