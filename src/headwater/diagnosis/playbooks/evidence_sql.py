"""What a page's SQL must be: one SELECT over the contract, bounded in time, with named columns."""

import re
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError, ParseError, TokenError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from headwater.diagnosis.playbooks.errors import PlaybookInvalid
from headwater.diagnosis.playbooks.parts import Text
from headwater.evidence.contract import load_contract

REQUIRED = ("account_id", "object_id", "first_seen", "last_seen", "occurrences", "evidence_ids")
PARAMS = ("window_start", "window_end")
_DIALECT = "duckdb"


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


def tables_read(sql: str) -> frozenset[str]:
    """The contract tables that a query names."""
    tree = sqlglot.parse_one(sql, dialect=_DIALECT)
    return frozenset(t.name for t in tree.find_all(exp.Table)) & load_contract().tables.keys()


def _parsed(path: Path, sql: Text) -> exp.Query:
    try:
        statements = sqlglot.parse(sql.text, dialect=_DIALECT)
    except (ParseError, TokenError) as error:
        first = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
        offset = min(int(first.get("line") or 1) - 1, sql.text.count("\n"))
        what = first.get("description") or str(error)
        raise PlaybookInvalid(
            f"The SQL does not parse: {what}.", file=path, line=sql.line + offset
        ) from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise PlaybookInvalid("The SQL must be exactly one SELECT.", file=path, line=sql.line)
    return statements[0]


def _check_names(path: Path, sql: Text, tree: exp.Query) -> None:
    tables = load_contract().tables
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
    # Only the tables that it names: a schema of all takes longer to build than the query to check.
    used = {table.name for table in tree.find_all(exp.Table)} & tables.keys()
    schema: dict[str, object] = {name: dict(tables[name].columns) for name in sorted(used)}
    try:
        full = qualify(tree.copy(), schema=schema, dialect=_DIALECT, quote_identifiers=False)
    except OptimizeError as error:
        text = str(error)
        found = re.search(r"Line: (\d+)", text)
        named = re.findall(r"(?:column: |[\"'])([\w.]+)", text)
        above = int(found.group(1)) - 1 if found else _line_of(sql.text, named[0] if named else "")
        line = sql.line + above
        raise PlaybookInvalid(
            f"The SQL names what is not there: {text.split(' Line:')[0]}", file=path, line=line
        ) from error
    _check_internal(path, sql, full)


def _check_internal(path: Path, sql: Text, tree: exp.Expr) -> None:
    for scope in traverse_scope(tree):
        for column in scope.columns:
            source = scope.sources.get(column.table)
            table = (
                load_contract().tables.get(source.name) if isinstance(source, exp.Table) else None
            )
            if table and column.name in table.internal:
                raise PlaybookInvalid(
                    f"{column.name} is internal and must never reach an answer.",
                    file=path,
                    line=sql.line + _line_of(sql.text, column.name),
                )


def _check_window(path: Path, sql: Text, tree: exp.Query) -> None:
    for scope in traverse_scope(tree):
        for alias, source in scope.sources.items():
            table = (
                load_contract().tables.get(source.name) if isinstance(source, exp.Table) else None
            )
            if table is None or table.time is None or not table.window:
                continue
            time = table.time
            bounds = _bounds(scope.expression, alias, time, alone=len(scope.sources) == 1)
            unbound = [f"${name}" for name in PARAMS if name not in bounds]
            if unbound:
                raise PlaybookInvalid(
                    f"{table.name} is read without bounding {time} by {' and '.join(unbound)}.",
                    file=path,
                    line=sql.line + _line_of(sql.text, table.name),
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
    match = match or re.search(rf"\b{re.escape(needle)}\b", text) if needle else None
    match = match or re.search(re.escape(needle), text)
    return text[: match.start()].count("\n") if match else 0
