"""The page about coverage says what the shipped playbooks prove."""

from pathlib import Path

from headwater.diagnosis.playbooks import load_playbooks, mode_titles
from headwater.diagnosis.playbooks.coverage import coverage_page, questions

PAGE = Path(__file__).parents[2] / "docs" / "playbooks" / "coverage.md"


def test_the_page_is_what_the_command_writes() -> None:
    assert PAGE.read_text("utf-8") == coverage_page(load_playbooks())


def test_no_playbook_covers_a_mode_that_nobody_knows() -> None:
    known = mode_titles()
    for page in load_playbooks().values():
        assert set(page.covers) <= known.keys(), page.id


def test_every_mode_is_proven_or_asked_about() -> None:
    proven = {mode for page in load_playbooks().values() for mode in page.covers}
    asked = {mode for each in questions() for mode in each["modes"]}
    assert mode_titles().keys() == (proven | asked) & mode_titles().keys()
    assert len(proven) >= 105
    assert all(len(each["questions"]) >= 3 and each["why"] for each in questions())
