"""All pages' small worlds as one, so that an engine can be asked every page over the same rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headwater.diagnosis.playbooks.evidence_sql import tables_read
from headwater.diagnosis.playbooks.page import Playbook
from headwater.diagnosis.playbooks.worlds import Window, World, read_world, write_world
from headwater.evidence.contract import load_contract

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OneWorld:
    """The rows of every page's tests by table, and each page's widest window by its id."""

    tables: Mapping[str, list[Row]]
    windows: Mapping[str, Window]

    def write(self, folder: Path) -> None:
        """One Parquet file per table that any page reads or fills."""
        write_world(World(folder, self.tables, ()), folder)


def one_world(playbooks: Iterable[Playbook]) -> OneWorld:
    """The pages' own rows together. Each page's accounts get names of their own, so that no two
    pages share one; the window reaches over all its cases. Raises PlaybookInvalid."""
    tables: dict[str, list[Row]] = {}
    windows: dict[str, Window] = {}
    for playbook in playbooks:
        world = read_world(playbook.test_path)
        accounts = _accounts(world)
        for name in tables_read(playbook.sql) - world.tables.keys():
            tables.setdefault(name, [])
        for name, rows in world.tables.items():
            renamed = [_renamed(row, accounts, playbook.id) for row in rows]
            tables.setdefault(name, []).extend(renamed)
        windows[playbook.id] = Window(
            min(case.window.start for case in world.cases),
            max(case.window.end for case in world.cases),
        )
    return OneWorld(tables, windows)


def _accounts(world: World) -> frozenset[str]:
    known = load_contract().tables
    return frozenset(
        row[column]
        for name, rows in world.tables.items()
        if (column := known[name].account) is not None
        for row in rows
        if row.get(column)
    )


def _renamed(row: Row, accounts: frozenset[str], page: str) -> Row:
    """An account is named in other columns too: a destination, a parent, an owner."""
    return {
        column: f"{value}_{page}" if isinstance(value, str) and value in accounts else value
        for column, value in row.items()
    }
