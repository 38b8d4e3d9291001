"""Many mails at once: the same acts as for one, in fewer transactions.

Mails that are taken from a place that keeps them (a file, an IMAP folder) may be stored some
dozens at a time: what a killed process had not committed is still there and is taken again. A
mail that somebody waits to have acknowledged goes through `acts.receive_mail` alone.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from headwater.channels import acts, queries
from headwater.channels.acts import Arrival, ReadMail
from headwater.channels.errors import MailRefused
from headwater.channels.identity import EVIDENCE, Directory
from headwater.channels.models import RawMail
from headwater.kit.jobs.acts import Claim, enqueue, enqueue_held
from headwater.kit.jobs.worker import LEASE_SECONDS

log = logging.getLogger(__name__)

# So many mails are filed in one transaction: on SQLite others wait for it to write.
BATCH = 50
_JOB = "channels.ingest_mails"


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

    A mail that cannot be filed leaves no trace and gets a job of its own, which tries again and in
    the end sets it aside; the others are filed.
    """
    with transaction.atomic():
        for read in reads.read:
            try:
                with transaction.atomic():
                    acts.file_mail(read)
            except (OperationalError, InterfaceError):
                # The store itself is in trouble: all of it is tried again later.
                raise
            except Exception:
                log.exception("The mail %s could not be filed with others.", read.mail_id)
                reads.failed.append(read.mail_id)
        for mail_id in reads.failed:
            enqueue("channels.ingest_mail", {"mail_id": mail_id})


def part(mail_ids: Sequence[str]) -> None:
    """Gives each mail that still waits a job of its own: together they could not be read."""
    with transaction.atomic():
        for mail in queries.waiting(mail_ids).only("id"):
            enqueue("channels.ingest_mail", {"mail_id": mail.id})
