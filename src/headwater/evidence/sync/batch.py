"""Rows on their way into the lake: mapped, checked, and committed with the progress they mean."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from headwater.evidence.contract import Contract
from headwater.evidence.layout import LakeWriter, Upsert
from headwater.evidence.layout.manifest import FOLDER
from headwater.evidence.layout.writer import staged_rows
from headwater.evidence.sync import rejects
from headwater.evidence.sync.resources import Resource
from headwater.evidence.sync.shape import Shape, Unfit, check_key, to_row

STAGING = "staging-sync"


class Batch:
    """Collects the rows of one account; `commit` makes them and the progress visible together."""

    def __init__(
        self, writer: LakeWriter, contract: Contract, root: Path, *, account: str, mode: str
    ) -> None:
        self._writer = writer
        self._contract = contract
        self._root = root
        self._fixed = {"account_id": account, "livemode": mode == "live"}
        self._where = f"stripe-{mode}-{account}"
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._rejected: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}

    @property
    def size(self) -> int:
        """How many rows wait to be committed."""
        return sum(len(rows) for rows in self._rows.values())

    def add(
        self, resource: Resource, source: Mapping[str, Any], extra: Mapping[str, Any] | None = None
    ) -> bool:
        """Takes the object's rows, all of them or none. False: kept as a reject instead."""
        try:
            rows = list(self._of(resource, source, extra or {}))
        except Unfit as unfit:
            self._rejected.setdefault(resource.name, []).append((str(unfit), source))
            return False
        for table, row in rows:
            self._rows.setdefault(table, []).append(row)
        return True

    def commit(self, progress: Mapping[str, Any]) -> None:
        """Rejects first: repeated they change nothing, and progress must not run ahead of them."""
        for name, rejected in self._rejected.items():
            rejects.keep(self._root, f"{self._where}-{name}", rejected)
        folder = self._root / FOLDER / STAGING
        staged = {table: staged_rows(folder, rows) for table, rows in self._rows.items()}
        try:
            self._writer.commit({t: Upsert(path) for t, path in staged.items()}, progress)
        finally:
            for path in staged.values():
                path.unlink(missing_ok=True)
        self._rows, self._rejected = {}, {}

    def _of(
        self, resource: Resource, source: Mapping[str, Any], extra: Mapping[str, Any]
    ) -> Iterable[tuple[str, dict[str, Any]]]:
        yield resource.shape.table, self._row(resource.shape, source, extra)
        for shape, objects in resource.inner:
            own = {f"{resource.kind}_id": source["id"]}
            for each in objects(source):
                yield shape.table, self._row(shape, each, own)

    def _row(
        self, shape: Shape, source: Mapping[str, Any], extra: Mapping[str, Any]
    ) -> dict[str, Any]:
        table = self._contract.tables[shape.table]
        row = to_row(shape, table, source)
        said = row.get("livemode")
        if said is not None and said != self._fixed["livemode"]:
            raise Unfit(f"{table.name}.livemode: the object is of the other mode than the key")
        for name, value in {**self._fixed, **extra}.items():
            if name in table.columns:
                row[name] = value
        check_key(table, row)
        if table.time is not None and row.get(table.time) is None and table.window:
            raise Unfit(
                f"{table.name}.{table.time}: missing, and says to which day the row belongs"
            )
        return row
