"""The small file that says which field of a source becomes which column of the contract."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from headwater.evidence.contract import Contract, Table, load_contract
from headwater.evidence.errors import ImportRefused

FORMATS = ("parquet", "csv", "jsonl", "access-log", "alb-log")
MODES = ("append", "upsert")
UNITS = ("iso", "s", "ms", "us", "access-log")
_KEYS = {"from", "unit", "multiply", "values", "value", "prefix", "numbered"}


@dataclass(frozen=True, slots=True)
class Column:
    """How one column is filled: from a field, by a constant, or by numbering the rows.

    `unit` reads a time, `multiply` scales a number (euros to cents), `values` translates words,
    `prefix` stands before the text.
    """

    name: str
    source: str | None = None
    unit: str = "iso"
    multiply: int = 1
    values: tuple[tuple[str, str], ...] = ()
    constant: str | None = None
    prefix: str = ""
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """A table of the contract and how its columns are filled. `format` may be left to the name."""

    table: Table
    columns: tuple[Column, ...]
    format: str | None
    mode: str


def read_mapping(path: Path, contract: Contract | None = None) -> Mapping:
    """The mapping in `path`. Raises ImportRefused naming the entry at fault."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ImportRefused(f"Cannot read the mapping {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportRefused(f"The mapping {path} is not TOML: {error}.") from error
    return parse_mapping(data, contract or load_contract())


def parse_mapping(data: dict[str, Any], contract: Contract) -> Mapping:
    """The mapping in a parsed file. Raises ImportRefused."""
    _only(data, {"table", "format", "mode", "columns"}, "the mapping")
    name = data.get("table")
    if not isinstance(name, str) or name not in contract.tables:
        near = contract.nearest(str(name))
        raise ImportRefused(
            f"The contract has no table {name!r}." if name else "The mapping names no table.",
            param="table",
            hint=f"Did you mean {near}?" if near else "See `headwater evidence contract`.",
        )
    table = contract.tables[name]
    columns = data.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise ImportRefused("The mapping has no [columns].", param="columns")
    for column in columns:
        if column not in table.columns:
            _unknown(column, table.columns, f"{name} has no column")
    filled = tuple(_column(column, entry) for column, entry in columns.items())
    missing = [key for key in table.key if key not in columns]
    if missing:
        raise ImportRefused(
            f"Nothing fills {', '.join(missing)}, the key of {name}.",
            param=missing[0],
            hint='A log without ids can be numbered: id = { numbered = true, prefix = "req_" }.',
        )
    default = "append" if table.time and table.window else "upsert"
    return Mapping(
        table,
        filled,
        _one_of(data, "format", FORMATS, None),
        _one_of(data, "mode", MODES, default) or default,
    )


def _column(name: str, entry: Any) -> Column:
    if isinstance(entry, str):
        return Column(name, source=entry)
    if not isinstance(entry, dict):
        raise ImportRefused(f"{name} must be a field's name or a table.", param=name)
    _only(entry, _KEYS, name)
    if sum(key in entry for key in ("from", "value", "numbered")) != 1:
        raise ImportRefused(f"{name} needs exactly one of from, value and numbered.", param=name)
    values = entry.get("values", {})
    multiply = entry.get("multiply", 1)
    if not isinstance(values, dict):
        raise ImportRefused(f"values of {name} must be a table of words.", param=name)
    if not isinstance(multiply, int) or isinstance(multiply, bool) or multiply < 1:
        raise ImportRefused(f"multiply of {name} must be a whole number.", param=name)
    constant = entry.get("value")
    return Column(
        name,
        source=entry.get("from"),
        unit=_one_of(entry, "unit", UNITS, "iso") or "iso",
        multiply=multiply,
        values=tuple((str(old), str(new)) for old, new in values.items()),
        constant=None if constant is None else str(constant),
        prefix=str(entry.get("prefix", "")),
        numbered=entry.get("numbered") is True,
    )


def _one_of(data: dict[str, Any], key: str, allowed: tuple[str, ...], default: str | None) -> Any:
    value = data.get(key, default)
    if value is not None and value not in allowed:
        raise ImportRefused(
            f"{key} is {value!r}.", param=key, hint=f"It may be {', '.join(allowed)}."
        )
    return value


def _only(data: dict[str, Any], known: set[str], where: str) -> None:
    for key in data:
        if key not in known:
            _unknown(key, known, f"Unknown entry in {where}:")


def _unknown(name: str, known: Iterable[str], what: str) -> None:
    near = get_close_matches(name, list(known), n=1)
    raise ImportRefused(
        f"{what} {name!r}.", param=name, hint=f"Did you mean {near[0]}?" if near else None
    )
