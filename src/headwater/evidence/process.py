"""The parent's side of a worker: start it, ask it, and kill it when it does not answer."""

import contextlib
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from headwater.evidence.engines.warehouses.address import passed_on
from headwater.evidence.errors import QueryFailed
from headwater.evidence.objects.address import environment_for

_START_SECONDS = 60.0
# Where Java and its cluster are; nothing else of our environment reaches the engine.
_PASSED = ("JAVA_HOME", "SPARK_LOCAL_IP", "TMPDIR")


class WorkerLate(Exception):
    """The worker did not answer in time and was killed."""


class WorkerStopped(Exception):
    """Whoever asked stopped the question, and with it the worker."""


class WorkerGone(Exception):
    """The worker ended by itself: out of memory, CPU limit, or a crash."""


class Worker:
    """One worker process. Not for use by two threads at once; see WorkerPool."""

    def __init__(
        self,
        root: str | Path,
        *,
        threads: int | None,
        memory_bytes: int,
        views: Path | None = None,
        engine: str = "duckdb",
    ) -> None:
        self.memory_bytes = memory_bytes
        # Over the pipe: addresses and settings hold secrets, arguments and environment are seen.
        options = {
            "address": str(root),
            "engine": engine,
            "threads": threads,
            "memory_bytes": memory_bytes,
            "views": str(views) if views else None,
            "environment": environment_for(str(root)),
        }
        package_root = str(Path(__file__).resolve().parents[2])
        paths = [package_root, os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "headwater.evidence.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={
                "PATH": os.environ.get("PATH", ""),
                "PYTHONPATH": os.pathsep.join(path for path in paths if path),
                "LANG": "C.UTF-8",
                **{name: os.environ[name] for name in _PASSED if name in os.environ},
                **passed_on(engine),
            },
            start_new_session=True,  # Ctrl-C is for the parent, which then closes us
        )
        try:
            started = self.ask(options, _START_SECONDS)
        except (WorkerLate, WorkerGone) as error:
            self.kill()
            raise QueryFailed(
                "The evidence engine could not be started.",
                hint="Its own message, if any, is on standard error.",
            ) from error
        if "error" in started:
            self.kill()
            raise QueryFailed(started["message"], hint=started.get("hint"))

    @property
    def pid(self) -> int:
        """The process id, for tests and diagnostics."""
        return self._process.pid

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The worker's answer. Raises WorkerLate after `seconds`, WorkerGone; it is dead then."""
        body = json.dumps(request).encode()
        try:
            assert self._process.stdin is not None  # noqa: S101 (narrows the type)
            self._process.stdin.write(struct.pack(">I", len(body)) + body)
            self._process.stdin.flush()
            return self._receive(time.monotonic() + seconds)
        except BrokenPipeError as error:
            self.kill()
            raise WorkerGone from error
        except BaseException:
            self.kill()
            raise

    def end(self) -> None:
        """Ends the process and leaves the clearing up to the thread that waits for it."""
        self._process.kill()

    def kill(self) -> None:
        """Ends the process at once. Safe to call twice."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # it may have started an engine of its own
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def _receive(self, deadline: float) -> dict[str, Any]:
        (length,) = struct.unpack(">I", self._read(4, deadline))
        answer: dict[str, Any] = json.loads(self._read(length, deadline))
        answer["bytes"] = length
        return answer

    def _read(self, size: int, deadline: float) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 (narrows the type)
        handle = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(handle, select.POLLIN | select.POLLHUP)
        parts: list[bytes] = []
        while size:
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise WorkerLate
            part = os.read(handle, min(size, 1 << 20))
            if not part:
                raise WorkerGone
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class Stop:
    """Lets another thread stop a question, whether it already runs or still waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self.asked = False

    def now(self) -> None:
        """Ends the worker that is at it; one that would start later does not."""
        with self._lock:
            self.asked = True
            if self._worker is not None:
                self._worker.end()

    @contextmanager
    def covers(self, worker: Worker) -> Iterator[None]:
        """While inside, `now` ends `worker`. Raises WorkerStopped if it was asked for."""
        with self._lock:
            if self.asked:
                worker.kill()
                raise WorkerStopped
            self._worker = worker
        try:
            yield
        except WorkerGone as error:
            if self.asked:
                raise WorkerStopped from error
            raise
        finally:
            with self._lock:
                self._worker = None


class Lease:
    """A worker that one caller has for itself; a new one takes the place of one that died."""

    def __init__(self, take: Callable[[], Worker], stop: Stop | None = None) -> None:
        self._take = take
        self._stop = stop or Stop()
        self.worker: Worker | None = None

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The worker's answer. Raises WorkerLate, WorkerGone, WorkerStopped; it is dead then."""
        worker = self.worker or self._take()
        self.worker = None  # stays so if it dies
        with self._stop.covers(worker):
            answer = worker.ask(request, seconds)
        self.worker = worker
        return answer


class WorkerPool:
    """At most `size` warm workers over one lake, one per running query."""

    def __init__(
        self,
        root: str | Path,
        *,
        threads: int | None,
        size: int,
        views: Path | None = None,
        engine: str = "duckdb",
    ) -> None:
        self._root = root
        self._views = views
        self._engine = engine
        self._threads = threads
        self._slots = threading.BoundedSemaphore(size)
        self._idle: list[Worker] = []
        self._lock = threading.Lock()
        self._owner = os.getpid()

    def ask(self, request: dict[str, Any], *, seconds: float, memory_bytes: int) -> dict[str, Any]:
        """A worker's answer, waiting for a free one. Raises WorkerLate and WorkerGone."""
        with self.lease(memory_bytes) as lease:
            return lease.ask(request, seconds)

    @contextmanager
    def lease(self, memory_bytes: int, stop: Stop | None = None) -> Iterator["Lease"]:
        """One worker for several questions in a row, waiting for a free one."""
        with self._slots:
            lease = Lease(lambda: self._take(memory_bytes), stop)
            try:
                yield lease
            finally:
                if lease.worker is not None:
                    with self._lock:
                        self._idle.append(lease.worker)

    def _take(self, memory_bytes: int) -> Worker:
        with self._lock:
            if self._owner != os.getpid():  # after a fork the pipes belong to the parent
                self._idle, self._owner = [], os.getpid()
            worker = self._idle.pop() if self._idle else None
        if worker is not None:
            if worker.alive() and worker.memory_bytes == memory_bytes:
                return worker
            worker.kill()
        return Worker(
            self._root,
            threads=self._threads,
            memory_bytes=memory_bytes,
            views=self._views,
            engine=self._engine,
        )

    def close(self) -> None:
        """Ends all idle workers; the pool may be used again afterwards."""
        with self._lock:
            idle, self._idle = self._idle, []
            if self._owner != os.getpid():
                return
        for worker in idle:
            worker.kill()
