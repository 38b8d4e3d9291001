"""The accounts of a world and what they own: keys, servers, endpoints, habits.

Accounts are numbered in the order of their ids, so sorting by number is sorting by id.
Everything here is drawn before any cause is planted.
"""

from dataclasses import dataclass

import numpy as np

from headwater.sandbox import vocabulary as words
from headwater.sandbox.columns import ids
from headwater.sandbox.randomness import Array, handles, pick, share, stream
from headwater.sandbox.spec import DAY_US, HOUR_US, WorldSpec

NEVER = np.int64(2**62)
# Key slots of an account: live secret, test secret, publishable, live secret before a roll.
LIVE_KEY, TEST_KEY, PUBLIC_KEY, OLD_KEY = range(4)
# Endpoint slots of an account: live, second live, test, and a retired live one.
ENDPOINT_SLOTS = 4


@dataclass(slots=True)
class Population:
    """Arrays over accounts (first axis). Times are microseconds; NEVER means it did not happen."""

    ids: list[str]
    handle: Array
    email: list[str]
    name: list[str]
    owner: list[str]
    country: Array
    parent: Array
    kind: Array
    created: Array
    version: Array
    sdk: Array
    sdk_patch: Array
    request_weight: Array
    payment_weight: Array
    decline_rate: Array
    off_session: Array
    manual_capture: Array
    client_confirm: Array
    uses_idempotency: Array
    sends_order_id: Array
    ticket: Array
    payout_interval: Array
    payout_delay: Array
    hosts: Array
    keys: Array
    rolled_at: Array
    endpoints: Array
    endpoint_created: Array
    endpoint_types: Array
    endpoint_flake: Array
    endpoint_disabled: Array
    trouble: Array
    bank: Array
    seats: Array

    def __len__(self) -> int:
        return len(self.ids)


# kind codes
DIRECT, PLATFORM, STANDARD, EXPRESS, CUSTOM = range(5)
KIND_NAMES = ("none", "none", "standard", "express", "custom")
INTERVALS = ("daily", "weekly", "monthly", "manual")

# Trouble columns: start, end, kind, probability in percent. Two slots: one may be planted.
TROUBLES = (
    "http_500", "http_502", "http_403", "http_404", "http_401", "http_419",
    "redirect", "timeout", "tls", "refused", "dns",
)  # fmt: skip


def populate(spec: WorldSpec) -> Population:
    """All accounts of the world, before planting."""
    n = spec.accounts
    rng = stream(spec.seed, "population")
    raw = handles(spec.seed, "acct", np.arange(1, n + 1))
    texts = ids("acct", raw).to_pylist()
    order = np.array(sorted(range(n), key=texts.__getitem__))
    handle = raw[order]
    request_weight = _zipf(rng, n, 0.95)
    payment_weight = request_weight**0.75 * rng.lognormal(0.0, 0.5, n)
    kind = _kinds(rng, n)
    names = _names(rng, n)
    owners, emails = _owners(rng, names)
    start = spec.start_us
    keys = np.stack([handles(spec.seed, f"key{slot}", handle) for slot in range(4)], axis=1)
    rolled = np.where(rng.random(n) < 0.1, start + rng.integers(0, spec.days * DAY_US, n), NEVER)
    trouble = _troubles(rng, n, spec)
    return Population(
        ids=[texts[i] for i in order],
        handle=handle,
        email=emails,
        name=names,
        owner=owners,
        country=pick(rng, [c[3] for c in words.COUNTRIES], n),
        parent=_parents(rng, kind, request_weight),
        kind=kind,
        created=start - (rng.gamma(1.4, 300, n) * DAY_US).astype(np.int64) - 10 * DAY_US,
        version=pick(rng, list(words.VERSION_SHARES), n),
        sdk=pick(rng, list(words.SDK_SHARES), n),
        sdk_patch=rng.integers(0, 6, n),
        request_weight=request_weight / request_weight.sum(),
        payment_weight=payment_weight / payment_weight.sum(),
        decline_rate=np.clip(rng.beta(6, 54, n), 0.03, 0.25),
        off_session=np.where(rng.random(n) < 0.4, rng.uniform(0.2, 0.9, n), 0.0),
        manual_capture=np.where(rng.random(n) < 0.1, rng.uniform(0.2, 1.0, n), 0.0),
        client_confirm=rng.random(n) < 0.45,
        uses_idempotency=rng.random(n) < 0.75,
        sends_order_id=rng.random(n) < 0.7,
        ticket=rng.lognormal(7.6, 0.9, n),
        payout_interval=pick(rng, [0.55, 0.3, 0.1, 0.05], n),
        payout_delay=rng.integers(2, 5, n),
        hosts=rng.integers(1, 4, n),
        keys=keys,
        rolled_at=rolled,
        **_endpoints(rng, spec, handle),
        trouble=trouble,
        bank=handles(spec.seed, "bank", handle),
        seats=np.full(n, 2, dtype=np.int64),
    )


def _zipf(rng: np.random.Generator, n: int, exponent: float) -> Array:
    weights = np.arange(1, n + 1, dtype=np.float64) ** -exponent
    # A floor keeps the smallest accounts alive: nobody has an account and no traffic at all.
    weights += 0.05 * weights.mean()
    return np.asarray(rng.permutation(weights))


