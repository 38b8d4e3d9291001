"""Every write to a case. Each act checks the rule, writes, and appends to the log.

An act locks the case first and returns it as stored afterwards; the object passed in may be
stale and is not touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from headwater.accounts.models import AccountLink, Agent, Person, PlatformAccount
from headwater.accounts.rules import Identity
from headwater.cases import delivery, files, ledger, rules
from headwater.cases.attached import Attached
from headwater.cases.delivery import Solving
from headwater.cases.errors import CaseError
from headwater.cases.handling.fields import require_filled
from headwater.cases.handling.mentioning import tell_named
from headwater.cases.masking import hide
from headwater.cases.models import Case, Draft, Message
from headwater.cases.routing.queries import ask_for_routing
from headwater.cases.sla import queries as sla
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue, enqueue_many
from headwater.kit.redaction import Exposure, masked


@dataclass(frozen=True, slots=True)
class Incoming:
    """A contact as its channel read it. `received_at` is when it reached us, aware UTC."""

    author_name: str
    author_email: str
    body: str
    received_at: datetime
    quoted: str = ""
    html: str = ""
    rfc_message_id: str | None = None
    in_reply_to: str = ""
    references: str = ""
    attachments: tuple[Attached, ...] = ()
    # Two letters (ISO 639-1); "" where it could not be told.
    language: str = ""
    channel: str = "mail"
    # What it gives away in what is not kept as text here: a later subject, files.
    exposed: tuple[Exposure, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """A case to be opened."""

    person: Person
    subject: str
    message: Incoming
    actor: Actor
    account: PlatformAccount | None = None
    identity: Identity = "unknown"
    # False for a contact of long ago: nothing was promised when it was made.
    promised: bool = True


def open_case(
    *,
    person: Person,
    subject: str,
    message: Incoming,
    actor: Actor,
    account: PlatformAccount | None = None,
    identity: Identity = "unknown",
    promised: bool = True,
) -> Case:
    """A new case with its first message, our turn, both clocks running since it was received.

    Without `promised` no clock runs.
    """
    opening = Opening(person, subject, message, actor, account, identity, promised)
    return open_cases([opening])[0].case


def open_cases(openings: Sequence[Opening]) -> list[Message]:
    """As `open_case`, many in a few statements; returns the first messages, in their order."""
    messages: list[Message] = []
    log, in_force = ledger.Log(), sla.in_force()
    for each in openings:
        at = each.message.received_at
        case = Case(
            subject=rules.one_line(masked(each.subject), 500),
            person=each.person,
            account=each.account,
            identity=each.identity,
            language=each.message.language[:2],
            channel=each.message.channel,
            state_since=at,
            opened_at=at,
            last_event_at=at,
        )
        message = _new_incoming(case, each.message, Message.Kind.USER, each.subject)
        promised = sla.promised_to(case, in_force) if each.promised else {"targets": {}}
        facts: list[ledger.Fact] = [
            ("case.opened", {"subject": case.subject, **promised}),
            *_received(message),
        ]
        if each.account is not None:
            data = {"account_id": each.account.id, "identity": each.identity}
            facts.append(("identity.matched", data))
        ledger.begin(case, facts, log, actor=each.actor, at=at)
        messages.append(message)
    with transaction.atomic():
        Case.objects.bulk_create([message.case for message in messages])
        Message.objects.bulk_create(messages)
        log.store()
        asked = [(_about(message.case), _once(message.case)) for message in messages]
        enqueue_many("diagnosis.diagnose_case", asked)
        ask_for_routing([message.case.id for message in messages])
    return messages


def add_user_message(case: Case, message: Incoming, *, actor: Actor) -> Message:
    """A further message of the user; whatever the state was, it is our turn again."""
    with transaction.atomic():
        case = ledger.lock(case.id)
        at = ledger.moment_for(case, message.received_at)
        stored = _store_incoming(case, message, Message.Kind.USER)
        facts = _received(stored)
        ledger.move(case, "user_message", facts, at)
        ledger.record(case, facts, actor=actor, at=at)
        _ask_for_diagnosis(case)
        ask_for_routing([case.id])
    return stored


def add_auto_message(case: Case, message: Incoming, *, actor: Actor) -> Message:
    """Machine mail (out of office, bounces): kept in the case, but nobody's turn changes."""
    with transaction.atomic():
        case = ledger.lock(case.id)
        at = ledger.moment_for(case, message.received_at)
        stored = _store_incoming(case, message, Message.Kind.AUTO)
        facts = _received(stored, auto=True)
        ledger.record(case, facts, actor=actor, at=at)
    return stored


