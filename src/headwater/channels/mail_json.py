"""A parsed mail as the JSON that `headwater mail parse` prints. Pure; the names are stable."""

import base64
from typing import Any

from headwater.channels.addresses import Address
from headwater.channels.content import Attachment
from headwater.channels.machine import Bounce
from headwater.channels.markup import without_remote_images
from headwater.channels.parse import ParsedMail


def mail_json(parsed: ParsedMail) -> dict[str, Any]:
    """The mail as JSON-ready values; dates in UTC, sizes in bytes.

    Attachments carry `content` (base64) where the mail was parsed with their bytes.
    """
    return {
        "message_id": parsed.message_id,
        "in_reply_to": parsed.in_reply_to[0] if parsed.in_reply_to else None,
        "references": list(parsed.references),
        "date": parsed.date.isoformat().replace("+00:00", "Z") if parsed.date else None,
        "from": _people(parsed.from_),
        "to": _people(parsed.to),
        "cc": _people(parsed.cc),
        "reply_to": _people(parsed.reply_to),
        "subject": parsed.subject,
        "text": parsed.text,
        "quoted": parsed.quoted,
        "html": without_remote_images(parsed.html),
        "attachments": [_attachment(one) for one in parsed.attachments],
        "language": parsed.language,
        "kind": parsed.kind,
        "bounce": _bounce(parsed.bounce) if parsed.bounce else None,
    }


def _bounce(bounce: Bounce) -> dict[str, Any]:
    return {
        "recipients": list(bounce.recipients),
        "status": bounce.status,
        "permanent": bounce.permanent,
        "original_message_id": bounce.original_message_id,
    }


def _people(addresses: tuple[Address, ...]) -> list[dict[str, str]]:
    return [{"name": one.name, "address": one.address} for one in addresses]


def _attachment(one: Attachment) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": one.name,
        "type": one.type,
        "size": one.size,
        "sha256": one.sha256,
        "inline": one.inline,
        "content_id": one.content_id,
    }
    if one.data is not None:
        shown["content"] = base64.b64encode(one.data).decode("ascii")
    return shown
