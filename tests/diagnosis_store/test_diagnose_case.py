"""From a stored case to a stored diagnosis and a draft, over a real lake."""

import threading
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from headwater.accounts.acts import record_platform_account, verify_link
from headwater.accounts.models import AccountLink, PlatformAccount
from headwater.accounts.rules import Identity
from headwater.cases import acts as case_acts
from headwater.cases import queries as case_queries
from headwater.cases.models import Case
from headwater.diagnosis.acts import erase_findings, escalate_case
from headwater.diagnosis.queries import diagnoses_of, latest_diagnosis
from headwater.diagnosis.tasks import complete_handoff
from headwater.evidence.models import EvidenceRun
from headwater.kit.jobs.models import Job
from headwater.kit.jobs.worker import run_worker
from headwater.kit.outbox.models import OutgoingMail
from tests.diagnosis_store.conftest import GUILTY, QUIET
from tests.factories import MAIL, SYSTEM, incoming, make_agent, make_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evidence")]

PROBLEM = "Since today your API answers 429 too many requests to our nightly job."
# What a draft for somebody unproven must not contain, whatever the playbook says.
FACTS = ("req_Burst", "429", "burst", "refused", GUILTY)


def _account(account_id: str) -> PlatformAccount:
    return record_platform_account(
        account_id=account_id, name="Shop", email="owner@shop.example", country="DE", actor=SYSTEM
    )


def _case(account_id: str | None, identity: Identity, body: str = PROBLEM) -> Case:
    account = _account(account_id) if account_id else None
    case = make_case(account=account, identity=identity, body=body)
    if account and identity == "verified":
        link, _ = AccountLink.objects.get_or_create(person=case.person, platform_account=account)
        verify_link(link, how="agent", actor=SYSTEM)
    return case


def _work() -> None:
    """Runs every due job but those of rooms that are not part of this test."""
    Job.objects.exclude(name="diagnosis.diagnose_case").update(run_at="2100-01-01T00:00:00Z")
    run_worker(threading.Event(), once=True)
    failed = Job.objects.filter(name="diagnosis.diagnose_case").first()
    assert failed is None, failed.last_error


def _draft(case: Case) -> str:
    draft = case_queries.draft_of(case)
    assert draft
    return draft.body


@pytest.mark.slow
def test_a_hand_off_is_completed_with_its_reach_and_the_calls_that_failed() -> None:
    case = _case(GUILTY, "verified")
    _work()
    agent = make_agent("Eva Lund")
    made = escalate_case(case, agent=agent, actor=SYSTEM)
    assert "Being counted" in made.page
    completing = complete_handoff({"handoff_id": made.pk})
    assert completing is not None
    completing()
    made.refresh_from_db()
    assert "Accounts that show it: 1, from" in made.page
    assert "Within the last day: 1, of which 1 for the first time" in made.page
    assert "Wrote to us about it: 1" in made.page
    assert 'attempt("get", "/v1/' in made.page and "429" in made.page
    assert made.content["requests"][0]["id"].startswith("req_Burst")
    assert EvidenceRun.objects.filter(reason="complete a hand-off").count() >= 2
    # Erasing another account that the reach names leaves the hand-off, without it.
    made.content["reach"]["first"].append({"account_id": "acct_Else1", "currency": ""})
    made.page += "acct_Else1"
    made.save()
    erase_findings("acct_Else1")
    made.refresh_from_db()
    assert "acct_Else1" not in made.page + str(made.content) and "429" in made.page
    erase_findings(GUILTY)
    made.refresh_from_db()
    assert made.content == {} and complete_handoff({"handoff_id": made.pk}) is None


def test_verified_sender_gets_the_cause_with_its_evidence() -> None:
    case = _case(GUILTY, "verified")
    _work()
    diagnosis = latest_diagnosis(case)
    assert diagnosis
    best = diagnosis.findings.all()[0]
    assert best.playbook == "rate-limited"
    assert best.probability > 0.5
    assert best.rows[0]["occurrences"] == 60
    assert best.evidence_ids[0].startswith("req_Burst")
    assert EvidenceRun.objects.get(pk=best.run_id).case_id == case.id
    fresh = case_queries.case_for_system(case.id)
    assert (fresh.likely_cause, fresh.likely_probability) == ("rate-limited", best.probability)
    body = _draft(case)
    assert body.startswith("Hello Ada,")
    assert "60 requests" in body
    assert best.docs[0] in body
    draft = case_queries.draft_of(case)
    assert draft
    assert (draft.author, draft.based_on) == ("system", "rate-limited")


