"""The pages that ship: complete, and proven on their own data through the real store."""

import re

import pytest

from headwater.diagnosis.answers import steps_for_user
from headwater.diagnosis.letters import sample_letters
from headwater.diagnosis.playbooks import load_playbooks
from headwater.diagnosis.playbooks.selftest import prove_playbook

FIRST_TWELVE = {
    "key-expired-or-invalid": {"AUTH-01", "AUTH-02"},
    "api-version-parameter-unknown": {"VER-03"},
    "wrong-mode-object": {"MODE-01"},
    "idempotency-key-reused": {"IDEM-01"},
    "duplicate-payment": {"DUP-01", "IDEM-03"},
    "rate-limited": {"RATE-01"},
    "issuer-declines": {"DEC-01"},
    "authentication-required-off-session": {"DEC-03"},
    "webhook-endpoint-failing": {"WH-04"},
    "webhook-endpoint-disabled": {"WH-09"},
    "payout-failed": {"PAY-02"},
    "connect-requirements-due": {"CON-01"},
}


def test_the_first_twelve_are_there() -> None:
    pages = load_playbooks()
    assert {name: set(pages[name].covers) for name in FIRST_TWELVE} == FIRST_TWELVE


@pytest.mark.parametrize("name", sorted(load_playbooks()))
def test_symptoms_are_many_and_different(name: str) -> None:
    symptoms = load_playbooks()[name].symptoms
    assert len(symptoms) >= 12
    assert len({text.lower() for text in symptoms}) == len(symptoms)


@pytest.mark.parametrize("name", sorted(load_playbooks()))
def test_phrases_are_several_and_short(name: str) -> None:
    phrases = load_playbooks()[name].phrases
    assert 8 <= len(phrases) <= 14
    assert all(len(text) <= 120 for text in phrases)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(load_playbooks()))
def test_a_page_proves_itself(name: str) -> None:
    failed = [outcome for outcome in prove_playbook(load_playbooks()[name]) if outcome.problems]
    assert failed == []


# What a specialist does, in the words that pages use for it.
OURS = re.compile(
    r"\b(?:the user|risk team|route|promise|suggest|disclose|escalate|the incident)\b|"
    r"^(?:show|name|explain|offer|say|tell them|give the)\b|^[a-z ]{3,20}: ",
    re.I,
)


@pytest.mark.parametrize("name", sorted(load_playbooks()))
def test_no_step_of_ours_is_told_to_the_user(name: str) -> None:
    page = load_playbooks()[name]
    steps = steps_for_user(page.what_to_do, page.covers)
    ours = [s for s in steps if OURS.search(s) and not s.startswith("Offer another")]
    assert [s for s in ours if not s.startswith(("If ", "Where ", "For ", "In "))] == []


def test_a_page_shows_the_letters_of_its_test_data() -> None:
    letters = list(sample_letters(load_playbooks()["payout-less-than-sales"]))
    assert "less refunds of 88.00 GBP, disputes of 10.00 GBP, and fees" in letters[0].letter
    for each in letters:
        assert "For us" not in each.letter and "Ids:" in each.engineer
