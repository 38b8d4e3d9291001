"""The small tables: accounts and their standing, keys, endpoints, customers, operations."""

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from headwater.sandbox import vocabulary as words
from headwater.sandbox.columns import Frame, coded, id_text, ids, moments, rows
from headwater.sandbox.money_tables import last4
from headwater.sandbox.payments import customer_handle, is_live
from headwater.sandbox.plan import Plant
from headwater.sandbox.planted_requests import CHANGELOG
from headwater.sandbox.population import (
    LIVE_KEY,
    NEVER,
    OLD_KEY,
    PUBLIC_KEY,
    TEST_KEY,
    Population,
)
from headwater.sandbox.randomness import Array, handles, mix, share, stream
from headwater.sandbox.spec import DAY_US, HOUR_US, WorldSpec
from headwater.sandbox.tables import card_of
from headwater.sandbox.webhooks import endpoint_url, listened_types

Columns = dict[str, Any]


def external_accounts(people: Population, refused: set[int]) -> Columns:
    """`external_accounts`: one bank account each; some also keep an older one."""
    older = np.flatnonzero(share(people.handle, 101) < 0.12)
    acc = np.concatenate([np.arange(len(people)), older])
    second = np.concatenate([np.zeros(len(people), dtype=bool), np.ones(len(older), dtype=bool)])
    handle = np.where(second, mix(people.bank[acc]), people.bank[acc])
    errored = np.isin(acc, list(refused)) & ~second
    # An account that was replaced often had gone bad.
    errored |= second & (share(handle, 102) < 0.3)
    status = np.where(errored, 2, (share(handle, 103) < 0.25).astype(np.int32))
    return {
        "id": ids("ba", handle),
        "account_id": [people.ids[a] for a in acc],
        "object": coded(np.zeros(len(acc), dtype=np.int32), ("bank_account",)),
        "country": coded(people.country[acc], [c[0] for c in words.COUNTRIES]),
        "currency": coded(people.country[acc], [c[1] for c in words.COUNTRIES]),
        "last4": pc.cast(pa.array(last4(handle)), pa.string()),
        "bank_name": coded((share(handle, 104) * len(words.BANKS)).astype(np.int32), words.BANKS),
        "status": coded(status, ("new", "verified", "errored")),
        "default_for_currency": pa.array(~second),
        "created": moments(people.created[acc] + 6 * DAY_US),
    }


def api_keys(spec: WorldSpec, people: Population) -> Columns:
    """`api_keys`: live, test and publishable; rolled ones; keys expired long ago, unused."""
    n = len(people)
    rolled = np.flatnonzero(people.rolled_at < NEVER)
    retired = np.flatnonzero(share(people.handle, 111) < 0.2)
    acc = np.concatenate([np.arange(n)] * 3 + [rolled, retired])
    slot = np.concatenate(
        [
            np.full(n, LIVE_KEY),
            np.full(n, TEST_KEY),
            np.full(n, PUBLIC_KEY),
            np.full(len(rolled), OLD_KEY),
            np.full(len(retired), 4),
        ]
    )
    handle = people.keys[acc, np.minimum(slot, OLD_KEY)]
    handle = np.where(slot == 4, mix(people.keys[acc, LIVE_KEY]), handle)
    at = people.rolled_at[acc]
    expired = np.select([slot == OLD_KEY, slot == 4], [at, people.created[acc] + 200 * DAY_US], 0)
    expired = np.where(
        (slot == 4) & (expired > spec.start_us), spec.start_us - 20 * DAY_US, expired
    )
    was_rolled = at < NEVER
    ahead = (share(handle, 112) * 30 * 60).astype(np.int64) * 1_000_000 + HOUR_US // 60
    created = np.where((slot == LIVE_KEY) & was_rolled, at - ahead, people.created[acc])
    used = spec.end_us - (share(handle, 113) * 40 * HOUR_US).astype(np.int64)
    used = np.where(expired > 0, expired - (share(handle, 114) * HOUR_US).astype(np.int64), used)
    tails = [t[-4:] for t in ids("key", handle).to_pylist()]
    heads = ("sk_live_", "sk_test_", "pk_live_", "sk_live_", "sk_live_")
    return {
        "id": ids("key", handle),
        "account_id": [people.ids[a] for a in acc],
        "type": coded((slot == PUBLIC_KEY).astype(np.int32), ("secret", "publishable")),
        "livemode": pa.array(slot != TEST_KEY),
        "name": coded(
            (share(handle, 115) * 5).astype(np.int32),
            (None, "Server", "Production", "Website", "Integration"),
        ),
        "masked": [f"{heads[s]}...{t}" for s, t in zip(slot, tails, strict=True)],
        "created": moments(created),
        "last_used_at": moments(used),
        "expired_at": moments(expired),
        "status": coded((expired > 0).astype(np.int32), ("active", "expired")),
    }


