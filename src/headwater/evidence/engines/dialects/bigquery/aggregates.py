"""BigQuery: lists whose order has no word on NULLs, and quantiles, which it has over windows."""

from sqlglot import exp

from headwater.evidence.engines.dialects.bigquery.shapes import usual_nulls
from headwater.evidence.engines.dialects.warehouse.shapes import (
    share_of,
    sorted_upwards,
    text_list,
)
from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import outermost


def text_list_sorted(w: Words, node: exp.Expr) -> exp.Expr:
    """string_agg in an order that says by itself where NULLs go.

    A distinct list may be sorted by its own values only, and those are never NULL.
    """
    assert isinstance(node, exp.GroupConcat)  # noqa: S101 (by its place in the rules)
    value, order, distinct = text_list(w, node)
    keys = [key for each in order for key in sorted_upwards(w, each)]
    if distinct:
        keys = [exp.Ordered(this=each.this.copy(), desc=each.args.get("desc")) for each in order]
    keys = usual_nulls(keys)
    inner: exp.Expr = exp.Distinct(expressions=[value.copy()]) if distinct else value.copy()
    separator = (node.args.get("separator") or exp.Literal.string(",")).copy()
    made = exp.GroupConcat(
        this=exp.Order(this=inner, expressions=keys) if keys else inner, separator=separator
    )
    made.type = node.type
    return made


_AT = "ARRAY_AGG(__x IGNORE NULLS ORDER BY __x)[SAFE_OFFSET(CAST({} AS INT64))]"
_PLACE = "(COUNT(__x) - 1) * __q"


def quantile(w: Words, node: exp.Expr) -> exp.Expr:
    """The exact quantile from the sorted list of values."""
    if isinstance(outermost(node), exp.Window):
        raise w.refusal("A quantile over a window", "Group in a CTE and join to it.")
    share = w.sql("CAST(__q AS FLOAT64)", q=share_of(w, node))
    if isinstance(node, exp.PercentileDisc):
        at = _AT.format("GREATEST(COUNT(__x) - FLOOR(COUNT(__x) - __q * COUNT(__x)), 1) - 1")
        return w.sql(at, x=node.this, q=share)
    low, high = _AT.format(f"FLOOR({_PLACE})"), _AT.format(f"CEIL({_PLACE})")
    text = f"{low} + ({_PLACE} - FLOOR({_PLACE})) * ({high} - {low})"
    return exp.Paren(this=w.sql(text, x=node.this, q=share))
