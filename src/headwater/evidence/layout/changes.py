"""What a commit does to a table. Rows come as Parquet files that the writer reads once."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Upsert:
    """Rows by the contract's key; the last of a key wins, also over a stored one."""

    source: Path


@dataclass(frozen=True, slots=True)
class Append:
    """Rows that are new by themselves, such as log lines; never compared with stored ones."""

    source: Path


@dataclass(frozen=True, slots=True)
class Replace:
    """The rows of all days that the source holds; a table without time is replaced whole."""

    source: Path


@dataclass(frozen=True, slots=True)
class Delete:
    """Removes the rows of one account."""

    account_id: str


@dataclass(frozen=True, slots=True)
class Expire:
    """Removes whole days before the ISO date `before`; tables without days keep all."""

    before: str


Change = Upsert | Append | Replace | Delete | Expire
