"""Calls to a tracker: where they may go, how much is read, and what an answer means."""

import ipaddress
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from headwater.escalation.errors import (
    TrackerBusy,
    TrackerError,
    TrackerNotReached,
    TrackerRefused,
    TrackerSettings,
    TrackerUnclear,
)

_TIMEOUT: Final = (10.0, 30.0)
_LARGEST_ANSWER: Final = 8_000_000
_LONGEST_PAUSE: Final = 3600.0
_USUAL_PAUSE: Final = 60.0
_SAID: Final = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tracker answered: the status, its headers with small letters, and the JSON."""

    status: int
    headers: Mapping[str, str]
    content: Any


def check_base(url: str, *, loopback: bool) -> None:
    """Raises TrackerSettings for an address that is not plain https, or loopback where allowed."""
    parts = urlsplit(url)
    here = loopback and parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme != "https" and not (here and parts.scheme == "http"):
        raise TrackerSettings(f"{url} must begin with https://.", param="base_url")
    if not parts.hostname or parts.username or parts.password or parts.query or parts.fragment:
        raise TrackerSettings(
            f"The address at {parts.hostname or url} holds more than a host and a path.",
            param="base_url",
        )


def may_be_called(address: str, *, loopback: bool, private: bool) -> bool:
    """Whether a tracker may be at this IP address."""
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(
        address.partition("%")[0]
    )
    # An IPv4 address in the clothes of another.
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.is_loopback:
        return loopback
    if found.is_global and not found.is_multicast:
        return True
    return private and found.is_private and not (found.is_link_local or found.is_unspecified)


class _Guarded(HTTPAdapter):
    """Looks where a connection really leads before anything is sent on it.

    The name is not looked up a second time, so an answer that changes in between helps nobody.
    """

    def __init__(self, *, loopback: bool, private: bool) -> None:
        self._allowed = {"loopback": loopback, "private": private}
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        known = self.poolmanager.pool_classes_by_scheme
        self.poolmanager.pool_classes_by_scheme = {
            scheme: type("Pool", (pool,), {"ConnectionCls": self._connection(pool)})
            for scheme, pool in known.items()
        }

    def _connection(self, pool: Any) -> type[Any]:
        plain, allowed = pool.ConnectionCls, self._allowed

        def connect(connection: Any) -> socket.socket:
            sock: socket.socket = plain._new_conn(connection)
            peer = str(sock.getpeername()[0])
            if not may_be_called(peer, **allowed):
                sock.close()
                # Not one of the errors that the library makes its own of.
                raise TrackerRefused(
                    f"{connection.host} leads to {peer}, where no tracker may be.",
                    hint="Correct base_url, or set private for a tracker in your own network.",
                )
            return sock

        return type("Connection", (plain,), {"_new_conn": connect})


class Transport:
    """One tracker's API. Never follows a redirect, which would carry the secret elsewhere."""

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        *,
        auth: tuple[str, str] | None = None,
        loopback: bool,
        private: bool,
    ) -> None:
        check_base(base_url, loopback=loopback)
        self.base_url = base_url
        self._host = urlsplit(base_url).hostname or base_url
        self._session = requests.Session()
        # Nothing from the environment: no proxy, and no password out of a .netrc.
        self._session.trust_env = False
        self._session.headers.update(headers)
        if auth:
            self._session.auth = auth
        guarded = _Guarded(loopback=loopback, private=private)
        self._session.mount("https://", guarded)
        self._session.mount("http://", guarded)

    def call(
        self,
        method: str,
        path: str,
        *,
        send: Any = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to one request. Raises TrackerError."""
        try:
            with self._session.request(
                method,
                self.base_url + path,
                json=send,
                params=params,
                timeout=_TIMEOUT,
                allow_redirects=False,
                stream=True,
            ) as response:
                body = response.raw.read(_LARGEST_ANSWER + 1, decode_content=True)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return self._judged(response.status_code, headers, body)
        except TrackerError:
            raise
        except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise TrackerNotReached(f"{self._host} cannot be reached.") from error
        except requests.ConnectionError as error:
            if _was_never_connected(error):
                raise TrackerNotReached(f"{self._host} cannot be reached.") from error
            raise TrackerUnclear(f"{self._host} did not answer.") from error
        except (requests.RequestException, OSError) as error:
            raise TrackerUnclear(f"{self._host} did not answer.") from error
        except Exception as error:
            # The library's own errors of reading a body have no common base that it exports.
            raise TrackerUnclear(f"The answer of {self._host} broke off.") from error

    def _judged(self, status: int, headers: Mapping[str, str], body: bytes) -> Answer:
        if len(body) > _LARGEST_ANSWER:
            raise TrackerUnclear(f"{self._host} answered with more than can be read.")
        try:
            content = json.loads(body) if body.strip() else None
        except ValueError:
            content = None
        if is_busy(status, headers, content):
            raise TrackerBusy(
                f"{self._host} is asked too often ({status}).", pause_of(headers, time.time())
            )
        if status >= 500:
            raise TrackerUnclear(f"{self._host} answered {status}.")
        if not 200 <= status < 300:
            raise TrackerRefused(
                f"{self._host} refused it ({status}): {_said(content)}",
                hint="Check the token, its rights, and the names in the file of trackers.",
            )
        return Answer(status, headers, content)


def _was_never_connected(error: BaseException) -> bool:
    """Whether it failed before a byte was sent: no name, no route, refused."""
    kinds = {"NameResolutionError", "NewConnectionError", "ConnectTimeoutError"}
    seen: BaseException | None = error
    while seen is not None:
        if type(getattr(seen, "reason", seen)).__name__ in kinds:
            return True
        inner = seen.args[0] if seen.args and isinstance(seen.args[0], BaseException) else None
        seen = inner
    return False


def is_busy(status: int, headers: Mapping[str, str], content: Any) -> bool:
    """Whether an answer says that there were too many requests; each tracker has its own way."""
    if status == 429:
        return True
    if status == 403 and ("retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"):
        return True
    errors = content.get("errors") if isinstance(content, dict) else None
    return isinstance(errors, list) and any(
        isinstance(each, dict) and (each.get("extensions") or {}).get("code") == "RATELIMITED"
        for each in errors
    )


def pause_of(headers: Mapping[str, str], now: float) -> float:
    """How many seconds to wait, by Retry-After or by the time of the next allowance."""
    wait = headers.get("retry-after", "").strip()
    if wait.isdigit():
        return min(max(float(wait), 1.0), _LONGEST_PAUSE)
    if wait:
        # A date is the other form that HTTP knows.
        try:
            until = parsedate_to_datetime(wait).timestamp()
        except ValueError:
            return _USUAL_PAUSE
        return min(max(until - now, 1.0), _LONGEST_PAUSE)
    for name in ("x-ratelimit-reset", "x-ratelimit-requests-reset"):
        text = headers.get(name, "").strip()
        if text.isdigit():
            # Seconds since 1970, or milliseconds.
            at = float(text) / (1000.0 if len(text) > 11 else 1.0)
            return min(max(at - now, 1.0), _LONGEST_PAUSE)
    return _USUAL_PAUSE


def _said(content: Any) -> str:
    """What a refusal says of itself; what we sent is never repeated."""
    if not isinstance(content, dict):
        return "no reason given"
    words = [content.get("message"), *(content.get("errorMessages") or [])]
    fields = content.get("errors")
    if isinstance(fields, dict):
        words += [f"{name}: {text}" for name, text in fields.items()]
    if isinstance(fields, list):
        words += [each.get("message") or each.get("code") for each in fields if
                  isinstance(each, dict)]  # fmt: skip
    return "; ".join(str(word) for word in words if word)[:_SAID] or "no reason given"
