"""A worker killed over and over in the middle of its jobs loses and doubles nothing.

HEADWATER_JOB_KILLS sets how often; `make kill-jobs` does it 200 times on both stores.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from headwater.cases import acts, queries
from headwater.cases.handling import bulk, tags
from headwater.cases.handling.bulk import start_bulk
from headwater.cases.handling.changes import Changes
from headwater.cases.models import BulkItem, Case, CaseEvent, Message
from headwater.cases.sla import acts as sla
from headwater.cases.sla.files import policies_from
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import enqueue
from headwater.kit.jobs.models import Job
from headwater.kit.outbox.models import OutgoingMail
from headwater.surveys.models import Offer
from tests.factories import SYSTEM, make_agent, make_case

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("HEADWATER_JOB_KILLS", "8"))
CASES = max(24, 3 * KILLS)


@pytest.fixture
def starter(transactional_db: None) -> Iterator["subprocess.Popen[str]"]:
    env = {
        **os.environ,
        "HEADWATER_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "tests.jobs.child_settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    child = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("child_worker.py"))],
        env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield child
    assert child.stdin is not None
    child.stdin.close()
    child.wait(60)


def run(starter: "subprocess.Popen[str]", seconds: float | None) -> int:
    """Has a worker run, kills it after `seconds` (None lets it end); its exit code."""
    assert starter.stdin is not None and starter.stdout is not None
    starter.stdin.write("\n")
    starter.stdin.flush()
    pid = int(starter.stdout.readline())
    if seconds is not None:
        time.sleep(seconds)
        # Its end is not noted yet, so the id is still its own.
        os.kill(pid, signal.SIGKILL)
    starter.stdin.write("\n")
    starter.stdin.flush()
    return int(starter.stdout.readline())


def fill() -> list[Case]:
    """Cases with work of every kind: an act, a chain, a survey, promises that are broken."""
    content = {
        "policies": [{"name": "All", "first_reply": "1h", "on_breach": {"priority": "urgent"}}]
    }
    sla.apply_policies(policies_from(content, Path(), utc_now()), actor=SYSTEM)
    agent, cases = make_agent(), []
    for number in range(CASES):
        case = make_case(age=timedelta(hours=2 if number % 3 == 0 else 0))
        if number % 3 == 1:
            acts.send_reply(case, "Done.", agent=agent, actor=SYSTEM, solve=True)
            enqueue("surveys.offer", {"case_id": case.pk}, max_attempts=1000)
        enqueue("kill.note", {"case_id": case.pk, "agent_id": agent.pk}, max_attempts=1000)
        cases.append(case)
    tags.know_tag("bulk", actor=SYSTEM)
    start_bulk(agent, [case.pk for case in cases], Changes(add_tags=("bulk",)), entrance="cli")
    return cases


@pytest.mark.slow
def test_nothing_is_lost_or_doubled(
    starter: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_ATTEMPTS", 1000)
    cases = fill()
    chance, killed, longest, seen = random.Random(11), 0, 0.2, set[int]()
    # It is to be met on its way, not only before it began or after all was done.
    while killed < KILLS or len(seen) <= 3:
        left = Job.objects.count()
        if run(starter, chance.uniform(0, longest)) == -signal.SIGKILL:
            killed += 1
            # Where it got nowhere in that time, it gets more; near the end, less.
            longest = min(10, longest * 1.3) if left in seen else longest
        else:
            longest *= 0.8
        seen.add(left)
        if left < 5:  # all done before enough were killed: more of the same
            for case in cases[:20]:
                enqueue("surveys.offer", {"case_id": case.pk}, max_attempts=1000)
    assert run(starter, None) == 0
    _check(cases)


def _check(cases: list[Case]) -> None:
    assert not Job.objects.filter(state=Job.State.DEAD).exists()
    notes = Counter(Message.objects.filter(kind="note").values_list("body", flat=True))
    assert notes == Counter(f"Note {case.pk}" for case in cases)
    told = Counter(OutgoingMail.objects.filter(kind="auto").values_list("subject", flat=True))
    assert told == Counter(case.pk for case in cases)
    solved = {case.pk for number, case in enumerate(cases) if number % 3 == 1}
    assert set(Offer.objects.values_list("case_id", flat=True)) == solved
    assert (
        Offer.objects.count() == OutgoingMail.objects.filter(kind="survey").count() == len(solved)
    )
    late = {case.pk for number, case in enumerate(cases) if number % 3 == 0}
    states = Counter(BulkItem.objects.values_list("state", flat=True))
    assert states == {BulkItem.State.CHANGED: len(cases)}
    kinds = [("note.added", set(told)), ("clock.breached", late), ("case.tagged", set(told))]
    for kind, wanted in kinds:
        found = Counter(CaseEvent.objects.filter(kind=kind).values_list("case_id", flat=True))
        assert found == Counter(wanted), kind
    for case in cases:
        moves = [e.data["to"] for e in queries.events_of(case) if e.kind == "case.prioritised"]
        assert sorted(moves) == sorted(["low", "urgent"] if case.pk in late else ["low"])
        assert sla.differences(case, utc_now()) == []
