"""Which mailboxes are read, from a TOML file. Secrets stay in files or variables of their own."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from headwater.kit.errors import HeadwaterError

Security = Literal["tls", "starttls", "none"]
After = Literal["keep", "seen", "move"]
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PORTS = {"tls": 993, "starttls": 143, "none": 143}
# Servers may hang up on a client that is silent for 30 minutes (RFC 2177 says to ask at 29).
_LONGEST_IDLE = 29 * 60


class MailboxSettings(HeadwaterError):
    """The file of mailboxes says something that cannot be followed."""

    code = "mailbox_settings"


@dataclass(frozen=True, slots=True)
class OAuth2:
    """Where an access token comes from: a file, a command, or a token endpoint."""

    token_file: str = ""
    token_command: tuple[str, ...] = ()
    token_url: str = ""
    client_id: str = ""
    client_secret_file: str = ""
    refresh_token_file: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One folder of one mailbox. `idle_seconds` is how long one IDLE lasts at most."""

    name: str
    address: str
    host: str
    user: str
    port: int = 0
    security: Security = "tls"
    ca_file: str = ""
    password_file: str = ""
    password_env: str = ""
    oauth2: OAuth2 | None = None
    folder: str = "INBOX"
    start: Literal["all", "now"] = "all"
    after: After = "keep"
    move_to: str = ""
    idle: bool = True
    idle_seconds: int = 600
    poll_seconds: int = 60


def read_mailboxes(path: str) -> list[Mailbox]:
    """The mailboxes that a file names; none where `path` is empty. Raises MailboxSettings."""
    if not path:
        return []
    try:
        content = tomllib.loads(Path(path).expanduser().read_text())
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise MailboxSettings(f"{path} cannot be read ({reason}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MailboxSettings(f"{path} is no TOML: {error}.") from error
    tables = content.get("mailbox", [])
    if set(content) - {"mailbox"} or not isinstance(tables, list):
        raise MailboxSettings(f"{path} may hold [[mailbox]] tables only.")
    boxes = [_mailbox(table, f"mailbox {n} of {path}") for n, table in enumerate(tables, 1)]
    names = [box.name for box in boxes]
    if len(set(names)) < len(names):
        raise MailboxSettings(f"Two mailboxes of {path} have the same name.", param="name")
    return boxes


def read_secret(path: str) -> str:
    """The first line of a secret's file. Raises MailboxSettings."""
    try:
        lines = Path(path).expanduser().read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MailboxSettings(f"The secret in {path} cannot be read.") from error
    if not lines or not lines[0].strip():
        raise MailboxSettings(f"The secret in {path} is empty.")
    return lines[0].strip()


def password_of(box: Mailbox) -> str:
    """The password, from its file or variable. Raises MailboxSettings."""
    if box.password_file:
        return read_secret(box.password_file)
    password = os.environ.get(box.password_env, "")
    if not password:
        raise MailboxSettings(f"{box.password_env} is empty; it should hold a password.")
    return password


def _mailbox(table: object, where: str) -> Mailbox:
    values = dict(_table(table, where))
    oauth2 = values.pop("oauth2", None)
    if oauth2 is not None:
        values["oauth2"] = _oauth2(oauth2, where)
    box: Mailbox = _fill(Mailbox, values, where)
    _check_choices(box, where)
    _check_sign_in(box, where)
    if not 10 <= box.idle_seconds <= _LONGEST_IDLE:
        raise MailboxSettings(
            f"idle_seconds of {where} is {box.idle_seconds}; give 10 to {_LONGEST_IDLE}."
        )
    if box.poll_seconds < 1:
        raise MailboxSettings(f"poll_seconds of {where} is {box.poll_seconds}; give 1 or more.")
    if box.security == "none" and box.host not in _LOOPBACK:
        raise MailboxSettings(
            f"security of {where} is none, and {box.host} is another machine.",
            hint='Use "tls" or "starttls": the password would be sent in the open.',
        )
    if (box.after == "move") != bool(box.move_to) or box.move_to == box.folder:
        raise MailboxSettings(f'{where}: after = "move" and move_to = "Folder" belong together.')
    port = box.port or _PORTS[box.security]
    return Mailbox(**{f.name: getattr(box, f.name) for f in fields(box)} | {"port": port})


def _check_choices(box: Mailbox, where: str) -> None:
    choices = (("security", get_args(Security)), ("after", get_args(After)), ("start", ("all", "now")))  # noqa: E501  # fmt: skip
    for name, allowed in choices:
        if getattr(box, name) not in allowed:
            raise MailboxSettings(
                f"{name} of {where} is {getattr(box, name)!r}; use one of {', '.join(allowed)}."
            )


def _check_sign_in(box: Mailbox, where: str) -> None:
    ways = [bool(box.password_file), bool(box.password_env), box.oauth2 is not None]
    if sum(ways) != 1:
        raise MailboxSettings(
            f"{where} needs one of password_file, password_env and [mailbox.oauth2]."
        )


def _oauth2(table: object, where: str) -> OAuth2:
    values = dict(_table(table, where))
    command = values.get("token_command", [])
    if not isinstance(command, list) or not all(isinstance(one, str) for one in command):
        raise MailboxSettings(f"token_command of {where} is a list of texts: program, argument…")
    values["token_command"] = tuple(command)
    oauth2: OAuth2 = _fill(OAuth2, values, where)
    if sum((bool(oauth2.token_file), bool(command), bool(oauth2.token_url))) != 1:
        raise MailboxSettings(
            f"oauth2 of {where} needs one of token_file, token_command and token_url."
        )
    if oauth2.token_url and not (oauth2.client_id and oauth2.refresh_token_file):
        raise MailboxSettings(
            f"oauth2 of {where}: token_url needs client_id and refresh_token_file."
        )
    return oauth2


def _table(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise MailboxSettings(f"{where} is no table.")
    return value


def _fill(kind: type[Any], values: dict[str, Any], where: str) -> Any:
    known = {field.name: field for field in fields(kind)}
    if unknown := sorted(set(values) - set(known)):
        raise MailboxSettings(
            f"{where} has {', '.join(unknown)}; known are {', '.join(sorted(known))}."
        )
    missing = [f.name for f in known.values() if f.default is MISSING and not values.get(f.name)]
    if missing:
        raise MailboxSettings(f"{where} lacks {', '.join(missing)}.")
    for name, value in values.items():
        default = known[name].default
        wanted = str if default is MISSING else type(default)
        if default is not None and type(value) is not wanted:
            raise MailboxSettings(f"{name} of {where} is {value!r}; {wanted.__name__} is expected.")
    return kind(**values)
