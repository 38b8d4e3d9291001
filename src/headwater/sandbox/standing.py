"""How accounts stand with the platform: enabled or not, what is required of them, since when."""

from typing import Any

import numpy as np
import pyarrow as pa

from headwater.sandbox import vocabulary as words
from headwater.sandbox.columns import Frame, coded, moments
from headwater.sandbox.plan import Plant
from headwater.sandbox.population import INTERVALS, KIND_NAMES, STANDARD, Population
from headwater.sandbox.randomness import Array, handles, stream
from headwater.sandbox.spec import DAY_US, SECOND_US, WorldSpec

Columns = dict[str, Any]
_FIELDS = (
    "individual.verification.document", "individual.id_number", "company.tax_id",
    "external_account", "business_profile.url", "individual.dob.day", "representative.phone",
    "owners.verification.document", "business_profile.mcc", "tos_acceptance.date",
)  # fmt: skip


def standing(
    spec: WorldSpec, people: Population, plants: list[Plant]
) -> tuple[Columns, Columns, Columns]:
    """`accounts`, `account_requirements` and `account_capabilities`."""
    n = len(people)
    rng = stream(spec.seed, "standing")
    connected = people.kind >= STANDARD
    # Most requirements are far off; some are near; a few were never met since long ago.
    luck = rng.random(n)
    later = connected & (luck < 0.2)
    near = connected & (luck >= 0.2) & (luck < 0.27)
    dormant = connected & (luck >= 0.27) & (luck < 0.29)
    due_at = np.where(near, spec.end_us + rng.integers(3, 60, n) * DAY_US, 0)
    due_at = np.where(dormant, people.created + 30 * DAY_US, due_at)
    charges, payouts = np.ones(n, dtype=bool), ~dormant
    reason = np.where(dormant, 0, -1).astype(np.int32)
    since = np.where(near | later, spec.end_us - rng.integers(5, 90, n) * DAY_US, people.created)
    strict = np.zeros(n, dtype=bool)
    for plant in plants:
        if plant.mode != "CON-01":
            continue
        acc = plant.acc
        charges[acc], payouts[acc], strict[acc] = False, _keeps_payouts(spec, plant), True
        later[acc] = near[acc] = dormant[acc] = False
        due_at[acc], since[acc] = plant.onset, plant.onset - int(rng.integers(7, 40)) * DAY_US
        reason[acc] = int(rng.random() < 0.15)
    accounts = {
        "id": people.ids,
        "parent_platform_id": [None if p < 0 else people.ids[p] for p in people.parent],
        "type": coded(people.kind, KIND_NAMES),
        "country": coded(people.country, [c[0] for c in words.COUNTRIES]),
        "default_currency": coded(people.country, [c[1] for c in words.COUNTRIES]),
        "email": people.email,
        "business_name": people.name,
        "business_type": coded(
            (people.handle % np.uint64(4) == 0).astype(np.int32), ("company", "individual")
        ),
        "mcc": coded((people.handle % np.uint64(8)).astype(np.int32), words.MCCS),
        "created": moments(people.created),
        "livemode_activated_at": moments(people.created + 5 * DAY_US),
        "details_submitted": pa.array(~dormant),
        "charges_enabled": pa.array(charges & ~dormant | (dormant & (luck < 0.28))),
        "payouts_enabled": pa.array(payouts),
        "requirements_disabled_reason": coded(
            reason, ("requirements.past_due", "requirements.pending_verification")
        ),
        "requirements_current_deadline": moments(due_at),
        "tos_service_agreement": coded(np.zeros(n, dtype=np.int32), ("full",)),
        "default_api_version": coded(people.version, words.VERSIONS),
        "payout_schedule_interval": coded(people.payout_interval, INTERVALS),
        "payout_schedule_delay_days": people.payout_delay.astype(np.int32),
        "payout_statement_descriptor": [name.upper()[:22] for name in people.name],
        "timezone": coded(people.country, [c[2] for c in words.COUNTRIES]),
        "deleted": pa.array(np.zeros(n, dtype=bool)),
    }
    bucket = np.select([strict | dormant, near, later], [0, 1, 2], -1)
    return (
        accounts,
        _requirements(rng, people, bucket, since),
        _capabilities(people, strict, dormant),
    )


