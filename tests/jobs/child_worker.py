"""Run as a program: at each line of input a process that works jobs off; prints its id, its end."""

import os
import random
import sys
import threading
import time
from typing import Any

import django

django.setup()

import headwater.cases.tasks  # noqa: E402
import headwater.surveys.tasks  # noqa: E402, F401 (the product's own jobs, beside those below)
from headwater.accounts.models import Agent  # noqa: E402
from headwater.cases import acts, placement, queries  # noqa: E402
from headwater.cases.handling import bulk  # noqa: E402
from headwater.kit.actors import Actor  # noqa: E402
from headwater.kit.jobs.acts import enqueue  # noqa: E402
from headwater.kit.jobs.models import Job  # noqa: E402
from headwater.kit.jobs.registry import Effects, job  # noqa: E402
from headwater.kit.jobs.worker import run_worker  # noqa: E402
from headwater.kit.outbox import acts as outbox  # noqa: E402

# A killed worker's job is taken over soon, so that the test does not wait for leases.
LEASE = 0.3


@job("kill.note", max_attempts=1000)
def note(payload: dict[str, Any]) -> None:
    """An act, and a job that follows from it, in the job's own transaction."""
    case = queries.case_for_system(payload["case_id"])
    agent = Agent.objects.get(pk=payload["agent_id"])
    acts.add_note(case, f"Note {payload['case_id']}", agent=agent, actor=Actor.system())
    enqueue("kill.tell", payload, max_attempts=1000)


@job("kill.tell", atomic=False, max_attempts=1000)
def tell(payload: dict[str, Any]) -> Effects:
    """Something slow outside, then effects: an act and a mail asked for."""
    time.sleep(random.uniform(0, 0.01))
    case_id = payload["case_id"]

    def store() -> None:
        case = queries.case_for_system(case_id)
        placement.set_priority(case, "low", reason="told", actor=Actor.system())
        outbox.post(kind="auto", recipient="ada@shop.example", subject=case_id)

    return store


def _nothing(payload: dict[str, Any]) -> None:
    """What these do is killed in tests of their own."""


for name in ("channels.deliver_message", "diagnosis.diagnose_case", "diagnosis.keep_cited"):
    job(name, max_attempts=1000)(_nothing)


# As often as those above may be killed.
bulk._ATTEMPTS = 1000  # type: ignore[misc]


def work() -> None:
    while Job.objects.exclude(state=Job.State.DEAD).exists():
        run_worker(threading.Event(), once=True, lease_seconds=LEASE)
        time.sleep(0.02)


if __name__ == "__main__":
    while sys.stdin.readline():
        pid = os.fork()
        if pid == 0:
            try:
                work()
            finally:
                os._exit(0)
        print(pid, flush=True)  # noqa: T201
        # Until the parent says so its end is not noted, so that its id stays its own.
        sys.stdin.readline()
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201
