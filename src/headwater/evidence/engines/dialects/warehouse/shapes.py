"""Warehouses: the shape of a query: filters, lists in rows, order, windows."""

from sqlglot import exp, parse_one

from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import called, outermost
from headwater.evidence.engines.families import family

_FRAMED = (exp.FirstValue, exp.LastValue, exp.NthValue)


def no_nearest(w: Words, tree: exp.Query) -> None:
    for join in tree.find_all(exp.Join):
        if join.args.get("method"):
            raise w.refusal("An ASOF join", "Join on the keys and keep the latest by row_number().")


def no_lateral(w: Words, tree: exp.Query) -> None:
    if tree.find(exp.Lateral):
        raise w.refusal("LATERAL", "Number the rows with row_number() in a CTE and join to it.")


def filters_inside(w: Words, tree: exp.Query) -> None:
    """FILTER (WHERE …) as a CASE in the argument, for aggregates pass over NULL."""
    for node in list(tree.find_all(exp.Filter)):
        test, call = node.expression.this, node.this
        inner = call.this if isinstance(call, exp.IgnoreNulls | exp.WithinGroup) else call
        if isinstance(inner.this, exp.Star):
            held: exp.Expr = exp.Literal.number(1)
            inner.set("this", _only_where(w, test, held))
        else:
            value = inner.this
            while isinstance(value, exp.Order | exp.Distinct):
                value = value.this if isinstance(value, exp.Order) else value.expressions[0]
            value.replace(_only_where(w, test, value))
        node.replace(call)


def _only_where(w: Words, test: exp.Expr, value: exp.Expr) -> exp.Expr:
    made = w.sql("CASE WHEN __t THEN __v END", t=test, v=value)
    made.type = value.type
    return made


def sorted_upwards(w: Words, ordered: exp.Expr) -> list[exp.Expr]:
    """An order as keys that need no word on NULLs: first whether it is one, then the value."""
    nothing = "0 ELSE 1" if ordered.args.get("nulls_first") else "1 ELSE 0"
    null = w.sql(f"CASE WHEN __v IS NULL THEN {nothing} END", v=ordered.this)
    value = exp.Ordered(this=ordered.this.copy(), desc=ordered.args.get("desc"))
    return [exp.Ordered(this=null), value]


def text_list(w: Words, node: exp.GroupConcat) -> tuple[exp.Expr, list[exp.Expr], bool]:
    """Value, order and distinctness of a string_agg. Raises QueryRefused over a window."""
    if isinstance(outermost(node).parent, exp.Window) or isinstance(outermost(node), exp.Window):
        raise w.refusal("string_agg over a window", "Group in a CTE and join to it.")
    inner, order = node.this, []
    if isinstance(inner, exp.Order):
        inner, order = inner.this, inner.expressions
    if isinstance(inner, exp.Distinct):
        return inner.expressions[0], order, True
    return inner, order, False


def order_by_results(_: Words, tree: exp.Query) -> None:
    """What is sorted by is named where it is among the results, so nothing is computed twice."""
    for select in tree.find_all(exp.Select):
        order, names = select.args.get("order"), select.named_selects
        for ordered in order.expressions if order else ():
            for each in select.expressions:
                alone = names.count(each.alias_or_name) == 1
                if alone and isinstance(each, exp.Alias) and each.this == ordered.this:
                    made = exp.column(each.alias, quoted=True)
                    made.type = ordered.this.type
                    ordered.set("this", made)
                    break


def lists_as_rows(w: Words, tree: exp.Query) -> None:
    """unnest among the results as a join to the list's rows."""
    for node in list(tree.find_all(exp.Explode)):
        select = node.find_ancestor(exp.Select)
        if select is None or len(list(select.find_all(exp.Explode))) > 1:
            raise w.refusal("unnest twice", "Unnest each list in a CTE of its own.")
        if node.find_ancestor(exp.Where, exp.AggFunc) or select.args.get("group"):
            raise w.refusal("unnest among groups", "Unnest the list in a CTE, then group.")
        kind = node.this.type.expressions if node.this.type else []
        node.type = kind[0] if kind else node.type
        timed = isinstance(node.this, exp.GenerateSeries)
        made = w.sql(w.unnested_moment if timed and w.unnested_moment else w.unnested)
        made.type = exp.DataType.build("TIMESTAMP") if timed else node.type
        listed = node.this.copy()
        node.replace(made)
        _join_rows(w, select, listed)


