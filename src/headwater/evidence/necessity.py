"""Tables without which a query has no rows, whatever the others hold.

An account that never had a dispute needs no query about disputes to be planned and run. Pure: a
parsed tree in, names out; errs on the side of too few.
"""

from collections.abc import Mapping

from sqlglot import exp

Needed = frozenset[str]
_NOTHING: Needed = frozenset()


def necessary_tables(root: exp.Expr) -> Needed:
    """Names of base tables; if one of them is empty, so is the result."""
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
    needed = _of_source(source.this, ctes)
    for join in select.args.get("joins") or ():
        needed = _joined(needed, join, ctes)
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
    parts = select.expressions
    return any(
        not isinstance(found.parent, exp.Window) and found.find_ancestor(exp.Select) is select
        for part in parts
        for found in part.find_all(exp.AggFunc)
    )


def _joined(left: Needed, join: exp.Join, ctes: Mapping[str, Needed]) -> Needed:
    right = _of_source(join.this, ctes)
    side, kind = (join.side or "").upper(), (join.kind or "").upper()
    if kind == "ANTI" or side == "LEFT":
        return left
    if side == "RIGHT":
        return right
    if side == "FULL" or (join.args.get("method") or "").upper() == "POSITIONAL":
        return left & right
    return left | right if kind in ("", "INNER", "CROSS", "SEMI") else left & right


def _of_source(node: exp.Expr, ctes: Mapping[str, Needed]) -> Needed:
    if isinstance(node, exp.Table) and not node.args.get("joins"):
        name = node.name.lower()
        return ctes.get(name, frozenset([name]))
    if isinstance(node, exp.Subquery):
        return _of_query(node, ctes)
    return _NOTHING
