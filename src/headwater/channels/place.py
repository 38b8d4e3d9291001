"""Which case a mail belongs to, and why not to the one that it refers to. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Lower

from headwater.accounts.queries import address_acts_for
from headwater.accounts.rules import normal_email
from headwater.cases.models import Case, Message
from headwater.cases.queries import (
    find_case,
    message_by_rfc_id,
    message_for_system,
    messages_of,
    standing_for,
)
from headwater.channels.authres import Verdict
from headwater.channels.awaiting import awaiting_case
from headwater.channels.parse import ParsedMail
from headwater.channels.placing import Facts, Named, Sender, decide
from headwater.channels.tokens import (
    CaseToken,
    read_token,
    token_in_address,
    tokens_in_subject,
)
from headwater.kit.clock import utc_now

_MAX_ADDRESSES = 200


@dataclass(frozen=True, slots=True)
class Place:
    """`case` is where the mail goes, None for a new one.

    `related` is the one that it refers to and may not enter, or, with `follow_up`, the long
    solved one that the new case goes on from.
    """

    case: Case | None = None
    related: Case | None = None
    reason: str = ""
    follow_up: bool = False
    # Somebody who had not written in this case before, and may: they act for its account.
    joins: bool = False


@dataclass(frozen=True, slots=True)
class Arriving:
    """A mail as far as placing it goes. `registered_for` are accounts that the platform's data
    has under the sender's address."""

    mail: ParsedMail
    sender: str
    verdict: Verdict
    envelope_to: Sequence[str] = ()
    registered_for: Sequence[str] = ()
    # Whether a case may await this mail, or one that it refers to; False where that was looked up.
    may_be_awaited: bool = True


def place_mail(arriving: Arriving) -> Place:
    """Where a mail goes by what it refers to, if its sender may write there."""
    named, case = _named_case(arriving)
    facts = Facts(named)
    if case is not None:
        facts = Facts(
            named,
            sender=_relation(arriving, case),
            disowned=arriving.verdict == "fail",
            unchecked=arriving.verdict == "open",
            long_solved=_is_long_solved(case),
        )
    decision = decide(facts)
    days = settings.HEADWATER_FOLLOW_UP_DAYS
    reason = decision.reason.format(sender=arriving.sender, days=days)
    if decision.where == "enter":
        return Place(case, joins=facts.sender == "same_account")
    return Place(None, case, reason, follow_up=decision.where == "follow_up")


def our_message(rfc_id: str | None) -> Message | None:
    """The message of ours that a genuine token names."""
    token = read_token(rfc_id or "", key=settings.SECRET_KEY)
    return message_for_system(token.message_id) if token and token.genuine else None


def _named_case(arriving: Arriving) -> tuple[Named, Case | None]:
    """How the mail names a case and which; the first way that names any decides.

    Something in our form that we did not make ends the search: trying the next would help
    whoever made it up to guess.
    """
    for named, found in _names(arriving):
        if isinstance(found, CaseToken):
            if not found.genuine:
                return "forged", None
            case = find_case(found.case_id)
        else:
            case = found
        if case is not None:
            return named, standing_for(case.pk) if case.merged_into_id else case
    return "nothing", None


def _names(arriving: Arriving) -> Iterator[tuple[Named, CaseToken | Case]]:
    mail, key = arriving.mail, settings.SECRET_KEY
    # From the answered mail backwards: the nearest reference counts.
    for rfc_id in dict.fromkeys([*mail.in_reply_to, *reversed(mail.references)]):
        token = read_token(rfc_id, key=key)
        if token is not None and not token.genuine:
            yield "reference", CaseToken("")
        found = message_for_system(token.message_id) if token else message_by_rfc_id(rfc_id)
        if found is not None:
            yield "reference", found.case
    awaiting = awaiting_case(mail) if arriving.may_be_awaited else None
    if awaiting is not None:
        yield "reference", awaiting
    written = [one.address for one in (*mail.to, *mail.cc)]
    for address in dict.fromkeys([*arriving.envelope_to, *written][:_MAX_ADDRESSES]):
        in_address = token_in_address(address, key=key)
        if in_address is not None:
            yield "reply_address", in_address
    for in_subject in tokens_in_subject(mail.subject, key=key):
        yield "subject", in_subject


def _relation(arriving: Arriving, case: Case) -> Sender:
    address = normal_email(arriving.sender)
    if address in _participants(case):
        return "participant"
    # The old conversation is opened only to a proven sender, of an account proven to be its own.
    proven = arriving.verdict == "pass" and case.identity == Case.Identity.VERIFIED
    if proven and case.account is not None:
        if case.account.pk in arriving.registered_for:
            return "same_account"
        if address_acts_for(address, case.account):
            return "same_account"
    return "stranger"


def _participants(case: Case) -> set[str]:
    """Addresses that the case's messages have come from, and its person's."""
    written = (
        messages_of(case)
        .order_by()
        .filter(direction=Message.Direction.IN, kind=Message.Kind.USER)
        .annotate(lower=Lower("author_email"))
        .values_list("lower", flat=True)
    )
    return {normal_email(case.person.email), *written} - {""}


def _is_long_solved(case: Case) -> bool:
    if case.state != Case.State.SOLVED or case.solved_at is None:
        return False
    # A word of ours after the solving invites an answer as much as the solving did.
    latest = max(case.solved_at, case.last_message_at or case.solved_at)
    return utc_now() - latest > timedelta(days=settings.HEADWATER_FOLLOW_UP_DAYS)
