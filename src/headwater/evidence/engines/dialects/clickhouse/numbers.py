"""ClickHouse: numbers, their rounding, and what becomes a double."""

from sqlglot import exp

from headwater.evidence.engines.dialects.clickhouse.basics import NUMBER, TITLE, call, cast_as, sql
from headwater.evidence.engines.dialects.writing import number, outermost, refused
from headwater.evidence.engines.families import NUMBERS, family, results


def divided(node: exp.Expr) -> exp.Expr:
    node.set("this", cast_as(node.this, NUMBER))
    node.set("expression", cast_as(node.expression, NUMBER))
    return node


def whole_division(node: exp.Expr) -> exp.Expr:
    return call("intDiv", node.this, node.expression)


def rounded(node: exp.Expr) -> exp.Expr:
    places = node.args.get("decimals")
    count = 0 if places is None else number(places)
    if family(node.this) == "int" and places is None:
        return node
    if family(node.this) != "double" or count is None or not 0 <= count <= 15:
        raise refused("round", TITLE, "Return the number itself; it is rounded where it is shown.")
    return half_up(node.this, count)


def absolute(node: exp.Expr) -> exp.Expr:
    """Unsigned here for a whole number, which has no type in common with signed ones."""
    return cast_as(node, "Nullable(Int64)") if family(node.this) == "int" else node


def alike(node: exp.Expr) -> exp.Expr:
    """Numbers of several kinds brought to one, as DuckDB does; here there is none in common."""
    if isinstance(node, exp.If) and isinstance(node.parent, exp.Case):
        return node
    parts = results(node)
    kinds = {family(each) for each in parts} - {"null"}
    if not kinds <= NUMBERS or kinds <= {"int"} or kinds == {"double"}:
        return node
    to = NUMBER if "double" in kinds else wide_decimal(max(map(_scale, parts)))
    for part in parts:
        part.replace(cast_as(part, to))
    return node


def _scale(node: exp.Expr) -> int:
    if family(node) in ("int", "null"):
        return 0
    given = node.type.expressions if node.type else []
    places = number(given[1].this) if len(given) == 2 else None
    if places is None:
        raise refused("A choice between decimals", TITLE, "Cast each to DECIMAL(18, 2), say.")
    return places


def wide_decimal(places: int) -> str:
    """As wide as there is: a narrow one wraps around without a word."""
    return f"Nullable(Decimal(38, {places}))"


def median(node: exp.Expr) -> exp.Expr:
    """Exact, between two values where need be; NULL over no rows as every aggregate here."""
    share = exp.Literal.number("0.5") if isinstance(node, exp.Median) else node.expression
    while isinstance(share, exp.Cast):
        share = share.this
    if not isinstance(share, exp.Literal) or family(node.this) not in ("int", "double"):
        raise refused("This quantile", TITLE, "Use a plain share of whole numbers or doubles.")
    return exp.ParameterizedAgg(
        this="quantileExactInclusive", expressions=[share.copy()],
        params=[cast_as(node.this, NUMBER)],
    )  # fmt: skip


def half_up(value: exp.Expr, places: int) -> exp.Expr:
    """Rounded away from zero where it lies in the middle."""
    scale = exp.Literal.number(10**places)
    scaled = (
        sql("__x * __s", x=cast_as(value, NUMBER), s=scale) if places else cast_as(value, NUMBER)
    )
    whole = call("trunc", scaled)
    rest = call("abs", exp.Sub(this=exp.Paren(this=scaled), expression=whole.copy()))
    made = sql(
        "__w + CASE WHEN __r >= 0.5 THEN __g WHEN NOT __r IS NULL THEN 0 END",
        w=whole, r=rest, g=call("sign", scaled),
    )  # fmt: skip
    made = exp.Paren(this=made)
    return exp.Paren(this=call("divide", made, scale)) if places else made


def either(node: exp.Expr) -> exp.Expr:
    kind = exp.Max if isinstance(node, exp.LogicalOr) else exp.Min
    return kind(this=node.this.copy())


def counted(tree: exp.Query) -> None:
    """Counts are unsigned here, and have no type in common with signed numbers."""
    for node in list(tree.find_all(exp.Count, exp.CountIf, exp.RowNumber, exp.Rank, exp.DenseRank)):
        whole = outermost(node)
        made = cast_as(whole, "Int64")
        made.type = exp.DataType.build("BIGINT")
        whole.replace(made)
