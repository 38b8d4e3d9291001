"""Spark 4 with ANSI mode on and timestamps without zone."""

import re

from sqlglot import exp

from headwater.evidence.engines.dialects import Dialect, Rule
from headwater.evidence.engines.dialects.writing import (
    json_path,
    number,
    outermost,
    pattern,
    plain_path,
    refused,
    text_of,
    time_format,
    written,
)
from headwater.evidence.engines.families import family

_TITLE = "Spark"
_CODES = {"Y": "yyyy", "m": "MM", "d": "dd", "H": "HH", "M": "mm", "S": "ss", "y": "yy",
          "j": "DDD", "B": "MMMM", "b": "MMM", "A": "EEEE", "a": "EEE", "-d": "d",
          "-m": "M"}  # fmt: skip
# Letters that Java changes into several, or by where they stand in a word.
_UPPER = "".join(c for n in range(0x80, 0xFFFF) if len((c := chr(n)).upper()) > 1)
_LOWER = "İΣ"


def _sql(text: str, **values: exp.Expr) -> exp.Expr:
    return written("spark", text, **values)


def _fail(what: str, kind: str) -> str:
    return f"CAST(RAISE_ERROR('{what}') AS {kind})"


def _divided(node: exp.Expr) -> exp.Expr:
    a, b = (_sql("CAST(__x AS DOUBLE)", x=each) for each in (node.this, node.expression))
    known = number(node.expression)
    if (known is not None and known != 0) or isinstance(node.expression, exp.Nullif):
        return _sql("__a / __b", a=a, b=b)
    return _sql(
        "CASE WHEN __b = 0 THEN CASE WHEN __a > 0 THEN CAST('Infinity' AS DOUBLE) "
        "WHEN __a < 0 THEN CAST('-Infinity' AS DOUBLE) "
        "WHEN __a = 0 THEN CAST('NaN' AS DOUBLE) END ELSE __a / __b END",
        a=a, b=b,
    )  # fmt: skip


def _whole_division(node: exp.Expr) -> exp.Expr:
    if {family(node.this), family(node.expression)} != {"int"}:
        raise refused("// of numbers that are not whole", _TITLE, "Use floor(a / b).")
    return _sql("__a DIV __b", a=node.this, b=node.expression)


_BIG = "4503599627370496"


def _rounded(node: exp.Expr) -> exp.Expr:
    places = node.args.get("decimals")
    if family(node.this) != "double":
        return node
    count = 0 if places is None else number(places)
    if count is None or not 0 <= count <= 15:
        raise refused("round to a number of places that is no plain number", _TITLE, "Write it.")
    scaled = _sql("__x * __s", x=node.this, s=exp.Literal.number(10**count)) if count else node.this
    whole = "CAST(FLOOR(ABS(__v)) AS DOUBLE)"
    rounded = _sql(
        f"CASE WHEN ABS(__v) < {_BIG} THEN SIGN(__v) * ({whole} "
        f"+ CASE WHEN ABS(__v) - {whole} >= 0.5 THEN 1 ELSE 0 END) ELSE __v END",
        v=scaled,
    )
    if not count:
        return exp.Paren(this=rounded)
    return _sql("__w / __s", w=exp.Paren(this=rounded), s=exp.Literal.number(10**count))


def _floor(node: exp.Expr) -> exp.Expr:
    word = "FLOOR" if isinstance(node, exp.Floor) else "CEIL"
    if family(node.this) == "decimal":
        return node
    return _sql(
        f"CASE WHEN ABS(__x) < {_BIG} THEN CAST({word}(__x) AS DOUBLE) "
        "ELSE CAST(__x AS DOUBLE) END",
        x=node.this,
    )


def _percentile(node: exp.Expr) -> exp.Expr:
    share = exp.Literal.number("0.5") if isinstance(node, exp.Median) else node.expression
    if not isinstance(share, exp.Literal | exp.Cast):
        raise refused("A list of quantiles", _TITLE, "Ask for each by itself.")
    return exp.Anonymous(this="PERCENTILE", expressions=[node.this.copy(), share.copy()])


def _no_discrete(node: exp.Expr) -> exp.Expr:
    raise refused("quantile_disc", _TITLE, "Use quantile_cont, or number the rows.")


