"""Spark: times, dates, zones and intervals."""

from sqlglot import exp

from headwater.evidence.engines.dialects.spark.basics import TITLE, call, sql
from headwater.evidence.engines.dialects.writing import refused, text_of, time_format
from headwater.evidence.engines.families import family

_CODES = {"Y": "yyyy", "m": "MM", "d": "dd", "H": "HH", "M": "mm", "S": "ss", "y": "yy",
          "j": "DDD", "B": "MMMM", "b": "MMM", "A": "EEEE", "a": "EEE", "-d": "d",
          "-m": "M"}  # fmt: skip


def difference(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.lower()
    late, early = node.this, node.expression
    seconds = {"hour": 3600, "minute": 60, "second": 1}
    if unit in seconds:
        of = "UNIX_SECONDS(CAST({} AS TIMESTAMP_LTZ))"
        width = seconds[unit]
        whole = f"FLOOR({of} / {width})"
        return sql(f"{whole.format('__b')} - {whole.format('__a')}", a=early, b=late)
    if unit == "day":
        return exp.cast(
            exp.Anonymous(
                this="DATEDIFF",
                expressions=[sql("CAST(__x AS DATE)", x=each) for each in (late, early)],
            ),
            "BIGINT",
        )
    if unit == "year":
        return sql("CAST(YEAR(__b) - YEAR(__a) AS BIGINT)", a=early, b=late)
    if unit == "month":
        return sql(
            "CAST((YEAR(__b) - YEAR(__a)) * 12 + MONTH(__b) - MONTH(__a) AS BIGINT)",
            a=early, b=late,
        )  # fmt: skip
    raise refused(f"date_diff by {unit}", TITLE, "Use second, minute, hour, day, month or year.")


_PARTS = {
    "year": "YEAR(__x)", "month": "MONTH(__x)", "day": "DAY(__x)", "hour": "HOUR(__x)",
    "minute": "MINUTE(__x)", "second": "SECOND(__x)", "dow": "DAYOFWEEK(__x) - 1",
    "isodow": "WEEKDAY(__x) + 1", "week": "WEEKOFYEAR(__x)", "quarter": "QUARTER(__x)",
    "doy": "DAYOFYEAR(__x)",
}  # fmt: skip


def part(node: exp.Expr) -> exp.Expr:
    unit = node.this.name.lower()
    if unit == "epoch":
        return epoch(exp.TimeToUnix(this=node.expression))
    if unit not in _PARTS:
        raise refused(f"extract({unit})", TITLE, "Use date_trunc, or compute it.")
    return exp.cast(call(_PARTS[unit], node.expression), "BIGINT")


def epoch(node: exp.Expr) -> exp.Expr:
    if family(node.this) not in ("timestamp", "date"):
        raise refused("epoch of an interval", TITLE, "Subtract the epochs of both times.")
    return sql(
        "CAST(UNIX_MICROS(CAST(__x AS TIMESTAMP_LTZ)) AS DOUBLE) / CAST(1000000 AS DOUBLE)",
        x=node.this,
    )


def truncated(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.upper()
    call = exp.Anonymous(
        this="DATE_TRUNC", expressions=[exp.Literal.string(unit), node.this.copy()]
    )
    return exp.cast(call, "DATE" if family(node) == "date" else "TIMESTAMPNTZ")


def bucket(node: exp.Expr) -> exp.Expr:
    width = node.this
    sizes = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
    unit = width.text("unit").lower().rstrip("s") if isinstance(width, exp.Interval) else ""
    count = width.this.name if isinstance(width, exp.Interval) else ""
    if unit not in sizes or not count.isdigit():
        raise refused("time_bucket by this width", TITLE, "Use minutes, hours or days.")
    seconds = int(count) * sizes[unit]
    origin = 946_857_600  # 2000-01-03
    return sql(
        "CAST(TIMESTAMP_SECONDS(UNIX_SECONDS(CAST(__x AS TIMESTAMP_LTZ)) - "
        f"PMOD(UNIX_SECONDS(CAST(__x AS TIMESTAMP_LTZ)) - {origin}, {seconds})) AS TIMESTAMP_NTZ)",
        x=node.expression,
    )


def strftime(node: exp.Expr) -> exp.Expr:
    made = time_format(node.args.get("format"), TITLE, _CODES, "'")
    return exp.Anonymous(
        this="DATE_FORMAT", expressions=[node.this.copy(), exp.Literal.string(made)]
    )


def day_name(node: exp.Expr) -> exp.Expr:
    code = "EEEE" if isinstance(node, exp.Dayname) else "MMMM"
    return exp.Anonymous(
        this="DATE_FORMAT", expressions=[node.this.copy(), exp.Literal.string(code)]
    )


def weekday(node: exp.Expr) -> exp.Expr:
    return exp.cast(call("DAYOFWEEK(__x) - 1", node.this), "BIGINT")


def joined_time(node: exp.Expr) -> exp.Expr:
    left, right = family(node.this), family(node.expression)
    if left == "date" and right == "interval":
        node.set("this", exp.cast(node.this.copy(), "TIMESTAMPNTZ"))
    elif left == "date" and right == "date" and isinstance(node, exp.Sub):
        return exp.Anonymous(
            this="DATEDIFF", expressions=[node.this.copy(), node.expression.copy()]
        )
    elif left in ("timestamp", "date") and right in ("timestamp", "date"):
        raise refused("The difference of two times", TITLE, "Use date_diff, or their epochs.")
    return node


def interval_of(unit: str, count: exp.Expr) -> exp.Expr:
    return sql(f"__n * INTERVAL '1' {unit}", n=count)


def days(node: exp.Expr) -> exp.Expr:
    return interval_of("DAY", node.this)


def zones(tree: exp.Query) -> None:
    """`x AT TIME ZONE a AT TIME ZONE b` is one conversion; a single one gives a zoned time."""
    for outer in list(tree.find_all(exp.AtTimeZone)):
        inner = outer.this
        while isinstance(inner, exp.Paren):
            inner = inner.this
        if isinstance(outer.parent, exp.AtTimeZone) or outer.find_ancestor(exp.AtTimeZone):
            continue
        if not isinstance(inner, exp.AtTimeZone) or family(inner.this) != "timestamp":
            raise refused("A time with a zone", TITLE, "Add a second AT TIME ZONE.")
        if text_of(inner.args["zone"]) not in ("UTC", "GMT"):
            # In the hour that comes twice in autumn, Spark means the first and DuckDB the second.
            raise refused("A local time taken to another zone", TITLE, "Keep times in UTC.")
        made = exp.Anonymous(
            this="CONVERT_TIMEZONE",
            expressions=[inner.args["zone"].copy(), outer.args["zone"].copy(), inner.this.copy()],
        )
        made.type = exp.DataType.build("TIMESTAMP")
        outer.replace(made)
