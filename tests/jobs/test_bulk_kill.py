"""A bulk act and its undo while the worker is killed again and again: each case once."""

import random
import signal
import subprocess
from collections import Counter

import pytest

from headwater.cases.handling import bulk, restoring, tags
from headwater.cases.handling.changes import Changes
from headwater.cases.models import Case, CaseEvent
from headwater.kit.jobs.models import Job
from tests.factories import SYSTEM, make_agent, make_case
from tests.jobs.test_worker_kill import KILLS, run, starter  # noqa: F401 (a fixture)

CASES = 100 + 12 * KILLS


@pytest.mark.slow
def test_each_case_is_changed_once_and_restored_once(starter: "subprocess.Popen[str]") -> None:  # noqa: F811
    agent, cases = make_agent(), [make_case() for _ in range(CASES)]
    Job.objects.all().delete()  # nothing else is to be done
    tags.know_tag("vip", actor=SYSTEM)
    before = {case.pk: restoring.snapshot(case) for case in Case.objects.all()}
    changes = Changes(assignee=agent.pk, add_tags=("vip",), snooze="reply")
    made = bulk.start_bulk(agent, [case.pk for case in cases], changes, entrance="cli")
    killed = _killed(starter, KILLS // 2)
    assert bulk.bulk_by_id(made.pk).state == "done"
    assert bulk.counts_of(made) == {"changed": CASES}
    _each_happened(cases, 1)
    bulk.undo_bulk(made.pk, agent=agent, entrance="cli")
    killed += _killed(starter, KILLS - killed)
    assert bulk.counts_of(made) == {"restored": CASES}
    _each_happened(cases, 2)
    for case in Case.objects.all():
        now = restoring.snapshot(case)
        assert {**now, "turn": {}} == {**before[case.pk], "turn": {}}
        assert now["turn"]["state"] == before[case.pk]["turn"]["state"]
    assert killed > 0


def _killed(starter: "subprocess.Popen[str]", wanted: int) -> int:  # noqa: F811
    """Kills workers until so many died at work or nothing was left; then lets one end."""
    chance, killed = random.Random(7), 0
    while killed < wanted and Job.objects.exists():
        killed += run(starter, chance.uniform(0.1, 1.5)) == -signal.SIGKILL
    while Job.objects.exists():
        assert run(starter, None) == 0
    return killed


def _each_happened(cases: list[Case], turns: int) -> None:
    log = CaseEvent.objects
    assigned = Counter(log.filter(kind="case.assigned").values_list("case_id", flat=True))
    assert assigned == Counter({case.pk: turns for case in cases})
    tagged = Counter(log.filter(kind="case.tagged").values_list("case_id", flat=True))
    assert tagged == Counter(case.pk for case in cases)
    moved = Counter(log.filter(kind="state.changed").values_list("case_id", flat=True))
    assert moved == assigned
