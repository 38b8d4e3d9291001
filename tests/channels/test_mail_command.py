"""`headwater mail`: how a file is read, and the way back for what was set aside."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from headwater.channels.acts import receive_mail
from headwater.cli.main import cli
from tests.channels.conftest import OWNER, SUPPORT, work, write


def test_parse_prints_one_line_per_file(tmp_path: Path) -> None:
    files = [tmp_path / "a.eml", tmp_path / "b.eml"]
    for file in files:
        file.write_bytes(
            write("Grüße", Cc="B <b@x.example>", Date="Mon, 05 Jan 2026 10:00:00 +0100")
        )
    result = CliRunner().invoke(cli, ["mail", "parse", "--json", *map(str, files)])
    assert result.exit_code == 0, result.output
    first, _second = (json.loads(line) for line in result.output.splitlines())
    assert first["from"] == [{"name": "Ada", "address": OWNER}]
    assert first["cc"] == [{"name": "B", "address": "b@x.example"}]
    assert (first["text"], first["date"], first["kind"], first["bounce"]) == (
        "Grüße",
        "2026-01-05T09:00:00Z",
        "normal",
        None,
    )


def test_one_unreadable_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / "good.eml").write_bytes(write("Readable"))
    files = [str(tmp_path / name) for name in ("none.eml", "empty.eml", "good.eml")]
    result = CliRunner().invoke(cli, ["mail", "parse", *files])
    assert result.exit_code == 1
    assert "Readable" in result.stdout
    assert "none.eml cannot be read" in result.stderr
    assert "The mail is empty." in result.stderr


@pytest.mark.django_db
def test_status_show_and_replay() -> None:
    raw = b"Subject: x\r\n\r\nhelp"
    mail = receive_mail(raw, envelope_from="", envelope_to=[SUPPORT], entrance="smtp")
    work()
    run = CliRunner().invoke
    assert (
        "Mails accepted: 1 (0 stored, 0 ingested, 1 quarantined"
        in run(cli, ["mail", "status"]).output
    )
    assert run(cli, ["mail", "show", mail.id]).stdout_bytes == raw
    assert "read again" in run(cli, ["mail", "replay", mail.id]).output
    assert "1 stored" in run(cli, ["mail", "status"]).output
    refused = run(cli, ["mail", "replay", mail.id])
    assert refused.exit_code == 1 and "was not set aside" in refused.output
