"""Spark: casts, and those that may fail quietly."""

import re

from sqlglot import exp

from headwater.evidence.engines.dialects.spark.basics import TITLE, fail, sql
from headwater.evidence.engines.dialects.writing import refused, text_of
from headwater.evidence.engines.families import family


def try_cast(node: exp.Expr) -> exp.Expr:
    kind = node.args["to"].this.value
    if family(node.this) != "text" or kind not in ("INT", "BIGINT", "DATE"):
        raise refused(
            f"try_cast to {kind} from {family(node.this)}", TITLE, "Try a cast from text to a "
            "whole number or a date.",
        )  # fmt: skip
    if kind == "DATE":
        strict = "^[0-9]{4}-[0-9]{2}-[0-9]{2}\\z"
        loose = "^\\s*[-+]?[0-9]+[-/ \\\\][0-9]+[-/ \\\\][0-9]+"
    else:
        strict, loose = "^ *[-+]?[0-9]{1,30} *\\z", "^\\s*[-+.]?[0-9][-+0-9_.eExXa-fA-F]*\\s*\\z"
    return sql(
        f"CASE WHEN __x RLIKE __s THEN TRY_CAST(TRIM(__x) AS {kind}) "
        f"WHEN __x RLIKE __l THEN {fail('no plain number or date', kind)} END",
        x=node.this, s=exp.Literal.string(strict), l=exp.Literal.string(loose),
    )  # fmt: skip


_ISO = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d{1,6})?)?\Z")


def cast(node: exp.Expr) -> exp.Expr:
    to, given = node.args["to"].this.value, family(node.this)
    if given == "double" and to in ("TEXT", "VARCHAR"):
        raise refused("A double as text", TITLE, "Return the number itself.")
    if to in ("INT", "BIGINT") and given == "double":
        return sql(f"CAST(RINT(__x) AS {to})", x=node.this)
    if to in ("INT", "BIGINT") and given == "decimal":
        return sql(f"CAST(ROUND(__x) AS {to})", x=node.this)
    if given == "text" and to in ("TIMESTAMP", "DATE"):
        text = text_of(node.this)
        if text is None or not re.match(
            r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d{1,6})?)?\Z", text
        ):
            raise refused("A cast from text to a time", TITLE, "Write TIMESTAMP '2026-01-31 …'.")
    if to == "TIMESTAMP":
        node.set("to", exp.DataType.build("TIMESTAMPNTZ"))
    return node