def set_identity(
    case: Case, *, account: PlatformAccount | None, identity: Identity, actor: Actor
) -> Case:
    """What is known of the sender changed; the case is diagnosed again."""
    with transaction.atomic():
        case = ledger.lock(case.id)
        if (case.account_id, case.identity) == (account.id if account else None, identity):
            return case
        case.account = account
        case.identity = identity
        data = {"account_id": account.id if account else None, "identity": identity}
        ledger.record(
            case, [("identity.matched", data)], actor=actor, at=ledger.moment_for(case, utc_now())
        )
        _ask_for_diagnosis(case)
    return case


def apply_verified_link(link: AccountLink, *, actor: Actor) -> list[Case]:
    """Raises the identity of the person's open cases about this account. Repeatable.

    Raises CaseError when the link is not verified.
    """
    if link.verified_at is None:
        raise CaseError("This link is not verified.", hint="Verify it first.")
    with transaction.atomic():
        open_cases = Case.objects.filter(
            person_id=link.person_id, account_id=link.platform_account_id
        ).exclude(state__in=Case.PAST)
        return [
            set_identity(case, account=link.platform_account, identity="verified", actor=actor)
            for case in open_cases.order_by("opened_at")
        ]


def save_draft(
    case: Case, body: str, *, author: str, actor: Actor, based_on: str = ""
) -> Draft | None:
    """Keeps the answer being prepared. The system never overwrites an agent's words: then None."""
    with transaction.atomic():
        case = ledger.lock(case.id)
        old = Draft.objects.filter(case=case).first()
        if old and old.author == Draft.Author.AGENT and author == Draft.Author.SYSTEM:
            return None
        at = ledger.moment_for(case, utc_now())
        draft, _ = Draft.objects.update_or_create(
            case=case,
            defaults={
                "body": rules.storable(body),
                "based_on": based_on,
                "author": author,
                "updated_at": at,
            },
        )
        ledger.record(case, [("draft.saved", {"based_on": based_on})], actor=actor, at=at)
    return draft


def discard_draft(case: Case, *, actor: Actor) -> None:
    """Throws the prepared answer away, for example when it says what may no longer be said."""
    with transaction.atomic():
        case = ledger.lock(case.id)
        Draft.objects.filter(case=case).delete()


def send_reply(
    case: Case,
    body: str,
    *,
    agent: Agent,
    actor: Actor,
    solve: bool = False,
    cause: str = "",
    cause_mode: str = "",
    area: str = "",
    hold_seconds: float = 0,
) -> Message:
    """Queues an answer to the user. It is then the user's turn, or the case is solved.

    For `hold_seconds` it can be taken back (`delivery.cancel_reply`); until then nothing of it
    has happened: not the answer, not the solving. Raises CaseError for an empty body, and
    FieldsMissing for a case that cannot be solved yet.
    """
    text = rules.storable(body).strip()
    if not text:
        raise CaseError("The reply is empty.", param="body", hint="Write something to send.")
    solving = Solving(solve, cause, cause_mode, area)
    with transaction.atomic():
        case = ledger.lock(case.id)
        if solve:
            require_filled(case)
        at = ledger.moment_for(case, utc_now())
        message = _store_outgoing(case, text, Message.Kind.REPLY, agent, at)
        draft = Draft.objects.filter(case=case).first()
        based_on = draft.based_on if draft else ""
        Draft.objects.filter(case=case).delete()
        files.take_files(case, message)
        if hold_seconds > 0:
            plan = delivery.held_plan(solving, based_on, actor)
            ledger.record(case, [("reply.held", {"message_id": message.id})], actor=actor, at=at)
        else:
            plan = {}
            delivery.let_go(case, message, solving, based_on, actor=actor, at=at)
        delivery.post_reply(case, message, plan, hold_seconds=hold_seconds)
    return message


