"""Every write to the job table."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from headwater.kit.clock import utc_now
from headwater.kit.ids import new_id
from headwater.kit.jobs import registry, rules
from headwater.kit.jobs.errors import UnknownJob
from headwater.kit.jobs.models import Job, Schedule

DEFAULT_MAX_ATTEMPTS = 8
_ERROR_LENGTH = 4_000
_WORKER_DIED = "The worker stopped while running this job, every time it was tried."


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker holds until its lease ends."""

    id: str
    name: str
    payload: dict[str, Any]
    attempt: int
    max_attempts: int
    token: str


def enqueue(
    name: str,
    payload: dict[str, Any],
    *,
    run_at: datetime | None = None,
    dedupe: str | None = None,
    max_attempts: int | None = None,
) -> str:
    """Stores a job in the caller's transaction and returns its id.

    If the transaction rolls back, the job never existed. With `dedupe`, a job of that key that
    has not started yet is reused with the new payload; one already running does not count, for
    it may have read the data before this change.
    """
    now = utc_now()
    job = Job(
        name=name,
        payload=payload,
        run_at=run_at or now,
        dedupe=dedupe,
        max_attempts=max_attempts or DEFAULT_MAX_ATTEMPTS,
        created_at=now,
    )
    if dedupe is None:
        job.save(force_insert=True)
        return job.id
    # Touching the waiting row locks it until the caller commits: a worker cannot start it
    # before it can see what the caller wrote.
    Job.objects.bulk_create(
        [job], update_conflicts=True, unique_fields=["dedupe"], update_fields=["payload"]
    )
    return Job.objects.values_list("id", flat=True).get(dedupe=dedupe)


def enqueue_many(name: str, items: Sequence[tuple[dict[str, Any], str]]) -> None:
    """As `enqueue` with a payload and a dedupe key each, in one statement."""
    now = utc_now()
    jobs = [
        Job(
            name=name,
            payload=payload,
            run_at=now,
            dedupe=dedupe,
            max_attempts=DEFAULT_MAX_ATTEMPTS,
            created_at=now,
        )
        for payload, dedupe in items
    ]
    Job.objects.bulk_create(
        jobs, update_conflicts=True, unique_fields=["dedupe"], update_fields=["payload"]
    )


def enqueue_held(name: str, payload: dict[str, Any], *, lease_seconds: float) -> Claim:
    """Stores a job in the caller's transaction that the caller itself is about to run.

    Other workers see it only when the lease ends: that is when the caller was killed.
    """
    now = utc_now()
    job = Job(
        name=name,
        payload=payload,
        state=Job.State.RUNNING,
        run_at=now,
        attempts=1,
        max_attempts=DEFAULT_MAX_ATTEMPTS,
        lease_until=now + timedelta(seconds=lease_seconds),
        token=new_id("lease"),
        created_at=now,
    )
    job.save(force_insert=True)
    return Claim(job.id, name, payload, job.attempts, job.max_attempts, job.token)


def claim_job(lease_seconds: float, now: datetime | None = None) -> Claim | None:
    """Takes a job whose worker went silent, else the one due longest; None if there is none."""
    now = now or utc_now()
    # Two questions, each answered by an index in order. As one OR, the store would sort every
    # waiting job for each claim.
    silent = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now)
    due = Job.objects.filter(state=Job.State.READY, run_at__lte=now)
    # An idle worker only reads: taking SQLite's write lock four times a second would hurt.
    if not (due.exists() or silent.exists()):
        return None
    with transaction.atomic():
        job = (
            silent.select_for_update(skip_locked=True).order_by("lease_until").first()
            or due.select_for_update(skip_locked=True).order_by("run_at").first()
        )
        if job is None:
            return None
        if job.attempts >= max(job.max_attempts, 1):
            _bury(job, job.last_error or _WORKER_DIED)
            return None
        token = new_id("lease")
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.RUNNING,
            attempts=F("attempts") + 1,
            lease_until=now + timedelta(seconds=lease_seconds),
            token=token,
            dedupe=None,
        )
    return Claim(job.id, job.name, job.payload, job.attempts + 1, job.max_attempts, token)


def renew_lease(claim: Claim, lease_seconds: float) -> bool:
    """Keeps the job for longer; False when somebody else has taken it."""
    until = utc_now() + timedelta(seconds=lease_seconds)
    return bool(Job.objects.filter(pk=claim.id, token=claim.token).update(lease_until=until))


def finish_job(claim: Claim, effects: registry.Effects) -> bool:
    """Removes the job and applies its effects in one transaction.

    False, and no effects, when the lease was lost in the meantime.
    """
    with transaction.atomic():
        removed, _ = Job.objects.filter(pk=claim.id, token=claim.token).delete()
        if not removed:
            return False
        effects()
    return True


def fail_job(claim: Claim, error: str, *, give_up: bool = False) -> None:
    """Schedules another attempt, or gives the job up after the last one."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=claim.id, token=claim.token).first()
        if job is None:
            return
        if give_up or job.attempts >= job.max_attempts:
            _bury(job, error)
            return
        wait = rules.backoff_seconds(job.attempts, random.random())  # noqa: S311 (no secret)
        job.state = Job.State.READY
        job.run_at = utc_now() + timedelta(seconds=wait)
        job.lease_until = None
        job.token = ""
        job.last_error = error[:_ERROR_LENGTH]
        job.save()


def _bury(job: Job, error: str) -> None:
    job.state = Job.State.DEAD
    job.lease_until = None
    job.token = ""
    job.dedupe = None
    job.last_error = error[:_ERROR_LENGTH]
    job.save()
    try:
        kind = registry.find(job.name)
    except UnknownJob:
        return
    if kind.on_dead:
        kind.on_dead(job.payload, error)


def revive_job(job_id: str) -> bool:
    """Gives a dead job a fresh set of attempts; False when there is no such dead job."""
    return bool(
        Job.objects.filter(pk=job_id, state=Job.State.DEAD).update(
            state=Job.State.READY, attempts=0, run_at=utc_now()
        )
    )


def sync_schedules() -> None:
    """Makes the schedule table say what the code says: new, changed, and vanished schedules."""
    now = utc_now()
    kinds = registry.scheduled()
    wanted = {kind.name: kind.every_seconds or 0 for kind in kinds}
    first = {kind.name: now + timedelta(seconds=kind.first_after_seconds) for kind in kinds}
    with transaction.atomic():
        Schedule.objects.exclude(name__in=wanted).delete()
        for name, every in wanted.items():
            Schedule.objects.get_or_create(
                name=name, defaults={"every_seconds": every, "next_at": first[name]}
            )
            Schedule.objects.filter(name=name).exclude(every_seconds=every).update(
                every_seconds=every, next_at=now
            )


def enqueue_due_schedules(now: datetime | None = None) -> int:
    """Enqueues each schedule that is due, once, however many turns were missed."""
    now = now or utc_now()
    if not Schedule.objects.filter(next_at__lte=now).exists():
        return 0
    with transaction.atomic():
        due = list(Schedule.objects.select_for_update(skip_locked=True).filter(next_at__lte=now))
        for schedule in due:
            enqueue(schedule.name, schedule.payload, dedupe=f"schedule:{schedule.name}")
            schedule.next_at = now + timedelta(seconds=schedule.every_seconds)
            schedule.save()
    return len(due)
