"""Which address of an object store is taken, and what of the environment goes with it."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from headwater.evidence.errors import StoreNotFound

# Whose settings and credentials each kind of store takes from the environment.
PREFIXES = {"s3": "AWS_", "gs": "GOOGLE_", "az": "AZURE_", "http": "", "https": ""}
_OTHER_NAMES = {"gcs": "gs", "azure": "az"}
_UNKNOWN = {
    "r2": "Write s3://bucket/folder and set AWS_ENDPOINT_URL to the endpoint of the account.",
    "abfss": "Write az://container/folder and set AZURE_STORAGE_ACCOUNT_NAME.",
}
SCHEMES = frozenset([*PREFIXES, *_OTHER_NAMES, *_UNKNOWN])
_NETWORK = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_remote(text: str) -> bool:
    """Whether a text is an object store's address."""
    return "://" in text and text.partition("://")[0].lower() in SCHEMES


def check_address(text: str) -> str:
    """The address in one spelling. Raises StoreNotFound where it cannot be a lake's."""
    parts = urlsplit(text)
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    scheme = _OTHER_NAMES.get(parts.scheme, parts.scheme)
    if scheme in _UNKNOWN:
        raise StoreNotFound(
            f"{shown} is no address that can be opened.", param="evidence", hint=_UNKNOWN[scheme]
        )
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise StoreNotFound(
            f"{shown} must come without a key, a query or a fragment in it.",
            param="evidence",
            hint="An address is shown and recorded; credentials belong in the environment.",
        )
    if not parts.hostname:
        raise StoreNotFound(
            f"{text} names no bucket.", param="evidence", hint="Write s3://bucket/folder."
        )
    if scheme == "http" and not is_loopback(text):
        raise StoreNotFound(
            f"{shown} would be read without encryption.",
            param="evidence",
            hint="Write https://; plain http is for this machine only.",
        )
    if ".." in parts.path.split("/"):
        raise StoreNotFound(f"{shown} leads out of its bucket.", param="evidence")
    return f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def may_speak_plainly(address: str, environment: Mapping[str, str]) -> bool:
    """Whether http without encryption will do: to this machine, or where somebody said so."""
    prefix = PREFIXES[urlsplit(address).scheme]
    if not prefix:
        return is_loopback(address)
    if environment.get(f"{prefix}ALLOW_HTTP", "").lower() in ("1", "true"):
        return True
    return is_loopback(environment.get(f"{prefix}ENDPOINT_URL", ""))


def environment_for(address: str) -> dict[str, str]:
    """What a process that reads the address must know of the environment, credentials too."""
    if not is_remote(address):
        return {}
    prefix = PREFIXES[urlsplit(address).scheme]
    names = [name for name in os.environ if prefix and name.startswith(prefix)]
    return {name: os.environ[name] for name in (*names, *_NETWORK) if name in os.environ}
