"""What was read stays on record, whatever becomes of the transaction of whoever read it."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from headwater.evidence.acts import StoreRecorder, keep_runs, run_spool
from headwater.evidence.errors import QueryRefused
from headwater.evidence.models import EvidenceRun
from headwater.evidence.spool import Spool
from headwater.evidence.store import ParquetStore, open_store
from headwater.evidence.types import Purpose, RunRecord, Scope
from headwater.kit.clock import utc_now

WHY = Purpose(who="agt_1", entrance="desk", reason="", case_id="case_1")


@pytest.fixture
def desk_store(lake: Path) -> ParquetStore:
    return open_store(lake, recorder=StoreRecorder(), threads=1, workers=1)  # type: ignore[return-value]


def line(run_id: str) -> RunRecord:
    return RunRecord(run_id, utc_now(), WHY, Scope(("acct_1",)), "select 1", {}, "duckdb", "ok")


class Undo(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_a_rollback_takes_nothing_from_the_record(desk_store: ParquetStore) -> None:
    with pytest.raises(Undo), transaction.atomic():
        desk_store.query("select id from charges", purpose=WHY, scope=Scope(("acct_1",)))
        with pytest.raises(QueryRefused):
            desk_store.query("drop table charges", purpose=WHY, scope=Scope(("acct_1",)))
        raise Undo
    desk_store.close()
    assert EvidenceRun.objects.count() == 0
    assert len(run_spool().pending()) == 2
    assert keep_runs() == 2
    kept = EvidenceRun.objects.order_by("at")
    assert [run.outcome for run in kept] == ["ok", "query_refused"]
    assert kept[0].rows == 40 and kept[0].bytes > 400 and kept[0].role == "system"
    assert run_spool().pending() == []


@pytest.mark.django_db(transaction=True)
def test_a_commit_brings_the_record_in(desk_store: ParquetStore) -> None:
    with transaction.atomic():
        result = desk_store.query("select 1", purpose=WHY, scope=Scope(("acct_1",)))
        assert not EvidenceRun.objects.exists()
    desk_store.close()
    assert EvidenceRun.objects.get().id == result.run_id
    assert result.bytes is not None and result.bytes > 0


@pytest.mark.django_db(transaction=True)
def test_bringing_in_that_is_rolled_back_is_done_again() -> None:
    run_spool().record(line("run_1"))
    with pytest.raises(Undo), transaction.atomic():
        assert keep_runs() == 1
        raise Undo
    assert len(run_spool().pending()) == 1
    assert keep_runs() == 1
    assert EvidenceRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_several_at_once_bring_each_line_in_once() -> None:
    for number in range(200):
        run_spool().record(line(f"run_{number:03}"))

    def bring_in() -> None:
        try:
            keep_runs()
        finally:
            connection.close()

    threads = [threading.Thread(target=bring_in) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert EvidenceRun.objects.count() == 200
    assert run_spool().pending() == []


@pytest.mark.django_db(transaction=True)
def test_a_held_write_lock_delays_no_read(desk_store: ParquetStore) -> None:
    """Another thread holds SQLite's one write lock while a read is recorded in a transaction."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            EvidenceRun.objects.create(id="run_held", at=utc_now(), who="x", sql="", entrance="cli")
            held.set()
            release.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    started = time.monotonic()
    run_spool().record(line("run_meanwhile"))
    took = time.monotonic() - started
    release.set()
    holder.join()
    desk_store.close()
    assert took < 10  # the lock is held for twenty
    keep_runs()
    assert {run.id for run in EvidenceRun.objects.all()} == {"run_held", "run_meanwhile"}


def test_a_killed_process_leaves_whole_lines_only(tmp_path: Path) -> None:
    program = f"""
import itertools, sys
from pathlib import Path
from headwater.evidence.spool import Spool
from headwater.evidence.types import Purpose, RunRecord, Scope
from headwater.kit.clock import utc_now
spool = Spool(Path({str(tmp_path)!r}))
for n in itertools.count():
    spool.record(RunRecord(f"run_{{n}}", utc_now(), Purpose("w", "cli", "r"), Scope(),
                           "select " + "x" * 50000, {{}}, "duckdb", "ok"))
    if n == 20:
        print("going", flush=True)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "src"},
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    spool = Spool(tmp_path)
    pending = spool.pending()
    assert len(pending) > 20
    runs = spool.read(pending)
    assert len(runs) == len(pending)
    assert all(len(run.sql) == 50_007 for run in runs.values())


def test_a_damaged_line_is_set_aside(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.record(line("run_1"))
    (tmp_path / "run_0.json").write_text("{")
    assert [run.run_id for run in spool.read(spool.pending()).values()] == ["run_1"]
    assert (tmp_path / "run_0.damaged").exists()
