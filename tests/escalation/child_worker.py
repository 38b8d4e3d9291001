"""Run as a program: a worker for this room's jobs, until it is killed."""

import threading

import django

django.setup()

from headwater.kit.jobs.worker import run_worker  # noqa: E402

LEASE_SECONDS = 1.0

if __name__ == "__main__":
    run_worker(threading.Event(), lease_seconds=LEASE_SECONDS)
