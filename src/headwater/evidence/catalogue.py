"""What a lake really holds, held against the contract: one engine view per table present.

Runs inside the worker. Reads Parquet footers only.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from headwater.evidence import errors
from headwater.evidence.acted_on import with_acted_on
from headwater.evidence.barrier import behind_barrier
from headwater.evidence.contract import ENGINE_TYPES, Contract, Table
from headwater.evidence.lake import Lake
from headwater.evidence.spans import MANY, Spans, Window
from headwater.evidence.template import NONCE, Source
from headwater.evidence.types import TableState
from headwater.evidence.view_columns import ViewBroken, check_columns
from headwater.evidence.views import NO_VIEWS, View, Views, raw_view_of

# Engine types that serve as a contract type without a cast. A cast costs time on every row, so
# it is written only where the value would otherwise be another kind of thing.
_INTEGERS = frozenset("TINYINT SMALLINT INTEGER BIGINT UTINYINT USMALLINT UINTEGER".split())
_FITS = {
    "text": frozenset(["VARCHAR"]),
    "timestamp": frozenset(["TIMESTAMP"]),
    "date": frozenset(["DATE"]),
    "boolean": frozenset(["BOOLEAN"]),
    "integer": _INTEGERS,
    "bigint": _INTEGERS,
    "double": frozenset(["DOUBLE", "FLOAT"]),
}


def view_of(table: str) -> str:
    """The engine's name for a contract table; nobody can guess it."""
    return f"hw_{NONCE}_{table}"


# Views of a table's files for a stretch of time that are kept at once.
_MOST_NARROW = 500
_UNION = "union_by_name = true"
_NUMBERS = frozenset(
    "TINYINT SMALLINT INTEGER BIGINT HUGEINT UINTEGER UBIGINT FLOAT DOUBLE DECIMAL".split()
)


