"""PostgreSQL 15 and later."""

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

_TITLE = "PostgreSQL"
_CODES = {"Y": "YYYY", "m": "MM", "d": "DD", "H": "HH24", "M": "MI", "S": "SS", "y": "YY",
          "j": "DDD", "B": "FMMonth", "b": "Mon", "A": "FMDay", "a": "Dy", "-d": "FMDD",
          "-m": "FMMM"}  # fmt: skip


def _sql(text: str, **values: exp.Expr) -> exp.Expr:
    return written("postgres", text, **values)


def _bytes_order(node: exp.Expr) -> exp.Expr:
    """DuckDB compares text by its bytes, whatever the database's language is."""
    return _sql('__a COLLATE "C"', a=node) if family(node) == "text" else node


def _ordered(node: exp.Expr) -> exp.Expr:
    node.set("this", _kept(_bytes_order(node.this), node.this))
    return node


def _kept(made: exp.Expr, was: exp.Expr) -> exp.Expr:
    made.type = was.type
    return made


def _compared(node: exp.Expr) -> exp.Expr:
    if family(node.this) == "text" or family(node.args.get("expression") or node.this) == "text":
        node.set("this", _sql('__a COLLATE "C"', a=node.this))
    return node


def _extreme(node: exp.Expr) -> exp.Expr:
    if family(node.this) == "boolean":
        either = exp.LogicalOr if isinstance(node, exp.Max) else exp.LogicalAnd
        return _kept(either(this=node.this), node)
    node.set("this", _kept(_bytes_order(node.this), node.this))
    return node


def _divided(node: exp.Expr) -> exp.Expr:
    a, b = (_sql("CAST(__x AS DOUBLE PRECISION)", x=each) for each in (node.this, node.expression))
    if (known := number(node.expression)) is not None and known != 0:
        return _sql("__a / __b", a=a, b=b)
    if isinstance(node.expression, exp.Nullif):
        return _sql("__a / __b", a=a, b=b)
    return _sql(
        "CASE WHEN __b = 0 THEN CASE WHEN __a > 0 THEN CAST('Infinity' AS DOUBLE PRECISION) "
        "WHEN __a < 0 THEN CAST('-Infinity' AS DOUBLE PRECISION) "
        "WHEN __a = 0 THEN CAST('NaN' AS DOUBLE PRECISION) END ELSE __a / __b END",
        a=a, b=b,
    )  # fmt: skip


def _whole_division(node: exp.Expr) -> exp.Expr:
    return _sql("DIV(CAST(__a AS DECIMAL), CAST(__b AS DECIMAL))", a=node.this, b=node.expression)


def _rounded(node: exp.Expr) -> exp.Expr:
    places = node.args.get("decimals")
    if family(node.this) != "double":
        return node
    count = 0 if places is None else number(places)
    if count is None or not 0 <= count <= 15:
        raise refused("round to a number of places that is no plain number", _TITLE, "Write it.")
    scaled = _sql("__x * __s", x=node.this, s=exp.Literal.number(10**count)) if count else node.this
    whole = _sql(
        "TRUNC(__v) + CASE WHEN ABS(__v - TRUNC(__v)) >= 0.5 THEN SIGN(__v) ELSE 0 END", v=scaled
    )
    if not count:
        return exp.Paren(this=whole)
    return _sql("__w / __s", w=exp.Paren(this=whole), s=exp.Literal.number(10**count))


