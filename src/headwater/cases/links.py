"""Acts on what cases have to do with each other."""

from django.db import transaction

from headwater.cases import ledger, rules
from headwater.cases.models import Case, CaseLink
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def link_cases(case: Case, other: Case, *, kind: str, reason: str, actor: Actor) -> CaseLink:
    """Notes on both cases that `case` goes on from `other`, or refers to it. Repeatable."""
    with transaction.atomic():
        # Always in the same order, so that two links at once cannot wait for each other.
        held = {case_id: ledger.lock_itself(case_id) for case_id in sorted({case.pk, other.pk})}
        link, made = CaseLink.objects.get_or_create(
            case=case,
            other=other,
            kind=kind,
            defaults={"reason": rules.storable(reason), "made_at": utc_now()},
        )
        if made:
            _note(held[case.pk], other, link, earlier=True, actor=actor)
            _note(held[other.pk], case, link, earlier=False, actor=actor)
    return link


def record_joining(case: Case, *, email: str, actor: Actor) -> None:
    """Somebody else of the case's account takes part from now on; why is in the account's data."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        at = ledger.moment_for(case, utc_now())
        ledger.record(case, [("participant.joined", {"email": email})], actor=actor, at=at)


def _note(on: Case, about: Case, link: CaseLink, *, earlier: bool, actor: Actor) -> None:
    data = {"case_id": about.pk, "kind": link.kind, "earlier": earlier, "reason": link.reason}
    ledger.record(on, [("case.linked", data)], actor=actor, at=ledger.moment_for(on, utc_now()))
