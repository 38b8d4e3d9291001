"""ClickHouse: times, dates and intervals."""

from sqlglot import exp

from headwater.evidence.engines.dialects.clickhouse.basics import MOMENT, TITLE, call, cast_as, sql
from headwater.evidence.engines.dialects.writing import refused, time_format
from headwater.evidence.engines.families import family

_CODES = {"Y": "%Y", "m": "%m", "d": "%d", "H": "%H", "M": "%i", "S": "%S"}


def truncated(node: exp.Expr) -> exp.Expr:
    unit = exp.Literal.string(node.args["unit"].name.lower())
    made = call("dateTrunc", unit, node.this)
    return cast_as(made, "Nullable(Date32)" if family(node) == "date" else MOMENT)


def difference(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.lower()
    if unit not in ("second", "minute", "hour", "day", "month", "year"):
        raise refused(f"date_diff by {unit}", TITLE, "Use second, minute, hour, day or month.")
    return call("dateDiff", exp.Literal.string(unit), node.expression, node.this)


_PARTS = {"year": "toYear", "month": "toMonth", "day": "toDayOfMonth", "hour": "toHour",
          "minute": "toMinute", "second": "toSecond", "isodow": "toDayOfWeek",
          "week": "toISOWeek", "quarter": "toQuarter", "doy": "toDayOfYear"}  # fmt: skip


def part(node: exp.Expr) -> exp.Expr:
    unit = node.this.name.lower()
    if unit == "dow":
        return weekday(exp.DayOfWeek(this=node.expression))
    if unit not in _PARTS:
        raise refused(f"extract({unit})", TITLE, "Use date_trunc, or epoch.")
    return call(_PARTS[unit], node.expression)


def weekday(node: exp.Expr) -> exp.Expr:
    return exp.Mod(this=call("toDayOfWeek", node.this), expression=exp.Literal.number(7))


def epoch(node: exp.Expr) -> exp.Expr:
    if family(node.this) != "timestamp":
        raise refused("epoch of an interval", TITLE, "Subtract the epochs of both times.")
    micros = call("toUnixTimestamp64Micro", cast_as(node.this, MOMENT))
    return call("divide", micros, exp.Literal.number(1_000_000))


def strftime(node: exp.Expr) -> exp.Expr:
    made = time_format(node.args.get("format"), TITLE, _CODES, "")
    return call("formatDateTime", node.this, exp.Literal.string(made))


def _is_interval(node: exp.Expr) -> bool:
    while isinstance(node, exp.Paren):
        node = node.this
    return isinstance(node, exp.Interval) or (
        isinstance(node, exp.Anonymous) and node.name.startswith("toInterval")
    )


def joined_time(node: exp.Expr) -> exp.Expr:
    left, right = family(node.this), family(node.expression)
    times = {"timestamp", "date", "interval", "zoned"}
    if not {left, right} & times and not _is_interval(node.expression):
        return node
    if left in ("timestamp", "date") and _is_interval(node.expression):
        if left == "date":
            node.set("this", cast_as(node.this, MOMENT))
        return node
    raise refused("Reckoning with dates", TITLE, "Add or take off an INTERVAL.")


def interval(unit: str, count: exp.Expr) -> exp.Expr:
    made = call(f"toInterval{unit.rstrip('sS').capitalize()}", count)
    made.type = exp.DataType.build("INTERVAL")
    return made


_UNITS = frozenset("second minute hour day week month year".split())


def multiplied(node: exp.Expr) -> exp.Expr:
    for one, other in ((node.this, node.expression), (node.expression, node.this)):
        if not isinstance(one, exp.Interval):
            continue
        unit, width = one.text("unit").lower().rstrip("s"), one.this.name
        if unit not in _UNITS or not width.isdigit() or family(other) != "int":
            raise refused("This multiple of an interval", TITLE, "Write the interval out.")
        return interval(unit, sql("__n * __w", n=other, w=exp.Literal.number(int(width))))
    return node


def mixed_times(node: exp.Expr) -> exp.Expr:
    """A date beside a timestamp is its midnight."""
    for key in ("this", "expression"):
        other = node.args["expression" if key == "this" else "this"]
        if family(node.args[key]) == "date" and family(other) == "timestamp":
            node.set(key, cast_as(node.args[key], MOMENT))
    return node


def days(node: exp.Expr) -> exp.Expr:
    return interval("Day", node.this)
