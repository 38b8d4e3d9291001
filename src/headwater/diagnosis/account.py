"""Whose rows a case may read: the sender's account first, then what the text names in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from headwater.diagnosis.guesses import AccountGuesser, Guess
from headwater.diagnosis.ids import by_table, ids_in
from headwater.diagnosis.values import CaseInput
from headwater.evidence.contract import Contract, load_contract
from headwater.evidence.types import EvidenceStore, Limits, Purpose, Scope, TableState
from headwater.kit.clock import as_naive_utc

MAX_CONNECTED = 50
MAX_SENDER_ACCOUNTS = 20
# Objects are often named long after they were made, request logs and events are kept this long.
_NAMED_DAYS = 90
_MAX_NAMED = 40


@dataclass(frozen=True, slots=True)
class Named:
    """An object that the text names and that belongs to the account; `linked` are its own ids."""

    object_id: str
    table: str
    account_id: str
    linked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reach:
    """The account of a case and the accounts whose rows may be read for it.

    `account_id` is None when the sender could not be tied to one; then `scope` is empty.
    `kinds` says of every account in scope whether it is direct or connected.
    """

    account_id: str | None
    how: str
    scope: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    named: tuple[Named, ...] = ()
    not_found: tuple[str, ...] = ()
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """What `searched.account` shows."""
        return {
            "id": self.account_id,
            "how": self.how,
            "note": self.note,
            "connected_accounts": sum(1 for each in self.scope if each != self.account_id),
            "named": [each.object_id for each in self.named],
            "named_not_found": list(self.not_found),
        }


class AccountResolver:
    """Finds the account of a case in one evidence store.

    With `guess`, an unknown sender's account is guessed for a specialist; see `guesses.py`.
    """

    def __init__(
        self,
        store: EvidenceStore,
        tables: Mapping[str, TableState],
        contract: Contract | None = None,
        *,
        guess: bool = False,
    ) -> None:
        self._store = store
        self._tables = tables
        self._contract = contract or load_contract()
        self._guesser = AccountGuesser(store, tables) if guess else None

    def resolve(self, case: CaseInput, purpose: Purpose) -> Reach:
        """The account of `case`. Ids in the text choose among the sender's own accounts only."""
        named_ids = ids_in(f"{case.subject}\n{case.body}")[:_MAX_NAMED]
        received = as_naive_utc(case.received_at)
        if case.account_id is None and not self._present("accounts"):
            return Reach(None, "unknown", note="The evidence has no accounts table.")
        if case.account_id is not None:
            return self._reach(case.account_id, "given", named_ids, received, purpose)
        own = self._accounts_of(case.from_email, purpose)
        guessed = self._guess(case, named_ids, received, purpose) if not own else None
        if guessed is not None:
            found = self._reach(guessed.account_id, guessed.how, named_ids, received, purpose)
            return replace(found, note=guessed.note)
        if not own:
            return Reach(
                None,
                "unknown",
                note="The sender's address is not the registered address of any account, "
                "so no account was looked at.",
            )
        if len(own) == 1:
            return self._reach(own[0], "sender", named_ids, received, purpose)
        chosen = self._choose(own, named_ids, received, purpose)
        if chosen is None:
            return Reach(
                None,
                "ambiguous",
                note=f"The sender's address is registered for {len(own)} accounts and the text "
                "does not say which one it is about.",
            )
        return self._reach(chosen, "sender and named ids", named_ids, received, purpose)

    def _guess(
        self, case: CaseInput, named_ids: Sequence[str], received: datetime, purpose: Purpose
    ) -> Guess | None:
        if self._guesser is None:
            return None
        text = f"{case.subject}\n{case.body}"
        return self._guesser.guess(case.from_email, text, named_ids, received, purpose)

    def _accounts_of(self, address: str, purpose: Purpose) -> list[str]:
        if not address:
            return []
        result = self._store.query(
            "SELECT id FROM accounts WHERE lower(email) = $email"
            " AND NOT coalesce(deleted, false) ORDER BY id",
            purpose=purpose,
            scope=Scope(None),
            limits=Limits(rows=MAX_SENDER_ACCOUNTS),
            params={"email": address.lower()},
        )
        return [str(row[0]) for row in result.rows]

    def _choose(
        self, own: Sequence[str], named_ids: Sequence[str], received: datetime, purpose: Purpose
    ) -> str | None:
        direct = [each for each in own if each in named_ids]
        if len(direct) == 1:
            return direct[0]
        found = {each.account_id for each in self._named(own, named_ids, received, purpose)}
        return found.pop() if len(found) == 1 else None

    def _reach(
        self,
        account_id: str,
        how: str,
        named_ids: Sequence[str],
        received: datetime,
        purpose: Purpose,
    ) -> Reach:
        family = self._family(account_id, purpose)
        if family is None:
            return Reach(None, how, note=f"There is no account {account_id} in the evidence.")
        kind, connected = family
        scope = self._scope(account_id, connected, named_ids)
        everyone = (account_id, *connected)
        named = self._named(everyone, named_ids, received, purpose) if named_ids else ()
        if len(scope) == 1 and connected:
            scope = tuple(dict.fromkeys([account_id, *(each.account_id for each in named)]))
        found = {each.object_id for each in named}
        return Reach(
            account_id=account_id,
            how=how,
            scope=scope,
            kinds={account_id: kind, **dict.fromkeys(connected, "connected")},
            named=named,
            not_found=tuple(each for each in named_ids if each not in found),
        )

    def _family(self, account_id: str, purpose: Purpose) -> tuple[str, tuple[str, ...]] | None:
        if not self._present("accounts"):
            return "direct", ()
        rows = self._store.query(
            "SELECT id, parent_platform_id FROM accounts"
            " WHERE id = $account OR parent_platform_id = $account ORDER BY id LIMIT 1000",
            purpose=purpose,
            scope=Scope(None),
            params={"account": account_id},
        ).rows
        parents = {str(row[0]): row[1] for row in rows}
        if account_id not in parents:
            return None
        kind = "direct" if parents[account_id] is None else "connected"
        return kind, tuple(each for each in parents if each != account_id)

    @staticmethod
    def _scope(
        account_id: str, connected: Sequence[str], named_ids: Sequence[str]
    ) -> tuple[str, ...]:
        by_name = [each for each in connected if each in named_ids]
        if by_name:
            return (account_id, *by_name)
        return (account_id, *connected) if len(connected) <= MAX_CONNECTED else (account_id,)

    def _named(
        self,
        accounts: Sequence[str],
        named_ids: Sequence[str],
        received: datetime,
        purpose: Purpose,
    ) -> tuple[Named, ...]:
        found: list[Named] = []
        for table, ids in by_table(named_ids).items():
            if self._present(table):
                found.extend(self._named_in(table, ids, accounts, received, purpose))
        order = {each: n for n, each in enumerate(named_ids)}
        return tuple(sorted(found, key=lambda each: (order[each.object_id], each.account_id)))

    def _named_in(
        self,
        table_name: str,
        ids: Sequence[str],
        accounts: Sequence[str],
        received: datetime,
        purpose: Purpose,
    ) -> list[Named]:
        table = self._contract.tables[table_name]
        account = "id" if table_name == "accounts" else "account_id"
        missing = set(self._tables[table_name].missing_columns)
        links = [
            column
            for column in table.columns
            if column.endswith("_id") and column not in {"id", "account_id", *missing}
        ]
        params: dict[str, datetime | str | int] = {f"id{n}": each for n, each in enumerate(ids)}
        where = f"id IN ({', '.join('$' + name for name in params)})"
        if table.window and table.time is not None:
            params["since"] = received - timedelta(days=_NAMED_DAYS)
            params["until"] = received + timedelta(days=1)
            where += f" AND {table.time} >= $since AND {table.time} < $until"
        picked = ", ".join(["id", f"{account} AS owner", *links])
        result = self._store.query(
            f"SELECT {picked} FROM {table_name} WHERE {where} LIMIT 200",  # noqa: S608 (contract names)
            purpose=purpose,
            scope=Scope(tuple(accounts)),
            params=params,
        )
        return [
            Named(
                object_id=str(row[0]),
                table=table_name,
                account_id=str(row[1]),
                linked=frozenset(str(value) for value in row[2:] if value),
            )
            for row in result.rows
        ]

    def _present(self, table: str) -> bool:
        state = self._tables.get(table)
        return state is not None and state.present
