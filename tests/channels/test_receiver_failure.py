"""A mail that was acknowledged is stored, and one that cannot be stored is not acknowledged."""

import os
import random
import signal
import smtplib
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from headwater.cases.models import Message
from headwater.channels.models import RawMail
from tests.channels.conftest import OWNER, SUPPORT, free_port, work, write

ROOT = Path(__file__).parents[2]


def start_receiver(port: int) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "HEADWATER_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "tests.jobs.child_settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    program = str(Path(__file__).with_name("child_receiver.py"))
    child = subprocess.Popen([sys.executable, program, str(port)], env=env)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            smtplib.SMTP("127.0.0.1", port, timeout=5).close()
            return child
        except OSError:
            assert child.poll() is None
            time.sleep(0.1)
    raise AssertionError("the receiver did not come up")


def submit_all(port: int, mails: dict[str, bytes], acknowledged: list[str]) -> None:
    """Sends until the server is gone; notes what it has said yes to."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            for name, raw in mails.items():
                client.sendmail(OWNER, [SUPPORT], raw)
                acknowledged.append(name)
    except (OSError, smtplib.SMTPException):
        return


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_receiver_loses_nothing(seed: int, transactional_db: None) -> None:
    port = free_port()
    names = [f"<kill{seed}.{n}@shop.example>" for n in range(2_000)]
    mails = {name: write(f"Problem {name}", Message_ID=name) for name in names}
    child = start_receiver(port)
    acknowledged: list[str] = []
    sender = threading.Thread(target=submit_all, args=(port, mails, acknowledged))
    sender.start()
    deadline = time.monotonic() + 30
    while len(acknowledged) < 3 and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(random.Random(seed).uniform(0.0, 0.3))
    child.send_signal(signal.SIGKILL)
    child.wait()
    sender.join()
    assert 3 <= len(acknowledged) < len(mails)

    # The sender's server tries what was not acknowledged again, and one that was, as servers do.
    child = start_receiver(port)
    again = [acknowledged[-1], *names[len(acknowledged) : len(acknowledged) + 3]]
    submit_all(port, {name: mails[name] for name in again}, acknowledged)
    child.send_signal(signal.SIGTERM)
    assert child.wait(20) == 0

    work()
    stored = set(Message.objects.values_list("rfc_message_id", flat=True))
    assert set(acknowledged) == stored
    assert Message.objects.count() == len(stored) == RawMail.objects.count()


def test_what_cannot_be_stored_is_not_acknowledged(
    receiver: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("headwater.channels.receiver.receive_mail", broken)
    with (
        smtplib.SMTP("127.0.0.1", receiver, timeout=10) as client,
        pytest.raises(smtplib.SMTPDataError) as refused,
    ):
        client.sendmail(OWNER, [SUPPORT], write())
    assert refused.value.smtp_code == 451
