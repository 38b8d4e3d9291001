"""Spark 4 with ANSI mode on and timestamps without zone: the rules by the classes of the tree."""

from sqlglot import exp

from headwater.evidence.engines.dialects import Dialect
from headwater.evidence.engines.dialects.spark.basics import TITLE, call_of, sql
from headwater.evidence.engines.dialects.spark.casts import cast, try_cast
from headwater.evidence.engines.dialects.spark.lists import joined_lists
from headwater.evidence.engines.dialects.spark.numbers import (
    as_double,
    divided,
    floor,
    no_discrete,
    percentile,
    positive_only,
    rounded,
    whole_division,
)
from headwater.evidence.engines.dialects.spark.texts import (
    cased,
    ilike,
    json_text,
    like,
    matches,
    path_text,
    positive,
    regex_extracted,
    regex_replaced,
)
from headwater.evidence.engines.dialects.spark.times import (
    bucket,
    day_name,
    days,
    difference,
    epoch,
    interval_of,
    joined_time,
    part,
    strftime,
    truncated,
    weekday,
    zones,
)
from headwater.evidence.engines.dialects.writing import plain_path, refused


def _latest(node: exp.Expr) -> exp.Expr:
    word = "MAX_BY" if isinstance(node, exp.ArgMax) else "MIN_BY"
    by = sql("CASE WHEN NOT __a IS NULL THEN __b END", a=node.this, b=node.expression)
    return exp.Anonymous(this=word, expressions=[node.this.copy(), by])


def _named(node: exp.Expr) -> exp.Expr:
    name, values = node.name.lower(), node.expressions
    unit = {"to_seconds": "SECOND", "to_minutes": "MINUTE", "to_hours": "HOUR"}.get(name)
    if unit:
        return interval_of(unit, values[0])
    if name == "suffix":
        return exp.Anonymous(this="ENDSWITH", expressions=[each.copy() for each in values])
    if name == "json_valid":
        return sql(
            "CASE WHEN NOT __x IS NULL THEN NOT TRY_PARSE_JSON(__x) IS NULL END", x=values[0]
        )
    if name == "json_array_length":
        steps: list[str | int] = list(plain_path(values[1], TITLE)) if len(values) > 1 else []
        inner = exp.Anonymous(
            this="GET_JSON_OBJECT", expressions=[values[0].copy(), path_text(steps)]
        )
        length = exp.Anonymous(this="JSON_ARRAY_LENGTH", expressions=[inner])
        return sql("COALESCE(__n, CASE WHEN NOT __i IS NULL THEN 0 END)", n=length, i=inner)
    if name in _OURS:
        return node
    raise refused(name, TITLE, "See docs/evidence-engines.md.")


_OURS = frozenset(
    """
    percentile datediff date_trunc date_format regexp_replace regexp_extract
    get_json_object max_by min_by endswith startswith contains convert_timezone
    collect_list named_struct
    """.split()
)


def _any_value(node: exp.Expr) -> exp.Expr:
    return sql("MIN(__x)", x=node.this.this) if isinstance(node.this, exp.AnyValue) else node


def _no_list(node: exp.Expr) -> exp.Expr:
    raise refused("A list", TITLE, "Use string_agg, or count.")


def _order_by_results(tree: exp.Query) -> None:
    """Over groups Spark looks up ORDER BY among the results only, and those come first anyway."""
    for select in tree.find_all(exp.Select):
        order = select.args.get("order")
        for ordered in order.expressions if order else ():
            for each in select.expressions:
                if each.unalias() == ordered.this and isinstance(each, exp.Alias):
                    made = exp.column(each.alias, quoted=True)
                    made.type = ordered.this.type
                    ordered.set("this", made)
                    break


def _no_nearest(tree: exp.Query) -> None:
    for join in tree.find_all(exp.Join):
        if join.args.get("method"):
            raise refused(
                "An ASOF join", TITLE, "Join on the keys and keep the latest by row_number()."
            )


SPARK = Dialect(
    name="spark",
    title=TITLE,
    sqlglot="spark",
    before=(_no_nearest, joined_lists, _order_by_results, zones, as_double),
    rules={
        exp.Div: divided, exp.IntDiv: whole_division, exp.Round: rounded, exp.Floor: floor,
        exp.Ceil: floor, exp.PercentileCont: percentile, exp.Median: percentile,
        exp.PercentileDisc: no_discrete, exp.DateDiff: difference, exp.Extract: part,
        exp.TimeToUnix: epoch, exp.TimestampTrunc: truncated, exp.DateTrunc: truncated,
        exp.DateBin: bucket, exp.TimeToStr: strftime, exp.Dayname: day_name,
        exp.Monthname: day_name, exp.DayOfWeek: weekday, exp.Like: like, exp.ILike: ilike,
        exp.Lower: cased, exp.Upper: cased, exp.RegexpLike: matches,
        exp.RegexpReplace: regex_replaced, exp.RegexpExtract: regex_extracted,
        exp.JSONExtractScalar: json_text, exp.ArgMax: _latest, exp.ArgMin: _latest,
        exp.TryCast: try_cast, exp.Cast: cast, exp.Add: joined_time, exp.Sub: joined_time,
        exp.Contains: call_of("CONTAINS"), exp.EndsWith: call_of("ENDSWITH"),
        exp.StartsWith: call_of("STARTSWITH"), exp.Anonymous: _named, exp.ToDays: days,
        exp.SplitPart: positive("part_index", "split_part"),
        exp.Substring: positive("start", "substr"), exp.Left: positive("expression", "left"),
        exp.Right: positive("expression", "right"), exp.IgnoreNulls: _any_value,
        exp.ArrayAgg: _no_list, exp.Ln: positive_only("<="), exp.Sqrt: positive_only("<"),
    },
)  # fmt: skip
