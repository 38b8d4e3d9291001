"""Files that came with a message, and the message as its sender laid it out."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from headwater.accounts.models import Agent
from headwater.accounts.queries import active_agents
from headwater.cases.models import Case, Message
from headwater.cases.queries import messages_of
from headwater.channels.attached import bytes_of, shown_html
from headwater.channels.errors import MailNotFound, RevealRefused
from headwater.channels.queries import raw_mails_of_case
from headwater.channels.showing import page, picture_type
from headwater.desk.shell import agent_of, theme_of
from headwater.desk.views.cases import find_case

_SALT = "headwater.attached-elsewhere"
_TOKEN_SECONDS = 300
# A document of its own: no scripts, no forms, nothing of ours; links open beside it.
_FRAME = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'self'; "
    "img-src {images}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@login_required
@require_safe
def file(request: HttpRequest, case_id: str, message_id: str, place: int) -> HttpResponse:
    """A file that came with a message, to be saved. `?show=1` shows a raster picture, and nothing
    else: what a file says of its type is not believed."""
    agent = agent_of(request)
    message = _message(find_case(agent, case_id), message_id)
    try:
        data = bytes_of(message, place)
    except MailNotFound as missing:
        raise Http404 from missing
    except RevealRefused:
        # Whoever may see it takes it with the whole mail, with a reason, on record.
        return redirect("desk:raw_mail", case_id, raw_mails_of_case(message.case)[message.pk][0].pk)
    show = request.GET.get("show") == "1"
    if settings.HEADWATER_FILES_ORIGIN:
        claim = {"agent": agent.pk, "case": case_id, "message": message_id, "place": place}
        token = signing.dumps({**claim, "show": show}, salt=_SALT)
        path = reverse("desk:attached_elsewhere", args=[token])
        return redirect(f"{settings.HEADWATER_FILES_ORIGIN}{path}")
    return _served(message, place, data, show=show)


@login_not_required
@require_safe
def elsewhere(request: HttpRequest, token: str) -> HttpResponse:
    """A file under a name of this server that has no cookie: a fresh signed address lets in, while
    its agent may still see the case."""
    try:
        claim = signing.loads(token, salt=_SALT, max_age=_TOKEN_SECONDS)
        agent = active_agents().get(pk=claim["agent"])
        message = _message(find_case(agent, claim["case"]), claim["message"])
        data = bytes_of(message, claim["place"])
    except (signing.BadSignature, Agent.DoesNotExist, MailNotFound, RevealRefused) as wrong:
        raise Http404 from wrong
    return _served(message, claim["place"], data, show=claim["show"])


def _served(message: Message, place: int, data: bytes, *, show: bool) -> HttpResponse:
    name = message.attachments[place]["name"] or f"{message.pk}-{place + 1}"
    return served(name, data, show=show)


def served(name: str, data: bytes, *, show: bool = False) -> HttpResponse:
    """Bytes of a stranger's as a file to be saved, in which nothing can run; with `show` a raster
    picture to look at."""
    kind = picture_type(data) if show else ""
    response = HttpResponse(data, content_type=kind or "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(not kind, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def html(request: HttpRequest, case_id: str, message_id: str) -> HttpResponse:
    """The message's own HTML, sanitised, in a document that can do nothing.

    `?images=1` also loads pictures from other machines, which then know that it was opened.
    """
    message = _message(find_case(agent_of(request), case_id), message_id)
    if not message.html:
        raise Http404
    images = request.GET.get("images") == "1"
    title = _("Mail of %(name)s") % {"name": message.author_name or message.author_email}
    body = shown_html(message, images=images).body
    style = static("desk/css/mail.css")
    response = HttpResponse(page(body, title=title, style_address=style, theme=theme_of(request)))
    response["Content-Security-Policy"] = _FRAME.format(
        images="data: https:" if images else "data:"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _message(found: Case, message_id: str) -> Message:
    message = next((one for one in messages_of(found) if one.pk == message_id), None)
    if message is None:
        raise Http404
    return message
