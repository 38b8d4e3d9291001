"""A real Spark cluster on loopback: one master and two workers from the pyspark package."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark

_CLASS = "org.apache.spark.deploy"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def spark_cluster(folder: Path) -> Iterator[str]:
    """The master's address while the block runs; logs and scratch are below `folder`."""
    home = Path(pyspark.__file__).parent
    env = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder / "work"),
        "SPARK_LOCAL_DIRS": str(folder / "scratch"),
        "SPARK_DAEMON_MEMORY": "256m",
    }
    port = _free_port()
    master = f"spark://127.0.0.1:{port}"
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> Path:
        log = folder / f"{name}.log"
        with log.open("wb") as out:
            started.append(
                subprocess.Popen(
                    [str(home / "bin" / "spark-class"), *arguments],
                    env=env, stdout=out, stderr=out, cwd=folder,
                )
            )  # fmt: skip
        return log

    try:
        start("master", f"{_CLASS}.master.Master", "--host", "127.0.0.1", "--port", str(port),
              "--webui-port", str(_free_port()))  # fmt: skip
        logs = [
            start(f"worker{n}", f"{_CLASS}.worker.Worker", "--cores", "1", "--memory", "1g",
                  "--host", "127.0.0.1", "--webui-port", str(_free_port()), master)
            for n in (1, 2)
        ]  # fmt: skip
        _wait_for(logs, "Successfully registered")
        yield master
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def _wait_for(logs: list[Path], words: str, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if all(words in log.read_text("utf-8", "replace") for log in logs):
            return
        time.sleep(0.2)
    raise RuntimeError("\n".join(log.read_text("utf-8", "replace")[-2000:] for log in logs))
