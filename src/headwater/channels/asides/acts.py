"""Every write to side conversations."""

import re
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from headwater.accounts.models import Agent
from headwater.accounts.rules import normal_email
from headwater.cases import rules as case_rules
from headwater.cases.beside import note_answer, note_aside
from headwater.cases.errors import CaseError
from headwater.cases.files import keep_files
from headwater.cases.models import Case
from headwater.channels.asides.models import Aside, AsideFile, AsideMessage
from headwater.channels.asides.naming import aside_message_id
from headwater.channels.asides.queries import users_of
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.outbox import acts as outbox
from headwater.kit.redaction import masked

MOST_RECIPIENTS: Final = 10
Files = Sequence[tuple[str, bytes]]


def open_aside(
    case: Case,
    *,
    party: str,
    to: str,
    subject: str,
    body: str,
    agent: Agent,
    actor: Actor,
    files: Files = (),
) -> Aside:
    """Begins a side conversation by a mail to the addresses in `to` (separated by commas).

    Raises CaseError for an unknown party, an address that is none or that belongs to the user's
    side of the case, an empty subject or text, and files that a mail cannot carry.
    """
    if party not in Aside.Party.values:
        raise CaseError(
            f"{party!r} is no party.",
            param="party",
            hint=f"One of {', '.join(Aside.Party.values)}.",
        )
    subject = case_rules.one_line(masked(subject), 300)
    if not subject:
        raise CaseError("What is it about?", param="subject", hint="Write a subject.")
    now = utc_now()
    with transaction.atomic():
        aside = Aside.objects.create(
            case=case,
            party=party,
            subject=subject,
            recipients=_recipients(case, to),
            opened_at=now,
            opened_by=agent,
            last_at=now,
        )
        told = {"aside_id": aside.pk, "party": party, "to": aside.recipients, "subject": subject}
        note_aside(case.pk, "aside.opened", told, actor=actor)
        write_aside(aside, body, agent=agent, actor=actor, files=files)
    return aside


def write_aside(
    aside: Aside, body: str, *, agent: Agent, actor: Actor, files: Files = ()
) -> AsideMessage:
    """One more mail in it, to everybody who takes part; a closed one is open again.

    Raises CaseError for an empty text and for files that a mail cannot carry.
    """
    text = masked(case_rules.storable(body)).strip()
    if not text:
        raise CaseError("The mail is empty.", param="body", hint="Write something.")
    with transaction.atomic():
        aside = _held(aside)
        _leave_out_users(aside)
        message = AsideMessage(
            aside=aside, author_name=agent.name, body=text, at=utc_now(), agent=agent
        )
        domain = str(settings.HEADWATER_MAIL_FROM).rpartition("@")[2] or "localhost"
        message.rfc_message_id = aside_message_id(
            aside.pk, message.pk, key=settings.SECRET_KEY, domain=domain
        )
        row = outbox.post(
            kind="aside",
            recipient=aside.recipients[0],
            subject=aside.subject,
            payload={"aside_message": message.pk},
        )
        message.outgoing_id = row.pk
        message.save(force_insert=True)
        for name, kind, content in keep_files(files):
            AsideFile.objects.create(message=message, name=name, type=kind, content=content)
        aside.state, aside.last_at = Aside.State.OPEN, message.at
        aside.save(update_fields=["state", "last_at", "recipients"])
        told = {"aside_id": aside.pk, "message_id": message.pk, "party": aside.party}
        note_aside(aside.case_id, "aside.sent", told, actor=actor)
    return message


def close_aside(aside: Aside, *, actor: Actor) -> Aside:
    """Nothing more is expected in it; an answer opens it again. Repeatable."""
    return _set(aside, Aside.State.CLOSED, "aside.closed", actor)


def reopen_aside(aside: Aside, *, actor: Actor) -> Aside:
    """It is open again. Repeatable."""
    return _set(aside, Aside.State.OPEN, "aside.reopened", actor)


def add_answer(aside: Aside, message: AsideMessage, *, actor: Actor) -> AsideMessage:
    """Files what a third party wrote, in the caller's transaction; they get our next mails too."""
    aside = _held(aside)
    message.aside = aside
    message.save(force_insert=True)
    address = normal_email(message.author_email)
    if address not in aside.recipients and len(aside.recipients) < MOST_RECIPIENTS:
        aside.recipients = [*aside.recipients, address]
    if not message.is_automatic:
        aside.state = Aside.State.OPEN
    aside.last_at = message.at
    aside.save(update_fields=["recipients", "state", "last_at"])
    told = {
        "aside_id": aside.pk, "message_id": message.pk, "party": aside.party,
        "from": message.author_email,
    }  # fmt: skip
    if message.is_automatic:
        note_aside(aside.case_id, "aside.auto", told, actor=actor)
    else:
        note_answer(aside.case_id, "aside.answered", told, actor=actor)
    return message


def note_undelivered(outgoing_id: str, error: str) -> None:
    """A mail of a side conversation could not be delivered; other mails are not its business."""
    found = AsideMessage.objects.filter(outgoing_id=outgoing_id).select_related("aside").first()
    if found is not None:
        told = {"aside_id": found.aside_id, "message_id": found.pk, "error": error[:500]}
        note_answer(found.aside.case_id, "aside.failed", told, actor=Actor.system("mail"))


def _set(aside: Aside, state: Aside.State, kind: str, actor: Actor) -> Aside:
    with transaction.atomic():
        aside = _held(aside)
        if aside.state != state:
            aside.state = state
            aside.save(update_fields=["state"])
            note_aside(aside.case_id, kind, {"aside_id": aside.pk}, actor=actor)
    return aside


def _leave_out_users(aside: Aside) -> None:
    """Somebody who has joined the user's side since has no part in it any more."""
    users = users_of(aside.case)
    aside.recipients = [one for one in aside.recipients if one not in users]
    if not aside.recipients:
        raise CaseError(
            "Everybody in it takes part in the case itself by now.",
            param="to",
            hint="Reply to the user, or begin another one.",
        )


def _held(aside: Aside) -> Aside:
    return Aside.objects.select_for_update().get(pk=aside.pk)


def _recipients(case: Case, to: str) -> list[str]:
    found = [normal_email(one) for one in re.split(r"[,;\s]+", to) if one.strip()]
    found = list(dict.fromkeys(found))
    if not found or len(found) > MOST_RECIPIENTS:
        raise CaseError(
            f"From one to {MOST_RECIPIENTS} addresses.", param="to", hint="Separate them by commas."
        )
    users = users_of(case)
    for address in found:
        try:
            validate_email(address)
        except ValidationError as error:
            raise CaseError(f"{address} is no address.", param="to") from error
        if address in users:
            raise CaseError(
                f"{address} takes part in the case itself.", param="to", hint="Reply to the user."
            )
    return found