def webhook_endpoints(spec: WorldSpec, people: Population, plants: list[Plant]) -> Columns:
    """`webhook_endpoints`, with why and since when the disabled ones are."""
    rng = stream(spec.seed, "endpoints")
    acc, slot = np.nonzero(people.endpoints)
    handle = people.endpoints[acc, slot]
    off_at = people.endpoint_disabled[acc, slot]
    off = off_at < spec.end_us
    switched_off = {p.acc for p in plants if p.mode == "WH-09"}
    by_platform = np.isin(acc, list(switched_off)) & (slot == 0) & (rng.random(len(acc)) < 0.85)
    by_platform |= (slot == 3) & (rng.random(len(acc)) < 0.25)
    # Secrets are rolled now and then, harmlessly.
    rolled = np.where(
        share(handle, 121) < 0.05,
        spec.end_us - (share(handle, 122) * 60 * DAY_US).astype(np.int64),
        0,
    )
    cells = list(zip(acc.tolist(), slot.tolist(), strict=True))
    return {
        "id": ids("we", handle),
        "account_id": [people.ids[a] for a in acc],
        "url": [endpoint_url(people, a, s) for a, s in cells],
        "status": coded(off.astype(np.int32), ("enabled", "disabled")),
        "enabled_events": [
            json.dumps(listened_types(int(people.endpoint_types[a, s]))) for a, s in cells
        ],
        "api_version": coded(people.version[acc], words.VERSIONS),
        "livemode": pa.array(slot != 2),
        "created": moments(people.endpoint_created[acc, slot]),
        "is_connect": pa.array(np.zeros(len(acc), dtype=bool)),
        "secret_rolled_at": moments(rolled),
        "disabled_at": moments(np.where(off, off_at, 0)),
        "disabled_reason": coded(
            np.where(off, by_platform.astype(np.int32), -1), ("user", "auto_failures")
        ),
    }


def draw_setups(people: Population, customers: Frame, start_us: int) -> Frame:
    """Cards saved for later, when the customer signs up, by accounts that charge absent ones."""
    saves = (people.off_session[customers["acc"]] > 0) & (share(customers["h"], 151) < 0.6)
    part = rows(customers, np.flatnonzero(saves & (customers["t"] >= start_us)))
    return {
        "h": handles(0, "seti", part["h"]),
        "cus": part["h"],
        "acc": part["acc"],
        "t": part["t"] + 1_500_000,
        "live": part["live"],
        "request": handles(0, "seti-req", part["h"]),
    }


def payment_methods(people: Population, frame: Frame) -> Columns:
    """`payment_methods`: the card of each customer."""
    h = frame["h"]
    zeros = np.zeros(len(h), dtype=np.int32)
    return {
        "id": ids("pm", handles(0, "pm", h)),
        "account_id": coded(frame["acc"], people.ids),
        "customer_id": ids("cus", h),
        "type": coded(zeros, ("card",)),
        "created": moments(frame["t"]),
        "livemode": pa.array(frame["live"]),
        **card_of(h),
        "card_funding": coded((share(h, 152) * 1.4).astype(np.int32), ("credit", "debit")),
        "card_exp_month": (share(h, 153) * 12).astype(np.int32) + 1,
        "card_exp_year": (share(h, 154) * 5).astype(np.int32) + 2026,
    }


