"""What DuckDB would answer with: names and types of a query's columns, from empty typed tables.

Every query for another engine is bound here first. So a wrong name or type is refused in the
same words on every engine, and each engine's values are brought to the same types.
"""

from dataclasses import dataclass
from typing import Any

import duckdb
from sqlglot import exp

from headwater.evidence.contract import ENGINE_TYPES, Contract
from headwater.evidence.engines.binding import SOURCE
from headwater.evidence.errors import QueryFailed, QueryRefused


@dataclass(frozen=True, slots=True)
class Shape:
    """A query's column names and DuckDB types, in order."""

    names: tuple[str, ...]
    types: tuple[str, ...]


class Reference:
    """DuckDB with the contract's tables and no rows, no files, no network."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._made: set[str] = set()
        self._connection: Any = duckdb.connect(":memory:")
        for statement in (
            "SET threads = 1",
            "SET memory_limit = '200MB'",
            "SET TimeZone = 'UTC'",
            "SET autoinstall_known_extensions = false",
            "SET python_enable_replacements = false",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            self._connection.execute(statement)

    def shape(self, tree: exp.Query, tables: frozenset[str]) -> Shape:
        """Names and types of `tree`'s columns. Raises QueryRefused, QueryFailed."""
        for name in sorted(tables - self._made):
            self._make(name)
        text = tree.sql("duckdb", identify=True, comments=False)
        try:
            statements = self._connection.extract_statements(text)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise QueryRefused("The query is more than one SELECT.")
            rows = self._connection.execute(f"DESCRIBE {text}").fetchall()
        except duckdb.Error as error:
            raise QueryFailed(_message(error)) from error
        return Shape(tuple(str(row[0]) for row in rows), tuple(str(row[1]) for row in rows))

    def _make(self, name: str) -> None:
        columns = ", ".join(
            f'"{column}" {ENGINE_TYPES[kind]}'
            for column, kind in self._contract.tables[name].columns.items()
        )
        self._connection.execute(f"CREATE TABLE {SOURCE}{name} ({columns})")
        self._made.add(name)


def _message(error: Exception) -> str:
    lines = [line.strip() for line in str(error).replace(SOURCE, "").splitlines()]
    kept: list[str] = []
    for line in lines:
        if line.startswith("LINE "):
            break
        if line:
            kept.append(line)
    return " ".join(kept).rstrip(".") + "."
