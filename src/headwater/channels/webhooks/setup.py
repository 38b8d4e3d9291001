"""Which providers may post mail here, from a TOML file. Secrets stay in files of their own."""

import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from headwater.channels.webhooks.providers import PROVIDERS
from headwater.kit.errors import HeadwaterError

_KEYS = frozenset({"secret_file", "key_file", "mailbox", "url"})


class WebhookSettings(HeadwaterError):
    """The file of webhooks says something that cannot be followed."""

    code = "webhook_settings"


@dataclass(frozen=True, slots=True)
class Hook:
    """One provider's endpoint: which `user:password` pairs and which signing key it goes by."""

    provider: str
    secrets: tuple[str, ...] = ()
    key: str = ""
    mailbox: str = ""
    url: str = ""


def read_hooks(path: str) -> dict[str, Hook]:
    """The endpoints that a file opens, by provider; none where `path` is empty.

    Raises WebhookSettings.
    """
    if not path:
        return {}
    try:
        content = tomllib.loads(Path(path).expanduser().read_text())
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise WebhookSettings(f"{path} cannot be read ({reason}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WebhookSettings(f"{path} is no TOML: {error}.") from error
    return {name: _hook(name, table, path) for name, table in content.items()}


def _hook(name: str, table: object, path: str) -> Hook:
    where = f"[{name}] of {path}"
    if name not in PROVIDERS:
        raise WebhookSettings(f"{where} is no provider; known are {', '.join(sorted(PROVIDERS))}.")
    if not isinstance(table, dict) or set(table) - _KEYS:
        raise WebhookSettings(f"{where} may hold {', '.join(sorted(_KEYS))} only.")
    if not all(isinstance(value, str) for value in table.values()):
        raise WebhookSettings(f"Each value of {where} is a text.")
    values: dict[str, Any] = table
    secrets = tuple(_lines(values["secret_file"])) if "secret_file" in values else ()
    if any(not one.partition(":")[0] or not one.partition(":")[2] for one in secrets):
        raise WebhookSettings(f"Each line of the secret_file of {where} is user:password.")
    key = _lines(values["key_file"])[0] if "key_file" in values else ""
    provider = PROVIDERS[name]
    if provider.key_name and not key:
        raise WebhookSettings(f"{where} lacks key_file: {name} signs what it posts.")
    if not provider.key_name and not secrets:
        # Without one, anybody who finds the address could bring mail in.
        raise WebhookSettings(f"{where} lacks secret_file, whose lines are user:password.")
    if name == "amazon_ses" and find_spec("boto3") is None:
        raise WebhookSettings(
            f"{where} needs boto3, which is not installed.",
            hint="Run pip install 'headwater[ses]'.",
        )
    return Hook(name, secrets, key, values.get("mailbox", ""), values.get("url", ""))


def _lines(path: str) -> list[str]:
    try:
        lines = [one.strip() for one in Path(path).expanduser().read_text().splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise WebhookSettings(f"The secret in {path} cannot be read.") from error
    if not any(lines):
        raise WebhookSettings(f"The secret in {path} is empty.")
    return [one for one in lines if one]
