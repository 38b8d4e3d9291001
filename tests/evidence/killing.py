"""Kills work at chosen places: as many times as asked, on a slow machine and on a fast one."""

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from headwater.evidence.layout.manifest import read_manifest

# Starting Python takes longer than the work between two commits, so one process that has imported
# everything forks a life for each line that it is sent, and says how the life ended.
_NURSERY = """
import os, sys
{setup}
for _ in sys.stdin:
    life = os.fork()
    if life == 0:
        try:
            work()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    print(life, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(life, 0)[1]), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Lives:
    """How often work was killed, and at which version of the manifest each time."""

    kills: int
    versions: tuple[int, ...]


def kill_again_and_again(
    setup: str, root: Path, kills: int, *, seed: int, check: Callable[[], None] = lambda: None
) -> Lives:
    """Runs `work()` of `setup` with SIGKILL in `kills` lives, then lets it end undisturbed.

    A life is killed some milliseconds after its start, or after its next commit or the one after.
    `check` runs after each kill. Fails when the work ends before it was killed often enough.
    """
    chance = random.Random(seed)
    versions: list[int] = []
    with subprocess.Popen(
        [sys.executable, "-c", _NURSERY.format(setup=setup)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as nursery:
        assert nursery.stdin and nursery.stdout
        for number in range(kills + 1):
            nursery.stdin.write("live\n")
            life = int(nursery.stdout.readline())
            if number < kills:
                _await_commits(root, chance.choice((0, 1, 1, 2)), nursery.stdout)
                time.sleep(chance.random() * 0.02)
                with contextlib.suppress(ProcessLookupError):  # ended by itself: told below
                    os.kill(life, signal.SIGKILL)
            ended = int(nursery.stdout.readline())
            if number < kills:
                assert ended == -signal.SIGKILL, f"life {number + 1} ended by itself: {ended}"
                versions.append(_version(root))
                check()
        assert ended == 0
        nursery.stdin.close()
    return Lives(len(versions), tuple(versions))


def _await_commits(root: Path, commits: int, told: IO[str]) -> None:
    """Returns after so many commits, or when the life's end is told."""
    wanted = _version(root) + commits
    while _version(root) < wanted:
        if select.select([told], [], [], 0.001)[0]:
            return


def _version(root: Path) -> int:
    manifest = read_manifest(root)
    return manifest.version if manifest else 0
