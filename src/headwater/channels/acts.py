"""Every write to raw mail, and the way of a mail into a case."""

import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from headwater.accounts.acts import match_account, record_person, record_platform_account
from headwater.accounts.models import PlatformAccount
from headwater.accounts.rules import Identity, normal_email
from headwater.cases.acts import (
    Incoming,
    add_auto_message,
    add_user_message,
    open_case,
    set_identity,
)
from headwater.cases.links import link_cases, record_joining
from headwater.cases.models import Case, CaseLink, Message
from headwater.cases.queries import message_by_rfc_id
from headwater.channels import queries
from headwater.channels.agent_mail.filing import answers_news, file_agent_mail
from headwater.channels.asides.arriving import file_answer, names_aside
from headwater.channels.attached import attached_of
from headwater.channels.authcheck import Finding
from headwater.channels.authres import Verdict
from headwater.channels.automatic import acknowledge
from headwater.channels.awaiting import await_references
from headwater.channels.dating import NEWS, contact_time, is_news
from headwater.channels.errors import MailRefused
from headwater.channels.forwards import Forwarded, forwarded_mail
from headwater.channels.given_away import beside_text
from headwater.channels.identity import EVIDENCE, AccountFacts, Directory
from headwater.channels.marks import clear_mark
from headwater.channels.models import RawMail
from headwater.channels.parse import MAX_BYTES, ParsedMail, parse_mail
from headwater.channels.passing_on import as_written_first, is_agent, note_passing_on
from headwater.channels.place import Arriving, Place, our_message, place_mail
from headwater.channels.reports import file_report
from headwater.channels.senders import judge
from headwater.channels.turns import wait_for_turn
from headwater.kit.actors import Actor
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue
from headwater.kit.outbox.queries import by_message_id
from headwater.kit.redaction import Exposure, masked

log = logging.getLogger(__name__)

_ACCOUNT_ID = re.compile(r"\bacct_[0-9A-Za-z]{4,60}\b")
_LONGEST_ID = 500
_SYSTEM = Actor.system("mail")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail as it came in; `source` is the place that it was taken from."""

    raw: bytes
    envelope_from: str = ""
    envelope_to: tuple[str, ...] = ()
    source: str = ""
    # When it reached the mailbox that it was taken from, aware; None where nobody knows.
    arrived_at: datetime | None = None
    # The address of the host that handed it over.
    peer: str = ""


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail as read, with all that had to be asked outside the database."""

    mail_id: str
    parsed: ParsedMail | None
    refusal: str
    sender: str
    verdict: Verdict
    claimed: AccountFacts | None
    # Where an agent has passed somebody's mail on: that mail.
    forwarded: Forwarded | None = None
    # What its subject, names and files give away.
    exposed: tuple[Exposure, ...] = ()
    finding: Finding = Finding("none")  # noqa: RUF009 (frozen)


def receive_mail(
    raw: bytes,
    *,
    envelope_from: str,
    envelope_to: Sequence[str],
    entrance: str,
    mailbox: str = "",
    source: str = "",
    peer: str = "",
) -> RawMail:
    """Stores a mail before anything reads it; the same bytes again change nothing.

    `mailbox` is the address of ours that it came to, else the support address; `source` the place
    that it was taken from. Raises MailRefused for a mail beyond the size limit.
    """
    arrival = Arrival(raw, envelope_from, tuple(envelope_to), source, peer=peer)
    return store_mail(new_raw_mail(arrival, entrance=entrance, mailbox=mailbox))


def store_mail(mail: RawMail) -> RawMail:
    """Stores a new row and the job that reads it, or returns the row that is known already."""
    known = RawMail.objects.defer("raw").filter(sha256=mail.sha256, mailbox=mail.mailbox).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
            enqueue("channels.ingest_mail", {"mail_id": mail.id})
    except IntegrityError:
        # Two connections delivered the same bytes at once; the other one was first.
        return RawMail.objects.defer("raw").get(sha256=mail.sha256, mailbox=mail.mailbox)
    return mail


