"""The act by which we write first: a case that begins with our message."""

from django.db import transaction

from headwater.accounts.models import Agent, Person, PlatformAccount
from headwater.cases import ledger, rules
from headwater.cases.delivery import post_reply
from headwater.cases.errors import CaseError
from headwater.cases.models import Case, Message
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now


def write_first(
    *,
    person: Person,
    account: PlatformAccount,
    subject: str,
    body: str,
    cause: str,
    agent: Agent,
    actor: Actor,
) -> Case:
    """A case with our message on its way out, solved until the user answers. No promise runs.

    The caller has proven that the person acts for the account. An answer brings the case back to
    us and starts both promises. Raises CaseError for an empty body.
    """
    text = rules.storable(body).strip()
    if not text:
        raise CaseError("The message is empty.", param="body", hint="Write something to send.")
    at = utc_now()
    with transaction.atomic():
        case = Case(
            subject=rules.one_line(subject, 500),
            person=person,
            account=account,
            identity=Case.Identity.VERIFIED,
            state=Case.State.SOLVED,
            state_since=at,
            opened_at=at,
            solved_at=at,
            last_event_at=at,
            assignee=agent,
            cause=cause,
            proactive=True,
            message_count=1,
            last_message_at=at,
            last_message_preview=rules.preview(text),
            last_message_direction=Message.Direction.OUT,
        )
        case.save(force_insert=True)
        message = Message(
            case=case,
            direction=Message.Direction.OUT,
            kind=Message.Kind.REPLY,
            author_name=agent.name,
            author_email=agent.email,
            agent=agent,
            body=text,
            created_at=at,
            delivery=Message.Delivery.QUEUED,
        )
        message.save(force_insert=True)
        facts: list[ledger.Fact] = [
            ("case.opened_by_us", {"subject": case.subject, "cause": cause}),
            ("identity.matched", {"account_id": account.id, "identity": "verified"}),
            ("reply.sent", {"message_id": message.id}),
        ]
        ledger.record(case, facts, actor=actor, at=at)
        post_reply(case, message, {})
    return case
