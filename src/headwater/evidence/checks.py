"""What one node of a query may be: its kind, and what kinds need a closer look.

The lists are in `allowed.py`; the guard walks the tree.
"""

import re
from collections.abc import Callable, Mapping

from sqlglot import exp

from headwater.evidence import allowed
from headwater.evidence.errors import QueryRefused

MAX_PADDING = 10_000
MAX_SERIES = 100_000

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def check_node(node: exp.Expr) -> None:
    """Refuses what a query may not be made of. Raises QueryRefused naming the construct."""
    kind = type(node).__name__
    if kind not in allowed.NODES:
        what = node.sql_name() if isinstance(node, exp.Func) else kind
        raise QueryRefused(
            f"{what} is not allowed in a query.", param="sql", hint=allowed.instead(what)
        )
    check = _CHECKS.get(kind)
    if check is not None:
        check(node)


def _check_function(node: exp.Expr) -> None:
    name = node.name.lower()
    if name not in allowed.NAMED_FUNCTIONS:
        raise QueryRefused(
            f"The function {name} is not allowed in a query.",
            param="sql",
            hint=allowed.instead(name),
        )


def _check_type(node: exp.Expr) -> None:
    name = getattr(node.this, "value", str(node.this))
    if name not in allowed.TYPES:
        raise QueryRefused(
            f"A cast to {node.sql('duckdb')} is not allowed.",
            param="sql",
            hint="Cast to VARCHAR, BIGINT, DOUBLE, DECIMAL, BOOLEAN, DATE or TIMESTAMP.",
        )


def _check_with(node: exp.Expr) -> None:
    if node.args.get("recursive"):
        raise QueryRefused(
            "WITH RECURSIVE is not allowed in a query.",
            param="sql",
            hint="For a row of days or hours use generate_series.",
        )


def _check_cte(node: exp.Expr) -> None:
    name = node.alias
    if not NAME.match(name) or name.lower().startswith(allowed.RESERVED_PREFIXES):
        raise QueryRefused(
            f"A common table expression cannot be named {name!r}.",
            param="sql",
            hint="Take a name of letters, digits and underscores, such as recent_charges.",
        )


def _check_padding(node: exp.Expr) -> None:
    size = node.args.get("times") if isinstance(node, exp.Repeat) else node.expression
    nested = any(node.find_ancestor(kind) for kind in (exp.Pad, exp.Repeat))
    if nested or not (isinstance(size, exp.Literal) and size.is_int):
        raise QueryRefused(
            "The length in lpad, rpad and repeat must be a plain number.",
            param="sql",
            hint=f"Write a number up to {MAX_PADDING:,}, and nest none of them.",
        )
    if int(size.name) > MAX_PADDING:
        raise QueryRefused(
            f"lpad, rpad and repeat go up to {MAX_PADDING:,} characters.",
            param="sql",
            hint="Write a smaller number.",
        )


def _check_series(node: exp.Expr) -> None:
    if node.find(exp.Column):
        raise QueryRefused(
            "generate_series must not depend on a column.",
            param="sql",
            hint="Give it constants or parameters, and join its values to the table.",
        )
    for number in node.find_all(exp.Literal):
        if not number.is_string and (not number.is_int or int(number.name) > MAX_SERIES):
            raise QueryRefused(
                f"generate_series goes up to {MAX_SERIES:,} values.",
                param="sql",
                hint="Take a narrower range or a wider step.",
            )
    for interval in node.find_all(exp.Interval):
        unit = (interval.text("unit") or interval.this.sql()).lower()
        if not any(word in unit for word in ("minute", "hour", "day", "week", "month", "year")):
            raise QueryRefused(
                "The step of generate_series must be at least a minute.",
                param="sql",
                hint="Write INTERVAL 1 HOUR, for example.",
            )


_CHECKS: Mapping[str, Callable[[exp.Expr], None]] = {
    "Anonymous": _check_function,
    "DataType": _check_type,
    "With": _check_with,
    "CTE": _check_cte,
    "Pad": _check_padding,
    "Repeat": _check_padding,
    "GenerateSeries": _check_series,
}