def _percentile(name: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        share = exp.Literal.number("0.5") if name == "median" else node.expression
        if not isinstance(share, exp.Literal | exp.Cast):
            raise refused("A list of quantiles", _TITLE, "Ask for each by itself.")
        kind = "PERCENTILE_DISC" if name == "disc" else "PERCENTILE_CONT"
        return _sql(
            f"{kind}(CAST(__q AS DOUBLE PRECISION)) WITHIN GROUP (ORDER BY __x)",
            q=share, x=node.this,
        )  # fmt: skip

    return rule


def _difference(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.lower()
    late, early = node.this, node.expression
    seconds = {"hour": 3600, "minute": 60, "second": 1}
    if unit in seconds:
        return _sql(
            f"CAST((EXTRACT(EPOCH FROM DATE_TRUNC('{unit}', CAST(__b AS TIMESTAMP))) "
            f"- EXTRACT(EPOCH FROM DATE_TRUNC('{unit}', CAST(__a AS TIMESTAMP)))) "
            f"/ {seconds[unit]} AS BIGINT)",
            a=early, b=late,
        )  # fmt: skip
    if unit == "day":
        return _sql("CAST(CAST(__b AS DATE) - CAST(__a AS DATE) AS BIGINT)", a=early, b=late)
    years = "EXTRACT(YEAR FROM __b) - EXTRACT(YEAR FROM __a)"
    if unit == "year":
        return _sql(f"CAST({years} AS BIGINT)", a=early, b=late)
    if unit == "month":
        return _sql(
            f"CAST(({years}) * 12 + EXTRACT(MONTH FROM __b) - EXTRACT(MONTH FROM __a) AS BIGINT)",
            a=early, b=late,
        )  # fmt: skip
    raise refused(f"date_diff by {unit}", _TITLE, "Use second, minute, hour, day, month or year.")


_PARTS = frozenset("year month day hour minute dow isodow week quarter doy isoyear".split())


def _part(node: exp.Expr) -> exp.Expr:
    unit = node.this.name.lower()
    if unit == "epoch":
        return _epoch(exp.TimeToUnix(this=node.expression))
    if unit == "second":
        return _sql("CAST(FLOOR(EXTRACT(SECOND FROM __x)) AS BIGINT)", x=node.expression)
    if unit in _PARTS:
        return _sql(f"CAST(EXTRACT({unit} FROM __x) AS BIGINT)", x=node.expression)
    raise refused(f"extract({unit})", _TITLE, "Use date_trunc, or compute it.")


def _epoch(node: exp.Expr) -> exp.Expr:
    return _sql("CAST(EXTRACT(EPOCH FROM __x) AS DOUBLE PRECISION)", x=node.this)


def _truncated(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.lower()
    made = _sql(f"DATE_TRUNC('{unit}', CAST(__x AS TIMESTAMP))", x=node.this)
    return _sql("CAST(__x AS DATE)", x=made) if family(node) == "date" else made


def _bucket(node: exp.Expr) -> exp.Expr:
    width = node.this
    if not isinstance(width, exp.Interval) or "month" in width.text("unit").lower():
        raise refused("time_bucket by this width", _TITLE, "Use minutes, hours or days.")
    return _sql(
        "DATE_BIN(__w, __x, CAST('2000-01-03 00:00:00' AS TIMESTAMP))",
        w=width, x=node.expression,
    )  # fmt: skip


def _strftime(node: exp.Expr) -> exp.Expr:
    made = time_format(node.args.get("format"), _TITLE, _CODES, '"')
    return _sql("TO_CHAR(__x, __f)", x=node.this, f=exp.Literal.string(made))


def _like(node: exp.Expr) -> exp.Expr:
    if isinstance(node.parent, exp.Escape):
        return node
    return exp.Escape(this=node.copy(), expression=exp.Literal.string(""))


def _ilike(node: exp.Expr) -> exp.Expr:
    lower = [_lower(exp.Lower(this=each.copy())) for each in (node.this, node.expression)]
    return exp.Escape(
        this=exp.Like(this=lower[0], expression=lower[1]), expression=exp.Literal.string("")
    )


def _lower(node: exp.Expr) -> exp.Expr:
    word = "LOWER" if isinstance(node, exp.Lower) else "UPPER"
    return _sql(f'{word}(__x COLLATE "pg_c_utf8")', x=node.this)


def _regex(node: exp.Expr) -> str:
    text = pattern(node.expression, _TITLE)
    if "." in text and "[^" in text:
        raise refused(
            "A regular expression with both . and [^", _TITLE, "Write [^...] for the dot."
        )
    return f"(?p){text}" if "." in text else text


def _matches(node: exp.Expr) -> exp.Expr:
    return _sql("__x ~ __p", x=node.this, p=exp.Literal.string(_regex(node)))


def _regex_replaced(node: exp.Expr) -> exp.Expr:
    flags = text_of(node.args.get("modifiers")) or ""
    instead = text_of(node.args.get("replacement"))
    text = _regex(node)
    if flags not in ("", "g") or instead is None or "\\" in instead or "|" in text:
        raise refused("This regexp_replace", _TITLE, "Use plain text, no |, and the flag 'g'.")
    return _sql(
        "REGEXP_REPLACE(__x, __p, __r, __f)", x=node.this, p=exp.Literal.string(text),
        r=exp.Literal.string(instead), f=exp.Literal.string(flags),
    )  # fmt: skip


def _regex_extracted(node: exp.Expr) -> exp.Expr:
    group = node.args.get("group")
    place = 0 if group is None else number(group)
    text = pattern(node.expression, _TITLE)
    flags = "(?p)" if "." in text else ""
    if place is None or "|" in text or (flags and "[^" in text):
        raise refused("This regexp_extract", _TITLE, "Use no |, and a plain number of a group.")
    return _sql(
        f"CASE WHEN NOT __x IS NULL THEN COALESCE((REGEXP_MATCH(__x, __p))[{place + 1}], '') END",
        x=node.this, p=exp.Literal.string(f"{flags}({text})"),
    )  # fmt: skip


def _json_text(node: exp.Expr) -> exp.Expr:
    assert isinstance(node, exp.JSONExtractScalar)  # noqa: S101 (by its place in the rules)
    steps = json_path(node, _TITLE)
    path = exp.Literal.string("{" + ",".join(map(str, steps)) + "}")
    found = _sql("CAST(__x AS JSONB) #> __p", x=node.this, p=path)
    # Text of a whole object is spaced another way, and 1.50 keeps its nought: fail, not differ.
    return _sql(
        "CASE JSONB_TYPEOF(__v) "
        "WHEN 'object' THEN CAST(CAST('a JSON object as text' || __t AS INTEGER) AS TEXT) "
        "WHEN 'array' THEN CAST(CAST('a JSON array as text' || __t AS INTEGER) AS TEXT) "
        "WHEN 'number' THEN CASE WHEN __t ~ '^-?[0-9]+$' THEN __t "
        "ELSE CAST(CAST('a JSON fraction as text' || __t AS INTEGER) AS TEXT) END ELSE __t END",
        v=exp.Paren(this=found), t=_sql("CAST(__x AS JSONB) #>> __p", x=node.this, p=path),
    )  # fmt: skip


def _latest(node: exp.Expr) -> exp.Expr:
    down = "DESC" if isinstance(node, exp.ArgMax) else "ASC"
    return _sql(
        f"(ARRAY_AGG(__a ORDER BY __b {down}) "
        "FILTER (WHERE NOT __a IS NULL AND NOT __b IS NULL))[1]",
        a=node.this, b=_bytes_order(node.expression),
    )  # fmt: skip


def _no_list(node: exp.Expr) -> exp.Expr:
    raise refused("A list", _TITLE, "Use string_agg, or count.")


def _counted(node: exp.Expr) -> exp.Expr:
    return _sql("COUNT(CASE WHEN __x THEN 1 END)", x=node.this)


_TRY_DATE = (
    "CASE WHEN __x ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN "
    "CASE WHEN CAST(RIGHT(__x, 2) AS INT) <= EXTRACT(DAY FROM CAST(LEFT(__x, 7) || '-01' AS DATE) "
    "+ INTERVAL '1 month' - INTERVAL '1 day') THEN CAST(__x AS DATE) END "
    r"WHEN __x ~ '^\s*[-+]?[0-9]+[-/ \\][0-9]+[-/ \\][0-9]+' "
    "THEN CAST('no plain date: ' || __x AS DATE) END"
)


def _try_cast(node: exp.Expr) -> exp.Expr:
    kind = node.args["to"].this.value
    ranges = {"INT": 2**31, "BIGINT": 2**63}
    if kind == "DATE" and family(node.this) == "text":
        return _sql(_TRY_DATE, x=node.this)
    if family(node.this) != "text" or kind not in ranges:
        raise refused(
            f"try_cast to {kind} from {family(node.this)}", _TITLE, "Try a cast from text to a "
            "whole number, or test the text with regexp_matches first.",
        )  # fmt: skip
    bound = ranges[kind]
    value = "ROUND(CAST(TRIM(__x) AS DECIMAL))"
    return _sql(
        "CASE WHEN __x ~ '^ *[-+]?[0-9]{1,30}([.][0-9]{0,30})? *$' THEN "
        f"CASE WHEN {value} BETWEEN -{bound} AND {bound - 1} THEN CAST({value} AS {kind}) END "
        # What DuckDB would still read as a number must fail rather than be NULL.
        r"WHEN __x ~ '^\s*[-+.]?[0-9][-+0-9_.eExXa-fA-F]*\s*$' "
        f"THEN CAST('no plain number: ' || __x AS {kind}) END",
        x=node.this,
    )


def _cast(node: exp.Expr) -> exp.Expr:
    to = node.args["to"].this.value
    if family(node.this) == "double" and to in ("TEXT", "VARCHAR"):
        raise refused("A double as text", _TITLE, "Return the number itself.")
    if family(node.this) == "text" and to in ("TIMESTAMP", "DATE"):
        text = text_of(node.this)
        if text is None or not re.match(
            r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?\Z", text
        ):
            raise refused("A cast from text to a time", _TITLE, "Write TIMESTAMP '2026-01-31 …'.")
    return node


def _contains(node: exp.Expr) -> exp.Expr:
    if family(node.this) != "text":
        raise refused("contains on a list", _TITLE, "Unnest the list and compare.")
    return _sql("STRPOS(__x, __y) > 0", x=node.this, y=node.expression)


def _ends(node: exp.Expr) -> exp.Expr:
    return _sql("RIGHT(__x, LENGTH(__y)) = __y", x=node.this, y=node.expression)


def _split(node: exp.Expr) -> exp.Expr:
    return _sql(
        "CASE WHEN __x = '' THEN ARRAY[''] ELSE STRING_TO_ARRAY(__x, __y) END",
        x=node.this, y=node.expression,
    )  # fmt: skip


def _unnest(node: exp.Expr) -> exp.Expr:
    if isinstance(node.this, exp.GenerateSeries):
        return node.this.copy()
    return _sql("UNNEST(__x)", x=node.this)


def _json_length(values: list[exp.Expr]) -> exp.Expr:
    steps = plain_path(values[1], _TITLE) if len(values) > 1 else []
    return _sql(
        "CASE WHEN JSONB_TYPEOF(CAST(__x AS JSONB) #> __p) = 'array' "
        "THEN JSONB_ARRAY_LENGTH(CAST(__x AS JSONB) #> __p) "
        "WHEN NOT CAST(__x AS JSONB) #> __p IS NULL THEN 0 END",
        x=values[0], p=exp.Literal.string("{" + ",".join(map(str, steps)) + "}"),
    )  # fmt: skip


def _named(node: exp.Expr) -> exp.Expr:
    name = node.name.lower()
    values = node.expressions
    unit = {"to_seconds": "second", "to_minutes": "minute", "to_hours": "hour"}.get(name)
    if unit:
        return _sql(f"__n * INTERVAL '1 {unit}'", n=values[0])
    if name == "suffix":
        return _sql("RIGHT(__x, LENGTH(__y)) = __y", x=values[0], y=values[1])
    if name == "json_array_length":
        return _json_length(values)
    if name == "json_valid":
        return _sql("__x IS JSON", x=values[0])
    raise refused(name, _TITLE, "See docs/evidence-engines.md.")


def _days(node: exp.Expr) -> exp.Expr:
    return _sql("__n * INTERVAL '1 day'", n=node.this)


def _weekday(node: exp.Expr) -> exp.Expr:
    return _sql("CAST(EXTRACT(DOW FROM __x) AS BIGINT)", x=node.this)


def _day_name(node: exp.Expr) -> exp.Expr:
    code = "FMDay" if isinstance(node, exp.Dayname) else "FMMonth"
    return _sql(f"TO_CHAR(__x, '{code}')", x=node.this)


def _positive(key: str, what: str) -> Rule:
    def rule(node: exp.Expr) -> exp.Expr:
        place = number(node.args.get(key))
        if place is None or place < 1:
            raise refused(f"{what} counted from the end", _TITLE, "Use a plain number from 1 on.")
        return node

    return rule


def _joined(node: exp.Expr) -> exp.Expr:
    """string_agg: with DISTINCT the order must be by the very value."""
    inner = node.this
    if isinstance(inner, exp.Order) and isinstance(inner.this, exp.Distinct):
        value = inner.this.expressions[0]
        inner.this.set("expressions", [_kept(_bytes_order(value), value)])
    return node


def _no_ignored_nulls(node: exp.Expr) -> exp.Expr:
    if isinstance(node.this, exp.AnyValue):
        return _sql("MIN(__x)", x=_bytes_order(node.this.this))
    raise refused("IGNORE NULLS", _TITLE, "Leave the NULLs out in a CTE, then number the rows.")


def _as_double(tree: exp.Query) -> None:
    """Averages and spreads of whole numbers are exact decimals here, doubles in DuckDB."""
    spreads = (exp.Avg, exp.StddevSamp, exp.StddevPop, exp.Stddev, exp.Variance, exp.VariancePop)
    for node in list(tree.find_all(*spreads, exp.Corr)):
        if isinstance(node, exp.Corr):
            for key in ("this", "expression"):
                node.set(key, _sql("CAST(__x AS DOUBLE PRECISION)", x=node.args[key]))
            continue
        whole = outermost(node)
        made = exp.cast(whole.copy(), "DOUBLE")
        made.type = exp.DataType.build("DOUBLE")
        whole.replace(made)


def _floats(node: exp.Expr) -> exp.Expr:
    node.set("this", _sql("CAST(__x AS DOUBLE PRECISION)", x=node.this))
    return node


def _power(node: exp.Expr) -> exp.Expr:
    return _sql(
        "POWER(CAST(__a AS DOUBLE PRECISION), CAST(__b AS DOUBLE PRECISION))",
        a=node.this, b=node.expression,
    )  # fmt: skip


def _floor(node: exp.Expr) -> exp.Expr:
    if family(node.this) == "int":
        return _floats(node)
    return node


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
            raise refused("This ASOF join", _TITLE, "Compare one time of each table with >= .")
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
    title=_TITLE,
    sqlglot="postgres",
    before=(_nearest, _as_double),
    rules={
        exp.Ordered: _ordered, exp.LT: _compared, exp.GT: _compared, exp.LTE: _compared,
        exp.GTE: _compared, exp.Between: _compared, exp.Min: _extreme, exp.Max: _extreme,
        exp.Greatest: _compared, exp.Least: _compared,
        exp.Div: _divided, exp.IntDiv: _whole_division, exp.Round: _rounded,
        exp.PercentileCont: _percentile("cont"), exp.PercentileDisc: _percentile("disc"),
        exp.Median: _percentile("median"), exp.DateDiff: _difference, exp.Extract: _part,
        exp.TimeToUnix: _epoch, exp.TimestampTrunc: _truncated, exp.DateTrunc: _truncated,
        exp.DateBin: _bucket, exp.TimeToStr: _strftime, exp.Like: _like, exp.ILike: _ilike,
        exp.Lower: _lower, exp.Upper: _lower, exp.RegexpLike: _matches,
        exp.RegexpReplace: _regex_replaced, exp.RegexpExtract: _regex_extracted,
        exp.JSONExtractScalar: _json_text, exp.ArgMax: _latest, exp.ArgMin: _latest,
        exp.CountIf: _counted, exp.ArrayAgg: _no_list, exp.TryCast: _try_cast, exp.Cast: _cast,
        exp.Contains: _contains, exp.EndsWith: _ends, exp.Split: _split,
        exp.Explode: _unnest, exp.Anonymous: _named,
        exp.ToDays: _days, exp.DayOfWeek: _weekday, exp.Dayname: _day_name,
        exp.Monthname: _day_name, exp.SplitPart: _positive("part_index", "split_part"),
        exp.Substring: _positive("start", "substr"), exp.Left: _positive("expression", "left"),
        exp.Right: _positive("expression", "right"), exp.GroupConcat: _joined,
        exp.IgnoreNulls: _no_ignored_nulls, exp.Sqrt: _floats, exp.Ln: _floats, exp.Exp: _floats,
        exp.Pow: _power, exp.Floor: _floor, exp.Ceil: _floor,
    },
)  # fmt: skip
