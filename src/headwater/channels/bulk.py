"""Many mails at once: the same acts as for one, in fewer transactions.

Mails that are taken from a place that keeps them (a file, an IMAP folder) may be stored some
dozens at a time: what a killed process had not committed is still there and is taken again. A
mail that somebody waits to have acknowledged goes through `acts.receive_mail` alone.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction

from headwater.accounts.acts import Match, match_account, record_people
from headwater.accounts.queries import people_with_links
from headwater.accounts.rules import normal_email
from headwater.cases.acts import Incoming, Opening, open_cases
from headwater.cases.queries import known_rfc_ids
from headwater.channels import acts, queries
from headwater.channels.acts import Arrival, ReadMail
from headwater.channels.agent_mail.filing import answers_news
from headwater.channels.asides.arriving import names_aside
from headwater.channels.awaiting import await_references, awaited_among
from headwater.channels.dating import is_news
from headwater.channels.errors import MailRefused
from headwater.channels.identity import EVIDENCE, Directory
from headwater.channels.marks import clear_marks
from headwater.channels.models import RawMail
from headwater.channels.parse import ParsedMail
from headwater.channels.place import Place, our_message, place_mail
from headwater.channels.turns import wait_for_turn
from headwater.kit.actors import Actor
from headwater.kit.jobs.acts import Claim, enqueue, enqueue_held
from headwater.kit.jobs.worker import LEASE_SECONDS
from headwater.kit.outbox.queries import message_ids_among

log = logging.getLogger(__name__)

# So many mails are filed in one transaction: on SQLite others wait for it to write.
BATCH = 100
_JOB = "channels.ingest_mails"
_FILE_MAIL = Path(__file__).with_name("file_mail.sql").read_text()
_SYSTEM = Actor.system("mail")


@dataclass(slots=True)
class Batch:
    """What became of mails given to `receive_mails`; `claim` is the job that reads the new ones."""

    stored: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: list[tuple[Arrival, str]] = field(default_factory=list)
    claim: Claim | None = None


@dataclass(slots=True)
class Reads:
    """Mails as read, and the ids of those that could not be."""

    read: list[ReadMail] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def receive_mails(
    arrivals: Sequence[Arrival], *, entrance: str, mailbox: str = "", held: bool = False
) -> Batch:
    """Stores mails as `acts.receive_mail` does, all of them or (when killed) none.

    The worker reads them. With `held` the caller holds the job and runs it itself, so that they
    are filed in their order; the worker takes it over when the lease of a killed caller ends.
    """
    batch = Batch()
    fresh: dict[str, RawMail] = {}
    for arrival in arrivals:
        try:
            mail = acts.new_raw_mail(arrival, entrance=entrance, mailbox=mailbox)
        except MailRefused as error:
            batch.refused.append((arrival, error.message))
            continue
        if mail.sha256 in fresh:
            batch.known.append(fresh[mail.sha256].id)
        else:
            fresh[mail.sha256] = mail
    known = _known(list(fresh.values()))
    batch.known += known.values()
    new = [mail for digest, mail in fresh.items() if digest not in known]
    if not new:
        return batch
    ids = [mail.id for mail in new]
    try:
        with transaction.atomic():
            RawMail.objects.bulk_create(new)
            payload = {"mail_ids": ids}
            if held:
                batch.claim = enqueue_held(_JOB, payload, lease_seconds=LEASE_SECONDS)
            else:
                enqueue(_JOB, payload)
    except IntegrityError:
        # Somebody else stored one of them at this moment: one by one, then, read by the worker.
        for mail in new:
            kept = acts.store_mail(mail)
            (batch.stored if kept is mail else batch.known).append(kept.id)
        return batch
    batch.stored = ids
    return batch


def _known(mails: Sequence[RawMail]) -> dict[str, str]:
    """Ids of stored mails of the same bytes and mailbox, by digest."""
    if not mails:
        return {}
    rows = RawMail.objects.filter(
        sha256__in=[mail.sha256 for mail in mails], mailbox=mails[0].mailbox
    )
    return dict(rows.values_list("sha256", "id"))


def read_mails(mail_ids: Sequence[str], *, directory: Directory = EVIDENCE) -> Reads:
    """The slow part for each mail that still waits, outside any transaction."""
    reads = Reads()
    for mail in queries.waiting(mail_ids):
        try:
            reads.read.append(acts.read_stored(mail, directory=directory))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("The mail %s could not be read with others.", mail.id)
            reads.failed.append(mail.id)
    return reads


def file_mails(reads: Reads) -> None:
    """The quick part for each mail, in their order and in one transaction.

    Mails that begin a conversation are filed together, the others one by one. A mail that cannot
    be filed leaves no trace and gets a job of its own, which tries again and in the end sets it
    aside; the others are filed.
    """
    with transaction.atomic():
        wait_for_turn()
        mails = queries.locked([read.mail_id for read in reads.read])
        own_ids = {one for read in reads.read for one in _own_id(read)}
        taken = known_rfc_ids(own_ids) | message_ids_among(own_ids)
        awaited = awaited_among({one for read in reads.read for one in _ids_of(read)})
        run: list[_New] = []
        ids: set[str] = set()
        for read in reads.read:
            named = _ids_of(read)
            if named & ids:
                # It belongs to a mail of the run, or is one of them a second time.
                _file_run(run, reads)
                taken |= {one for new in run for one in _own_id(new.read)}
                awaited |= ids
                run, ids = [], set()
            new = _opening_or_none(
                mails[read.mail_id], read, taken, may_be_awaited=bool(named & awaited)
            )
            if new is None:
                _file_one(read, reads)
                awaited |= named
            else:
                run.append(new)
                ids |= named
        _file_run(run, reads)
        for mail_id in reads.failed:
            enqueue("channels.ingest_mail", {"mail_id": mail_id})


@dataclass(frozen=True, slots=True)
class _New:
    """A mail that opens a case of its own."""

    mail: RawMail
    read: ReadMail
    parsed: ParsedMail
    place: Place
    incoming: Incoming


def _own_id(read: ReadMail) -> set[str]:
    return {read.parsed.message_id} if read.parsed and read.parsed.message_id else set()


def _ids_of(read: ReadMail) -> set[str]:
    """The mail's own id and those that it refers to."""
    if read.parsed is None:
        return set()
    return _own_id(read) | set(read.parsed.in_reply_to) | set(read.parsed.references)


