"""Any engine's values in the one form that every other room sees.

The reference type decides, not the driver: times are naive UTC in ISO 8601, integers and whole
decimals are ints, other decimals floats, structures JSON text.
"""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from headwater.evidence.errors import QueryFailed

_INTEGERS = frozenset(
    "TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT".split()
)


def canonical_rows(rows: Sequence[Sequence[Any]], types: Sequence[str]) -> list[list[Any]]:
    """`rows` as JSON-ready values of the reference `types`. Raises QueryFailed where one differs.

    A value that cannot be of its type means that the engine did something else than DuckDB
    would have done, so no row is returned.
    """
    return [
        [_canonical(value, kind) for value, kind in zip(row, types, strict=True)] for row in rows
    ]


def _canonical(value: Any, kind: str) -> Any:
    if value is None or kind in ("NULL", '"NULL"'):
        return value
    if kind in _INTEGERS:
        return _whole(value, kind)
    if kind in ("DOUBLE", "FLOAT"):
        return float(value)
    if kind.startswith("DECIMAL"):
        exact = Decimal(str(value))
        return int(exact) if exact == exact.to_integral_value() else float(exact)
    if kind.startswith("TIMESTAMP") or kind == "DATE":
        return _moment(value, kind)
    return _other(value, kind)


def _other(value: Any, kind: str) -> Any:
    if kind == "BOOLEAN" and value in (True, False):
        return bool(value)
    if kind == "INTERVAL" and isinstance(value, timedelta):
        return value.total_seconds()
    if kind == "VARCHAR" and isinstance(value, str):
        return value
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, default=str, ensure_ascii=False)
    raise QueryFailed(f"The engine answered {type(value).__name__} where {kind} was expected.")


def _whole(value: Any, kind: str) -> int:
    if isinstance(value, int | Decimal | float) and not isinstance(value, bool):
        whole = int(value)
        if whole == value:
            return whole
    raise QueryFailed(f"The engine answered {value!r:.40} where {kind} was expected.")


def _moment(value: object, kind: str) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        if kind != "DATE":
            return value.isoformat()
        if value.time() == datetime.min.time():
            return value.date().isoformat()
    elif isinstance(value, date):
        if kind == "DATE":
            return value.isoformat()
    raise QueryFailed(f"The engine answered {value!r:.40} where {kind} was expected.")
