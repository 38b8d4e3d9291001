"""The locked engine over rows in its own memory: for a page's small worlds, one after another.

Guard, scope, barrier, missing tables and missing columns are those over files; only that no file
is written and read for a handful of rows. Never in the process that serves.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from headwater.evidence.catalogue import Catalogue
from headwater.evidence.contract import ENGINE_TYPES, Table, load_contract
from headwater.evidence.engine import Engine
from headwater.evidence.folders import DataFile, Entry
from headwater.evidence.lake import Lake
from headwater.evidence.layout.manifest import Manifest
from headwater.evidence.template import NONCE, Source
from headwater.evidence.views import NO_VIEWS

_CHUNK = 100
Row = Mapping[str, Any]


@dataclass(frozen=True, eq=False, slots=True)
class Held:
    """A world: rows by table, where a column that no row names is missing from its table.

    A table without rows has all its columns. `without` are the tables and `table.column`s that
    are to be missing besides.
    """

    tables: Mapping[str, list[Any]]
    without: frozenset[str] = field(default=frozenset())

    def columns(self) -> dict[str, list[str]]:
        """The columns of each table that is there, in the contract's order."""
        known = load_contract().tables
        listed = {}
        for name in sorted(self.tables.keys() - self.without):
            rows = self.tables[name]
            used = {column for row in rows for column in row}
            listed[name] = [
                column
                for column in known[name].columns
                if (column in used or not rows) and f"{name}.{column}" not in self.without
            ]
        return listed


class HeldEngine(Engine):
    """An engine that is given its rows. One world at a time; not for use by two threads."""

    def __init__(self, *, memory_bytes: int) -> None:
        self._held = Held({})
        self._stored: dict[str, list[str]] = {}
        super().__init__("", threads=1, memory_bytes=memory_bytes)

    def hold(self, world: Held) -> None:
        """Lets the next queries read `world`, and forgets the one before it."""
        if world is self._held:
            return
        for name in self._stored:
            self._connection.execute(f'DROP TABLE IF EXISTS "{_relation(name)}"')
        self._held, self._stored = world, {}
        for name, columns in world.columns().items():
            self._stored[name] = columns
            self._fill(name, columns, world.tables[name])
        self._slices.clear()
        self._catalogue = self._new_catalogue()
        self._slices = self._new_slices()

    def _fill(self, name: str, columns: list[str], rows: list[Any]) -> None:
        types = load_contract().tables[name].columns
        made = ", ".join(f'"{column}" {ENGINE_TYPES[types[column]]}' for column in columns)
        self._connection.execute(f'CREATE TABLE "{_relation(name)}" ({made})')
        marks = f"({', '.join('?' for _ in columns)})"
        # Many rows per statement: the engine is slow at one by one.
        for first in range(0, len(rows), _CHUNK):
            part = rows[first : first + _CHUNK]
            self._connection.execute(
                f'INSERT INTO "{_relation(name)}" VALUES {", ".join([marks] * len(part))}',  # noqa: S608 (contract)
                [row.get(column) for row in part for column in columns],
            )

    def _open(self, root: object) -> "_Nowhere":
        return _Nowhere()

    def _new_catalogue(self) -> Catalogue:
        self._views = NO_VIEWS
        return _HeldCatalogue(self._connection, load_contract(), self._lake, set(self._stored))


class _HeldCatalogue(Catalogue):
    """Views over the engine's own tables in place of files."""

    def __init__(self, connection: Any, contract: Any, lake: Lake, held: set[str]) -> None:
        super().__init__(connection, contract, lake)
        self._held = held

    def files(self, name: str) -> tuple[str, ...]:
        return (_relation(name),) if name in self._held else ()

    def within(self, name: str, window: object) -> Source:
        self.state(name)
        return self.source(name)

    def _reading(self, table: Table, files: tuple[str, ...]) -> tuple[str, str]:
        return f'"{files[0]}"', ""

    def _is_empty(self, column: str, files: tuple[str, ...]) -> bool:
        counted = f'SELECT count(*) > 0 AND count("{column}") = 0 FROM "{files[0]}"'  # noqa: S608 (contract)
        return bool(self._connection.execute(counted).fetchall()[0][0])

    def _latest(self, name: str) -> Any:
        table, state = self._contract.tables[name], self.state(name)
        if not state.present or table.time is None or table.time in state.missing_columns:
            return None
        return self._latest_read(name, table.time)


class _Nowhere:
    """A lake's folder where there is none."""

    root = ""
    rescan_seconds = math.inf

    def manifest(self) -> Manifest | None:
        return None

    def entries(self) -> list[Entry]:
        return []

    def files(self, entry: Entry) -> list[DataFile]:
        return []

    def let_in(self, connection: Any) -> None:
        """Nothing is read from anywhere."""

    def trouble(self) -> str | None:
        return None


def _relation(name: str) -> str:
    return f"hw_{NONCE}_held_{name}"
