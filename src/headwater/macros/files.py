"""Reads answers and macros from a TOML or YAML file and refuses what it does not understand."""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from headwater.macros.contents import Written, answer
from headwater.macros.errors import LibraryRefused
from headwater.macros.models import LibraryEntry
from headwater.macros.recipes import KEYS, macro, ordered

# Answers first: macros name them.
KINDS: Final = ("answer", "macro")


def read_file(path: Path, *, fields: Iterable[str], kinds: Sequence[str] = KINDS) -> list[Written]:
    """What a `.toml`, `.yaml` or `.yml` file holds. Raises LibraryRefused, naming the entry."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
    except OSError as error:
        raise LibraryRefused(f"{path} cannot be read: {error.strerror}.", param="file") from error
    except (ValueError, yaml.YAMLError) as error:
        raise LibraryRefused(
            f"{path} is not well-formed: {' '.join(str(error).split())}.",
            param="file",
            hint="Answers are TOML (.toml) or YAML (.yaml).",
        ) from error
    try:
        return written_in(content, fields=fields, kinds=kinds)
    except LibraryRefused as error:
        raise LibraryRefused(
            f"{path}: {error.message}", param=error.param, hint=error.hint
        ) from error


def written_in(
    content: Any, *, fields: Iterable[str], kinds: Sequence[str] = KINDS
) -> list[Written]:
    """The entries that a file's keys describe. Raises LibraryRefused."""
    known = list(fields)
    tables = _table(content, "the file", set(kinds))
    found = [
        _READ[kind](each, f"{kind}[{n}]", known)
        for kind in kinds
        for n, each in enumerate(_listed(tables, kind), start=1)
    ]
    if not found:
        raise LibraryRefused(
            "The file holds nothing.", param="file", hint=f"Begin an entry with [[{kinds[-1]}]]."
        )
    names = [(each.kind, each.name) for each in found]
    for kind, name in names:
        if names.count((kind, name)) > 1:
            raise LibraryRefused(f"Two of the kind {kind} are called {name!r}.", param="name")
    return found


def as_file(entries: Iterable[LibraryEntry]) -> str:
    """These entries as YAML that `read_file` takes back."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        does = ordered(entry.content) if entry.kind == "macro" else entry.content
        shown = {"name": entry.name, "title": entry.title, **does}
        shown["text"] = shown.pop("texts", {})
        tables.setdefault(entry.kind, []).append(
            {name: value for name, value in shown.items() if value not in ({}, [], "")}
        )
    return yaml.safe_dump(tables, allow_unicode=True, sort_keys=False, width=100)


def _answer(value: Any, where: str, fields: list[str]) -> Written:
    where = _called(value, where)
    keys = _table(value, where, {"name", "title", "text"})
    try:
        return answer(keys.get("name", ""), keys.get("title", ""), keys.get("text"), fields=fields)
    except LibraryRefused as error:
        raise _within(error, where) from error


def _macro(value: Any, where: str, fields: list[str]) -> Written:
    where = _called(value, where)
    keys = dict(_table(value, where, {"name", "title", "text", *KEYS} - {"texts"}))
    name, title = keys.pop("name", ""), keys.pop("title", "")
    text = keys.pop("text", None)
    if text is not None:
        keys["texts"] = {"en": text} if isinstance(text, str) else text
    try:
        return macro(name, title, keys, fields=fields)
    except LibraryRefused as error:
        raise _within(error, where) from error


_READ: Final[dict[str, Callable[[Any, str, list[str]], Written]]] = {
    "answer": _answer,
    "macro": _macro,
}


def _called(value: Any, where: str) -> str:
    """What to call an entry in errors: by its name, or by its place in the file."""
    name = value.get("name") if isinstance(value, Mapping) else None
    return name if isinstance(name, str) and name else where


def _within(error: LibraryRefused, where: str) -> LibraryRefused:
    return LibraryRefused(f"{where}: {error.message}", param=error.param, hint=error.hint)


def _listed(tables: Mapping[str, Any], name: str) -> list[Any]:
    found = tables.get(name, [])
    if not isinstance(found, list):
        raise LibraryRefused(
            f"{name} must be a list.", param=name, hint=f"Begin one with [[{name}]]."
        )
    return found


def _table(value: Any, where: str, allowed: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise LibraryRefused(f"{where} must hold keys and values.", param=where)
    unknown = sorted(str(key) for key in value if key not in allowed)
    if unknown:
        raise LibraryRefused(
            f"{where} does not know {unknown[0]!r}.",
            param=where,
            hint=f"Known are: {', '.join(sorted(allowed))}.",
        )
    return value
