"""The `headwater` command that the set-up writes can be imported again by processes it spawns."""

import re
import runpy
from pathlib import Path

import pytest

SETUP = Path(__file__).parents[2] / "scripts" / "setup.sh"


def launcher() -> str:
    """The text of the command, as the set-up script writes it."""
    found = re.search(r"<<SCRIPT\n#![^\n]+\n(.*?)^SCRIPT$", SETUP.read_text(), re.S | re.M)
    assert found
    return found.group(1)


def test_a_spawned_process_does_not_run_the_command_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "headwater"
    script.write_text(launcher())
    monkeypatch.setattr("sys.argv", ["headwater", "--help"])
    runpy.run_path(str(script), run_name="__mp_main__")
    with pytest.raises(SystemExit, match="0"):
        runpy.run_path(str(script), run_name="__main__")
