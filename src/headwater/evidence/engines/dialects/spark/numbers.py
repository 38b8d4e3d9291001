"""Spark: numbers, their rounding, and what becomes a double."""

from sqlglot import exp

from headwater.evidence.engines.dialects import Rule
from headwater.evidence.engines.dialects.spark.basics import TITLE, fail, sql
from headwater.evidence.engines.dialects.writing import number, outermost, refused
from headwater.evidence.engines.families import family


def divided(node: exp.Expr) -> exp.Expr:
    a, b = (sql("CAST(__x AS DOUBLE)", x=each) for each in (node.this, node.expression))
    known = number(node.expression)
    if (known is not None and known != 0) or isinstance(node.expression, exp.Nullif):
        return sql("__a / __b", a=a, b=b)
    return sql(
        "CASE WHEN __b = 0 THEN CASE WHEN __a > 0 THEN CAST('Infinity' AS DOUBLE) "
        "WHEN __a < 0 THEN CAST('-Infinity' AS DOUBLE) "
        "WHEN __a = 0 THEN CAST('NaN' AS DOUBLE) END ELSE __a / __b END",
        a=a, b=b,
    )  # fmt: skip


def whole_division(node: exp.Expr) -> exp.Expr:
    if {family(node.this), family(node.expression)} != {"int"}:
        raise refused("// of numbers that are not whole", TITLE, "Use floor(a / b).")
    return sql("__a DIV __b", a=node.this, b=node.expression)


_BIG = "4503599627370496"


def rounded(node: exp.Expr) -> exp.Expr:
    places = node.args.get("decimals")
    if family(node.this) != "double":
        return node
    count = 0 if places is None else number(places)
    if count is None or not 0 <= count <= 15:
        raise refused("round to a number of places that is no plain number", TITLE, "Write it.")
    scaled = sql("__x * __s", x=node.this, s=exp.Literal.number(10**count)) if count else node.this
    whole = "CAST(FLOOR(ABS(__v)) AS DOUBLE)"
    rounded = sql(
        f"CASE WHEN ABS(__v) < {_BIG} THEN SIGN(__v) * ({whole} "
        f"+ CASE WHEN ABS(__v) - {whole} >= 0.5 THEN 1 ELSE 0 END) ELSE __v END",
        v=scaled,
    )
    if not count:
        return exp.Paren(this=rounded)
    return sql("__w / __s", w=exp.Paren(this=rounded), s=exp.Literal.number(10**count))


def floor(node: exp.Expr) -> exp.Expr:
    word = "FLOOR" if isinstance(node, exp.Floor) else "CEIL"
    if family(node.this) == "decimal":
        return node
    return sql(
        f"CASE WHEN ABS(__x) < {_BIG} THEN CAST({word}(__x) AS DOUBLE) "
        "ELSE CAST(__x AS DOUBLE) END",
        x=node.this,
    )


def percentile(node: exp.Expr) -> exp.Expr:
    share = exp.Literal.number("0.5") if isinstance(node, exp.Median) else node.expression
    if not isinstance(share, exp.Literal | exp.Cast):
        raise refused("A list of quantiles", TITLE, "Ask for each by itself.")
    return exp.Anonymous(this="PERCENTILE", expressions=[node.this.copy(), share.copy()])


def no_discrete(node: exp.Expr) -> exp.Expr:
    raise refused("quantile_disc", TITLE, "Use quantile_cont, or number the rows.")


def positive_only(least: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        word = "LN" if isinstance(node, exp.Ln) else "SQRT"
        return sql(
            f"CASE WHEN __x {least} 0 THEN {fail(f'{word.lower()} out of its range', 'DOUBLE')} "
            f"ELSE {word}(__x) END",
            x=sql("CAST(__x AS DOUBLE)", x=node.this),
        )

    return rule


def as_double(tree: exp.Query) -> None:
    for node in list(tree.find_all(exp.Avg)):
        if family(node.this) == "decimal":
            whole = outermost(node)
            made = exp.cast(whole.copy(), "DOUBLE")
            made.type = exp.DataType.build("DOUBLE")
            whole.replace(made)
