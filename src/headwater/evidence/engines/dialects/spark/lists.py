"""Spark: lists of text in an order."""

from sqlglot import exp

from headwater.evidence.engines.dialects.spark.basics import TITLE, sql
from headwater.evidence.engines.dialects.writing import outermost, refused
from headwater.evidence.engines.families import family


def joined_lists(tree: exp.Query) -> None:
    """string_agg in order as a sorted list of (order, value), joined.

    Spark's own function breaks its planner beside DISTINCT counts and over unions.
    """
    for node in list(tree.find_all(exp.GroupConcat)):
        ordered = node.this
        if not isinstance(ordered, exp.Order) or isinstance(ordered.this, exp.Distinct):
            continue
        whole = outermost(node)
        if isinstance(whole, exp.Window):
            continue
        keys = [key for each in ordered.expressions for key in _sort_keys(each)]
        value = ordered.this
        there: exp.Expr = sql("NOT __v IS NULL", v=value)
        if isinstance(whole, exp.Filter):
            there = exp.and_(there, whole.expression.this.copy())
        row = exp.Anonymous(this="NAMED_STRUCT", expressions=[])
        for place, key in enumerate([*keys, value]):
            row.append("expressions", exp.Literal.string(f"k{place}"))
            row.append("expressions", key.copy())
        listed = exp.Anonymous(
            this="COLLECT_LIST", expressions=[sql("CASE WHEN __t THEN __r END", t=there, r=row)]
        )
        made = sql(
            f"ARRAY_JOIN(TRANSFORM(SORT_ARRAY(__l), hw_e -> hw_e.k{len(keys)}), __s)",
            l=listed, s=node.args.get("separator") or exp.Literal.string(","),
        )  # fmt: skip
        made = sql("CASE WHEN COUNT(CASE WHEN __t THEN 1 END) > 0 THEN __m END", t=there, m=made)
        made.type = exp.DataType.build("TEXT")
        whole.replace(made)


def _sort_keys(ordered: exp.Expr) -> list[exp.Expr]:
    """What sorts upwards as `ordered` says: first whether it is NULL, then the value."""
    value = ordered.this
    nothing = sql("__v IS NULL", v=value)
    if ordered.args.get("nulls_first"):
        nothing = sql("NOT __v IS NULL", v=value)
    if not ordered.args.get("desc"):
        return [nothing, value]
    if family(value) == "timestamp":
        value = sql("UNIX_MICROS(CAST(__v AS TIMESTAMP_LTZ))", v=value)
    elif family(value) not in ("int", "decimal"):
        raise refused(
            "string_agg downwards by text", TITLE, "Number the rows downwards and order by that."
        )
    return [nothing, exp.Neg(this=exp.Paren(this=value.copy()))]
