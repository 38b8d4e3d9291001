"""What the sync brings: which list of the API, and which tables it fills."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from headwater.evidence.sync import billing, money, payments, platform
from headwater.evidence.sync.shape import Shape

Source = Mapping[str, Any]


def listed(name: str) -> Callable[[Source], Iterable[Source]]:
    """The objects in an object's inner list `name`."""

    def inner(source: Source) -> Iterable[Source]:
        value = source.get(name)
        rows = value.get("data") if isinstance(value, Mapping) else None
        return rows if isinstance(rows, list) else ()

    return inner


@dataclass(frozen=True, slots=True)
class Resource:
    """One list of the API.

    `service` is its name in the SDK, `kind` what its objects call themselves, `inner`
    the shapes that the same object fills besides its own, `more` the inner list that can be longer
    than what comes with the object.
    """

    name: str
    kind: str
    shape: Shape
    service: str = ""
    dated: bool = True
    params: Mapping[str, Any] = field(default_factory=dict)
    inner: tuple[tuple[Shape, Callable[[Source], Iterable[Source]]], ...] = ()
    more: tuple[str, str] | None = None

    @property
    def sdk(self) -> str:
        """The name of the SDK's service."""
        return self.service or self.name


ACCOUNTS = Resource(
    "accounts",
    "account",
    platform.ACCOUNTS,
    dated=False,
    inner=((platform.ACCOUNT_CAPABILITIES, platform.capabilities),),
)

BALANCE_TRANSACTIONS = Resource(
    "balance_transactions",
    "balance_transaction",
    money.BALANCE_TRANSACTIONS,
)

PAYOUTS = Resource("payouts", "payout", money.PAYOUTS)

# Payouts after the ledger: what a payout contains overwrites rows of the ledger with more.
RESOURCES = (
    Resource("customers", "customer", payments.CUSTOMERS),
    Resource("payment_intents", "payment_intent", payments.PAYMENT_INTENTS),
    Resource("charges", "charge", payments.CHARGES),
    Resource("refunds", "refund", payments.REFUNDS),
    Resource("disputes", "dispute", payments.DISPUTES),
    Resource(
        "subscriptions",
        "subscription",
        billing.SUBSCRIPTIONS,
        # Without it the API leaves out what was cancelled.
        params={"status": "all"},
        inner=((billing.SUBSCRIPTION_ITEMS, listed("items")),),
        more=("subscription_items", "items"),
    ),
    Resource(
        "invoices",
        "invoice",
        billing.INVOICES,
        inner=((billing.INVOICE_LINE_ITEMS, listed("lines")),),
        more=("invoices.line_items", "lines"),
    ),
    BALANCE_TRANSACTIONS,
    PAYOUTS,
    Resource(
        "webhook_endpoints",
        "webhook_endpoint",
        platform.WEBHOOK_ENDPOINTS,
        dated=False,
    ),
)

# Last, so that whatever an event tells is told about an object that was listed before it.
EVENTS = Resource("events", "event", platform.EVENTS)

# What an event can be about and be read again by id; lists without dates are read whole anyway.
BY_KIND = {each.kind: each for each in RESOURCES if each.dated}
