"""What the engines share that read the Parquet lake themselves, as Spark and ClickHouse do."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlglot import exp

from headwater.evidence.catalogue import Catalogue
from headwater.evidence.contract import Contract
from headwater.evidence.folders import LocalFolder
from headwater.evidence.lake import Lake
from headwater.evidence.locked import locked_connection
from headwater.evidence.types import TableState
from headwater.evidence.views import read_views, scan_with


class LakeCatalogue:
    """The state of every table, by DuckDB, which reads the files' footers only.

    `generation` changes whenever the files do. A company's own SQL views are DuckDB's and are not
    seen here.
    """

    def __init__(self, root: Path, contract: Contract) -> None:
        self.root = root
        self._folder = LocalFolder(root)
        self._contract = contract
        self._connection = locked_connection(self._folder, 1, 300_000_000)
        self.lake: Lake
        self.generation = ""
        self.refresh()

    def refresh(self) -> bool:
        """Looks again; whether anything changed."""
        lake = scan_with(self._folder, self._contract, None)
        if lake.fingerprint == self.generation:
            return False
        self.lake, self.generation = lake, lake.fingerprint
        views = read_views(None, self._contract, lake.files)
        self._catalogue = Catalogue(self._connection, self._contract, lake, views)
        return True

    def state(self, name: str) -> TableState:
        """What the lake holds of a table. An account that DuckDB would derive is missing."""
        state = self._catalogue.state(name)
        if not state.derived_columns:
            return state
        missing = (*state.missing_columns, *state.derived_columns)
        return replace(state, missing_columns=missing, derived_columns=())

    def as_of(self, name: str) -> datetime | None:
        """The time that a table's rows reach to."""
        return self._catalogue.as_of(name)

    def files(self, name: str) -> tuple[str, ...]:
        """A table's files."""
        return self.lake.files.get(name, ())


class LakeBackend(ABC):
    """A backend whose only tables are views over the lake's files, made when first asked for."""

    def __init__(self, root: Path, contract: Contract) -> None:
        self._contract = contract
        self._lake = LakeCatalogue(root, contract)
        self._views: set[str] = set()

    def refresh(self) -> None:
        """Looks again at the files; views over old ones are made anew."""
        if self._lake.refresh():
            self._views.clear()

    def state(self, name: str) -> TableState:
        """What the lake holds of a contract table."""
        return self._lake.state(name)

    def as_of(self, name: str) -> datetime | None:
        """The time that a table's rows reach to."""
        return self._lake.as_of(name)

    def unknown(self) -> tuple[str, ...]:
        """What lies in the lake and no table knows."""
        return self._lake.lake.unknown

    def relation(self, name: str) -> exp.Expr:
        """The view over the table's files."""
        if name not in self._views:
            self._make_view(name)
            self._views.add(name)
        return exp.table_(f"hw_lake_{name}", quoted=True)

    @abstractmethod
    def run(self, sql: str, seconds: float) -> Sequence[Sequence[Any]]:
        """The rows of one SELECT. Raises QueryTimeout, QueryFailed, QueryLimit."""

    @abstractmethod
    def close(self) -> None:
        """Gives back what the engine holds elsewhere."""

    @abstractmethod
    def _make_view(self, name: str) -> None:
        """Makes or replaces the view `hw_lake_NAME`."""