def _join_rows(w: Words, select: exp.Select, listed: exp.Expr) -> None:
    example = parse_one(f"SELECT 1 FROM hw_a {w.unnest}", read=w.sqlglot)
    place = next(each for each in example.find_all(exp.Column) if each.name == "__x")
    place.replace(listed)
    joined = [*(example.args.get("joins") or ()), *(example.args.get("laterals") or ())][0]
    if select.args.get("from_") is None and isinstance(joined, exp.Join):
        select.set("from_", exp.From(this=joined.this))
        return
    if select.args.get("from_") is None:
        one = exp.select(exp.alias_(exp.Literal.number(1), "hw_n", quoted=True)).subquery("hw_1")
        select.set("from_", exp.From(this=one))
    select.append("joins" if isinstance(joined, exp.Join) else "laterals", joined)


def any_value(w: Words, node: exp.Expr) -> exp.Expr:
    """The least of all is any of them, and the same one each time."""
    return w.sql("MIN(__x)", x=node.this.this) if isinstance(node.this, exp.AnyValue) else node


def extreme(w: Words, node: exp.Expr) -> exp.Expr:
    """The largest of booleans is whether any is true."""
    if family(node.this) != "boolean":
        return node
    either = exp.LogicalOr if isinstance(node, exp.Max) else exp.LogicalAnd
    return either(this=node.this.copy())


def latest(w: Words, node: exp.Expr) -> exp.Expr:
    """arg_max passes over rows without a value or without what they are compared by."""
    word = "MAX_BY" if isinstance(node, exp.ArgMax) else "MIN_BY"
    by = w.sql("CASE WHEN NOT __a IS NULL THEN __b END", a=node.this, b=node.expression)
    return called(word, node.this, by)


def is_boolean(w: Words, node: exp.Expr) -> exp.Expr:
    """IS TRUE and IS FALSE, which are not everywhere."""
    if not isinstance(node.expression, exp.Boolean):
        return node
    held = "__x" if node.expression.this else "NOT __x"
    return w.sql(f"COALESCE({held}, FALSE)", x=exp.Paren(this=node.this.copy()))


def framed(_: Words, node: exp.Expr) -> exp.Expr:
    """first_value and last_value look as far as the standard says, whatever the engine's habit."""
    inner = node.this
    while isinstance(inner, exp.IgnoreNulls | exp.RespectNulls):
        inner = inner.this
    if isinstance(inner, _FRAMED) and node.args.get("order") and not node.args.get("spec"):
        node.set(
            "spec",
            exp.WindowSpec(
                kind="RANGE", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"
            ),
        )
    return node


def no_list(w: Words, node: exp.Expr) -> exp.Expr:
    raise w.refusal("A list", "Use string_agg, or count.")


def no_discrete(w: Words, node: exp.Expr) -> exp.Expr:
    raise w.refusal("quantile_disc", "Use quantile_cont, or number the rows.")


def share_of(w: Words, node: exp.Expr) -> exp.Expr:
    """The share that a quantile asks for, a plain number between 0 and 1. Raises QueryRefused."""
    share = exp.Literal.number("0.5") if isinstance(node, exp.Median) else node.expression
    plain = share.this if isinstance(share, exp.Cast) else share
    known = isinstance(plain, exp.Literal) and plain.name.replace(".", "", 1).isdigit()
    if not known or float(plain.name) > 1:
        raise w.refusal("A list of quantiles", "Ask for each by itself.")
    return exp.Literal.number(plain.name)
