"""ClickHouse: what it answers as DuckDB does, by the classes of DuckDB's tree."""

from sqlglot import exp

from headwater.evidence.engines.dialects import Dialect, Rule
from headwater.evidence.engines.dialects.clickhouse.basics import TITLE, call
from headwater.evidence.engines.dialects.clickhouse.casts import cast, try_cast
from headwater.evidence.engines.dialects.clickhouse.lists import joined_lists, joined_values
from headwater.evidence.engines.dialects.clickhouse.numbers import (
    absolute,
    alike,
    counted,
    divided,
    either,
    median,
    rounded,
    whole_division,
)
from headwater.evidence.engines.dialects.clickhouse.texts import (
    cased,
    compared,
    contains,
    escaped,
    extracted,
    json_text,
    length,
    like,
    matches,
    positive,
    split_part,
)
from headwater.evidence.engines.dialects.clickhouse.times import (
    days,
    difference,
    epoch,
    interval,
    joined_time,
    mixed_times,
    multiplied,
    part,
    strftime,
    truncated,
    weekday,
)
from headwater.evidence.engines.dialects.writing import number, refused


def _no(what: str, instead: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        raise refused(what, TITLE, instead)

    return rule


def _named(node: exp.Expr) -> exp.Expr:
    name, values = node.name.lower(), node.expressions
    unit = {"to_seconds": "Second", "to_minutes": "Minute", "to_hours": "Hour"}.get(name)
    if unit:
        return interval(unit, values[0])
    if name == "json_valid":
        return exp.EQ(this=call("isValidJSON", values[0]), expression=exp.Literal.number(1))
    if name in _OURS:
        return node
    raise refused(name, TITLE, "See docs/evidence-engines.md.")


_OURS = frozenset(
    """
    arraystringconcat array arraymap arraysort grouparrayif groupuniqarrayif tuple tupleelement
    countif ifnull negate tounixtimestamp64micro cast
    """.split()
)


def _shifted(node: exp.Expr) -> exp.Expr:
    """lag and lead look over all rows of the part, and find NULL beyond its edge."""
    name = "lagInFrame" if isinstance(node, exp.Lag) else "leadInFrame"
    by = node.args.get("offset") or exp.Literal.number(1)
    if node.args.get("default") is not None or number(by) is None:
        raise refused(f"{name} with a default", TITLE, "Use coalesce around it.")
    return call(name, call("toNullable", node.this), by)


_OVER_WINDOWS = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Count, exp.Sum, exp.Min, exp.Max,
                 exp.Avg)  # fmt: skip


def _window(node: exp.Expr) -> exp.Expr:
    if node.find(exp.Interval):
        raise refused("A window over an interval", TITLE, "Join on the interval instead.")
    shifts = isinstance(node.this, exp.Anonymous) and node.this.name.endswith("InFrame")
    if shifts:
        node.set("spec", exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING",
                                        end="UNBOUNDED", end_side="FOLLOWING"))  # fmt: skip
    if not shifts and not isinstance(node.this, _OVER_WINDOWS):
        raise refused(f"{node.this.key} over a window", TITLE, "Use row_number and a join.")
    return node


def _in_query(node: exp.Expr) -> exp.Expr:
    """Fine where it only keeps rows; its NULL is a plain no elsewhere, so NOT IN differs."""
    above = node.parent
    while isinstance(above, exp.And | exp.Paren):
        above = above.parent
    if node.args.get("query") and not isinstance(above, exp.Where):
        raise refused("NOT IN (SELECT …)", TITLE, "Use a LEFT JOIN and IS NULL.")
    return node


def _names_of_unions(tree: exp.Query) -> None:
    """Every part of a set operation names its columns as the first, for names may not repeat."""
    for both in tree.find_all(exp.SetOperation):
        names = both.named_selects
        for side in (both.left, both.right):
            select = side.unnest()
            if not isinstance(select, exp.Select):
                continue
            made = [
                exp.alias_(each.unalias().copy(), name, quoted=True)
                for each, name in zip(select.expressions, names, strict=True)
            ]
            for was, now in zip(select.expressions, made, strict=True):
                now.type = now.this.type = was.type
            select.set("expressions", made)


