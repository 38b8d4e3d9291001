"""The ingesting process is killed over and over: every mail is one message all the same.

HEADWATER_KILLS sets how often (ten mails for each); `make kill-mail` does it 200 times.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from mailbox import mbox
from pathlib import Path

import pytest
from django.db import connection

from headwater.cases.models import Case, Message
from headwater.channels.models import RawMail
from headwater.kit.clock import utc_now
from headwater.kit.jobs.acts import claim_job
from headwater.kit.jobs.models import Job
from headwater.kit.jobs.worker import run_claim
from tests.channels.conftest import write

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("HEADWATER_KILLS", "20"))
MAILS = 10 * KILLS


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    """An mbox in which every fifth mail answers an earlier one of the same sender."""
    box = mbox(tmp_path / "mails.mbox")
    for n in range(MAILS):
        answered = f"<{n - n % 5}@kill.example>" if n % 5 == 4 else ""
        sender = f"user{n // 5}@shop.example"
        raw = write(f"Mail {n}", sender=sender, Message_ID=f"<{n}@kill.example>", References=answered)  # noqa: E501  # fmt: skip
        box.add(raw)
    box.close()
    return tmp_path / "mails.mbox"


@pytest.fixture
def starter(transactional_db: None, mails: Path) -> Iterator["subprocess.Popen[str]"]:
    env = {
        **os.environ,
        "HEADWATER_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "tests.jobs.child_settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    program = str(Path(__file__).with_name("child_ingest.py"))
    child = subprocess.Popen(
        [sys.executable, program, str(mails)],
        env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    yield child
    assert child.stdin is not None
    child.stdin.close()
    child.wait(60)


def run(starter: "subprocess.Popen[str]", seconds: float | None) -> int:
    """Has a process ingest, kills it after `seconds` (None lets it end); its exit code."""
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


@pytest.mark.slow
def test_a_process_killed_anywhere_loses_and_doubles_nothing(
    starter: "subprocess.Popen[str]",
) -> None:
    chance = random.Random(5)
    killed, progress, longest = 0, set(), 0.15
    stored = 0
    while killed < KILLS or (len(progress) < 4 and stored < MAILS):
        ended = run(starter, chance.uniform(0.0, longest))
        stored = RawMail.objects.count()
        if ended == -signal.SIGKILL:
            killed += 1
            # Where nothing new is reached within that time, it gets more.
            grow = stored in progress and stored < MAILS and longest < 1.5
            longest *= 1.15 if grow else 1.0
        else:
            longest *= 0.7
        progress.add(stored)
    # It was met on its way, not only before it began or after all was done.
    assert len(progress) >= 3
    assert run(starter, None) == 0

    # The worker takes over what the killed processes held, once their leases have ended.
    Job.objects.exclude(name__startswith="channels.").delete()
    while claim := claim_job(60, now=utc_now() + timedelta(hours=1)):
        assert run_claim(claim)
        Job.objects.exclude(name__startswith="channels.").delete()

    assert RawMail.objects.count() == RawMail.objects.filter(status="ingested").count() == MAILS
    ids = list(Message.objects.values_list("rfc_message_id", flat=True))
    assert len(ids) == MAILS
    assert set(ids) == {f"<{n}@kill.example>" for n in range(MAILS)}
    # No case was opened twice, and each answer found its case.
    assert Case.objects.count() == MAILS - MAILS // 5
    for n in range(4, MAILS, 5):
        answer = Message.objects.get(rfc_message_id=f"<{n}@kill.example>")
        assert answer.case.messages.filter(rfc_message_id=f"<{n - 4}@kill.example>").exists()
