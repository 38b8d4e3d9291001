"""Run as a program: workers that send mail, each killed (SIGKILL) at a random moment.

Arguments: how many to kill, the longest life in seconds from its first mail on, the seed. Each is
a process of its own, forked before it opens the store; the last one is left to finish. Writes how
many were killed.
"""

import os
import random
import signal
import sys
import threading
import time
from dataclasses import replace

import django

django.setup()

from django.db import connections  # noqa: E402

from headwater.kit.jobs import registry  # noqa: E402
from headwater.kit.jobs.models import Job  # noqa: E402
from headwater.kit.jobs.worker import run_worker  # noqa: E402

LEASE_SECONDS = 1.0
SENDING = "channels.deliver_message"


def work_until_done() -> None:
    stop = threading.Event()

    def watch() -> None:
        while Job.objects.exclude(state="dead").filter(name=SENDING).exists():
            time.sleep(0.1)
        stop.set()
        connections.close_all()

    threading.Thread(target=watch, daemon=True).start()
    run_worker(stop, lease_seconds=LEASE_SECONDS)


def say_when_sending(pipe: int) -> None:
    """Writes into the pipe before the first mail: the worker is in the middle of things."""
    kind = registry.find(SENDING)

    def handler(payload: registry.Payload) -> registry.Effects | None:
        os.write(pipe, b"!")
        return kind.handler(payload)

    registry._types[kind.name] = replace(kind, handler=handler)


def live(seconds: float | None) -> bool:
    """One worker's life; True if it had to be killed."""
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(readable)
            say_when_sending(writable)
            work_until_done()
        finally:
            os._exit(0)
    os.close(writable)
    with os.fdopen(readable, "rb", buffering=0) as pipe:
        # Nothing comes from a worker that found nothing to send.
        if pipe.read(1) and seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        while pipe.read(4096):
            pass
        _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


if __name__ == "__main__":
    registry.load_handlers()
    connections.close_all()
    chance = random.Random(int(sys.argv[3]))
    kills, longest = int(sys.argv[1]), float(sys.argv[2])
    killed = sum(live(chance.uniform(0, longest)) for _ in range(kills))
    live(None)
    sys.stdout.write(str(killed))
