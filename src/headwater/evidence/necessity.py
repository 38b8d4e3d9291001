"""What must be there for a query to have any rows: tables, and rows of them that fit a condition.

An account that never was refused by the rate limit needs no query about it to be planned and run.
Pure: a parsed tree in, conditions out; errs on the side of too few.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

# A condition must be decided by one row of its table alone, the same way every time.
BEYOND_A_ROW = (
    exp.Query,
    exp.AggFunc,
    exp.Window,
    exp.Lambda,
    exp.CurrentTimestamp,
    exp.CurrentDate,
    exp.Star,
)


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """A table, and as SQL over its bare columns what one of its rows has to fulfil ("" for any)."""

    table: str
    condition: str = ""


Needed = frozenset[Need]
_NOTHING: Needed = frozenset()


def needs_of(root: exp.Expr) -> Needed:
    """If no row fulfils one of these, the query has no rows."""
    return _of_query(root, {})


def _of_query(node: exp.Expr, ctes: Mapping[str, Needed]) -> Needed:
    with_ = node.args.get("with_")
    if with_ is not None and with_.args.get("recursive"):
        return _NOTHING
    for cte in with_.expressions if with_ is not None else ():
        ctes = {**ctes, cte.alias.lower(): _of_query(cte.this, ctes)}
    match node:
        case exp.Union():
            return _of_query(node.this, ctes) & _of_query(node.expression, ctes)
        case exp.Intersect():
            return _of_query(node.this, ctes) | _of_query(node.expression, ctes)
        case exp.Except():
            return _of_query(node.this, ctes)
        case exp.Subquery():
            return _NOTHING if node.args.get("joins") else _of_query(node.this, ctes)
        case exp.Select():
            return _of_select(node, ctes)
    return _NOTHING


def _of_select(select: exp.Select, ctes: Mapping[str, Needed]) -> Needed:
    source = select.args.get("from_")
    if source is None or _has_a_row_for_nothing(select):
        return _NOTHING
    needed = _of_source(source.this, select, ctes)
    for join in select.args.get("joins") or ():
        needed = _joined(needed, join, select, ctes)
    return needed


def _has_a_row_for_nothing(select: exp.Select) -> bool:
    """An aggregate over everything counts to zero; so does the total of a ROLLUP."""
    group = select.args.get("group")
    if group is not None:
        plain = {key for key, value in group.args.items() if value} <= {"expressions"}
        totals = group.find(exp.Rollup, exp.Cube, exp.GroupingSets) is not None
        return not plain or totals or not group.expressions
    if select.args.get("having") is not None:
        return True
    return any(
        not isinstance(found.parent, exp.Window) and found.find_ancestor(exp.Select) is select
        for part in select.expressions
        for found in part.find_all(exp.AggFunc)
    )


def _joined(left: Needed, join: exp.Join, select: exp.Select, ctes: Mapping[str, Needed]) -> Needed:
    right = _of_source(join.this, select, ctes)
    side, kind = (join.side or "").upper(), (join.kind or "").upper()
    if kind == "ANTI" or side == "LEFT":
        return left
    if side == "RIGHT":
        return right
    if side == "FULL" or (join.args.get("method") or "").upper() == "POSITIONAL":
        return left & right
    return left | right if kind in ("", "INNER", "CROSS", "SEMI") else left & right


def _of_source(node: exp.Expr, select: exp.Select, ctes: Mapping[str, Needed]) -> Needed:
    if isinstance(node, exp.Table) and not node.args.get("joins"):
        name = node.name.lower()
        if name in ctes:
            return ctes[name]
        return frozenset([Need(name, _condition(node, select))])
    if isinstance(node, exp.Subquery):
        return _of_query(node, ctes)
    return _NOTHING


def _condition(table: exp.Table, select: exp.Select) -> str:
    """The parts of WHERE that speak of this table alone."""
    where = select.args.get("where")
    if where is None:
        return ""
    alias = table.alias_or_name.lower()
    alone = not select.args.get("joins") and not select.args.get("laterals")
    parts = []
    for test in where.this.flatten() if isinstance(where.this, exp.And) else [where.this]:
        columns = list(test.find_all(exp.Column))
        ours = all(
            column.table.lower() == alias or (not column.table and alone) for column in columns
        )
        if columns and ours and not test.find(*BEYOND_A_ROW):
            bare = test.copy()
            for column in bare.find_all(exp.Column):
                column.set("table", None)
            parts.append(f"({bare.sql('duckdb', identify=True, comments=False)})")
    return " AND ".join(sorted(parts))
