"""Acts on what cases have to do with each other."""

from django.db import transaction
from django.db.models import Q

from headwater.cases import ledger, rules
from headwater.cases.errors import CaseError
from headwater.cases.models import Case, CaseLink
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def link_cases(case: Case, other: Case, *, kind: str, reason: str, actor: Actor) -> CaseLink:
    """Notes on both cases what `case` has to do with `other`. Repeatable.

    Raises CaseError for a case and itself, and for an unknown kind.
    """
    if case.pk == other.pk:
        raise CaseError(
            "A case cannot be linked to itself.", param="other", hint="Name another case."
        )
    if kind not in CaseLink.Kind.values:
        raise CaseError(
            f"{kind!r} is no kind of link.",
            param="kind",
            hint=f"Choose one of {', '.join(CaseLink.Kind.values)}.",
        )
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


def unlink_cases(case: Case, other: Case, *, kind: str, actor: Actor) -> bool:
    """Takes back that two cases have to do with each other, whichever is the later; False where
    they were not linked so."""
    with transaction.atomic():
        held = {case_id: ledger.lock_itself(case_id) for case_id in sorted({case.pk, other.pk})}
        pair = Q(case=case, other=other) | Q(case=other, other=case)
        removed, _ = CaseLink.objects.filter(pair, kind=kind).delete()
        for on, about in ((case, other), (other, case)) if removed else ():
            data = {"case_id": about.pk, "kind": kind}
            at = ledger.moment_for(held[on.pk], utc_now())
            ledger.record(held[on.pk], [("case.unlinked", data)], actor=actor, at=at)
    return bool(removed)


def record_joining(case: Case, *, email: str, actor: Actor) -> None:
    """Somebody else of the case's account takes part from now on; why is in the account's data."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        at = ledger.moment_for(case, utc_now())
        ledger.record(case, [("participant.joined", {"email": email})], actor=actor, at=at)


def record_problem(case: Case, problem_id: str, *, incident: bool, actor: Actor) -> None:
    """The case is one of many with the same cause upstream."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        data = {"problem_id": problem_id, "incident": incident}
        at = ledger.moment_for(case, utc_now())
        ledger.record(case, [("problem.linked", data)], actor=actor, at=at)


def _note(on: Case, about: Case, link: CaseLink, *, earlier: bool, actor: Actor) -> None:
    data = {"case_id": about.pk, "kind": link.kind, "earlier": earlier, "reason": link.reason}
    ledger.record(on, [("case.linked", data)], actor=actor, at=ledger.moment_for(on, utc_now()))
