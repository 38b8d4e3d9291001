"""PostgreSQL: casts, and those that may fail quietly."""

import re

from sqlglot import exp

from headwater.evidence.engines.dialects.postgres.basics import TITLE, sql
from headwater.evidence.engines.dialects.writing import refused, text_of
from headwater.evidence.engines.families import family

_TRY_DATE = (
    "CASE WHEN __x ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' THEN "
    "CASE WHEN CAST(RIGHT(__x, 2) AS INT) <= EXTRACT(DAY FROM CAST(LEFT(__x, 7) || '-01' AS DATE) "
    "+ INTERVAL '1 month' - INTERVAL '1 day') THEN CAST(__x AS DATE) END "
    r"WHEN __x ~ '^\s*[-+]?[0-9]+[-/ \\][0-9]+[-/ \\][0-9]+' "
    "THEN CAST('no plain date: ' || __x AS DATE) END"
)


def try_cast(node: exp.Expr) -> exp.Expr:
    kind = node.args["to"].this.value
    ranges = {"INT": 2**31, "BIGINT": 2**63}
    if kind == "DATE" and family(node.this) == "text":
        return sql(_TRY_DATE, x=node.this)
    if family(node.this) != "text" or kind not in ranges:
        raise refused(
            f"try_cast to {kind} from {family(node.this)}", TITLE, "Try a cast from text to a "
            "whole number, or test the text with regexp_matches first.",
        )  # fmt: skip
    bound = ranges[kind]
    value = "ROUND(CAST(TRIM(__x) AS DECIMAL))"
    return sql(
        "CASE WHEN __x ~ '^ *[-+]?[0-9]{1,30}([.][0-9]{0,30})? *$' THEN "
        f"CASE WHEN {value} BETWEEN -{bound} AND {bound - 1} THEN CAST({value} AS {kind}) END "
        # What DuckDB would still read as a number must fail rather than be NULL.
        r"WHEN __x ~ '^\s*[-+.]?[0-9][-+0-9_.eExXa-fA-F]*\s*$' "
        f"THEN CAST('no plain number: ' || __x AS {kind}) END",
        x=node.this,
    )


def cast(node: exp.Expr) -> exp.Expr:
    to = node.args["to"].this.value
    if family(node.this) == "double" and to in ("TEXT", "VARCHAR"):
        raise refused("A double as text", TITLE, "Return the number itself.")
    if family(node.this) == "text" and to in ("TIMESTAMP", "DATE"):
        text = text_of(node.this)
        if text is None or not re.match(
            r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?\Z", text
        ):
            raise refused("A cast from text to a time", TITLE, "Write TIMESTAMP '2026-01-31 …'.")
    return node
