"""Accounts with what is required of them, events, webhook endpoints."""

from collections.abc import Iterator, Mapping
from typing import Any

from headwater.evidence.sync.shape import Shape, as_json, at, first

ACCOUNTS = Shape(
    "accounts",
    {
        "id": "id",
        "type": first("type", "controller.type"),
        "country": "country",
        "default_currency": "default_currency",
        "email": "email",
        "business_name": first("business_profile.name", "settings.dashboard.display_name"),
        "business_type": "business_type",
        "mcc": "business_profile.mcc",
        "created": "created",
        "details_submitted": "details_submitted",
        "charges_enabled": "charges_enabled",
        "payouts_enabled": "payouts_enabled",
        "requirements_disabled_reason": "requirements.disabled_reason",
        "requirements_current_deadline": "requirements.current_deadline",
        "tos_service_agreement": "tos_acceptance.service_agreement",
        "payout_schedule_interval": "settings.payouts.schedule.interval",
        "payout_schedule_delay_days": "settings.payouts.schedule.delay_days",
        "payout_statement_descriptor": "settings.payouts.statement_descriptor",
        "timezone": "settings.dashboard.timezone",
        "deleted": lambda source: source.get("deleted") is True,
    },
)

ACCOUNT_CAPABILITIES = Shape("account_capabilities", {"id": "id", "status": "status"})


def capabilities(account: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The capabilities that an account lists, one object each."""
    listed = account.get("capabilities")
    if isinstance(listed, Mapping):
        for name, status in listed.items():
            yield {"id": name, "status": status}


def _request(part: str) -> Any:
    """Of the request behind an event; old API versions gave its bare id."""

    def field(source: Mapping[str, Any]) -> Any:
        request = source.get("request")
        if isinstance(request, Mapping):
            return request.get(part)
        return request if part == "id" else None

    return field


EVENTS = Shape(
    "events",
    {
        "id": "id",
        "type": "type",
        "created": "created",
        "livemode": "livemode",
        "api_version": "api_version",
        "data_object_type": "data.object.object",
        "data_object_id": lambda source: _plain_id(at(source, "data.object.id")),
        "data": lambda source: _DATA(without_secrets(source)),
        "previous_attributes": as_json("data.previous_attributes"),
        "request_id": _request("id"),
        "request_idempotency_key": _request("idempotency_key"),
        "pending_webhooks": "pending_webhooks",
    },
)


_DATA: Any = as_json("data.object")
_SECRETS = frozenset({"client_secret", "secret"})


def without_secrets(value: Any) -> Any:
    """The same object without what opens something to whoever holds it."""
    if isinstance(value, Mapping):
        return {k: without_secrets(v) for k, v in value.items() if k not in _SECRETS}
    if isinstance(value, list):
        return [without_secrets(each) for each in value]
    return value


def _plain_id(value: Any) -> str | None:
    return value if isinstance(value, str) else None


WEBHOOK_ENDPOINTS = Shape(
    "webhook_endpoints",
    {
        "id": "id",
        "url": "url",
        "status": "status",
        "enabled_events": as_json("enabled_events"),
        "api_version": "api_version",
        "livemode": "livemode",
        "application": "application",
        "description": "description",
        "created": "created",
    },
)
