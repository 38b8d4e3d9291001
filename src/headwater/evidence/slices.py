"""The rows of a few accounts, read once and kept in memory while many queries ask about them.

A diagnosis asks a hundred questions about one account, most of them of the same few tables.
Opening thirty daily files for each would cost more than answering. A pass is the set of queries
that will be asked with the same accounts and parameters; its slice of a table is an in-memory copy
of those rows, with the columns and the stretch of time that the queries of the pass can read. Where
an account has too many rows of a table, those are kept that a query with conditions can use; the
few queries that count everything read the files themselves. Lives in the worker.
"""

import math
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
_SAMPLE = 100_000
# A sample may mislead: so much of the room is given away by what it tells.
_ROOM = 0.5
# A diagnosis that is looked at again, and the one before it.
_MAX_PASSES = 2

Accounts = tuple[str, ...] | None  # None means every account
Asked = tuple[Accounts, tuple[tuple[str, ParamValue], ...]]


@dataclass(frozen=True, slots=True)
class _Sieve:
    """A row is kept that meets one of `conditions`; `queries` can use no other row."""

    conditions: frozenset[str] = frozenset()
    queries: frozenset[Template] = frozenset()


@dataclass(slots=True)
class _Pass:
    """`sources` hold every row of a table, `sieved` those that meet a condition of the sieve."""

    templates: set[Template]
    sources: dict[str, Source] = field(default_factory=dict)
    sieved: dict[str, tuple[Source, _Sieve]] = field(default_factory=dict)
    barren: set[Need] = field(default_factory=set)

    def for_query(self, template: Template) -> dict[str, Source]:
        """What this query of the pass reads in place of views."""
        sieved = {
            name: each for name, (each, sieve) in self.sieved.items() if template in sieve.queries
        }
        return self.sources | sieved

    def tells_of(self, need: Need, template: Template) -> bool:
        """Whether a need that no row here fulfils is fulfilled by no row that the query can use."""
        if need.table not in self.sieved:
            return True
        sieve = self.sieved[need.table][1]
        return template in sieve.queries or need.condition in sieve.conditions


@dataclass(frozen=True, slots=True)
class _Reading:
    """Rows of a relation, the columns to be copied, and how many rows at most."""

    relation: str
    where: str
    columns: tuple[str, ...]
    time: str | None
    most: int

    @property
    def rows(self) -> str:
        """What comes after FROM."""
        return f"{self.relation} WHERE {self.where}"


