"""One attempt to send a mail of the outbox, and what follows from how it ends.

What may go wrong between the server's yes and our commit: `headwater/kit/outbox/README.md`.
"""

import re
import smtplib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from headwater.cases.delivery import mark_failed, mark_sent, post_reply, release_reply
from headwater.cases.files import files_with
from headwater.cases.models import Message
from headwater.cases.queries import message_for_system
from headwater.channels import compose, journal, replies, smtp, tokens
from headwater.channels.agent_mail.naming import Told, news_message_id
from headwater.channels.asides.acts import note_undelivered
from headwater.channels.asides.leaving import aside_mail, rfc_id_of
from headwater.channels.compose import Outgoing
from headwater.channels.marks import mark_bouncing
from headwater.channels.signing import SigningFailed, signed
from headwater.kit.actors import Actor
from headwater.kit.outbox import acts as outbox
from headwater.kit.outbox.acts import Attempt
from headwater.kit.outbox.models import OutgoingMail
from headwater.kit.outbox.queries import find_outgoing, outgoing, outgoing_about

Effects = Callable[[], None]
_STATUS = re.compile(r"\b[45]\.\d{1,3}\.\d{1,3}\b")
_UNDER_WAY = frozenset({"held", "queued", "sending", "retrying"})


def send(payload: dict[str, Any]) -> Effects | None:
    """Sends the mail that a job names; returns what is to be written down in the job's own
    transaction, or None where there was nothing to send."""
    row = _row(payload)
    if row is None:
        return None
    message = message_for_system(row.about) if row.about else None
    turn = int(payload.get("turn", 1))
    known = journal.accepted(row.id, turn) if row.state == OutgoingMail.State.SENDING else None
    if known is not None and row.turn == turn:
        # Whoever sent it died before the store knew. Nothing is in doubt.
        return lambda: _sent(row.id, turn, message, known)
    attempt = _begin(row, message, turn)
    if attempt is None:
        return None
    try:
        mail = _mail(row, message, attempt)
        content = compose.as_bytes(mail)
    except ValueError as error:
        return _later(_refused, attempt, message, f"The mail cannot be written: {error}")
    try:
        accepted = smtp.send(
            signed(content, domain=replies.domain_of(mail.sender_address)),
            sender=mail.sender_address if mail.envelope_sender is None else mail.envelope_sender,
            recipients=[mail.recipient, *mail.cc],
            before_content=lambda: outbox.mark_handing_over(attempt),
            on_accepted=lambda answer: journal.note_accepted(attempt.id, attempt.turn, answer),
        )
    except smtp.LostAttempt:
        return None
    except smtp.RefusedForGood as refusal:
        return _later(_refused, attempt, message, str(refusal), refusal.recipients)
    except smtp.InDoubt as doubt:
        return _later(_put_off, attempt, message, str(doubt), in_doubt=True)
    except SigningFailed as failure:
        return _later(_put_off, attempt, message, str(failure))
    except (OSError, smtplib.SMTPException) as error:
        return _later(_put_off, attempt, message, smtp.describe(error))
    return lambda: _sent(attempt.id, turn, message, accepted.answer, accepted.refused)


def give_up(payload: dict[str, Any], error: str) -> None:
    """The job that sends is dead: a fault of ours, not of the mail. Somebody is told."""
    row = _row(payload)
    if row is None or row.turn != int(payload.get("turn", 1)) or row.state not in _UNDER_WAY:
        return
    message = message_for_system(row.about) if row.about else None
    if journal.accepted(row.id, row.turn) is not None:
        # It died of something else: the mail itself had left.
        outbox.settle_sent(row.id, answer="250")
        return
    lines = error.strip().splitlines()
    said = f"It could not be sent: {lines[-1] if lines else 'unknown error'}"
    outbox.settle_stuck(row.id, said)
    _tell(message, said, row.id)


def clear_notes() -> int:
    """Drops the notes of mails whose end the store knows; returns how many."""
    dropped = 0
    for outgoing_id, turn in journal.noted():
        row = find_outgoing(outgoing_id)
        if row is None or row.turn != turn or row.state == OutgoingMail.State.SENT:
            journal.forget(outgoing_id, turn)
            dropped += 1
    return dropped


