"""Optional tables that a store lacks: the playbook then runs as if they were empty. Pure."""

import re
from collections.abc import Iterable

from headwater.evidence.contract import ENGINE_TYPES, Contract

_WITH = re.compile(r"\A\s*(?:--[^\n]*\n\s*)*WITH\b", re.IGNORECASE)


def with_empty_tables(sql: str, tables: Iterable[str], contract: Contract) -> str:
    """`sql` with each of `tables` replaced by a common table expression without rows."""
    words = frozenset(re.findall(r"\w+", sql.lower()))
    empty = [_empty(name, contract, words) for name in sorted(tables)]
    if not empty:
        return sql
    opening = f"WITH {', '.join(empty)}"
    found = _WITH.match(sql)
    return f"{opening},{sql[found.end() :]}" if found else f"{opening}\n{sql.lstrip()}"


def _empty(name: str, contract: Contract, words: frozenset[str]) -> str:
    # Only columns that the query can mean: the guard bounds how long a query may be.
    picked = ", ".join(
        f"CAST(NULL AS {ENGINE_TYPES[kind]}) AS {column}"
        for column, kind in contract.tables[name].columns.items()
        if column in words
    )
    return f"{name} AS (SELECT {picked or 'NULL AS nothing'} WHERE false)"
