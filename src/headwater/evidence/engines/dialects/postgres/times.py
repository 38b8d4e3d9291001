"""PostgreSQL: times, dates and intervals."""

from sqlglot import exp

from headwater.evidence.engines.dialects.postgres.basics import TITLE, sql
from headwater.evidence.engines.dialects.writing import refused, time_format
from headwater.evidence.engines.families import family

_CODES = {"Y": "YYYY", "m": "MM", "d": "DD", "H": "HH24", "M": "MI", "S": "SS", "y": "YY",
          "j": "DDD", "B": "FMMonth", "b": "Mon", "A": "FMDay", "a": "Dy", "-d": "FMDD",
          "-m": "FMMM"}  # fmt: skip


def difference(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.lower()
    late, early = node.this, node.expression
    seconds = {"hour": 3600, "minute": 60, "second": 1}
    if unit in seconds:
        return sql(
            f"CAST((EXTRACT(EPOCH FROM DATE_TRUNC('{unit}', CAST(__b AS TIMESTAMP))) "
            f"- EXTRACT(EPOCH FROM DATE_TRUNC('{unit}', CAST(__a AS TIMESTAMP)))) "
            f"/ {seconds[unit]} AS BIGINT)",
            a=early, b=late,
        )  # fmt: skip
    if unit == "day":
        return sql("CAST(CAST(__b AS DATE) - CAST(__a AS DATE) AS BIGINT)", a=early, b=late)
    years = "EXTRACT(YEAR FROM __b) - EXTRACT(YEAR FROM __a)"
    if unit == "year":
        return sql(f"CAST({years} AS BIGINT)", a=early, b=late)
    if unit == "month":
        return sql(
            f"CAST(({years}) * 12 + EXTRACT(MONTH FROM __b) - EXTRACT(MONTH FROM __a) AS BIGINT)",
            a=early, b=late,
        )  # fmt: skip
    raise refused(f"date_diff by {unit}", TITLE, "Use second, minute, hour, day, month or year.")


_PARTS = frozenset("year month day hour minute dow isodow week quarter doy isoyear".split())


def part(node: exp.Expr) -> exp.Expr:
    unit = node.this.name.lower()
    if unit == "epoch":
        return epoch(exp.TimeToUnix(this=node.expression))
    if unit == "second":
        return sql("CAST(FLOOR(EXTRACT(SECOND FROM __x)) AS BIGINT)", x=node.expression)
    if unit in _PARTS:
        return sql(f"CAST(EXTRACT({unit} FROM __x) AS BIGINT)", x=node.expression)
    raise refused(f"extract({unit})", TITLE, "Use date_trunc, or compute it.")


def epoch(node: exp.Expr) -> exp.Expr:
    return sql("CAST(EXTRACT(EPOCH FROM __x) AS DOUBLE PRECISION)", x=node.this)


def truncated(node: exp.Expr) -> exp.Expr:
    unit = node.args["unit"].name.lower()
    made = sql(f"DATE_TRUNC('{unit}', CAST(__x AS TIMESTAMP))", x=node.this)
    return sql("CAST(__x AS DATE)", x=made) if family(node) == "date" else made


def bucket(node: exp.Expr) -> exp.Expr:
    width = node.this
    if not isinstance(width, exp.Interval) or "month" in width.text("unit").lower():
        raise refused("time_bucket by this width", TITLE, "Use minutes, hours or days.")
    return sql(
        "DATE_BIN(__w, __x, CAST('2000-01-03 00:00:00' AS TIMESTAMP))",
        w=width, x=node.expression,
    )  # fmt: skip


def strftime(node: exp.Expr) -> exp.Expr:
    made = time_format(node.args.get("format"), TITLE, _CODES, '"')
    return sql("TO_CHAR(__x, __f)", x=node.this, f=exp.Literal.string(made))


def days(node: exp.Expr) -> exp.Expr:
    return sql("__n * INTERVAL '1 day'", n=node.this)


def weekday(node: exp.Expr) -> exp.Expr:
    return sql("CAST(EXTRACT(DOW FROM __x) AS BIGINT)", x=node.this)


def day_name(node: exp.Expr) -> exp.Expr:
    code = "FMDay" if isinstance(node, exp.Dayname) else "FMMonth"
    return sql(f"TO_CHAR(__x, '{code}')", x=node.this)
