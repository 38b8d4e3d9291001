"""Background work on mail."""

from typing import Any

from django.conf import settings

from headwater.cases.delivery import mark_failed, mark_sent
from headwater.cases.models import Message
from headwater.cases.queries import message_for_system
from headwater.channels import acts, bulk, compose, smtp, tokens
from headwater.kit.actors import Actor
from headwater.kit.jobs.errors import GiveUp
from headwater.kit.jobs.registry import Effects, job


def _set_aside(payload: dict[str, Any], error: str) -> None:
    lines = error.strip().splitlines()
    acts.quarantine_mail(payload["mail_id"], f"It could not be filed: {lines[-1] if lines else ''}")


@job("channels.ingest_mail", atomic=False, on_dead=_set_aside)
def ingest_mail(payload: dict[str, Any]) -> Effects:
    """Reads a stored mail into a case."""
    read = acts.read_mail(payload["mail_id"])

    def store() -> None:
        acts.file_mail(read)

    return store


@job(
    "channels.ingest_mails",
    atomic=False,
    on_dead=lambda payload, _error: bulk.part(payload["mail_ids"]),
)
def ingest_mails(payload: dict[str, Any]) -> Effects:
    """Reads mails that came together into their cases."""
    reads = bulk.read_mails(payload["mail_ids"])
    return lambda: bulk.file_mails(reads)


def _tell(payload: dict[str, Any], error: str) -> None:
    message = message_for_system(payload["message_id"])
    if message is not None and message.delivery == Message.Delivery.QUEUED:
        lines = error.strip().splitlines()
        said = f"It could not be delivered: {lines[-1] if lines else 'unknown error'}"
        mark_failed(message, said, actor=Actor.system())


@job("channels.deliver_message", atomic=False, on_dead=_tell)
def deliver_message(payload: dict[str, Any]) -> Effects | None:
    """Sends a queued reply. One that was sent before is left alone.

    Between the server's yes and our commit a crash can send twice; the Message-ID is the same
    both times, so the reader's mail client shows it once.
    """
    message = message_for_system(payload["message_id"])
    if message is None or message.delivery != Message.Delivery.QUEUED:
        return None
    mail = _reply(message)
    try:
        smtp.send(mail)
    except smtp.RefusedForGood as refusal:
        error = str(refusal)
        return lambda: _effect(mark_failed(message, error, actor=Actor.system()))
    return lambda: _effect(
        mark_sent(
            message,
            actor=Actor.system(),
            rfc_message_id=mail.message_id,
            in_reply_to=mail.in_reply_to,
            references=" ".join(mail.references),
        )
    )


@job("channels.send_system_mail", atomic=False)
def send_system_mail(payload: dict[str, Any]) -> None:
    """Sends a mail that no human wrote, marked so that machines do not answer it."""
    domain = _domain()
    content = (payload["to"], payload["subject"], payload["body"])
    mail = compose.Outgoing(
        message_id=compose.system_message_id(domain, *content),
        sender_name=settings.HEADWATER_PRODUCT_NAME,
        sender_address=settings.HEADWATER_MAIL_FROM,
        recipient=payload["to"],
        subject=payload["subject"],
        text=payload["body"],
        headers=compose.system_headers(domain),
    )
    try:
        smtp.send(mail)
    except smtp.RefusedForGood as refusal:
        raise GiveUp(str(refusal)) from refusal


def _reply(message: Message) -> compose.Outgoing:
    case = message.case
    parent = (
        case.messages.filter(
            direction=Message.Direction.IN,
            kind=Message.Kind.USER,
            rfc_message_id__isnull=False,
            created_at__lte=message.created_at,
        )
        .order_by("-created_at")
        .first()
    )
    parent_id = compose.usable_id(parent.rfc_message_id if parent else None)
    earlier = parent.references.split() if parent else []
    return compose.Outgoing(
        message_id=tokens.make_token(message.id, key=settings.SECRET_KEY, domain=_domain()),
        sender_name=f"{message.author_name} ({settings.HEADWATER_PRODUCT_NAME})",
        sender_address=settings.HEADWATER_MAIL_FROM,
        recipient=case.person.email,
        # Where we wrote first there is nothing to reply to.
        subject=case.subject
        if case.proactive and parent is None
        else compose.reply_subject(case.subject),
        text=message.body,
        in_reply_to=parent_id,
        references=compose.reference_chain(earlier, parent_id) if parent_id else (),
    )


def _domain() -> str:
    return str(settings.HEADWATER_MAIL_FROM).rpartition("@")[2] or "localhost"


def _effect(_: Message) -> None:
    """Effects return nothing; the acts return what they stored."""