def _only_plain_joins(tree: exp.Query) -> None:
    for node in tree.find_all(exp.Join, exp.Lateral, exp.Exists, exp.Rollup):
        if isinstance(node, exp.Join) and not node.args.get("method"):
            continue
        raise refused(f"{node.key.upper()} here", TITLE, "Use a plain join or IN (SELECT …).")


_LISTS = "Use min or max, or return the rows."


_TEXT = "Compare the text as it is."


CLICKHOUSE = Dialect(
    name="clickhouse",
    title=TITLE,
    sqlglot="clickhouse",
    before=(_only_plain_joins, joined_lists, counted, _names_of_unions),
    rules={
        exp.Abs: absolute, exp.Div: divided, exp.IntDiv: whole_division,
        exp.Round: rounded, exp.Cast: cast,
        exp.TimestampTrunc: truncated, exp.DateTrunc: truncated, exp.DateDiff: difference,
        exp.Extract: part, exp.DayOfWeek: weekday, exp.TimeToUnix: epoch,
        exp.TimeToStr: strftime, exp.Lower: cased, exp.Upper: cased, exp.Length: length,
        exp.RegexpLike: matches, exp.Like: like, exp.StartsWith: compared("startsWith"),
        exp.EndsWith: compared("endsWith"), exp.Contains: contains,
        exp.Substring: positive("start", "substringUTF8"),
        exp.Left: positive("expression", "leftUTF8"),
        exp.Right: positive("expression", "rightUTF8"),
        exp.Add: joined_time, exp.Sub: joined_time, exp.Mul: multiplied, exp.Window: _window,
        exp.TryCast: try_cast, exp.JSONExtractScalar: json_text, exp.Case: alike,
        exp.If: alike, exp.Coalesce: alike, exp.Greatest: alike, exp.Least: alike,
        exp.Lag: _shifted, exp.Lead: _shifted, exp.ToDays: days, exp.Escape: escaped,
        exp.GT: mixed_times, exp.GTE: mixed_times, exp.LT: mixed_times, exp.LTE: mixed_times,
        exp.EQ: mixed_times, exp.NEQ: mixed_times,
        exp.ArrayAgg: _no("A list", _LISTS),
        exp.Explode: _no("unnest", _LISTS), exp.Split: _no("string_split", _LISTS),
        exp.ArgMax: _no("arg_max", "Use row_number."),
        exp.ArgMin: _no("arg_min", "Use row_number."),
        exp.IgnoreNulls: _no("IGNORE NULLS", "Leave the NULLs out first."),
        exp.Concat: joined_values, exp.ConcatWs: joined_values,
        exp.ILike: _no("ILIKE", "Use lower(x) LIKE."), exp.Pad: _no("lpad and rpad", _TEXT),
        exp.Reverse: _no("reverse", _TEXT), exp.Trim: _no("trim", _TEXT),
        exp.RegexpReplace: _no("regexp_replace", _TEXT), exp.MD5: _no("md5", _TEXT),
        exp.RegexpExtract: extracted, exp.SplitPart: split_part,
        exp.AtTimeZone: _no("AT TIME ZONE", "Add the hours, or convert the answer."),
        exp.PercentileCont: median, exp.Median: median,
        exp.PercentileDisc: _no("quantile_disc", "Use avg, or ask another engine."),
        exp.DateBin: _no("time_bucket", "Use date_trunc."),
        exp.Dayname: _no("dayname", "Use isodow."), exp.Monthname: _no("monthname", "Use month."),
        exp.Anonymous: _named, exp.In: _in_query,
        exp.LogicalOr: either, exp.LogicalAnd: either,
        exp.StddevSamp: _no("stddev_samp", "Use stddev_pop."), exp.Stddev: _no("stddev", _TEXT),
        exp.Variance: _no("var_samp", "Use stddev_pop."), exp.Corr: _no("corr", _LISTS),
    },
)  # fmt: skip
