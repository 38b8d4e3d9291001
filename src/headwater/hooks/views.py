"""`POST /hooks/mail/PROVIDER/`: a provider brings mail."""

import logging
from functools import lru_cache

from anymail.exceptions import AnymailWebhookValidationFailure
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from headwater.channels.errors import MailRefused
from headwater.channels.parse import MAX_BYTES
from headwater.channels.webhooks.acts import receive_post
from headwater.channels.webhooks.forms import read_form
from headwater.channels.webhooks.providers import subscribe_url
from headwater.channels.webhooks.setup import Hook, read_hooks
from headwater.hooks.anymail import give_content, rebuilt, view_for

log = logging.getLogger(__name__)

# A mail in base64 or JSON is a third larger than itself, and some fields come with it.
_MOST_BYTES = MAX_BYTES * 3 // 2 + 1024 * 1024


@lru_cache(maxsize=4)
def _hooks(path: str) -> dict[str, Hook]:
    return read_hooks(path)


# The secret or the signature says who posts; there is no session whose rights could be borrowed.
@csrf_exempt
@login_not_required
@require_http_methods(["POST", "HEAD"])
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """200 once the mails of the post are stored; 401 and 400 for who may not post, 413 beyond a bound."""  # noqa: E501
    hook = _hooks(str(settings.HEADWATER_MAIL_HOOKS)).get(provider)
    if hook is None:
        raise Http404
    if request.method == "HEAD":
        # Some providers look whether anybody is there before they are set up.
        return HttpResponse()
    if hook.secrets and "Authorization" not in request.headers:
        # Amazon's service sends its name and password only when asked.
        asked = HttpResponse("Name and password are missing.", status=401)
        asked["WWW-Authenticate"] = 'Basic realm="mail"'
        return asked
    if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
        return HttpResponse(f"More than {_MOST_BYTES:,} bytes are not accepted.", status=413)
    body = request.read(_MOST_BYTES)
    try:
        return _take(request, hook, body)
    except AnymailWebhookValidationFailure as error:
        log.warning("A post to the hook of %s was refused: %s", provider, error)
        return HttpResponse("The secret or the signature is wrong.", status=400)
    except MailRefused as error:
        return HttpResponse(error.message, status=413)


# What it stores is committed at once, piece by piece: nothing may undo what was kept.
receive.writes_nothing = True  # type: ignore[attr-defined]


def _take(request: HttpRequest, hook: Hook, body: bytes) -> HttpResponse:
    content_type = request.headers.get("Content-Type", "")
    form = read_form(content_type, body)
    give_content(request, body, form)
    view = view_for(hook)
    try:
        view.run_validators(request)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # What is not in the provider's form was not posted by it.
        raise AnymailWebhookValidationFailure(str(error)) from error
    if hook.provider == "amazon_ses" and (address := subscribe_url(body)):
        log.warning("Amazon SNS asks to confirm a topic. Open this address to do so: %s", address)
        return HttpResponse("Noted.")
    count = receive_post(hook, content_type, body, form, lambda: rebuilt(view, request))
    return HttpResponse(f"{count} stored.")
