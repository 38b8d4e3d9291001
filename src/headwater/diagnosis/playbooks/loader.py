"""Pages on disk become playbooks; what is wrong with a page is said with its file and line."""

import os
import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError

from headwater.diagnosis.playbooks.checked import checked, key_of
from headwater.diagnosis.playbooks.documents import (
    is_known_document,
    unknown_document,
    unknown_object,
)
from headwater.diagnosis.playbooks.errors import PlaybookInvalid, PlaybooksMissing
from headwater.diagnosis.playbooks.evidence_sql import output_columns
from headwater.diagnosis.playbooks.page import Playbook
from headwater.diagnosis.playbooks.parts import Parts, read_parts
from headwater.diagnosis.playbooks.words import INTERNAL, names_used
from headwater.evidence.contract import load_contract
from headwater.knowledge.guide import known_objects

FOLDER_VARIABLE = "HEADWATER_PLAYBOOKS"
FIXED_BY = ("user", "platform", "bank", "customer")
_TEXTS = ("id", "title", "area", "fixed_by")
_LISTS = ("covers", "objects", "docs", "symptoms")
_REQUIRED = (*_TEXTS, *_LISTS, "confused_with")
_OPTIONAL_LISTS = ("phrases", "optional")
_KNOWN = (*_REQUIRED, *_OPTIONAL_LISTS)


@cache
def _catalogue() -> Mapping[str, Any]:
    text = (resources.files(__package__) / "modes.toml").read_text("utf-8")
    return tomllib.loads(text)


def mode_titles() -> Mapping[str, str]:
    """Every failure mode of the catalogue: code to title."""
    titles: dict[str, str] = _catalogue()["modes"]
    return titles


def playbook_folder(folder: Path | None = None) -> Path:
    """Where the pages lie: the argument, else HEADWATER_PLAYBOOKS, else the packaged pack,
    else `playbooks/` of a source checkout. Raises PlaybooksMissing."""
    package = Path(str(resources.files("headwater")))
    named = folder or (
        Path(os.environ[FOLDER_VARIABLE]) if os.environ.get(FOLDER_VARIABLE) else None
    )
    choices = [named] if named else [package / "_playbooks", package.parents[1] / "playbooks"]
    for choice in choices:
        if choice.is_dir():
            return choice
    raise PlaybooksMissing(
        f"There is no playbook folder at {choices[-1]}.",
        param="playbooks",
        hint=f"Give an existing folder, or set {FOLDER_VARIABLE}.",
    )


def load_playbooks(folder: Path | None = None) -> dict[str, Playbook]:
    """All pages of the folder by id, sorted. Raises PlaybookInvalid for the first bad page."""
    root = playbook_folder(folder)
    pages = sorted(root.glob("*/*.md"))
    playbooks: dict[str, Playbook] = {}
    keys: dict[str, Parts] = {}
    for path in pages:
        playbook, parts = _load(path)
        if playbook.id in playbooks:
            raise PlaybookInvalid(
                f"{playbook.id!r} is also the id of {playbooks[playbook.id].path}.",
                file=path,
                line=parts.lines["id"],
                param="id",
            )
        playbooks[playbook.id], keys[playbook.id] = playbook, parts
    if not playbooks:
        raise PlaybooksMissing(
            f"{root} holds no playbooks.", param="playbooks", hint="Pages lie in <area>/<id>.md."
        )
    for playbook in playbooks.values():
        _check_confused(playbook, keys[playbook.id], set(playbooks))
    checked().save()
    return dict(sorted(playbooks.items()))


def load_page(path: Path) -> Playbook:
    """One page alone. Raises PlaybookInvalid with its file and line."""
    return _load(path)[0]


def _load(path: Path) -> tuple[Playbook, Parts]:
    state = path.stat()
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1_000)
def _read(path: Path, _changed: int, _size: int) -> tuple[Playbook, Parts]:
    """A page is read and checked once, until its file changes."""
    parts = read_parts(path, path.read_text("utf-8"))
    _check_keys(path, parts)
    _check_values(path, parts)
    _check_links(path, parts)
    columns = _columns(path, parts)
    values, sections = parts.values, parts.sections
    return Playbook(
        id=values["id"],
        title=values["title"],
        area=values["area"],
        covers=tuple(values["covers"]),
        fixed_by=values["fixed_by"],
        objects=tuple(values["objects"]),
        docs=tuple(values["docs"]),
        symptoms=tuple(values["symptoms"]),
        confused_with=dict(values["confused_with"]),
        optional=tuple(values.get("optional") or ()),
        sql=parts.sql.text,
        columns=columns,
        user_template=sections["For the user"].text,
        engineer_template=sections["For an engineer"].text,
        what_to_do=sections["What to do"].text,
        if_not=sections["If this is not it"].text,
        path=path,
        phrases=tuple(values.get("phrases") or ()),
    ), parts


def _columns(path: Path, parts: Parts) -> tuple[str, ...]:
    """What the SQL returns, once it and the words that use it are found to be in order."""
    voices = ("For the user", "For an engineer")
    key = key_of(parts.sql.text, *(parts.sections[name].text for name in voices))
    known = checked().columns(key)
    if known is not None:
        return known
    columns = output_columns(path, parts.sql)
    for section in voices:
        _check_template(path, parts, section, columns)
    checked().add(key, columns)
    return columns


