"""Which platform accounts are registered under an address, asked of the evidence."""

import atexit
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from headwater.accounts.queries import accounts_by_email
from headwater.accounts.rules import normal_email
from headwater.evidence.acts import StoreRecorder
from headwater.evidence.errors import StoreNotFound
from headwater.evidence.store import open_store
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Scope
from headwater.kit.errors import HeadwaterError

log = logging.getLogger(__name__)

_SELECT = """
SELECT id, coalesce(business_name, '') AS name, lower(coalesce(email, '')) AS email,
       coalesce(country, '') AS country
FROM accounts
WHERE {where} AND NOT coalesce(deleted, FALSE)
ORDER BY created DESC, id
"""
_BY_EMAIL = _SELECT.format(where="lower(email) = $email")
_BY_ID = _SELECT.format(where="id = $account_id")
_LIMITS = Limits(rows=20, seconds=20.0)
_PURPOSE = Purpose(who="system", entrance="mail", reason="identity match")


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as the platform has it now."""

    id: str
    name: str
    email: str
    country: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Where accounts are looked up: the evidence, or a table in a test."""

    by_email: Callable[[str], list[AccountFacts]]
    by_id: Callable[[str], AccountFacts | None]


_lock = threading.Lock()
_stores: dict[str, EvidenceStore] = {}
_missed: dict[str, float] = {}
_LOOK_AGAIN_SECONDS = 1.0


def find_accounts_by_email(email: str) -> list[AccountFacts]:
    """Accounts registered under this address, newest first; none where there is no evidence.

    An evidence store that fails must not keep a mail from becoming a case: then only the
    accounts that are already known to the operational store are found.
    """
    address = normal_email(email)
    if "@" not in address:
        return []
    try:
        return _query(_BY_EMAIL, Scope(), {"email": address})
    except HeadwaterError:
        log.exception("Accounts could not be looked up in the evidence; using those known.")
        return [
            AccountFacts(account.id, account.name, account.email, account.country)
            for account in accounts_by_email(address)
        ]


def find_account_by_id(account_id: str) -> AccountFacts | None:
    """The account of this id, or None; also where there is no evidence or it fails."""
    try:
        found = _query(_BY_ID, Scope((account_id,)), {"account_id": account_id})
    except HeadwaterError:
        log.exception("The account %s could not be looked up in the evidence.", account_id)
        return None
    return found[0] if found else None


EVIDENCE = Directory(find_accounts_by_email, find_account_by_id)


def _query(sql: str, scope: Scope, params: dict[str, datetime | str | int]) -> list[AccountFacts]:
    store = _store()
    if store is None:
        return []
    result = store.query(sql, purpose=_PURPOSE, scope=scope, params=params, limits=_LIMITS)
    return [
        AccountFacts(*(str(row[name] or "") for name in ("id", "name", "email", "country")))
        for row in result.dicts()
    ]


def _store() -> EvidenceStore | None:
    """The process's one open store, or None while there is no evidence."""
    location = str(settings.HEADWATER_EVIDENCE)
    with _lock:
        if location not in _stores:
            if time.monotonic() - _missed.get(location, -_LOOK_AGAIN_SECONDS) < _LOOK_AGAIN_SECONDS:
                return None
            try:
                _stores[location] = open_store(
                    location, recorder=StoreRecorder(), threads=1, workers=1
                )
            except StoreNotFound:
                # A mailbox full of mail need not look for it at each one.
                _missed[location] = time.monotonic()
                return None
        return _stores[location]


@atexit.register
def close_stores() -> None:
    """Ends the stores' worker processes."""
    with _lock:
        while _stores:
            _stores.popitem()[1].close()
