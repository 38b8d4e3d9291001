"""What keeps a person's conditions away from rows outside their scope. Pure.

The engine may test a query's own condition before the scope's, wherever that looks cheaper: how
long it took, or that a value could not be converted, would then tell of another account's row.
"""

from collections.abc import Sequence

from headwater.evidence.template import literal

# Nothing is cut off by it, and no condition is moved beneath it.
_EVERYTHING = 9_223_372_036_854_775_807
# Beyond so many accounts one reading of the files with a fence is cheaper than one for each.
_READ_APART = 16


def behind_barrier(relation: str, account: str, accounts: Sequence[str], *, plain: bool) -> str:
    """The engine's relation with the rows of `accounts` only, chosen before all else.

    `plain` says that the account is a column of the files: one account's rows are then chosen as
    the files are read, with the files' statistics, and a condition on time reaches them too.
    """
    if plain and 0 < len(accounts) <= _READ_APART:
        each = (
            f'SELECT * FROM "{relation}" WHERE "{account}" = {literal(name)}'  # noqa: S608 (literal)
            for name in dict.fromkeys(accounts)
        )
        return f"({' UNION ALL '.join(each)}) AS s"
    listed = ", ".join(map(literal, accounts)) or "NULL"
    rows = f'SELECT * FROM "{relation}" WHERE "{account}" IN ({listed})'  # noqa: S608 (literals)
    return f"({rows} LIMIT {_EVERYTHING}) AS s"