class Catalogue:
    """The views over one scan of a lake, built when a query first needs them."""

    def __init__(
        self, connection: Any, contract: Contract, lake: Lake, views: Views = NO_VIEWS
    ) -> None:
        self._connection = connection
        self._contract = contract
        self._lake = lake
        self._views = views.by_table
        self._broken = {Path(each.file).stem: each for each in views.problems}
        self._raw: set[str] = set()
        self._states: dict[str, TableState] = {}
        self._as_of: dict[str, datetime | None] = {}
        self._declared: dict[str, datetime] | None = None
        self._spans = Spans(connection)
        # By table, what its view is made with; only where all files have the same columns.
        self._parts: dict[str, tuple[str, str, str]] = {}
        self._narrow: dict[tuple[str, tuple[str, ...]], Source] = {}
        self._platforms: dict[tuple[str, ...], tuple[str, ...]] = {}

    def state(self, name: str) -> TableState:
        """The state of one table; its view exists afterwards if the table is present."""
        if name not in self._states:
            self._states[name] = self._build(self._contract.tables[name])
        return self._states[name]

    def source(self, name: str) -> Source:
        """The view of a present table, with all columns of the contract."""
        return Source(view_of(name), tuple(self._contract.tables[name].columns))

    def within(self, name: str, window: Callable[[], Window]) -> Source:
        """A view of the files that can hold rows of a stretch of time."""
        state, table = self.state(name), self._contract.tables[name]
        plain = table.time is not None and table.time not in (
            *state.missing_columns, *state.cast_columns, *state.derived_columns
        )  # fmt: skip
        if name not in self._parts or table.time is None or not plain:
            return self.source(name)
        every = self._lake.files[name]
        if len(every) < MANY:
            return self.source(name)
        files = self._spans.holding(every, table.time, window())
        if files == every:
            return self.source(name)
        if (name, files) not in self._narrow:
            if len(self._narrow) >= _MOST_NARROW:
                for each in self._narrow.values():
                    self._connection.execute(f"DROP VIEW {each.relation}")
                self._narrow.clear()
            self._narrow[name, files] = self._narrowed(name, files)
        return self._narrow[name, files]

    def _narrowed(self, name: str, files: tuple[str, ...]) -> Source:
        columns, options, join = self._parts[name]
        source = replace(self.source(name), relation=f"{view_of(name)}_{len(self._narrow)}")
        self._connection.execute(
            f"CREATE OR REPLACE VIEW {source.relation} AS SELECT {columns} "
            f"FROM {_read(files, options)} AS t{join}"
        )
        return source

    def bounded(self, name: str, accounts: tuple[str, ...] | None, source: Source) -> Source:
        """A view of the table with a barrier around the rows of `accounts`, where it names them."""
        account = self._contract.tables[name].account
        if accounts is None or account is None:
            return source
        state = self.state(name)
        plain = not state.view and account not in (*state.derived_columns, *state.cast_columns)
        rows = behind_barrier(source.relation, account, accounts, plain=plain)
        return replace(source, bounded=rows)

    def acted_on(self, name: str, accounts: tuple[str, ...] | None, source: Source) -> Source:
        """A view with the rows, too, that platforms left in the names of `accounts`."""
        table, state = self._contract.tables[name], self.state(name)
        if accounts is None or not table.acts_on or table.acts_on in state.missing_columns:
            return source
        platforms = self._platforms_of(accounts)
        if not platforms:
            return source
        return replace(source, bounded=with_acted_on(source.relation, table, accounts, platforms))

    def _platforms_of(self, accounts: tuple[str, ...]) -> tuple[str, ...]:
        """Whose sellers the accounts are; the accounts themselves are left out."""
        state = self.state("accounts")
        if not state.present or {"id", "parent_platform_id"} & set(state.missing_columns):
            return ()
        if accounts not in self._platforms:
            listed = ", ".join(map(_quoted, accounts)) or "NULL"
            rows = self._connection.execute(
                f"SELECT DISTINCT parent_platform_id FROM {view_of('accounts')} "
                f"WHERE id IN ({listed}) AND parent_platform_id IS NOT NULL ORDER BY 1"
            ).fetchall()
            found = tuple(str(row[0]) for row in rows if row[0] not in accounts)
            if len(self._platforms) >= _MOST_NARROW:
                self._platforms.clear()
            self._platforms[accounts] = found
        return self._platforms[accounts]

    def files(self, name: str) -> tuple[str, ...]:
        """The table's files."""
        view = self._views.get(name)
        names = sorted(view.reads) if view else [name]
        return tuple(path for each in names for path in self._lake.files.get(each, ()))

    def bytes_of(self, name: str) -> int:
        """How large the table's files are together."""
        view = self._views.get(name)
        return sum(self._lake.bytes_of.get(each, 0) for each in (view.reads if view else (name,)))

    def as_of(self, name: str) -> datetime | None:
        """The time that the table's data reaches to: as declared, else its latest row."""
        if name not in self._as_of:
            if self._declared is None:
                self._declared = self._read_declared()
            self._as_of[name] = self._declared.get(name) or self._latest(name)
        return self._as_of[name]

    def _build(self, table: Table) -> TableState:
        state = self._build_present(table)
        if not state.present:
            self._build_empty(table)
        return state

    def _build_empty(self, table: Table) -> None:
        """Stands for a table that a query may do without; others are refused before they run."""
        columns = ", ".join(
            f'CAST(NULL AS {ENGINE_TYPES[kind]}) AS "{name}"'
            for name, kind in table.columns.items()
        )
        self._connection.execute(
            f"CREATE OR REPLACE VIEW {view_of(table.name)} AS SELECT {columns} WHERE FALSE"
        )

    def _build_present(self, table: Table) -> TableState:
        files, view = self.files(table.name), self._views.get(table.name)
        if table.name in self._broken:
            problem = str(self._broken[table.name])
            return TableState(table.name, present=False, files=len(files), problem=problem)
        if not files:
            return TableState(table.name, present=False)
        if table.name in self._lake.both and not view:
            problem = f"both {table.name}.parquet and the folder {table.name}/ exist"
            return TableState(table.name, present=False, files=len(files), problem=problem)
        try:
            source, options = (self._mapped(view), "") if view else self._reading(table, files)
            stored = self._stored_types(source)
            if view:
                check_columns(view, table, stored)
            elif table.derive and table.account in stored and self._is_empty(table.account, files):
                del stored[table.account]  # written as a column, but never filled: derive it
            join = self._account_join(table, stored)
            expressions, missing, cast = self._expressions(table, stored, derived=bool(join))
            self._connection.execute(
                f"CREATE OR REPLACE VIEW {view_of(table.name)} AS "
                f"SELECT {', '.join(expressions)} FROM {source} AS t{join}"
            )
            if not view and _UNION not in options:
                self._parts[table.name] = (", ".join(expressions), options, join)
        except Exception as error:
            problem = str(error).replace(f"hw_{NONCE}_raw_", "").splitlines()[0]
            if view and not isinstance(error, ViewBroken):
                problem = f"{view.file}:1: {problem}"
            return TableState(table.name, present=False, files=len(files), problem=problem)
        return TableState(
            table.name,
            present=True,
            missing_columns=tuple(missing),
            files=len(files),
            cast_columns=tuple(cast),
            derived_columns=(table.account,) if join and table.account else (),
            view=view.file if view else None,
        )

    def _reading(self, table: Table, files: tuple[str, ...]) -> tuple[str, str]:
        """SQL that reads the table's files, and the options that it reads them with."""
        options = self._options(table, files)
        return _read(files, options), options

    def _mapped(self, view: View) -> str:
        """The company's SELECT over engine views of the files that it names."""
        for name in sorted(view.reads - self._raw):
            if name in self._lake.both:
                raise errors.StoreNotFound(
                    f"the lake has both {name}.parquet and the folder {name}/"
                )
            files = self._lake.files.get(name, ())
            if not files:
                raise errors.StoreNotFound(f"the lake's {name} holds no Parquet files")
            self._connection.execute(
                f'CREATE OR REPLACE VIEW "{raw_view_of(name)}" AS '
                f"SELECT * FROM {self._raw_source(files)}"
            )
            self._raw.add(name)
        return f"({view.sql})"

    def _raw_source(self, files: tuple[str, ...]) -> str:
        """A company's own files as they are; folders such as `day=2026-11-01` are columns too."""
        listed = ", ".join(map(_quoted, files))
        below = files[0][len(str(self._lake.root)) :].split("/")[:-1]
        hive = str(any("=" in part for part in below)).lower()
        union = len(files) > 1 and not self._same_schema(listed)
        options = f"binary_as_string = true, hive_partitioning = {hive}"
        return _read(files, f"{options}, {_UNION}" if union else options)

    def _options(self, table: Table, files: tuple[str, ...]) -> str:
        options = ["binary_as_string = true"]
        partitions = self._partitions(table, files)
        if partitions:
            kinds = ", ".join(f"{name}: {kind}" for name, kind in partitions.items())
            options += ["hive_partitioning = true", f"hive_types = {{{kinds}}}"]
        else:
            options.append("hive_partitioning = false")
        if len(files) > 1 and not self._same_schema(", ".join(map(_quoted, files))):
            options.append(_UNION)
        return ", ".join(options)

    def _partitions(self, table: Table, files: tuple[str, ...]) -> dict[str, str]:
        """Folders such as `livemode=true` that carry a contract column; others are ignored."""
        below = files[0][len(str(self._lake.root)) :].split("/")[:-1]
        names = [part.partition("=")[0] for part in below if "=" in part]
        if not any(name in table.columns for name in names):
            return {}
        return {name: ENGINE_TYPES[table.columns.get(name, "text")] for name in names}

    def _same_schema(self, listed: str) -> bool:
        rows = self._connection.execute(
            "SELECT count(DISTINCT s) FROM (SELECT list((name, type, converted_type, "
            "logical_type)) AS s FROM parquet_schema(["
            f"{listed}]) GROUP BY file_name)"
        ).fetchall()
        return bool(rows[0][0] == 1)

    def _stored_types(self, source: str) -> dict[str, str]:
        rows = self._connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        return {str(row[0]).lower(): str(row[1]) for row in rows}

    def _is_empty(self, column: str, files: tuple[str, ...]) -> bool:
        """Whether the footers say that a column holds nothing but NULL."""
        listed = ", ".join(map(_quoted, files))
        rows = self._connection.execute(
            "SELECT bool_and(coalesce(stats_null_count = num_values, false)) "
            f"FROM parquet_metadata([{listed}]) WHERE lower(path_in_schema) = {_quoted(column)}"
        ).fetchall()
        return bool(rows[0][0])

    def _expressions(
        self, table: Table, stored: dict[str, str], *, derived: bool
    ) -> tuple[list[str], list[str], list[str]]:
        expressions, missing, cast = [], [], []
        for name, kind in table.columns.items():
            target = ENGINE_TYPES[kind]
            if name not in stored:
                if derived and name == table.account:
                    expressions.append(f'parent.account_id AS "{name}"')
                    continue
                missing.append(name)
                expressions.append(f'CAST(NULL AS {target}) AS "{name}"')
            elif stored[name] in _FITS[kind]:
                expressions.append(f't."{name}"')
            else:
                cast.append(name)
                expressions.append(f'{_converted(name, stored[name], kind)} AS "{name}"')
        return expressions, missing, cast

    def _account_join(self, table: Table, stored: dict[str, str]) -> str:
        """The join that finds a missing account through the contract's `derive`, if it can."""
        derived = table.derived_from()
        if derived is None or table.account is None or table.account in stored:
            return ""
        own, parent, key = derived
        account = self._contract.tables[parent].account
        state = self.state(parent)
        if own not in stored or not state.present or account is None:
            return ""
        if not self.scopable(parent) or key in state.missing_columns:
            return ""
        return (
            f' LEFT JOIN (SELECT "{key}" AS key, "{account}" AS account_id '
            f'FROM {view_of(parent)}) AS parent ON t."{own}" = parent.key'
        )

    def scopable(self, name: str) -> bool:
        """Whether the table's rows can be told apart by account."""
        table, state = self._contract.tables[name], self.state(name)
        return table.account is None or table.account not in state.missing_columns

    def _read_declared(self) -> dict[str, datetime]:
        if not self.state("table_freshness").present:
            return {}
        rows = self._connection.execute(
            f"SELECT table_name, max(as_of) FROM {view_of('table_freshness')} "
            "WHERE as_of IS NOT NULL GROUP BY table_name"
        ).fetchall()
        return {str(name): moment for name, moment in rows}

    def _latest(self, name: str) -> datetime | None:
        """The largest time by the footers' statistics; by reading the column where they lack."""
        table, state = self._contract.tables[name], self.state(name)
        if not state.present or table.time is None or table.time in state.missing_columns:
            return None
        if name in self._views:
            return self._latest_read(name, table.time)
        listed = ", ".join(map(_quoted, self._lake.files[name]))
        rows = self._connection.execute(
            "SELECT max(TRY_CAST(TRY_CAST(stats_max_value AS TIMESTAMPTZ) AS TIMESTAMP)), "
            "count(*) FILTER (WHERE TRY_CAST(stats_max_value AS TIMESTAMPTZ) IS NULL "
            "AND row_group_num_rows > 0) "
            f"FROM parquet_metadata([{listed}]) "
            f"WHERE lower(path_in_schema) = {_quoted(table.time)}"
        ).fetchall()
        latest, without = rows[0]
        if latest is None or without:
            return self._latest_read(name, table.time)
        return latest if isinstance(latest, datetime) else None

    def _latest_read(self, name: str, time: str) -> datetime | None:
        query = f'SELECT max("{time}") FROM {view_of(name)}'
        latest = self._connection.execute(query).fetchall()[0][0]
        return latest if isinstance(latest, datetime) else None


def _converted(column: str, stored: str, kind: str) -> str:
    """A stored column as the contract's type. Raises nothing: the engine does, when it reads."""
    value = f't."{column}"'
    if kind == "timestamp" and stored.partition("(")[0] in _NUMBERS:
        # Times as numbers count from 1970 in UTC; their size tells seconds from milli and micro.
        whole = f"CAST({value} AS HUGEINT)"
        unit = (
            f"CASE WHEN abs({whole}) < 100000000000 THEN 1000000 "
            f"WHEN abs({whole}) < 100000000000000 THEN 1000 ELSE 1 END"
        )
        return f"make_timestamp(CAST({whole} * {unit} AS BIGINT))"
    if kind == "text" and (stored.endswith("]") or stored.startswith(("STRUCT", "MAP"))):
        # Playbooks read metadata and bodies as JSON, whatever a warehouse keeps them as.
        return f"CAST(to_json({value}) AS VARCHAR)"
    return f"CAST({value} AS {ENGINE_TYPES[kind]})"


def _read(files: tuple[str, ...], options: str) -> str:
    return f"read_parquet([{', '.join(map(_quoted, files))}], {options})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
