"""Pages that passed are not parsed again, and a page or rule that changed is."""

import json
import shutil
from pathlib import Path

import pytest

from headwater.diagnosis.playbooks import checked as memory
from headwater.diagnosis.playbooks import load_playbooks, loader
from headwater.diagnosis.playbooks.errors import PlaybookInvalid

ROOT = Path(__file__).parents[2] / "playbooks"
PAGE = "limits/rate-limited.md"


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One page of its own, and a home where nothing is remembered yet."""
    monkeypatch.setenv("HEADWATER_HOME", str(tmp_path / "home"))
    target = tmp_path / "pages" / PAGE
    target.parent.mkdir(parents=True)
    shutil.copy(ROOT / PAGE, target)
    _forget()
    return tmp_path / "pages"


def _forget() -> None:
    """As in a new process."""
    memory.checked.cache_clear()
    loader._read.cache_clear()


def test_a_page_that_passed_is_not_parsed_again(
    pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_playbooks(pages)

    def parse(*_: object) -> tuple[str, ...]:
        raise AssertionError("parsed again")

    _forget()
    monkeypatch.setattr(loader, "output_columns", parse)
    assert load_playbooks(pages) == first


def test_a_page_that_changed_is_checked(pages: Path) -> None:
    load_playbooks(pages)
    page = pages / PAGE
    page.write_text(page.read_text("utf-8").replace("FROM api_request_logs", "FROM api_logs", 1))
    _forget()
    with pytest.raises(PlaybookInvalid, match="api_logs"):
        load_playbooks(pages)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"x": 3}', "\0"])
def test_a_spoilt_memory_does_no_harm(pages: Path, content: str) -> None:
    first = load_playbooks(pages)
    file = next((pages.parent / "home").rglob("playbooks-checked.json"))
    assert json.loads(file.read_text("utf-8"))
    file.write_text(content)
    _forget()
    assert load_playbooks(pages) == first


def test_a_memory_that_cannot_be_written_does_no_harm(
    pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pages.parent / "file").write_text("")
    monkeypatch.setenv("HEADWATER_HOME", str(pages.parent / "file"))
    _forget()
    assert load_playbooks(pages)