def new_raw_mail(arrival: Arrival, *, entrance: str, mailbox: str) -> RawMail:
    """The row of a mail that came in, not stored yet. Raises MailRefused beyond the size limit."""
    size = len(arrival.raw)
    if size > MAX_BYTES:
        raise MailRefused(f"The mail has {size:,} bytes; {MAX_BYTES:,} are accepted.")
    return RawMail(
        mailbox=normal_email(mailbox or settings.HEADWATER_MAIL_FROM),
        sha256=hashlib.sha256(arrival.raw).hexdigest(),
        size=size,
        raw=arrival.raw,
        envelope_from=_storable(arrival.envelope_from)[:320],
        envelope_to=[_storable(one)[:320] for one in arrival.envelope_to][:1_000],
        entrance=entrance,
        source=_storable(arrival.source)[-500:],
        received_at=utc_now(),
        arrived_at=arrival.arrived_at,
        peer=_storable(arrival.peer)[:45],
    )


def set_aside_bytes(part: Arrival, reason: str, *, entrance: str, mailbox: str) -> RawMail:
    """Keeps what came instead of a whole mail (a header, a post), for a person to see."""
    mail = new_raw_mail(part, entrance=entrance, mailbox=mailbox)
    known = RawMail.objects.defer("raw").filter(sha256=mail.sha256, mailbox=mail.mailbox).first()
    return known or _set_aside(mail, reason)


def ingest_mail(mail_id: str, *, directory: Directory = EVIDENCE) -> RawMail:
    """Reads a stored mail and files it. Repeating it changes nothing. Raises MailNotFound."""
    return file_mail(read_mail(mail_id, directory=directory))


def read_mail(mail_id: str, *, directory: Directory = EVIDENCE) -> ReadMail:
    """The slow part, outside any transaction: parse, judge the sender, look up the account."""
    return read_stored(queries.mail(mail_id), directory=directory)


def read_stored(mail: RawMail, *, directory: Directory = EVIDENCE) -> ReadMail:
    """As `read_mail`, of a mail at hand."""
    try:
        parsed = parse_mail(bytes(mail.raw))
    except MailRefused as error:
        return ReadMail(mail.id, None, str(error), "", "none", None)
    author = parsed.sender.address if parsed.sender else ""
    finding = judge(mail, parsed)
    verdict = finding.verdict
    sender = author or next((one.address for one in parsed.from_ if one.address), "")
    sender = sender or (mail.envelope_from if "@" in mail.envelope_from else "")
    claimed = None
    is_contact = parsed.kind in {"normal", "list", "bulk"}
    forwarded = None
    if mail.status == RawMail.Status.STORED and is_contact and sender:
        if verdict == "pass" and is_agent(sender):
            forwarded = forwarded_mail(parse_mail(bytes(mail.raw), with_bytes=True))
        contact = forwarded.author.address if forwarded else sender
        claimed = _claimed_account(directory, contact, f"{parsed.subject}\n{parsed.text}")
    exposed = beside_text(bytes(mail.raw), parsed)
    return ReadMail(mail.id, parsed, "", sender, verdict, claimed, forwarded, exposed, finding)


def file_mail(read: ReadMail) -> RawMail:
    """The quick part, in one transaction: put the mail where it belongs, or set it aside."""
    with transaction.atomic():
        wait_for_turn()
        # The bytes were read before; loading and storing them again would cost most of all.
        mail = RawMail.objects.select_for_update().defer("raw").get(pk=read.mail_id)
        if mail.status != RawMail.Status.STORED:
            return mail
        mail.auth, mail.auth_detail = read.verdict, read.finding.as_json()
        if read.parsed is None:
            return _set_aside(mail, read.refusal)
        mail.kind = read.parsed.kind
        known = message_by_rfc_id(read.parsed.message_id or "")
        if known is not None and _is_same(known, read):
            mail.status, mail.reason = RawMail.Status.DUPLICATE, "This message came before."
            mail.message = known
            mail.save()
            return mail
        own = our_message(read.parsed.message_id) or by_message_id(read.parsed.message_id or "")
        if own is not None:
            return _set_aside(mail, f"It is our own mail {own.pk}, come back to us.")
        incoming = incoming_of(mail, read, known is not None)
        if read.parsed.kind in {"bounce", "receipt"}:
            return _file_report(mail, read.parsed, incoming)
        if not read.sender:
            return _set_aside(mail, "It names no sender, so nobody can be answered.")
        told = answers_news(read.parsed)
        if told is not None:
            reason = file_agent_mail(mail, read.parsed, told, read.sender, read.verdict)
            return _set_aside(mail, reason) if reason else _ingested(mail)
        aside_id = names_aside(read.parsed, mail.envelope_to)
        if aside_id:
            reason = file_answer(mail, read.parsed, incoming, aside_id, read.verdict)
            return _set_aside(mail, reason) if reason else _ingested(mail)
        if read.parsed.kind == "auto_reply":
            return _file_auto_reply(mail, read, incoming)
        return _file_contact(mail, read, incoming)


