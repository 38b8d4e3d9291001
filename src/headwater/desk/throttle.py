"""Slows down guessing of passwords: a few failures per address and per client, then a pause.

Counts live in Django's cache, so each web process counts for itself; that multiplies the limit by
the (small) number of processes and needs no table that an attacker could fill.
"""

import hashlib

from django.core.cache import cache

WINDOW_SECONDS = 15 * 60
PER_EMAIL = 5
PER_CLIENT = 30


def _keys(email: str, client: str) -> dict[str, int]:
    def key(kind: str, value: str) -> str:
        return f"sign-in:{kind}:{hashlib.sha256(value.encode()).hexdigest()}"

    return {key("email", email.strip().lower()): PER_EMAIL, key("client", client): PER_CLIENT}


def is_blocked(email: str, client: str) -> bool:
    """True when either limit is reached; the right password then does not help either."""
    counts = cache.get_many(_keys(email, client))
    return any(counts.get(key, 0) >= limit for key, limit in _keys(email, client).items())


def record_failure(email: str, client: str) -> None:
    """Count one wrong password."""
    for key in _keys(email, client):
        cache.add(key, 0, WINDOW_SECONDS)
        try:
            cache.incr(key)
        except ValueError:  # it expired between the two calls
            cache.set(key, 1, WINDOW_SECONDS)


def record_success(email: str, client: str) -> None:
    """Forget the failures of this address; the client's stay, it may be guessing others."""
    cache.delete(next(iter(_keys(email, client))))
