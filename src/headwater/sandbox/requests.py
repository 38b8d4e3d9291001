"""The API request log: calls that made payments, ordinary reading traffic, failures.

Rows stay small numbers until a day is written; only then do they become ids and texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from headwater.sandbox import vocabulary as words
from headwater.sandbox.columns import (
    KIND,
    Frame,
    coded,
    hexes,
    ids,
    join,
    mixed_ids,
    moments,
    rows,
    size,
)
from headwater.sandbox.payments import customer_handle, day_times, is_live
from headwater.sandbox.population import (
    LIVE_KEY,
    OLD_KEY,
    PUBLIC_KEY,
    TEST_KEY,
    Population,
    host_texts,
)
from headwater.sandbox.randomness import Array, handles, mix, pick, share, stream
from headwater.sandbox.spec import DAY_US, WorldSpec

SOURCES = ("api", "stripe_js", "dashboard", "cli", "automatic")
_MISSING_NAMES = {"pi": "payment_intent", "cus": "customer", "ch": "charge", "evt": "event",
                  "sub": "subscription", "in": "invoice", "po": "payout", "re": "refund",
                  "seti": "setupintent"}  # fmt: skip
# Columns every request frame carries, with their defaults.
_DEFAULTS: tuple[tuple[str, Any, Any], ...] = (
    ("h", np.uint64, 0),
    ("acc", np.int32, 0),
    ("t", np.int64, 0),
    ("live", np.bool_, True),
    ("key", np.uint64, 0),
    ("source", np.int8, 0),
    ("route", np.int8, 0),
    ("kind", np.int8, 0),
    ("object", np.uint64, 0),
    ("version", np.int16, 0),
    ("sdk", np.int8, 0),
    ("patch", np.int8, 0),
    ("host", np.int32, 0),
    ("idem", np.uint64, 0),
    ("replayed", np.bool_, False),
    ("params", np.uint64, 0),
    ("failure", np.int8, 0),
    ("duration", np.int32, 0),
    ("message", np.int32, -1),
    ("param", np.int32, -1),
    ("body", np.int32, -1),
    ("agent", np.int32, -1),
    ("charge", np.uint64, 0),
    ("on_behalf", np.int32, -1),
)


def blank(n: int, **columns: Array | int | bool) -> Frame:
    """A request frame of `n` rows; columns not given keep their defaults."""
    frame: Frame = {}
    for name, kind, default in _DEFAULTS:
        value = columns.get(name, default)
        if isinstance(value, np.ndarray):
            frame[name] = value.astype(kind, copy=False)
        else:
            frame[name] = np.full(n, value, dtype=kind)
    return frame


def caller(people: Population, acc: Array, t: Array, live: Array, luck: Array) -> dict[str, Array]:
    """Who calls: the key in force at that time, one of the account's servers, its SDK."""
    old = t < people.rolled_at[acc]
    rolled = people.rolled_at[acc] < 2**61
    secret = np.where(old & rolled, people.keys[acc, OLD_KEY], people.keys[acc, LIVE_KEY])
    host = (luck * people.hosts[acc]).astype(np.int32)
    return {
        "acc": acc,
        "t": t,
        "live": live,
        "key": np.where(live, secret, people.keys[acc, TEST_KEY]),
        "version": people.version[acc],
        "sdk": people.sdk[acc],
        "patch": people.sdk_patch[acc],
        "host": acc * 4 + host,
    }


def durations(rng: np.random.Generator, n: int, writes: Array | bool) -> Array:
    """Milliseconds per request: writes are slower than reads."""
    middle = np.where(writes, 420.0, 110.0)
    return np.asarray((middle * rng.lognormal(0, 0.45, n)).astype(np.int32))


