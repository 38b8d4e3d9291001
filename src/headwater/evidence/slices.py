"""The rows of a few accounts, read once and kept in memory while many queries ask about them.

A diagnosis asks a hundred questions about one account, most of them of the same few tables.
Opening thirty daily files for each would cost more than answering. A pass is the set of queries
that will be asked with the same accounts and parameters; its slice of a table is an in-memory copy
of those rows, with the columns and the stretch of time that the queries of the pass can read.
Lives in the worker.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import duckdb

from headwater.evidence.catalogue import Catalogue
from headwater.evidence.contract import Contract
from headwater.evidence.necessity import Need
from headwater.evidence.spans import window_of
from headwater.evidence.template import NONCE, ParamValue, Source, Template, fill_slots, literal

MAX_ROWS = 1_000_000
# Over every account a slice saves a hundred scans, so it may be larger; memory bounds it as well.
MAX_ROWS_OF_ALL = 6_000_000
# A diagnosis that is looked at again, and the one before it.
_MAX_PASSES = 2

Accounts = tuple[str, ...] | None  # None means every account
Asked = tuple[Accounts, tuple[tuple[str, ParamValue], ...]]


@dataclass(slots=True)
class _Pass:
    templates: set[Template]
    sources: dict[str, Source] = field(default_factory=dict)
    barren: set[Need] = field(default_factory=set)


class Slices:
    """The slices over one catalogue; a new scan of the lake starts with none."""

    def __init__(self, connection: Any, contract: Contract, catalogue: Catalogue) -> None:
        self._connection = connection
        self._contract = contract
        self._catalogue = catalogue
        self._passes: OrderedDict[Asked, _Pass] = OrderedDict()
        self._made = 0

    def prepare(
        self,
        templates: Iterable[Template],
        accounts: Accounts,
        params: Mapping[str, ParamValue],
    ) -> None:
        """Makes the slices that `templates` read, unless the same pass was made before."""
        asked = _asked(accounts, params)
        wanted = {each for each in templates if each.sliceable and each.params <= params.keys()}
        held = self._passes.get(asked)
        if held is not None:
            self._passes.move_to_end(asked)
            if wanted <= held.templates:
                return
            self._drop(self._passes.pop(asked))
        made = self._passes[asked] = _Pass(wanted)
        while len(self._passes) > _MAX_PASSES:
            self._drop(self._passes.popitem(last=False)[1])
        for table in sorted({name for each in wanted for name in each.tables}):
            source = self._build(table, made.templates, accounts, params)
            if source is not None:
                made.sources[table] = source
        made.barren.update(self._barren(made, params))

    def sources(
        self, template: Template, accounts: Accounts, params: Mapping[str, ParamValue]
    ) -> Mapping[str, Source]:
        """Slices to read instead of views, by table; none for a query outside a pass."""
        held = self._passes.get(_asked(accounts, params))
        return held.sources if held is not None and template in held.templates else {}

    def fruitless(
        self, template: Template, accounts: Accounts, params: Mapping[str, ParamValue]
    ) -> bool:
        """Whether a query of a pass cannot have rows, so that it need not be planned and run."""
        held = self._passes.get(_asked(accounts, params))
        known = held is not None and template in held.templates
        return held is not None and known and not template.necessary.isdisjoint(held.barren)

    def clear(self) -> None:
        """Drops every slice."""
        while self._passes:
            self._drop(self._passes.popitem()[1])

    def _build(
        self,
        table: str,
        templates: Iterable[Template],
        accounts: Accounts,
        params: Mapping[str, ParamValue],
    ) -> Source | None:
        readers = [each for each in templates if table in each.tables]
        if not self._catalogue.state(table).present:
            return None
        if accounts is not None and not self._catalogue.scopable(table):
            return None
        wanted = {column for each in readers for name, column in each.needs if name == table}
        declared = self._contract.tables[table]
        columns = tuple(name for name in declared.columns if name in wanted)
        self._made += 1
        source = Source(f"hw_{NONCE}_slice{self._made}", columns)
        listed = ", ".join(f'"{name}"' for name in columns)
        tests = [_between(readers, table, declared.time, params)]
        if declared.account is not None and accounts is not None:
            tests.append(f'"{declared.account}" IN ({", ".join(map(literal, accounts)) or "NULL"})')
        where = " AND ".join(test for test in tests if test) or "TRUE"
        most = MAX_ROWS if accounts is not None else MAX_ROWS_OF_ALL
        bounds = [each.bounds.get(table) for each in readers]
        window = partial(window_of, self._connection, bounds, params)
        part = self._catalogue.within(table, window)
        part = self._catalogue.acted_on(table, accounts, part)
        try:
            self._connection.execute(
                f"CREATE TEMP TABLE {source.relation} AS SELECT {listed} "
                f"FROM {part.bounded or part.relation} "
                f"WHERE {where} LIMIT {most + 1}"
            )
        except duckdb.OutOfMemoryException:
            return None  # each query then reads the files itself
        counted = self._connection.execute(f"SELECT count(*) FROM {source.relation}").fetchall()
        if counted[0][0] > most:
            self._drop_source(source)
            return None
        return source

    def _barren(self, held: _Pass, params: Mapping[str, ParamValue]) -> Iterator[Need]:
        """The needs of the pass that no row fulfils, asked of each slice in one scan."""
        needs = {need for template in held.templates for need in template.necessary}
        for table in sorted({need.table for need in needs}):
            asked = sorted({n.condition for n in needs if n.table == table})
            source = held.sources.get(table)
            if source is None:
                if not self._catalogue.state(table).present:  # it stands empty
                    yield from (Need(table, condition) for condition in asked)
                continue
            for condition, found in zip(asked, self._found(source, asked, params), strict=True):
                if not found:
                    yield Need(table, condition)

    def _found(
        self, source: Source, conditions: list[str], params: Mapping[str, ParamValue]
    ) -> list[bool]:
        """Whether a row fulfils each condition; True where asking for it fails."""
        tests = [fill_slots(condition, params) or "TRUE" for condition in conditions]
        counts = ", ".join(f"count(*) FILTER (WHERE {test}) > 0" for test in tests)
        try:
            rows = self._connection.execute(f"SELECT {counts} FROM {source.relation}").fetchall()
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            if len(conditions) == 1:
                return [True]
            return [self._found(source, [each], params)[0] for each in conditions]
        return [bool(value) for value in rows[0]]

    def _drop(self, held: _Pass) -> None:
        for source in held.sources.values():
            self._drop_source(source)

    def _drop_source(self, source: Source) -> None:
        self._connection.execute(f"DROP TABLE IF EXISTS {source.relation}")


def _asked(accounts: Accounts, params: Mapping[str, ParamValue]) -> Asked:
    return accounts, tuple(sorted(params.items()))


def _between(
    readers: Iterable[Template], table: str, time: str | None, params: Mapping[str, ParamValue]
) -> str:
    """The condition that every row which any reader can see fulfils; "" where there is none."""
    bounds = [each.bounds.get(table) for each in readers]
    tests = []
    for sign, choice, sides in (
        (">=", "least", [each.lows if each else () for each in bounds]),
        ("<=", "greatest", [each.highs if each else () for each in bounds]),
    ):
        if all(sides):
            values = {fill_slots(text, params) for side in sides for text in side}
            listed = ", ".join(f"CAST({value} AS TIMESTAMP)" for value in sorted(values))
            tests.append(f'"{time}" {sign} {choice}({listed})')
    return " AND ".join(tests)
