"""Who posted a delivery, which one it is, and which issue it is about. Pure."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from headwater.escalation.errors import DeliveryRefused
from headwater.escalation.trackers.setup import TrackerSetup

# How far Linear's clock and ours may be apart: what is older was recorded and posted again.
LINEAR_TOLERANCE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Post:
    """The headers of a delivery that matter: its own id, and what happened."""

    delivery_id: str
    event: str


def checked_post(setup: TrackerSetup, headers: Mapping[str, str], body: bytes) -> Post:
    """The delivery's name, once its signature over the raw body is right.

    `headers` look names up without regard to case. Raises DeliveryRefused.
    """
    header, prefix, name, event = _HEADERS[setup.kind]
    given = headers.get(header) or ""
    right = prefix + hmac.new(setup.hook_secret.encode(), body, hashlib.sha256).hexdigest()
    if not setup.hook_secret or not hmac.compare_digest(given.encode(), right.encode()):
        raise DeliveryRefused("The signature is missing or wrong.")
    # Without an id of its own, the same body is the same delivery.
    own = (headers.get(name) or "").strip() or f"sha256:{hashlib.sha256(body).hexdigest()}"
    return Post(own[:200], (headers.get(event) or "")[:100] if event else "")


_HEADERS: Final = {
    "github": ("X-Hub-Signature-256", "sha256=", "X-GitHub-Delivery", "X-GitHub-Event"),
    "jira": ("X-Hub-Signature", "sha256=", "X-Atlassian-Webhook-Identifier", ""),
    "linear": ("Linear-Signature", "", "Linear-Delivery", "Linear-Event"),
}


def content_of(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises DeliveryRefused."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise DeliveryRefused("The body is no JSON.") from error
    if not isinstance(content, dict):
        raise DeliveryRefused("The body is no JSON object.")
    return content


def check_age(setup: TrackerSetup, content: Mapping[str, Any], now: float) -> None:
    """Raises DeliveryRefused for what Linear signed too long before `now` (seconds since 1970)."""
    if setup.kind != "linear":
        return
    sent = content.get("webhookTimestamp")
    if isinstance(sent, bool) or not isinstance(sent, int | float):
        raise DeliveryRefused("The time of the delivery is missing.")
    if abs(now - sent / 1000) > LINEAR_TOLERANCE_SECONDS:
        raise DeliveryRefused("The delivery is too old.")


def issue_named(setup: TrackerSetup, content: Mapping[str, Any]) -> str:
    """The tracker's id of the issue that a delivery is about; "" where it is about none."""
    if setup.kind == "github":
        repository = str(_at(content, "repository", "full_name") or "")
        if repository.lower() != setup.repository.lower():
            return ""
        return str(_at(content, "issue", "number") or "")
    if setup.kind == "jira":
        return str(_at(content, "issue", "id") or "")
    if content.get("type") == "Comment":
        return str(_at(content, "data", "issueId") or _at(content, "data", "issue", "id") or "")
    return str(_at(content, "data", "id") or "") if content.get("type") == "Issue" else ""


def _at(content: Any, *path: str) -> Any:
    for name in path:
        content = content.get(name) if isinstance(content, dict) else None
    return content
