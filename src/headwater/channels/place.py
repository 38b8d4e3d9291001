"""Which case a mail belongs to, and why not to the one that it refers to. Reads only."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models.functions import Lower

from headwater.accounts.rules import normal_email
from headwater.cases.models import Case, Message
from headwater.cases.queries import message_by_rfc_id, message_for_system
from headwater.channels.authres import Verdict
from headwater.channels.parse import ParsedMail
from headwater.channels.tokens import read_token


@dataclass(frozen=True, slots=True)
class Place:
    """`case` is where the mail goes, None for a new one; `related` is one it may not enter."""

    case: Case | None = None
    related: Case | None = None
    reason: str = ""


def place_mail(mail: ParsedMail, sender: str, verdict: Verdict) -> Place:
    """Where a mail goes by its references, if its sender may write there."""
    case, reason = _referred_case(mail)
    if case is None:
        return Place(reason=reason)
    if verdict == "fail":
        return Place(None, case, "The sender's domain says that this mail is forged.")
    if normal_email(sender) not in _participants(case):
        return Place(None, case, f"{sender} has not taken part in the case it refers to.")
    return Place(case)


def our_message(rfc_id: str | None) -> Message | None:
    """The message of ours that a genuine token names."""
    token = read_token(rfc_id or "", key=settings.SECRET_KEY)
    return message_for_system(token.message_id) if token and token.genuine else None


def _referred_case(mail: ParsedMail) -> tuple[Case | None, str]:
    """The case of the nearest reference that we know, from the answered mail backwards."""
    for rfc_id in dict.fromkeys([*mail.in_reply_to, *reversed(mail.references)]):
        token = read_token(rfc_id, key=settings.SECRET_KEY)
        if token is not None and not token.genuine:
            # Somebody made it up; trying the next reference would help them guess.
            return None, "It refers to a message id that only we can make, and we did not."
        found = message_for_system(token.message_id) if token else message_by_rfc_id(rfc_id)
        if found is not None:
            return found.case, ""
    return None, ""


def _participants(case: Case) -> set[str]:
    """Addresses that the case's messages have come from, and its person's."""
    written = (
        case.messages.filter(direction=Message.Direction.IN, kind=Message.Kind.USER)
        .annotate(lower=Lower("author_email"))
        .values_list("lower", flat=True)
    )
    return {normal_email(case.person.email), *written} - {""}
