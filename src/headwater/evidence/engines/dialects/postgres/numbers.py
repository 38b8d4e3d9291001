"""PostgreSQL: numbers, their rounding, and what becomes a double."""

from sqlglot import exp

from headwater.evidence.engines.dialects import Rule
from headwater.evidence.engines.dialects.postgres.basics import TITLE, sql
from headwater.evidence.engines.dialects.writing import number, outermost, refused
from headwater.evidence.engines.families import family


def divided(node: exp.Expr) -> exp.Expr:
    a, b = (sql("CAST(__x AS DOUBLE PRECISION)", x=each) for each in (node.this, node.expression))
    if (known := number(node.expression)) is not None and known != 0:
        return sql("__a / __b", a=a, b=b)
    if isinstance(node.expression, exp.Nullif):
        return sql("__a / __b", a=a, b=b)
    return sql(
        "CASE WHEN __b = 0 THEN CASE WHEN __a > 0 THEN CAST('Infinity' AS DOUBLE PRECISION) "
        "WHEN __a < 0 THEN CAST('-Infinity' AS DOUBLE PRECISION) "
        "WHEN __a = 0 THEN CAST('NaN' AS DOUBLE PRECISION) END ELSE __a / __b END",
        a=a, b=b,
    )  # fmt: skip


def whole_division(node: exp.Expr) -> exp.Expr:
    return sql("DIV(CAST(__a AS DECIMAL), CAST(__b AS DECIMAL))", a=node.this, b=node.expression)


def rounded(node: exp.Expr) -> exp.Expr:
    places = node.args.get("decimals")
    if family(node.this) != "double":
        return node
    count = 0 if places is None else number(places)
    if count is None or not 0 <= count <= 15:
        raise refused("round to a number of places that is no plain number", TITLE, "Write it.")
    scaled = sql("__x * __s", x=node.this, s=exp.Literal.number(10**count)) if count else node.this
    whole = sql(
        "TRUNC(__v) + CASE WHEN ABS(__v - TRUNC(__v)) >= 0.5 THEN SIGN(__v) ELSE 0 END", v=scaled
    )
    if not count:
        return exp.Paren(this=whole)
    return sql("__w / __s", w=exp.Paren(this=whole), s=exp.Literal.number(10**count))


def percentile(name: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        share = exp.Literal.number("0.5") if name == "median" else node.expression
        if not isinstance(share, exp.Literal | exp.Cast):
            raise refused("A list of quantiles", TITLE, "Ask for each by itself.")
        kind = "PERCENTILE_DISC" if name == "disc" else "PERCENTILE_CONT"
        return sql(
            f"{kind}(CAST(__q AS DOUBLE PRECISION)) WITHIN GROUP (ORDER BY __x)",
            q=share, x=node.this,
        )  # fmt: skip

    return rule


def as_double(tree: exp.Query) -> None:
    """Averages and spreads of whole numbers are exact decimals here, doubles in DuckDB."""
    spreads = (exp.Avg, exp.StddevSamp, exp.StddevPop, exp.Stddev, exp.Variance, exp.VariancePop)
    for node in list(tree.find_all(*spreads, exp.Corr)):
        if isinstance(node, exp.Corr):
            for key in ("this", "expression"):
                node.set(key, sql("CAST(__x AS DOUBLE PRECISION)", x=node.args[key]))
            continue
        whole = outermost(node)
        made = exp.cast(whole.copy(), "DOUBLE")
        made.type = exp.DataType.build("DOUBLE")
        whole.replace(made)


def floats(node: exp.Expr) -> exp.Expr:
    node.set("this", sql("CAST(__x AS DOUBLE PRECISION)", x=node.this))
    return node


def power(node: exp.Expr) -> exp.Expr:
    return sql(
        "POWER(CAST(__a AS DOUBLE PRECISION), CAST(__b AS DOUBLE PRECISION))",
        a=node.this, b=node.expression,
    )  # fmt: skip


def floor(node: exp.Expr) -> exp.Expr:
    if family(node.this) == "int":
        return floats(node)
    return node
