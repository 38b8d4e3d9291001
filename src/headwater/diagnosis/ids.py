"""Object ids that a text names, and the tables that hold them."""

import re
from collections.abc import Iterable

# Prefix of an id -> contract table. Longer prefixes are tried first by the pattern below.
TABLE_OF_PREFIX: dict[str, str] = {
    "acct": "accounts",
    "req": "api_request_logs",
    "evt": "events",
    "we": "webhook_endpoints",
    "cus": "customers",
    "pm": "payment_methods",
    "card": "payment_methods",
    "seti": "setup_intents",
    "pi": "payment_intents",
    "cs": "checkout_sessions",
    "ch": "charges",
    "py": "charges",
    "re": "refunds",
    "pyr": "refunds",
    "dp": "disputes",
    "du": "disputes",
    "po": "payouts",
    "tr": "transfers",
    "trr": "transfer_reversals",
    "txn": "balance_transactions",
    "fee": "application_fees",
    "sub": "subscriptions",
    "si": "subscription_items",
    "in": "invoices",
    "ii": "invoice_items",
    "price": "prices",
    "prod": "products",
    "ba": "external_accounts",
    "prv": "reviews",
    "issfr": "early_fraud_warnings",
}

# What people call the rows of a table whose name says something else, or too little.
_NOUN_OF_TABLE = {
    "api_request_logs": "request",
    "payment_intents": "payment",
    "charges": "payment charge",
    "external_accounts": "bank account",
}

_PREFIXES = "|".join(sorted(TABLE_OF_PREFIX, key=lambda prefix: (-len(prefix), prefix)))
# The tail needs a digit or mixed case, so that words such as `in_progress` are not taken for ids.
_ID = re.compile(
    rf"(?<![A-Za-z0-9_])(?:{_PREFIXES})_(?:test_|live_)?[A-Za-z0-9]{{6,64}}(?![A-Za-z0-9])"
)

# People put a space beside the underscore when they copy by hand or from a broken line.
_SLIP = re.compile(rf"(?<![A-Za-z0-9_])({_PREFIXES})(?: _|_ )(?=[A-Za-z0-9]{{6}})")


def ids_in(text: str) -> tuple[str, ...]:
    """The ids that `text` names, in order, each once. Secrets (`pi_..._secret_...`) give the id."""
    found: dict[str, None] = {}
    for match in _ID.finditer(_SLIP.sub(r"\1_", text)):
        tail = match.group().rsplit("_", 1)[1]
        if any(letter.isdigit() for letter in tail) or tail != tail.lower():
            found[match.group()] = None
    return tuple(found)


def prefix_of(object_id: str) -> str:
    """`pi` for `pi_3Nx...`."""
    return object_id.split("_", 1)[0]


def table_of(object_id: str) -> str | None:
    """The contract table that holds `object_id`, or None for a prefix nobody knows."""
    return TABLE_OF_PREFIX.get(prefix_of(object_id))


def nouns_of(text: str) -> list[str]:
    """The words for the kinds of objects that `text` names by id, each kind once: `po_…` a payout.

    None for an account: every mail is about one.
    """
    tables = dict.fromkeys(table_of(each) for each in ids_in(text))
    return [
        word for table in tables if table and table != "accounts"
        for word in _NOUN_OF_TABLE.get(table, table.removesuffix("s").replace("_", " ")).split()
    ]  # fmt: skip


def by_table(object_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The ids grouped by the table that holds them; unknown prefixes are left out."""
    grouped: dict[str, list[str]] = {}
    for object_id in object_ids:
        table = table_of(object_id)
        if table is not None:
            grouped.setdefault(table, []).append(object_id)
    return {table: tuple(ids) for table, ids in grouped.items()}
