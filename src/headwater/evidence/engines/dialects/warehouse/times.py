"""Warehouses: times, dates, zones and intervals."""

from sqlglot import exp

from headwater.evidence.engines.dialects.warehouse.words import Words
from headwater.evidence.engines.dialects.writing import text_of, time_format
from headwater.evidence.engines.families import family

UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
# DuckDB counts weeks that have gone by, and beginnings of everything else.
_COUNTED = ("second", "minute", "hour", "day", "month", "year")
# A unit that every engine can add, and how many of it.
_ADDED = {"week": ("day", 7), "quarter": ("month", 3)}
_NAMED = {"to_seconds": "second", "to_minutes": "minute", "to_hours": "hour", "to_days": "day",
          "to_weeks": "week", "to_months": "month", "to_years": "year"}  # fmt: skip
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
# DuckDB's buckets are counted from a Monday.
_ORIGIN = "2000-01-03 00:00:00"


def moment(w: Words, node: exp.Expr) -> exp.Expr:
    return w.as_moment(node, date=family(node) == "date")


def boundaries(w: Words, unit: str, early: exp.Expr, late: exp.Expr) -> exp.Expr:
    """How many beginnings of a unit lie between two times."""
    return w.sql(w.boundaries.replace("{unit}", w.unit(unit)), a=early, b=late)


def truncated_to(w: Words, unit: str, value: exp.Expr) -> exp.Expr:
    return w.sql(w.truncated.replace("{unit}", w.unit(unit)), x=value)


def moved(w: Words, unit: str, count: exp.Expr, value: exp.Expr) -> exp.Expr:
    return w.sql(w.moved.replace("{unit}", unit.upper()), n=count, x=value)