def _difference(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.lower()
    late, early = node.this, node.expression
    seconds = {"hour": 3600, "minute": 60, "second": 1}
    if unit in seconds:
        of = "UNIX_SECONDS(CAST({} AS TIMESTAMP_LTZ))"
        width = seconds[unit]
        whole = f"FLOOR({of} / {width})"
        return _sql(f"{whole.format('__b')} - {whole.format('__a')}", a=early, b=late)
    if unit == "day":
        return exp.cast(
            exp.Anonymous(
                this="DATEDIFF",
                expressions=[_sql("CAST(__x AS DATE)", x=each) for each in (late, early)],
            ),
            "BIGINT",
        )
    if unit == "year":
        return _sql("CAST(YEAR(__b) - YEAR(__a) AS BIGINT)", a=early, b=late)
    if unit == "month":
        return _sql(
            "CAST((YEAR(__b) - YEAR(__a)) * 12 + MONTH(__b) - MONTH(__a) AS BIGINT)",
            a=early, b=late,
        )  # fmt: skip
    raise refused(f"date_diff by {unit}", _TITLE, "Use second, minute, hour, day, month or year.")


_PARTS = {
    "year": "YEAR(__x)", "month": "MONTH(__x)", "day": "DAY(__x)", "hour": "HOUR(__x)",
    "minute": "MINUTE(__x)", "second": "SECOND(__x)", "dow": "DAYOFWEEK(__x) - 1",
    "isodow": "WEEKDAY(__x) + 1", "week": "WEEKOFYEAR(__x)", "quarter": "QUARTER(__x)",
    "doy": "DAYOFYEAR(__x)",
}  # fmt: skip


def _call(text: str, value: exp.Expr) -> exp.Expr:
    """A plain function call, or one with a number added; written so that nothing reads it anew."""
    match = re.fullmatch(r"(\w+)\(__x\)( [+-] \d)?", text)
    assert match is not None  # noqa: S101 (constants above)
    made: exp.Expr = exp.Anonymous(this=match[1], expressions=[value.copy()])
    if match[2]:
        kind = exp.Sub if "-" in match[2] else exp.Add
        made = kind(this=made, expression=exp.Literal.number(int(match[2][-1])))
    return made


def _part(node: exp.Expr) -> exp.Expr:
    unit = node.this.name.lower()
    if unit == "epoch":
        return _epoch(exp.TimeToUnix(this=node.expression))
    if unit not in _PARTS:
        raise refused(f"extract({unit})", _TITLE, "Use date_trunc, or compute it.")
    return exp.cast(_call(_PARTS[unit], node.expression), "BIGINT")


def _epoch(node: exp.Expr) -> exp.Expr:
    if family(node.this) not in ("timestamp", "date"):
        raise refused("epoch of an interval", _TITLE, "Subtract the epochs of both times.")
    return _sql(
        "CAST(UNIX_MICROS(CAST(__x AS TIMESTAMP_LTZ)) AS DOUBLE) / CAST(1000000 AS DOUBLE)",
        x=node.this,
    )


def _truncated(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.upper()
    call = exp.Anonymous(
        this="DATE_TRUNC", expressions=[exp.Literal.string(unit), node.this.copy()]
    )
    return exp.cast(call, "DATE" if family(node) == "date" else "TIMESTAMPNTZ")


def _bucket(node: exp.Expr) -> exp.Expr:
    width = node.this
    sizes = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
    unit = width.text("unit").lower().rstrip("s") if isinstance(width, exp.Interval) else ""
    count = width.this.name if isinstance(width, exp.Interval) else ""
    if unit not in sizes or not count.isdigit():
        raise refused("time_bucket by this width", _TITLE, "Use minutes, hours or days.")
    seconds = int(count) * sizes[unit]
    origin = 946_857_600  # 2000-01-03
    return _sql(
        "CAST(TIMESTAMP_SECONDS(UNIX_SECONDS(CAST(__x AS TIMESTAMP_LTZ)) - "
        f"PMOD(UNIX_SECONDS(CAST(__x AS TIMESTAMP_LTZ)) - {origin}, {seconds})) AS TIMESTAMP_NTZ)",
        x=node.expression,
    )


def _strftime(node: exp.Expr) -> exp.Expr:
    made = time_format(node.args.get("format"), _TITLE, _CODES, "'")
    return exp.Anonymous(
        this="DATE_FORMAT", expressions=[node.this.copy(), exp.Literal.string(made)]
    )


def _day_name(node: exp.Expr) -> exp.Expr:
    code = "EEEE" if isinstance(node, exp.Dayname) else "MMMM"
    return exp.Anonymous(
        this="DATE_FORMAT", expressions=[node.this.copy(), exp.Literal.string(code)]
    )


def _weekday(node: exp.Expr) -> exp.Expr:
    return exp.cast(_call("DAYOFWEEK(__x) - 1", node.this), "BIGINT")


def _like(node: exp.Expr) -> exp.Expr:
    if isinstance(node.parent, exp.Escape):
        return node
    text = text_of(node.expression)
    if text is None:
        raise refused("LIKE with a pattern that is no plain text", _TITLE, "Use contains.")
    node.set("expression", exp.Literal.string(text.replace("\\", "\\\\")))
    return node


def _ilike(node: exp.Expr) -> exp.Expr:
    pair = [_cased(exp.Lower(this=each.copy())) for each in (node.this, node.expression)]
    text = text_of(node.expression)
    if text is None or "\\" in text:
        raise refused("This ILIKE", _TITLE, "Write a plain pattern without a backslash.")
    return exp.Like(this=pair[0], expression=pair[1])


def _cased(node: exp.Expr) -> exp.Expr:
    word, risky = ("LOWER", _LOWER) if isinstance(node, exp.Lower) else ("UPPER", _UPPER)
    failed = _fail(f"{word.lower()} of a letter that Java changes by its own rules", "STRING")
    return _sql(
        f"CASE WHEN __x RLIKE __r THEN {failed} ELSE {word}(__x) END",
        x=node.this, r=exp.Literal.string(f"[{risky}]"),
    )  # fmt: skip


def _regex(node: exp.Expr) -> str:
    """Java reads lines in its own way; with these two changes it reads them as RE2 does."""
    text = pattern(node.expression, _TITLE)
    bare = re.sub(r"\\.|\[\^?\]?[^\]]*\]", "", text)
    if "$" in bare.removesuffix("$"):
        raise refused("A regular expression with $ inside", _TITLE, "Use $ at the end only.")
    if bare.endswith("$"):
        text = text[:-1] + "\\z"
    return f"(?d){text}"


def _matches(node: exp.Expr) -> exp.Expr:
    return _sql("__x RLIKE __p", x=node.this, p=exp.Literal.string(_regex(node)))


def _regex_replaced(node: exp.Expr) -> exp.Expr:
    flags = text_of(node.args.get("modifiers")) or ""
    instead = text_of(node.args.get("replacement"))
    text = _regex(node)
    if flags not in ("", "g") or instead is None or "\\" in instead or "$" in instead:
        raise refused("This regexp_replace", _TITLE, "Use plain text, and the flag 'g' or none.")
    if not flags:
        groups = len(re.findall(r"(?<!\\)\(", re.sub(r"\[[^\]]*\]", "", text.removeprefix("(?d)"))))
        text = f"(?d)\\A((?s:.*?))(?:{text.removeprefix('(?d)')})((?s:.*))\\z"
        instead = f"$1{instead}${groups + 2}"
    return exp.Anonymous(
        this="REGEXP_REPLACE",
        expressions=[node.this.copy(), exp.Literal.string(text), exp.Literal.string(instead)],
    )


def _regex_extracted(node: exp.Expr) -> exp.Expr:
    group = node.args.get("group")
    place = 0 if group is None else number(group)
    if place is None:
        raise refused("This regexp_extract", _TITLE, "Use a plain number of a group.")
    return exp.Anonymous(
        this="REGEXP_EXTRACT",
        expressions=[
            node.this.copy(), exp.Literal.string(_regex(node)), exp.Literal.number(place)
        ],
    )  # fmt: skip


def _path(steps: list[str | int]) -> exp.Expr:
    return exp.Literal.string(
        "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    )


def _json_text(node: exp.Expr) -> exp.Expr:
    assert isinstance(node, exp.JSONExtractScalar)  # noqa: S101 (by its place in the rules)
    path = _path(json_path(node, _TITLE))
    kind = exp.Anonymous(
        this="SCHEMA_OF_VARIANT",
        expressions=[
            exp.Anonymous(
                this="VARIANT_GET",
                expressions=[
                    exp.Anonymous(this="PARSE_JSON", expressions=[node.this.copy()]),
                    path,
                    exp.Literal.string("variant"),
                ],
            )
        ],
    )
    text = exp.Anonymous(this="GET_JSON_OBJECT", expressions=[node.this.copy(), path.copy()])
    failed = _fail("a JSON fraction, object or array as text", "STRING")
    return _sql(
        f"CASE WHEN __k RLIKE '^(DECIMAL|DOUBLE|FLOAT|OBJECT|ARRAY)' THEN {failed} ELSE __t END",
        k=kind, t=text,
    )  # fmt: skip


def _latest(node: exp.Expr) -> exp.Expr:
    word = "MAX_BY" if isinstance(node, exp.ArgMax) else "MIN_BY"
    by = _sql("CASE WHEN NOT __a IS NULL THEN __b END", a=node.this, b=node.expression)
    return exp.Anonymous(this=word, expressions=[node.this.copy(), by])


def _try_cast(node: exp.Expr) -> exp.Expr:
    kind = node.args["to"].this.value
    if family(node.this) != "text" or kind not in ("INT", "BIGINT", "DATE"):
        raise refused(
            f"try_cast to {kind} from {family(node.this)}", _TITLE, "Try a cast from text to a "
            "whole number or a date.",
        )  # fmt: skip
    if kind == "DATE":
        strict = "^[0-9]{4}-[0-9]{2}-[0-9]{2}\\z"
        loose = "^\\s*[-+]?[0-9]+[-/ \\\\][0-9]+[-/ \\\\][0-9]+"
    else:
        strict, loose = "^ *[-+]?[0-9]{1,30} *\\z", "^\\s*[-+.]?[0-9][-+0-9_.eExXa-fA-F]*\\s*\\z"
    return _sql(
        f"CASE WHEN __x RLIKE __s THEN TRY_CAST(TRIM(__x) AS {kind}) "
        f"WHEN __x RLIKE __l THEN {_fail('no plain number or date', kind)} END",
        x=node.this, s=exp.Literal.string(strict), l=exp.Literal.string(loose),
    )  # fmt: skip


_ISO = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d{1,6})?)?\Z")


def _cast(node: exp.Expr) -> exp.Expr:
    to, given = node.args["to"].this.value, family(node.this)
    if given == "double" and to in ("TEXT", "VARCHAR"):
        raise refused("A double as text", _TITLE, "Return the number itself.")
    if to in ("INT", "BIGINT") and given == "double":
        return _sql(f"CAST(RINT(__x) AS {to})", x=node.this)
    if to in ("INT", "BIGINT") and given == "decimal":
        return _sql(f"CAST(ROUND(__x) AS {to})", x=node.this)
    if given == "text" and to in ("TIMESTAMP", "DATE"):
        text = text_of(node.this)
        if text is None or not re.match(
            r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d{1,6})?)?\Z", text
        ):
            raise refused("A cast from text to a time", _TITLE, "Write TIMESTAMP '2026-01-31 …'.")
    if to == "TIMESTAMP":
        node.set("to", exp.DataType.build("TIMESTAMPNTZ"))
    return node


