"""How many accounts a query reaches, by kind of account, mode, and size of what it found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from headwater.evidence.errors import QueryRefused
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Scope

_LIMITS = Limits(rows=20_000, seconds=600.0)
_MAX_CHARACTERS = 20_000
# What a query need not return, and what stands for it.
_ABSENT: Mapping[str, exp.Expr] = {
    "mode": exp.Literal.string(""),
    "occurrences": exp.Literal.number(0),
    "strength": exp.Literal.number(0),
    "first_seen": exp.Null(),
    "last_seen": exp.Null(),
}


@dataclass(frozen=True, slots=True)
class AccountCount:
    """`accounts` of one kind ('direct' or 'connected') and mode whose sign is of this size.

    `often` and `strong` are half octaves of occurrences and of thousandths of the strength.
    Where the store lacks the table of accounts, every kind is 'direct'.
    """

    kind: str
    mode: str
    often: int
    strong: int
    accounts: int


def count_accounts(
    store: EvidenceStore,
    sql: str,
    *,
    purpose: Purpose,
    params: Mapping[str, datetime | str | int] | None = None,
    limits: Limits = _LIMITS,
    optional: frozenset[str] = frozenset(),
) -> list[AccountCount]:
    """The accounts in the rows of `sql` over every account, counted in one guarded query.

    `sql` returns account_id and may return mode, occurrences and strength. Raises what
    `EvidenceStore.query` raises.
    """
    result = store.query(
        counting(sql),
        purpose=purpose,
        scope=Scope(None),
        params=params,
        limits=limits,
        optional=optional | {"accounts"},
    )
    return [
        AccountCount(str(kind), str(mode), int(str(often)), int(str(strong)), int(str(n)))
        for kind, mode, often, strong, n in result.rows
    ]


def counting(sql: str) -> str:
    """The query that counts the accounts of `sql`, joined as trees. Raises QueryRefused."""
    return _around(sql, "reach.sql")


def counting_days(sql: str) -> str:
    """The query that counts the accounts of `sql` by first and last day. Raises QueryRefused."""
    return _around(sql, "reach_days.sql")


def listing_accounts(sql: str) -> str:
    """The query that lists the accounts of `sql`, the biggest first. Raises QueryRefused.

    It reads accounts and charges too, which may be absent.
    """
    return _around(sql, "reach_accounts.sql")


def _around(sql: str, outer: str) -> str:
    inner = _parsed(sql)
    returned = set(inner.named_selects)
    if "account_id" not in returned:
        raise QueryRefused(
            "Only a query that returns account_id can be counted by account.", param="sql"
        )
    tree = _outer(outer).copy()
    for column in list(tree.find_all(exp.Column)):
        if column.table == "m" and column.name in _ABSENT.keys() - returned:
            column.replace(_ABSENT[column.name].copy())
    place = next(table for table in tree.find_all(exp.Table) if table.name == "matches")
    place.replace(exp.Subquery(this=inner, alias=place.args["alias"]))
    return tree.sql("duckdb", comments=False)


@lru_cache(maxsize=4)
def _outer(name: str) -> exp.Expr:
    text = files("headwater.evidence").joinpath(name).read_text("utf-8")
    return sqlglot.parse_one(text, read="duckdb")


def _parsed(sql: str) -> exp.Query:
    """One SELECT; what it may be made of is the guard's to judge, on the whole."""
    if len(sql) > _MAX_CHARACTERS:
        raise QueryRefused(f"The query is longer than {_MAX_CHARACTERS} characters.")
    try:
        trees = [tree for tree in sqlglot.parse(sql, read="duckdb") if tree is not None]
    except (SqlglotError, RecursionError) as error:
        raise QueryRefused("The query cannot be read as SQL.", param="sql") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise QueryRefused("Exactly one SELECT statement is allowed.", param="sql")
    return trees[0]
