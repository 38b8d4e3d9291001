"""Which stored rows are one account's: those that name it, and those that lead to it.

A refund need not say whose it is when its charge does; the contract names that way (`derive`).
"""

from collections.abc import Mapping
from pathlib import Path

from headwater.evidence.contract import Contract
from headwater.evidence.layout.manifest import FileEntry


def condition(
    name: str,
    account_id: str,
    root: Path,
    managed: Mapping[str, tuple[FileEntry, ...]],
    contract: Contract,
) -> str:
    """SQL that is true for the rows of the table `name` which belong to the account."""
    table = contract.tables[name]
    if table.account is None:
        return "FALSE"
    own = f'"{table.account}" = {quoted(account_id)}'
    derived = table.derived_from()
    if derived is None or not managed.get(derived[1]):
        return own
    column, parent, key = derived
    theirs = condition(parent, account_id, root, managed, contract)
    ids = f'SELECT "{key}" FROM {stored(root, managed[parent])} WHERE {theirs}'  # noqa: S608
    return f'({own} OR ("{table.account}" IS NULL AND "{column}" IN ({ids})))'


def stored(root: Path, files: tuple[FileEntry, ...]) -> str:
    """The engine's relation over files of the lake."""
    listed = ", ".join(quoted(root / each.path) for each in files)
    return f"read_parquet([{listed}], hive_partitioning = false, union_by_name = true)"


def quoted(value: object) -> str:
    """A text literal."""
    return "'" + str(value).replace("'", "''") + "'"
