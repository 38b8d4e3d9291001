"""Whose case it probably is when nothing proves it: for a specialist, never for an answer.

Used where a person with access to everything asks about a mail. What is found may not be sent to
the sender before they are verified; the note says so.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from headwater.accounts.rules import PUBLIC_DOMAINS
from headwater.diagnosis.ids import by_table
from headwater.diagnosis.said import without_quotes
from headwater.evidence.contract import load_contract
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Scope, TableState

_NAMED_DAYS = 90
_MAX_NAMED = 20
_MAX_DOMAINS = 5
_MAX_TEXT = 8_000
# A shorter name is found by accident.
_SHORTEST_NAME = 6
_UNPROVEN = "Nothing proves that the sender may know of this account; verify them before answering."
_DOMAIN = re.compile(r"(?<![\w.-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}\b")
_BY_NAME = """
SELECT id, business_name FROM accounts
WHERE length(business_name) >= $shortest
  AND strpos($text, lower(business_name)) > 0
  AND NOT coalesce(deleted, FALSE)
ORDER BY length(business_name) DESC, id
"""


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
        self,
        address: str,
        text: str,
        named_ids: Sequence[str],
        received: datetime,
        purpose: Purpose,
    ) -> Guess | None:
        """By the objects that the text names, the sender's domain, a domain or a business that the
        text names, in this order; None when unclear."""
        owners = self._owners(named_ids[:_MAX_NAMED], received, purpose)
        if len(owners) == 1:
            return Guess(owners.pop(), "named ids", f"Found by the ids in the text. {_UNPROVEN}")
        if owners:
            return None
        if colleagues := self._same_domain(address.rpartition("@")[2].lower(), purpose):
            how, by, found = "sender's domain", "the sender's mail domain", colleagues
        elif there := self._of_domains_in(text, purpose):
            how, by, found = "named domain", "a domain in the text", there
        else:
            how, by, found = "named business", "a business in the text", self._named(text, purpose)
        if len(found) != 1:
            return None
        return Guess(found[0], how, f"Found by {by}. {_UNPROVEN}")

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

    def _of_domains_in(self, text: str, purpose: Purpose) -> list[str]:
        written = dict.fromkeys(_DOMAIN.findall(without_quotes(text)[:_MAX_TEXT].lower()))
        domains = [each.removeprefix("www.") for each in written][:_MAX_DOMAINS]
        return sorted({one for each in domains for one in self._same_domain(each, purpose)})

    def _named(self, text: str, purpose: Purpose) -> list[str]:
        """Accounts whose business the text names, but for names within a longer name."""
        own = without_quotes(text)[:_MAX_TEXT]
        if not self._present("accounts"):
            return []
        rows = self._store.query(
            _BY_NAME,
            purpose=purpose,
            scope=Scope(None),
            limits=Limits(rows=50),
            params={"text": own.lower(), "shortest": _SHORTEST_NAME},
        ).rows
        return _longest(own, ((str(name), str(one)) for one, name in rows))

    def _same_domain(self, domain: str, purpose: Purpose) -> list[str]:
        if not domain or domain in PUBLIC_DOMAINS or not self._present("accounts"):
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

    def _present(self, table: str) -> bool:
        state = self._tables.get(table)
        return state is not None and state.present


def _longest(text: str, named: Iterable[tuple[str, str]]) -> list[str]:
    """The accounts of names that stand in `text` as whole words, longest names first.

    A name of one word must be written with its capitals: it may be a word of the language.
    """
    taken: list[tuple[int, int]] = []
    found: dict[str, None] = {}
    for name, account_id in named:
        flags = re.IGNORECASE if " " in name.strip() else 0
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags):
            start, end = match.span()
            if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in taken):
                taken.append((start, end))
                found[account_id] = None
    return list(found)