def quarantine_mail(mail_id: str, reason: str) -> None:
    """Sets a stored mail aside that could not be filed, however often it was tried."""
    with transaction.atomic():
        mail = RawMail.objects.select_for_update().filter(pk=mail_id).first()
        if mail is not None and mail.status == RawMail.Status.STORED:
            _set_aside(mail, reason)


def _file_contact(mail: RawMail, read: ReadMail, incoming: Incoming) -> RawMail:
    parsed = read.parsed
    assert parsed is not None  # noqa: S101 (file_mail has seen to it)
    if read.forwarded is not None:
        # As if it had come from who wrote it first, of whom nothing is proven.
        incoming = as_written_first(read.forwarded, incoming)
        read = replace(read, sender=read.forwarded.author.address, verdict="none")
    else:
        # Whoever writes from an address reads there too, as far as anybody knows.
        clear_mark(read.sender, actor=_SYSTEM)
    place = place_mail(arriving_of(mail, read))
    if place.case is not None:
        if place.joins:
            record_joining(place.case, email=normal_email(read.sender), actor=_SYSTEM)
        mail.message = add_user_message(place.case, incoming, actor=author_of(incoming))
        _learn_identity(place.case, read)
    else:
        subject = parsed.subject or "(no subject)"
        case = _open_case(read, incoming, subject, promised=is_news(mail, parsed))
        mail.message = case.messages.get()
        if place.related is None:
            await_references([(case, parsed)])
        greet(mail, read, mail.message)
        link_opened(case, place)
    if read.forwarded is not None and mail.message is not None:
        note_passing_on(mail.message.case, read.forwarded, parsed)
    mail.related_case = place.related
    mail.status, mail.reason = RawMail.Status.INGESTED, place.reason
    mail.save()
    return mail


def _open_case(read: ReadMail, incoming: Incoming, subject: str, *, promised: bool) -> Case:
    person = record_person(email=read.sender, name=incoming.author_name, actor=_SYSTEM)
    match = match_account(
        person,
        authenticated=read.verdict == "pass",
        actor=_SYSTEM,
        claimed=stored_account(read.claimed),
    )
    return open_case(
        person=person,
        subject=read.forwarded.subject or subject if read.forwarded else subject,
        message=incoming,
        actor=author_of(incoming),
        account=match.account,
        # What somebody else has passed on proves nothing of who wrote it.
        identity=believed(match.identity, "fail" if read.forwarded else read.verdict),
        promised=promised,
    )


def greet(mail: RawMail, read: ReadMail, first: Message) -> None:
    """Tells who began a conversation that it arrived, where the house wishes that.

    Not for mail out of files or of a mailbox read for the first time: it may be years old.
    """
    parsed = read.parsed
    if parsed is None or not parsed.may_be_answered or mail.entrance == "file":
        return
    if not is_news(mail, parsed) or (
        parsed.date is not None and mail.received_at - parsed.date > NEWS
    ):
        return
    if read.forwarded is None and not _is_ours(read.sender):
        acknowledge(first.case, first, parsed.language)


def link_opened(case: Case, place: Place) -> None:
    """Ties a new case to the one that its mail refers to and may not enter."""
    if place.related is not None:
        kind = CaseLink.Kind.FOLLOW_UP if place.follow_up else CaseLink.Kind.RELATED
        link_cases(case, place.related, kind=kind, reason=place.reason, actor=_SYSTEM)


def arriving_of(mail: RawMail, read: ReadMail, *, may_be_awaited: bool = True) -> Arriving:
    """The mail as far as placing it goes."""
    assert read.parsed is not None  # noqa: S101 (file_mail has seen to it)
    registered = read.claimed is not None and (
        normal_email(read.claimed.email) == normal_email(read.sender)
    )
    return Arriving(
        read.parsed,
        read.sender,
        read.verdict,
        envelope_to=tuple(mail.envelope_to),
        registered_for=(read.claimed.id,) if registered and read.claimed else (),
        may_be_awaited=may_be_awaited,
    )


def _is_ours(address: str) -> bool:
    return normal_email(address) == normal_email(settings.HEADWATER_MAIL_FROM)


