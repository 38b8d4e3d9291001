"""Which documentation a page may link to: what the index knows, and a company's own list."""

import difflib
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from headwater.diagnosis.playbooks.errors import PlaybookInvalid
from headwater.knowledge.guide import known_documents, known_objects

DOCUMENTS = "documents.toml"


def is_known_document(url: str, folder: Path) -> bool:
    """Whether pages of `folder` may link to `url`: the shipped list has it, or the folder's own."""
    return url in known_documents() or url in documents_of(folder)


def documents_of(folder: Path) -> frozenset[str]:
    """Addresses of a company's own documentation: keys of `[page]` in the folder's
    `documents.toml`, without https://. Raises PlaybookInvalid where that is no TOML."""
    path = folder / DOCUMENTS
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else frozenset()


@lru_cache(maxsize=20)
def _read(path: Path, _changed: int) -> frozenset[str]:
    try:
        pages = tomllib.loads(path.read_text("utf-8")).get("page", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlaybookInvalid(f"It is not TOML: {error}.", file=path, line=1) from error
    return frozenset(f"https://{url}" for url in pages)


def unknown_document(url: str, file: Path, line: int) -> PlaybookInvalid:
    """What is said about a link to nowhere, with the nearest address that is known."""
    return PlaybookInvalid(
        f"{url!r} is not a documentation page that the index knows.",
        file=file,
        line=line,
        param="docs",
        hint=_nearest(url, known_documents())
        + "Pages are listed in knowledge/guide/pages.toml, a company's own in "
        f"{DOCUMENTS} beside the folders of pages.",
    )


def unknown_object(name: str, file: Path, line: int) -> PlaybookInvalid:
    """What is said about an object that the API does not have."""
    return PlaybookInvalid(
        f"The index knows no object {name!r}.",
        file=file,
        line=line,
        param="objects",
        hint=_nearest(name, known_objects()) + "Objects are listed in knowledge/guide/objects.txt.",
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), 1)
    return f"The nearest is {near[0]}. " if near else ""
