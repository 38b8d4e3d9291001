"""What a sent answer relies on can be shown when the platform's rows are long gone."""

import json
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from headwater.accounts.acts import record_platform_account, verify_link
from headwater.accounts.models import AccountLink
from headwater.cases import acts as case_acts
from headwater.cases import queries as case_queries
from headwater.cases.models import Case, Message
from headwater.cli.main import cli
from headwater.diagnosis.acts import keep_finding
from headwater.diagnosis.queries import latest_diagnosis
from headwater.evidence import queries
from headwater.evidence.models import EvidenceCitation, EvidenceRun, EvidenceSnapshot
from headwater.kit.jobs.models import Job
from headwater.kit.jobs.worker import run_worker
from tests.diagnosis_store.conftest import GUILTY
from tests.factories import SYSTEM, make_agent, make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence")]


@pytest.fixture
def case() -> Case:
    """A diagnosed case whose draft names the cause."""
    account = record_platform_account(
        account_id=GUILTY, name="Shop", email="owner@shop.example", country="DE", actor=SYSTEM
    )
    made = make_case(
        account=account,
        identity="verified",
        body="Since today your API answers 429 too many requests to our nightly job.",
    )
    link, _ = AccountLink.objects.get_or_create(person=made.person, platform_account=account)
    verify_link(link, how="agent", actor=SYSTEM)
    work("diagnosis.diagnose_case")
    return case_queries.case_for_system(made.id)


def work(name: str) -> None:
    Job.objects.exclude(name=name).update(run_at="2100-01-01T00:00:00Z")
    run_worker(threading.Event(), once=True)
    failed = Job.objects.filter(name=name).first()
    assert failed is None, failed.last_error


def send(case: Case, body: str) -> Message:
    return case_acts.send_reply(case, body, agent=make_agent(), actor=SYSTEM)


def show(*arguments: str) -> dict[str, object]:
    outcome = CliRunner().invoke(cli, ["evidence", "show", *arguments, "--json"])
    assert outcome.exit_code == 0, outcome.output
    return json.loads(outcome.stdout)  # type: ignore[no-any-return]


def test_a_sent_answer_keeps_what_its_draft_was_based_on(case: Case, settings: object) -> None:
    draft = case_queries.draft_of(case)
    assert draft is not None and draft.based_on == "rate-limited"
    sent = send(case, draft.body)
    assert not EvidenceSnapshot.objects.exists()
    work("diagnosis.keep_cited")
    diagnosis = latest_diagnosis(case)
    assert diagnosis
    finding = diagnosis.findings.all()[0]
    (kept,) = queries.snapshots_of_case(case.id)
    assert (kept.run_id, kept.accounts, kept.title) == (finding.run_id, [GUILTY], finding.title)
    assert "status = 429" in kept.sql and kept.as_of["api_request_logs"]
    (citation,) = kept.citations.all()
    assert (citation.case_id, citation.message_id) == (case.id, sent.id)

    # Next year: no lake, and not even the finding's own copy of the rows.
    settings.HEADWATER_EVIDENCE = "/nowhere"  # type: ignore[attr-defined]
    rows = finding.rows
    finding.rows = []
    finding.save()
    shown = show(kept.id[:12])
    assert shown["hash"] == "verified" and len(shown["rows_kept"]) == len(rows)  # type: ignore[arg-type]
    row = dict(zip(shown["columns"], shown["rows_kept"][0], strict=True))  # type: ignore[arg-type, index]
    assert row["occurrences"] == rows[0]["occurrences"] == 60
    assert row["account_id"] == GUILTY
    assert row["first_seen"] == rows[0]["first_seen"].removesuffix("Z")
    of_run = show(finding.run_id)
    assert of_run["snapshots"] == [kept.id] and of_run["case_id"] == case.id
    assert EvidenceRun.objects.get(engine="snapshot").sql == f"-- snapshot {kept.id}"


def test_sending_twice_keeps_the_rows_once_and_both_uses(case: Case) -> None:
    send(case, "As the draft says, in other words.")
    work("diagnosis.keep_cited")
    assert EvidenceCitation.objects.count() == 1
    diagnosis = latest_diagnosis(case)
    assert diagnosis
    quoted = send(case, f"See {diagnosis.findings.all()[0].evidence_ids[0]} for example.")
    work("diagnosis.keep_cited")
    assert EvidenceSnapshot.objects.count() == 1
    assert EvidenceCitation.objects.count() == 2
    assert EvidenceCitation.objects.filter(message_id=quoted.id).exists()


def test_an_answer_that_relies_on_nothing_keeps_nothing(case: Case) -> None:
    case_acts.discard_draft(case, actor=SYSTEM)
    send(case, "Thank you, we are looking into it.")
    work("diagnosis.keep_cited")
    assert not EvidenceSnapshot.objects.exists()


def test_a_finding_attached_to_a_case_is_kept_without_a_message(case: Case) -> None:
    diagnosis = latest_diagnosis(case)
    assert diagnosis
    for _ in range(2):
        kept = keep_finding(diagnosis.findings.all()[0], who="agent@example.com")
    (citation,) = kept.citations.all()
    assert (citation.message_id, citation.who) == ("", "agent@example.com")


def test_a_forged_snapshot_is_refused_and_the_attempt_recorded(case: Case) -> None:
    diagnosis = latest_diagnosis(case)
    assert diagnosis
    kept = keep_finding(diagnosis.findings.all()[0], who="agent@example.com")
    path: Path = queries.snapshot_folder().path(kept.id)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    outcome = CliRunner().invoke(cli, ["evidence", "show", kept.id])
    assert outcome.exit_code == 1 and "another hash" in outcome.output
    outcome = CliRunner().invoke(cli, ["evidence", "show", "run_nobody"])
    assert outcome.exit_code == 1 and "No read run_nobody" in outcome.output
