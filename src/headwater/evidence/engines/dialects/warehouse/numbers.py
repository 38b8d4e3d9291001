"""Warehouses: numbers, their rounding, and what becomes a double."""

from sqlglot import exp

from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import called, number
from headwater.evidence.engines.families import family, results

# Beyond it a double has no places behind the point.
_BIG = "4503599627370496"
_SPREADS = (exp.Avg, exp.StddevSamp, exp.StddevPop, exp.Stddev, exp.Variance, exp.VariancePop,
            exp.Corr, exp.Median, exp.PercentileCont)  # fmt: skip


def double(w: Words, node: exp.Expr) -> exp.Expr:
    """A number as a double; one that is known to be a double as it is."""
    if family(node) == "double" and isinstance(node, exp.Column | exp.Cast):
        return node.copy()
    made = w.sql(f"CAST(__x AS {w.double})", x=node)
    made.type = exp.DataType.build("DOUBLE")
    return made


def divided(w: Words, node: exp.Expr) -> exp.Expr:
    """As doubles, and by zero as IEEE says, which not every engine does by itself."""
    a, b = double(w, node.this), double(w, node.expression)
    known = number(node.expression)
    if (known is not None and known != 0) or isinstance(node.expression, exp.Nullif):
        return w.sql("__a / __b", a=a, b=b)
    return w.sql(
        f"CASE WHEN __b = 0 THEN CASE WHEN __a > 0 THEN CAST('inf' AS {w.double}) "
        f"WHEN __a < 0 THEN CAST('-inf' AS {w.double}) "
        f"WHEN __a = 0 THEN CAST('NaN' AS {w.double}) END ELSE __a / __b END",
        a=a, b=b,
    )  # fmt: skip


def whole_only(w: Words, node: exp.Expr) -> None:
    """Raises QueryRefused unless both numbers of a division are whole."""
    if {family(node.this), family(node.expression)} != {"int"}:
        raise w.refusal("// of numbers that are not whole", "Use floor(a / b).")


def remainder(w: Words, node: exp.Expr) -> exp.Expr:
    if {family(node.this), family(node.expression)} != {"int"}:
        raise w.refusal("% of numbers that are not whole", "Use whole numbers.")
    return called("MOD", node.this, node.expression)


def rounded(w: Words, node: exp.Expr) -> exp.Expr:
    """Halves go away from zero, by the same steps as DuckDB's."""
    places = node.args.get("decimals")
    if family(node.this) != "double":
        return node
    count = 0 if places is None else number(places)
    if count is None or not 0 <= count <= 15:
        raise w.refusal("round to a number of places that is no plain number", "Write it.")
    value: exp.Expr = node.this
    scaled = w.sql("__x * __s", x=value, s=exp.Literal.number(10**count)) if count else value
    rounded = w.sql(
        f"CASE WHEN ABS(__v) < {_BIG} THEN SIGN(__v) * (FLOOR(ABS(__v)) "
        f"+ CASE WHEN ABS(__v) - FLOOR(ABS(__v)) >= 0.5 THEN 1 ELSE 0 END) ELSE __v END",
        v=scaled,
    )
    if not count:
        return exp.Paren(this=rounded)
    return w.sql("__w / __s", w=exp.Paren(this=rounded), s=exp.Literal.number(10**count))


def floor(w: Words, node: exp.Expr) -> exp.Expr:
    if family(node.this) == "int":
        node.set("this", double(w, node.this))
    return node


def floats(w: Words, node: exp.Expr) -> exp.Expr:
    """Roots, logarithms and powers of doubles, and an error out of their range."""
    bounds: dict[type[exp.Expr], str] = {exp.Ln: "<=", exp.Sqrt: "<"}
    least = bounds.get(type(node))
    if isinstance(node, exp.Pow):
        node.set("expression", double(w, node.expression))
    value = double(w, node.this)
    if least is None:
        node.set("this", value)
        return node
    word = "LN" if isinstance(node, exp.Ln) else "SQRT"
    failed = w.failing(f"{word.lower()} out of its range", w.double)
    return w.sql(
        f"CASE WHEN __v {least} 0 THEN {failed} ELSE {word}(__v) END",
        v=value, x=double_text(w, node.this),
    )  # fmt: skip


def double_text(w: Words, node: exp.Expr) -> exp.Expr:
    """A number as text, for an error only."""
    return w.sql(f"CAST(__x AS {w.text})", x=node)


def extreme_of_several(w: Words, node: exp.Expr) -> exp.Expr:
    """greatest and least pass over NULL, which these engines return."""
    word = "GREATEST" if isinstance(node, exp.Greatest) else "LEAST"
    alike(w, node)
    parts = [node.this, *node.expressions]
    if len(parts) > 4:
        raise w.refusal(f"{word.lower()} of more than four", "Nest two of them.")
    made: exp.Expr = parts[0].copy()
    for part in parts[1:]:
        call = called(word, made, part)
        made = exp.Coalesce(this=call, expressions=[made, part.copy()])
    return made


def alike(w: Words, node: exp.Expr) -> exp.Expr:
    """One of several numbers is a double where any of them is."""
    if family(node) == "double":
        for part in results(node):
            if family(part) in ("int", "decimal"):
                part.replace(double(w, part))
    return node


def as_whole(w: Words, node: exp.Expr, kind: str) -> exp.Expr:
    """A double as the nearest whole number, halves to the even one."""
    return w.sql(
        f"CAST(CASE WHEN ABS(__v - FLOOR(__v) - 0.5) = 0 THEN 2 * ROUND(__v / 2) "
        f"ELSE ROUND(__v) END AS {kind})",
        v=node,
    )


def spreads(w: Words, tree: exp.Query) -> None:
    """Means, spreads and quantiles are doubles, whatever numbers they are of."""
    for node in list(tree.find_all(*_SPREADS)):
        for key in ("this", "expression") if isinstance(node, exp.Corr) else ("this",):
            value = node.args[key]
            holder = value.expressions[0] if isinstance(value, exp.Distinct) else value
            if family(holder) in ("int", "decimal"):
                holder.replace(double(w, holder))
