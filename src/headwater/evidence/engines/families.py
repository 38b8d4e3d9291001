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


def _quotient(annotator: Any, node: exp.Expr) -> Any:
    """DuckDB's / gives a double, whatever numbers it divides."""
    interval = family(node.this) == "interval"
    return annotator._set_type(node, exp.DType.INTERVAL if interval else exp.DType.DOUBLE)


def _decimal_scale(node: exp.Expr) -> int | None:
    """Places behind the point, None where they are not known."""
    if family(node) in ("int", "null"):
        return 0
    given = node.type.expressions if node.type else []
    named = given[1].this if len(given) == 2 else None
    return int(named.name) if isinstance(named, exp.Literal) and named.is_int else None


def decimal_type(scales: list[int | None], places: int | None = None) -> exp.DataType:
    """A decimal that holds all of `scales`, or exactly `places`; without any where unknown."""
    known = [each for each in scales if each is not None]
    if len(known) < len(scales):
        return exp.DataType.build("DECIMAL")
    return exp.DataType.build(f"DECIMAL(38, {max(known) if places is None else places})")


def _usual(kind: type[exp.Expr]) -> Callable[[Any, Any], Any]:
    rule = DuckDB.EXPRESSION_METADATA[kind]["annotator"]
    made: Callable[[Any, Any], Any] = rule
    return made


def _arithmetic(annotator: Any, node: exp.Expr) -> Any:
    """Decimals keep every place: a product has those of both, a sum those of the longer."""
    kinds = {family(node.this), family(node.expression)}
    if "decimal" not in kinds or not kinds <= {"int", "decimal"}:
        return _usual(type(node))(annotator, node)
    scales = [_decimal_scale(node.this), _decimal_scale(node.expression)]
    together = sum(each or 0 for each in scales) if isinstance(node, exp.Mul) else None
    return annotator._set_type(node, decimal_type(scales, together))


def results(node: exp.Expr) -> list[exp.Expr]:
    """The parts one of which is the value of a CASE, an if, a coalesce or a least."""
    if isinstance(node, exp.Case):
        found = [branch.args["true"] for branch in node.args.get("ifs") or ()]
        return [*found, *(each for each in (node.args.get("default"),) if each is not None)]
    if isinstance(node, exp.If):
        return [each for key in ("true", "false") if (each := node.args.get(key)) is not None]
    return [node.this, *node.expressions]


def _chosen(annotator: Any, node: exp.Expr) -> Any:
    """One of several numbers: a double where any is one, else the longest decimal."""
    parts = results(node)
    kinds = {family(each) for each in parts} - {"null"}
    if "double" in kinds and kinds <= NUMBERS:
        return annotator._set_type(node, exp.DType.DOUBLE)
    if "decimal" in kinds and kinds <= NUMBERS:
        return annotator._set_type(node, decimal_type([_decimal_scale(each) for each in parts]))
    return _usual(type(node))(annotator, node)


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
        exp.Div: _quotient,
        **dict.fromkeys((exp.Add, exp.Sub, exp.Mul), _arithmetic),
        **dict.fromkeys((exp.Case, exp.If, exp.Coalesce, exp.Greatest, exp.Least), _chosen),
    }
    return {
        **DuckDB.EXPRESSION_METADATA,
        **{kind: {"returns": exp.DType.VARCHAR} for kind in _TEXT},
        exp.Grouping: {"returns": exp.DType.BIGINT},
        exp.PercentileCont: {"returns": exp.DType.DOUBLE},
        exp.CountIf: {"returns": exp.DType.BIGINT},
        **{kind: {"annotator": function} for kind, function in annotators.items()},
    }
