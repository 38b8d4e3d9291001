"""Rows go when past their time or when an account is erased: planned, complete, recorded."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import transaction

from headwater.cases.models import Case
from headwater.cli.main import cli
from headwater.diagnosis.acts import keep_finding
from headwater.diagnosis.models import Diagnosis, Finding
from headwater.evidence import acts, queries, removal, retention
from headwater.evidence.contract import load_contract
from headwater.evidence.errors import QueryRefused, SnapshotMissing, WriteRefused
from headwater.evidence.layout import LakeWriter, Upsert, read_manifest
from headwater.evidence.layout.writer import staged_rows
from headwater.evidence.models import EvidenceRemoval, EvidenceSnapshot
from headwater.evidence.recorder import FileRecorder
from headwater.evidence.store import open_store
from headwater.evidence.types import Purpose, Scope
from headwater.kit.clock import utc_now
from tests.factories import make_case

pytestmark = pytest.mark.django_db(transaction=True)
CONTRACT = load_contract()
GONE, OTHER = "acct_Gone", "acct_Other"


@pytest.fixture
def lake(tmp_path: Path, settings: object) -> Path:
    """A managed lake: calls of two accounts over 120 days, their accounts, and a foreign table."""
    settings.HEADWATER_HOME = tmp_path / "home"  # type: ignore[attr-defined]
    root, staged = tmp_path / "lake", tmp_path / "staged"
    root.mkdir()
    now = utc_now().replace(tzinfo=None)
    calls = [
        {
            "id": f"req_{account}{day}",
            "account_id": account,
            "created": (now - timedelta(days=day)).isoformat(),
            "status": 200,
        }
        for day in range(0, 120, 10)
        for account in (GONE, OTHER, None)
        if account or day == 0
    ]
    # Refunds do not say whose they are; their charge does.
    refunds = [
        {"id": f"re_{n}", "charge_id": f"ch_{n}", "created": now.isoformat(), "amount": n}
        for n in range(4)
    ]
    charges = [
        {"id": f"ch_{n}", "account_id": (GONE, OTHER)[n % 2], "created": now.isoformat()}
        for n in range(4)
    ]
    accounts = [{"id": account, "created": "2020-01-01T00:00:00"} for account in (GONE, OTHER)]
    with LakeWriter(root, CONTRACT) as writer:
        writer.commit(
            {
                "api_request_logs": Upsert(staged_rows(staged, calls)),
                "accounts": Upsert(staged_rows(staged, accounts)),
                "charges": Upsert(staged_rows(staged, charges)),
                "refunds": Upsert(staged_rows(staged, refunds)),
            }
        )
    import duckdb

    duckdb.sql(f"COPY (SELECT 'ch_1' AS id, '{GONE}' AS account_id) TO '{root}/disputes.parquet'")
    return root


def run(root: Path, *arguments: str) -> str:
    command = [*arguments[:1], "--evidence", str(root), *arguments[1:]]
    outcome = CliRunner().invoke(cli, ["evidence", *command])
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def counts(root: Path, tmp_path: Path) -> dict[str, int]:
    store = open_store(root, recorder=FileRecorder(tmp_path / "runs"), threads=1, workers=1)
    try:
        result = store.query(
            "SELECT account_id, count(*) FROM api_request_logs GROUP BY 1 "
            "UNION ALL SELECT 'known ' || id, 1 FROM accounts "
            "UNION ALL SELECT 'refunds ' || account_id, count(*) FROM refunds GROUP BY 1",
            purpose=Purpose("tester", "cli", "a test"),
            scope=Scope(),
        )
        return {str(name): int(str(n)) for name, n in result.rows}
    finally:
        store.close()


@pytest.fixture
def finding(lake: Path) -> Iterator[Finding]:
    case: Case = make_case(account=None, identity="unknown", body="x")
    diagnosis = Diagnosis.objects.create(
        case=case, made_at=utc_now(), window_start=utc_now(), window_end=utc_now()
    )
    yield Finding.objects.create(
        diagnosis=diagnosis,
        rank=1,
        playbook="p",
        title="Two accounts",
        probability=0.5,
        columns=["account_id", "object_id", "n"],
        rows=[
            {"account_id": GONE, "object_id": "req_gone", "n": 1},
            {"account_id": OTHER, "object_id": "req_other", "n": 2},
        ],
        evidence_ids=["req_gone", "req_other"],
        sql="select 1",
        explanation_user="req_gone failed",
        explanation_engineer="req_gone failed",
    )


def every_byte(*roots: Path) -> bytes:
    """All that lies on disk below the folders, decompressed where it is Parquet."""
    import duckdb

    found = []
    for root in roots:
        for path in root.rglob("*"):
            if path.suffix == ".parquet":
                rows = duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall()
                found.append(repr(rows).encode())
            elif path.is_file():
                found.append(path.read_bytes())
    return b"\n".join(found)


def test_what_is_past_its_time_is_listed_then_dropped(lake: Path, tmp_path: Path) -> None:
    shown = run(lake, "retain")
    assert "api_request_logs: 4 rows of 2 days before" in shown and "--apply" in shown
    assert counts(lake, tmp_path)[GONE] == 12
    assert not EvidenceRemoval.objects.exists()
    run(lake, "retain", "--apply")
    left = counts(lake, tmp_path)
    assert (left[GONE], left[OTHER], left[f"known {GONE}"]) == (10, 10, 1)
    noted = EvidenceRemoval.objects.get()
    assert noted.kind == "retain" and noted.removed["lake"] == {"api_request_logs": 4}
    assert "Nothing is past its time." in run(lake, "retain")
    assert "6 rows of 3 days" in run(lake, "retain", "--keep", "api_request_logs=65")


def test_days_to_keep_are_checked(lake: Path) -> None:
    with pytest.raises(QueryRefused, match="chargess"):
        retention.keep_days(CONTRACT, {"chargess": 3})
    with pytest.raises(QueryRefused, match="positive"):
        retention.keep_days(CONTRACT, {"charges": 0})
    assert retention.keep_days(CONTRACT, {"events": 5})["events"] == 5


def test_old_snapshots_go_only_when_asked(lake: Path, finding: Finding) -> None:
    kept = keep_finding(finding, who="x")
    EvidenceSnapshot.objects.update(kept_at=utc_now() - timedelta(days=400))
    run(lake, "retain", "--apply")
    assert queries.snapshot_folder().path(kept.id).exists()
    assert "kept rows: 1 snapshots" in run(lake, "retain", "--snapshots", "365")
    assert queries.snapshot_folder().path(kept.id).exists()
    run(lake, "retain", "--snapshots", "365", "--apply")
    assert not queries.snapshot_folder().path(kept.id).exists()
    kept.refresh_from_db()
    with pytest.raises(SnapshotMissing, match="past its time"):
        queries.rows_of(kept)
    again = keep_finding(finding, who="x")  # cited anew
    assert again.id == kept.id and len(queries.rows_of(again).rows) == 2


def test_an_account_is_erased_everywhere(lake: Path, finding: Finding, tmp_path: Path) -> None:
    kept = keep_finding(finding, who="x", message_id="msg_1")
    home = tmp_path / "home" / "investigate" / "qry_1"
    home.mkdir(parents=True)
    (home / "rows.json").write_text(GONE)
    plan = run(lake, "erase", "--account", GONE, "--reason", "request 7")
    for line in ("api_request_logs: 12 rows", "accounts: 1 rows", "1 snapshots", "findings: 1"):
        assert line in plan, plan
    assert "name no account: api_request_logs (1)" in plan
    assert "erased at their source: disputes" in plan
    assert "charges: 2 rows" in plan and "refunds: 2 rows" in plan
    assert counts(lake, tmp_path)[GONE] == 12 and not EvidenceRemoval.objects.exists()

    run(lake, "erase", "--account", GONE, "--reason", "request 7", "--apply")
    left = counts(lake, tmp_path)
    assert GONE not in left and f"known {GONE}" not in left
    assert (left[OTHER], left[f"known {OTHER}"]) == (12, 1)
    assert (f"refunds {GONE}" in left, left[f"refunds {OTHER}"]) == (False, 2)
    (lake / "disputes.parquet").unlink()
    assert GONE.encode() not in every_byte(lake, queries.snapshot_folder().root, tmp_path / "home")

    kept.refresh_from_db()
    assert kept.gone_at and "request 7" in kept.gone_why
    rest = EvidenceSnapshot.objects.get(pk=kept.replaced_by)
    assert [row[0] for row in queries.rows_of(rest).rows] == [OTHER]
    assert rest.accounts == [OTHER]
    assert rest.citations.get().message_id == "msg_1"
    finding.refresh_from_db()
    assert [row["account_id"] for row in finding.rows] == [OTHER]
    assert "req_gone" not in finding.explanation_user and finding.evidence_ids == []
    noted = EvidenceRemoval.objects.get()
    assert (noted.account_id, noted.reason) == (GONE, "request 7")
    assert noted.finished_at and noted.removed["lake"]["api_request_logs"] == 12
    assert noted.removed["findings"] == 1 and noted.removed["snapshots"] == [kept.id]


def test_rows_that_do_not_say_whose_they_are_go_whole(lake: Path) -> None:
    cited = acts.Cited(["n"], ["bigint"], [[1]], run_id="")
    kept = acts.keep_snapshot(cited, case_id="case_1", message_id="", who="x")
    EvidenceSnapshot.objects.update(accounts=[GONE, OTHER])
    run(lake, "erase", "--account", GONE, "--reason", "r", "--apply")
    kept.refresh_from_db()
    assert kept.gone_at and kept.replaced_by == ""
    assert not queries.snapshot_folder().path(kept.id).exists()


def test_a_broken_off_erasure_is_on_record_and_can_be_repeated(
    lake: Path, finding: Finding, tmp_path: Path
) -> None:
    kept = keep_finding(finding, who="x")
    file = queries.snapshot_folder().path(kept.id)
    held = file.read_bytes()

    def fail() -> dict[str, int]:
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        removal.erase(lake, GONE, CONTRACT, who="x", reason="r", elsewhere=fail)
    assert EvidenceRemoval.objects.get().finished_at is None
    file.write_bytes(held)  # as if it had been killed before the file was deleted
    run(lake, "erase", "--account", GONE, "--reason", "r", "--apply")
    assert not file.exists()
    assert EvidenceRemoval.objects.filter(finished_at=None).count() == 1
    assert EvidenceRemoval.objects.exclude(finished_at=None).count() == 1
    finding.refresh_from_db()
    assert len(finding.rows) == 1


def test_nothing_is_erased_while_another_process_writes(lake: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom headwater.evidence.layout import LakeWriter\n"
        f"with LakeWriter(Path({str(lake)!r})):\n"
        "    print('held', flush=True)\n    sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "src"},
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
        before = read_manifest(lake)
        with pytest.raises(WriteRefused, match="Another process"):
            removal.erase(lake, GONE, CONTRACT, who="x", reason="r", elsewhere=dict)
        assert read_manifest(lake) == before
        assert EvidenceRemoval.objects.get().finished_at is None
    finally:
        holder.communicate()


def test_a_file_that_no_record_knows_is_swept_but_not_while_it_is_young(lake: Path) -> None:
    cited = acts.Cited(["account_id"], ["text"], [[GONE]], run_id="")
    with pytest.raises(RuntimeError), transaction.atomic():
        lost = acts.keep_snapshot(cited, case_id="case_1", message_id="", who="x")
        raise RuntimeError("rolled back")
    other = acts.Cited(["account_id"], ["text"], [[OTHER]], run_id="")
    kept = acts.keep_snapshot(other, case_id="case_1", message_id="", who="x")
    folder = queries.snapshot_folder()
    assert acts.sweep_snapshots() == 0 and folder.path(lost.id).exists()
    for identity in (lost.id, kept.id):
        os.utime(folder.path(identity), (0, 0))
    assert acts.sweep_snapshots() == 1
    assert not folder.path(lost.id).exists() and folder.path(kept.id).exists()