def _kinds(rng: np.random.Generator, n: int) -> Array:
    kinds = pick(rng, [0.54, 0.06, 0.16, 0.18, 0.06], n)
    kinds[int(rng.integers(0, n))] = PLATFORM
    return kinds


def _parents(rng: np.random.Generator, kind: Array, weight: Array) -> Array:
    platforms = np.flatnonzero(kind == PLATFORM)
    parent = np.full(len(kind), -1, dtype=np.int32)
    children = np.flatnonzero(kind >= STANDARD)
    parent[children] = platforms[pick(rng, weight[platforms], len(children))]
    return parent


def _names(rng: np.random.Generator, n: int) -> list[str]:
    first = rng.integers(0, len(words.FIRST), n)
    second = rng.integers(0, len(words.SECOND), n)
    suffix = rng.integers(0, len(words.SUFFIX), n)
    rows = zip(first, second, suffix, strict=True)
    return [f"{words.FIRST[a]} {words.SECOND[b]} {words.SUFFIX[c]}" for a, b, c in rows]


def _owners(rng: np.random.Generator, names: list[str]) -> tuple[list[str], list[str]]:
    """A person per account and a unique address at the account's own domain."""
    people = rng.integers(0, len(words.PEOPLE), len(names))
    families = rng.integers(0, len(words.FAMILIES), len(names))
    seen: dict[str, int] = {}
    owners, emails = [], []
    for name, person, family in zip(names, people, families, strict=True):
        domain = "-".join(name.lower().split()[:2])
        seen[domain] = seen.get(domain, 0) + 1
        tail = "" if seen[domain] == 1 else str(seen[domain])
        owner = f"{words.PEOPLE[person]} {words.FAMILIES[family]}"
        owners.append(owner)
        emails.append(f"{owner.split()[0].lower()}@{domain}{tail}.example")
    return owners, emails


def _endpoints(rng: np.random.Generator, spec: WorldSpec, handle: Array) -> dict[str, Array]:
    n = len(handle)
    made = np.stack(
        [handles(spec.seed, f"we{slot}", handle) for slot in range(ENDPOINT_SLOTS)], axis=1
    )
    exists = rng.random((n, ENDPOINT_SLOTS)) < np.array([0.86, 0.14, 0.45, 0.08])
    created = spec.start_us - rng.integers(5, 400, (n, ENDPOINT_SLOTS)) * DAY_US
    created -= rng.integers(0, DAY_US, (n, ENDPOINT_SLOTS))
    disabled = np.full((n, ENDPOINT_SLOTS), NEVER)
    # The retired endpoint was switched off before or inside the window, as its owner wished.
    span = (spec.days + 60) * DAY_US
    disabled[:, 3] = spec.start_us - 60 * DAY_US + rng.integers(0, span, n)
    flake = np.where(
        rng.random((n, ENDPOINT_SLOTS)) < 0.06,
        rng.uniform(0.04, 0.15, (n, ENDPOINT_SLOTS)),
        rng.exponential(0.006, (n, ENDPOINT_SLOTS)).clip(0, 0.03),
    )
    every = (1 << len(words.EVENTS)) - 1
    usual = sum(1 << words.EVENT[name] for name in (
        "payment_intent.succeeded", "payment_intent.payment_failed", "charge.refunded",
        "charge.dispute.created", "payout.failed",
    ))  # fmt: skip
    slim = 1 << words.EVENT["payment_intent.succeeded"]
    types = np.array([every, usual, slim])[pick(rng, [0.25, 0.6, 0.15], n * ENDPOINT_SLOTS)]
    return {
        "endpoints": np.where(exists, made, 0).astype(np.uint64),
        "endpoint_created": created,
        "endpoint_types": types.reshape(n, ENDPOINT_SLOTS),
        "endpoint_flake": flake,
        "endpoint_disabled": disabled,
    }


def _troubles(rng: np.random.Generator, n: int, spec: WorldSpec) -> Array:
    """Two periods per account in which its live endpoint fails; most accounts have none.

    Columns: start, end, index into TROUBLES, failure probability in percent.
    """
    trouble = np.zeros((n, 2, 4), dtype=np.int64)
    trouble[:, :, 0] = NEVER
    hit = np.flatnonzero(rng.random(n) < 0.09)
    start = spec.start_us + rng.integers(0, spec.days * DAY_US, len(hit))
    trouble[hit, 0, 0] = start
    trouble[hit, 0, 1] = start + (rng.gamma(1.2, 2.0, len(hit)) * HOUR_US).astype(np.int64)
    trouble[hit, 0, 2] = rng.integers(0, len(TROUBLES), len(hit))
    trouble[hit, 0, 3] = rng.integers(30, 101, len(hit))
    return trouble


def host_texts(population: Population) -> list[str]:
    """Addresses of all servers, four per account, in documentation ranges and private space."""
    base = (share(population.handle, 7) * (1 << 22)).astype(np.int64)
    return [
        f"{198 + (b & 1) * 5}.{(b >> 16) & 63}.{(b >> 8) & 255}.{((b & 255) + 7 * k) % 254 + 1}"
        for b in base.tolist()
        for k in range(4)
    ]
