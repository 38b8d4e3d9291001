"""What a page's SQL must be: one SELECT over the contract, bounded in time, with named columns."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError, ParseError, TokenError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from headwater.diagnosis.playbooks.errors import PlaybookInvalid
from headwater.diagnosis.playbooks.parts import Text

REQUIRED = ("account_id", "object_id", "first_seen", "last_seen", "occurrences", "evidence_ids")
PARAMS = ("window_start", "window_end")
_DIALECT = "duckdb"


@cache
def contract_tables() -> Mapping[str, Mapping[str, Any]]:
    """The contract's tables by name, as its file states them."""
    text = (resources.files("headwater.evidence") / "contract.toml").read_text("utf-8")
    tables: dict[str, dict[str, Any]] = tomllib.loads(text)["tables"]
    return tables


def output_columns(path: Path, sql: Text) -> tuple[str, ...]:
    """The columns that the query returns, in order.

    Raises PlaybookInvalid, with the line in the page, for SQL that does not parse, reads what the
    contract lacks or keeps inside, leaves a fact table unbounded in time, or lacks a column.
    """
    tree = _parsed(path, sql)
    _check_names(path, sql, tree)
    _check_window(path, sql, tree)
    columns = tuple(tree.named_selects)
    missing = [name for name in REQUIRED if name not in columns]
    if missing or "*" in columns:
        raise PlaybookInvalid(
            f"The SQL does not return {', '.join(missing) or 'columns by name'}.",
            file=path,
            line=sql.line,
            param="Evidence",
            hint=f"Every playbook returns {', '.join(REQUIRED)} and the facts that it explains.",
        )
    return columns


def _parsed(path: Path, sql: Text) -> exp.Query:
    try:
        statements = sqlglot.parse(sql.text, dialect=_DIALECT)
    except (ParseError, TokenError) as error:
        first = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
        offset = int(first.get("line") or 1) - 1
        what = first.get("description") or str(error)
        raise PlaybookInvalid(
            f"The SQL does not parse: {what}.", file=path, line=sql.line + offset
        ) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise PlaybookInvalid("The SQL must be exactly one SELECT.", file=path, line=sql.line)
    return statements[0]


def _check_names(path: Path, sql: Text, tree: exp.Query) -> None:
    tables = contract_tables()
    ctes = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.name not in tables and table.name not in ctes:
            raise PlaybookInvalid(
                f"The contract has no table {table.name!r}.",
                file=path,
                line=sql.line + _line_of(sql.text, table.name),
            )
    for param in tree.find_all(exp.Placeholder, exp.Parameter):
        name = str(param.name or param.this)
        if name not in PARAMS:
            raise PlaybookInvalid(
                f"The SQL uses an unknown parameter ${name}.",
                file=path,
                line=sql.line + _line_of(sql.text, f"${name}"),
                hint="Only $window_start and $window_end are given.",
            )
    schema: dict[str, object] = {name: dict(table["columns"]) for name, table in tables.items()}
    try:
        full = qualify(tree.copy(), schema=schema, dialect=_DIALECT, quote_identifiers=False)
    except OptimizeError as error:
        text = str(error)
        found = re.search(r"Line: (\d+)", text)
        line = sql.line + (int(found.group(1)) - 1 if found else 0)
        raise PlaybookInvalid(
            f"The SQL names what is not there: {text.split(' Line:')[0]}", file=path, line=line
        ) from error
    _check_internal(path, sql, full)


def _check_internal(path: Path, sql: Text, tree: exp.Expr) -> None:
    for scope in traverse_scope(tree):
        for column in scope.columns:
            source = scope.sources.get(column.table)
            inside = contract_tables().get(source.name, {}) if isinstance(source, exp.Table) else {}
            if column.name in inside.get("internal", ()):
                raise PlaybookInvalid(
                    f"{column.name} is internal and must never reach an answer.",
                    file=path,
                    line=sql.line + _line_of(sql.text, column.name),
                )


def _check_window(path: Path, sql: Text, tree: exp.Query) -> None:
    for scope in traverse_scope(tree):
        for alias, source in scope.sources.items():
            if not isinstance(source, exp.Table) or source.name not in contract_tables():
                continue
            table = contract_tables()[source.name]
            time = table.get("time")
            if time is None or table.get("window", True) is False:
                continue
            bounds = _bounds(scope.expression, alias, time, alone=len(scope.sources) == 1)
            unbound = [f"${name}" for name in PARAMS if name not in bounds]
            if unbound:
                raise PlaybookInvalid(
                    f"{source.name} is read without bounding {time} by {' and '.join(unbound)}.",
                    file=path,
                    line=sql.line + _line_of(sql.text, source.name),
                    hint=f"Add `{alias}.{time} >= $window_start AND {alias}.{time} < $window_end` "
                    "in the same SELECT.",
                )


def _bounds(select: exp.Expr, alias: str, time: str, *, alone: bool) -> set[str]:
    """The window parameters that this SELECT compares the table's time with."""
    found: set[str] = set()
    for test in select.find_all(exp.GTE, exp.GT, exp.LT, exp.LTE, exp.Between):
        if test.find_ancestor(exp.Select) is not select:
            continue
        columns = [c for c in test.find_all(exp.Column) if c.name == time]
        if not any(c.table == alias or (not c.table and alone) for c in columns):
            continue
        names = {str(p.name or p.this) for p in test.find_all(exp.Placeholder, exp.Parameter)}
        upper = isinstance(test, exp.LT | exp.LTE | exp.Between)
        lower = isinstance(test, exp.GTE | exp.GT | exp.Between)
        found |= {
            n for n in names if (n == "window_end" and upper) or (n != "window_end" and lower)
        }
    return found


def _line_of(text: str, needle: str) -> int:
    """How many lines lie above the first mention of `needle` as a word; 0 where there is none."""
    match = re.search(rf"(?<![\w.]){re.escape(needle)}\b", text)
    match = match or re.search(re.escape(needle), text)
    return text[: match.start()].count("\n") if match else 0
