"""What a view returns, held against the contract: names with suggestions, types by kind."""

from collections.abc import Mapping

from headwater.evidence.contract import Contract, Table
from headwater.evidence.errors import QueryRefused
from headwater.evidence.views import View

_WHOLE = frozenset(
    "TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT".split()
)
_TIMES = frozenset(
    ["TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE", "DATE"]
)
# Engine types that can become a contract type without guessing: text is never read as a time or a
# number, because a warehouse that stores "2026-11-01T00:00:00+02:00" must say what it means.
_CAN_BE: Mapping[str, frozenset[str]] = {
    "text": frozenset(["VARCHAR", "UUID", "JSON"]),
    "timestamp": _TIMES,
    "date": frozenset(["DATE"]),
    "boolean": frozenset(["BOOLEAN"]),
    "integer": _WHOLE,
    "bigint": _WHOLE,
    "double": _WHOLE | {"DOUBLE", "FLOAT"},
}
_CAST = {
    "text": "CAST(… AS VARCHAR)",
    "timestamp": "CAST(… AS TIMESTAMP), or … AT TIME ZONE 'UTC' for a zoned time",
    "date": "CAST(… AS DATE)",
    "boolean": "CAST(… AS BOOLEAN)",
    "integer": "CAST(… AS INTEGER)",
    "bigint": "CAST(round(100 * …) AS BIGINT) where amounts are not in the minor unit yet",
    "double": "CAST(… AS DOUBLE)",
}


class ViewBroken(QueryRefused):
    """A view that returns what the contract does not take; its text begins with file and line."""


def check_columns(view: View, table: Table, stored: Mapping[str, str]) -> None:
    """Raises ViewBroken for the first column that the contract cannot take, in the view's order."""
    for column, kind in stored.items():
        if column not in table.columns:
            near = _nearest(column, table, stored)
            hint = f"; did you mean {near}?" if near else ""
            raise _broken(view, column, f"{table.name} has no column {column!r}{hint}")
        wanted = table.columns[column]
        if not (kind in _CAN_BE[wanted] or kind == '"NULL"' or _is_special(wanted, kind)):
            raise _broken(
                view,
                column,
                f"{column} is {kind}, but the contract wants {wanted}; write {_CAST[wanted]}",
            )
    if table.account and table.account not in stored and not _derivable(table, stored):
        raise _broken(view, "", f"the view returns no {table.account}, which says whose a row is")
    for column in table.key:
        if column not in stored:
            raise _broken(view, "", f"the view returns no {column}, which is part of the key")


def _nearest(column: str, table: Table, stored: Mapping[str, str]) -> str | None:
    left = [name for name in table.columns if name not in stored]
    return Contract({}).nearest(column, left)


def _derivable(table: Table, stored: Mapping[str, str]) -> bool:
    derived = table.derived_from()
    return derived is not None and derived[0] in stored


def _is_special(wanted: str, kind: str) -> bool:
    if wanted == "text":
        return kind.startswith("ENUM")
    return wanted in ("integer", "bigint", "double") and kind.startswith("DECIMAL")


def _broken(view: View, column: str, message: str) -> ViewBroken:
    return ViewBroken(f"{view.problem(column, message)}")
