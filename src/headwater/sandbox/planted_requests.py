"""Requests that exist only because of a cause: rejected keys, unknown parameters, bursts."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from headwater.sandbox import requests as log
from headwater.sandbox import vocabulary as words
from headwater.sandbox.columns import KIND, Frame, Texts, id_text
from headwater.sandbox.payments import customer_handle, is_live
from headwater.sandbox.plan import Plant
from headwater.sandbox.population import NEVER, OLD_KEY, Population
from headwater.sandbox.randomness import Array, handles, mix, stream
from headwater.sandbox.spec import MINUTE_US, SECOND_US, WorldSpec

# route, parameter, version in which it came, version in which it went (indexes; -1: never).
CHANGELOG: tuple[tuple[str, str, str, int, int], ...] = (
    ("/v1/subscriptions", "subscription", "coupon", -1, 4),
    ("/v1/subscriptions", "subscription", "promotion_code", -1, 4),
    ("/v1/customers", "customer", "coupon", -1, 4),
    ("/v1/payment_intents", "payment_intent", "automatic_payment_methods", 1, -1),
    ("/v1/checkout/sessions", "checkout.session", "ui_mode", 2, -1),
    ("/v1/checkout/sessions", "checkout.session", "line_items[0][amount]", -1, 1),
    ("/v1/subscriptions", "subscription", "billing_mode", 4, -1),
    ("/v1/payment_intents", "payment_intent", "excluded_payment_method_types", 5, -1),
    ("/v1/setup_intents", "setup_intent", "automatic_payment_methods", 2, -1),
    ("/v1/invoices", "invoice", "tax_percent", -1, 1),
)
_TYPOS = (
    ("custmer", "customer"), ("amout", "amount"), ("meta_data", "metadata"),
    ("curency", "currency"), ("recipt_email", "receipt_email"), ("descripton", "description"),
    ("payment_methods_types", "payment_method_types"),
    ("statment_descriptor", "statement_descriptor"),
)  # fmt: skip


@dataclass(slots=True)
class Scratch:
    """The texts that planted rows point to."""

    messages: Texts = field(default_factory=Texts)
    params: Texts = field(default_factory=Texts)
    bodies: Texts = field(default_factory=Texts)
    agents: Texts = field(default_factory=Texts)

    def freeze(self) -> log.RequestTexts:
        """Lists for writing."""
        return log.RequestTexts(
            self.messages.values, self.params.values, self.bodies.values, self.agents.values
        )


@dataclass(slots=True)
class Site:
    """Where a plant's requests happen, and with what luck."""

    spec: WorldSpec
    people: Population
    plant: Plant
    rng: np.random.Generator
    texts: Scratch

    def many(self, least: int, most: int) -> int:
        """A count between two bounds, by severity."""
        return int(least + (most - least) * self.plant.severity**1.5 + self.rng.integers(0, 3))

    def times(self, n: int) -> Array:
        """Times from onset on; the first is right at the onset, the rest come in clumps."""
        stop = max(self.plant.until, self.plant.onset + 10 * MINUTE_US)
        clumps = self.rng.uniform(0, 1, max(1, n // 4 + 1)) ** 1.2
        # Nobody complains before it has hurt: most of it comes before the mail.
        reach = np.full(n, stop - self.plant.onset)
        if self.plant.received:
            reach[self.rng.random(n) < 0.6] = self.plant.received - self.plant.onset
        spread = clumps[self.rng.integers(0, len(clumps), n)] * reach
        jitter = self.rng.exponential(90, n) * SECOND_US
        t = self.plant.onset + spread.astype(np.int64) + jitter.astype(np.int64)
        t[0] = self.plant.onset + int(self.rng.integers(1, 120)) * SECOND_US
        return np.sort(np.minimum(t, stop) // 1000 * 1000)

    def rows(self, t: Array, **columns: Array | int | bool) -> Frame:
        """Request rows of the account at these times, as it usually calls."""
        n = len(t)
        acc = np.full(n, self.plant.acc, dtype=np.int32)
        live = columns.pop("live", True)
        lives = live if isinstance(live, np.ndarray) else np.full(n, live)
        usual = log.caller(self.people, acc, t, lives, np.full(n, self.rng.random()))
        tag = f"{self.plant.mode}{self.plant.acc}"
        h = handles(
            self.spec.seed,
            "req" + tag,
            t.astype(np.uint64) * np.uint64(64) + np.arange(n, dtype=np.uint64) % np.uint64(64),
        )
        base: dict[str, Array | int | bool] = {
            "h": h,
            "params": mix(h) | np.uint64(1),
            "duration": (self.rng.lognormal(3.6, 0.4, n)).astype(np.int32),
        }
        return log.blank(n, **{**usual, **base, **columns})

    def older(self, n: int) -> Array:
        """Objects from before the window."""
        seat = self.rng.integers(0, 5000, n).astype(np.uint64)
        return handles(self.spec.seed, "older", (np.uint64(self.plant.acc) << np.uint64(32)) | seat)

    def new_host(self) -> int:
        """A server of the account: often one not seen before."""
        return self.plant.acc * 4 + (3 if self.rng.random() < 0.6 else 0)

    def calls(self, n: int) -> dict[str, Array]:
        """A mix of ordinary calls: creating payments and reading customers."""
        route = np.where(
            self.rng.random(n) < 0.55,
            words.ROUTE["POST", "/v1/payment_intents"],
            words.ROUTE["GET", "/v1/customers/:id"],
        )
        reads = route == words.ROUTE["GET", "/v1/customers/:id"]
        return {
            "route": route,
            "kind": np.where(reads, KIND["cus"], 0),
            "object": np.where(reads, self.older(n), 0),
        }


def _bad_key(site: Site) -> Frame:
    tail = id_text("key", site.people.keys[site.plant.acc, 0])[-4:]
    masked = (
        f"sk_live_********************{tail}'", f"\"sk_live_*******************{tail}",
        f"sk_live_********************{tail}\\n", "<your**********key>", "sk_live_**xxx",
        "pi_3********************_secret_****",
        f"Bearer *********************{tail}", "undefi*ed",
    )[int(site.rng.integers(0, 8))]  # fmt: skip
    n = site.many(3, 160)
    message = site.texts.messages.add(f"Invalid API Key provided: {masked}")
    return site.rows(
        site.times(n), **site.calls(n), key=0, failure=words.FAILURE["bad_key"],
        message=message, host=site.new_host(),
    )  # fmt: skip


def _expired_key(site: Site) -> Frame:
    key = site.people.keys[site.plant.acc, OLD_KEY]
    n = site.many(4, 200)
    text = f"Expired API Key provided: sk_live_********************{id_text('key', key)[-4:]}"
    return site.rows(
        site.times(n), **site.calls(n), key=np.full(n, key), failure=words.FAILURE["expired_key"],
        message=site.texts.messages.add(text),
        host=site.plant.acc * 4 + int(site.rng.integers(0, site.people.hosts[site.plant.acc])),
    )  # fmt: skip


def _unknown_param(site: Site) -> Frame:
    route, _, param, came, went = CHANGELOG[int(site.rng.integers(0, len(CHANGELOG)))]
    low, high = (went, len(words.VERSIONS)) if went >= 0 else (0, came)
    version = int(site.rng.integers(low, high))
    n = site.many(3, 120)
    return site.rows(
        site.times(n), route=words.ROUTE["POST", route], failure=words.FAILURE["unknown_param"],
        version=version, patch=int((site.people.sdk_patch[site.plant.acc] + 1) % 8),
        param=site.texts.params.add(param),
        message=site.texts.messages.add(f"Received unknown parameter: {param}"),
    )  # fmt: skip


def _typo(site: Site) -> Frame:
    wrong, right = _TYPOS[int(site.rng.integers(0, len(_TYPOS)))]
    n = site.many(3, 90)
    text = f"Received unknown parameter: {wrong}. Did you mean {right}?"
    route = ("/v1/payment_intents", "/v1/customers", "/v1/refunds")[int(site.rng.integers(0, 3))]
    return site.rows(
        site.times(n), route=words.ROUTE["POST", route], failure=words.FAILURE["unknown_param"],
        param=site.texts.params.add(wrong), message=site.texts.messages.add(text),
    )  # fmt: skip


def _lookup(site: Site, acc: int, live_key: bool, n: int, known: Array) -> dict[str, Array]:
    chosen = known[site.rng.integers(0, len(known), n)]
    writes = site.rng.random(n) < 0.3
    route = np.where(
        writes,
        words.ROUTE["POST", "/v1/customers/:id"],
        words.ROUTE["GET", "/v1/customers/:id"],
    )
    return {
        "route": route,
        "kind": np.full(n, KIND["cus"]),
        "object": chosen,
        "live": np.full(n, live_key),
    }


def _customers(site: Site, acc: int, live: bool) -> Array:
    seats = np.arange(int(site.people.seats[acc]))
    every = customer_handle(site.spec, np.full(len(seats), acc), seats)
    return np.asarray(every[is_live(every) == live])


def _other_mode(site: Site) -> Frame:
    acc, n = site.plant.acc, site.many(2, 70)
    test_ids = _customers(site, acc, False)
    live_ids = _customers(site, acc, True)
    live_key = bool(len(test_ids)) and (not len(live_ids) or bool(site.rng.random() < 0.75))
    known = test_ids if live_key else live_ids
    known = known[: int(site.rng.integers(1, 6))]
    frame = site.rows(
        site.times(n), **_lookup(site, acc, live_key, n, known), failure=words.FAILURE["other_mode"]
    )
    here, there = ("live", "test") if live_key else ("test", "live")
    for i, handle in enumerate(frame["object"]):
        text = (
            f"No such customer: '{id_text('cus', handle)}'; a similar object exists in {there} "
            f"mode, but a {here} mode key was used to make this request."
        )
        frame["message"][i] = site.texts.messages.add(text)
    return frame


def _other_account(site: Site) -> Frame:
    n = site.many(2, 60)
    owner = int(site.rng.integers(0, len(site.people)))
    owner = owner if owner != site.plant.acc else (owner + 1) % len(site.people)
    known = _customers(site, owner, True)
    known = known if len(known) else _customers(site, owner, False)
    known = known[: int(site.rng.integers(1, 6))]
    return site.rows(
        site.times(n), **_lookup(site, owner, True, n, known), failure=words.FAILURE["missing"]
    )


def _pairs(site: Site, gap: Array, failure: str, same: bool) -> Frame:
    """Creating calls that go well, each followed by a call with the same idempotency key."""
    n = len(gap)
    kind, template = (
        ("cs", "/v1/checkout/sessions"), ("sub", "/v1/subscriptions"), ("in", "/v1/invoices"),
    )[int(site.rng.integers(0, 3))]  # fmt: skip
    first = site.times(n)
    key = mix(first.astype(np.uint64) ^ site.people.handle[site.plant.acc])
    params = key | np.uint64(1)
    none = np.zeros(n, dtype=np.uint64)
    bad = np.repeat(np.array([0, words.FAILURE[failure]], dtype=np.int8), n)
    return site.rows(
        np.concatenate([first, first + gap]),
        route=words.ROUTE["POST", template],
        kind=np.where(bad == 0, KIND[kind], 0),
        object=np.concatenate([mix(key), none]),
        failure=bad,
        idem=np.concatenate([key, key]),
        params=np.concatenate([params, params if same else mix(params) | np.uint64(1)]),
        duration=np.where(bad == 0, site.rng.integers(280, 1600, 2 * n), 30),
    )


def _key_reuse(site: Site) -> Frame:
    n = site.many(2, 45)
    gap = (site.rng.lognormal(5.5, 1.4, n) * SECOND_US).astype(np.int64)
    gap = np.clip(gap, 2 * SECOND_US, 20 * 3600 * SECOND_US)
    frame = _pairs(site, gap, "idempotency", same=False)
    text = (
        "Keys for idempotent requests can only be used with the same parameters they were first "
        "used with."
    )
    message = site.texts.messages.add(text)
    frame["message"] = np.where(frame["failure"] > 0, message, -1).astype(np.int32)
    return frame


def _concurrent(site: Site) -> Frame:
    n = site.many(2, 40)
    return _pairs(site, site.rng.integers(30, 270, n) * 1000, "key_in_use", same=True)


def _burst(site: Site) -> Frame:
    bursts = site.many(1, 9)
    frames = []
    for start in site.times(bursts):
        n = int(site.rng.integers(40, 90 + int(240 * site.plant.severity)))
        seconds = site.rng.uniform(0, 1 + n / 90, n)
        t = np.sort(start + (seconds * 1000).astype(np.int64) * 1000)
        # The first requests of each second pass, the rest is turned away.
        refused = (site.rng.random(n) < 0.25 + 0.5 * site.plant.severity) & (np.arange(n) > 12)
        route = words.ROUTE[
            "GET", "/v1/customers/:id" if site.rng.random() < 0.5 else "/v1/charges/:id"
        ]
        kind = "cus" if "customers" in words.ROUTES[route].template else "ch"
        frames.append(
            site.rows(
                t, route=route, kind=KIND[kind], object=site.older(n),
                failure=np.where(refused, words.FAILURE["rate_limit"], 0),
            )
        )  # fmt: skip
    return log.merge(frames)


def _lock(site: Site) -> Frame:
    n = site.many(3, 50)
    first = site.times(n)
    objects = site.older(max(1, n // 6))[site.rng.integers(0, max(1, n // 6), n)]
    t = np.concatenate([first, first + site.rng.integers(50, 700, n) * 1000])
    failure = np.concatenate([np.zeros(n), np.full(n, words.FAILURE["lock_timeout"])]).astype(
        np.int8
    )
    return site.rows(
        t, route=words.ROUTE["POST", "/v1/subscriptions/:id"], kind=KIND["sub"],
        object=np.concatenate([objects, objects]), failure=failure,
        duration=np.where(failure > 0, 2000, 1800),
    )  # fmt: skip


_MAKERS: dict[str, Callable[[Site], Frame]] = {
    "AUTH-01": _bad_key,
    "AUTH-02": _expired_key,
    "VER-03": _unknown_param,
    "REQ-01": _typo,
    "MODE-01": _other_mode,
    "MODE-04": _other_account,
    "IDEM-01": _key_reuse,
    "IDEM-02": _concurrent,
    "RATE-01": _burst,
    "RATE-02": _lock,
}


def planted_requests(
    spec: WorldSpec, people: Population, plants: list[Plant], texts: Scratch
) -> Frame:
    """The requests of all plants; each plant learns the ids of its failed requests."""
    frames = []
    for plant in plants:
        maker = _MAKERS.get(plant.mode)
        if maker is None:
            continue
        rng = stream(spec.seed, "plant", plant.mode, plant.acc)
        frame = maker(Site(spec, people, plant, rng, texts))
        frames.append(frame)
        seen = (frame["failure"] > 0) & (frame["t"] < (plant.received or spec.end_us))
        plant.guilty = [id_text("req", h) for h in frame["h"][seen][:40]]
    frames.append(_stragglers(spec, people, plants, texts))
    return log.merge(frames)


def _stragglers(spec: WorldSpec, people: Population, plants: list[Plant], texts: Scratch) -> Frame:
    """After an orderly roll of a key a process or two still uses the old one for some minutes."""
    rng = stream(spec.seed, "stragglers")
    planned = {plant.acc for plant in plants if plant.mode == "AUTH-02"}
    rolled = [a for a in np.flatnonzero(people.rolled_at < NEVER) if int(a) not in planned]
    frames = []
    for acc in rolled:
        if rng.random() < 0.45:
            start = int(people.rolled_at[acc])
            until = start + int(rng.integers(1, 40)) * MINUTE_US
            plant = Plant("AUTH-02", int(acc), start, until, 0.0)
            frames.append(_expired_key(Site(spec, people, plant, rng, texts)))
    return log.merge(frames)
