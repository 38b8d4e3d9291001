"""Talking to a language model that speaks the chat-completions protocol, within bounds."""

import ipaddress
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from headwater.diagnosis.errors import RephrasingFailed

_MOST_BYTES: Final = 200_000
_MOST_TOKENS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is. `seconds` bounds one attempt, `tries` how many there are."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 30.0
    tries: int = 3

    @property
    def host(self) -> str:
        """The part of the address that may be shown and recorded."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


def configured_endpoint() -> Endpoint | None:
    """The endpoint of HEADWATER_LLM_URL and HEADWATER_LLM_MODEL, or None where none is named.

    The key comes from a file (HEADWATER_LLM_KEY_FILE) or the environment (HEADWATER_LLM_KEY), so
    that it stands in no process list. Raises RephrasingFailed for settings that cannot be used.
    """
    url, model = os.environ.get("HEADWATER_LLM_URL", ""), os.environ.get("HEADWATER_LLM_MODEL", "")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_local(parts.hostname)):
        raise RephrasingFailed(
            "The language model's address does not begin with https.",
            param="HEADWATER_LLM_URL",
            hint="Drafts name accounts and payments; plain http is taken for this machine only.",
        )
    if not model:
        raise RephrasingFailed(
            "A language model's address is set, but no model.",
            param="HEADWATER_LLM_MODEL",
            hint="Set HEADWATER_LLM_MODEL to the name that the endpoint knows it by.",
        )
    return Endpoint(url.rstrip("/"), model, _key())


def ask(endpoint: Endpoint, messages: list[dict[str, str]]) -> str:
    """The model's answer to `messages`. Refusals for load, faults of the server and broken
    connections are tried again with growing pauses. Raises RephrasingFailed.
    """
    try:
        import openai
    except ImportError as error:
        raise RephrasingFailed(
            "The client for language models is not installed.",
            hint="Install Headwater with the extra `llm`: pip install 'headwater[llm]'.",
        ) from error
    # A redirect would carry the draft to a host that nobody configured.
    http = openai.DefaultHttpxClient(follow_redirects=False)
    client = openai.OpenAI(
        base_url=endpoint.url, api_key=endpoint.key or "none", timeout=endpoint.seconds,
        max_retries=endpoint.tries - 1, http_client=http,
    )  # fmt: skip
    create = client.chat.completions.with_streaming_response.create
    said: Any = messages
    try:
        with client, create(
            model=endpoint.model, messages=said, temperature=0.2, max_tokens=_MOST_TOKENS
        ) as answer:  # fmt: skip
            body = _bounded(answer.iter_bytes(), time.monotonic() + endpoint.seconds)
    except openai.APITimeoutError as error:
        raise RephrasingFailed("The language model did not answer in time.") from error
    except openai.APIStatusError as error:
        raise RephrasingFailed(
            f"The language model's endpoint answered with status {error.status_code}."
        ) from error
    except openai.OpenAIError as error:
        raise RephrasingFailed("The language model could not be reached.") from error
    except OSError as error:
        raise RephrasingFailed("The connection to the language model broke off.") from error
    return _content(body)


def _bounded(chunks: Any, deadline: float) -> bytes:
    body = b""
    for chunk in chunks:
        body += chunk
        if len(body) > _MOST_BYTES:
            raise RephrasingFailed("The language model's answer is too long to be read.")
        if time.monotonic() > deadline:
            raise RephrasingFailed("The language model did not answer in time.")
    return body


def _content(body: bytes) -> str:
    try:
        choice = json.loads(body)["choices"][0]
        text = choice["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise RephrasingFailed(
            "The language model's answer is not of the chat-completions protocol."
        ) from error
    if not isinstance(text, str) or not text.strip():
        raise RephrasingFailed("The language model answered with nothing.")
    if choice.get("finish_reason") == "length":
        raise RephrasingFailed("The language model's answer was cut off.")
    return text.strip()


def _key() -> str:
    path = os.environ.get("HEADWATER_LLM_KEY_FILE", "")
    if not path:
        return os.environ.get("HEADWATER_LLM_KEY", "")
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise RephrasingFailed(
            "The file with the language model's key cannot be read.", param="HEADWATER_LLM_KEY_FILE"
        ) from error


def _is_local(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