def difference(w: Words, node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.lower()
    if unit not in _COUNTED:
        raise w.refusal(f"date_diff by {unit}", f"Use {', '.join(_COUNTED)}.")
    made = boundaries(w, unit, moment(w, node.expression), moment(w, node.this))
    return w.sql(f"CAST(__x AS {w.whole})", x=made)


def part(w: Words, node: exp.Expr) -> exp.Expr:
    unit = node.this.name.lower()
    if unit == "epoch":
        return epoch(w, exp.TimeToUnix(this=node.expression))
    if unit not in w.parts:
        raise w.refusal(f"extract({unit})", "Use date_trunc, or compute it.")
    return w.sql(f"CAST({w.parts[unit]} AS {w.whole})", x=node.expression)


def weekday(w: Words, node: exp.Expr) -> exp.Expr:
    return w.sql(f"CAST({w.parts['dow']} AS {w.whole})", x=node.this)


def epoch(w: Words, node: exp.Expr) -> exp.Expr:
    if family(node.this) not in ("timestamp", "date"):
        raise w.refusal("epoch of an interval", "Subtract the epochs of both times.")
    return w.sql(w.epoch, x=moment(w, node.this))


def truncated(w: Words, node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.lower()
    if unit not in UNITS:
        raise w.refusal(f"date_trunc to {unit}", f"Use {', '.join(UNITS)}.")
    made = truncated_to(w, unit, moment(w, node.this))
    kind = "DATE" if family(node) == "date" else w.moment
    return w.sql(f"CAST(__x AS {kind})", x=made) if kind == "DATE" else made


def bucket(w: Words, node: exp.Expr) -> exp.Expr:
    """The start of a bucket of seconds, minutes, hours or days, by plain arithmetic."""
    found = span(w, node.this)
    unit, count = found if found else ("", exp.null())
    if unit not in _SECONDS or not isinstance(count, exp.Literal):
        raise w.refusal("time_bucket by this width", "Use minutes, hours or days.")
    width = int(count.name) * _SECONDS[unit]
    value = truncated_to(w, "second", moment(w, node.expression))
    origin = w.sql(f"CAST('{_ORIGIN}' AS {w.moment})")
    since = boundaries(w, "second", origin, value)
    into = w.sql(f"MOD(MOD(__s, {width}) + {width}, {width})", s=since)
    return moved(w, "second", exp.Neg(this=exp.Paren(this=into)), value)


def strftime(w: Words, node: exp.Expr) -> exp.Expr:
    made = time_format(node.args.get("format"), w.title, dict(w.codes), w.quote)
    return w.sql(w.formatted, x=moment(w, node.this), f=exp.Literal.string(made))


def name_of(w: Words, node: exp.Expr) -> exp.Expr:
    text = w.day_name if isinstance(node, exp.Dayname) else w.month_name
    return w.sql(text, x=moment(w, node.this))


def span(w: Words, node: exp.Expr) -> tuple[str, exp.Expr] | None:
    """Unit and count of what is an interval, None for anything else. Raises QueryRefused."""
    while isinstance(node, exp.Paren):
        node = node.this
    found: tuple[str, exp.Expr] | None = None
    if isinstance(node, exp.Interval):
        found = _interval(w, node)
    elif isinstance(node, exp.ToDays):
        found = "day", node.this
    elif isinstance(node, exp.Anonymous) and node.name.lower() in _NAMED:
        found = _NAMED[node.name.lower()], node.expressions[0]
    elif isinstance(node, exp.Mul):
        for side, other in ((node.this, node.expression), (node.expression, node.this)):
            inner = span(w, side)
            if inner is not None:
                unit, count = inner
                one = isinstance(count, exp.Literal) and count.name == "1"
                return unit, other if one else w.sql("__a * __b", a=count, b=other)
    return found


def _interval(w: Words, node: exp.Interval) -> tuple[str, exp.Expr]:
    unit = node.text("unit").lower().rstrip("s")
    count = node.this
    if isinstance(count, exp.Literal):
        if not count.name.isdigit():
            raise w.refusal("This interval", "Write INTERVAL 3 DAY.")
        count = exp.Literal.number(count.name)
    if unit not in UNITS:
        raise w.refusal(f"An interval of a {unit}", f"Use {', '.join(UNITS)}.")
    return unit, count


def joined_time(w: Words, node: exp.Expr) -> exp.Expr:
    """A time and an interval, or a date and a number of days."""
    left, right = node.this, node.expression
    minus = isinstance(node, exp.Sub)
    kinds = family(left), family(right)
    if kinds[0] not in ("timestamp", "date"):
        if minus or kinds[1] not in ("timestamp", "date"):
            return node
        left, right, kinds = right, left, (kinds[1], kinds[0])
    found = span(w, right)
    if found is not None:
        return _moved_by(w, left, *found, minus=minus)
    if kinds == ("date", "int"):
        made = _moved_by(w, w.as_moment(left, date=True), "day", right, minus=minus)
        return w.sql("CAST(__x AS DATE)", x=made)
    if kinds == ("date", "date") and minus:
        days = boundaries(w, "day", moment(w, right), moment(w, left))
        return w.sql(f"CAST(__x AS {w.whole})", x=days)
    raise w.refusal("The difference of two times", "Use date_diff, or their epochs.")


def _moved_by(w: Words, value: exp.Expr, unit: str, count: exp.Expr, *, minus: bool) -> exp.Expr:
    unit, times = _ADDED.get(unit, (unit, 1))
    by: exp.Expr = count
    if isinstance(count, exp.Literal):
        by = exp.Literal.number(int(count.name) * times)
    elif times != 1:
        by = w.sql(f"__n * {times}", n=count)
    if minus:
        by = exp.Neg(this=by if isinstance(by, exp.Literal) else exp.Paren(this=by.copy()))
    return moved(w, unit, by, moment(w, value))


def compared(w: Words, node: exp.Expr) -> exp.Expr:
    """A date beside a time is the time at which it begins."""
    if {family(node.this), family(node.expression)} == {"date", "timestamp"}:
        for key in ("this", "expression"):
            node.set(key, moment(w, node.args[key]))
    return node


def zones(w: Words, tree: exp.Query) -> None:
    """`x AT TIME ZONE a AT TIME ZONE b` is one conversion; a single one gives a zoned time."""
    for outer in list(tree.find_all(exp.AtTimeZone)):
        inner = outer.this
        while isinstance(inner, exp.Paren):
            inner = inner.this
        if isinstance(outer.parent, exp.AtTimeZone) or outer.find_ancestor(exp.AtTimeZone):
            continue
        if not isinstance(inner, exp.AtTimeZone) or family(inner.this) != "timestamp":
            raise w.refusal("A time with a zone", "Add a second AT TIME ZONE.")
        if text_of(inner.args["zone"]) not in ("UTC", "GMT"):
            # In the hour that comes twice in autumn, engines mean the first and DuckDB the second.
            raise w.refusal("A local time taken to another zone", "Keep times in UTC.")
        made = w.sql(w.local, x=inner.this, z=outer.args["zone"])
        made.type = exp.DataType.build("TIMESTAMP")
        outer.replace(made)


def series(w: Words, node: exp.Expr) -> exp.Expr:
    """generate_series of times by a fixed width. Raises QueryRefused for any other."""
    found = span(w, node.args["step"]) if node.args.get("step") is not None else None
    unit, count = found if found else ("", exp.null())
    unit, times = _ADDED.get(unit, (unit, 1))
    timed = family(node.args["start"]) == "timestamp"
    if unit not in _SECONDS or not isinstance(count, exp.Literal) or not timed:
        raise w.refusal("This series", "Use generate_series over timestamps, by days or hours.")
    text = w.series.replace("{unit}", unit.upper()).replace(
        "{seconds}", str(int(count.name) * times * _SECONDS[unit])
    )
    step = exp.Literal.number(int(count.name) * times)
    if "'{count}'" in text:
        text = text.replace("{count}", step.name)
    return w.sql(text, a=node.args["start"], b=node.args["end"], n=step)