def _opening_or_none(
    mail: RawMail, read: ReadMail, taken: set[str], *, may_be_awaited: bool
) -> _New | None:
    try:
        return _opening(mail, read, taken, may_be_awaited=may_be_awaited)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # Filed alone it fails alone.
        return None


def _opening(
    mail: RawMail, read: ReadMail, taken: set[str], *, may_be_awaited: bool
) -> _New | None:
    """The mail, where all that `acts.file_mail` would do with it is to open a case; else None."""
    parsed = read.parsed
    if parsed is None or mail.status != RawMail.Status.STORED or read.forwarded is not None:
        return None
    if parsed.kind not in {"normal", "list", "bulk"} or not read.sender:
        return None
    if answers_news(parsed) or names_aside(parsed, mail.envelope_to):
        return None
    if parsed.message_id in taken or our_message(parsed.message_id) is not None:
        return None
    place = place_mail(acts.arriving_of(mail, read, may_be_awaited=may_be_awaited))
    if place.case is not None:
        return None
    return _New(mail, read, parsed, place, acts.incoming_of(mail, read, False))


def _file_run(run: Sequence[_New], reads: Reads) -> None:
    if not run:
        return
    try:
        with transaction.atomic():
            _open_together(run)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("Mails could not be filed together; they are filed one by one.")
        for new in run:
            _file_one(new.read, reads)


def _file_one(read: ReadMail, reads: Reads) -> None:
    try:
        with transaction.atomic():
            acts.file_mail(read)
    except (OperationalError, InterfaceError):
        # The store itself is in trouble: all of it is tried again later.
        raise
    except Exception:
        log.exception("The mail %s could not be filed with others.", read.mail_id)
        reads.failed.append(read.mail_id)


def _open_together(run: Sequence[_New]) -> None:
    """As `acts.file_mail` does for a mail that opens a case, for all of `run`."""
    people = record_people(
        [(new.incoming.author_email, new.incoming.author_name) for new in run], actor=_SYSTEM
    )
    tied = people_with_links(people.values())
    openings = []
    for new in run:
        person = people[normal_email(new.read.sender)]
        match = Match(None, "unknown")
        if new.read.claimed is not None or person.id in tied:
            match = match_account(
                person,
                authenticated=new.read.verdict == "pass",
                actor=_SYSTEM,
                claimed=acts.stored_account(new.read.claimed),
            )
            tied.add(person.id)
        openings.append(
            Opening(
                person,
                new.parsed.subject or "(no subject)",
                new.incoming,
                acts.author_of(new.incoming),
                match.account,
                acts.believed(match.identity, new.read.verdict),
                is_news(new.mail, new.parsed),
            )
        )
    filed = []
    clear_marks((new.read.sender for new in run), actor=_SYSTEM)
    opened = open_cases(openings)
    await_references(
        (message.case, new.parsed)
        for new, message in zip(run, opened, strict=True) if new.place.related is None
    )  # fmt: skip
    for new, message in zip(run, opened, strict=True):
        acts.greet(new.mail, new.read, message)
        acts.link_opened(message.case, new.place)
        filed.append(
            (
                RawMail.Status.INGESTED.value,
                new.place.reason,
                new.parsed.kind,
                new.read.verdict,
                message.pk,
                new.place.related.pk if new.place.related else None,
                json.dumps(new.read.finding.as_json()),
                new.mail.pk,
            )
        )
    with connection.cursor() as cursor:
        # One statement for each mail by the ORM would cost a tenth of all.
        cursor.executemany(_FILE_MAIL, filed)


def part(mail_ids: Sequence[str]) -> None:
    """Gives each mail that still waits a job of its own: together they could not be read."""
    with transaction.atomic():
        for mail in queries.waiting(mail_ids).only("id"):
            enqueue("channels.ingest_mail", {"mail_id": mail.id})
