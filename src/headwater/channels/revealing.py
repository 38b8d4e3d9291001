"""What a contact said before it was masked: for who may see it, with a reason, on record."""

from dataclasses import dataclass, field

from django.conf import settings

from headwater.accounts.models import Agent
from headwater.cases.models import Case
from headwater.cases.reveals import record_reveal
from headwater.channels.errors import MailRefused, RevealRefused
from headwater.channels.given_away import all_given_away
from headwater.channels.models import RawMail
from headwater.channels.parse import parse_mail
from headwater.channels.quarantine import hand_out_source
from headwater.channels.queries import raw_mail_of_case
from headwater.kit.actors import Actor

_SHORTEST_REASON = 5


@dataclass(frozen=True, slots=True)
class Revealed:
    """A mail as it came: its parts as text, and its bytes."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    quoted: str = field(repr=False)
    raw: bytes = field(repr=False)


def may_reveal(agent: Agent) -> bool:
    """Whether this agent may see what was masked (`HEADWATER_REVEAL_ROLES`)."""
    return agent.is_active and agent.role in settings.HEADWATER_REVEAL_ROLES


def found_in(mail: RawMail) -> list[dict[str, str]]:
    """What was masked in a mail, or would be if it were in a case; empty for nothing.

    The bytes are looked at again: they may be those of a second copy with other files, or hold what
    was not known as a secret when the mail came.
    """
    told = list(mail.message.exposed) if mail.message is not None else []
    now = [each.as_json() for each in all_given_away(bytes(mail.raw))]
    # What was told before some field was added to it is the same thing all the same.
    return told + [one for one in now if not any(_tells(each, one) for each in told)]


def _tells(earlier: dict[str, str], now: dict[str, str]) -> bool:
    return all(now.get(name) == value for name, value in earlier.items() if value)


def holds_secrets(mail: RawMail) -> bool:
    """Whether something was masked in a mail, or would be if it were in a case."""
    return bool(found_in(mail))


def source_of(mail: RawMail, *, reason: str, agent: Agent | None, actor: Actor) -> bytes:
    """A mail's bytes for whoever may see them; that they were taken is written down.

    Nobody need be named for a mail in which nothing is masked. Raises RevealRefused.
    """
    if not holds_secrets(mail):
        if mail.message is None and actor.kind == "agent":
            return hand_out_source(mail.pk, actor=actor)
        return bytes(mail.raw)
    if agent is None:
        raise RevealRefused(
            f"The mail {mail.pk} holds what is masked elsewhere.",
            hint="Say who you are and why: --as ADDRESS --reason TEXT.",
        )
    if mail.message is not None:
        case = mail.message.case
        return reveal_mail(case, mail.pk, reason=reason, agent=agent, actor=actor).raw
    _require(agent, reason)
    return hand_out_source(mail.pk, actor=actor)


def _require(agent: Agent, reason: str) -> str:
    """The reason in one line. Raises RevealRefused without the right or a reason."""
    if not may_reveal(agent):
        raise RevealRefused(
            "You may not see what was masked.",
            hint=f"Ask one of these roles: {', '.join(sorted(settings.HEADWATER_REVEAL_ROLES))}.",
        )
    why = " ".join(reason.split())
    if len(why) < _SHORTEST_REASON:
        raise RevealRefused(
            "Say why you have to see it.", param="reason", hint="It is kept with your name."
        )
    return why[:1_000]


def reveal_mail(case: Case, mail_id: str, *, reason: str, agent: Agent, actor: Actor) -> Revealed:
    """The mail as it came; who asked, why and what was masked is written into the case first.

    Raises RevealRefused without the right or a reason, MailNotFound for a mail of another case.
    """
    why = _require(agent, reason)
    mail = raw_mail_of_case(case, mail_id)
    record_reveal(
        case, message_id=str(mail.message_id), found=found_in(mail), reason=why, actor=actor
    )
    raw = bytes(mail.raw)
    try:
        parsed = parse_mail(raw)
    except MailRefused as error:  # it was read once; what cannot be read now is still handed out
        return Revealed("", error.message, "", raw)
    return Revealed(parsed.subject, parsed.text, parsed.quoted, raw)
