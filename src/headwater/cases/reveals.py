"""That somebody is shown what was masked."""

from django.db import transaction

from headwater.cases import ledger
from headwater.cases.models import Case
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def record_reveal(
    case: Case, *, message_id: str, found: list[dict[str, str]], reason: str, actor: Actor
) -> None:
    """That somebody is shown what was masked in a message, and why."""
    with transaction.atomic():
        case = ledger.lock(case.id)
        data = {"message_id": message_id, "found": found, "reason": reason}
        at = ledger.moment_for(case, utc_now())
        ledger.record(case, [("secret.revealed", data)], actor=actor, at=at)
