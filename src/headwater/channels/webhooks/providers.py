"""What each provider posts, and where in it the mail stands. Pure.

`find` gives the mails of a post as they were sent; None where the provider took them apart into
fields, of which django-anymail builds a mail.
"""

import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from headwater.channels.acts import Arrival
from headwater.channels.webhooks.forms import Form

Find = Callable[[bytes, Form], list[Arrival] | None]


@dataclass(frozen=True, slots=True)
class Provider:
    """`view` is django-anymail's; `key_name` its name for the signing key, if the provider signs."""  # noqa: E501

    view: str
    find: Find
    key_name: str = ""


def _mailgun(_body: bytes, form: Form) -> list[Arrival] | None:
    raw = form.last("body-mime")
    if raw is None:
        return None
    return [Arrival(raw, _text(form.last("sender")), _one(_text(form.last("recipient"))))]


def _sendgrid(_body: bytes, form: Form) -> list[Arrival] | None:
    raw = form.last("email")
    if raw is None:
        return None
    envelope = json.loads(form.last("envelope") or b"{}")
    peer = _text(form.last("sender_ip"))
    return [Arrival(raw, _str(envelope.get("from")), _all(envelope.get("to")), peer=peer)]


def _postmark(body: bytes, _form: Form) -> list[Arrival] | None:
    event = json.loads(body)
    raw = event.get("RawEmail")
    if not raw:
        return None
    first = (event.get("Headers") or [{}])[0]
    sender = first.get("Value", "") if first.get("Name", "").lower() == "return-path" else ""
    return [Arrival(_bytes(raw), sender.strip("<> "), _one(event.get("OriginalRecipient")))]


def _sparkpost(body: bytes, _form: Form) -> list[Arrival]:
    found = []
    for event in json.loads(body):
        # A post without events is a ping.
        message = event["msys"].get("relay_message")
        if message is None:
            continue
        content = message["content"]
        raw = content["email_rfc822"]
        decoded = b64decode(raw) if content["email_rfc822_is_base64"] else _bytes(raw)
        found.append(Arrival(decoded, _str(message.get("msg_from")), _one(message.get("rcpt_to"))))
    return found


def _mandrill(_body: bytes, form: Form) -> list[Arrival]:
    events = json.loads(form.last("mandrill_events") or b"[]")
    messages = [event["msg"] for event in events if event.get("event") == "inbound"]
    return [Arrival(_bytes(one["raw_msg"]), "", _one(one.get("email"))) for one in messages]


def _mailersend(body: bytes, _form: Form) -> list[Arrival]:
    data = json.loads(body)["data"]
    to = [_str(one.get("email")) for one in data.get("recipients", {}).get("rcptTo", [])]
    sender = _str((data.get("sender") or {}).get("email"))
    return [Arrival(_bytes(data["raw"]), sender, tuple(to))]


def _amazon_ses(body: bytes, _form: Form) -> list[Arrival] | None:
    notice = json.loads(body)
    if notice.get("Type") != "Notification":
        return []
    event = json.loads(notice["Message"])
    action = event.get("receipt", {}).get("action", {})
    content = event.get("content")
    if event.get("notificationType") != "Received" or content is None:
        return None
    raw = b64decode(content) if action.get("encoding") == "BASE64" else _bytes(content)
    to = event.get("receipt", {}).get("recipients")
    return [Arrival(raw, _str(event.get("mail", {}).get("source")), _all(to))]


def _fields_only(_body: bytes, _form: Form) -> None:
    return None


_VIEWS = "anymail.webhooks."
PROVIDERS = {
    "amazon_ses": Provider(_VIEWS + "amazon_ses.AmazonSESInboundWebhookView", _amazon_ses),
    "mailersend": Provider(
        _VIEWS + "mailersend.MailerSendInboundWebhookView", _mailersend, "inbound_secret"
    ),
    "mailgun": Provider(
        _VIEWS + "mailgun.MailgunInboundWebhookView", _mailgun, "webhook_signing_key"
    ),
    "mailjet": Provider(_VIEWS + "mailjet.MailjetInboundWebhookView", _fields_only),
    "mandrill": Provider(_VIEWS + "mandrill.MandrillCombinedWebhookView", _mandrill, "webhook_key"),
    "postmark": Provider(_VIEWS + "postmark.PostmarkInboundWebhookView", _postmark),
    "sendgrid": Provider(_VIEWS + "sendgrid.SendGridInboundWebhookView", _sendgrid),
    "sparkpost": Provider(_VIEWS + "sparkpost.SparkPostInboundWebhookView", _sparkpost),
}


def subscribe_url(body: bytes) -> str:
    """Where a new topic of Amazon SNS wants to be confirmed; empty in every other post."""
    notice = json.loads(body)
    wanted: Any = notice.get("SubscribeURL") if isinstance(notice, dict) else None
    return _str(wanted) if notice.get("Type") == "SubscriptionConfirmation" else ""


def _bytes(text: Any) -> bytes:
    # JSON can carry half of a character pair, which no charset can.
    return str(text).encode("utf-8", "surrogatepass")


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")


def _str(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _one(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and value else ()


def _all(values: Any) -> tuple[str, ...]:
    return tuple(one for one in values or () if isinstance(one, str))
