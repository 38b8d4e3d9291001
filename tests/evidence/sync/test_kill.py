"""A sync killed again and again ends as an undisturbed one."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pytest

from headwater.evidence.layout import read_manifest

from .server import Platform, serving
from .worlds import NOW, charge, fill

KILLS = 50

# Forks a process for each run, so that fifty of them cost no fifty imports. Runs that get to their
# end alternate between starting anew and going on with the events, so there is always work to kill.
WORK = textwrap.dedent(
    """
    import os, random, signal, sys, time
    from pathlib import Path
    import stripe
    from headwater.evidence.layout import read_manifest
    from headwater.evidence.sync import Client, Options, sync

    root, base, kills = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

    def run(full):
        client = Client("sk_test_1", base=base, per_second=1e9)
        options = Options(full=full, commit_rows=40)
        return 0 if sync(root, "sk_test_1", client=client, options=options).complete else 1

    def forked(full):
        child = os.fork()
        if child == 0:
            code = 9
            try:
                code = run(full)
            finally:
                os._exit(code)
        return child

    def version():
        manifest = read_manifest(root)
        return manifest.version if manifest else 0

    chance, killed, ended = random.Random(7), 0, 0
    while killed < kills:
        # Kills fall at any moment before or after the next commit.
        wanted, until = version() + chance.randint(0, 1), time.monotonic() + 2
        child = forked(full=ended % 2 == 0)
        while version() < wanted and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.1)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            killed += 1
        else:
            assert os.waitstatus_to_exitcode(status) == 0, status
            ended += 1
    before = version()
    _, status = os.waitpid(forked(full=False), 0)
    print(killed, before, os.waitstatus_to_exitcode(status))
    """
)


def work(root: Path, base: str, kills: int) -> tuple[int, int, int]:
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(root), base, str(kills)],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    killed, version, last = map(int, done.stdout.split())
    return killed, version, last


def state(root: Path) -> dict[str, object]:
    manifest = read_manifest(root)
    assert manifest is not None
    found: dict[str, object] = {}
    for table, entries in manifest.tables.items():
        files = [str(root / each.path) for each in entries]
        source = "read_parquet(?, hive_partitioning = false)"
        sql = f"SELECT * FROM {source} ORDER BY ALL"
        found[table] = duckdb.execute(sql, [files]).fetchall() if files else []
    for path in sorted((root / "_headwater/rejects").glob("*.jsonl")):
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        found[path.name] = sorted(lines, key=lambda line: line["object"]["id"])
    return found


@pytest.mark.slow
def test_killed_fifty_times_the_end_is_the_same(tmp_path: Path) -> None:
    platform = Platform()
    fill(platform, charges=250)
    platform.add("charges", charge(9_999, NOW, amount="much"))
    platform.add("accounts", {"id": "acct_one", "object": "account", "created": NOW})
    fill(platform, charges=60, account="acct_one", start=20_000)
    # Old objects that only an event tells of.
    for number in range(5):
        platform.change("charges", f"ch_{number:05}", NOW, disputed=True)
    with serving(platform) as base:
        assert work(tmp_path / "calm", base, 0) == (0, 0, 0)
        killed, version, last = work(tmp_path / "killed", base, KILLS)
    assert (killed, last) == (KILLS, 0)
    assert version > KILLS // 2, "the kills came before there was anything to break"
    calm = state(tmp_path / "calm")
    assert len(calm["charges"]) == 310
    assert state(tmp_path / "killed") == calm
