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


# How many operations per day of an account a cause could spoil.
Exposure = Callable[[Population, Array], Array]
_PATIENCE_DAYS = 5.0


def _calls(people: Population, per_day: Array) -> Array:
    return np.full(len(people), np.inf)


def _unrolled(people: Population, per_day: Array) -> Array:
    return np.where(people.rolled_at == NEVER, np.inf, 0.0)


def _payments(people: Population, per_day: Array) -> Array:
    return per_day


def _deliveries(people: Population, per_day: Array) -> Array:
    return np.where(people.endpoints[:, 0] != 0, per_day, 0.0)


def _off_session(people: Population, per_day: Array) -> Array:
    return np.asarray(people.off_session * per_day)


def _orders(people: Population, per_day: Array) -> Array:
    return np.asarray(per_day * (1 - people.off_session) * (1 - people.manual_capture))


def _payouts(people: Population, per_day: Array) -> Array:
    return np.where(people.payout_interval <= 1, per_day, 0.0)


def _connected(people: Population, per_day: Array) -> Array:
    return np.where(people.kind >= STANDARD, per_day, 0.0)


# mode -> what it spoils, and how many operations until somebody notices.
# The first group has playbooks, the second has none (yet).
CAUSES: dict[str, tuple[Exposure, float]] = {
    "AUTH-01": (_calls, 1),
    "AUTH-02": (_unrolled, 1),
    "VER-03": (_calls, 1),
    "MODE-01": (_calls, 1),
    "IDEM-01": (_calls, 1),
    "DUP-01": (_orders, 3),
    "IDEM-03": (_orders, 3),
    "RATE-01": (_calls, 1),
    "DEC-01": (_payments, 14),
    "DEC-03": (_off_session, 9),
    "WH-04": (_deliveries, 6),
    "WH-09": (_deliveries, 6),
    "PAY-02": (_payouts, 6),
    "CON-01": (_connected, 4),
}
OTHERS: dict[str, tuple[Exposure, float]] = {
    "WH-05": (_deliveries, 6),
    "WH-06": (_deliveries, 6),
    "WH-07": (_deliveries, 6),
    "RATE-02": (_calls, 1),
    "RAD-01": (_payments, 20),
    "MODE-04": (_calls, 1),
    "IDEM-02": (_calls, 1),
    "REQ-01": (_calls, 1),
    "REF-04": (_payments, 10),
    "DUP-02": (_orders, 3),
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
    """All plants of the world: cases first, then the silent ones. Raises SpecError."""
    rng = stream(spec.seed, "plan")
    per_day = np.maximum(people.payment_weight * spec.total_payments / spec.days, 0.35)
    free = np.ones(len(people), dtype=bool)
    plants: list[Plant] = []
    wished = [(mode, _planted(mode, spec)) for mode in {**CAUSES, **OTHERS}]
    # Scarce candidates first, so that a small world can still serve every cause.
    wished.sort(key=lambda item: int(_able(item[0], people, per_day).sum()))
    wished.append((NO_CAUSE, wanted_cases(NO_CAUSE, spec)))
    for mode, planned in wished:
        count = planned
        able = np.flatnonzero(_able(mode, people, per_day) & free)
        if not spec.cases_per_cause:  # nobody asked for a number, so take what there is
            count = min(count, max(1, len(able)))
        if len(able) < count:
            raise SpecError(
                f"Only {len(able)} accounts can still get {mode or 'a case without cause'}, "
                f"{count} are wished.",
                param="--cases-per-cause",
                hint="Ask for fewer cases per cause or more accounts.",
            )
        for acc in rng.permutation(able)[:count]:
            free[acc] = False
            plants.append(_case(spec, rng, people, mode, int(acc), per_day))
    return plants + _silent(spec, rng, people, per_day, plants)


def wanted_cases(mode: str, spec: WorldSpec) -> int:
    """How many cases of a mode a world should have; "" stands for cases without a cause."""
    if mode == NO_CAUSE:
        return max(1, round(spec.cases * (len(CAUSES) + len(OTHERS) / 2) * 0.11))
    return spec.cases if mode in CAUSES else -(-spec.cases // 2)


def _planted(mode: str, spec: WorldSpec) -> int:
    """More are planted than write: chance may leave no trace before somebody would complain."""
    wanted = wanted_cases(mode, spec)
    return wanted if _need(mode)[1] <= 1 else wanted + max(1, -(-wanted // 3))


def _need(mode: str) -> tuple[Exposure, float]:
    return {**CAUSES, **OTHERS}.get(mode, (_calls, 1))


def _able(mode: str, people: Population, per_day: Array) -> Array:
    """Accounts in which the cause would be noticed within a patient person's time."""
    exposure, need = _need(mode)
    return np.asarray(exposure(people, per_day) * _PATIENCE_DAYS >= need)


def _case(
    spec: WorldSpec, rng: np.random.Generator, people: Population, mode: str, acc: int,
    per_day: Array,
) -> Plant:  # fmt: skip
    tail = min(6.0, spec.days / 3)
    received = spec.end_us - int(rng.uniform(0.05, tail) * DAY_US)
    exposure, need = _need(mode)
    noticed = 24 * need / float(exposure(people, per_day)[acc])
    wait = max(float(np.clip(rng.lognormal(3.0, 0.9), 2.5, 96)), noticed * rng.uniform(0.9, 1.4))
    if mode == "PAY-02":
        slow = people.payout_interval[acc] == 1
        wait = 24 * (rng.uniform(5.5, 10.5) if slow else rng.uniform(3.6, 6.5))
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
    for mode in {**CAUSES, **OTHERS}:
        if mode in _LASTING:
            continue
        able = np.flatnonzero(_able(mode, people, per_day))
        # Slips in calls are common; troubles of money and delivery are rarer.
        often = 0.03 if mode[:2] in ("AU", "VE", "MO", "ID", "RE", "RA") else 0.016
        for acc in rng.permutation(able)[: max(1, round(often * len(people)))]:
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
            case "DUP-01" | "IDEM-03" | "DUP-02":
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
