"""A case becomes a diagnosis over a real store."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from headwater.diagnosis.base_rates import StoredBaseRates
from headwater.diagnosis.engine import Engine, diagnose
from headwater.diagnosis.playbooks import Playbook
from headwater.diagnosis.ranking import load_weights
from headwater.diagnosis.values import CaseInput
from headwater.evidence.types import EvidenceStore

Make = Callable[..., CaseInput]


@pytest.fixture(scope="module")
def engine(
    store: EvidenceStore,
    playbooks: dict[str, Playbook],
    tmp_path_factory: pytest.TempPathFactory,
) -> Engine:
    rates = StoredBaseRates(store, tmp_path_factory.mktemp("rates"))
    return Engine(store, playbooks, rates)


@pytest.fixture(scope="module")
def trusting(store: EvidenceStore, playbooks: dict[str, Playbook]) -> Engine:
    """One for which words weigh more than *no cause* does: three pages tell words apart poorly."""
    shipped = load_weights()
    return Engine(
        store, playbooks, weights=replace(shipped, points={**shipped.points, "none": 1.0})
    )


def test_names_the_cause_with_its_evidence(engine: Engine, case: Make) -> None:
    line = engine.diagnose(case()).as_dict()
    assert line["account_id"] == "acct_Guilty1"
    (cause,) = line["causes"]
    assert cause["playbook"] == "declines"
    assert cause["modes"] == ["DEC-01"]
    assert cause["probability"] > 0.7
    assert cause["evidence_ids"] == ["ch_Bad03x", "ch_Bad20x", "ch_Bad50x"]
    assert cause["first_seen"] == "2026-02-27T10:00:00Z"
    assert cause["last_seen"] == "2026-03-01T09:00:00Z"
    assert cause["explanation"] == {"user": "3 seen.", "engineer": "ch_Bad50x: 3."}
    assert cause["rows"][0]["failure_code"] == "card_declined"
    assert "charges" in cause["sql"]


def test_says_what_was_searched_and_what_could_not_be(engine: Engine, case: Make) -> None:
    searched = engine.diagnose(case()).as_dict()["searched"]
    assert searched["window"] == {"start": "2026-01-30T12:00:00Z", "end": "2026-03-01T12:00:00Z"}
    assert searched["tables"] == ["api_request_logs", "charges"]
    assert "webhook_delivery_attempts" in searched["missing_tables"]
    assert [each["playbook"] for each in searched["not_searched"]] == ["hooks"]
    assert set(searched["freshness"]) <= {"api_request_logs", "charges"}


def test_rules_out_what_left_no_rows_and_tells_look_alikes_apart(
    engine: Engine, case: Make
) -> None:
    (ruled_out,) = engine.diagnose(case()).as_dict()["ruled_out"]
    assert ruled_out["playbook"] == "limits"
    assert "Searched api_request_logs from 2026-01-30T12:00:00Z" in ruled_out["reason"]
    assert "A decline carries a decline code" in ruled_out["reason"]


def test_an_account_without_signs_has_no_cause(engine: Engine, case: Make) -> None:
    found = engine.diagnose(case(from_email="owner7@plain.example"))
    line = found.as_dict()
    assert line["account_id"] == "acct_Plain07"
    assert found.causes == () and line["causes"] == []
    assert line["none_probability"] > 0.5
    assert {each["playbook"] for each in line["ruled_out"]} == {"declines", "limits"}


def test_an_old_single_sign_is_held_back_and_said(engine: Engine, case: Make) -> None:
    text = {"subject": "Invoice layout", "body": "Where do I change the logo?"}
    line = engine.diagnose(case(from_email="owner0@plain.example", **text)).as_dict()
    held_back = next(each for each in line["ruled_out"] if each["playbook"] == "declines")
    assert line["causes"] == []
    assert "judged unlikely" in held_back["reason"]


def test_signs_after_the_mail_are_not_seen(engine: Engine, case: Make) -> None:
    before = engine.diagnose(case(from_email="owner1@plain.example"))
    after = engine.diagnose(
        case(
            from_email="owner1@plain.example",
            received_at=case().received_at + timedelta(hours=2),
        )
    )
    assert before.causes == ()
    assert [each.playbook for each in after.causes] == ["declines"]


def test_the_same_case_gives_the_same_bytes(
    engine: Engine, store: EvidenceStore, playbooks: dict[str, Playbook], case: Make, tmp_path: Path
) -> None:
    again = Engine(store, playbooks, StoredBaseRates(store, tmp_path))
    assert json.dumps(engine.diagnose(case()).as_dict()) == json.dumps(
        again.diagnose(case()).as_dict()
    )


def test_one_call_without_base_rates(
    store: EvidenceStore, playbooks: dict[str, Playbook], case: Make
) -> None:
    found = diagnose(case(), store, playbooks)
    assert [each.playbook for each in found.causes] == ["declines"]
    why = {reason.feature: reason.text for reason in found.causes[0].reasons}
    assert "could not be counted" in why["surprise"]


def test_what_only_the_words_say_is_suggested_and_not_called_proven(
    trusting: Engine, case: Make
) -> None:
    words = {"subject": "429", "body": "The API refuses us: too many requests, rate limited"}
    line = trusting.diagnose(case(from_email="owner7@plain.example", **words)).as_dict()
    suggested = line["causes"][0]
    assert suggested["playbook"] == "limits"
    assert suggested["proven"] is False and suggested["rows"] == []
    assert "shows no sign of it" in suggested["explanation"]["engineer"]
    assert "limits" not in {each["playbook"] for each in line["ruled_out"]}


def test_what_could_not_be_looked_at_is_suggested_with_the_reason(
    trusting: Engine, case: Make
) -> None:
    words = {"subject": "No webhook", "body": "We stopped receiving notifications, webhook fails"}
    found = trusting.diagnose(case(from_email="owner7@plain.example", **words))
    (suggested,) = found.suggested
    assert suggested.playbook == "hooks" and not suggested.searched
    assert "webhook_delivery_attempts" in suggested.why


def test_a_stranger_gets_suggestions_from_the_words_but_no_cause(
    trusting: Engine, case: Make
) -> None:
    words = {"subject": "429", "body": "The API refuses us: too many requests, rate limited"}
    line = trusting.diagnose(case(from_email="nobody@else.example", **words)).as_dict()
    assert line["account_id"] is None and line["causes"] == []
    assert line["suggested"][0]["playbook"] == "limits"


def test_words_do_not_bury_what_the_rows_prove(engine: Engine, case: Make) -> None:
    found = engine.diagnose(case())
    assert found.causes[0].playbook == "declines" and found.as_dict()["causes"][0]["proven"]
    assert found.none_probability + sum(each.probability for each in found.causes) <= 1.0


def test_an_optional_table_that_is_not_there_counts_as_empty(
    store: EvidenceStore, playbooks: dict[str, Playbook], case: Make
) -> None:
    sql = """
        WITH seen AS (SELECT id, account_id, created FROM charges
                      WHERE created >= $window_start AND created < $window_end
                        AND status = 'failed')
        SELECT s.account_id, max(s.id) AS object_id, min(s.created) AS first_seen,
               max(s.created) AS last_seen, count(*) AS occurrences,
               string_agg(s.id, ',' ORDER BY s.id) AS evidence_ids, max(r.reason) AS reason
        FROM seen AS s LEFT JOIN reviews AS r ON r.charge_id = s.id
        GROUP BY s.account_id"""
    strict = replace(playbooks["declines"], sql=sql)
    found = diagnose(case(), store, {"declines": strict})
    assert [each.reason for each in found.searched.not_searched] == [
        "The evidence lacks the table reviews."
    ]
    lenient = replace(strict, optional=("reviews",))
    found = diagnose(case(), store, {"declines": lenient})
    assert found.causes[0].rows[0]["occurrences"] == 3
    assert found.causes[0].rows[0]["reason"] is None


def test_a_playbook_that_fails_is_reported_and_the_others_run(
    store: EvidenceStore, playbooks: dict[str, Playbook], case: Make
) -> None:
    broken = replace(playbooks["limits"], sql=playbooks["limits"].sql.replace("429", "1 / 'x'"))
    found = diagnose(case(), store, {**playbooks, "limits": broken})
    assert [each.playbook for each in found.causes] == ["declines"]
    reasons = {each.playbook: each.reason for each in found.searched.not_searched}
    assert "did not finish" in reasons["limits"]
