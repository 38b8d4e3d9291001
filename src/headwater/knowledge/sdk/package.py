"""Where an installed SDK lies and which release it is, without importing it."""

import sys
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from headwater.knowledge.errors import KnowledgeMissing


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package: its folder of sources and its version."""

    name: str
    version: str
    folder: Path


def find_sdk(name: str) -> Package:
    """The installed package of that name. Raises KnowledgeMissing.

    The import system is not asked, because it would run the package's parents.
    """
    for entry in _places():
        folder = Path(entry or ".") / name
        if name.isidentifier() and (folder / "__init__.py").is_file():
            return Package(name, _version(name), folder)
    raise KnowledgeMissing(
        f"The SDK {name!r} is not installed here, so there is no API reference to look into.",
        param="sdk",
        hint=f"Install it (pip install 'headwater[{name}]'), or index an OpenAPI document or "
        "help pages with `headwater docs index`.",
    )


def _places() -> list[str]:
    return sys.path


@cache
def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "unknown"
