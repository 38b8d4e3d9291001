"""Run as a program: at each line of input a process that ingests a file; prints its id, its end."""

import os
import sys
from pathlib import Path

import django

django.setup()

import headwater.channels.tasks  # noqa: E402, F401 (registers what reads the mails)
from headwater.channels import bulk  # noqa: E402
from headwater.channels.ingest import ingest_files  # noqa: E402

# Small, so that a process that lives for a moment gets somewhere and is met at every place.
bulk.BATCH = 7


def ingest() -> None:
    report = ingest_files([Path(sys.argv[1])])
    assert report.seen


if __name__ == "__main__":
    while sys.stdin.readline():
        pid = os.fork()
        if pid == 0:
            try:
                ingest()
            finally:
                os._exit(0)
        print(pid, flush=True)  # noqa: T201
        # Until the parent says so its end is not noted, so that its id stays its own.
        sys.stdin.readline()
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201