def _check_keys(path: Path, parts: Parts) -> None:
    for key, line in parts.lines.items():
        if key not in _KNOWN:
            raise PlaybookInvalid(
                f"The key {key!r} is unknown.",
                file=path,
                line=line,
                param=key,
                hint=f"Known keys: {', '.join(_KNOWN)}.",
            )
    for key in _REQUIRED:
        if not parts.values.get(key):
            raise PlaybookInvalid(
                f"The key {key!r} is missing or empty.",
                file=path,
                line=parts.lines.get(key, 2),
                param=key,
            )
        wanted = str if key in _TEXTS else list if key in _LISTS else dict
        if not isinstance(parts.values[key], wanted):
            names = {str: "text", list: "a list", dict: "a map"}
            raise PlaybookInvalid(
                f"The key {key!r} must be {names[wanted]}.",
                file=path,
                line=parts.lines[key],
                param=key,
            )
    for key in (*_LISTS, *_OPTIONAL_LISTS):
        _check_items(path, parts, key)


def _check_items(path: Path, parts: Parts, key: str) -> None:
    items = parts.values.get(key) or []
    if not isinstance(items, list):
        raise PlaybookInvalid(
            f"The key {key!r} must be a list.", file=path, line=parts.lines[key], param=key
        )
    for item in items:
        if not isinstance(item, str):
            raise PlaybookInvalid(
                f"{item!r} in {key!r} is not text; put it in quotes.",
                file=path,
                line=parts.lines[key],
                param=key,
            )


def _check_values(path: Path, parts: Parts) -> None:
    values = parts.values

    def refuse(key: str, message: str, hint: str = "") -> None:
        raise PlaybookInvalid(
            message, file=path, line=_line_in(path, parts, key, message), param=key, hint=hint
        )

    if values["id"] != path.stem or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", values["id"]):
        refuse("id", f"The id {values['id']!r} is not the file's name {path.stem!r}.")
    if values["area"] != path.parent.name:
        refuse("area", f"The area {values['area']!r} is not the folder {path.parent.name!r}.")
    if values["fixed_by"] not in FIXED_BY:
        refuse(
            "fixed_by",
            f"Nobody is called {values['fixed_by']!r}.",
            f"fixed_by is one of {', '.join(FIXED_BY)}.",
        )
    for mode in values["covers"]:
        if mode not in mode_titles():
            refuse("covers", f"The catalogue has no failure mode {mode!r}.")
    said = {text.lower() for text in values["symptoms"]}
    for text in values.get("phrases") or ():
        # Said twice counts double in the search, for no reason that a reader could see.
        if text.lower() in said:
            refuse("phrases", f"The page says {text!r} twice.")
        said.add(text.lower())
    for pair in values.get("optional") or ():
        table, _, column = pair.partition(".")
        known = load_contract().tables.get(table)
        if known is None or (column and column not in known.columns):
            refuse("optional", f"The contract has no table or column {pair!r}.")


def _check_links(path: Path, parts: Parts) -> None:
    values = parts.values
    for url in values["docs"]:
        if not is_known_document(url, path.parents[1]):
            raise unknown_document(url, path, _line_in(path, parts, "docs", f"'{url}'"))
    for name in values["objects"]:
        if name not in known_objects():
            raise unknown_object(name, path, parts.lines["objects"])


def _line_in(path: Path, parts: Parts, key: str, message: str) -> int:
    """The line of the quoted value below `key`, so that a long list need not be searched."""
    line = parts.lines[key]
    quoted = re.findall(r"'([^']*)'", message)
    rows = path.read_text("utf-8").splitlines()
    later = sorted(n for n in parts.lines.values() if n > line)
    end = later[0] - 1 if later else len(rows)
    return next((n for n in range(line, end + 1) if quoted and quoted[0] in rows[n - 1]), line)


def _check_template(path: Path, parts: Parts, section: str, columns: tuple[str, ...]) -> None:
    text = parts.sections[section]
    try:
        used = names_used(text.text)
    except TemplateSyntaxError as error:
        raise PlaybookInvalid(
            f"The words do not parse: {error.message}",
            file=path,
            line=text.line + error.lineno - 1,
            param=section,
        ) from error
    for name, line in used:
        if name not in columns:
            raise PlaybookInvalid(
                f"The words name {name!r}, which the SQL does not return.",
                file=path,
                line=text.line + line - 1,
                param=section,
                hint=f"Columns: {', '.join(columns)}.",
            )
        if section == "For the user" and name.startswith(INTERNAL):
            raise PlaybookInvalid(
                f"{name!r} stays in the house; the user may not read it.",
                file=path,
                line=text.line + line - 1,
                param=section,
            )


def _check_confused(playbook: Playbook, parts: Parts, ids: set[str]) -> None:
    for other in playbook.confused_with:
        if other not in ids and other not in mode_titles():
            raise PlaybookInvalid(
                f"{other!r} is neither a playbook nor a failure mode.",
                file=playbook.path,
                line=parts.lines["confused_with"],
                param="confused_with",
            )
