"""The evidence contract as objects: which tables and columns playbooks and people may query."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any

from headwater.evidence.errors import ContractBroken

# Contract type -> the engine's type. Amounts are integers, JSON travels as text.
ENGINE_TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "boolean": "BOOLEAN",
    "integer": "INTEGER",
    "bigint": "BIGINT",
    "double": "DOUBLE",
}


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the contract. `references` maps a column to `other_table.column`.

    `personal`, `internal` and `secret` name columns by who may read them; `keep_days` is how many
    days a row is worth keeping, None as long as the platform keeps it.
    """

    name: str
    grain: str
    key: tuple[str, ...]
    columns: dict[str, str]
    time: str | None = None
    window: bool = True
    account: str | None = None
    derive: str | None = None
    # The account that a row concerns where another one acted in its name.
    acts_on: str | None = None
    references: dict[str, str] = field(default_factory=dict)
    personal: frozenset[str] = frozenset()
    internal: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()
    keep_days: int | None = None

    def derived_from(self) -> tuple[str, str, str] | None:
        """(own column, parent table, parent key) that lead to the account, if declared."""
        if self.derive is None:
            return None
        parent, _, key = self.references[self.derive].partition(".")
        return self.derive, parent, key


@dataclass(frozen=True, slots=True)
class Contract:
    """All tables by name."""

    tables: dict[str, Table]

    def nearest(self, name: str, among: Iterable[str] | None = None) -> str | None:
        """The known table (or one of `among`) whose name is most like `name`, if any is close."""
        known = list(self.tables if among is None else among)
        close = get_close_matches(name.lower(), known, n=1, cutoff=0.6)
        if close:
            return close[0]
        return next((k for k in known if name and (name.lower() in k or k in name.lower())), None)


@lru_cache(maxsize=1)
def load_contract() -> Contract:
    """The contract that ships with Headwater. Raises ContractBroken."""
    text = files("headwater.evidence").joinpath("contract.toml").read_text("utf-8")
    return parse_contract(text)


def parse_contract(text: str) -> Contract:
    """A contract from TOML text. Raises ContractBroken naming the table and what is wrong."""
    try:
        raw: dict[str, dict[str, Any]] = tomllib.loads(text)["tables"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise ContractBroken(f"The evidence contract cannot be read: {error}.") from error
    contract = Contract({name: _table(name, entry) for name, entry in raw.items()})
    for table in contract.tables.values():
        _check(table, contract)
    return contract


def _table(name: str, entry: dict[str, Any]) -> Table:
    return Table(
        name=name,
        grain=entry["grain"],
        key=tuple(entry.get("key", ())),
        columns=dict(entry["columns"]),
        time=entry.get("time"),
        window=entry.get("window", True),
        account=entry.get("account"),
        derive=entry.get("derive"),
        acts_on=entry.get("acts_on"),
        references=dict(entry.get("references", {})),
        personal=frozenset(entry.get("personal", ())),
        internal=frozenset(entry.get("internal", ())),
        secret=frozenset(entry.get("secret", ())),
        keep_days=entry.get("keep_days"),
    )


def _check(table: Table, contract: Contract) -> None:
    unknown_types = set(table.columns.values()) - ENGINE_TYPES.keys()
    if unknown_types:
        raise ContractBroken(f"Table {table.name} uses unknown types: {sorted(unknown_types)}.")
    named = {*table.key, *table.references, *table.personal, *table.internal, *table.secret}
    named |= {name for name in (table.time, table.account, table.derive, table.acts_on) if name}
    if missing := named - table.columns.keys():
        raise ContractBroken(f"Table {table.name} names columns it lacks: {sorted(missing)}.")
    if table.derive and table.derive not in table.references:
        raise ContractBroken(f"Table {table.name} derives from {table.derive}, not a reference.")
    if table.time and table.columns[table.time] not in ("timestamp", "date"):
        raise ContractBroken(f"Table {table.name}: its time {table.time} is no timestamp.")
    if table.keep_days is not None and not (table.time and table.keep_days > 0):
        raise ContractBroken(f"Table {table.name}: keep_days needs a time and a positive number.")
    _check_references(table, contract)


def _check_references(table: Table, contract: Contract) -> None:
    for column, target in table.references.items():
        other, _, key = target.partition(".")
        if other not in contract.tables or key not in contract.tables[other].columns:
            raise ContractBroken(f"Table {table.name}: {column} refers to unknown {target}.")
    derived = table.derived_from()
    if derived and contract.tables[derived[1]].account is None:
        raise ContractBroken(f"Table {table.name} derives from {derived[1]}, which has no account.")