def add_note(case: Case, body: str, *, agent: Agent, actor: Actor) -> Message:
    """A note that only colleagues see; whom it names with @ hears of it. Raises CaseError for an
    empty body."""
    text = masked(rules.storable(body)).strip()
    if not text:
        raise CaseError("The note is empty.", param="body", hint="Write something to keep.")
    with transaction.atomic():
        case = ledger.lock(case.id)
        at = ledger.moment_for(case, utc_now())
        message = _store_outgoing(case, text, Message.Kind.NOTE, agent, at)
        ledger.record(case, [("note.added", {"message_id": message.id})], actor=actor, at=at)
        tell_named(case, message, actor=actor)
    return message


def assign_case(case: Case, agent: Agent | None, *, actor: Actor) -> Case:
    """Gives the case to an agent, or to nobody. Raises CaseError for an inactive agent."""
    if agent is not None and not agent.is_active:
        raise CaseError(f"{agent.name} is no longer active.", param="agent", hint="Choose another.")
    with transaction.atomic():
        case = ledger.lock(case.id)
        if case.assignee_id == (agent.id if agent else None):
            return case
        data = {"from": case.assignee_id, "to": agent.id if agent else None}
        case.assignee = agent
        at = ledger.moment_for(case, utc_now())
        ledger.record(case, [("case.assigned", data)], actor=actor, at=at)
    return case


def snooze_case(case: Case, until: datetime, *, actor: Actor) -> Case:
    """Puts the case out of sight until a time. Clocks run on. Raises CaseError for a past time."""
    if until <= utc_now():
        raise CaseError("That time has passed.", param="until", hint="Choose a later time.")
    return _transition(case, "snooze", actor=actor, snoozed_until=until)


def wait_on_engineering(case: Case, *, actor: Actor) -> Case:
    """Engineers have to act; the user still waits for us, so the clocks run on."""
    return _transition(case, "wait_on_engineering", actor=actor)


def hand_to_engineering(case: Case, *, handoff_id: str, actor: Actor) -> Case:
    """Notes which hand-off Engineering got; a case that does not wait for them yet does now.

    Raises TransitionRefused for a solved case.
    """
    with transaction.atomic():
        case = ledger.lock(case.id)
        at = ledger.moment_for(case, utc_now())
        facts: list[ledger.Fact] = [("case.escalated", {"handoff_id": handoff_id})]
        if case.state != rules.WAITING_ENGINEERING:
            ledger.move(case, "wait_on_engineering", facts, at)
        ledger.record(case, facts, actor=actor, at=at)
    return case


def take_back(case: Case, *, actor: Actor) -> Case:
    """It is our turn again: engineers answered, or the waiting is over."""
    return _transition(case, "take_back", actor=actor)


def solve_case(
    case: Case, *, cause: str, actor: Actor, cause_mode: str = "", area: str = ""
) -> Case:
    """Nothing is left to do. Metrics start from the cause and the area given here.

    Raises FieldsMissing where the case's queue requires a field that is empty.
    """
    with transaction.atomic():
        case = ledger.lock(case.id)
        require_filled(case)
        at = ledger.moment_for(case, utc_now())
        facts: list[ledger.Fact] = []
        delivery.solve(case, facts, at, Solving(True, cause, cause_mode, area))
        ledger.record(case, facts, actor=actor, at=at)
    return case


def reopen_case(case: Case, *, actor: Actor) -> Case:
    """Undoes solving: our turn, with a new resolution clock."""
    return _transition(case, "reopen", actor=actor)


def record_diagnosis(
    case: Case,
    *,
    diagnosis_id: str,
    cause: str,
    probability: float | None,
    actor: Actor,
    area: str = "",
) -> Case:
    """What the latest look at the evidence says; empty `cause` where it found none."""
    with transaction.atomic():
        case = ledger.lock(case.id)
        case.likely_cause = cause
        case.likely_probability = probability
        case.likely_area = area
        data = {"diagnosis_id": diagnosis_id, "cause": cause, "probability": probability}
        at = ledger.moment_for(case, utc_now())
        ledger.record(case, [("diagnosis.ready", data)], actor=actor, at=at)
        ask_for_routing([case.id])
    return case


