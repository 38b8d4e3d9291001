"""Deliveries of events to endpoints: first tries, retries, and periods of trouble."""

import numpy as np

from headwater.sandbox import vocabulary as words
from headwater.sandbox.columns import Frame, join, rows, size
from headwater.sandbox.population import NEVER, TROUBLES, Population
from headwater.sandbox.randomness import Array, handles, mix, stream
from headwater.sandbox.spec import SECOND_US, WorldSpec

# Waits before each retry; about three days in all.
_WAITS = np.array([300, 1_800, 7_200, 18_000, 36_000, 36_000, 43_200, 86_400], dtype=np.int64)

# What an attempt ends in: HTTP status (0: none came), error, excerpt of the answer's body.
RESULTS: tuple[tuple[str, int, str | None, str | None], ...] = (
    ("ok", 200, None, '{"received":true}'),
    ("http_500", 500, None, "Internal Server Error"),
    ("http_502", 502, None, "<html><head><title>502 Bad Gateway</title></head>"),
    ("http_403", 403, None, "<html><title>403 Forbidden</title> request blocked</html>"),
    ("http_404", 404, None, "<!DOCTYPE html><title>Page not found</title>"),
    ("http_401", 401, None, '{"message":"Unauthenticated."}'),
    ("http_419", 419, None, '{"message":"CSRF token mismatch."}'),
    ("redirect", 301, None, None),
    ("timeout", 0, "timeout", None),
    ("tls", 0, "tls", None),
    ("refused", 0, "connection_refused", None),
    ("dns", 0, "dns", None),
    ("accepted", 204, None, None),
    ("http_503", 503, None, "Service Unavailable"),
)
RESULT = {name: code for code, (name, *_) in enumerate(RESULTS)}
_GOOD = np.array([200 <= r[1] < 300 for r in RESULTS])
_TROUBLE_RESULT = np.array([RESULT[name] for name in TROUBLES])
_STRAY = np.array([RESULT[n] for n in ("http_500", "timeout", "http_502", "http_503")])


def deliver(spec: WorldSpec, people: Population, events: Frame) -> Frame:
    """Every attempt inside the window, for every event an enabled endpoint listens to."""
    made: list[Frame] = []
    for slot in range(people.endpoints.shape[1]):
        wanted = _wanted(people, events, slot)
        if len(wanted):
            made.extend(_tries(spec, people, rows(events, wanted), slot))
    return join(made)


def _wanted(people: Population, events: Frame, slot: int) -> Array:
    acc, t = events["acc"], events["t"]
    listens = (people.endpoint_types[acc, slot] >> events["type"]) & 1
    mode = events["live"] == (slot != 2)
    exists = people.endpoints[acc, slot] != 0
    open_ = (t >= people.endpoint_created[acc, slot]) & (t < people.endpoint_disabled[acc, slot])
    return np.flatnonzero(exists & mode & (listens == 1) & open_)


def _tries(spec: WorldSpec, people: Population, events: Frame, slot: int) -> list[Frame]:
    rng = stream(spec.seed, "deliveries", slot)
    pending: Frame = {
        "event": events["h"],
        "acc": events["acc"],
        "live": events["live"],
        "t": events["t"] + (SECOND_US * (0.3 + rng.gamma(1.5, 0.8, size(events)))).astype(np.int64),
    }
    out = []
    for attempt in range(1, len(_WAITS) + 2):
        acc = pending["acc"]
        inside = pending["t"] < np.minimum(spec.end_us, people.endpoint_disabled[acc, slot])
        pending = rows(pending, np.flatnonzero(inside))
        n = size(pending)
        if not n:
            break
        result = _results(rng, people, pending, slot, attempt)
        wait = _WAITS[min(attempt, len(_WAITS)) - 1]
        after = pending["t"] + (wait * rng.uniform(0.9, 1.2, n)).astype(np.int64) * SECOND_US
        failed = ~_GOOD[result]
        last = attempt > len(_WAITS)
        part = dict(pending)
        part["endpoint"] = people.endpoints[pending["acc"], slot]
        part["slot"] = np.full(n, slot, dtype=np.int8)
        part["h"] = handles(spec.seed, f"wda{attempt}", mix(pending["event"]) ^ part["endpoint"])
        part["attempt"] = np.full(n, attempt, dtype=np.int32)
        part["result"] = result.astype(np.int8)
        part["duration"] = _durations(rng, result)
        part["next"] = np.where(failed & (not last), after, 0)
        out.append(part)
        pending["t"] = after
        pending = rows(pending, np.flatnonzero(failed))
    return out


def _results(
    rng: np.random.Generator, people: Population, tries: Frame, slot: int, attempt: int
) -> Array:
    acc, t = tries["acc"], tries["t"]
    n = len(acc)
    ok = np.where(people.handle[acc] % np.uint64(5) == 0, RESULT["accepted"], RESULT["ok"])
    # What failed once is a little likelier to fail again.
    flake = people.endpoint_flake[acc, slot] * (1 if attempt == 1 else 4)
    result = np.where(rng.random(n) < flake, _STRAY[rng.integers(0, len(_STRAY), n)], ok)
    if slot > 1:
        return np.asarray(result)
    for period in range(people.trouble.shape[1]):
        start, stop, kind, percent = (people.trouble[acc, period, c] for c in range(4))
        inside = (t >= start) & (t < stop) & (start != NEVER) & (slot == 0)
        hit = inside & (rng.random(n) * 100 < percent)
        result = np.where(hit, _TROUBLE_RESULT[kind], result)
    return np.asarray(result)


def _durations(rng: np.random.Generator, result: Array) -> Array:
    n = len(result)
    usual = 180 * rng.lognormal(0, 0.7, n)
    slow = 20_000 + rng.random(n) * 400
    unreached = 1 + rng.random(n) * 40
    timeout = result == RESULT["timeout"]
    dead = np.isin(result, [RESULT["tls"], RESULT["refused"], RESULT["dns"]])
    return np.where(timeout, slow, np.where(dead, unreached, usual)).astype(np.int32)


def endpoint_url(people: Population, acc: int, slot: int) -> str:
    """The address an endpoint was registered with."""
    domain = people.email[acc].split("@")[1]
    host = ("api", "hooks", "staging", "old")[slot]
    path = ("/webhooks/stripe", "/stripe/webhook", "/api/hooks/payments", "/wc-api/stripe")[
        int(people.handle[acc] % np.uint64(4))
    ]
    return f"https://{host}.{domain}{path}"


def pending_counts(events: Frame, deliveries: Frame) -> Array:
    """Per event: endpoints that have not yet answered well."""
    order = np.lexsort((deliveries["attempt"], deliveries["endpoint"], deliveries["event"]))
    event, endpoint = deliveries["event"][order], deliveries["endpoint"][order]
    final = np.append((event[1:] != event[:-1]) | (endpoint[1:] != endpoint[:-1]), True)
    waiting = event[final & ~_GOOD[deliveries["result"][order]] & (deliveries["next"][order] > 0)]
    names, counts = np.unique(waiting, return_counts=True)
    place = np.searchsorted(names, events["h"]).clip(0, max(len(names) - 1, 0))
    if not len(names):
        return np.zeros(size(events), dtype=np.int32)
    return np.where(names[place] == events["h"], counts[place], 0).astype(np.int32)


def listened_types(mask: int) -> list[str]:
    """The event types of an endpoint, as its registration lists them."""
    if mask == (1 << len(words.EVENTS)) - 1:
        return ["*"]
    return [name for code, name in enumerate(words.EVENTS) if mask >> code & 1]
