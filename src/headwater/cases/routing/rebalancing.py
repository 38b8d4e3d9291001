"""Which pressing cases should change hands, and to whom; pure. docs/routing.md has the rule."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from headwater.cases.routing.rules import Candidate, QueueRules, choose


@dataclass(frozen=True, slots=True)
class Pressing:
    """A case that breaks soon: whose it is, what its queue asks for, and what it weighs."""

    case_id: str
    owner: str | None
    queue: QueueRules
    language: str
    weight: int


@dataclass(frozen=True, slots=True)
class Move:
    """A case from one pair of hands to another."""

    case_id: str
    owner: str | None
    to: str
    because: str


def plan_moves(pressing: Sequence[Pressing], people: Sequence[Candidate]) -> list[Move]:
    """What spreads pressing cases better; in their order, what breaks first first.

    A case changes hands only where its owner cannot help it in time (there is none, they do not
    work now, or they have more than their capacity) and somebody else can take it by the rules of
    its queue. Every move counts at once, so nobody is filled beyond their capacity.
    """
    moves: list[Move] = []
    by_id = {one.id: one for one in people}
    for case in pressing:
        because = _reason(by_id.get(case.owner or ""), case.owner)
        if not because:
            continue
        others = [one for one in by_id.values() if one.id != case.owner]
        chosen = choose(others, case.queue, case.language, case.weight)
        if chosen is None:
            continue
        moves.append(Move(case.case_id, case.owner, chosen.id, because))
        by_id[chosen.id] = replace(chosen, load=chosen.load + case.weight)
        if case.owner in by_id:
            owner = by_id[case.owner]
            by_id[case.owner] = replace(owner, load=owner.load - case.weight)
    return moves


def _reason(owner: Candidate | None, owner_id: str | None) -> str:
    if owner_id is None:
        return "it had no owner"
    if owner is None:
        return "its owner has left"
    if not owner.works_now:
        return f"{owner.name} does not work now"
    if owner.capacity is not None and owner.load > owner.capacity:
        return f"{owner.name} has {owner.load} of {owner.capacity}"
    return ""