def record_evidence(case: Case, *, evidence_id: str, title: str, actor: Actor) -> Case:
    """Somebody put rows of the platform's data into the case; whose turn it is stays."""
    with transaction.atomic():
        case = ledger.lock(case.id)
        data = {"evidence_id": evidence_id, "title": rules.one_line(title, 300)}
        at = ledger.moment_for(case, utc_now())
        ledger.record(case, [("evidence.attached", data)], actor=actor, at=at)
    return case


def settle_clocks(case_id: str, *, actor: Actor, at: datetime | None = None) -> Case:
    """Writes down promises broken by now; nothing else changes."""
    with transaction.atomic():
        case = ledger.lock(case_id)
        ledger.record(case, [], actor=actor, at=ledger.moment_for(case, at or utc_now()))
    return case


def _transition(
    case: Case, happening: str, *, actor: Actor, snoozed_until: datetime | None = None
) -> Case:
    with transaction.atomic():
        case = ledger.lock(case.id)
        at = ledger.moment_for(case, utc_now())
        facts: list[ledger.Fact] = []
        ledger.move(case, happening, facts, at)
        if snoozed_until is not None:
            case.snoozed_until = snoozed_until
            facts[-1][1]["until"] = snoozed_until.isoformat()
        ledger.record(case, facts, actor=actor, at=at)
    return case


def _store_incoming(case: Case, message: Incoming, kind: Message.Kind) -> Message:
    stored = _new_incoming(case, message, kind)
    stored.save(force_insert=True)
    return stored


def _new_incoming(case: Case, message: Incoming, kind: Message.Kind, subject: str = "") -> Message:
    """The message without its secrets, not stored yet; the case shows it as its last."""
    message, hidden = hide(message, subject, *(each.name for each in message.attachments))
    new = Message(
        case=case,
        direction=Message.Direction.IN,
        kind=kind,
        author_name=rules.one_line(message.author_name, 200),
        author_email=rules.one_line(message.author_email, 320),
        body=rules.storable(message.body),
        quoted=rules.storable(message.quoted),
        html=rules.storable(message.html),
        created_at=message.received_at,
        rfc_message_id=message.rfc_message_id or None,
        in_reply_to=message.in_reply_to,
        references=message.references,
        exposed=hidden.as_json(),
        attachments=[
            {**each.as_json(), "name": masked(rules.one_line(each.name, 255))}
            for each in message.attachments
        ],
    )
    _show_as_last(case, new)
    return new


def _received(message: Message, **more: bool) -> list[ledger.Fact]:
    """That a contact came in, and what was masked in it."""
    facts: list[ledger.Fact] = [("message.received", {"message_id": message.id, **more})]
    if message.exposed:
        facts.append(("secret.masked", {"message_id": message.id, "found": message.exposed}))
    return facts


def _store_outgoing(
    case: Case, body: str, kind: Message.Kind, agent: Agent, at: datetime
) -> Message:
    is_reply = kind == Message.Kind.REPLY
    stored = Message(
        case=case,
        direction=Message.Direction.OUT,
        kind=kind,
        author_name=agent.name,
        author_email=agent.email,
        agent=agent,
        body=body,
        created_at=at,
        delivery=Message.Delivery.QUEUED if is_reply else Message.Delivery.NONE,
    )
    stored.save(force_insert=True)
    # A note counts as a message, but must not show up as the last word between us and the user.
    if is_reply:
        _show_as_last(case, stored)
    else:
        case.message_count += 1
    return stored


def _show_as_last(case: Case, message: Message) -> None:
    case.message_count += 1
    if case.last_message_at is None or message.created_at >= case.last_message_at:
        case.last_message_at = message.created_at
        case.last_message_preview = rules.preview(message.body)
        case.last_message_direction = message.direction


def _ask_for_diagnosis(case: Case) -> None:
    enqueue("diagnosis.diagnose_case", _about(case), dedupe=_once(case))


def _about(case: Case) -> dict[str, str]:
    return {"case_id": case.id}


def _once(case: Case) -> str:
    return f"diagnose:{case.id}"
