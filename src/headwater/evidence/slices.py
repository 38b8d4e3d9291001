"""One account's rows of a table, read once and kept in memory while its queries run.

A diagnosis asks a dozen questions about one account, most of them of the same few tables. Reading
thirty daily files for each would cost more than answering. A slice is an in-memory table with the
scope's rows and the columns that known queries read; a query that needs more gets a new slice,
and an account with too many rows gets none. Lives in the worker.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from headwater.evidence.catalogue import Catalogue, view_of
from headwater.evidence.contract import Contract
from headwater.evidence.template import NONCE, Source, Template, literal

MAX_ROWS = 50_000
_MAX_SCOPES = 3
# Below this a table is read faster than it is copied.
_MIN_BYTES = 2_000_000

Accounts = tuple[str, ...]


class Slices:
    """The slices over one catalogue; a new scan of the lake starts with none."""

    def __init__(
        self,
        connection: Any,
        contract: Contract,
        catalogue: Catalogue,
        known: Callable[[], Iterable[Template]],
    ) -> None:
        self._connection = connection
        self._contract = contract
        self._catalogue = catalogue
        self._known = known
        self._scopes: OrderedDict[Accounts, dict[str, Source | None]] = OrderedDict()
        self._made = 0

    def sources(self, template: Template, accounts: Accounts | None) -> dict[str, Source]:
        """Slices to read instead of views, by table; builds those that are missing."""
        if accounts is None or not template.sliceable:
            return {}
        held = self._scopes.setdefault(accounts, {})
        self._scopes.move_to_end(accounts)
        while len(self._scopes) > _MAX_SCOPES:
            self._drop(self._scopes.popitem(last=False)[1].values())
        found = {}
        for table in template.tables:
            source = self._source(table, template, accounts, held)
            if source is not None:
                found[table] = source
        return found

    def clear(self) -> None:
        """Drops every slice."""
        for held in self._scopes.values():
            self._drop(held.values())
        self._scopes.clear()

    def _source(
        self, table: str, template: Template, accounts: Accounts, held: dict[str, Source | None]
    ) -> Source | None:
        needed = {column for name, column in template.needs if name == table}
        if table in held:
            source = held[table]
            if source is None or needed <= set(source.columns):
                return source
            self._drop([source])
        elif not self._worthwhile(table):
            return None
        held[table] = None  # stays so if the build fails
        held[table] = self._build(table, needed, accounts)
        return held[table]

    def _worthwhile(self, table: str) -> bool:
        if self._contract.tables[table].account is None:
            return False
        if self._catalogue.bytes_of(table) < _MIN_BYTES and len(self._catalogue.files(table)) < 4:
            return False
        uses = Counter[str]()
        for template in self._known():
            uses.update(template.references)
        return uses[table] > 1

    def _build(self, table: str, needed: set[str], accounts: Accounts) -> Source | None:
        wanted = set(needed)
        for template in self._known():
            wanted |= {column for name, column in template.needs if name == table}
        declared = self._contract.tables[table]
        columns = tuple(name for name in declared.columns if name in wanted)
        self._made += 1
        relation = f"hw_{NONCE}_slice{self._made}"
        listed = ", ".join(f'"{name}"' for name in columns)
        scope = ", ".join(map(literal, accounts)) or "NULL"
        self._connection.execute(
            f"CREATE TEMP TABLE {relation} AS SELECT {listed} FROM {view_of(table)} "
            f'WHERE "{declared.account}" IN ({scope}) LIMIT {MAX_ROWS + 1}'
        )
        source = Source(relation, columns)
        rows = self._connection.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0]
        if rows > MAX_ROWS:
            self._drop([source])
            return None
        return source

    def _drop(self, sources: Iterable[Source | None]) -> None:
        for source in sources:
            if source is not None:
                self._connection.execute(f"DROP TABLE IF EXISTS {source.relation}")
