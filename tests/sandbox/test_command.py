"""`headwater sandbox build` builds a world, and says clearly what it cannot do."""

from pathlib import Path

from click.testing import CliRunner

from headwater.cli.main import cli


def test_build_writes_a_world(tmp_path: Path) -> None:
    folder = tmp_path / "world"
    arguments = ["--accounts", "100", "--days", "8", "--end", "2026-03-01"]
    result = CliRunner().invoke(cli, ["sandbox", "build", str(folder), *arguments])
    assert result.exit_code == 0, result.output
    assert "cases. World written" in result.output
    days = sorted(path.name for path in (folder / "evidence" / "api_request_logs").iterdir())
    assert (days[0], days[-1], len(days)) == ("dt=2026-02-21", "dt=2026-02-28", 8)


def test_a_folder_with_other_content_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    result = CliRunner().invoke(cli, ["sandbox", "build", str(tmp_path)])
    assert result.exit_code == 1
    assert "holds something else. Name an empty or a new folder." in result.output
    assert (tmp_path / "thesis.txt").read_text() == "precious"


def test_a_bad_date_is_explained(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["sandbox", "build", str(tmp_path / "w"), "--end", "soon"])
    assert result.exit_code == 1
    assert "Write it like 2026-10-01." in result.output
