"""Run as a program: a worker whose handlers write one line per effect into the store."""

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from headwater.kit.jobs.registry import Effects, job  # noqa: E402
from headwater.kit.jobs.worker import run_worker  # noqa: E402

MARK = Path(os.environ["CRASH_MARK"])


def _write(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO crash_effects (n) VALUES (%s)", [number])


def _linger(payload: dict[str, Any]) -> None:
    if payload.get("slow"):
        MARK.write_text("in the middle")
        time.sleep(float(os.environ["CRASH_SECONDS"]))


@job("crash.atomic")
def atomic(payload: dict[str, Any]) -> None:
    _write(payload["n"])
    _linger(payload)


@job("crash.outside", atomic=False)
def outside(payload: dict[str, Any]) -> Effects:
    _linger(payload)
    return lambda: _write(payload["n"])


if __name__ == "__main__":
    run_worker(threading.Event(), lease_seconds=float(sys.argv[1]))
