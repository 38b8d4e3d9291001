"""Start several long-running commands, watch them, and stop them together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from headwater.kit.errors import HeadwaterError

STOP_SECONDS = 10.0


class PortInUse(HeadwaterError):
    code = "port_in_use"


class ProcessDied(HeadwaterError):
    code = "process_died"


def require_free_port(host: str, port: int, option: str) -> None:
    """Raises PortInUse, with the option to change, where nothing can listen on `host:port`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = (error.strerror or "refused").lower()
            raise PortInUse(
                f"Port {port} on {host} cannot be used ({reason}).",
                param=option,
                hint=f"Stop what uses it, or choose another with {option}.",
            ) from error


def free_port(host: str, preferred: int) -> int:
    """`preferred` where it is free, else one that the system picks."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PortInUse(f"No port is free on {host}.", hint="Close some programs and try again.")


def wait_for_port(host: str, port: int, process: "Running", seconds: float = 30.0) -> None:
    """Returns once something answers on `host:port`. Raises ProcessDied otherwise."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.popen.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.05)
    raise ProcessDied(
        f"{process.name} did not come up on {host}:{port}.",
        hint=f"Its log {process.log} ends with: {tail(process.log)}",
    )


def tail(path: Path, lines: int = 5) -> str:
    """The last lines of a log, for an error message."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(nothing was logged)"


@dataclass
class Running:
    """One child with its log."""

    name: str
    popen: subprocess.Popen[bytes]
    log: Path


class Processes:
    """Children that live and die together. Use as a context manager."""

    def __init__(self, log_folder: Path, env: Mapping[str, str]) -> None:
        self._logs = log_folder
        self._env = {**os.environ, **env}
        self._running: list[Running] = []
        log_folder.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, arguments: Sequence[str]) -> Running:
        """Start `headwater ARGUMENTS` in the background; its output goes to NAME.log."""
        log = self._logs / f"{name}.log"
        with log.open("ab") as out:
            popen = subprocess.Popen(
                [sys.executable, "-m", "headwater.cli.main", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=self._env,
                # Ctrl-C reaches the parent alone; it stops the children in order.
                start_new_session=True,
            )
        running = Running(name, popen, log)
        self._running.append(running)
        return running

    def check(self) -> None:
        """Raises ProcessDied where a child has ended by itself."""
        for child in self._running:
            code = child.popen.poll()
            if code is not None:
                raise ProcessDied(
                    f"{child.name} stopped with status {code}.",
                    hint=f"Its log {child.log} ends with: {tail(child.log)}",
                )

    def wait(self, say: Callable[[], None]) -> None:
        """Returns on Ctrl-C or SIGTERM; raises ProcessDied where a child ends by itself.

        `say` tells people that all runs; it is called once Ctrl-C would be heard.
        """
        stopping = False

        def stop(_signal: int, _frame: FrameType | None) -> None:
            nonlocal stopping
            stopping = True

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            say()
            while not stopping:
                self.check()
                time.sleep(0.2)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Ask every child to end, last started first; kill what has not after ten seconds."""
        for child in reversed(self._running):
            if child.popen.poll() is None:
                os.killpg(child.popen.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._running:
            try:
                child.popen.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.popen.pid, signal.SIGKILL)
                child.popen.wait()
        self._running.clear()

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
