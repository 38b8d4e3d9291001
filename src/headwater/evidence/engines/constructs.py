"""What a query is made of, as names that a person can read: `date_diff day (timestamp, timestamp)`.

The names are the currency of the allow-lists: a construct is proven on an engine when a case of
the conformance suite that holds it gave DuckDB's answer there. Types are part of the name, because
engines agree on `max(int)` and disagree on `max(text)`.
"""

from collections.abc import Iterator

from sqlglot import exp

from headwater.evidence.engines.families import NUMBERS, family

# Says nothing by itself, or is said by what stands around it.
_SILENT = frozenset(
    """
    Select Subquery From Where Group Having Order Limit Offset Alias Aliases Paren Column Star Table
    TableAlias Identifier Literal Boolean Null Var DataType DataTypeParam With CTE Tuple Identifier
    JSONPath JSONPathRoot JSONPathKey JSONPathSubscript Distinct WindowSpec And Or Not Is
    Neg Interval Unnest PropertyEQ Values Qualify Escape
    """.split()
)
_COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.NullSafeEQ,
             exp.NullSafeNEQ, exp.Nullif)  # fmt: skip
_ALIKE = (exp.Coalesce, exp.Case, exp.If, exp.Greatest, exp.Least, exp.Concat, exp.ConcatWs,
          exp.Array)  # fmt: skip


# For the run of the suite that finds out what an engine's list may hold.
EVERYTHING = frozenset(["everything"])


def constructs(tree: exp.Query) -> dict[str, exp.Expr]:
    """Each construct of a typed tree, with one place where it stands."""
    found: dict[str, exp.Expr] = {}
    for node in tree.walk():
        for name in _names(node):
            found.setdefault(name, node)
    return found


def _names(node: exp.Expr) -> Iterator[str]:
    kind = type(node).__name__
    if isinstance(node, exp.Ordered):
        where = node.find_ancestor(exp.Window, exp.AggFunc, exp.Query)
        place = "" if isinstance(where, exp.Query) else f" in {_place(where)}"
        yield f"order by {family(node.this)}{place}"
    elif isinstance(node, exp.Join):
        words = [node.args.get("method"), node.args.get("side"), node.args.get("kind")]
        yield " ".join(str(word).lower() for word in [*words, "join"] if word)
    elif isinstance(node, exp.Window):
        yield from _window(node)
    elif isinstance(node, exp.Cast) and isinstance(node.this, exp.Null):
        return  # what stands for a masked number; nothing is converted
    elif isinstance(node, exp.Cast):
        yield f"{'try_cast' if isinstance(node, exp.TryCast) else 'cast'} " + (
            f"{family(node.this)} as {_target(node)}"
        )
    elif isinstance(node, exp.In):
        inside = "query" if node.args.get("query") else family(node.this)
        yield f"in ({_number(family(node.this))}, {_number(inside)})"
    elif isinstance(node, exp.Lateral | exp.Rollup | exp.Cube | exp.GroupingSets | exp.Exists):
        yield kind.lower()
    elif isinstance(node, exp.SetOperation):
        yield f"{kind.lower()}{'' if node.args.get('distinct', True) else ' all'}"
    elif isinstance(node, exp.Filter | exp.IgnoreNulls | exp.RespectNulls | exp.WithinGroup):
        yield kind.lower()
    elif isinstance(node, exp.Count):
        yield "count"
    elif kind not in _SILENT:
        yield _signature(node, kind)


def _place(where: exp.Expr | None) -> str:
    return "window" if isinstance(where, exp.Window) else "aggregate"


def _window(node: exp.Window) -> Iterator[str]:
    spec = node.args.get("spec")
    inner = node.this
    while isinstance(inner, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
        inner = inner.this
    yield f"{_word(inner)} over"
    if spec is not None:
        timed = " interval" if spec.find(exp.Interval) else ""
        yield f"{str(spec.args.get('kind')).lower()} frame{timed}"


def _target(node: exp.Cast) -> str:
    return _of(node.to)


def _of(kind: exp.DataType) -> str:
    holder = exp.Null()
    holder.type = kind
    return family(holder)


def _word(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return node.name.lower()
    return node.sql_name().lower() if isinstance(node, exp.Func) else type(node).__name__.lower()


def _signature(node: exp.Expr, kind: str) -> str:
    families = [family(each) for each in _arguments(node)]
    if isinstance(node, _COMPARED):
        families = [_number(each) for each in families]
    if isinstance(node, (*_COMPARED, *_ALIKE)):
        families = sorted({each for each in families if each != "null"})
    unit = _unit(node)
    return f"{_word(node)}{unit} ({', '.join(families)})"


def _number(name: str) -> str:
    return "number" if name in NUMBERS else name


def _arguments(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Case):
        results = [branch.args["true"] for branch in node.args.get("ifs") or ()]
        default = node.args.get("default")
        return [*results, *([default] if default is not None else [])]
    if isinstance(node, exp.If):
        return [each for key in ("true", "false") if (each := node.args.get(key)) is not None]
    found: list[exp.Expr] = []
    for value in node.args.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, exp.Distinct | exp.Order):
                each = each.expressions[0] if isinstance(each, exp.Distinct) else each.this
            if isinstance(each, exp.Distinct):
                each = each.expressions[0]
            if isinstance(each, exp.Expr) and not isinstance(each, exp.Var | exp.JSONPath):
                found.append(each)
    return found


def _unit(node: exp.Expr) -> str:
    unit = node.args.get("unit")
    if isinstance(node, exp.Extract):
        unit = node.this
    return f" {unit.name.lower()}" if isinstance(unit, exp.Var) else ""
