"""The job table: what is promised about enqueueing, trying again, giving up, and recurring."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from headwater.kit.clock import utc_now
from headwater.kit.jobs import acts, queries, rules
from headwater.kit.jobs.errors import GiveUp
from headwater.kit.jobs.models import Job, Schedule
from headwater.kit.jobs.registry import Effects, job
from headwater.kit.jobs.worker import run_claim, run_worker

pytestmark = pytest.mark.django_db

seen: list[Any] = []


@job("table.note")
def note(payload: dict[str, Any]) -> None:
    seen.append(payload["n"])


@job("table.fail", on_dead=lambda payload, error: seen.append(("dead", payload["n"])))
def fail(payload: dict[str, Any]) -> None:
    acts.enqueue("table.note", {"n": "leaked"})
    raise GiveUp("No use.") if payload.get("give_up") else RuntimeError("broken")


@job("table.outside", atomic=False)
def outside(payload: dict[str, Any]) -> Effects:
    return lambda: seen.append(payload["n"])


@pytest.fixture(autouse=True)
def _forget() -> None:
    seen.clear()


def _drain() -> int:
    return run_worker(threading.Event(), once=True)


def test_job_of_a_rolled_back_transaction_never_existed() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        acts.enqueue("table.note", {"n": 1})
        raise RuntimeError
    assert not Job.objects.exists()


def test_due_jobs_run_once_and_later_ones_wait() -> None:
    acts.enqueue("table.note", {"n": 1})
    acts.enqueue("table.note", {"n": 2}, run_at=utc_now() + timedelta(hours=1))
    _drain()
    _drain()
    assert seen == [1]
    assert Job.objects.get().payload == {"n": 2}


def test_dedupe_keeps_one_waiting_job_with_the_latest_payload() -> None:
    first = acts.enqueue("table.note", {"n": 1}, dedupe="k")
    assert acts.enqueue("table.note", {"n": 2}, dedupe="k") == first
    _drain()
    assert seen == [2]


def test_dedupe_does_not_swallow_work_while_the_same_job_runs() -> None:
    acts.enqueue("table.note", {"n": 1}, dedupe="k")
    assert acts.claim_job(60)
    acts.enqueue("table.note", {"n": 2}, dedupe="k")
    _drain()
    assert seen == [2]


def test_failed_attempt_leaves_no_effects_and_is_tried_later() -> None:
    acts.enqueue("table.fail", {"n": 1}, max_attempts=2)
    _drain()
    failed = Job.objects.get()
    assert (failed.state, failed.attempts) == ("ready", 1)
    assert failed.run_at > utc_now()
    assert "broken" in failed.last_error


def test_last_attempt_buries_the_job_tells_somebody_and_can_be_revived() -> None:
    acts.enqueue("table.fail", {"n": 1}, max_attempts=1)
    _drain()
    dead = queries.dead_jobs().get()
    assert seen == [("dead", 1)]
    assert acts.revive_job(dead.id)
    assert Job.objects.get().state == "ready"


def test_giving_up_needs_no_further_attempts() -> None:
    acts.enqueue("table.fail", {"n": 1, "give_up": True})
    _drain()
    assert queries.count_by_state() == {"ready": 0, "running": 0, "dead": 1}


def test_unknown_job_is_kept_where_a_person_sees_it() -> None:
    acts.enqueue("table.nobody", {})
    _drain()
    assert "table.nobody" in queries.dead_jobs().get().last_error


@pytest.mark.parametrize("name", ["table.note", "table.outside"])
def test_lost_lease_means_no_effects(name: str) -> None:
    acts.enqueue(name, {"n": 1})
    slow = acts.claim_job(lease_seconds=-1)
    fast = acts.claim_job(lease_seconds=60)
    assert slow
    assert fast
    assert slow.id == fast.id
    assert not run_claim(slow)
    assert not acts.renew_lease(slow, 60)
    assert run_claim(fast)
    assert seen == [1]


def test_job_that_kills_its_worker_every_time_is_buried() -> None:
    acts.enqueue("table.note", {"n": 1}, max_attempts=2)
    for _ in range(2):
        assert acts.claim_job(lease_seconds=-1)
    assert acts.claim_job(lease_seconds=-1) is None
    assert "worker stopped" in queries.dead_jobs().get().last_error


def test_schedule_runs_once_after_many_missed_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    Schedule.objects.create(
        name="table.note",
        payload={"n": "tick"},
        every_seconds=60,
        next_at=utc_now() - timedelta(days=1),
    )
    assert acts.enqueue_due_schedules() == 1
    assert acts.enqueue_due_schedules() == 0
    assert Schedule.objects.get().next_at > utc_now()
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("attempt", "least", "most"), [(1, 3.75, 6.25), (2, 7.5, 12.5), (40, 2700, 4500)]
)
def test_backoff_doubles_up_to_an_hour(attempt: int, least: float, most: float) -> None:
    assert rules.backoff_seconds(attempt, 0.0) == least
    assert rules.backoff_seconds(attempt, 1.0) == most
