"""A company's own names, mapped to the contract by SQL views in a project folder.

`evidence/views/charges.sql` holds one SELECT over the company's own files in the lake and stands
for the contract's table `charges`. It passes the guard's checks of what a query may be made of; a
table is a file or folder of the lake by its bare name, nothing else. Free of the engine.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from headwater.evidence.checks import check_node
from headwater.evidence.contract import Contract
from headwater.evidence.errors import QueryRefused, StoreNotFound
from headwater.evidence.folders import Folder
from headwater.evidence.guard import base_tables, parse_select
from headwater.evidence.lake import Lake, scan
from headwater.evidence.template import NONCE

PROJECT_FOLDER = Path("evidence") / "views"
_FILE_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a view: the file, the line (from 1) and a sentence."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class View:
    """A checked view. `sql` reads the relations of `reads`; `lines` has each column's line."""

    table: str
    file: str
    sql: str
    reads: frozenset[str]
    lines: Mapping[str, int]

    def problem(self, column: str, message: str) -> Problem:
        """A problem with one of its columns."""
        return Problem(self.file, self.lines.get(column, 1), message)


@dataclass(frozen=True, slots=True)
class Views:
    """The views of a project folder by contract table, and what is wrong with the others."""

    by_table: Mapping[str, View]
    problems: tuple[Problem, ...] = ()


NO_VIEWS = Views({})


def find_views(given: str | Path | Literal[False] | None = None) -> Path | None:
    """The folder of views: `given`, else HEADWATER_EVIDENCE_VIEWS, else the current project's.

    None where there is none, and for False. Raises StoreNotFound for a named folder that is
    not there.
    """
    if given is False:
        return None
    named = given or os.environ.get("HEADWATER_EVIDENCE_VIEWS")
    folder = Path(named).expanduser() if named else Path.cwd() / PROJECT_FOLDER
    if folder.is_dir():
        return folder.resolve()
    if named:
        raise StoreNotFound(
            f"There is no folder of views at {folder}.",
            param="views",
            hint="Give the folder that holds one CONTRACT_TABLE.sql per view.",
        )
    return None


def scan_with(lake_folder: Folder, contract: Contract, folder: Path | None) -> Lake:
    """The lake with the company's own files among its tables, and views in its fingerprint."""
    if folder is None:
        return scan(lake_folder, contract.tables)
    digest = hashlib.blake2b(digest_size=16)
    for path in _sources(folder):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    lake = scan(lake_folder, {*contract.tables, *_names_in(lake_folder)})
    digest.update(lake.fingerprint.encode())
    return replace(lake, fingerprint=digest.hexdigest())


def read_views(folder: Path | None, contract: Contract, names: Iterable[str]) -> Views:
    """The checked views of `folder` over a lake whose files and folders are `names`."""
    if folder is None:
        return NO_VIEWS
    own = {name.lower(): name for name in names}
    good: dict[str, View] = {}
    problems: list[Problem] = []
    for path in _sources(folder):
        try:
            view = _read(path, contract, own)
            good[view.table] = view
        except _Wrong as error:
            problems.append(error.problem)
    return Views(good, tuple(problems))


def left_over(lake: Lake, contract: Contract, views: Views) -> tuple[str, ...]:
    """What lies in the lake and neither the contract nor a view knows."""
    read = {name for view in views.by_table.values() for name in view.reads}
    own = sorted(lake.files.keys() - contract.tables.keys() - read)
    return (*lake.unknown, *own)


def raw_view_of(name: str) -> str:
    """The engine's name for a file or folder of the company's own."""
    return f"hw_{NONCE}_raw_{name}"


class _Wrong(Exception):
    def __init__(self, path: Path, line: int, message: str) -> None:
        self.problem = Problem(_shown(path), line, message)
        super().__init__(message)


def _read(path: Path, contract: Contract, own: Mapping[str, str]) -> View:
    if path.stem not in contract.tables:
        near = contract.nearest(path.stem)
        raise _Wrong(
            path,
            1,
            f"the contract has no table {path.stem!r}"
            + (f"; did you mean {near}?" if near else ""),
        )
    if path.stat().st_size > _FILE_BYTES:
        raise _Wrong(path, 1, f"the file is larger than {_FILE_BYTES} bytes")
    root = _checked(path, path.read_text("utf-8", "replace"))
    lines = {each.alias_or_name.lower(): _line(each) for each in root.selects}
    reads = _bind(path, root, contract, own)
    text = root.sql("duckdb", identify=True, comments=False)
    return View(path.stem, _shown(path), text, reads, lines)


def _checked(path: Path, text: str) -> exp.Query:
    try:
        root = parse_select(text)
    except QueryRefused as error:
        raise _Wrong(path, 1, str(error)) from error
    except (SqlglotError, RecursionError) as error:
        details = error.errors if isinstance(error, ParseError) else []
        line = int(details[0].get("line") or 1) if details else 1
        what = str(details[0].get("description") or error) if details else str(error)
        raise _Wrong(path, line, f"the SQL does not parse: {what.split(' <Token')[0]}") from error
    for node in root.walk():
        try:
            check_node(node)
        except QueryRefused as error:
            raise _Wrong(path, _line(node), str(error)) from error
        if isinstance(node, exp.Placeholder | exp.Parameter):
            raise _Wrong(path, _line(node), "a view takes no parameters")
    return root


def _bind(
    path: Path, root: exp.Query, contract: Contract, own: Mapping[str, str]
) -> frozenset[str]:
    """Points every base table at the engine's relation for the file; the files it reads."""

    def known(name: str) -> str:
        if name in own:
            return own[name]
        near = contract.nearest(name, own)
        raise QueryRefused(
            f"the lake has no file or folder {name!r}"
            + (f"; did you mean {own[near]}?" if near else "")
        )

    reads: set[str] = set()
    found = base_tables(root, frozenset(), known)
    tables: list[tuple[exp.Table, str]] = []
    try:
        for node, name in found:
            tables.append((node, name))
    except QueryRefused as error:
        raise _Wrong(path, _line_of_table(root, tables), str(error)) from error
    for node, name in tables:
        if not node.alias:
            node.set("alias", exp.TableAlias(this=exp.to_identifier(node.name)))
        node.set("this", exp.to_identifier(raw_view_of(name), quoted=True))
        reads.add(name)
    return frozenset(reads)


def _line_of_table(root: exp.Query, good: list[tuple[exp.Table, str]]) -> int:
    seen = {id(node) for node, _ in good}
    ctes = {cte.alias.lower() for cte in root.find_all(exp.CTE)}
    for table in root.find_all(exp.Table):
        if id(table) not in seen and table.name.lower() not in ctes:
            return _line(table)
    return 1


def _line(node: exp.Expr) -> int:
    """The line on which the node begins, as far as the parser tells."""
    lines = [each.meta["line"] for each in node.walk() if each.meta.get("line")]
    return int(min(lines, default=1))


def _sources(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.sql") if not path.name.startswith((".", "_")))


def _names_in(folder: Folder) -> Iterator[str]:
    for entry in folder.entries():
        if entry.is_folder or entry.name.endswith(".parquet"):
            yield entry.name if entry.is_folder else entry.name.removesuffix(".parquet")


def _shown(path: Path) -> str:
    """Short where the folder is the project's own."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return "/".join(path.parts[-3:])
