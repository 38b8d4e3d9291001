"""Types as the seam sees them: a few families, known for every part of a query."""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB

_FAMILIES = {
    "int": "TINYINT SMALLINT INT BIGINT INT128 UTINYINT USMALLINT UINT UBIGINT UINT128 HUGEINT",
    "decimal": "DECIMAL",
    "double": "DOUBLE FLOAT",
    "text": "TEXT VARCHAR CHAR NCHAR NVARCHAR",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP TIMESTAMPNTZ DATETIME TIMESTAMP_S TIMESTAMP_MS TIMESTAMP_NS",
    "zoned": "TIMESTAMPTZ",
    "date": "DATE",
    "interval": "INTERVAL",
    "json": "JSON",
    "list": "ARRAY LIST",
    "null": "NULL",
}
_FAMILY_OF = {kind: family for family, kinds in _FAMILIES.items() for kind in kinds.split()}
NUMBERS = frozenset(["int", "decimal", "double"])

_TEXT = (
    exp.JSONExtractScalar, exp.Replace, exp.Left, exp.Right, exp.Pad, exp.SplitPart,
    exp.RegexpReplace, exp.RegexpExtract, exp.Reverse, exp.Trim, exp.Repeat, exp.TimeToStr,
    exp.Dayname, exp.Monthname,
)  # fmt: skip
_FIRST = (exp.ArgMax, exp.ArgMin, exp.IgnoreNulls, exp.RespectNulls, exp.PercentileDisc)
_NAMED = {
    "suffix": exp.DType.BOOLEAN,
    "prefix": exp.DType.BOOLEAN,
    "json_array_length": exp.DType.BIGINT,
    **dict.fromkeys(
        "to_days to_hours to_minutes to_seconds to_months to_weeks to_years".split(),
        exp.DType.INTERVAL,
    ),
}


def family(node: exp.Expr) -> str:
    """The family of a node's type, "?" where it is not known."""
    kind = node.type
    if kind is None or not isinstance(kind.this, exp.DType):
        return "?"
    return _FAMILY_OF.get(kind.this.value, "?")


def _first(annotator: Any, node: exp.Expr) -> Any:
    return annotator._set_type(node, node.this.type)


def _middle(annotator: Any, node: exp.Expr) -> Any:
    """The type of a median or of floor: decimals stay decimals, whole numbers become doubles."""
    keep = family(node.this) not in ("int", "text", "?")
    return annotator._set_type(node, node.this.type if keep else exp.DType.DOUBLE)


def _round(annotator: Any, node: exp.Expr) -> Any:
    return annotator._set_type(node, node.this.type)


def _named(annotator: Any, node: exp.Expr) -> Any:
    return annotator._set_type(node, _NAMED.get(node.name.lower(), exp.DType.UNKNOWN))


def _split(annotator: Any, node: exp.Expr) -> Any:
    return annotator._set_type(node, exp.DataType.build("VARCHAR[]", dialect="duckdb"))


def _sum(annotator: Any, node: exp.Expr) -> Any:
    kind = family(node.this)
    target = {"int": exp.DType.INT128, "double": exp.DType.DOUBLE}.get(kind)
    return annotator._set_type(node, target or node.this.type)


@cache
def metadata() -> dict[Any, dict[str, Any]]:
    """The parser's type rules for DuckDB with what they lack."""
    annotators: dict[Any, Callable[[Any, Any], Any]] = {
        **dict.fromkeys(_FIRST, _first),
        exp.Median: _middle,
        exp.Floor: _middle,
        exp.Ceil: _middle,
        exp.Round: _round,
        exp.Anonymous: _named,
        exp.Split: _split,
        exp.Sum: _sum,
    }
    return {
        **DuckDB.EXPRESSION_METADATA,
        **{kind: {"returns": exp.DType.VARCHAR} for kind in _TEXT},
        exp.Grouping: {"returns": exp.DType.BIGINT},
        exp.PercentileCont: {"returns": exp.DType.DOUBLE},
        exp.CountIf: {"returns": exp.DType.BIGINT},
        **{kind: {"annotator": function} for kind, function in annotators.items()},
    }
