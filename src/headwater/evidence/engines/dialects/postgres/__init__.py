"""PostgreSQL 17 and later: the rules by the classes of DuckDB's tree."""

from sqlglot import exp

from headwater.evidence.engines.dialects import Dialect
from headwater.evidence.engines.dialects.postgres.basics import TITLE, bytes_order, kept, sql
from headwater.evidence.engines.dialects.postgres.casts import cast, try_cast
from headwater.evidence.engines.dialects.postgres.numbers import (
    as_double,
    divided,
    floats,
    floor,
    percentile,
    power,
    rounded,
    whole_division,
)
from headwater.evidence.engines.dialects.postgres.texts import (
    contains,
    ends,
    ilike,
    json_length,
    json_text,
    like,
    lower,
    matches,
    positive,
    regex_extracted,
    regex_replaced,
    split,
)
from headwater.evidence.engines.dialects.postgres.times import (
    bucket,
    day_name,
    days,
    difference,
    epoch,
    part,
    strftime,
    truncated,
    weekday,
)
from headwater.evidence.engines.dialects.writing import refused
from headwater.evidence.engines.families import family


def _ordered(node: exp.Expr) -> exp.Expr:
    node.set("this", kept(bytes_order(node.this), node.this))
    return node


def _compared(node: exp.Expr) -> exp.Expr:
    if family(node.this) == "text" or family(node.args.get("expression") or node.this) == "text":
        node.set("this", sql('__a COLLATE "C"', a=node.this))
    return node


def _extreme(node: exp.Expr) -> exp.Expr:
    if family(node.this) == "boolean":
        either = exp.LogicalOr if isinstance(node, exp.Max) else exp.LogicalAnd
        return kept(either(this=node.this), node)
    node.set("this", kept(bytes_order(node.this), node.this))
    return node


def _latest(node: exp.Expr) -> exp.Expr:
    down = "DESC" if isinstance(node, exp.ArgMax) else "ASC"
    return sql(
        f"(ARRAY_AGG(__a ORDER BY __b {down}) "
        "FILTER (WHERE NOT __a IS NULL AND NOT __b IS NULL))[1]",
        a=node.this, b=bytes_order(node.expression),
    )  # fmt: skip


def _no_list(node: exp.Expr) -> exp.Expr:
    raise refused("A list", TITLE, "Use string_agg, or count.")


def _counted(node: exp.Expr) -> exp.Expr:
    return sql("COUNT(CASE WHEN __x THEN 1 END)", x=node.this)


def _unnest(node: exp.Expr) -> exp.Expr:
    if isinstance(node.this, exp.GenerateSeries):
        return node.this.copy()
    return sql("UNNEST(__x)", x=node.this)


def _named(node: exp.Expr) -> exp.Expr:
    name = node.name.lower()
    values = node.expressions
    unit = {"to_seconds": "second", "to_minutes": "minute", "to_hours": "hour"}.get(name)
    if unit:
        return sql(f"__n * INTERVAL '1 {unit}'", n=values[0])
    if name == "suffix":
        return sql("RIGHT(__x, LENGTH(__y)) = __y", x=values[0], y=values[1])
    if name == "json_array_length":
        return json_length(values)
    if name == "json_valid":
        return sql("__x IS JSON", x=values[0])
    raise refused(name, TITLE, "See docs/evidence-engines.md.")


def _joined(node: exp.Expr) -> exp.Expr:
    """string_agg: with DISTINCT the order must be by the very value."""
    inner = node.this
    if isinstance(inner, exp.Order) and isinstance(inner.this, exp.Distinct):
        value = inner.this.expressions[0]
        inner.this.set("expressions", [kept(bytes_order(value), value)])
    return node


def _no_ignored_nulls(node: exp.Expr) -> exp.Expr:
    if isinstance(node.this, exp.AnyValue):
        return sql("MIN(__x)", x=bytes_order(node.this.this))
    raise refused("IGNORE NULLS", TITLE, "Leave the NULLs out in a CTE, then number the rows.")


def _nearest(tree: exp.Query) -> None:
    """ASOF joins as the first row of an ordered sub-select."""
    for join in list(tree.find_all(exp.Join)):
        if str(join.args.get("method") or "").upper() != "ASOF":
            continue
        select = join.find_ancestor(exp.Select)
        on = join.args.get("on")
        owner = join.this.alias_or_name
        order = _asof_time(on, owner)
        if select is None or on is None or order is None:
            raise refused("This ASOF join", TITLE, "Compare one time of each table with >= .")
        inner = exp.select("*").from_(join.this.copy()).where(on.copy()).order_by(order).limit(1)
        alias = exp.TableAlias(this=exp.to_identifier(owner, quoted=True))
        made = exp.Lateral(this=exp.Subquery(this=inner), alias=alias)
        left = str(join.args.get("side") or "").upper() == "LEFT"
        join.replace(
            exp.Join(this=made, side="LEFT", on=exp.true())
            if left
            else exp.Join(this=made, kind="CROSS")
        )


def _asof_time(on: exp.Expr | None, owner: str) -> exp.Ordered | None:
    if on is None:
        return None
    for test in on.find_all(exp.GTE, exp.GT, exp.LTE, exp.LT):
        below = isinstance(test, exp.GTE | exp.GT)
        for side, other in ((test.expression, test.this), (test.this, test.expression)):
            if isinstance(side, exp.Column) and side.table == owner:
                latest = below if side is test.expression else not below
                del other
                return exp.Ordered(this=side.copy(), desc=latest, nulls_first=False)
    return None


POSTGRES = Dialect(
    name="postgres",
    title=TITLE,
    sqlglot="postgres",
    before=(_nearest, as_double),
    rules={
        exp.Ordered: _ordered, exp.LT: _compared, exp.GT: _compared, exp.LTE: _compared,
        exp.GTE: _compared, exp.Between: _compared, exp.Min: _extreme, exp.Max: _extreme,
        exp.Greatest: _compared, exp.Least: _compared,
        exp.Div: divided, exp.IntDiv: whole_division, exp.Round: rounded,
        exp.PercentileCont: percentile("cont"), exp.PercentileDisc: percentile("disc"),
        exp.Median: percentile("median"), exp.DateDiff: difference, exp.Extract: part,
        exp.TimeToUnix: epoch, exp.TimestampTrunc: truncated, exp.DateTrunc: truncated,
        exp.DateBin: bucket, exp.TimeToStr: strftime, exp.Like: like, exp.ILike: ilike,
        exp.Lower: lower, exp.Upper: lower, exp.RegexpLike: matches,
        exp.RegexpReplace: regex_replaced, exp.RegexpExtract: regex_extracted,
        exp.JSONExtractScalar: json_text, exp.ArgMax: _latest, exp.ArgMin: _latest,
        exp.CountIf: _counted, exp.ArrayAgg: _no_list, exp.TryCast: try_cast, exp.Cast: cast,
        exp.Contains: contains, exp.EndsWith: ends, exp.Split: split,
        exp.Explode: _unnest, exp.Anonymous: _named,
        exp.ToDays: days, exp.DayOfWeek: weekday, exp.Dayname: day_name,
        exp.Monthname: day_name, exp.SplitPart: positive("part_index", "split_part"),
        exp.Substring: positive("start", "substr"), exp.Left: positive("expression", "left"),
        exp.Right: positive("expression", "right"), exp.GroupConcat: _joined,
        exp.IgnoreNulls: _no_ignored_nulls, exp.Sqrt: floats, exp.Ln: floats, exp.Exp: floats,
        exp.Pow: power, exp.Floor: floor, exp.Ceil: floor,
    },
)  # fmt: skip