def _learn_identity(case: Case, read: ReadMail) -> None:
    """A further mail may name the account that we asked for, or prove what was only claimed.

    It never lowers what is known, and moves a case to another account only with proof.
    """
    if case.identity == "verified" or normal_email(read.sender) != case.person.email:
        return
    match = match_account(
        case.person,
        authenticated=read.verdict == "pass",
        actor=_SYSTEM,
        claimed=stored_account(read.claimed) or case.account,
    )
    identity = believed(match.identity, read.verdict)
    if match.account is not None and (case.account_id is None or identity == "verified"):
        set_identity(case, account=match.account, identity=identity, actor=_SYSTEM)


def believed(identity: Identity, verdict: Verdict) -> Identity:
    """A mail that its own domain disowns lends nothing from what its alleged sender has proven."""
    disowned = verdict in {"fail", "open"}
    return "unverified" if identity == "verified" and disowned else identity


def _file_auto_reply(mail: RawMail, read: ReadMail, incoming: Incoming) -> RawMail:
    assert read.parsed is not None  # noqa: S101 (file_mail has seen to it)
    place = place_mail(arriving_of(mail, read))
    if place.case is None:
        mail.related_case = place.related
        return _set_aside(mail, place.reason or "It is an automatic reply to nothing of ours.")
    mail.message = add_auto_message(place.case, incoming, actor=author_of(incoming))
    return _ingested(mail)


def _file_report(mail: RawMail, parsed: ParsedMail, incoming: Incoming) -> RawMail:
    mail.message, reason = file_report(parsed, incoming)
    if mail.message is None:
        return _set_aside(mail, reason)
    return _ingested(mail)


def _ingested(mail: RawMail) -> RawMail:
    mail.status = RawMail.Status.INGESTED
    mail.save()
    return mail


def _set_aside(mail: RawMail, reason: str) -> RawMail:
    mail.status, mail.reason = RawMail.Status.QUARANTINED, reason
    mail.save()
    log.warning("The mail %s was set aside: %s", mail.id, reason)
    return mail


def incoming_of(mail: RawMail, read: ReadMail, id_is_taken: bool) -> Incoming:
    """The contact that a mail is, as cases keep it."""
    parsed = read.parsed
    assert parsed is not None  # noqa: S101 (file_mail has seen to it)
    name = next((one.name for one in parsed.from_ if one.address == read.sender), "")
    rfc_id = parsed.message_id
    return Incoming(
        author_name=masked(name),
        author_email=read.sender,
        body=parsed.text,
        received_at=contact_time(mail, parsed),
        quoted=parsed.quoted,
        html=parsed.html,
        # Some senders number every mail alike; a taken or overlong id is not kept.
        rfc_message_id=None if id_is_taken or len(rfc_id or "") > _LONGEST_ID else rfc_id,
        in_reply_to=" ".join(parsed.in_reply_to)[:_LONGEST_ID],
        references=" ".join(parsed.references),
        attachments=attached_of(parsed),
        exposed=read.exposed,
        language=parsed.language or "",
    )


def _is_same(known: Message, read: ReadMail) -> bool:
    """Whether a known Message-ID means the same message, not only a careless sender's number."""
    assert read.parsed is not None  # noqa: S101 (file_mail has seen to it)
    if known.direction == Message.Direction.OUT:
        return False
    same_author = normal_email(known.author_email) == normal_email(read.sender)
    return same_author and known.body.split() == masked(read.parsed.text).split()


def author_of(incoming: Incoming) -> Actor:
    """Who wrote the contact, as the author of what it changes."""
    name = incoming.author_name or incoming.author_email
    return Actor(kind="person", id=incoming.author_email[:64], name=name[:200], entrance="mail")


def _claimed_account(directory: Directory, sender: str, text: str) -> AccountFacts | None:
    """The account registered under the sender's address; of several, the one that the text names.

    Without any, an account that the text names is claimed; nobody believes that without proof.
    """
    registered = directory.by_email(sender)
    named = list(dict.fromkeys(_ACCOUNT_ID.findall(text[:100_000])))
    if registered:
        return next((one for one in registered if one.id in named), registered[0])
    return directory.by_id(named[0]) if len(named) == 1 else None


def stored_account(facts: AccountFacts | None) -> PlatformAccount | None:
    """The account, recorded as the platform has it now."""
    if facts is None:
        return None
    return record_platform_account(
        account_id=facts.id,
        name=facts.name,
        email=facts.email,
        country=facts.country,
        actor=_SYSTEM,
    )


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
