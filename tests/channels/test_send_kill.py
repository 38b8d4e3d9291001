"""Workers killed at random moments while they send: no reply is lost, and none is doubled unseen.

Short in the suite; `make kill-send` runs 200 kills over 2,000 mails.
"""

import asyncio
import logging
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from headwater.cases.acts import send_reply
from headwater.cases.models import Message
from headwater.channels import journal, sending
from headwater.kit.jobs.models import Job
from headwater.kit.outbox.models import OutgoingMail
from tests.factories import make_agent, make_case

HERE = Path(__file__).parent
KILLS = int(os.environ.get("HEADWATER_SEND_KILLS", "12"))
MAILS = int(os.environ.get("HEADWATER_SEND_MAILS", "120"))
# The longest life of a worker, in seconds from its first mail on.
LIFE = os.environ.get("HEADWATER_SEND_LIFE", "0.2")
SEED = int(os.environ.get("HEADWATER_SEND_SEED", "7"))
log = logging.getLogger(__name__)


@dataclass
class World:
    """A mail server that counts what it has taken, and takes its time, so that kills meet it."""

    taken: Counter[str] = field(default_factory=Counter)
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.taken[str(message_from_bytes(envelope.content)["Message-ID"])] += 1
        # The mail is taken; the answer is on its way for a while.
        await asyncio.sleep(self.chance.uniform(0, 0.004))
        return "250 taken"


@pytest.fixture
def world(house: None, settings: Any) -> Iterator[World]:
    handler = World()
    controller = Controller(handler, hostname="127.0.0.1", port=settings.HEADWATER_SMTP_PORT)
    controller.start()
    yield handler
    controller.stop()


def _kill_workers(settings: Any, spool: Path) -> int:
    environment = {
        "HEADWATER_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "tests.channels.child_settings",
        "HEADWATER_HOME": str(spool.parent),
        "HEADWATER_SMTP_HOST": "127.0.0.1",
        "HEADWATER_SMTP_PORT": str(settings.HEADWATER_SMTP_PORT),
        "HEADWATER_MAIL_FROM": settings.HEADWATER_MAIL_FROM,
        "HEADWATER_LOG_LEVEL": "CRITICAL",
        "PYTHONPATH": os.pathsep.join([str(HERE.parents[1] / "src"), str(HERE.parents[1])]),
    }
    ran = subprocess.run(
        [sys.executable, str(HERE / "child_sender.py"), str(KILLS), LIFE, str(SEED)],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        timeout=300 + 8 * KILLS,
        check=True,
    )
    return int(ran.stdout)


@pytest.mark.slow
def test_killed_while_sending(
    transactional_db: None, world: World, settings: Any, tmp_path: Path
) -> None:
    settings.HEADWATER_SPOOL = tmp_path / "spool"
    agent = make_agent()
    cases = [make_case() for _ in range(10)]
    sent = [
        send_reply(cases[n % 10], f"Answer {n}", agent=agent, actor=agent.actor())
        for n in range(MAILS)
    ]
    Job.objects.exclude(name="channels.deliver_message").delete()

    killed = _kill_workers(settings, settings.HEADWATER_SPOOL)

    rows = {row.about: row for row in OutgoingMail.objects.all()}
    assert {row.state for row in rows.values()} == {"sent"}
    assert not Message.objects.filter(kind="reply").exclude(delivery="sent").exists()
    ids = {str(rows[message.id].message_id) for message in sent}
    assert set(world.taken) == ids, "every mail has arrived, and nothing else"
    doubts = {str(row.message_id): row.doubtful for row in rows.values()}
    twice = {one: count - 1 for one, count in world.taken.items() if count > 1}
    # What nobody could know is counted: no mail came twice that was not known to be in doubt.
    assert all(extra <= doubts[one] for one, extra in twice.items())
    # Notes stay only where a worker died right after the store knew, and are dropped in time.
    sending.clear_notes()
    assert journal.noted() == []
    log.warning(
        "%d mails, %d workers killed of %d, %d attempts, %d in doubt, %d arrived twice with the "
        "same Message-ID",
        MAILS,
        killed,
        KILLS,
        sum(row.attempts for row in rows.values()),
        sum(doubts.values()),
        sum(twice.values()),
    )
