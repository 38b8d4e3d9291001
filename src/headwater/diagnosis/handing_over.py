"""What a hand-off needs besides the diagnosis: whom the cause reaches, and the refused requests.

Free of Django. Both are read from the evidence store; what cannot be read is said, not raised.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from headwater.diagnosis.handoff import Handoff
from headwater.diagnosis.playbooks import Playbook
from headwater.diagnosis.reach import Affected, Reach, reach_of
from headwater.diagnosis.reproduce import steps_to_reproduce
from headwater.diagnosis.values import plain_row
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Scope
from headwater.kit.clock import as_naive_utc, parse_utc
from headwater.kit.errors import HeadwaterError
from headwater.kit.redaction import PERSONAL, masked_values

_COLUMNS: Final = (
    "id", "created", "method", "path", "route", "status", "error_type", "error_code",
    "error_param", "error_message", "error_decline_code", "api_version", "sdk", "sdk_version",
    "stripe_account", "idempotency_key", "request_body",
)  # fmt: skip
_MOST_REQUESTS: Final = 20
_SHOWN: Final = 5
# A refused request often comes a moment before the window's end or the object's last change.
_MARGIN: Final = timedelta(days=1)
# How many of these accounts wrote to us about this playbook's cause since then (naive UTC).
CountContacts = Callable[[str, Collection[str], datetime], int]


def completed(
    handoff: Handoff,
    store: EvidenceStore,
    playbooks: Mapping[str, Playbook],
    *,
    purpose: Purpose,
    count_contacts: CountContacts | None = None,
) -> Handoff:
    """The hand-off with its cause's reach, and with calls that really fail."""
    if not handoff.cause or not handoff.cause.get("rows"):
        return handoff
    window = _window(handoff.searched)
    requests = _requests(handoff, store, window, purpose)
    steps = steps_to_reproduce(handoff.cause, handoff.account_id, requests)
    page = playbooks.get(str(handoff.cause["playbook"]))
    reach = _reach(store, page, window, purpose, count_contacts) if page else None
    return replace(handoff, requests=requests, reproduce=steps, reach=reach)


def _window(searched: Mapping[str, Any]) -> tuple[datetime, datetime]:
    window = searched["window"]
    start, end = (as_naive_utc(parse_utc(str(window[name]))) for name in ("start", "end"))
    return start, end


def _requests(
    handoff: Handoff, store: EvidenceStore, window: tuple[datetime, datetime], purpose: Purpose
) -> list[dict[str, Any]]:
    """Rows of the request log that the evidence names, or that were about an object of it."""
    rows = handoff.cause["rows"]
    accounts = {handoff.account_id, *(str(row.get("account_id") or "") for row in rows)} - {""}
    named = list(dict.fromkeys(map(str, handoff.cause.get("evidence_ids", ()))))[:_MOST_REQUESTS]
    if not named or not accounts:
        return []
    places = ", ".join(f"$n{n}" for n in range(len(named)))
    # Only names of columns and parameters stand in the text; every value is a parameter.
    sql = (
        f"SELECT {', '.join(_COLUMNS)} FROM api_request_logs "  # noqa: S608
        f"WHERE (id IN ({places}) OR (object_id IN ({places}) AND status >= 400)) "
        "AND created >= $window_start AND created < $window_end ORDER BY created DESC"
    )
    params: dict[str, datetime | str | int] = {f"n{n}": each for n, each in enumerate(named)}
    params |= {"window_start": window[0], "window_end": window[1] + _MARGIN}
    try:
        found = store.query(
            sql, purpose=purpose, scope=Scope(tuple(sorted(accounts))), params=params,
            limits=Limits(rows=_MOST_REQUESTS),
        )  # fmt: skip
    except HeadwaterError:
        return []
    return [masked_values(plain_row(row), PERSONAL) for row in found.dicts()]


def _reach(
    store: EvidenceStore,
    page: Playbook,
    window: tuple[datetime, datetime],
    purpose: Purpose,
    count_contacts: CountContacts | None,
) -> dict[str, Any]:
    try:
        found = reach_of(store, page, purpose=purpose, start=window[0], end=window[1])
    except HeadwaterError as error:
        return {"problem": error.message}
    accounts = [each.account_id for each in found.accounts]
    wrote = count_contacts(page.id, accounts, window[0]) if count_contacts else None
    return {
        "from": plain_row({"at": found.start})["at"],
        "to": plain_row({"at": found.end})["at"],
        "accounts": len(found.accounts),
        "now": found.now,
        "fresh": found.fresh,
        "wrote_in": wrote,
        "truncated": found.truncated,
        "biggest": _accounts(found.accounts[:_SHOWN]),
        "first": _accounts(found.first[:_SHOWN]),
        "days": _days(found),
    }


def _accounts(accounts: Collection[Affected]) -> list[dict[str, Any]]:
    return [
        plain_row({
            "account_id": each.account_id, "country": each.country, "modes": each.modes,
            "occurrences": each.occurrences, "payments": each.payments, "volume": each.volume,
            "currency": each.currency, "first_seen": each.first_seen, "last_seen": each.last_seen,
        })
        for each in accounts
    ]  # fmt: skip


def _days(found: Reach) -> list[dict[str, Any]]:
    return [
        {"day": f"{each.day:%Y-%m-%d}", "affected": each.affected, "fresh": each.fresh}
        for each in found.days
        if each.affected
    ]
