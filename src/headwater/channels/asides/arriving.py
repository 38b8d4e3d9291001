"""A mail that names a side conversation of ours: it goes there, or to nobody."""

from collections.abc import Sequence

from django.conf import settings

from headwater.cases import rules
from headwater.cases.acts import Incoming
from headwater.channels.asides import acts, queries
from headwater.channels.asides.models import AsideMessage
from headwater.channels.asides.naming import named_aside
from headwater.channels.asides.rules import may_write
from headwater.channels.authres import Verdict
from headwater.channels.models import RawMail
from headwater.channels.parse import ParsedMail
from headwater.kit.actors import Actor
from headwater.kit.redaction import masked

STRANGER = "It answers a side conversation in which its sender has no part."
_MOST_ADDRESSES = 200


def names_aside(mail: ParsedMail, envelope_to: Sequence[str]) -> str:
    """The side conversation that a mail answers or is addressed to, or "".

    Only a name that we signed counts; a made-up one is none, and the mail a contact like any other.
    """
    addresses = [*envelope_to, *(one.address for one in (*mail.to, *mail.cc))]
    texts = [*mail.in_reply_to, *reversed(mail.references), *addresses[:_MOST_ADDRESSES]]
    return named_aside(texts, key=settings.SECRET_KEY)


def file_answer(
    mail: RawMail, parsed: ParsedMail, incoming: Incoming, aside_id: str, verdict: Verdict
) -> str:
    """Files the mail as an answer, in the caller's transaction; returns why it is not, or "".

    It is never put into the user's conversation, whoever wrote it.
    """
    aside = queries.find_aside(aside_id)
    if aside is None:
        return "It answers a side conversation that is not known."
    users = queries.users_of(aside.case)
    if not may_write(incoming.author_email, verdict, queries.taking_part(aside), users):
        return STRANGER
    known = queries.known_id(parsed.message_id)
    if known is not None and known.author_email == incoming.author_email:
        return "This message came before."
    clean = [masked(rules.storable(one)) for one in (incoming.author_name, incoming.body)]
    message = AsideMessage(
        author_name=clean[0][:200],
        author_email=incoming.author_email[:320],
        body=clean[1],
        at=incoming.received_at,
        rfc_message_id=None if known else incoming.rfc_message_id,
        is_automatic=parsed.kind == "auto_reply",
        attachments=[
            {**one.as_json(), "name": masked(rules.one_line(one.name, 255))}
            for one in incoming.attachments
        ],
        mail=mail,
    )
    name = incoming.author_name or incoming.author_email
    actor = Actor(kind="person", id=incoming.author_email[:64], name=name[:200], entrance="mail")
    acts.add_answer(aside, message, actor=actor)
    return ""
