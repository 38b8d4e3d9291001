"""What is asked of django-anymail's inbound views: who posted, and the mail made of fields."""

import hashlib
import warnings
from email.message import Message
from importlib import import_module
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from headwater.channels.acts import Arrival
from headwater.channels.webhooks.forms import Form
from headwater.channels.webhooks.providers import PROVIDERS
from headwater.channels.webhooks.setup import Hook


def view_for(hook: Hook) -> Any:
    """The library's view with our secrets."""
    provider = PROVIDERS[hook.provider]
    module, _, name = provider.view.rpartition(".")
    options: dict[str, Any] = {"webhook_secret": list(hook.secrets)}
    if provider.key_name:
        options[provider.key_name] = hook.key
    if hook.provider == "mandrill" and hook.url:
        options["webhook_url"] = hook.url
    with warnings.catch_warnings():
        # It warns that SendGrid is no longer tested by it; ours is tested here.
        warnings.simplefilter("ignore")
        return getattr(import_module(module), name)(**options)


def give_content(request: HttpRequest, body: bytes, form: Form) -> None:
    """Lets the library read a body that was read already, beyond Django's bound for forms."""
    post = QueryDict(mutable=True)
    for name, value in form.fields:
        post.appendlist(name, value.decode("utf-8", "replace"))
    files: MultiValueDict[str, Any] = MultiValueDict()
    for file in form.files:
        files.appendlist(
            file.field, SimpleUploadedFile(file.name or "file", file.content, file.type)
        )
    request._body = body
    request._post = post  # type: ignore[attr-defined]
    request._files = files  # type: ignore[attr-defined]


def rebuilt(view: Any, request: HttpRequest) -> list[Arrival]:
    """The mails that the library makes of a post's fields; equal posts give equal bytes."""
    found = []
    for event in view.parse_events(request):
        message = event.message
        _settle_boundaries(message)
        sender, to = message.envelope_sender, message.envelope_recipient
        found.append(
            Arrival(
                message.as_bytes(),
                sender if isinstance(sender, str) else "",
                (to,) if isinstance(to, str) and to else (),
            )
        )
    return found


def _settle_boundaries(message: Message) -> None:
    """Left to itself, the library draws them at random."""
    digest = hashlib.sha256()
    for name, value in message.items():
        digest.update(f"{name}:{value}\n".encode("utf-8", "replace"))
    for part in message.walk():
        if not part.is_multipart():
            digest.update(str(part.get_payload()).encode("utf-8", "replace"))
    for number, part in enumerate(message.walk()):
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"==={digest.hexdigest()[:32]}.{number}")
