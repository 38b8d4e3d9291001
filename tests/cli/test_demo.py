"""The demo as a newcomer meets it: one command, real processes, Ctrl-C, a second run."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

# A minute on a quiet machine; generous because the suite runs beside it.
READY_SECONDS = 900


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(home: Path, port: int, *more: str) -> list[str]:
    start = [sys.executable, "-m", "headwater.cli.main", "demo"]
    return [*start, "--home", str(home), "--port", str(port), *more]


@contextmanager
def running_demo(home: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demo's process and what it printed until it was ready."""
    process = subprocess.Popen(
        command(home, port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    printed: list[str] = []
    deadline = time.monotonic() + READY_SECONDS
    assert process.stdout is not None
    try:
        for line in process.stdout:
            printed.append(line)
            if "Ctrl-C stops everything" in line or time.monotonic() > deadline:
                break
        yield process, "".join(printed)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(120)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_first_run_answers_and_a_second_keeps_its_data(tmp_path: Path) -> None:
    home, port = tmp_path / "demo", free_port()

    with running_demo(home, port) as (first, printed):
        assert "Headwater is ready" in printed, printed
        smtp_port = int(re.findall(r"SMTP on 127\.0\.0\.1:(\d+)", printed)[0])
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10)
        assert page.status == 200
        assert "sign-in" in page.url
        assert answers(smtp_port)
    assert first.returncode == 0
    assert not answers(port)
    assert not answers(smtp_port)

    with running_demo(home, port) as (second, again):
        assert "Headwater is ready" in again, again
        assert "Mailing problems in" not in again
    # Told to stop at the very moment of being ready.
    assert second.returncode == 0

    def password(text: str) -> str:
        return re.findall(r"Sign in\s+\S+\s+/\s+(\S+)", text)[0]

    assert password(printed) == password(again)


def test_a_port_in_use_is_one_clear_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run(
            command(tmp_path / "demo", port), capture_output=True, text=True, check=False
        )
    assert result.returncode == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "demo").exists()


def test_reset_never_deletes_a_folder_that_no_demo_made(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    result = subprocess.run(
        command(tmp_path, free_port(), "--reset"), capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "does not look like a demo's folder" in result.stderr
    assert (tmp_path / "thesis.txt").exists()
