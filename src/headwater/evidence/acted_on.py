"""What a platform did in one of its sellers' names, as the seller's own. Pure.

A call that a platform makes for a seller is logged under the platform, with the seller in a column
of its own. Whose payment failed is the seller all the same. Only Headwater's own reading sees
such rows (a diagnosis); a person with a seller's scope reads nothing of the platform.
"""

from collections.abc import Sequence

from headwater.evidence.contract import Table
from headwater.evidence.template import literal


def with_acted_on(
    relation: str, table: Table, accounts: Sequence[str], platforms: Sequence[str]
) -> str:
    """The engine's relation with the rows of `accounts`, own and acted on by `platforms`."""
    mine, theirs = (", ".join(map(literal, names)) for names in (accounts, platforms))
    account, acts_on = f'"{table.account}"', f'"{table.acts_on}"'
    columns = [f'"{name}"' for name in table.columns]
    renamed = [f"{acts_on} AS {account}" if name == account else name for name in columns]
    own = f'SELECT {", ".join(columns)} FROM "{relation}" WHERE {account} IN ({mine})'  # noqa: S608
    acted = (
        f'SELECT {", ".join(renamed)} FROM "{relation}" '  # noqa: S608 (contract names, literals)
        f"WHERE {account} IN ({theirs}) AND {acts_on} IN ({mine})"
    )
    return f"({own} UNION ALL {acted}) AS s"
