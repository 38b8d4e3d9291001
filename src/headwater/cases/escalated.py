"""What an escalation to another team does to a case: whose turn it is, notes, and the log."""

from typing import Any

from django.db import transaction

from headwater.cases import ledger, rules
from headwater.cases.acts import discard_draft, save_draft
from headwater.cases.models import Case, Draft, Message
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.redaction import masked

# Whatever the case waited for: the team's outcome is news that somebody has to pass on.
_WAITING = (rules.WAITING_ENGINEERING, rules.WAITING_USER, rules.SNOOZED)


def hand_over(case: Case, data: dict[str, Any], *, actor: Actor) -> Case:
    """The team has it: the case waits for the team. Raises TransitionRefused for a solved case."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        at = ledger.moment_for(case, utc_now())
        facts: list[ledger.Fact] = [("escalation.opened", data)]
        if case.state != rules.WAITING_ENGINEERING:
            ledger.move(case, "wait_on_engineering", facts, at)
        ledger.record(case, facts, actor=actor, at=at)
    return case


def record_escalation(case: Case, kind: str, data: dict[str, Any], *, actor: Actor) -> Case:
    """One more line about an escalation; whose turn it is stays."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        ledger.record(case, [(kind, data)], actor=actor, at=ledger.moment_for(case, utc_now()))
    return case


def bring_back(case: Case, data: dict[str, Any], *, letter: str, actor: Actor) -> Draft | None:
    """The team is done with it: our turn, with a draft that says so.

    A solved case stays solved and gets no draft. None also where an agent's own draft stays.
    """
    with transaction.atomic():
        case = ledger.lock(case.pk)
        at = ledger.moment_for(case, utc_now())
        facts: list[ledger.Fact] = [("escalation.closed", data)]
        if case.state in _WAITING:
            ledger.move(case, "take_back", facts, at)
        ledger.record(case, facts, actor=actor, at=at)
        if case.state in Case.PAST or not letter:
            return None
        return save_draft(case, letter, author=Draft.Author.SYSTEM, actor=actor)


def wait_again(case: Case, *, actor: Actor) -> Case:
    """Undoes coming back: a case that is ours waits for the team again; any other stays."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        if case.state == rules.OURS:
            at = ledger.moment_for(case, utc_now())
            facts: list[ledger.Fact] = []
            ledger.move(case, "wait_on_engineering", facts, at)
            ledger.record(case, facts, actor=actor, at=at)
    return case


def drop_letter(case: Case, letter: str, *, actor: Actor) -> None:
    """Throws the draft of `bring_back` away, as long as nobody changed a word of it."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        draft = Draft.objects.filter(case=case, author=Draft.Author.SYSTEM).first()
        if draft is not None and draft.body == rules.storable(letter):
            discard_draft(case, actor=actor)


def add_team_note(case: Case, body: str, *, author: str, actor: Actor) -> Message:
    """Words of another team as a note that only colleagues see, without secrets."""
    with transaction.atomic():
        case = ledger.lock(case.pk)
        at = ledger.moment_for(case, utc_now())
        message = Message(
            case=case,
            direction=Message.Direction.OUT,
            kind=Message.Kind.NOTE,
            author_name=rules.one_line(author, 200),
            body=masked(rules.storable(body)).strip(),
            created_at=at,
        )
        message.save(force_insert=True)
        case.message_count += 1
        ledger.record(case, [("note.added", {"message_id": message.pk})], actor=actor, at=at)
    return message
