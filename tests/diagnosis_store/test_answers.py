"""How a draft is worded."""

from datetime import datetime

from headwater.diagnosis.answers import Reader, verified_answer
from headwater.diagnosis.values import Diagnosis, Finding, Searched

AT = datetime(2026, 3, 1)
READER = Reader(name="Ada", text="It fails", product="Example Support")


def _finding(probability: float) -> Finding:
    return Finding(
        playbook="key-expired-or-invalid",
        title="The API key is expired",
        modes=("AUTH-02",),
        probability=probability,
        evidence_ids=(),
        first_seen=AT,
        last_seen=AT,
        explanation_user="Your key expired.",
        explanation_engineer="401",
        docs=("https://docs.example/keys",),
        sql="SELECT 1",
        columns=(),
        rows=(),
        what_to_do="1. Find the host.\n2. AUTH-02: deploy the key\n   there.\n3. AUTH-01: copy it.",
        reasons=(),
        run_id="run_1",
    )


def _diagnosis(*causes: Finding) -> Diagnosis:
    return Diagnosis("case_1", "acct_1", causes, (), Searched(AT, AT, ("charges",)), 0.1)


def test_steps_of_other_modes_and_mode_names_stay_inside() -> None:
    answer = verified_answer(READER, _diagnosis(_finding(0.9)))
    assert answer.body == (
        "Hello Ada,\n\nYour key expired.\n\nWhat to do:\n\n1. Find the host.\n"
        "2. Deploy the key there.\n\nDocumentation:\n\nhttps://docs.example/keys\n\n"
        "Kind regards\nExample Support"
    )
    assert answer.based_on == "key-expired-or-invalid"


def test_weak_cause_is_offered_as_a_first_lead() -> None:
    body = verified_answer(READER, _diagnosis(_finding(0.3))).body
    assert "not certain yet" in body
    assert "the id of a failed request" in body


def test_nothing_found_says_which_days_were_searched() -> None:
    body = verified_answer(READER, _diagnosis()).body
    assert "from 1 March 2026" in body
    assert "it happened (with the time zone)" in body
