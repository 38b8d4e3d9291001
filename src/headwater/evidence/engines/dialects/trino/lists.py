"""Trino: what other engines have an aggregate for, by lists that are sorted first."""

from sqlglot import exp

from headwater.evidence.engines.dialects.warehouse.shapes import share_of, text_list
from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import called, outermost


def text_lists(w: Words, tree: exp.Query) -> None:
    """string_agg as a sorted list, joined; no list at all is NULL."""
    for node in list(tree.find_all(exp.GroupConcat)):
        value, order, distinct = text_list(w, node)
        whole = outermost(node)
        there: exp.Expr = w.sql("NOT __v IS NULL", v=value)
        if isinstance(whole, exp.Filter):
            there = exp.and_(there, whole.expression.this.copy())
        inner: exp.Expr = exp.Distinct(expressions=[value.copy()]) if distinct else value.copy()
        if order:
            inner = exp.Order(this=inner, expressions=[each.copy() for each in order])
        # An anonymous call, for lists that a person asks for are refused.
        listed = exp.Filter(
            this=called("ARRAY_AGG", inner),
            expression=exp.Where(this=there),
        )
        separator = node.args.get("separator") or exp.Literal.string(",")
        made = called("ARRAY_JOIN", listed, separator)
        made.type = exp.DataType.build("TEXT")
        whole.replace(made)


_CONTINUOUS = (
    "hw_l[CAST(FLOOR((CARDINALITY(hw_l) - 1) * __q) AS BIGINT) + 1] + "
    "((CARDINALITY(hw_l) - 1) * __q - FLOOR((CARDINALITY(hw_l) - 1) * __q)) * "
    "(hw_l[CAST(CEIL((CARDINALITY(hw_l) - 1) * __q) AS BIGINT) + 1] - "
    "hw_l[CAST(FLOOR((CARDINALITY(hw_l) - 1) * __q) AS BIGINT) + 1])"
)
_DISCRETE = (
    "hw_l[GREATEST(CARDINALITY(hw_l) - "
    "CAST(FLOOR(CARDINALITY(hw_l) - __q * CARDINALITY(hw_l)) AS BIGINT), 1)]"
)


def quantile(w: Words, node: exp.Expr) -> exp.Expr:
    """The exact quantile from the sorted list of values; the built-in one is approximate."""
    if isinstance(outermost(node), exp.Window | exp.Filter):
        raise w.refusal("A quantile over a window or with FILTER", "Filter in a CTE first.")
    share = w.sql("CAST(__q AS DOUBLE)", q=share_of(w, node))
    formula = _DISCRETE if isinstance(node, exp.PercentileDisc) else _CONTINUOUS
    return w.sql(
        "ELEMENT_AT(TRANSFORM(ARRAY[ARRAY_AGG(__x ORDER BY __x) FILTER (WHERE NOT __x IS NULL)], "
        f"hw_l -> {formula}), 1)",
        x=node.this, q=share,
    )  # fmt: skip
