"""BigQuery: windows by numbers only, and an OFFSET only after a LIMIT."""

from sqlglot import exp

from headwater.evidence.engines.dialects.warehouse import shapes
from headwater.evidence.engines.dialects.warehouse.shapes import sorted_upwards
from headwater.evidence.engines.dialects.warehouse.times import moment, span
from headwater.evidence.engines.dialects.warehouse.words import Words


def usual_nulls(keys: list[exp.Expr]) -> list[exp.Expr]:
    """Keys as this engine sorts NULLs by itself, so that no word on them is written."""
    for key in keys:
        key.set("nulls_first", not key.args.get("desc"))
    return keys


_ALL = 2**63 - 1
_MICROS = {"second": 10**6, "minute": 60 * 10**6, "hour": 3600 * 10**6, "day": 86400 * 10**6}


def fenced(_: Words, tree: exp.Query) -> None:
    """The fence around a scope is an OFFSET, which stands after a LIMIT only."""
    for select in tree.find_all(exp.Select):
        if select.args.get("offset") and not select.args.get("limit"):
            select.set("limit", exp.Limit(expression=exp.Literal.number(_ALL)))


def no_trailing_offset(w: Words, tree: exp.Query) -> None:
    for both in tree.find_all(exp.SetOperation):
        if both.args.get("offset") and not both.args.get("limit"):
            raise w.refusal("OFFSET without LIMIT", "Add a LIMIT.")


def interval_frames(w: Words, node: exp.Expr) -> exp.Expr:
    """A window over an interval as one over microseconds; any other says where NULLs go."""
    spec = node.args.get("spec")
    shapes.framed(w, node)
    order = node.args["order"].expressions if node.args.get("order") else []
    if spec is None or not spec.find(exp.Interval):
        if order:
            keys = [key for each in order for key in usual_nulls(sorted_upwards(w, each))]
            node.args["order"].set("expressions", keys)
        return node
    if len(order) != 1:
        raise w.refusal("A window over an interval by two keys", "Sort it by the time only.")
    order[0].set("this", w.sql("UNIX_MICROS(TIMESTAMP(__x, 'UTC'))", x=moment(w, order[0].this)))
    usual_nulls(order)
    for key in ("start", "end"):
        width = spec.args.get(key)
        found = span(w, width) if isinstance(width, exp.Expr) else None
        if found is None:
            continue
        unit, count = found
        if unit not in _MICROS or not isinstance(count, exp.Literal):
            raise w.refusal("A window over this interval", "Use minutes, hours or days.")
        spec.set(key, exp.Literal.number(int(count.name) * _MICROS[unit]))
    return node
