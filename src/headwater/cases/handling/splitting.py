"""A conversation that is about two things: the second becomes a case of its own.

Nothing moves and nothing is copied: the new case refers to the messages it begins with, and they
stay in the case in which they were written. See `docs/decisions/0012-merge-and-split.md`.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from headwater.cases import ledger, rules
from headwater.cases.errors import CaseError
from headwater.cases.handling.models import MessageReference
from headwater.cases.links import link_cases
from headwater.cases.models import Case, CaseLink, Message
from headwater.cases.queries import messages_of
from headwater.cases.routing.queries import ask_for_routing
from headwater.cases.sla import queries as sla
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue


def split_case(
    case: Case, message_ids: Sequence[str], *, subject: str, actor: Actor, reason: str = ""
) -> Case:
    """A new case of the same person that begins with these messages of `case`; our turn.

    Promises of its own begin now; those of `case` go on. Raises
    CaseError for no subject, for none or all of the messages of a case, for messages of another
    one, and for those that were split off already.
    """
    subject = rules.one_line(subject, 500)
    if not subject:
        raise CaseError("The new case needs a subject.", param="subject", hint="What is it about?")
    with transaction.atomic():
        case = ledger.lock(case.pk)
        chosen = _chosen(case, message_ids)
        at = ledger.moment_for(case, utc_now())
        new = _new_case(case, chosen, subject, at)
        promised = sla.promised_to(new, sla.in_force())
        ids = [message.pk for message in chosen]
        facts: list[ledger.Fact] = [
            ("case.opened", {"subject": subject, **promised}),
            ("case.split_off", {"from": case.pk, "message_ids": ids}),
        ]
        if new.account_id is not None:
            data = {"account_id": new.account_id, "identity": new.identity}
            facts.append(("identity.matched", data))
        log = ledger.Log()
        ledger.begin(new, facts, log, actor=actor, at=at)
        new.save(force_insert=True)
        log.store()
        MessageReference.objects.bulk_create(
            [MessageReference(case=new, message=message, made_at=at) for message in chosen]
        )
        told: ledger.Fact = ("case.split", {"into": new.pk, "message_ids": ids})
        ledger.record(case, [told], actor=actor, at=at)
        link_cases(new, case, kind=CaseLink.Kind.SPLIT, reason=reason, actor=actor)
        ask_for_routing([new.pk])
        enqueue("diagnosis.diagnose_case", {"case_id": new.pk}, dedupe=f"diagnose:{new.pk}")
    return Case.objects.get(pk=new.pk)


def _chosen(case: Case, message_ids: Sequence[str]) -> list[Message]:
    talk = list(messages_of(case))
    chosen = [message for message in talk if message.pk in set(message_ids)]
    if not chosen or len(chosen) < len(set(message_ids)):
        raise CaseError(
            "Choose messages of this case.",
            param="messages",
            hint="Reload it: somebody may have changed it.",
        )
    if len(chosen) == len(talk):
        raise CaseError(
            "That is the whole conversation.",
            param="messages",
            hint="Leave at least one message out, or change the subject.",
        )
    unsent = (Message.Delivery.QUEUED, Message.Delivery.UNDONE)
    if any(message.delivery in unsent for message in chosen):
        raise CaseError(
            "A chosen reply has not left.", param="messages", hint="Split when it has, or without."
        )
    known = MessageReference.objects.filter(message__in=chosen, case__split_from=case.pk).first()
    if known is not None:
        raise CaseError(
            f"One of these messages was split off into {known.case_id} already.",
            param="messages",
            hint="Go on there, or leave it out.",
        )
    return chosen


def _new_case(case: Case, chosen: Sequence[Message], subject: str, at: datetime) -> Case:
    new = Case(
        subject=subject,
        person_id=case.person_id,
        account_id=case.account_id,
        identity=case.identity,
        queue_id=case.queue_id,
        language=case.language,
        state_since=at,
        opened_at=at,
        last_event_at=at,
        message_count=len(chosen),
        split_from_id=case.pk,
    )
    said = [message for message in chosen if message.kind != Message.Kind.NOTE]
    if said:
        last = said[-1]
        new.last_message_at = last.created_at
        new.last_message_preview = rules.preview(last.body)
        new.last_message_direction = last.direction
    return new


def referred_messages(case: Case) -> dict[str, str]:
    """The messages that a split-off case shows, with the id of the case that they are in."""
    if case.split_from_id is None:
        return {}
    rows = MessageReference.objects.filter(case=case).order_by("message__created_at")
    return dict(rows.values_list("message_id", "message__case_id"))


def split_off(case: Case) -> dict[str, Case]:
    """The messages of a case that another one was split off with, and that case."""
    rows = MessageReference.objects.filter(case__split_from=case.pk).select_related("case")
    return {row.message_id: row.case for row in rows}
