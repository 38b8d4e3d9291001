"""Values of the evidence room as the worker's frames carry them, and back."""

from datetime import date, datetime
from typing import Any, NoReturn

from headwater.evidence import errors
from headwater.evidence.types import Result, TableState, Value
from headwater.kit.errors import HeadwaterError

_MOMENTS = frozenset(["timestamp", "date"])
_ERRORS: dict[str, type[HeadwaterError]] = {
    kind.__name__: kind
    for kind in (errors.QueryRefused, errors.QueryFailed, errors.QueryLimit, errors.QueryTimeout)
}


def raise_told(answer: dict[str, Any]) -> NoReturn:
    """Raises the error that the worker told of."""
    kind = _ERRORS.get(answer["error"], errors.QueryFailed)
    raise kind(answer["message"], param=answer.get("param"), hint=answer.get("hint"))


def encoded(value: object) -> object:
    """A parameter as JSON carries it. Raises QueryRefused for what has no form there."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if value is None or isinstance(value, str | int | float):
        return value
    raise errors.QueryRefused(
        f"A parameter of type {type(value).__name__} cannot be used in a query.", param="params"
    )


def result_of(run_id: str, answer: dict[str, Any]) -> Result:
    """The rows of an answer, times as naive UTC."""
    moments = [index for index, kind in enumerate(answer["types"]) if kind in _MOMENTS]
    rows: list[tuple[Value, ...]] = []
    for row in answer["rows"]:
        for index in moments:
            if row[index] is not None:
                row[index] = _moment(row[index])
        rows.append(tuple(row))
    return Result(
        run_id=run_id,
        columns=tuple(answer["columns"]),
        types=tuple(answer["types"]),
        rows=tuple(rows),
        truncated=answer["truncated"],
        seconds=answer["seconds"],
        engine_sql=answer["engine_sql"],
        bytes=answer["bytes"],
    )


def _moment(text: str) -> Value:
    """A date is its midnight; `infinity` and years beyond Python's stay text."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def state_of(entry: dict[str, Any]) -> TableState:
    """What an answer tells of one table."""
    as_of = entry["as_of"]
    return TableState(
        name=entry["name"],
        present=entry["present"],
        missing_columns=tuple(entry["missing_columns"]),
        as_of=datetime.fromisoformat(as_of) if as_of else None,
        files=entry["files"],
        cast_columns=tuple(entry["cast_columns"]),
        derived_columns=tuple(entry["derived_columns"]),
        problem=entry["problem"],
        view=entry["view"],
    )
