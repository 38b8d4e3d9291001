"""Run as a program: a receiver on a port, until SIGTERM."""

import signal
import sys
import threading

import django

django.setup()

from headwater.channels.receiver import run_receiver  # noqa: E402

if __name__ == "__main__":
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    run_receiver("127.0.0.1", int(sys.argv[1]), stop)
