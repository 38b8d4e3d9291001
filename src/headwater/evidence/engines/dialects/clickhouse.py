"""ClickHouse: a small subset, because its NULLs, lists and texts are its own."""

from sqlglot import exp

from headwater.evidence.engines.dialects import Dialect, Rule
from headwater.evidence.engines.dialects.writing import (
    number,
    pattern,
    refused,
    text_of,
    time_format,
)
from headwater.evidence.engines.families import family

_TITLE = "ClickHouse"
_CODES = {"Y": "%Y", "m": "%m", "d": "%d", "H": "%H", "M": "%i", "S": "%S"}
_MOMENT = "Nullable(DateTime64(6, 'UTC'))"


def _call(name: str, *values: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[value.copy() for value in values])


def _as(value: exp.Expr, kind: str) -> exp.Expr:
    return _call("CAST", value, exp.Literal.string(kind))


def _no(what: str, instead: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        raise refused(what, _TITLE, instead)

    return rule


def _divided(node: exp.Expr) -> exp.Expr:
    node.set("this", _as(node.this, "Nullable(Float64)"))
    node.set("expression", _as(node.expression, "Nullable(Float64)"))
    return node


def _whole_division(node: exp.Expr) -> exp.Expr:
    return _call("intDiv", node.this, node.expression)


def _rounded(node: exp.Expr) -> exp.Expr:
    if family(node.this) == "int":
        return node
    raise refused("round", _TITLE, "Return the number itself; it is rounded where it is shown.")


def _cast(node: exp.Expr) -> exp.Expr:
    to, given = node.args["to"].this.value, family(node.this)
    if to in ("TIMESTAMP", "DATE") and (given != "text" or text_of(node.this)):
        return _as(node.this, _MOMENT if to == "TIMESTAMP" else "Nullable(Date32)")
    if to in ("INT", "BIGINT") and given == "int":
        return _as(node.this, "Nullable(Int64)")
    if to == "DOUBLE" and given in ("int", "decimal", "double"):
        return _as(node.this, "Nullable(Float64)")
    if to == "DECIMAL" and given in ("int", "double"):
        return node
    if given == "null" or (to in ("TEXT", "VARCHAR") and given in ("int", "text")):
        return node
    raise refused(f"A cast from {given} to {to}", _TITLE, "Return the value as it is.")


def _truncated(node: exp.Expr) -> exp.Expr:
    unit = exp.Literal.string(node.args["unit"].name.lower())
    made = _call("dateTrunc", unit, node.this)
    return _as(made, "Nullable(Date32)" if family(node) == "date" else _MOMENT)


def _difference(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.lower()
    if unit not in ("second", "minute", "hour", "day", "month", "year"):
        raise refused(f"date_diff by {unit}", _TITLE, "Use second, minute, hour, day or month.")
    return _call("dateDiff", exp.Literal.string(unit), node.expression, node.this)


_PARTS = {"year": "toYear", "month": "toMonth", "day": "toDayOfMonth", "hour": "toHour",
          "minute": "toMinute", "second": "toSecond", "isodow": "toDayOfWeek",
          "week": "toISOWeek", "quarter": "toQuarter", "doy": "toDayOfYear"}  # fmt: skip


def _part(node: exp.Expr) -> exp.Expr:
    unit = node.this.name.lower()
    if unit == "dow":
        return _weekday(exp.DayOfWeek(this=node.expression))
    if unit not in _PARTS:
        raise refused(f"extract({unit})", _TITLE, "Use date_trunc, or epoch.")
    return _call(_PARTS[unit], node.expression)


def _weekday(node: exp.Expr) -> exp.Expr:
    return exp.Mod(this=_call("toDayOfWeek", node.this), expression=exp.Literal.number(7))


def _epoch(node: exp.Expr) -> exp.Expr:
    if family(node.this) != "timestamp":
        raise refused("epoch of an interval", _TITLE, "Subtract the epochs of both times.")
    micros = _call("toUnixTimestamp64Micro", _as(node.this, _MOMENT))
    return _call("divide", micros, exp.Literal.number(1_000_000))


def _strftime(node: exp.Expr) -> exp.Expr:
    made = time_format(node.args.get("format"), _TITLE, _CODES, "")
    return _call("formatDateTime", node.this, exp.Literal.string(made))


def _cased(node: exp.Expr) -> exp.Expr:
    return _call("lowerUTF8" if isinstance(node, exp.Lower) else "upperUTF8", node.this)


def _length(node: exp.Expr) -> exp.Expr:
    if family(node.this) != "text":
        raise refused("The length of a list", _TITLE, "Use count.")
    return _call("lengthUTF8", node.this)


def _matches(node: exp.Expr) -> exp.Expr:
    text = pattern(node.expression, _TITLE)
    if "." in text:
        text = f"(?-s){text}"
    return exp.EQ(
        this=_call("match", node.this, exp.Literal.string(text)), expression=exp.Literal.number(1)
    )


def _like(node: exp.Expr) -> exp.Expr:
    text = text_of(node.expression)
    if text is None or isinstance(node.parent, exp.Escape):
        raise refused("LIKE with ESCAPE", _TITLE, "Use starts_with or contains.")
    node.set("expression", exp.Literal.string(text.replace("\\", "\\\\")))
    return node


def _compared(name: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        return exp.EQ(
            this=_call(name, node.this, node.expression), expression=exp.Literal.number(1)
        )

    return rule


def _contains(node: exp.Expr) -> exp.Expr:
    return exp.GT(
        this=_call("position", node.this, node.expression), expression=exp.Literal.number(0)
    )


def _positive(key: str, name: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        place = number(node.args.get(key))
        if place is None or place < 1:
            raise refused(f"{name} counted from the end", _TITLE, "Use a plain number from 1 on.")
        rest = [each for each in (node.args.get("length"),) if each is not None]
        return _call(name, node.this, node.args[key], *rest)

    return rule


def _joined_time(node: exp.Expr) -> exp.Expr:
    pair = {family(node.this), family(node.expression)}
    if pair & {"timestamp", "date", "interval"} and pair != {"timestamp", "interval"}:
        raise refused("Reckoning with dates", _TITLE, "Cast the date to a timestamp first.")
    return node


def _multiplied(node: exp.Expr) -> exp.Expr:
    if "interval" in (family(node.this), family(node.expression)):
        raise refused("A multiple of an interval", _TITLE, "Write the interval out.")
    return node


def _window(node: exp.Expr) -> exp.Expr:
    if node.find(exp.Interval):
        raise refused("A window over an interval", _TITLE, "Join on the interval instead.")
    if not isinstance(node.this, exp.RowNumber | exp.Rank | exp.DenseRank | exp.Count | exp.Sum
                      | exp.Min | exp.Max | exp.Avg):  # fmt: skip
        raise refused(f"{node.this.key} over a window", _TITLE, "Use row_number and a join.")
    return node


def _in_query(node: exp.Expr) -> exp.Expr:
    """Fine where it only keeps rows; its NULL is a plain no elsewhere, so NOT IN differs."""
    above = node.parent
    while isinstance(above, exp.And | exp.Paren):
        above = above.parent
    if node.args.get("query") and not isinstance(above, exp.Where):
        raise refused("NOT IN (SELECT …)", _TITLE, "Use a LEFT JOIN and IS NULL.")
    return node


def _only_plain_joins(tree: exp.Query) -> None:
    for node in tree.find_all(exp.Join, exp.Lateral, exp.Exists, exp.Rollup):
        if isinstance(node, exp.Join) and not node.args.get("method"):
            continue
        raise refused(f"{node.key.upper()} here", _TITLE, "Use a plain join or IN (SELECT …).")


_LISTS = "Use min or max, or return the rows."
_TEXT = "Compare the text as it is."

CLICKHOUSE = Dialect(
    name="clickhouse",
    title=_TITLE,
    sqlglot="clickhouse",
    before=(_only_plain_joins,),
    rules={
        exp.Div: _divided, exp.IntDiv: _whole_division, exp.Round: _rounded, exp.Cast: _cast,
        exp.TimestampTrunc: _truncated, exp.DateTrunc: _truncated, exp.DateDiff: _difference,
        exp.Extract: _part, exp.DayOfWeek: _weekday, exp.TimeToUnix: _epoch,
        exp.TimeToStr: _strftime, exp.Lower: _cased, exp.Upper: _cased, exp.Length: _length,
        exp.RegexpLike: _matches, exp.Like: _like, exp.StartsWith: _compared("startsWith"),
        exp.EndsWith: _compared("endsWith"), exp.Contains: _contains,
        exp.Substring: _positive("start", "substringUTF8"),
        exp.Left: _positive("expression", "leftUTF8"),
        exp.Right: _positive("expression", "rightUTF8"),
        exp.Add: _joined_time, exp.Sub: _joined_time, exp.Mul: _multiplied, exp.Window: _window,
        exp.TryCast: _no("try_cast", "Test with regexp_matches first."),
        exp.GroupConcat: _no("string_agg", _LISTS), exp.ArrayAgg: _no("A list", _LISTS),
        exp.Explode: _no("unnest", _LISTS), exp.Split: _no("string_split", _LISTS),
        exp.ArgMax: _no("arg_max", "Use row_number."),
        exp.ArgMin: _no("arg_min", "Use row_number."),
        exp.IgnoreNulls: _no("IGNORE NULLS", "Leave the NULLs out first."),
        exp.Concat: _no("concat", "Use || with coalesce."),
        exp.ConcatWs: _no("concat_ws", "Use || with coalesce."),
        exp.ILike: _no("ILIKE", "Use lower(x) LIKE."), exp.Pad: _no("lpad and rpad", _TEXT),
        exp.Reverse: _no("reverse", _TEXT), exp.Trim: _no("trim", _TEXT),
        exp.RegexpReplace: _no("regexp_replace", _TEXT), exp.MD5: _no("md5", _TEXT),
        exp.RegexpExtract: _no("regexp_extract", _TEXT), exp.SplitPart: _no("split_part", _TEXT),
        exp.JSONExtractScalar: _no("JSON", "Take the value out where the data is loaded."),
        exp.AtTimeZone: _no("AT TIME ZONE", "Add the hours, or convert the answer."),
        exp.PercentileCont: _no("quantile_cont", "Use avg, or ask another engine."),
        exp.PercentileDisc: _no("quantile_disc", "Use avg, or ask another engine."),
        exp.Median: _no("median", "Use avg, or ask another engine."),
        exp.DateBin: _no("time_bucket", "Use date_trunc."),
        exp.Dayname: _no("dayname", "Use isodow."), exp.Monthname: _no("monthname", "Use month."),
        exp.Anonymous: _no("This function", "See docs/evidence-engines.md."), exp.In: _in_query,
        exp.LogicalOr: _no("bool_or", "Use count_if(x) > 0."),
        exp.LogicalAnd: _no("bool_and", "Use count_if(NOT x) = 0."),
        exp.StddevSamp: _no("stddev_samp", "Use stddev_pop."), exp.Stddev: _no("stddev", _TEXT),
        exp.Variance: _no("var_samp", "Use stddev_pop."), exp.Corr: _no("corr", _LISTS),
        exp.Greatest: _no("greatest", "Use CASE."),
        exp.Least: _no("least", "Use CASE."),
        exp.Escape: _no("LIKE with ESCAPE", "Use starts_with or contains."),
    },
)  # fmt: skip
