"""Acts of the lead's board: pressing cases change hands in one step, and back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from headwater.accounts.models import Agent
from headwater.cases import ledger
from headwater.cases.errors import RoutingRefused
from headwater.cases.models import Case, Spread
from headwater.cases.routing.rebalancing import Move
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def spread_cases(
    moves: Iterable[Move], *, actor: Actor, now: datetime | None = None
) -> Spread | None:
    """Every move whose case is still where the plan saw it; None where none is.

    What somebody took, answered or gave away meanwhile stays as they left it; so does a case that
    somebody inactive would get. `undo_spread` takes it back.
    """
    now, done = now or utc_now(), []
    with transaction.atomic():
        # In the order of their ids, as everybody holds more than one case.
        for move in sorted(moves, key=lambda move: move.case_id):
            if _hand_over(move.case_id, move.owner, move.to, move.because, actor=actor, now=now):
                done.append({"case": move.case_id, "from": move.owner, "to": move.to})
        if not done:
            return None
        return Spread.objects.create(
            moves=done, made_at=now, made_by=actor.name[:200], entrance=actor.entrance
        )


def undo_spread(spread_id: str, *, actor: Actor, now: datetime | None = None) -> tuple[int, int]:
    """Gives the cases back to whom they came from: how many went back, and how many stay.

    A case stays where it has changed hands, or is no longer ours to act, since. Raises
    RoutingRefused for an unknown spreading or one that was undone before.
    """
    now = now or utc_now()
    with transaction.atomic():
        spread = Spread.objects.select_for_update().filter(pk=spread_id).first()
        if spread is None or spread.undone_at is not None:
            word = "was undone before" if spread else "is not known"
            raise RoutingRefused(
                f"The spreading {spread_id} {word}.",
                param="spread",
                hint="Assign cases one by one, or several at once as a bulk act.",
            )
        back = sum(
            _hand_over(move["case"], move["to"], move["from"], "undone", actor=actor, now=now)
            for move in sorted(spread.moves, key=lambda move: str(move["case"]))
        )
        spread.undone_at, spread.undone_by = now, actor.name[:200]
        spread.save()
    return back, len(spread.moves) - back


def _hand_over(
    case_id: str, owner: str | None, to: str | None, because: str, *, actor: Actor, now: datetime
) -> bool:
    case = ledger.lock(case_id)
    taker = Agent.objects.filter(pk=to, is_active=True).first() if to else None
    there = case.assignee_id == owner and case.state == Case.State.OURS
    if case.pk != case_id or not there or (to and taker is None):
        return False
    data = {"from": owner, "to": to, "because": because}
    case.assignee = taker
    ledger.record(case, [("case.assigned", data)], actor=actor, at=ledger.moment_for(case, now))
    return True
