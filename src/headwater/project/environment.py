"""Settings that come from the environment, read once and checked in plain words."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_SQLITE_SYNCHRONOUS = ("NORMAL", "FULL", "EXTRA")


def home_folder() -> Path:
    """The data folder, made on first use and readable by its owner only."""
    given = os.environ.get("HEADWATER_HOME")
    home = Path(given).expanduser() if given else _default_home()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return home


def _default_home() -> Path:
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "headwater"


def secret_key(home: Path) -> str:
    """HEADWATER_SECRET_KEY, or a key made once and kept in the data folder.

    Two processes that start together agree: the file is created exclusively, the loser reads.
    """
    given = os.environ.get("HEADWATER_SECRET_KEY")
    if given:
        return given
    path = home / "secret_key"
    fresh = home / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
    if not path.exists():
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            # A hard link appears whole or not at all, so no reader sees half a key.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def rate(name: str, default: float) -> float:
    """A number above zero from the environment."""
    text = os.environ.get(name, "")
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < 1e6:
        raise ImproperlyConfigured(f"{name} is {text!r}; give a number above zero.")
    return value


def words(name: str, default: str) -> frozenset[str]:
    """Words from the environment, separated by commas or spaces; given and empty is none."""
    return frozenset(os.environ.get(name, default).replace(",", " ").lower().split())


def one_of(name: str, default: str, known: tuple[str, ...]) -> str:
    """One of the known words from the environment."""
    value = os.environ.get(name, "") or default
    if value not in known:
        raise ImproperlyConfigured(f"{name} is {value!r}; give one of {', '.join(known)}.")
    return value


def seconds(name: str, default: int) -> int:
    """A positive whole number of seconds from the environment."""
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isdigit() or int(text) == 0:
        raise ImproperlyConfigured(f"{name} is {text!r}; give a positive whole number of seconds.")
    return int(text)


def count(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least` from the environment."""
    text = os.environ.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or not least <= int(text) < 1_000_000_000:
        raise ImproperlyConfigured(f"{name} is {text!r}; give a whole number of {least} or more.")
    return int(text)


def flag(name: str, *, default: bool) -> bool:
    """A switch from the environment: 1 or 0."""
    text = os.environ.get(name, "")
    if not text:
        return default
    if text not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} is {text!r}; give 1 (on) or 0 (off).")
    return text == "1"


def port(name: str, default: int) -> int:
    """A TCP port from the environment."""
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ImproperlyConfigured(f"{name} is {text!r}; give a port between 1 and 65535.")
    return int(text)


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's connection settings for a `postgres://` URL, or for SQLite where it is empty."""
    return _postgres(url) if url else _sqlite(home / "headwater.sqlite3")


def _sqlite(path: Path) -> dict[str, Any]:
    synchronous = os.environ.get("HEADWATER_SQLITE_SYNCHRONOUS", "NORMAL").upper()
    if synchronous not in _SQLITE_SYNCHRONOUS:
        raise ImproperlyConfigured(
            f"HEADWATER_SQLITE_SYNCHRONOUS is {synchronous!r}; use one of "
            f"{', '.join(_SQLITE_SYNCHRONOUS)}."
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # Deferred transactions that later write fail at once with "database is locked";
            # an immediate one waits its turn.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # NORMAL keeps every commit through a killed process; a power cut may lose the
            # last ones (never corrupt). FULL closes that gap at a fifth of the commit rate.
            "init_command": f"PRAGMA journal_mode=WAL;PRAGMA synchronous={synchronous};",
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"HEADWATER_DATABASE_URL starts with {parts.scheme!r}; give "
            "postgres://user:password@host:port/name, or leave it empty for SQLite."
        )
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured("HEADWATER_DATABASE_URL names no database after the host.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A Unix socket folder is given as ?host=/path, as libpq does.
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
