"""From a provider's post to stored mail. Who posted was checked before."""

import hashlib
import logging
from collections.abc import Callable, Sequence

from django.db import transaction

from headwater.channels.acts import Arrival, receive_mail, set_aside_bytes
from headwater.channels.models import RawMail, WebhookPost
from headwater.channels.webhooks.forms import Form
from headwater.channels.webhooks.providers import PROVIDERS
from headwater.channels.webhooks.setup import Hook
from headwater.kit.clock import utc_now

log = logging.getLogger(__name__)

_WAITING = "It was not read yet."


def receive_post(
    hook: Hook,
    content_type: str,
    body: bytes,
    form: Form,
    rebuild: Callable[[], Sequence[Arrival]],
) -> int:
    """Stores the mails of a post; returns how many it brought. The same post changes nothing.

    Mail in the form in which it was sent is stored as it is. Of fields the whole post is kept
    first, then `rebuild` makes mails of them; where it cannot, the post is set aside as it is.
    Raises MailRefused for a mail beyond the size limit.
    """
    try:
        arrivals = PROVIDERS[hook.provider].find(body, form)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        log.warning("A post of %s is not in the form that it should have.", hook.provider)
        arrivals = None
    if arrivals is None:
        return _receive_fields(hook, content_type, body, rebuild)
    for arrival in arrivals:
        _receive(hook, arrival)
    return len(arrivals)


def _receive(hook: Hook, arrival: Arrival, source: str = "") -> RawMail:
    return receive_mail(
        arrival.raw,
        envelope_from=arrival.envelope_from,
        envelope_to=arrival.envelope_to,
        entrance="webhook",
        mailbox=hook.mailbox,
        source=source or f"webhook:{hook.provider}",
        peer=arrival.peer,
    )


def _receive_fields(
    hook: Hook, content_type: str, body: bytes, rebuild: Callable[[], Sequence[Arrival]]
) -> int:
    post = _keep(hook.provider, content_type, body)
    try:
        arrivals = rebuild()
    except Exception as error:
        # Whatever the library stumbles over, the post is kept and somebody is told.
        log.exception("No mail could be made of the post %s.", post.id)
        _set_post_aside(hook, post, f"{type(error).__name__}: {error}")
        return 0
    for arrival in arrivals:
        _receive(hook, arrival, f"webhook:{hook.provider}/{post.id}")
    _finish(post, "")
    return len(arrivals)


def _keep(provider: str, content_type: str, body: bytes) -> WebhookPost:
    """The stored post. One that an earlier delivery brought is the same post."""
    digest = hashlib.sha256(body).hexdigest()
    post, _ = WebhookPost.objects.get_or_create(
        sha256=digest,
        provider=provider,
        defaults={
            "content_type": content_type[:300],
            "body": body,
            "received_at": utc_now(),
            "problem": _WAITING,
        },
    )
    return post


def _finish(post: WebhookPost, problem: str) -> None:
    WebhookPost.objects.filter(pk=post.pk).update(problem=problem)


def _set_post_aside(hook: Hook, post: WebhookPost, problem: str) -> None:
    """Puts the post where people look after mail that could not be read."""
    shown = b"Content-Type: text/plain\r\n\r\n" + bytes(post.body)
    with transaction.atomic():
        _finish(post, problem)
        set_aside_bytes(
            Arrival(shown, source=f"webhook:{hook.provider}/{post.id}"),
            f"No mail could be made of what {hook.provider} posted: {problem}",
            entrance="webhook",
            mailbox=hook.mailbox,
        )
