"""Whose case it probably is when nothing proves it: for a specialist, never for an answer.

Used where a person with access to everything asks about a mail. What is found may not be sent to
the sender before they are verified; the note says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from headwater.diagnosis.ids import by_table
from headwater.evidence.contract import load_contract
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Scope, TableState

_NAMED_DAYS = 90
_MAX_NAMED = 20
_UNPROVEN = "Nothing proves that the sender may know of this account; verify them before answering."
# Addresses there say nothing about who somebody works for.
_PUBLIC = frozenset(
    """
    aol.com fastmail.com free.fr gmail.com gmx.com gmx.de gmx.net googlemail.com hotmail.com
    icloud.com live.com mac.com mail.com mail.ru me.com msn.com orange.fr outlook.com pm.me
    proton.me protonmail.com qq.com t-online.de web.de yahoo.co.uk yahoo.com yandex.ru ymail.com
    zoho.com 163.com
    """.split()
)


@dataclass(frozen=True, slots=True)
class Guess:
    """The account, how it was found, and what to beware of."""

    account_id: str
    how: str
    note: str


class AccountGuesser:
    """Looks at all accounts of one evidence store."""

    def __init__(self, store: EvidenceStore, tables: Mapping[str, TableState]) -> None:
        self._store = store
        self._tables = tables

    def guess(
        self, address: str, named_ids: Sequence[str], received: datetime, purpose: Purpose
    ) -> Guess | None:
        """By the objects that the text names, else by the sender's domain; None when unclear."""
        owners = self._owners(named_ids[:_MAX_NAMED], received, purpose)
        if len(owners) == 1:
            return Guess(owners.pop(), "named ids", f"Found by the ids in the text. {_UNPROVEN}")
        if owners:
            return None
        colleagues = self._same_domain(address, purpose)
        if len(colleagues) != 1:
            return None
        return Guess(
            colleagues[0], "sender's domain", f"Found by the sender's mail domain. {_UNPROVEN}"
        )

    def _owners(self, ids: Sequence[str], received: datetime, purpose: Purpose) -> set[str]:
        owners: set[str] = set()
        for table_name, some in by_table(ids).items():
            state = self._tables.get(table_name)
            if state is None or not state.present:
                continue
            table = load_contract().tables[table_name]
            account = table.account or "account_id"
            params: dict[str, datetime | str | int] = {
                f"id{n}": each for n, each in enumerate(some)
            }
            where = f"id IN ({', '.join('$' + name for name in params)})"
            if table.window and table.time is not None:
                params["since"] = received - timedelta(days=_NAMED_DAYS)
                params["until"] = received + timedelta(days=1)
                where += f" AND {table.time} >= $since AND {table.time} < $until"
            rows = self._store.query(
                f"SELECT DISTINCT {account} FROM {table_name} WHERE {where} LIMIT 3",  # noqa: S608 (contract names)
                purpose=purpose,
                scope=Scope(None),
                params=params,
            ).rows
            owners |= {str(row[0]) for row in rows if row[0]}
        return owners

    def _same_domain(self, address: str, purpose: Purpose) -> list[str]:
        domain = address.rpartition("@")[2].lower()
        state = self._tables.get("accounts")
        if not domain or domain in _PUBLIC or state is None or not state.present:
            return []
        rows = self._store.query(
            "SELECT id FROM accounts WHERE lower(email) LIKE '%@' || $domain"
            " AND NOT coalesce(deleted, false) ORDER BY id",
            purpose=purpose,
            scope=Scope(None),
            limits=Limits(rows=2),
            params={"domain": domain},
        ).rows
        return [str(row[0]) for row in rows]
