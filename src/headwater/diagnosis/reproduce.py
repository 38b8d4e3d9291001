"""A cause as a few lines of Python that show it through the platform's own SDK. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

# Prefix of an id -> the service of the SDK's client that retrieves it.
_SERVICES: Final = {
    "acct": "accounts", "ch": "charges", "cs": "checkout.sessions", "cus": "customers",
    "dp": "disputes", "du": "disputes", "evt": "events", "in": "invoices",
    "pi": "payment_intents", "pm": "payment_methods", "po": "payouts", "price": "prices",
    "prod": "products", "py": "charges", "pyr": "refunds", "re": "refunds",
    "seti": "setup_intents", "sub": "subscriptions", "tr": "transfers",
    "txn": "balance_transactions", "we": "webhook_endpoints",
}  # fmt: skip
_ID: Final = re.compile(r"([a-z]+)_[A-Za-z0-9_]+")
_PATH: Final = re.compile(r"/v\d/[A-Za-z0-9_/.\-]+")
_MOST: Final = 6


def steps_to_reproduce(cause: Mapping[str, Any], account_id: str) -> str:
    """Python for the official SDK: the guilty objects read again, the refused calls made again.

    Empty without a cause. Ids and paths are quoted, never trusted to be code; a request is only
    read again where its row holds method and path, and never with a body that nobody recorded.
    """
    if not cause:
        return ""
    lines = [
        "import os",
        "",
        "import stripe",
        "",
        'client = stripe.StripeClient(os.environ["STRIPE_SECRET_KEY"])',
        f'options = {{"stripe_account": {json.dumps(account_id)}}}' if account_id
        else "options = {}",
    ]  # fmt: skip
    calls = [*_retrievals(cause), *_requests(cause)]
    if not calls:
        calls = ["# The evidence names no object that the API gives back by its id."]
    return "\n".join([*lines, "", *calls])


def _retrievals(cause: Mapping[str, Any]) -> list[str]:
    rows = list(cause.get("rows") or ())
    named = [*cause.get("evidence_ids", ()), *(str(row.get("object_id") or "") for row in rows)]
    calls, unread = [], []
    for name in dict.fromkeys(each for each in named if each):
        found = _ID.fullmatch(name)
        service = _SERVICES.get(found.group(1)) if found else None
        if service:
            quoted = json.dumps(name)
            calls.append(f"print(client.v1.{service}.retrieve({quoted}, options=options))")
        elif name.startswith("req_"):
            unread.append(name)
    # The first and the last show whether it still happens; twenty alike add nothing.
    if len(calls) > _MOST:
        calls = [*calls[: _MOST // 2], *calls[-_MOST // 2 :]]
    if unread:
        calls.append(f"# Requests, to be read in the log: {', '.join(unread[:_MOST])}")
    return calls


def _requests(cause: Mapping[str, Any]) -> list[str]:
    calls = []
    for row in cause.get("rows") or ():
        method, path = str(row.get("method") or ""), str(row.get("path") or "")
        if not re.fullmatch(r"[A-Za-z]+", method) or not _PATH.fullmatch(path):
            continue
        if method.lower() == "get":
            calls.append(
                f"print(client.raw_request('get', {json.dumps(path)}, "
                f"stripe_account={json.dumps(str(row.get('account_id') or ''))}))"
            )
        else:
            # A call that changes something is for a person to repeat, in test mode.
            calls.append(f"# Then, in test mode: {method.upper()} {path}")
    return list(dict.fromkeys(calls))[:_MOST]
