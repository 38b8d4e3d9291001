"""The loop that runs jobs. Any number of workers may run it on the same table."""

import logging
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, close_old_connections, connection

from headwater.kit.jobs import acts, registry
from headwater.kit.jobs.errors import GiveUp, UnknownJob

log = logging.getLogger(__name__)

LEASE_SECONDS = 60.0
IDLE_SECONDS = 0.25
SCHEDULE_SECONDS = 1.0


def run_worker(
    stop_event: threading.Event,
    *,
    once: bool = False,
    lease_seconds: float = LEASE_SECONDS,
) -> int:
    """Runs jobs until `stop_event` is set, or with `once` until nothing is due.

    Returns the number of jobs finished. A job in progress is finished before stopping; a killed
    worker's job is taken over when its lease ends.
    """
    registry.load_handlers()
    acts.sync_schedules()
    done = 0
    look_at_schedules = 0.0
    while not stop_event.is_set():
        try:
            if not once:  # with `once` the caller owns the connection
                close_old_connections()
            if time.monotonic() >= look_at_schedules:
                acts.enqueue_due_schedules()
                look_at_schedules = time.monotonic() + SCHEDULE_SECONDS
            claim = acts.claim_job(lease_seconds)
            if claim is not None:
                done += run_claim(claim, lease_seconds)
                continue
        except DatabaseError:
            # A busy or restarting database is no reason to die; the table is still the truth.
            log.exception("The job table could not be read; trying again.")
            if once:
                raise
        if once:
            return done
        stop_event.wait(IDLE_SECONDS)
    return done


def run_claim(claim: acts.Claim, lease_seconds: float = LEASE_SECONDS) -> bool:
    """Runs one claimed job; True when it finished and its effects are stored."""
    try:
        kind = registry.find(claim.name)
        finished = _run(claim, kind, lease_seconds)
    except (GiveUp, UnknownJob) as error:
        log.warning("Job %s (%s) was given up: %s", claim.id, claim.name, error)
        acts.fail_job(claim, str(error), give_up=True)
        return False
    except Exception as error:
        log.exception("Job %s (%s) failed, attempt %d", claim.id, claim.name, claim.attempt)
        acts.fail_job(claim, "".join(traceback.format_exception(error))[-4_000:])
        return False
    if not finished:
        log.warning("Job %s (%s) was taken over; this run left no trace.", claim.id, claim.name)
    return finished


def _run(claim: acts.Claim, kind: registry.JobType, lease_seconds: float) -> bool:
    if kind.atomic:
        # The finishing transaction holds the job's row, so nobody can take it over meanwhile.
        return acts.finish_job(claim, lambda: _apply(kind.handler(claim.payload)))
    with _heartbeat(claim, lease_seconds):
        effects = kind.handler(claim.payload)
    return acts.finish_job(claim, lambda: _apply(effects))


def _apply(effects: registry.Effects | None) -> None:
    if effects is not None:
        effects()


@contextmanager
def _heartbeat(claim: acts.Claim, lease_seconds: float) -> Iterator[None]:
    """Renews the lease from a second thread while the handler works."""
    finished = threading.Event()

    def beat() -> None:
        try:
            while not finished.wait(lease_seconds / 3):
                try:
                    if not acts.renew_lease(claim, lease_seconds):
                        return
                except DatabaseError:
                    log.warning("The lease of job %s could not be renewed yet.", claim.id)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{claim.id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()
