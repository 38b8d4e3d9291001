"""From one API object to one row of the contract, column by column.

A field is a dotted path into the object, or a function of it. What the path yields is converted to
the column's type in the contract; what does not fit is an Unfit with the column's name, never a
guess. Fields that the object lacks are NULL, fields that nobody names are ignored.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from headwater.evidence.contract import Table

Field = str | Callable[[Mapping[str, Any]], Any]

_INTEGERS = {"integer": 2**31, "bigint": 2**63}


class Unfit(Exception):
    """An object that the contract cannot hold; says which column and why."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the objects of one kind become rows of `table`."""

    table: str
    fields: Mapping[str, Field]


def at(source: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, None where any step is missing."""
    value: Any = source
    for step in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def as_json(path: str) -> Field:
    """The value at `path` as compact JSON, whatever it is; {} and [] are kept."""

    def field(source: Mapping[str, Any]) -> str | None:
        value = at(source, path)
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    return field


def first(*paths: str) -> Field:
    """The first of several paths that yields a value: fields move between API versions."""

    def field(source: Mapping[str, Any]) -> Any:
        return next((value for path in paths if (value := at(source, path)) is not None), None)

    return field


def to_row(shape: Shape, table: Table, source: Mapping[str, Any]) -> dict[str, Any]:
    """The row of `source` with every field of the shape. Times are ISO 8601, naive UTC.

    Raises Unfit, also when a part of the key is missing.
    """
    row: dict[str, Any] = {}
    for column, field in shape.fields.items():
        value = at(source, field) if isinstance(field, str) else field(source)
        try:
            row[column] = _CONVERT[table.columns[column]](value) if value is not None else None
        except Unfit as error:
            raise Unfit(f"{table.name}.{column}: {error}") from None
    return row


def check_key(table: Table, row: Mapping[str, Any]) -> None:
    """Raises Unfit when a part of the table's key is missing."""
    if missing := [name for name in table.key if row.get(name) is None]:
        raise Unfit(f"{table.name}.{missing[0]}: missing, and part of the key")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    # A reference is the bare id, or the object itself where the API expanded it.
    if isinstance(value, Mapping) and isinstance(value.get("id"), str):
        return str(value["id"])
    raise Unfit(f"expected text, got {_kind(value)}")


def _whole(kind: str) -> Callable[[Any], int]:
    bound = _INTEGERS[kind]

    def convert(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unfit(f"expected a whole number, got {_kind(value)}")
        if not -bound <= value < bound:
            raise Unfit(f"the number is too large for {kind}")
        return value

    return convert


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit(f"expected true or false, got {_kind(value)}")
    return value


def _double(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unfit(f"expected a number, got {_kind(value)}")
    return float(value)


def _timestamp(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unfit(f"expected UNIX seconds, got {_kind(value)}")
    try:
        return datetime.fromtimestamp(value, UTC).replace(tzinfo=None).isoformat(sep=" ")
    except (ValueError, OverflowError, OSError):
        raise Unfit("the time is out of range") from None


def _kind(value: Any) -> str:
    return {dict: "an object", list: "a list", str: "text", bool: "true or false"}.get(
        type(value), type(value).__name__
    )


_CONVERT: Mapping[str, Callable[[Any], Any]] = {
    "text": _text,
    "integer": _whole("integer"),
    "bigint": _whole("bigint"),
    "boolean": _boolean,
    "double": _double,
    "timestamp": _timestamp,
    "date": lambda value: _timestamp(value)[:10],
}