def _joined_time(node: exp.Expr) -> exp.Expr:
    left, right = family(node.this), family(node.expression)
    if left == "date" and right == "interval":
        node.set("this", exp.cast(node.this.copy(), "TIMESTAMPNTZ"))
    elif left == "date" and right == "date" and isinstance(node, exp.Sub):
        return exp.Anonymous(
            this="DATEDIFF", expressions=[node.this.copy(), node.expression.copy()]
        )
    elif left in ("timestamp", "date") and right in ("timestamp", "date"):
        raise refused("The difference of two times", _TITLE, "Use date_diff, or their epochs.")
    return node


def _call_of(name: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        return exp.Anonymous(this=name, expressions=[node.this.copy(), node.expression.copy()])

    return rule


def _interval_of(unit: str, count: exp.Expr) -> exp.Expr:
    return _sql(f"__n * INTERVAL '1' {unit}", n=count)


def _days(node: exp.Expr) -> exp.Expr:
    return _interval_of("DAY", node.this)


def _named(node: exp.Expr) -> exp.Expr:
    name, values = node.name.lower(), node.expressions
    unit = {"to_seconds": "SECOND", "to_minutes": "MINUTE", "to_hours": "HOUR"}.get(name)
    if unit:
        return _interval_of(unit, values[0])
    if name == "suffix":
        return exp.Anonymous(this="ENDSWITH", expressions=[each.copy() for each in values])
    if name == "json_valid":
        return _sql(
            "CASE WHEN NOT __x IS NULL THEN NOT TRY_PARSE_JSON(__x) IS NULL END", x=values[0]
        )
    if name == "json_array_length":
        steps: list[str | int] = list(plain_path(values[1], _TITLE)) if len(values) > 1 else []
        inner = exp.Anonymous(this="GET_JSON_OBJECT", expressions=[values[0].copy(), _path(steps)])
        length = exp.Anonymous(this="JSON_ARRAY_LENGTH", expressions=[inner])
        return _sql("COALESCE(__n, CASE WHEN NOT __i IS NULL THEN 0 END)", n=length, i=inner)
    if name in _OURS:
        return node
    raise refused(name, _TITLE, "See docs/evidence-engines.md.")


_OURS = frozenset(
    """
    percentile datediff date_trunc date_format regexp_replace regexp_extract
    get_json_object max_by min_by endswith startswith contains convert_timezone
    """.split()
)


def _positive(key: str, what: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        place = number(node.args.get(key))
        if place is None or place < 1:
            raise refused(f"{what} counted from the end", _TITLE, "Use a plain number from 1 on.")
        return node

    return rule


def _any_value(node: exp.Expr) -> exp.Expr:
    return _sql("MIN(__x)", x=node.this.this) if isinstance(node.this, exp.AnyValue) else node


def _no_list(node: exp.Expr) -> exp.Expr:
    raise refused("A list", _TITLE, "Use string_agg, or count.")


def _positive_only(least: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        word = "LN" if isinstance(node, exp.Ln) else "SQRT"
        return _sql(
            f"CASE WHEN __x {least} 0 THEN {_fail(f'{word.lower()} out of its range', 'DOUBLE')} "
            f"ELSE {word}(__x) END",
            x=_sql("CAST(__x AS DOUBLE)", x=node.this),
        )

    return rule


def _zones(tree: exp.Query) -> None:
    """`x AT TIME ZONE a AT TIME ZONE b` is one conversion; a single one gives a zoned time."""
    for outer in list(tree.find_all(exp.AtTimeZone)):
        inner = outer.this
        while isinstance(inner, exp.Paren):
            inner = inner.this
        if isinstance(outer.parent, exp.AtTimeZone) or outer.find_ancestor(exp.AtTimeZone):
            continue
        if not isinstance(inner, exp.AtTimeZone) or family(inner.this) != "timestamp":
            raise refused("A time with a zone", _TITLE, "Add a second AT TIME ZONE.")
        if text_of(inner.args["zone"]) not in ("UTC", "GMT"):
            # In the hour that comes twice in autumn, Spark means the first and DuckDB the second.
            raise refused("A local time taken to another zone", _TITLE, "Keep times in UTC.")
        made = exp.Anonymous(
            this="CONVERT_TIMEZONE",
            expressions=[inner.args["zone"].copy(), outer.args["zone"].copy(), inner.this.copy()],
        )
        made.type = exp.DataType.build("TIMESTAMP")
        outer.replace(made)


def _as_double(tree: exp.Query) -> None:
    for node in list(tree.find_all(exp.Avg)):
        if family(node.this) == "decimal":
            whole = outermost(node)
            made = exp.cast(whole.copy(), "DOUBLE")
            made.type = exp.DataType.build("DOUBLE")
            whole.replace(made)


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
                "An ASOF join", _TITLE, "Join on the keys and keep the latest by row_number()."
            )


SPARK = Dialect(
    name="spark",
    title=_TITLE,
    sqlglot="spark",
    before=(_no_nearest, _order_by_results, _zones, _as_double),
    rules={
        exp.Div: _divided, exp.IntDiv: _whole_division, exp.Round: _rounded, exp.Floor: _floor,
        exp.Ceil: _floor, exp.PercentileCont: _percentile, exp.Median: _percentile,
        exp.PercentileDisc: _no_discrete, exp.DateDiff: _difference, exp.Extract: _part,
        exp.TimeToUnix: _epoch, exp.TimestampTrunc: _truncated, exp.DateTrunc: _truncated,
        exp.DateBin: _bucket, exp.TimeToStr: _strftime, exp.Dayname: _day_name,
        exp.Monthname: _day_name, exp.DayOfWeek: _weekday, exp.Like: _like, exp.ILike: _ilike,
        exp.Lower: _cased, exp.Upper: _cased, exp.RegexpLike: _matches,
        exp.RegexpReplace: _regex_replaced, exp.RegexpExtract: _regex_extracted,
        exp.JSONExtractScalar: _json_text, exp.ArgMax: _latest, exp.ArgMin: _latest,
        exp.TryCast: _try_cast, exp.Cast: _cast, exp.Add: _joined_time, exp.Sub: _joined_time,
        exp.Contains: _call_of("CONTAINS"), exp.EndsWith: _call_of("ENDSWITH"),
        exp.StartsWith: _call_of("STARTSWITH"), exp.Anonymous: _named, exp.ToDays: _days,
        exp.SplitPart: _positive("part_index", "split_part"),
        exp.Substring: _positive("start", "substr"), exp.Left: _positive("expression", "left"),
        exp.Right: _positive("expression", "right"), exp.IgnoreNulls: _any_value,
        exp.ArrayAgg: _no_list, exp.Ln: _positive_only("<="), exp.Sqrt: _positive_only("<"),
    },
)  # fmt: skip