@dataclass(frozen=True, slots=True)
class _Copy:
    """Rows in memory: `held` of `total`."""

    source: Source
    held: int
    total: int

    @property
    def complete(self) -> bool:
        return self.held == self.total


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
            if self._catalogue.state(table).present and (
                accounts is None or self._catalogue.scopable(table)
            ):
                self._fill(made, table, accounts, params)
        made.barren.update(self._barren(made, params))

    def sources(
        self, template: Template, accounts: Accounts, params: Mapping[str, ParamValue]
    ) -> Mapping[str, Source]:
        """Slices to read instead of views, by table; none for a query outside a pass."""
        held = self._passes.get(_asked(accounts, params))
        return held.for_query(template) if held is not None and template in held.templates else {}

    def fruitless(
        self, template: Template, accounts: Accounts, params: Mapping[str, ParamValue]
    ) -> bool:
        """Whether a query of a pass cannot have rows, so that it need not be planned and run."""
        held = self._passes.get(_asked(accounts, params))
        if held is None or template not in held.templates:
            return False
        told = {need for need in template.necessary if held.tells_of(need, template)}
        return not told.isdisjoint(held.barren)

    def clear(self) -> None:
        """Drops every slice."""
        while self._passes:
            self._drop(self._passes.popitem()[1])

    def _fill(
        self, made: _Pass, table: str, accounts: Accounts, params: Mapping[str, ParamValue]
    ) -> None:
        """Copies the rows of a table, or where they are too many those that suit some queries."""
        readers = [each for each in made.templates if table in each.tables]
        reading = self._reading(table, readers, accounts, params)
        whole = self._sample_of_all(reading) if accounts is None else None
        whole = whole or self._copy(reading)
        if whole is None:
            return
        if whole.complete:
            made.sources[table] = whole.source
            return
        sieve = self._sieve(table, readers, whole, reading.most, params)
        self._drop_source(whole.source)
        if not sieve.conditions:
            return
        kept = (f"({fill_slots(each, params)})" for each in sorted(sieve.conditions))
        found = self._copy(reading, f"({' OR '.join(kept)})")
        if found is not None and found.complete:
            made.sieved[table] = found.source, sieve
        elif found is not None:
            self._drop_source(found.source)

    def _reading(
        self,
        table: str,
        readers: Collection[Template],
        accounts: Accounts,
        params: Mapping[str, ParamValue],
    ) -> _Reading:
        """Where the rows of the readers' stretch of time and of the accounts are."""
        declared = self._contract.tables[table]
        wanted = {column for each in readers for name, column in each.needs if name == table}
        columns = tuple(name for name in declared.columns if name in wanted)
        tests = [_between(readers, table, declared.time, params)]
        if declared.account is not None and accounts is not None:
            tests.append(f'"{declared.account}" IN ({", ".join(map(literal, accounts)) or "NULL"})')
        bounds = [each.bounds.get(table) for each in readers]
        part = self._catalogue.within(table, partial(window_of, self._connection, bounds, params))
        part = self._catalogue.acted_on(table, accounts, part)
        where = " AND ".join(test for test in tests if test) or "TRUE"
        most = MAX_ROWS if accounts is not None else MAX_ROWS_OF_ALL
        return _Reading(part.bounded or part.relation, where, columns, declared.time, most)

    def _sample_of_all(self, reading: _Reading) -> _Copy | None:
        """Some rows of every account, picked by their times; None where all of them have room."""
        total = self._one(f"SELECT count(*) FROM {reading.rows}")
        if total <= reading.most or reading.time is None:
            return None
        copied = self._copy(reading, f'hash("{reading.time}") % {total // _SAMPLE} = 0')
        return copied and replace(copied, total=total)

    def _copy(self, reading: _Reading, test: str = "TRUE") -> _Copy | None:
        """The rows that pass a test, as far as there is room; None where reading fails."""
        self._made += 1
        source = Source(f"hw_{NONCE}_slice{self._made}", reading.columns)
        listed = ", ".join(f'"{name}"' for name in reading.columns)
        rows = f"{reading.rows} AND {test}"
        try:
            self._connection.execute(
                f"CREATE TEMP TABLE {source.relation} AS "
                f"SELECT {listed} FROM {rows} LIMIT {reading.most + 1}"
            )
            held = self._one(f"SELECT count(*) FROM {source.relation}")
            total = self._one(f"SELECT count(*) FROM {rows}") if held > reading.most else held
        except duckdb.InterruptException:
            raise
        except duckdb.Error:  # too large, or a condition fails on a row that its query leaves out
            self._drop_source(source)
            return None  # each query then reads the files itself
        return _Copy(source, held, total)

    def _sieve(
        self,
        table: str,
        readers: Iterable[Template],
        sample: _Copy,
        most: int,
        params: Mapping[str, ParamValue],
    ) -> _Sieve:
        """For the queries that together use few enough rows, as far as a sample tells, and for the
        needs of the others; most of those then turn out not to be met."""
        readers = sorted(readers, key=lambda each: each.pieces)
        wishes = [(each.sieves[table], {each}) for each in readers if table in each.sieves]
        needs = {need for each in readers for need in each.necessary if need.table == table}
        wishes += [((need.condition,), set()) for need in sorted(needs) if need.condition]
        asked = sorted({one for conditions, _ in wishes for one in conditions})
        hits = self._hits(asked, sample, params)
        room = _ROOM * most * min(sample.held, _SAMPLE) / sample.total
        conditions: set[str] = set()
        queries: set[Template] = set()
        # Queries before needs, the sparing ones first.
        for wanted, of in sorted(
            wishes, key=lambda each: (not each[1], sum(hits[one] for one in each[0]))
        ):
            if sum(hits[one] for one in conditions.union(wanted)) <= room:
                conditions.update(wanted)
                queries |= of
        return _Sieve(frozenset(conditions), frozenset(queries))

    def _hits(
        self, conditions: Sequence[str], sample: _Copy, params: Mapping[str, ParamValue]
    ) -> dict[str, float]:
        """How many rows of a sample meet each condition; endless where asking fails."""
        tests = [fill_slots(each, params) for each in conditions]
        counts = ", ".join(f"count(*) FILTER (WHERE {test})" for test in tests) or "0"
        try:
            found = self._connection.execute(
                f"SELECT {counts} FROM (FROM {sample.source.relation} LIMIT {_SAMPLE})"
            )
            return dict(zip(conditions, found.fetchall()[0], strict=False))
        except duckdb.InterruptException:
            raise
        except duckdb.Error:
            return dict.fromkeys(conditions, math.inf)

    def _one(self, sql: str) -> int:
        return int(self._connection.execute(sql).fetchall()[0][0])

    def _barren(self, held: _Pass, params: Mapping[str, ParamValue]) -> Iterator[Need]:
        """The needs of the pass that no row fulfils, asked of each slice in one scan."""
        needs = {need for template in held.templates for need in template.necessary}
        for table in sorted({need.table for need in needs}):
            asked = sorted({n.condition for n in needs if n.table == table})
            source = held.sources.get(table) or held.sieved.get(table, (None, None))[0]
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
        sieved = (source for source, _ in held.sieved.values())
        for source in (*held.sources.values(), *sieved):
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
