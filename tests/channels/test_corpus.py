"""Every mail of the corpus is read as a person wrote down before the code ran on it."""

import json
from pathlib import Path

from click.testing import CliRunner

from headwater.channels.corpus import differences
from headwater.cli.main import cli

CORPUS = Path(__file__).parent / "corpus"


def test_every_mail_is_read_as_expected() -> None:
    result = CliRunner().invoke(cli, ["mail", "check", str(CORPUS)])
    assert result.exit_code == 0, result.output
    assert f"{len(list(CORPUS.glob('*.eml')))} mails, 0 with differences." in result.output


def test_differences_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"From: A <a@x.example>\nSubject: x\n\nHello\n")
    (tmp_path / "a.json").write_text(
        json.dumps({"text": "Hullo", "from": [{"address": "a@x.example"}], "subject_lacks": "x"})
    )
    (tmp_path / "b.eml").write_bytes(b"From: a@x.example\n\nno expectation\n")
    (tmp_path / "c.json").write_text("{}")
    result = CliRunner().invoke(cli, ["mail", "check", str(tmp_path)])
    assert result.exit_code == 1
    assert "a.eml: text is 'Hello', not 'Hullo'" in result.output
    assert "a.eml: subject contains 'x'" in result.output
    assert "b.eml: " in result.output and "b.json cannot be read" in result.output
    assert "c.eml cannot be read" in result.output
    assert "2 mails, 3 with differences." in result.output


def test_no_mail_at_all_is_no_success(tmp_path: Path) -> None:
    assert CliRunner().invoke(cli, ["mail", "check", str(tmp_path)]).exit_code == 1


def test_how_expectations_are_compared() -> None:
    raw = b"From: A <a@x.example>\nTo: b@x.example, c@x.example\n\nHello\n"

    def found(**expected: object) -> list[str]:
        return differences(raw, json.dumps(expected).encode())

    assert (
        found(text="Hello", text_contains=["Hell", "lo"], to=[{}, {"address": "c@x.example"}]) == []
    )
    assert found(to=[{}]) and found(to=[{"address": "z"}, {}]) and found(bounce={"status": "5"})
    assert "unknown key 'txet'" in found(txet="Hello")[0]
    assert "should be refused" in found(refused="empty")[0]
    assert differences(b"", b'{"refused": "is empty"}') == []
    assert "it was refused" in differences(b"", b'{"text": ""}')[0]
    assert "not valid JSON" in differences(raw, b"{")[0]
    assert differences(raw, b"[]") and differences(raw, b"{}")
