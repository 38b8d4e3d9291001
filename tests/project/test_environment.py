"""Settings from the environment: what they mean, and what is said of wrong ones."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from headwater.project import environment


def test_postgres_url_with_escaped_parts() -> None:
    found = environment.database(
        "postgres://us%40er:p%2Fw@db.example:6432/he%20ad?sslmode=require", Path()
    )
    assert {key: found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")} == {
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "6432",
        "NAME": "he ad",
    }
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_postgres_over_a_socket() -> None:
    found = environment.database("postgresql:///headwater?host=/run/pg", Path())
    assert (found["HOST"], found["NAME"], found["OPTIONS"]) == ("/run/pg", "headwater", {})


@pytest.mark.parametrize("url", ["mysql://a/b", "postgres://host", "nonsense"])
def test_other_urls_are_refused_in_words(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HEADWATER_DATABASE_URL"):
        environment.database(url, Path())


def test_durability_can_be_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "synchronous=NORMAL" in environment.database("", Path())["OPTIONS"]["init_command"]
    monkeypatch.setenv("HEADWATER_SQLITE_SYNCHRONOUS", "full")
    assert "synchronous=FULL" in environment.database("", Path())["OPTIONS"]["init_command"]
    monkeypatch.setenv("HEADWATER_SQLITE_SYNCHRONOUS", "OFF; DROP")
    with pytest.raises(ImproperlyConfigured, match="use one of"):
        environment.database("", Path())


@pytest.mark.parametrize("text", ["0", "-5", "four", "99999999"])
def test_wrong_port_is_named(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWATER_SMTP_PORT", text)
    with pytest.raises(ImproperlyConfigured, match="HEADWATER_SMTP_PORT"):
        environment.port("HEADWATER_SMTP_PORT", 25)


def test_secret_is_made_once_and_readable_by_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEADWATER_SECRET_KEY", raising=False)
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: environment.secret_key(tmp_path), range(40)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_sqlite_runs_with_a_write_ahead_log() -> None:
    if connection.vendor != "sqlite":
        assert connection.vendor == "postgresql"
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (1,)
