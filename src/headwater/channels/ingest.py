"""Mail out of files into the store, in batches, so that a killed run is simply repeated.

What was taken is known by its content (digest and mailbox, a unique row of the store), so that a
mail in two files, or a run that is repeated, changes nothing. Nothing else is remembered, and
nothing is changed in the files.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from headwater.channels import bulk, queries
from headwater.channels.acts import Arrival
from headwater.channels.sources import Found, mails_in
from headwater.kit.jobs.worker import run_claim

_BATCH_BYTES = 16 * 1024 * 1024


@dataclass(slots=True)
class Report:
    """What became of the mails of some files. `refused` and unreadable ones are not stored."""

    seen: int = 0
    stored: int = 0
    known: int = 0
    quarantined: int = 0
    refused: list[str] = field(default_factory=list)
    stopped: bool = False


def ingest_files(
    paths: Sequence[Path],
    *,
    mailbox: str = "",
    progress: Callable[[Report, int], None] = lambda _report, _bytes: None,
    stop_event: threading.Event | None = None,
) -> Report:
    """Stores and files every mail in `paths`, as mail to `mailbox` (else the support address).

    `progress(report, bytes)` is called after each batch with the bytes done since the last call.
    Ends early, between two batches, when `stop_event` is set.
    """
    report = Report()
    for found in _batches(mails_in(paths)):
        if stop_event is not None and stop_event.is_set():
            report.stopped = True
            break
        _take(found, mailbox, report)
        progress(report, sum(one.size for one in found))
    return report


def _take(found: Sequence[Found], mailbox: str, report: Report) -> None:
    arrivals = []
    for one in found:
        report.seen += 1
        if one.raw is None:
            report.refused.append(f"{one.place}: {one.reason}")
        else:
            to = (mailbox,) if mailbox else ()
            arrivals.append(Arrival(one.raw, one.envelope_from, to, one.place, one.delivered_at))
    batch = bulk.receive_mails(arrivals, entrance="file", mailbox=mailbox, held=True)
    report.stored += len(batch.stored)
    report.known += len(batch.known)
    report.refused += [f"{arrival.source}: {reason}" for arrival, reason in batch.refused]
    if batch.known:
        # What a killed run has stored and not filed comes first: later mails may answer it.
        bulk.file_mails(bulk.read_mails(batch.known))
    if batch.claim is not None:
        # Filed here and in order, so that an answer finds the mail that it answers.
        run_claim(batch.claim)
        report.quarantined += queries.count_quarantined(batch.stored)


def _batches(found: Iterable[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    size = 0
    for one in found:
        batch.append(one)
        size += one.size
        if len(batch) >= bulk.BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
