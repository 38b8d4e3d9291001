"""Which accounts get which cause, since when, and who writes about it.

Accounts are drawn uniformly among those in which a cause can happen at all (a failing webhook
needs an endpoint). Besides the cases there are the same causes in accounts that do not write:
faint ones, and ones that are long over. Signs therefore have base rates and false friends.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from headwater.sandbox.payments import Effects, Shift
from headwater.sandbox.population import NEVER, STANDARD, TROUBLES, Population
from headwater.sandbox.randomness import Array, stream
from headwater.sandbox.spec import DAY_US, HOUR_US, SpecError, WorldSpec


@dataclass(slots=True)
class Plant:
    """One cause in one account. Times are microseconds; `received` is 0 where nobody writes."""

    mode: str
    acc: int
    onset: int
    until: int
    severity: float
    received: int = 0
    guilty: list[str] = field(default_factory=list)
    detail: int = 0


Eligible = Callable[[Population, Array], Array]


def _any(people: Population, per_day: Array) -> Array:
    return np.ones(len(people), dtype=bool)


def _paying(people: Population, per_day: Array) -> Array:
    return np.asarray(per_day >= 1.5)


def _listening(people: Population, per_day: Array) -> Array:
    return np.asarray((people.endpoints[:, 0] != 0) & (per_day >= 1.0))


def _off_session(people: Population, per_day: Array) -> Array:
    return np.asarray(people.off_session * per_day >= 1.5)


def _unrolled(people: Population, per_day: Array) -> Array:
    return np.asarray(people.rolled_at == NEVER)


def _ordering(people: Population, per_day: Array) -> Array:
    return np.asarray((per_day * (1 - people.off_session) * (1 - people.manual_capture)) >= 2.5)


def _paid_out(people: Population, per_day: Array) -> Array:
    return np.asarray((people.payout_interval <= 1) & (per_day >= 1.5))


def _connected(people: Population, per_day: Array) -> Array:
    return np.asarray((people.kind >= STANDARD) & (per_day >= 1.0))


# mode -> where it can happen; the first group has playbooks, the second not (yet).
CAUSES: dict[str, Eligible] = {
    "AUTH-01": _any,
    "AUTH-02": _unrolled,
    "VER-03": _any,
    "MODE-01": _any,
    "IDEM-01": _any,
    "DUP-01": _ordering,
    "IDEM-03": _ordering,
    "RATE-01": _any,
    "DEC-01": _paying,
    "DEC-03": _off_session,
    "WH-04": _listening,
    "WH-09": _listening,
    "PAY-02": _paid_out,
    "CON-01": _connected,
}
OTHERS: dict[str, Eligible] = {
    "WH-05": _listening,
    "WH-06": _listening,
    "WH-07": _listening,
    "RATE-02": _any,
    "RAD-01": _paying,
    "MODE-04": _any,
    "IDEM-02": _any,
    "REQ-01": _any,
    "REF-04": _paying,
}
NO_CAUSE = ""
# Causes whose account state is a single fact cannot be "long over": it would be state now.
_LASTING = {"AUTH-02", "WH-09", "PAY-02", "CON-01", "REF-04"}
_TROUBLE_KINDS = {
    "WH-04": ("http_500", "http_502", "http_403", "http_404", "http_401", "http_419"),
    "WH-05": ("redirect",),
    "WH-06": ("timeout",),
    "WH-07": ("tls", "refused", "dns"),
    "WH-09": ("http_500", "http_403", "http_404", "timeout", "tls", "redirect"),
}


def draw_plan(spec: WorldSpec, people: Population) -> list[Plant]:
    """All plants of the world: cases first, then the silent ones."""
    rng = stream(spec.seed, "plan")
    per_day = np.maximum(people.payment_weight * spec.total_payments / spec.days, 0.35)
    free = np.ones(len(people), dtype=bool)
    plants: list[Plant] = []
    # Scarce candidates first, so that a small world can still serve every cause.
    wished = [(m, rule, spec.cases) for m, rule in CAUSES.items()]
    wished += [(m, rule, -(-spec.cases // 2)) for m, rule in OTHERS.items()]
    wished.sort(key=lambda item: int(item[1](people, per_day).sum()))
    total = sum(count for *_, count in wished)
    wished.append((NO_CAUSE, _any, max(1, round(total * 0.11))))
    for mode, rule, count in wished:
        able = np.flatnonzero(rule(people, per_day) & free)
        if len(able) < count:
            raise SpecError(
                f"Only {len(able)} accounts can still get {mode or 'a case without cause'}, "
                f"{count} are wished.",
                param="--cases-per-cause",
                hint="Ask for fewer cases per cause or more accounts.",
            )
        for acc in rng.permutation(able)[:count]:
            free[acc] = False
            plants.append(_case(spec, rng, people, mode, int(acc)))
    return plants + _silent(spec, rng, people, per_day, plants)


def _case(
    spec: WorldSpec, rng: np.random.Generator, people: Population, mode: str, acc: int
) -> Plant:
    tail = min(6.0, spec.days / 3)
    received = spec.end_us - int(rng.uniform(0.05, tail) * DAY_US)
    wait = float(np.clip(rng.lognormal(3.0, 0.9), 2.5, 96))
    if mode == "PAY-02":
        slow = people.payout_interval[acc] == 1
        wait = 24 * (rng.uniform(4.5, 10.0) if slow else rng.uniform(3.2, 6.0))
    onset = max(received - int(wait * HOUR_US), spec.start_us + DAY_US)
    mended = mode not in _LASTING and rng.random() < 0.25
    until = received + int(rng.uniform(1, 30) * HOUR_US) if mended else spec.end_us
    return Plant(mode, acc, onset, until, float(rng.beta(1.3, 1.6)), received)


def _silent(
    spec: WorldSpec, rng: np.random.Generator, people: Population, per_day: Array,
    cases: list[Plant],
) -> list[Plant]:  # fmt: skip
    """The same causes where nobody complains: faint, or long over."""
    taken = {(plant.acc, plant.mode) for plant in cases}
    guilty = {plant.acc for plant in cases if plant.mode}
    made = []
    for mode, rule in {**CAUSES, **OTHERS}.items():
        if mode in _LASTING:
            continue
        able = np.flatnonzero(rule(people, per_day))
        for acc in rng.permutation(able)[: max(1, round(0.016 * len(people)))]:
            if (int(acc), mode) in taken:
                continue
            old = rng.random() < 0.5 and int(acc) not in guilty
            onset = spec.start_us + int(
                rng.uniform(0.02, 0.3 if old else 0.93) * spec.days * DAY_US
            )
            lasts = rng.uniform(6, 40) if old else rng.uniform(1, 5)
            severity = rng.uniform(0.1, 0.6) if old else 0.0
            made.append(Plant(mode, int(acc), onset, onset + int(lasts * HOUR_US), severity))
    return made


def apply_before(
    spec: WorldSpec, people: Population, plants: list[Plant]
) -> tuple[Effects, dict[int, tuple[int, int]]]:
    """Bends habits before traffic is drawn; returns payment effects and failing payouts."""
    rng = stream(spec.seed, "apply")
    effects = Effects.none(len(people))
    failing: dict[int, tuple[int, int]] = {}
    for plant in plants:
        acc, strong = plant.acc, plant.severity
        match plant.mode:
            case "DEC-01":
                _shift(effects.decline, plant, 0.22 + 0.5 * strong, int(rng.integers(-1, 4)))
            case "DEC-03":
                _shift(effects.authentication, plant, 0.25 + 0.6 * strong, -1)
            case "RAD-01":
                _shift(effects.blocked, plant, 0.12 + 0.4 * strong, -1)
            case "CON-01":
                _shift(effects.refused, plant, 1.0, -1)
            case "DUP-01" | "IDEM-03":
                count = 1 + int(strong * 8)
                effects.copies.append((acc, plant.onset, plant.until, plant.mode, count))
            case "PAY-02":
                failing[acc] = (plant.onset, int(rng.integers(0, 4)))
            case "AUTH-02":
                people.rolled_at[acc] = plant.onset
            case mode if mode in _TROUBLE_KINDS:
                _trouble(people, plant, rng)
    return effects, failing


def _shift(shift: Shift, plant: Plant, chance: float, detail: int) -> None:
    shift.start[plant.acc] = plant.onset
    shift.stop[plant.acc] = plant.until
    shift.chance[plant.acc] = min(chance, 1.0)
    shift.detail[plant.acc] = detail


def _trouble(people: Population, plant: Plant, rng: np.random.Generator) -> None:
    kinds = _TROUBLE_KINDS[plant.mode]
    kind = TROUBLES.index(kinds[int(rng.integers(0, len(kinds)))])
    start, percent = plant.onset, int(40 + 60 * plant.severity**0.4)
    if plant.mode == "WH-09":
        start -= int(rng.uniform(2.5, 7) * DAY_US)
        percent = 100 if rng.random() < 0.8 else 90
        people.endpoint_disabled[plant.acc, 0] = plant.onset
    slot = 1 if people.trouble[plant.acc, 1, 0] == NEVER else 0
    people.trouble[plant.acc, slot] = (start, plant.until, kind, percent)
    plant.detail = kind
