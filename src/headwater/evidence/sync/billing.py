"""Subscriptions with their items, invoices with their lines."""

from collections.abc import Mapping
from typing import Any

from headwater.evidence.sync.shape import Shape, as_json, first

SUBSCRIPTIONS = Shape(
    "subscriptions",
    {
        "id": "id",
        "customer_id": "customer",
        "created": "created",
        "livemode": "livemode",
        "status": "status",
        "collection_method": "collection_method",
        "billing_cycle_anchor": "billing_cycle_anchor",
        "billing_mode_type": "billing_mode.type",
        "cancel_at": "cancel_at",
        "cancel_at_period_end": "cancel_at_period_end",
        "canceled_at": "canceled_at",
        "ended_at": "ended_at",
        "cancellation_details_reason": "cancellation_details.reason",
        "trial_start": "trial_start",
        "trial_end": "trial_end",
        "trial_settings_missing_payment_method": (
            "trial_settings.end_behavior.missing_payment_method"
        ),
        "default_payment_method_id": "default_payment_method",
        "latest_invoice_id": "latest_invoice",
        "currency": "currency",
        "pause_collection_behavior": "pause_collection.behavior",
        "schedule_id": "schedule",
        "automatic_tax_enabled": "automatic_tax.enabled",
        "metadata": as_json("metadata"),
    },
)

SUBSCRIPTION_ITEMS = Shape(
    "subscription_items",
    {
        "id": "id",
        "subscription_id": "subscription",
        "price_id": first("price", "plan"),
        "quantity": "quantity",
        "current_period_start": "current_period_start",
        "current_period_end": "current_period_end",
    },
)

INVOICES = Shape(
    "invoices",
    {
        "id": "id",
        "customer_id": "customer",
        "subscription_id": first("parent.subscription_details.subscription", "subscription"),
        "number": "number",
        "created": "created",
        "livemode": "livemode",
        "status": "status",
        "billing_reason": "billing_reason",
        "collection_method": "collection_method",
        "auto_advance": "auto_advance",
        "automatically_finalizes_at": "automatically_finalizes_at",
        "finalized_at": "status_transitions.finalized_at",
        "paid_at": "status_transitions.paid_at",
        "voided_at": "status_transitions.voided_at",
        "period_start": "period_start",
        "period_end": "period_end",
        "due_date": "due_date",
        "webhooks_delivered_at": "webhooks_delivered_at",
        "currency": "currency",
        "subtotal": "subtotal",
        "total": "total",
        "amount_due": "amount_due",
        "amount_paid": "amount_paid",
        "amount_remaining": "amount_remaining",
        "starting_balance": "starting_balance",
        "ending_balance": "ending_balance",
        "attempt_count": "attempt_count",
        "next_payment_attempt": "next_payment_attempt",
        "last_finalization_error_code": "last_finalization_error.code",
        "automatic_tax_enabled": "automatic_tax.enabled",
        "automatic_tax_status": "automatic_tax.status",
        "hosted_invoice_url": "hosted_invoice_url",
    },
)


def _tax(source: Mapping[str, Any]) -> int | None:
    parts = source.get("taxes") or source.get("tax_amounts")
    if not isinstance(parts, list):
        return None
    amounts = [part.get("amount") for part in parts if isinstance(part, Mapping)]
    return sum(amount for amount in amounts if isinstance(amount, int))


INVOICE_LINE_ITEMS = Shape(
    "invoice_line_items",
    {
        "id": "id",
        "invoice_id": "invoice",
        "subscription_item_id": first(
            "parent.subscription_item_details.subscription_item", "subscription_item"
        ),
        "price_id": first("pricing.price_details.price", "price"),
        "amount": "amount",
        "currency": "currency",
        "proration": first(
            "parent.subscription_item_details.proration",
            "parent.invoice_item_details.proration",
            "proration",
        ),
        "quantity": "quantity",
        "period_start": "period.start",
        "period_end": "period.end",
        "tax_amount": _tax,
        "description": "description",
        "livemode": "livemode",
    },
)
