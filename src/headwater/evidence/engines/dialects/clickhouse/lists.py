"""ClickHouse: text joined into lists, in an order."""

from sqlglot import exp

from headwater.evidence.engines.dialects.clickhouse.basics import TITLE, call, cast_as, sql
from headwater.evidence.engines.dialects.writing import outermost, refused, text_of
from headwater.evidence.engines.families import family

_TEXT = "Nullable(String)"


def joined_values(node: exp.Expr) -> exp.Expr:
    """concat_ws and concat, which leave NULLs out."""
    values = list(node.expressions)
    separator: exp.Expr = exp.Literal.string("")
    if isinstance(node, exp.ConcatWs):
        separator = values.pop(0)
        if text_of(separator) is None:
            raise refused("concat_ws by no plain text", TITLE, "Write the separator out.")
    if any(family(value) not in ("text", "null") for value in values):
        raise refused("concat of what is no text", TITLE, "Cast each part to VARCHAR.")
    parts = [cast_as(value, _TEXT) for value in values]
    return call("arrayStringConcat", exp.Anonymous(this="array", expressions=parts), separator)


def joined_lists(tree: exp.Query) -> None:
    """string_agg as a sorted array of (order, value), joined; NULL where nothing is in it."""
    for node in list(tree.find_all(exp.GroupConcat)):
        whole = outermost(node)
        if isinstance(whole, exp.Window):
            raise refused("string_agg over a window", TITLE, "Group, and join to it.")
        ordered = node.this
        if not isinstance(ordered, exp.Order):
            raise refused("string_agg without an order", TITLE, "Add ORDER BY inside it.")
        inner = ordered.this
        value = inner.expressions[0] if isinstance(inner, exp.Distinct) else inner
        there: exp.Expr = sql("NOT __v IS NULL", v=value)
        if isinstance(whole, exp.Filter):
            there = exp.and_(there, whole.expression.this.copy())
        there = call("ifNull", there, exp.false())
        separator = node.args.get("separator") or exp.Literal.string(",")
        if isinstance(inner, exp.Distinct):
            if len(ordered.expressions) != 1 or ordered.expressions[0].args.get("desc"):
                raise refused("string_agg(DISTINCT) in this order", TITLE, "Order by the value.")
            listed = call("arraySort", call("groupUniqArrayIf", value, there))
        else:
            listed = _sorted(value, ordered.expressions, there)
        made = sql(
            "CASE WHEN __n > 0 THEN __l END",
            n=call("countIf", there), l=call("arrayStringConcat", listed, separator),
        )  # fmt: skip
        made.type = exp.DataType.build("TEXT")
        whole.replace(made)


def _sorted(value: exp.Expr, order: list[exp.Expr], there: exp.Expr) -> exp.Expr:
    keys = [key for each in order for key in _sort_keys(each)]
    row = exp.Anonymous(this="tuple", expressions=[each.copy() for each in (*keys, value)])
    last = exp.Lambda(
        this=call("tupleElement", exp.column("hw_e"), exp.Literal.number(len(keys) + 1)),
        expressions=[exp.to_identifier("hw_e")],
    )
    return call("arrayMap", last, call("arraySort", call("groupArrayIf", row, there)))


def _sort_keys(ordered: exp.Expr) -> list[exp.Expr]:
    """What sorts upwards as `ordered` says: first whether it is NULL, then the value."""
    value = ordered.this
    nothing = sql("__v IS NULL", v=value)
    if ordered.args.get("nulls_first"):
        nothing = sql("NOT __v IS NULL", v=value)
    if not ordered.args.get("desc"):
        return [nothing, value]
    if family(value) == "timestamp":
        value = call("toUnixTimestamp64Micro", value)
    elif family(value) not in ("int", "decimal"):
        raise refused(
            "string_agg downwards by text", TITLE, "Number the rows downwards and order by that."
        )
    return [nothing, call("negate", value)]
