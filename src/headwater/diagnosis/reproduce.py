"""A cause as a few lines of Python that show it through the platform's own SDK. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
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
# Payment methods of test mode that are refused in the same way.
_DECLINED: Final = {
    "insufficient_funds": "pm_card_visa_chargeDeclinedInsufficientFunds",
    "expired_card": "pm_card_chargeDeclinedExpiredCard",
    "incorrect_cvc": "pm_card_chargeDeclinedIncorrectCvc",
    "processing_error": "pm_card_chargeDeclinedProcessingError",
    "authentication_required": "pm_card_authenticationRequired",
}
_ID: Final = re.compile(r"([a-z]+)_[A-Za-z0-9_]+")
_PATH: Final = re.compile(r"/v\d/[A-Za-z0-9_/.\-]+")
_VERSION: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:\.[a-z]+)?")
_REDACTED: Final = re.compile(r"(?i)redacted|\*{3}|removed\]")
_INVALID: Final = re.compile(r"Invalid [a-z ]+: (\S{1,60})")
_MOST: Final = 6
_CALLS: Final = 4
_HEAD: Final = """import os
import uuid

import stripe
"""
_ATTEMPT: Final = '''
# Calls are made in test mode only. Ids of the account's own objects are unknown there: put ids of
# your sandbox in their place where the refusal is about something else.
test_key = os.environ.get("STRIPE_TEST_KEY", "sk_test_...")
assert test_key.startswith(("sk_test_", "rk_test_")), "never repeat a failing call in live mode"
sandbox = stripe.StripeClient(test_key)


def attempt(method, path, params, **options):
    """Makes one call and prints how it ends."""
    try:
        print(sandbox.raw_request(method, path, **params, **options).data)
    except stripe.StripeError as error:
        print(error.http_status, error.code, error.param, error.user_message)


'''
_READ: Final = """
# The objects as they are now, read with a key of the account's own mode.
client = stripe.StripeClient(os.environ["STRIPE_SECRET_KEY"])
"""


def steps_to_reproduce(
    cause: Mapping[str, Any], account_id: str, requests: Sequence[Mapping[str, Any]] = ()
) -> str:
    """Python for the official SDK: the refused calls made again, the guilty objects read again.

    `requests` are rows of the request log. Empty without a cause. Ids, paths and parameters are
    quoted, never trusted to be code.
    """
    if not cause:
        return ""
    calls = _calls(requests)
    reads = _retrievals(cause)
    if not calls and not reads:
        return "# The evidence names no call and no object that the API gives back by its id."
    parts = [_HEAD if calls else _HEAD.replace("import uuid\n", "")]
    if calls:
        parts += [_ATTEMPT, "\n\n".join(calls), "\n"]
    if reads:
        options = f'options = {{"stripe_account": {_quoted(account_id)}}}' if account_id else (
            "options = {}"
        )  # fmt: skip
        parts += [_READ, options, "\n", "\n".join(reads), "\n"]
    return "".join([*parts, *_resend(cause)]).rstrip()


def _resend(cause: Mapping[str, Any]) -> list[str]:
    """The delivery made once more, where the evidence names an endpoint and its events."""
    ids = [str(each) for each in cause.get("evidence_ids", ()) if _ID.fullmatch(str(each))]
    endpoint = next((each for each in ids if each.startswith("we_")), None)
    event = next((each for each in ids if each.startswith("evt_")), None)
    if endpoint is None or event is None:
        return []
    command = f"stripe events resend {event} --webhook-endpoint {endpoint}"
    return [f"\n# A delivery is made once more from the command line:\n#   {command}\n"]


def _retrievals(cause: Mapping[str, Any]) -> list[str]:
    rows = list(cause.get("rows") or ())
    named = [*cause.get("evidence_ids", ()), *(str(row.get("object_id") or "") for row in rows)]
    reads = []
    for name in dict.fromkeys(each for each in named if each):
        found = _ID.fullmatch(name)
        service = _SERVICES.get(found.group(1)) if found else None
        if service:
            reads.append(f"print(client.v1.{service}.retrieve({_quoted(name)}, options=options))")
    # The first and the last show whether it still happens; twenty alike add nothing.
    return reads if len(reads) <= _MOST else [*reads[: _MOST // 2], *reads[-_MOST // 2 :]]


def _calls(requests: Sequence[Mapping[str, Any]]) -> list[str]:
    """One call for each kind of refusal, the latest of its kind."""
    kinds: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for row in sorted(requests, key=lambda each: str(each.get("created") or ""), reverse=True):
        method, path = str(row.get("method") or ""), str(row.get("path") or "")
        if not re.fullmatch(r"[A-Za-z]+", method) or not _PATH.fullmatch(path):
            continue
        # What succeeded may be wrong all the same, such as a payment made twice: each is shown.
        apart = "" if _refused(row) else _text(row, "id")
        kind = (method, str(row.get("route") or path), _text(row, "error_code"),
                _text(row, "error_param"), apart)  # fmt: skip
        kinds.setdefault(kind, row)
    return [_call(row) for row in list(kinds.values())[:_CALLS]]


def _call(row: Mapping[str, Any]) -> str:
    method = str(row["method"]).lower()
    params, source = _params(row)
    told = [each for each in (_text(row, "status"), _text(row, "error_code"),
                              _text(row, "error_param")) if each]  # fmt: skip
    lines = [f"# {_line(row.get('id'))}, {_moment(row)}: {_line(' '.join(told))}"]
    if _text(row, "error_message"):
        lines.append(f"# {_line(row['error_message'])}")
    lines.append(f"# {source}")
    options = []
    if _VERSION.fullmatch(_text(row, "api_version")):
        options.append(f"stripe_version={_quoted(_text(row, 'api_version'))}")
    if _text(row, "stripe_account"):
        options.append(f"stripe_account={_quoted(_text(row, 'stripe_account'))}")
    if method != "post":
        return "\n".join([*lines, _attempt(method, row, params, options)])
    if _text(row, "error_type") == "idempotency_error":
        lines.append("key = str(uuid.uuid4())  # the same for both, as it was for theirs")
        other = {**params, "metadata": {"reproduces": _text(row, "id")}}
        twice = [*options, "idempotency_key=key"]
        return "\n".join(
            [*lines, _attempt(method, row, params, twice), _attempt(method, row, other, twice)]
        )
    options.append("idempotency_key=str(uuid.uuid4())")
    return "\n".join([*lines, _attempt(method, row, params, options)])


def _attempt(
    method: str, row: Mapping[str, Any], params: Mapping[str, Any], options: Sequence[str]
) -> str:
    # The payment of a declined confirmation is unknown to the sandbox: a new one is made.
    fresh = _declined(row) and not row.get("request_body")
    path = "/v1/payment_intents" if fresh else str(row["path"])
    inside = [_quoted(method), _quoted(path), _literal(params), *options]
    short = f"attempt({', '.join(inside)})"
    return short if len(short) <= 100 else "attempt(\n    " + ",\n    ".join(inside) + ",\n)"


def _params(row: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The call's parameters, and in words where they are from."""
    body = _text(row, "request_body")
    if body:
        try:
            held = json.loads(body)
        except ValueError:
            held = None
        if isinstance(held, dict):
            return _without_redacted(held)
    name, code = _text(row, "error_param"), _text(row, "error_code")
    wrong = _INVALID.search(_text(row, "error_message"))
    if _declined(row):
        reason = _text(row, "error_decline_code") or code
        method = _DECLINED.get(reason) or _DECLINED.get(code) or "pm_card_chargeDeclined"
        return (
            {"amount": 1000, "currency": "usd", "confirm": True, "payment_method": method,
             "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}},
            "The log holds no parameters: a test card that is refused in the same way.",
        )  # fmt: skip
    if not name or code == "resource_missing":
        return {}, "The log holds no parameters; the path alone shows it, or add your own."
    if code == "parameter_missing":
        return {}, f"The log holds no parameters; {_line(name)} was missing."
    value = "" if code == "parameter_invalid_empty" else wrong[1].rstrip(".") if wrong else "x"
    return {name: value}, "The log holds no parameters but the one refused; its value is a guess."


def _moment(row: Mapping[str, Any]) -> str:
    return _line(re.sub(r"\.\d+", "", _text(row, "created")))


def _refused(row: Mapping[str, Any]) -> bool:
    return bool(_text(row, "error_code")) or (_text(row, "status") or "400") >= "400"


def _declined(row: Mapping[str, Any]) -> bool:
    return row.get("status") == 402 and str(row["path"]).startswith("/v1/payment_intents")


def _without_redacted(held: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    kept = {name: each for name, each in held.items() if not _REDACTED.search(str(each))}
    gone = [name for name in held if name not in kept]
    if not gone:
        return kept, "Parameters as the log holds them."
    if "amount" in gone:
        kept["amount"] = 1000
    return kept, f"Parameters as the log holds them; redacted there: {_line(', '.join(gone))}."


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _line(value: Any) -> str:
    """Text of the data within a comment: never more than the rest of one line."""
    return re.sub(r"[^\x20-\x7e\u00a0-\u024f]+", " ", str(value or ""))[:200]


def _quoted(text: str) -> str:
    return json.dumps(text)


def _literal(value: Any) -> str:
    """A JSON value as Python: `repr` of plain values is code that means nothing but them."""
    return repr(json.loads(json.dumps(value)))
