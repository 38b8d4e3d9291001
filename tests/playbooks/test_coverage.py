"""The page about coverage says what the shipped playbooks prove."""

from pathlib import Path

from headwater.diagnosis.playbooks import load_playbooks, mode_titles
from headwater.diagnosis.playbooks.coverage import coverage_page

PAGE = Path(__file__).parents[2] / "docs" / "playbooks" / "coverage.md"


def test_the_page_is_what_the_command_writes() -> None:
    assert PAGE.read_text("utf-8") == coverage_page(load_playbooks())


def test_no_playbook_covers_a_mode_that_nobody_knows() -> None:
    known = mode_titles()
    for page in load_playbooks().values():
        assert set(page.covers) <= known.keys(), page.id
