"""What ClickHouse's other modules build with."""

from sqlglot import exp

from headwater.evidence.engines.dialects.writing import written

TITLE = "ClickHouse"
MOMENT = "Nullable(DateTime64(6, 'UTC'))"
NUMBER = "Nullable(Float64)"


def sql(text: str, **values: exp.Expr) -> exp.Expr:
    """`text` with `__name` standing for the given nodes."""
    return written("clickhouse", text, **values)


def call(name: str, *values: exp.Expr) -> exp.Expr:
    """A function by ClickHouse's own name, which nothing reads anew."""
    return exp.Anonymous(this=name, expressions=[value.copy() for value in values])


def cast_as(value: exp.Expr, kind: str) -> exp.Expr:
    """A cast to a type by ClickHouse's own name."""
    return call("CAST", value, exp.Literal.string(kind))


def unless(bad: exp.Expr, said: str, value: exp.Expr) -> exp.Expr:
    """`value`, but the whole query fails where `bad` holds for a row."""
    stopped = call("throwIf", call("ifNull", bad, exp.false()), exp.Literal.string(said))
    return exp.Case(
        ifs=[exp.If(this=exp.EQ(this=stopped, expression=exp.Literal.number(0)), true=value)]
    )