def _requirements(
    rng: np.random.Generator, people: Population, bucket: Array, since: Array
) -> Columns:
    names = ("past_due", "currently_due", "eventually_due")
    found = []
    for acc in np.flatnonzero(bucket >= 0):
        fields = rng.permutation(len(_FIELDS))[: int(rng.integers(1, 4))]
        for place, code in enumerate(fields):
            name = names[bucket[acc]]
            # A field past due is still currently due; later ones of the same account are not.
            if bucket[acc] == 0 and place and rng.random() < 0.5:
                name = "currently_due"
            error = bucket[acc] == 0 and "document" in _FIELDS[code] and rng.random() < 0.5
            found.append((acc, _FIELDS[code], name, since[acc], error))
    acc_rows = [f[0] for f in found]
    return {
        "account_id": [people.ids[a] for a in acc_rows],
        "capability": ["card_payments" if i % 3 else "transfers" for i in range(len(found))],
        "field": [f[1] for f in found],
        "bucket": [f[2] for f in found],
        "error_code": ["verification_document_expired" if f[4] else None for f in found],
        "error_reason": ["The document has expired." if f[4] else None for f in found],
        "since": moments(np.array([f[3] for f in found], dtype=np.int64)),
    }


def _capabilities(people: Population, strict: Array, dormant: Array) -> Columns:
    connected = np.flatnonzero(people.kind >= STANDARD)
    plain = np.flatnonzero(people.kind < STANDARD)
    acc = np.concatenate([connected, connected, plain])
    kind = np.concatenate(
        [np.zeros(len(connected)), np.ones(len(connected)), np.zeros(len(plain))]
    ).astype(np.int32)
    off = strict[acc] | dormant[acc]
    return {
        "account_id": [people.ids[a] for a in acc],
        "id": coded(kind, ("card_payments", "transfers")),
        "requested": pa.array(np.ones(len(acc), dtype=bool)),
        "requested_at": moments(people.created[acc]),
        "status": coded(off.astype(np.int32), ("active", "inactive")),
        "disabled_reason": coded(np.where(off, 0, -1), ("requirements.past_due",)),
    }


# field, old value, new value, who
_CHANGES = (
    ("charges_enabled", "true", "false", "platform"),
    ("payouts_enabled", "true", "false", "platform"),
    ("business_profile.url", None, None, "user"),
    ("payout_schedule_interval", None, None, "user"),
)


def draw_status_changes(spec: WorldSpec, people: Population, plants: list[Plant]) -> Frame:
    """Changes of accounts inside the window: harmless ones, and those of planted causes."""
    rng = stream(spec.seed, "changes")
    made: list[tuple[int, int, int]] = []
    for busy in np.flatnonzero(rng.random(len(people)) < 0.2):
        at = spec.start_us + int(rng.integers(0, spec.days * DAY_US))
        made.append((int(busy), at, int(rng.integers(2, 4))))
    for plant in plants:
        if plant.mode == "CON-01":
            made.append((plant.acc, plant.onset, 0))
            if not _keeps_payouts(spec, plant):
                made.append((plant.acc, plant.onset + SECOND_US, 1))
    table = np.array(sorted(made), dtype=np.int64).reshape(-1, 3)
    acc, t, code = table[:, 0], table[:, 1], table[:, 2]
    return {
        "h": handles(spec.seed, "change", np.arange(1, len(acc) + 1)),
        "acc": acc.astype(np.int32),
        "t": t,
        "live": np.ones(len(acc), dtype=bool),
        "change": code.astype(np.int32),
    }


def status_history(people: Population, frame: Frame) -> Columns:
    """`account_status_history`, except its time."""
    code = frame["change"]
    return {
        "account_id": coded(frame["acc"], people.ids),
        "at": moments(frame["t"]),
        "field": coded(code, [c[0] for c in _CHANGES]),
        "old_value": coded(code, [c[1] for c in _CHANGES]),
        "new_value": coded(code, [c[2] for c in _CHANGES]),
        "actor": coded(code, [c[3] for c in _CHANGES]),
    }


def _keeps_payouts(spec: WorldSpec, plant: Plant) -> bool:
    """Some accounts that may not charge may still be paid out."""
    return bool(stream(spec.seed, "keeps-payouts", plant.acc).random() < 0.3)