def _later(act: Callable[..., None], *args: Any, **kwargs: Any) -> Effects:
    return lambda: act(*args, **kwargs)


def _row(payload: dict[str, Any]) -> OutgoingMail | None:
    if "outgoing_id" in payload:
        return outgoing(payload["outgoing_id"])
    row = outgoing_about(payload["message_id"])
    if row is not None:
        return row
    message = message_for_system(payload["message_id"])
    if message is not None and message.delivery == Message.Delivery.QUEUED:
        # Asked for before there was an outbox: from now on it has a row and a job of its own.
        post_reply(message.case, message, {})
    return None


def _begin(row: OutgoingMail, message: Message | None, turn: int) -> Attempt | None:
    key, domain = settings.SECRET_KEY, replies.domain_of(settings.HEADWATER_MAIL_FROM)
    if message is not None:
        fresh = tokens.make_token(message.id, key=key, domain=domain)
    elif row.kind == "aside":
        fresh = rfc_id_of(str(row.payload["aside_message"]))
    elif row.kind == "news" and "about_case" in row.payload:
        told = Told(str(row.payload["about_case"]), str(row.payload["agent"]))
        fresh = news_message_id(told, row.id, key=key, domain=domain)
    else:
        fresh = compose.system_message_id(domain, row.id)
    with transaction.atomic():
        attempt = outbox.begin_attempt(row.id, turn=turn, message_id=fresh)
        if attempt is not None and attempt.was_held and message is not None:
            release_reply(message, attempt.payload)
    return attempt


def _mail(row: OutgoingMail, message: Message | None, attempt: Attempt) -> Outgoing:
    if message is not None:
        files = tuple(
            compose.File(one.name, one.type, bytes(one.content.data)) for one in files_with(message)
        )
        return replace(replies.reply_mail(message, attempt.message_id), attachments=files)
    if row.kind == "aside":
        return aside_mail(row, attempt.message_id)
    return replies.automatic_mail(row, attempt.message_id)


def _sent(
    outgoing_id: str,
    turn: int,
    message: Message | None,
    answer: str,
    refused: dict[str, str] | None = None,
) -> None:
    _mark(refused or {})
    outbox.settle_sent(outgoing_id, answer=answer)
    if message is not None:
        mail = replies.reply_mail(message, outgoing(outgoing_id).message_id or "")
        mark_sent(
            message,
            actor=Actor.system(),
            rfc_message_id=mail.message_id,
            in_reply_to=mail.in_reply_to,
            references=" ".join(mail.references),
        )
    transaction.on_commit(lambda: journal.forget(outgoing_id, turn))


def _refused(
    attempt: Attempt,
    message: Message | None,
    error: str,
    recipients: dict[str, str] | None = None,
) -> None:
    _mark(recipients or {})
    outbox.settle_failed(attempt.id, error)
    _tell(message, error, attempt.id)


def _put_off(
    attempt: Attempt, message: Message | None, error: str, *, in_doubt: bool = False
) -> None:
    keep_trying = timedelta(hours=settings.HEADWATER_OUTBOX_HOURS)
    row = outbox.settle_retry(attempt.id, error, keep_trying=keep_trying, in_doubt=in_doubt)
    if row.state == OutgoingMail.State.STUCK:
        said = f"It could not be delivered, and is not tried again. {error}"
        _tell(message, said, attempt.id)


def _mark(refused: dict[str, str]) -> None:
    """Notes the addresses that the server would not take: at once, or for good."""
    for address, said in refused.items():
        found = _STATUS.search(said)
        mark_bouncing(
            address,
            permanent=said.startswith("5"),
            status=found[0] if found else said[:3],
            reason=f"The mail server refused {address}: {said}",
        )


def _tell(message: Message | None, error: str, outgoing_id: str) -> None:
    if message is None:
        note_undelivered(outgoing_id, error)
        return
    if message.delivery == Message.Delivery.QUEUED:
        mark_failed(message, error, actor=Actor.system())
