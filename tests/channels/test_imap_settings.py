"""The file that names the mailboxes: complete, safe, and refused in plain words otherwise."""

from pathlib import Path

import pytest

from headwater.channels.imap.boxes import Mailbox, MailboxSettings, password_of, read_mailboxes
from headwater.channels.imap.tokens import Tokens

_BASE = 'name = "a"\naddress = "a@shop.example"\nhost = "imap.shop.example"\nuser = "a"\n'
_PASSWORD = 'password_file = "/run/secrets/imap"\n'


def read(tmp_path: Path, *tables: str) -> list[Mailbox]:
    path = tmp_path / "mailboxes.toml"
    path.write_text("".join(f"[[mailbox]]\n{table}\n" for table in tables))
    return read_mailboxes(str(path))


def test_mailboxes_with_defaults(tmp_path: Path) -> None:
    second = _BASE.replace('"a"', '"b"') + (
        'security = "starttls"\nafter = "move"\nmove_to = "Done"\n[mailbox.oauth2]\n'
        'token_url = "https://login.example/token"\nclient_id = "hw"\nrefresh_token_file = "/r"\n'
    )
    first, other = read(tmp_path, _BASE + _PASSWORD, second)
    assert (first.port, first.security, first.folder, first.after) == (993, "tls", "INBOX", "keep")
    assert (other.port, other.oauth2 and other.oauth2.client_id) == (143, "hw")
    assert read_mailboxes("") == []


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (_BASE, "needs one of password_file"),
        (_BASE + _PASSWORD + 'password_env = "P"\n', "needs one of password_file"),
        (_BASE + _PASSWORD + 'security = "none"\n', "is another machine"),
        (_BASE + _PASSWORD + 'security = "ssl"\n', "use one of tls, starttls, none"),
        (_BASE + _PASSWORD + 'password = "x"\n', "has password; known are"),
        (_BASE + _PASSWORD + "idle_seconds = 1800\n", "give 10 to 1740"),
        (_BASE + _PASSWORD + 'after = "move"\n', "belong together"),
        (_BASE + _PASSWORD + 'port = "993"\n', "int is expected"),
        (_BASE.replace("host", "hots") + _PASSWORD, "has hots"),
        ('name = "a"\n', "lacks address, host, user"),
        (_BASE + "[mailbox.oauth2]\n", "needs one of token_file"),
        (_BASE + '[mailbox.oauth2]\ntoken_url = "https://x.example"\n', "needs client_id"),
        (_BASE + '[mailbox.oauth2]\ntoken_command = "pass"\n', "list of texts"),
    ],
)
def test_what_cannot_be_followed_is_refused(tmp_path: Path, table: str, said: str) -> None:
    with pytest.raises(MailboxSettings, match=said):
        read(tmp_path, table)


def test_two_of_one_name_no_file_and_no_toml(tmp_path: Path) -> None:
    with pytest.raises(MailboxSettings, match="same name"):
        read(tmp_path, _BASE + _PASSWORD, _BASE + _PASSWORD)
    with pytest.raises(MailboxSettings, match="cannot be read"):
        read_mailboxes(str(tmp_path / "none.toml"))
    (tmp_path / "bad.toml").write_text("= x")
    with pytest.raises(MailboxSettings, match="no TOML"):
        read_mailboxes(str(tmp_path / "bad.toml"))


def test_a_secret_comes_from_a_file_or_a_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "from the environment")
    (box,) = read(tmp_path, _BASE + 'password_env = "MAIL_PASSWORD"\n')
    assert password_of(box) == "from the environment"
    monkeypatch.delenv("MAIL_PASSWORD")
    with pytest.raises(MailboxSettings, match="MAIL_PASSWORD is empty"):
        password_of(box)
    (tmp_path / "empty").write_text("\n")
    (box,) = read(tmp_path, _BASE + f'password_file = "{tmp_path}/empty"\n')
    with pytest.raises(MailboxSettings, match="is empty"):
        password_of(box)


def test_a_refresh_token_is_not_sent_in_the_open(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("secret\n")
    (box,) = read(
        tmp_path,
        _BASE + '[mailbox.oauth2]\ntoken_url = "http://login.example/t"\nclient_id = "c"\n'
        f'refresh_token_file = "{tmp_path}/r"\n',
    )
    with pytest.raises(MailboxSettings, match="must be https"):
        Tokens().token(box)
