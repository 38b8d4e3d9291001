"""Which columns a role does not see. Pure.

A masked column is masked where the table is read, so filters, joins, sorting, aggregates and the
engine's error messages meet the mask and never the value.
"""

from collections.abc import Mapping
from functools import lru_cache

from headwater.evidence.contract import ENGINE_TYPES, Table, load_contract
from headwater.evidence.types import Reader, Role

MASK = "[masked]"


def hidden_columns(table: Table, reader: Reader) -> frozenset[str]:
    """Columns of `table` that stand masked before `reader`.

    Secrets, anything like a key, for every person; personal data unless the person was given the
    right to see it; what is internal for the platform's own users. Playbooks see all, and the
    loader refuses those that would return what is internal.
    """
    if reader.role is Role.SYSTEM:
        return frozenset()
    hidden = table.secret
    if not reader.personal:
        hidden |= table.personal
    if reader.role is Role.PORTAL:
        hidden |= table.internal | table.personal
    return hidden - {table.account}


@lru_cache(maxsize=64)
def masks(reader: Reader) -> Mapping[str, Mapping[str, str]]:
    """For each table the engine's expression that stands for a masked column."""
    return {
        table.name: {
            column: f"'{MASK}'"
            if table.columns[column] == "text"
            else f"CAST(NULL AS {ENGINE_TYPES[table.columns[column]]})"
            for column in hidden_columns(table, reader)
        }
        for table in load_contract().tables.values()
    }
