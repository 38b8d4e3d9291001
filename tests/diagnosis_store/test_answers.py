"""How a draft is worded."""

from dataclasses import replace
from datetime import datetime, timedelta

from headwater.diagnosis.answers import Earlier, Reader, verified_answer
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
        "2. Deploy the key there.\n\nTo check that it worked: afterwards nothing new of this kind "
        "should appear. The last that we see so far is of 1 Mar 2026, 00:00 UTC. If you write "
        "to us again, we look again.\n\nDocumentation:\n\nhttps://docs.example/keys\n\n"
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


def test_a_second_contact_is_told_what_happened_since() -> None:
    found = replace(_finding(0.9), evidence_ids=("req_1",))
    first = verified_answer(READER, _diagnosis(found)).body
    earlier = [Earlier(found.playbook, AT - timedelta(days=2))]
    again = verified_answer(READER, _diagnosis(found), earlier).body
    assert again != first
    assert "On 27 February 2026 we answered about the same cause" in again
    assert "it has happened again, the last time on 1 Mar 2026" in again
    assert "hand the case to our engineers" in again
    assert "It concerns req_1." in first


def test_a_second_contact_without_anything_new_is_not_told_to_mend_it_again() -> None:
    earlier = [Earlier("key-expired-or-invalid", AT + timedelta(hours=1))]
    body = verified_answer(READER, _diagnosis(_finding(0.9)), earlier).body
    assert "nothing new of this kind has appeared" in body
    assert "Deploy the key" not in body
    assert "the id of a failed request" in body


def test_an_answer_about_another_cause_changes_nothing() -> None:
    plain = verified_answer(READER, _diagnosis(_finding(0.9)))
    assert verified_answer(READER, _diagnosis(_finding(0.9)), [Earlier("other", AT)]) == plain


def test_steps_that_are_ours_stay_inside() -> None:
    steps = "1. For us: tell them where the money is.\n2. AUTH-02: For us: ask why.\n3. Pin it."
    body = verified_answer(READER, _diagnosis(replace(_finding(0.9), what_to_do=steps))).body
    assert "1. Pin it." in body
    assert "tell them" not in body and "ask why" not in body