def test_every_read_is_on_record_with_the_case() -> None:
    case = _case(GUILTY, "verified")
    _work()
    runs = EvidenceRun.objects.filter(case_id=case.id)
    assert any("status = 429" in run.sql for run in runs)
    assert {run.entrance for run in runs} == {"job"}
    assert all(GUILTY in run.accounts for run in runs if run.accounts is not None)


def test_claimed_account_gets_no_facts_but_a_way_to_verify() -> None:
    case = _case(GUILTY, "unverified")
    _work()
    body = _draft(case)
    assert "confirm" in body
    assert not [fact for fact in FACTS if fact in body]
    assert "owner@shop.example" not in body
    assert OutgoingMail.objects.get(kind="system").recipient == "owner@shop.example"
    # The specialist may look; the case says that the account is only claimed.
    assert case_queries.case_for_system(case.id).identity == "unverified"


def test_general_answer_does_not_depend_on_what_the_account_did() -> None:
    claimed = _case(GUILTY, "unverified"), _case(QUIET, "unverified")
    _work()
    guilty, quiet = (_draft(case) for case in claimed)
    assert guilty == quiet


def test_case_said_to_be_verified_without_a_verified_link_gets_no_facts() -> None:
    case = make_case(account=_account(GUILTY), identity="verified", body=PROBLEM)
    _work()
    assert not [fact for fact in FACTS if fact in _draft(case)]


def test_unknown_sender_reads_nothing_about_anyone() -> None:
    case = _case(None, "unknown")
    _work()
    assert "could not find an account" in _draft(case)
    assert not EvidenceRun.objects.filter(case_id=case.id).exists()
    diagnosis = latest_diagnosis(case)
    assert diagnosis
    assert not diagnosis.findings.exists()


def test_nothing_found_is_said_and_what_is_missing_is_asked_for() -> None:
    case = _case(QUIET, "verified", "Something is odd with req_Ab12Cd34Ef at 14:05.")
    _work()
    body = _draft(case)
    assert "have not found the cause" in body
    assert "req_)" not in body
    assert "time zone" not in body
    assert "payment, event or payout" in body
    fresh = case_queries.case_for_system(case.id)
    assert (fresh.likely_cause, fresh.likely_probability) == ("", None)
    found = latest_diagnosis(case)
    assert found
    assert "api_request_logs" in found.searched["tables"]
    assert "rate-limited" in [each["playbook"] for each in found.ruled_out]


def test_verifying_later_replaces_the_general_answer() -> None:
    case = _case(GUILTY, "unverified")
    _work()
    link = AccountLink.objects.get(person=case.person)
    verify_link(link, how="link", actor=SYSTEM)
    assert [each.id for each in case_acts.apply_verified_link(link, actor=SYSTEM)] == [case.id]
    _work()
    assert "60 requests" in _draft(case)


def test_agents_own_draft_is_left_alone() -> None:
    case = _case(GUILTY, "verified")
    case_acts.save_draft(case, "My own words", author="agent", actor=SYSTEM)
    _work()
    assert _draft(case) == "My own words"


def test_answered_case_gets_no_new_draft_but_a_diagnosis() -> None:
    case = _case(GUILTY, "verified")
    case_acts.send_reply(case, "We look.", agent=make_agent(), actor=SYSTEM)
    _work()
    assert case_queries.draft_of(case) is None
    assert latest_diagnosis(case)


def test_further_message_is_read_together_with_the_first() -> None:
    case = _case(GUILTY, "verified", "It is broken.")
    _work()
    case_acts.add_user_message(case, incoming(PROBLEM), actor=MAIL)
    _work()
    assert diagnoses_of(case).count() == 2


def test_missing_evidence_is_tried_again_and_says_why(settings: Settings, tmp_path: Path) -> None:
    settings.HEADWATER_EVIDENCE = str(tmp_path / "nowhere")
    case = _case(GUILTY, "verified")
    run_worker(threading.Event(), once=True)
    waiting = Job.objects.get(payload={"case_id": case.id})
    assert waiting.state == "ready"
    assert "nowhere" in waiting.last_error
    assert latest_diagnosis(case) is None


@pytest.mark.slow
def test_stored_diagnosis_needs_few_queries_to_show(
    django_assert_max_num_queries: object,
) -> None:
    case = _case(GUILTY, "verified")
    _work()
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        diagnosis = latest_diagnosis(case)
        assert diagnosis
        assert [finding.title for finding in diagnosis.findings.all()]
    assert connection.in_atomic_block
