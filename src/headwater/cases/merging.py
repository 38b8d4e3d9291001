"""Acts that make one case of two, and two of one again.

Nothing moves: a merged case points at the other, which from then on shows both conversations and
keeps the promises of both. Undoing takes the pointer away.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from headwater.cases import ledger, rules
from headwater.cases.errors import CaseError
from headwater.cases.models import Case, CaseEvent, Message
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now

# What of a merged case comes back when it is undone.
_KEPT = ("state", "solved_at", "snoozed_until", "snoozed_for")


def merge_case(case: Case, into: Case, *, reason: str, actor: Actor) -> Case:
    """`case` is the same problem as `into`: returns the latter, which stands for both.

    Raises CaseError for cases of different people, a merged case, one with a reply that can still
    be taken back, and the same case twice.
    """
    with transaction.atomic():
        held = {each: ledger.lock_itself(each) for each in sorted({case.pk, into.pk})}
        case, into = held[case.pk], held[into.pk]
        _demand_mergeable(case, into)
        at = max(ledger.moment_for(each, utc_now()) for each in (case, into))
        waits = case.state == rules.OURS or (
            case.state != rules.WAITING_USER and into.state == rules.SOLVED != case.state
        )
        given = ledger.carried_clocks(case)
        told = {"reason": rules.one_line(reason, 300), "clocks": given}
        was = {name: _plain(getattr(case, name)) for name in _KEPT}
        facts: list[ledger.Fact] = [("case.merged", {"into": into.pk, "was": was, **told})]
        ledger.move(case, "merge", facts, at)
        # Merging a solved case begins nothing.
        facts[-1][1].pop("targets", None)
        case.merged_into = into
        ledger.record(case, facts, actor=actor, at=at)
        _absorb(into, case, told, waits=waits, actor=actor, at=at)
    return into


def unmerge_case(case: Case, *, actor: Actor) -> Case:
    """`case` stands for itself again, as it was; what was written meanwhile stays where it is.

    Raises CaseError for a case that is not merged.
    """
    with transaction.atomic():
        into_id = Case.objects.filter(pk=case.pk).values_list("merged_into_id", flat=True).get()
        held = {each: ledger.lock_itself(each) for each in sorted({case.pk, into_id or case.pk})}
        case = held[case.pk]
        if case.merged_into_id is None or case.merged_into_id not in held:
            raise CaseError(
                "This case is not merged.", param="case", hint="Somebody may have undone it."
            )
        into = held[case.merged_into_id]
        at = max(ledger.moment_for(each, utc_now()) for each in (case, into))
        kept = ledger.carried_clocks(into, origin=case.pk)
        merged = CaseEvent.objects.filter(case=case, kind="case.merged").latest("id")
        was = merged.data["was"]
        facts: list[ledger.Fact] = [
            ("case.unmerged", {"from": into.pk, "clocks": kept}),
            ("state.changed", {"from": rules.MERGED, "to": was["state"], "by": "unmerge"}),
        ]
        case.merged_into = None
        case.state, case.state_since = was["state"], at
        _wait_as_before(case, was)
        ledger.record(case, facts, actor=actor, at=at)
        _release(into, case, actor=actor, at=at)
    return case


def _demand_mergeable(case: Case, into: Case) -> None:
    for each in (case, into):
        if each.merged_into_id is not None:
            raise CaseError(
                f"The case {each.pk} is merged into {each.merged_into_id}.",
                param="case",
                hint="Take that one, or undo the merge first.",
            )
    if case.pk == into.pk:
        raise CaseError("A case cannot be merged into itself.", param="into", hint="Name another.")
    if case.person_id != into.person_id:
        raise CaseError(
            "The two cases are of different people, and an answer goes to one of them only.",
            param="into",
            hint="Link them instead, so that each gets an answer.",
        )
    held_back = CaseEvent.objects.filter(case=case, kind__in=("reply.held", "reply.sent"))
    queued = Message.objects.filter(case=case, delivery=Message.Delivery.QUEUED)
    unsent = set(queued.values_list("pk", flat=True))
    sent = {e.data["message_id"] for e in held_back if e.kind == "reply.sent"}
    if unsent - sent:
        raise CaseError(
            "A reply of this case can still be taken back.",
            param="case",
            hint="Merge it in a few seconds, when the reply has left.",
        )


def _absorb(
    into: Case, case: Case, told: dict[str, Any], *, waits: bool, actor: Actor, at: datetime
) -> None:
    before = {name: _plain(getattr(into, name)) for name in _KEPT}
    facts: list[ledger.Fact] = []
    if waits and into.state in rules.TRANSITIONS["absorb"]:
        ledger.move(into, "absorb", facts, at)
        # The carried promises go on; a solved case that takes them over makes none of its own.
        facts[-1][1].pop("targets", None)
    into.has_merged = True
    data = {"case_id": case.pk, "was": before, "state": into.state, **told}
    ledger.record(into, [*facts, ("case.absorbed", data)], actor=actor, at=at)


def _release(into: Case, case: Case, *, actor: Actor, at: datetime) -> None:
    """Takes back what absorbing did to the state, unless something else moved it since."""
    facts: list[ledger.Fact] = [("case.released", {"case_id": case.pk})]
    log = CaseEvent.objects.filter(case=into)
    absorbed = next(
        event
        for event in log.filter(kind="case.absorbed").order_by("-id")
        if event.data["case_id"] == case.pk
    )
    was = absorbed.data["was"]
    moved = log.filter(kind="state.changed").order_by("-id").first()
    untouched = moved is not None and moved.data["by"] == "absorb" and moved.id < absorbed.id
    later = log.filter(kind__in=("case.absorbed", "message.received"), id__gt=absorbed.id)
    if untouched and into.state == rules.OURS != was["state"] and not later.exists():
        data = {"from": into.state, "to": was["state"], "by": "release"}
        facts.append(("state.changed", data))
        into.state, into.state_since = was["state"], at
        _wait_as_before(into, was)
    into.has_merged = Case.objects.filter(merged_into=into).exists()
    ledger.record(into, facts, actor=actor, at=at)


def _wait_as_before(case: Case, was: dict[str, Any]) -> None:
    case.solved_at = _moment(was["solved_at"])
    case.snoozed_until = _moment(was["snoozed_until"])
    case.snoozed_for = was.get("snoozed_for", "")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