def draw_customers(spec: WorldSpec, payments: Frame, seats: Array) -> Frame:
    """Every customer of every account; those new in the window come with their first payment."""
    acc = np.repeat(np.arange(len(seats), dtype=np.int32), seats)
    first = np.repeat(np.cumsum(seats) - seats, seats)
    seat = np.arange(len(acc)) - first
    handle = customer_handle(spec, acc, seat)
    known, index = np.unique(payments["cus"], return_index=True)
    order = np.lexsort((payments["t"], payments["cus"]))
    sorted_cus = payments["cus"][order]
    earliest = payments["t"][order][np.searchsorted(sorted_cus, known)]
    del index
    place = np.searchsorted(known, handle).clip(0, len(known) - 1)
    seen = known[place] == handle
    new = seen & (share(handle, 131) < 0.35)
    older = spec.start_us - ((1 + share(handle, 132) * 500) * DAY_US).astype(np.int64)
    ahead = ((3 + share(handle, 133) * 240) * 1e6).astype(np.int64)
    born = np.maximum(earliest[place] - ahead, spec.start_us)
    return {
        "h": handle,
        "acc": acc,
        "seat": seat,
        "t": np.where(new, born, older),
        "live": is_live(handle),
        "request": handles(spec.seed, "cus-req", handle),
    }


def customers(people: Population, frame: Frame) -> Columns:
    """`customers`."""
    h = frame["h"]
    number = pc.cast(pa.array((share(h, 141) * 1e6).astype(np.int64)), pa.string())
    person = coded((share(h, 142) * len(words.PEOPLE)).astype(np.int32), words.PEOPLE)
    family = coded((share(h, 143) * len(words.FAMILIES)).astype(np.int32), words.FAMILIES)
    first, last = person.cast(pa.string()), family.cast(pa.string())
    mail = pc.binary_join_element_wise(pc.utf8_lower(first), number, "")
    zeros = np.zeros(len(h), dtype=np.int32)
    return {
        "id": ids("cus", h),
        "account_id": coded(frame["acc"], people.ids),
        "created": moments(frame["t"]),
        "livemode": pa.array(frame["live"]),
        "email": pc.binary_join_element_wise(mail, "mail.example", "@"),
        "name": pc.binary_join_element_wise(first, last, " "),
        "currency": coded(people.country[frame["acc"]], [c[1] for c in words.COUNTRIES]),
        "balance": zeros.astype(np.int64),
        "delinquent": pa.array(share(h, 144) < 0.02),
        "address_country": coded(people.country[frame["acc"]], [c[0] for c in words.COUNTRIES]),
        "invoice_settings_default_payment_method_id": ids("pm", handles(0, "pm", h)),
        "tax_exempt": coded(zeros, ("none",)),
        "metadata": coded(zeros, ("{}",)),
        "deleted": pa.array(np.zeros(len(h), dtype=bool)),
    }


def operations(spec: WorldSpec, tables: list[str]) -> dict[str, Columns]:
    """`incidents`, `api_changelog` and `table_freshness`."""
    rng = stream(spec.seed, "operations")
    start = spec.start_us + rng.integers(1, max(2, spec.days - 2), 2) * DAY_US
    ends = start + rng.integers(10, 50, 2) * HOUR_US // 10
    changes = [
        (words.VERSIONS[went if went >= 0 else came], obj, param, went >= 0)
        for _, obj, param, came, went in CHANGELOG
    ]
    return {
        "incidents": {
            "id": [
                f"inc_{id_text('evt', h)[4:16]}" for h in handles(spec.seed, "inc", np.arange(2))
            ],
            "started_at": moments(start),
            "ended_at": moments(ends),
            "component": ["webhooks", "dashboard"],
            "severity": ["minor", "minor"],
            "public_text": [
                "Some webhook deliveries were late.",
                "Some dashboard pages were slow.",
            ],
        },
        "api_changelog": {
            "version": [c[0] for c in changes],
            "release": [c[0].partition(".")[2] or None for c in changes],
            "change": [f"{'Removes' if c[3] else 'Adds'} the parameter {c[2]}." for c in changes],
            "object": [c[1] for c in changes],
            "field": [c[2] for c in changes],
            "breaking": [c[3] for c in changes],
            "doc_url": ["https://docs.stripe.com/changelog" for _ in changes],
        },
        "table_freshness": {
            "table_name": tables,
            "as_of": moments(np.full(len(tables), spec.end_us, dtype=np.int64)),
        },
    }
