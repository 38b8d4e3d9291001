"""Access tokens for XOAUTH2: from a file, a command, or an endpoint that refreshes them."""

import contextlib
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from headwater.channels.imap.boxes import Mailbox, MailboxSettings, OAuth2, read_secret
from headwater.kit.errors import HeadwaterError

_SECONDS = 30
_LARGEST_ANSWER = 100_000
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# A token is renewed before it ends, for a sign-in takes its time.
_MARGIN_SECONDS = 60.0


class TokenRefused(HeadwaterError):
    """No access token was to be had; the message says who said no."""

    code = "token_refused"


class Tokens:
    """Hands out a mailbox's access token and keeps one from an endpoint until it ends."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, float]] = {}

    def token(self, box: Mailbox) -> str:
        """A valid access token. Raises TokenRefused or MailboxSettings; OSError may pass."""
        oauth2 = box.oauth2
        if oauth2 is None:
            raise MailboxSettings(f"{box.name} has no oauth2.")
        if oauth2.token_file:
            return read_secret(oauth2.token_file)
        if oauth2.token_command:
            return _from_command(oauth2.token_command)
        token, ends = self._kept.get(box.name, ("", 0.0))
        if time.monotonic() < ends:
            return token
        token, seconds = _refresh(oauth2)
        self._kept[box.name] = (token, time.monotonic() + seconds - _MARGIN_SECONDS)
        return token

    def forget(self, box: Mailbox) -> None:
        """The server refused the token: the next one is fetched anew."""
        self._kept.pop(box.name, None)


def _from_command(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as error:
        raise TokenRefused(f"{command[0]} gave no token within {_SECONDS} s.") from error
    token = done.stdout.decode("ascii", "replace").strip()
    if done.returncode or not token or "\n" in token:
        # What it printed may hold a secret and is not shown.
        raise TokenRefused(f"{command[0]} gave no token (exit status {done.returncode}).")
    return token


def _refresh(oauth2: OAuth2) -> tuple[str, float]:
    url = urlsplit(oauth2.token_url)
    if url.scheme != "https" and not (url.scheme == "http" and url.hostname in _LOOPBACK):
        raise MailboxSettings(f"token_url {oauth2.token_url} must be https.", param="token_url")
    form = {
        "grant_type": "refresh_token",
        "client_id": oauth2.client_id,
        "refresh_token": read_secret(oauth2.refresh_token_file),
    }
    if oauth2.client_secret_file:
        form["client_secret"] = read_secret(oauth2.client_secret_file)
    if oauth2.scope:
        form["scope"] = oauth2.scope
    status, answer = _post(oauth2.token_url, form)
    token = answer.get("access_token")
    if status != 200 or not isinstance(token, str) or not token:
        said = str(answer.get("error", "no access_token"))[:200]
        raise TokenRefused(
            f"{url.hostname} gave no access token ({status}: {said}).",
            hint="Where it says invalid_grant, sign in again for a new refresh token.",
        )
    _keep_new_refresh_token(oauth2, answer.get("refresh_token"), form["refresh_token"])
    seconds = answer.get("expires_in")
    return token, float(seconds) if isinstance(seconds, int | float) else 300.0


def _post(url: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
    # A redirect would send the refresh token somewhere else.
    with requests.post(
        url, data=form, timeout=_SECONDS, allow_redirects=False, stream=True
    ) as response:
        body = response.raw.read(_LARGEST_ANSWER, decode_content=True)
    try:
        answer = json.loads(body)
    except ValueError:
        answer = {}
    return response.status_code, answer if isinstance(answer, dict) else {}


def _keep_new_refresh_token(oauth2: OAuth2, fresh: object, used: str) -> None:
    """Some services give a new refresh token each time, and the old one ends."""
    if not isinstance(fresh, str) or not fresh or fresh == used:
        return
    path = Path(oauth2.refresh_token_file).expanduser()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(fresh + "\n")
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