def background(spec: WorldSpec, people: Population, day_us: int, budget: float) -> Frame:
    """Ordinary traffic of one day: `budget` rows shared out by account size, plus replays."""
    rng = stream(spec.seed, "requests", day_us // DAY_US)
    counts = rng.poisson(np.maximum(people.request_weight * budget, 0.4))
    acc = np.repeat(np.arange(len(people), dtype=np.int32), counts)
    n = len(acc)
    t = day_times(rng, n, day_us)
    route = pick(rng, [r.weight for r in words.ROUTES], n).astype(np.int8)
    kind = np.array([KIND[r.kind] for r in words.ROUTES], dtype=np.int8)[route]
    by_id = np.array([":id" in r.template for r in words.ROUTES])[route]
    writes = np.array([r.method == "POST" for r in words.ROUTES])[route]
    h = handles(spec.seed, f"req{day_us // DAY_US}", np.arange(1, n + 1))
    failure = _ordinary_failures(rng, people, acc, by_id)
    live = rng.random(n) < 0.9
    objects, live = _objects(spec, people, acc, h, live, np.where(by_id, kind, 0), failure)
    # A creating call names the object it made, unless it failed.
    objects = np.where(by_id, objects, np.where(failure == 0, mix(h), 0))
    kind = np.where(by_id | ((failure == 0) & writes), kind, 0)
    frame = blank(
        n,
        **caller(people, acc, t, live, rng.random(n)),
        h=h,
        route=route,
        kind=kind,
        object=np.where(kind > 0, objects, 0),
        params=mix(h ^ np.uint64(77)) % np.uint64(1 << 20) + np.uint64(1),
        failure=failure,
        duration=durations(rng, n, writes),
        idem=np.where(writes & people.uses_idempotency[acc], mix(h ^ np.uint64(5)), 0),
    )
    frame["source"][rng.random(n) < 0.02] = 2
    return join([frame, _replays(spec, rng, frame, day_us)])


def _ordinary_failures(
    rng: np.random.Generator, people: Population, acc: Array, by_id: Array
) -> Array:
    """How clumsy an account is varies a lot from account to account."""
    clumsy = 0.012 + 0.06 * share(people.handle, 9) ** 1.5
    bad = rng.random(len(acc)) < clumsy[acc]
    drawn = pick(rng, [f.share for f in words.FAILURES], len(acc))
    failure = np.where(bad, drawn, 0).astype(np.int8)
    # Only a call about one object can miss it.
    failure[(failure == words.FAILURE["missing"]) & ~by_id] = words.FAILURE["missing_param"]
    return failure


def _objects(
    spec: WorldSpec, people: Population, acc: Array, h: Array, live: Array, kind: Array,
    failure: Array,
) -> tuple[Array, Array]:  # fmt: skip
    """What calls ask for, and the mode they are made in.

    Customers are real ones of the account and called in their own mode; other objects were made
    before the window. What is not found never existed.
    """
    seat = (share(h, 6) * 5000).astype(np.uint64)
    older = handles(spec.seed, "older", (acc.astype(np.uint64) << np.uint64(32)) | seat)
    at = np.flatnonzero((kind == KIND["cus"]) & (failure != words.FAILURE["missing"]))
    mine = acc[at]
    known = customer_handle(spec, mine, (share(h[at], 8) * people.seats[mine]).astype(np.int64))
    older[at] = known
    live[at] = is_live(known)
    return older, live


def _replays(spec: WorldSpec, rng: np.random.Generator, frame: Frame, day_us: int) -> Frame:
    """Clients that lost an answer send the same call again and get the same answer."""
    again = (frame["idem"] > 0) & (rng.random(size(frame)) < 0.01)
    part = rows(frame, np.flatnonzero(again))
    part["t"] = part["t"] + rng.integers(1_000, 90_000, size(part)) * 1000
    part["h"] = handles(spec.seed, "replay", part["h"])
    part["replayed"] = np.ones(size(part), dtype=bool)
    part["duration"] = np.minimum(part["duration"], 60)
    return rows(part, np.flatnonzero(part["t"] < day_us + DAY_US))


@dataclass(slots=True)
class RequestTexts:
    """The texts that the index columns of request frames point to."""

    messages: Sequence[str]
    params: Sequence[str]
    bodies: Sequence[str]
    agents: Sequence[str]


def materialise(people: Population, texts: RequestTexts, frame: Frame) -> dict[str, Any]:
    """Contract columns of request rows."""
    failures = words.FAILURES
    failure, route = frame["failure"].astype(np.int32), frame["route"].astype(np.int32)
    objects = mixed_ids(frame["kind"], frame["object"])
    writes = np.array([r.method == "POST" for r in words.ROUTES])[route]
    status = np.array([f.status for f in failures], dtype=np.int32)[failure]
    agents = _agents(frame, texts)
    bodies = coded(frame["body"], texts.bodies)
    return {
        "id": ids("req", frame["h"]),
        "account_id": coded(frame["acc"], people.ids),
        "stripe_account": coded(frame["on_behalf"], people.ids),
        "created": moments(frame["t"]),
        "livemode": pa.array(frame["live"]),
        "api_key_id": ids("key", frame["key"]),
        "source": coded(frame["source"].astype(np.int32), SOURCES),
        "method": coded(writes.astype(np.int32), ("GET", "POST")),
        "path": _paths(route, objects),
        "route": coded(route, [r.template for r in words.ROUTES]),
        "object_id": objects,
        "api_version": coded(frame["version"].astype(np.int32), words.VERSIONS),
        "sdk": coded(frame["sdk"].astype(np.int32), words.SDKS),
        "sdk_version": _sdk_versions(frame),
        "user_agent": agents,
        "source_ip": coded(frame["host"], host_texts(people)),
        "idempotency_key": hexes(frame["idem"], 20),
        "idempotent_replayed": pa.array(frame["replayed"]),
        "params_hash": hexes(frame["params"], 16),
        "request_body": bodies,
        "status": status,
        "duration_ms": frame["duration"],
        "should_retry": np.isin(status, (409, 429, 500)),
        **_error_columns(frame, failure, objects, texts),
    }


def _error_columns(
    frame: Frame, failure: Array, objects: Any, texts: RequestTexts
) -> dict[str, Any]:
    failures = words.FAILURES
    docs = [
        f"https://docs.stripe.com/error-codes#{f.code.replace('_', '-')}" if f.code else None
        for f in failures
    ]
    return {
        "error_type": coded(failure, [f.type or None for f in failures]),
        "error_code": coded(failure, [f.code for f in failures]),
        "error_decline_code": coded(failure, [f.decline for f in failures]),
        "error_param": _override(
            coded(failure, [f.param for f in failures]), frame["param"], texts.params
        ),
        "error_message": _messages(frame, failure, objects, texts),
        "error_advice_code": coded(failure, [f.advice for f in failures]),
        "error_network_decline_code": coded(failure, [f.network for f in failures]),
        "error_doc_url": coded(failure, docs),
        "error_charge_id": ids("ch", frame["charge"]),
    }


def _override(base: Any, index: Array, values: Sequence[str]) -> Any:
    """`base`, but the rows with an index of 0 or more take that text."""
    at = np.flatnonzero(index >= 0)
    if not len(at):
        return base
    plain = base.cast(pa.string())
    combined = pa.concat_arrays([plain, pa.array([values[i] for i in index[at]], pa.string())])
    order = np.arange(len(index))
    order[at] = len(index) + np.arange(len(at))
    return combined.take(pa.array(order))


def _messages(frame: Frame, failure: Array, objects: Any, texts: RequestTexts) -> Any:
    base = coded(failure, [f.message for f in words.FAILURES])
    missing = np.flatnonzero((failure == words.FAILURE["missing"]) & (frame["message"] < 0))
    if len(missing):
        names = objects.take(pa.array(missing)).to_pylist()
        made = [
            f"No such {_MISSING_NAMES.get((i or 'x_').split('_')[0], 'object')}: '{i}'"
            for i in names
        ]
        index = np.full(len(failure), -1)
        index[missing] = np.arange(len(missing))
        base = _override(base, index, made)
    return _override(base, frame["message"], texts.messages)


def _paths(route: Array, objects: Any) -> Any:
    """The route with its `:id` replaced by the object."""
    parts: list[Any] = []
    places: list[Array] = []
    for code in np.unique(route):
        at = np.flatnonzero(route == code)
        template = words.ROUTES[code].template
        places.append(at)
        if ":id" in template:
            head, _, tail = template.partition(":id")
            mine = objects.take(pa.array(at))
            parts.append(pa.compute.binary_join_element_wise(head, mine, tail, ""))
        else:
            parts.append(pa.array(np.full(len(at), template), pa.string()))
    if not parts:
        return pa.nulls(0, pa.string())
    order = np.empty(len(route), dtype=np.int64)
    order[np.concatenate(places)] = np.arange(len(route))
    return pa.concat_arrays(parts).take(pa.array(order))


def _sdk_versions(frame: Frame) -> Any:
    code = frame["sdk"].astype(np.int32) * 8 + frame["patch"]
    return coded(code, [_patched(s, p) for s in range(len(words.SDKS)) for p in range(8)])


def _patched(sdk: int, patch: int) -> str:
    major, _, _ = words.SDK_VERSIONS[sdk].split(".")
    return f"{int(major) + patch // 6}.{patch % 6 + 1}.0"


def _agents(frame: Frame, texts: RequestTexts) -> Any:
    code = frame["sdk"].astype(np.int32) * 8 + frame["patch"]
    usual = [
        f"Stripe/v1 {words.SDKS[s].replace('stripe-', '').title()}Bindings/{_patched(s, p)}"
        for s in range(len(words.SDKS))
        for p in range(8)
    ]
    browser = frame["source"] == 1
    values = [*usual, "Mozilla/5.0 (Stripe.js v3)", *texts.agents]
    code = np.where(browser, len(usual), code)
    code = np.where(frame["agent"] >= 0, len(usual) + 1 + frame["agent"], code)
    return coded(code, values)


def write_order(frame: Frame) -> Frame:
    """Rows in the order in which a day is stored: by account, then time."""
    key = frame["acc"].astype(np.int64) << 37 | (frame["t"] % DAY_US)
    return rows(frame, np.argsort(key, kind="stable"))


def merge(frames: Sequence[Frame]) -> Frame:
    """Frames with rows, joined; an empty frame where there are none."""
    filled = [f for f in frames if size(f)]
    return join(filled) if filled else blank(0)


__all__ = ["PUBLIC_KEY", "RequestTexts", "background", "blank", "caller", "materialise"]
