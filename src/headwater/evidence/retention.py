"""What of a lake is too old or one account's, and removing it. Only tables that Headwater manages:
files that a platform writes itself are its own to remove. Free of Django.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from headwater.evidence.contract import Contract
from headwater.evidence.errors import QueryRefused
from headwater.evidence.folders import LocalFolder
from headwater.evidence.lake import scan
from headwater.evidence.layout import (
    Delete,
    Expire,
    FileEntry,
    LakeWriter,
    read_manifest,
    whose,
)


@dataclass(frozen=True, slots=True)
class Old:
    """Days of a managed table that are past their time: rows and bytes in days before `before`."""

    table: str
    before: str
    days: int
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Held:
    """What the lake holds of one account: rows by managed table.

    `nameless` are managed rows that name no account and lead to none, `unmanaged` the tables that
    somebody else writes; both were not looked through.
    """

    rows: Mapping[str, int]
    nameless: Mapping[str, int]
    unmanaged: tuple[str, ...]


def keep_days(contract: Contract, changed: Mapping[str, int]) -> dict[str, int]:
    """Days to keep by table: the contract's, and those given. Raises QueryRefused."""
    for name, days in changed.items():
        table = contract.tables.get(name)
        if table is None or table.time is None or days < 1:
            near = contract.nearest(name)
            raise QueryRefused(
                f"{name} cannot be kept for {days} days: it must be a table with a time, and the "
                "days a positive number.",
                param="keep",
                hint=f"Did you mean {near}?" if near and near != name else None,
            )
    stated = {name: t.keep_days for name, t in contract.tables.items() if t.keep_days}
    return {**stated, **changed}


def find_old(root: Path, keep: Mapping[str, int], today: date) -> list[Old]:
    """Managed tables with whole days older than they are kept."""
    found = []
    for table, entries in sorted(_managed(root).items()):
        if table not in keep:
            continue
        before = (today - timedelta(days=keep[table])).isoformat()
        old = [each for each in entries if each.day and each.day < before]
        if old:
            found.append(
                Old(
                    table,
                    before,
                    days=len({each.day for each in old}),
                    rows=sum(each.rows for each in old),
                    bytes=sum(each.bytes for each in old),
                )
            )
    return found


def drop_old(root: Path, old: Sequence[Old], contract: Contract) -> None:
    """Removes those days in one commit. Raises WriteRefused while another writer is at work."""
    if not old:
        return
    with LakeWriter(root, contract) as writer:
        writer.commit({each.table: Expire(each.before) for each in old})
        writer.sweep()


def find_account(root: Path, account_id: str, contract: Contract) -> Held:
    """How many rows the managed tables hold of one account."""
    managed = _managed(root)
    rows: dict[str, int] = {}
    nameless: dict[str, int] = {}
    with duckdb.connect() as connection:
        for name, entries in sorted(managed.items()):
            table = contract.tables[name]
            if table.account is None or not entries:
                continue
            belongs = whose.condition(name, account_id, root, managed, contract)
            derived = table.derived_from()
            without = f'"{table.account}" IS NULL'
            if derived and managed.get(derived[1]):
                without += f' AND "{derived[0]}" IS NULL'
            counted = connection.execute(
                f"SELECT count(*) FILTER (WHERE {belongs}), count(*) FILTER (WHERE {without}) "  # noqa: S608
                f"FROM {whose.stored(root, entries)}"
            ).fetchall()[0]
            if counted[0]:
                rows[name] = int(counted[0])
            if counted[1]:
                nameless[name] = int(counted[1])
    files = scan(LocalFolder(root), contract.tables).files
    others = [n for n in files if n not in managed and contract.tables[n].account is not None]
    return Held(rows, nameless, tuple(sorted(others)))


def erase_account(root: Path, account_id: str, held: Held, contract: Contract) -> None:
    """Removes the account's rows in one commit, and the files that held them at once.

    A query that is running on those files fails and can be asked again. Raises WriteRefused.
    """
    if not _managed(root):
        return
    with LakeWriter(root, contract) as writer:
        if held.rows:
            writer.commit({table: Delete(account_id) for table in held.rows})
        writer.sweep(grace=0)


def _managed(root: Path) -> Mapping[str, tuple[FileEntry, ...]]:
    manifest = read_manifest(root)
    return manifest.tables if manifest else {}
