"""ClickHouse: casts, and those that may fail quietly."""

import re

from sqlglot import exp

from headwater.evidence.engines.dialects.clickhouse.basics import (
    MOMENT,
    NUMBER,
    TITLE,
    call,
    cast_as,
    sql,
    unless,
)
from headwater.evidence.engines.dialects.clickhouse.numbers import half_up, wide_decimal
from headwater.evidence.engines.dialects.writing import number, refused, text_of
from headwater.evidence.engines.families import family

_TIMES = ("TIMESTAMP", "TIMESTAMPNTZ", "DATETIME")


_ISO = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d{1,6})?)?\Z")


def cast(node: exp.Expr) -> exp.Expr:
    to, given = node.args["to"].this.value, family(node.this)
    if to in (*_TIMES, "DATE"):
        if given == "text" and not _ISO.match(text_of(node.this) or ""):
            raise refused("A cast from text to a time", TITLE, "Write TIMESTAMP '2026-01-31 …'.")
        if given in ("text", "timestamp", "date", "null"):
            return cast_as(node.this, "Nullable(Date32)" if to == "DATE" else MOMENT)
    if to in ("INT", "BIGINT") and given in ("int", "double", "decimal"):
        return _whole(node.this, to, given)
    if to == "DOUBLE" and given in ("int", "decimal", "double"):
        return cast_as(node.this, NUMBER)
    if to == "DECIMAL" and given in ("int", "decimal", "double"):
        given_as = node.args["to"].expressions
        places = number(given_as[1].this) if len(given_as) == 2 else None
        if places is None:
            raise refused("A cast to DECIMAL", TITLE, "Write DECIMAL(18, 2), say.")
        return cast_as(node.this, wide_decimal(places))
    if given == "null" or (to in ("TEXT", "VARCHAR") and given in ("int", "text")):
        return node
    raise refused(f"A cast from {given} to {to}", TITLE, "Return the value as it is.")


def _whole(value: exp.Expr, to: str, given: str) -> exp.Expr:
    """Rounded as DuckDB rounds, and out of its range an error as there."""
    if given == "int":
        return cast_as(value, "Nullable(Int64)")
    rounded = call("roundBankers", value) if given == "double" else half_up(value, 0)
    bound = "2147483648" if to == "INT" else "9223372036854774784"
    outside = sql(f"NOT (__r >= -{bound} AND __r < {bound})", r=cast_as(rounded, NUMBER))
    return unless(outside, "out of the range of a whole number",
                  cast_as(rounded, "Nullable(Int64)"))  # fmt: skip


def try_cast(node: exp.Expr) -> exp.Expr:
    """NULL for what is surely no number or date; what DuckDB might still read fails."""
    kind = node.args["to"].this.value
    if family(node.this) != "text" or kind not in ("INT", "BIGINT", "DATE"):
        raise refused(f"try_cast to {kind}", TITLE, "Try a cast from text to a whole number.")
    if kind == "DATE":
        strict, loose = "^(19|2[01])[0-9]{2}-[0-9]{2}-[0-9]{2}$", "^\\s*[-+]?[0-9]+[-/ \\\\][0-9]+"
        read = call("toDate32OrNull", node.this)
        value = sql(
            "CASE WHEN __t = __x THEN __r END", t=call("toString", read), x=node.this, r=read
        )
    else:
        strict, loose = "^ *[-+]?[0-9]{1,18} *$", "^\\s*[-+.]?[0-9][-+0-9_.eExXa-fA-F]*\\s*$"
        value = call("toInt64OrNull", call("trimBoth", node.this))
        if kind == "INT":
            value = sql("CASE WHEN __r BETWEEN -2147483648 AND 2147483647 THEN __r END", r=value)
    plain = call("match", node.this, exp.Literal.string(strict))
    risky = call("match", node.this, exp.Literal.string(loose))
    bad = sql("__r = 1 AND __p = 0", r=risky, p=plain)
    found = sql("CASE WHEN __p = 1 THEN __v END", p=plain, v=value)
    return unless(bad, "no plain number or date", found)
