"""What a query does, in plain sentences, for people who read SQL slowly. Nothing is read for it.

Runs in the worker, on a text that the guard has let through.
"""

from collections.abc import Iterator

from sqlglot import exp, parse_one

from headwater.evidence.bounds import time_bounds
from headwater.evidence.contract import Contract

_LONGEST = 160
_SIDES = {"LEFT": "keeping rows that have none", "FULL": "keeping unmatched rows of both"}
_SETS: dict[type[exp.Expr], str] = {
    exp.Union: "Puts both results together",
    exp.Except: "Takes away from the first result what the second holds",
    exp.Intersect: "Keeps what both results hold",
}


def plan_words(sql: str, contract: Contract, *, scoped: bool) -> list[str]:
    """The sentences, in the order in which the query is best understood."""
    root = parse_one(sql, read="duckdb")
    ctes = {cte.alias.lower() for cte in root.find_all(exp.CTE)}
    sentences: list[str] = []
    for cte in root.find_all(exp.CTE):
        sentences += [f"{cte.alias}: {text}" for text in _query(cte.this, ctes)]
    sentences += _query(root, ctes)
    sentences += _reach(root, ctes, contract, scoped=scoped)
    return list(dict.fromkeys(sentences))


def _query(node: exp.Expr, ctes: set[str]) -> Iterator[str]:
    while isinstance(node, exp.Subquery | exp.Paren):
        node = node.this
    if isinstance(node, exp.SetOperation):
        yield from _query(node.this, ctes)
        yield from _query(node.expression, ctes)
        distinct = " and drops repeated rows" if node.args.get("distinct") else ""
        yield f"{_SETS.get(type(node), 'Combines both results')}{distinct}."
    elif isinstance(node, exp.Select):
        yield from _select(node, ctes)
    yield from _end(node)


def _select(node: exp.Select, ctes: set[str]) -> Iterator[str]:
    source = node.args.get("from_")
    if source is not None:
        yield f"Starts from {_relation(source.this, ctes)}."
    for join in node.args.get("joins") or ():
        yield _join(join, ctes)
    if where := node.args.get("where"):
        yield from (f"Keeps rows where {_text(test)}." for test in _tests(where.this))
    group = node.args.get("group")
    if group is not None:
        keys = ", ".join(_text(key) for key in group.expressions)
        yield f"Makes one row for each {keys or 'combination of the other columns'}."
    elif any(part.find(exp.AggFunc) and not part.find(exp.Window) for part in node.expressions):
        yield "Sums everything up in one row."
    for part in node.expressions:
        inner = part.unalias()
        if isinstance(inner, exp.AggFunc | exp.Filter):
            yield f"Computes {part.alias_or_name or _text(inner)}: {_text(inner)}."
        elif inner.find(exp.Window):
            yield f"Compares each row with its neighbours for {part.alias_or_name}: {_text(inner)}."
    if having := node.args.get("having"):
        yield f"Then keeps only groups where {_text(having.this)}."
    if qualify := node.args.get("qualify"):
        yield f"Then keeps only rows where {_text(qualify.this)}."
    if node.args.get("distinct"):
        yield "Drops repeated rows."


def _end(node: exp.Expr) -> Iterator[str]:
    if order := node.args.get("order"):
        keys = ", ".join(
            _text(key.this) + (" (largest first)" if key.args.get("desc") else "")
            for key in order.expressions
        )
        yield f"Sorts by {keys}."
    if limit := node.args.get("limit"):
        yield f"Returns at most {_text(limit.expression)} rows."


def _join(join: exp.Join, ctes: set[str]) -> str:
    other = _relation(join.this, ctes)
    if test := join.args.get("on"):
        how = f" where {_text(test)}"
    elif using := join.args.get("using"):
        how = f" with the same {', '.join(_text(name) for name in using)}"
    else:
        how = ", every row with every row"
    side = _SIDES.get(str(join.args.get("side") or ""), "")
    return f"Adds the rows of {other}{how}{f', {side}' if side else ''}."


def _relation(node: exp.Expr, ctes: set[str]) -> str:
    if isinstance(node, exp.Table):
        alias = f" (as {node.alias})" if node.alias and node.alias != node.name else ""
        kind = "the step " if node.name.lower() in ctes else ""
        return f"{kind}{node.name}{alias}"
    return f"a sub-query{f' ({node.alias})' if node.alias else ''}"


def _tests(test: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(test, exp.And):
        yield from _tests(test.this)
        yield from _tests(test.expression)
    else:
        yield test.this if isinstance(test, exp.Paren) else test


def _reach(root: exp.Expr, ctes: set[str], contract: Contract, *, scoped: bool) -> Iterator[str]:
    """Whose rows, and which tables are read over all their days: what makes a query slow."""
    base = [
        (table, table.name.lower())
        for table in root.find_all(exp.Table)
        if table.name.lower() in contract.tables and table.name.lower() not in ctes
    ]
    whose = "only rows of the chosen account" if scoped else "rows of every account"
    names = ", ".join(dict.fromkeys(name for _, name in base))
    if names:
        yield f"Reads {whose}, from {names}."
    bounds = time_bounds(base, contract)
    for name in dict.fromkeys(name for _, name in base):
        table = contract.tables[name]
        if table.window and table.time and name not in bounds:
            yield f"Looks through all days of {name}: no condition bounds {table.time}."


def _text(node: exp.Expr) -> str:
    text = node.sql("duckdb", comments=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
