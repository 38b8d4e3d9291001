"""Which pages are used: those that ship, or a folder that somebody names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from headwater.diagnosis.playbooks import PlaybooksMissing, load_playbooks


def test_an_argument_goes_before_the_variable(
    spoil: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = spoil().parents[1]
    monkeypatch.setenv("HEADWATER_PLAYBOOKS", str(folder))
    assert set(load_playbooks()) == {"too-many"}
    (tmp_path / "empty").mkdir()
    with pytest.raises(PlaybooksMissing, match="holds no playbooks"):
        load_playbooks(tmp_path / "empty")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PlaybooksMissing, match="nowhere"):
        load_playbooks(tmp_path / "nowhere")
