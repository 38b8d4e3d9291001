"""Which trackers there are, from a TOML file. Secrets stay in files of their own."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from headwater.escalation import rules
from headwater.escalation.errors import TrackerSettings

# kind -> address of the public API, keys that it cannot do without, seconds after which what was
# sent is sure to show up where it is looked for.
_KINDS: Final[dict[str, tuple[str, tuple[str, ...], int]]] = {
    "github": ("https://api.github.com", ("repository",), 60),
    # Its search index follows within seconds to minutes.
    "jira": ("", ("base_url", "project", "user"), 180),
    # It refuses a second issue of the same id, so nothing has to be waited for.
    "linear": ("https://api.linear.app", ("team_id",), 0),
}
_TEXTS: Final = frozenset(
    "kind team base_url token_file hook_secret_file repository project issue_type user team_id"
    .split()
)  # fmt: skip
_NUMBERS: Final = frozenset({"settle_seconds", "poll_seconds"})
_FLAGS: Final = frozenset({"private"})
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w-]*/(?!\.\.?$)[\w.-]+")
_PROJECT = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class TrackerSetup:
    """One team's tracker. Secrets do not show when it is printed."""

    name: str
    kind: str
    team: str
    base_url: str
    token: str = field(repr=False)
    hook_secret: str = field(default="", repr=False)
    repository: str = ""
    project: str = ""
    issue_type: str = "Task"
    user: str = ""
    team_id: str = ""
    labels: tuple[str, ...] = ()
    settle_seconds: int = 60
    poll_seconds: int = 120
    # Whether it may be at an address of a private network.
    private: bool = False


def read_trackers(path: str) -> dict[str, TrackerSetup]:
    """The trackers of a file by name; none where `path` is empty. Raises TrackerSettings."""
    if not path:
        return {}
    try:
        content = tomllib.loads(Path(path).expanduser().read_text())
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise TrackerSettings(f"{path} cannot be read ({reason}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrackerSettings(f"{path} is no TOML: {error}.") from error
    found = {name: _setup(name, table, f"[{name}] of {path}") for name, table in content.items()}
    teams = [setup.team for setup in found.values()]
    twice = {team for team in teams if teams.count(team) > 1}
    if twice:
        raise TrackerSettings(f"{path} names two trackers for {', '.join(sorted(twice))}.")
    return found


def _setup(name: str, table: object, where: str) -> TrackerSetup:
    if not _NAME.fullmatch(name):
        raise TrackerSettings(f"{where}: a tracker's name has small letters, digits and hyphens.")
    values = _checked(table, where)
    kind = values.pop("kind", "")
    if kind not in _KINDS:
        raise TrackerSettings(f"{where} lacks a kind; known are {', '.join(sorted(_KINDS))}.")
    base_url, needed, settle = _KINDS[kind]
    for key in ("team", "token_file", *needed):
        if not values.get(key):
            raise TrackerSettings(f"{where} lacks {key}.")
    if values["team"] not in rules.TEAMS:
        raise TrackerSettings(f"{where}: team is one of {', '.join(rules.TEAMS)}.")
    _check_names(values, where)
    secret_file = values.pop("hook_secret_file", "")
    token = _secret(values.pop("token_file"), where)
    return TrackerSetup(
        **{
            "name": name,
            "kind": kind,
            "base_url": base_url,
            "settle_seconds": settle,
            "token": token,
            "hook_secret": _secret(secret_file, where) if secret_file else "",
            **values,
        }
    )


def _checked(table: object, where: str) -> dict[str, Any]:
    known = _TEXTS | _NUMBERS | _FLAGS | {"labels"}
    if not isinstance(table, dict) or set(table) - known:
        raise TrackerSettings(f"{where} may hold {', '.join(sorted(known))} only.")
    values: dict[str, Any] = dict(table)
    for key, value in values.items():
        if key in _TEXTS and not isinstance(value, str):
            raise TrackerSettings(f"{key} of {where} is a text.")
        # A bool is an int to Python.
        if key in _NUMBERS and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise TrackerSettings(f"{key} of {where} is a whole number of seconds.")
        if key in _FLAGS and not isinstance(value, bool):
            raise TrackerSettings(f"{key} of {where} is true or false.")
    labels = values.get("labels", [])
    if not isinstance(labels, list) or not all(isinstance(each, str) for each in labels):
        raise TrackerSettings(f"labels of {where} is a list of texts.")
    values["labels"] = tuple(labels)
    if "base_url" in values:
        values["base_url"] = values["base_url"].rstrip("/")
    return values


def _check_names(values: dict[str, Any], where: str) -> None:
    """What becomes part of an address or of a search must be a plain name."""
    if "repository" in values and not _REPOSITORY.fullmatch(values["repository"]):
        raise TrackerSettings(f"repository of {where} is owner/name.")
    if "project" in values and not _PROJECT.fullmatch(values["project"]):
        raise TrackerSettings(f"project of {where} is a project's key, such as OPS.")


def _secret(path: str, where: str) -> str:
    try:
        text = Path(path).expanduser().read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise TrackerSettings(f"The secret in {path}, named in {where}, cannot be read.") from error
    if not text or "\n" in text:
        raise TrackerSettings(f"{path}, named in {where}, holds one line with the secret.")
    return text
