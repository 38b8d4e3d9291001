"""Which account carries which cause, who writes about it, and what the truth says."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from benchmarks.examiner import mailing, plants
from benchmarks.examiner.base import World
from benchmarks.examiner.people import Account
from benchmarks.examiner.plants.frame import FITS, REGISTER, Case, Truth

QUIET = 0.23  # share of contacts that have no planted cause
SECOND = 0.06  # share of planted accounts with a second cause that nobody writes about


@dataclass
class Planned:
    """A cause assigned to an account."""

    mode: str
    account: Account
    received: datetime
    steps: Iterator[None] | None
    written: bool = True
    truth: Truth | None = None


def plan(world: World, cases: int) -> list[Planned]:
    """Chooses modes by weight and accounts that fit; every mode comes before any comes twice."""
    for module in pkgutil.iter_modules(plants.__path__):
        importlib.import_module(f"{plants.__name__}.{module.name}")
    wanted = round(cases * (1 - QUIET))
    queue = _queue(world, wanted)
    planned: list[Planned] = []
    for mode in queue:
        if len(planned) >= wanted:
            break
        account = _place(world, mode)
        if account is not None:
            planned.append(_planned(world, mode, account))
    for each in list(planned):
        if world.chance(SECOND):
            other = world.pick(["DEC-01", "WH-04", "REQ-01", "MODE-01", "RATE-01", "REF-03"])
            known = REGISTER.get(other)
            if known and other != each.mode and FITS[known.needs](world, each.account):
                planned.append(_planned(world, other, each.account, written=False))
    return planned


def _queue(world: World, wanted: int) -> list[str]:
    modes = sorted(REGISTER)
    queue = [str(mode) for mode in world.rng.permutation(modes)]
    weights = {mode: REGISTER[mode].weight for mode in modes}
    return queue + [world.weighted(weights) for _ in range(wanted * 3)]


def _place(world: World, mode: str) -> Account | None:
    fits = FITS[REGISTER[mode].needs]
    open_ = [a for a in world.accounts if not a.taken and not a.dormant and not a.test_only
             and fits(world, a)]  # fmt: skip
    if not REGISTER[mode].needs.startswith(("platform", "routed", "destined")):
        kept = [a for a in open_ if a.kind != "platform"]
        open_ = kept or open_
    if len(open_) <= 1 and len(world.accounts) > 300:
        return None
    chosen: Account | None = world.pick(open_) if open_ else None
    if chosen:
        chosen.taken = mode
    return chosen


def _planned(world: World, mode: str, account: Account, written: bool = True) -> Planned:
    received = world.end - timedelta(minutes=float(world.rng.exponential(500))) + timedelta(
        minutes=world.whole(0, 20))  # fmt: skip
    received = max(received, world.end - timedelta(days=2)).replace(microsecond=0)
    when = min(received, world.end)
    span = world.weighted({0.04: 12, 0.4: 20, 1.5: 25, 5: 25, 15: 18})
    onset = max(when - timedelta(days=span * (0.4 + 0.6 * float(world.rng.random()))),
                world.start + timedelta(hours=3))  # fmt: skip
    case = Case(world, account, when, onset)
    return Planned(mode, account, received, REGISTER[mode].make(case), written)


def contacts(
    world: World, planned: list[Planned], cases: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Mails and truth, shuffled; those without a cause come from accounts that carry none."""
    seconds: dict[str, list[str]] = {}
    for each in planned:
        if not each.written and each.truth:
            seconds.setdefault(each.account.id, []).append(each.mode)
    drawn = []
    for each in planned:
        if each.written and each.truth:
            drawn.append(_planted(world, each, seconds.get(each.account.id, [])))
    free = [a for a in world.accounts if not a.taken and a.weight > 0]
    free = free or [a for a in world.accounts if not a.taken]
    quiet = round(len(drawn) * QUIET / (1 - QUIET))
    for k in range(quiet):
        drawn.append(_quiet(world, free[k % len(free)] if free else world.accounts[0]))
    order = world.rng.permutation(len(drawn))[:cases]
    lines, truths = [], []
    for n, k in enumerate(order, start=1):
        line, truth = drawn[int(k)]
        lines.append({"case_id": f"x{world.seed}-{n:04d}"} | line)
        truths.append({"case_id": f"x{world.seed}-{n:04d}"} | truth)
    return lines, truths


def _planted(world: World, each: Planned, seconds: list[str]) -> tuple[dict[str, Any],
                                                                       dict[str, Any]]:  # fmt: skip
    assert each.truth is not None
    writer = each.account
    if writer.parent and world.chance(0.4):
        writer = writer.parent
    letter = mailing.letter(world, each.mode, writer, each.account, each.truth.facts)
    line = _envelope(world, writer, each.account, letter, each.received)
    return line, {
        "mode": each.mode, "modes_ok": [each.mode, *each.truth.also_ok],
        "account_id": each.account.id, "objects": [o for o in each.truth.objects if o],
        "kind": "planted", "also": seconds, "writer": writer.id,
    }  # fmt: skip


def _quiet(world: World, a: Account) -> tuple[dict[str, Any], dict[str, Any]]:
    kind = "no_cause" if world.chance(0.55) else "ordinary"
    received = world.end - timedelta(minutes=float(world.rng.exponential(500)))
    letter = mailing.letter(world, kind, a, a, mailing.everyday(world, a))
    line = _envelope(world, a, a, letter, received.replace(microsecond=0))
    return line, {"mode": None, "modes_ok": [], "account_id": a.id, "objects": [], "kind": kind,
                  "also": [], "writer": a.id}  # fmt: skip


def _envelope(world: World, writer: Account, about: Account, letter: tuple[str, str],
              received: datetime) -> dict[str, Any]:  # fmt: skip
    sender, account = writer.email, None
    luck = world.rng.random()
    if luck < 0.09:  # a freelancer or a private address, with the form's account field filled
        sender, account = mailing.stranger(world, writer), writer.id
    elif luck < 0.14:  # the same, without
        sender = mailing.stranger(world, writer)
    elif luck < 0.24:
        account = writer.id
    return {"from_email": sender, "subject": letter[0], "body": letter[1], "account_id": account,
            "received_at": received.isoformat() + "Z"}  # fmt: skip
