"""Addresses of warehouses, and their secrets, which come from the environment only."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from headwater.evidence.errors import StoreNotFound

SHAPES: Mapping[str, str] = {
    "snowflake": "snowflake://USER@ACCOUNT/DATABASE/SCHEMA?warehouse=NAME&role=NAME",
    "bigquery": "bigquery://PROJECT/DATASET?location=EU",
    "trino": "trino://USER@HOST:PORT/CATALOG/SCHEMA",
    "databricks": "databricks://HOST/CATALOG/SCHEMA?http_path=/sql/1.0/warehouses/ID",
}
# What a driver reads by itself, and what we give it; nothing else reaches a worker.
SECRETS: Mapping[str, tuple[str, ...]] = {
    "snowflake": ("SNOWFLAKE_PASSWORD", "SNOWFLAKE_TOKEN", "SNOWFLAKE_PRIVATE_KEY_FILE",
                  "SNOWFLAKE_PRIVATE_KEY_FILE_PWD"),
    "bigquery": ("GOOGLE_APPLICATION_CREDENTIALS",),
    "trino": ("TRINO_PASSWORD", "TRINO_TOKEN"),
    "databricks": ("DATABRICKS_TOKEN",),
}  # fmt: skip
_ROADS = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
_KEPT = ("HEADWATER_HOME", "XDG_CACHE_HOME", "HOME")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a warehouse's address."""

    engine: str
    user: str
    host: str
    port: int | None
    path: tuple[str, ...]
    options: Mapping[str, str]


def parse(text: str, parts: int, options: frozenset[str]) -> Address:
    """The address in its parts: `parts` names in the path, `options` in the query.

    Raises StoreNotFound for another shape, and for a password, which would be kept with the
    address wherever that goes.
    """
    split = urlsplit(text)
    engine = split.scheme.lower()
    shape = f"Write {SHAPES[engine]}."
    if split.password is not None:
        secret = " or ".join(SECRETS[engine][:2])
        raise StoreNotFound(
            "A warehouse's address may not hold a password.",
            param="evidence",
            hint=f"Leave it out, and set {secret} in the environment.",
        )
    path = tuple(unquote(each) for each in split.path.split("/") if each)
    given = dict(parse_qsl(split.query))
    try:
        port = split.port
    except ValueError:
        port = -1
    if not split.hostname or len(path) != parts or port == -1:
        raise StoreNotFound(
            f"{engine}:// wants a host and {parts} name{'s' * (parts > 1)} after it.",
            param="evidence",
            hint=shape,
        )
    if unknown := sorted(given.keys() - options):
        raise StoreNotFound(
            f"{engine}:// does not know {', '.join(unknown)}.", param="evidence", hint=shape
        )
    return Address(engine, unquote(split.username or ""), split.hostname, port, path, given)


def passed_on(engine: str) -> dict[str, str]:
    """What of our environment a worker for this engine gets; nothing for the other engines."""
    if engine not in SECRETS:
        return {}
    names = (*SECRETS[engine], *_ROADS, *_KEPT)
    return {name: os.environ[name] for name in names if name in os.environ}
